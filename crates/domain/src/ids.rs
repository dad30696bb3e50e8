//! Ids are distinct string types. Ours carry a prefix that says what they name and hold nothing of the
//! thing itself; a platform's own ids ([`NativeId`]) are opaque and only its connector parses them.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id!(
    /// A group under governance, `g-…`. Derived from the platform's id with a secret key, so that it
    /// tells nothing once that key is gone.
    GroupId
);
id!(
    /// One request to end one or several groups, `c-…`.
    CaseId
);
id!(
    /// The making of a new group, `n-…`, from the wish on.
    CreationId
);
id!(
    /// A person or service of ours, `p-…`: the start of the SHA-256 of the public key.
    PrincipalId
);
id!(
    /// A service token, `t-…`. It is not the token, and opens nothing.
    TokenId
);
id!(
    /// A role lent to somebody for a time, `d-…`.
    DelegationId
);
id!(
    /// A stream of the journal: a [`GroupId`], a [`CaseId`], or `org` for principals and connections.
    StreamId
);
id!(
    /// The platform's own id of a group, account, link or message. Opaque.
    NativeId
);
id!(
    /// A configured connection, named by the operator.
    ConnectionId
);
id!(
    /// An account that a connection can look through, named by the operator.
    IdentityId
);
id!(
    /// A platform, lower case: `wechat`, `matrix`.
    PlatformId
);
id!(
    /// An owner of groups as a ledger names them, `o-…`: derived from name and contact with a secret key.
    OwnerId
);
id!(
    /// A hold, `h-…`.
    HoldId
);
id!(
    /// A member's reaction to the end of a group, `r-…`.
    ReactionId
);

impl From<&GroupId> for StreamId {
    fn from(id: &GroupId) -> Self {
        Self(id.0.clone())
    }
}

impl From<&CaseId> for StreamId {
    fn from(id: &CaseId) -> Self {
        Self(id.0.clone())
    }
}

impl StreamId {
    /// The stream of the organisation: principals and connections.
    pub fn org() -> Self {
        Self("org".to_owned())
    }

    /// The group whose stream this is.
    pub fn group(&self) -> Option<GroupId> {
        self.0.starts_with("g-").then(|| GroupId(self.0.clone()))
    }

    /// The case whose stream this is.
    pub fn case(&self) -> Option<CaseId> {
        self.0.starts_with("c-").then(|| CaseId(self.0.clone()))
    }
}
