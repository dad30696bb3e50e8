//! Service tokens: what a script may do in its principal's name. A scope takes away; it never gives what the principal's role lacks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PrincipalId, TokenId};
use crate::time::Time;

/// What a token may be used for. None of them has another one in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at everything that changes nothing.
    Read,
    /// Look at platforms afresh, keep the register, draw plans and hand them to the reviewers.
    Plan,
    /// Approve, reject, confirm.
    Review,
    /// Apply, pause, resume, undo, say that a human step can't be done.
    Run,
    /// Holds and audits.
    Records,
    /// People and tokens.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Read, Self::Plan, Self::Review, Self::Run, Self::Records, Self::Admin];

    /// The slug, as in JSON and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Review => "review",
            Self::Run => "run",
            Self::Records => "records",
            Self::Admin => "admin",
        }
    }

    /// The scope with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.slug() == slug)
    }
}

/// A token, as far as anybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceToken {
    /// Its name in lists and in the journal.
    pub id: TokenId,
    /// In whose name it acts.
    pub principal: PrincipalId,
    /// What it is for, in their words.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// From when on it opens nothing; `None` for until somebody takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Time>,
}

impl ServiceToken {
    /// Whether its time is not over at `now`.
    pub fn runs(&self, now: Time) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }

    /// Whether it gives nothing that `other` does not give, and for no longer.
    pub fn within(&self, other: &Self) -> bool {
        let longer = match (self.ends, other.ends) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(mine), Some(theirs)) => mine > theirs,
        };
        !longer && self.scopes.is_subset(&other.scopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_within_another_when_it_gives_no_more_and_for_no_longer() {
        let at = |millis| Some(Time::from_millis(millis));
        let token = |scopes: &[Scope], ends| ServiceToken {
            id: "t-1".into(),
            principal: "p-1".into(),
            name: String::new(),
            scopes: scopes.iter().copied().collect(),
            ends,
        };
        let wide = token(&[Scope::Read, Scope::Admin], at(10));
        assert!(token(&[Scope::Read], at(10)).within(&wide));
        assert!(token(&[Scope::Read], None).within(&token(&[Scope::Read], None)));
        assert!(!token(&[Scope::Read], None).within(&wide));
        assert!(!token(&[Scope::Read], at(11)).within(&wide));
        assert!(!token(&[Scope::Review], at(1)).within(&wide));
        assert!(wide.runs(Time::from_millis(9)) && !wide.runs(Time::from_millis(10)));
    }

    #[test]
    fn a_slug_is_what_json_says() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.slug());
            assert_eq!(Scope::from_slug(scope.slug()), Some(scope));
        }
    }
}
