//! A group as it was seen on its platform: by which identity, when, with whom and what on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ConnectionId, IdentityId, NativeId, PlatformId};
use crate::time::Time;

/// What kind of group it is. The kind decides the way (requirement G3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An ordinary group.
    #[default]
    Ordinary,
    /// A group of an organisation.
    Enterprise,
    /// A class or school group.
    Education,
    /// A group in which things are sold.
    Trading,
    /// A group with customers from outside.
    ExternalCustomer,
}

impl Kind {
    /// The kind's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Enterprise => "enterprise",
            Self::Education => "education",
            Self::Trading => "trading",
            Self::ExternalCustomer => "external_customer",
        }
    }
}

/// A member's standing in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Owns the group.
    Owner,
    /// Administers it.
    Admin,
    /// A plain member.
    Member,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The platform's account id.
    pub id: NativeId,
    /// Display name; empty when the platform shows none.
    pub name: String,
    /// Standing in the group.
    pub standing: Standing,
    /// Whether the account is a bot, as far as the platform or our configuration says.
    pub bot: bool,
}

/// What kind of thing hangs on the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A bot account.
    Bot,
    /// An app or widget.
    App,
    /// A mini-program.
    MiniProgram,
    /// An incoming or outgoing webhook.
    Webhook,
    /// A bridge to another platform.
    Bridge,
    /// Something that holds money.
    Payment,
}

impl LinkKind {
    /// The kind's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::App => "app",
            Self::MiniProgram => "mini_program",
            Self::Webhook => "webhook",
            Self::Bridge => "bridge",
            Self::Payment => "payment",
        }
    }
}

/// A bot, app, webhook, bridge, payment or store that hangs on a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The platform's id of the link.
    pub id: NativeId,
    /// Its kind.
    pub kind: LinkKind,
    /// Its name, for people.
    pub name: String,
    /// Whether it is the connection's own bot, which is unlinked last.
    pub own: bool,
}

/// When somebody last did something in the group. Unknown is not idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// At this time.
    At(Time),
    /// The platform does not tell.
    #[default]
    Unknown,
}

/// A group as one identity saw it at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The platform.
    pub platform: PlatformId,
    /// The connection that saw it.
    pub connection: ConnectionId,
    /// The platform's id of the group.
    pub native: NativeId,
    /// The group's name; `None` when it has none.
    pub name: Option<String>,
    /// An alias by which people find it.
    pub alias: Option<String>,
    /// Its kind.
    #[serde(default)]
    pub kind: Kind,
    /// Account ids of the owners, sorted. Empty means ownerless, unless [`Self::owner_unknown`].
    pub owners: Vec<NativeId>,
    /// The members, sorted by id.
    pub members: Vec<Member>,
    /// What hangs on it, sorted by id.
    pub links: Vec<Link>,
    /// Whether its messages are end-to-end encrypted.
    pub encrypted: bool,
    /// Last activity.
    #[serde(default)]
    pub activity: Activity,
    /// Number of messages or events, where the platform tells.
    pub events: Option<u64>,
    /// Facts in the platform's own words (room version, join rule).
    #[serde(default)]
    pub details: BTreeMap<String, String>,
    /// The identity that looked.
    pub seen_by: IdentityId,
    /// When it looked.
    pub seen_at: Time,
}

impl Snapshot {
    /// The name for people: the name, else the alias, else the platform's id.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.alias.as_deref()).unwrap_or(self.native.as_str())
    }

    /// Whether nobody has told who owns the group, which is not the same as nobody owning it.
    pub fn owner_unknown(&self) -> bool {
        self.owners.is_empty() && self.details.get("owner").is_some_and(|told| told == "unknown")
    }

    /// Whether nobody has told who is in the group.
    pub fn members_unknown(&self) -> bool {
        self.details.get("members").is_some_and(|told| told == "unknown")
    }

    /// Puts owners, members and links into their order, so that equal groups are equal values.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.owners.sort();
        self.members.sort();
        self.links.sort();
        self
    }
}
