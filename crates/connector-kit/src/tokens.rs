//! Short-lived access tokens, kept by the host between calls.
//!
//! A connector keeps no state, and some platforms hand out a token for hours and count how often it is asked for. So
//! the host keeps one of these for each identity, in memory and nowhere else, and the connector finds it in its
//! context. What is lost with it costs one request.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use adjourn_domain::time::Time;

use crate::secret::Secret;

/// Most tokens that one identity has.
const MAX_TOKENS: usize = 8;

/// The tokens of one identity.
#[derive(Debug, Default)]
pub struct Tokens {
    kept: Mutex<BTreeMap<String, (Secret, Time)>>,
    forgetful: bool,
}

impl Tokens {
    /// Keeps nothing: every call has to get a token of its own. For tests that look at every request.
    pub fn forgetful() -> Self {
        Self { kept: Mutex::default(), forgetful: true }
    }

    /// The token of this name, unless its time is over.
    pub fn get(&self, name: &str, now: Time) -> Option<Secret> {
        self.lock().get(name).filter(|(_, until)| now < *until).map(|(token, _)| token.clone())
    }

    /// Keeps a token until its time is over.
    pub fn keep(&self, name: &str, token: &Secret, until: Time) {
        let mut kept = self.lock();
        if !self.forgetful && (kept.len() < MAX_TOKENS || kept.contains_key(name)) {
            kept.insert(name.to_owned(), (token.clone(), until));
        }
    }

    /// Forgets a token that the platform does not take any more.
    pub fn forget(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (Secret, Time)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_there_until_its_time_is_over_or_it_is_forgotten() {
        let tokens = Tokens::default();
        let at = Time::from_millis;
        tokens.keep("a", &Secret::new("t"), at(1_000));
        assert_eq!(tokens.get("a", at(999)), Some(Secret::new("t")));
        assert_eq!(tokens.get("a", at(1_000)), None);
        assert_eq!(tokens.get("b", at(0)), None);
        tokens.forget("a");
        assert_eq!(tokens.get("a", at(0)), None);
    }

    #[test]
    fn there_is_a_limit_and_a_forgetful_one_keeps_nothing() {
        let (tokens, none) = (Tokens::default(), Tokens::forgetful());
        let until = Time::from_millis(10);
        for n in 0..20 {
            tokens.keep(&n.to_string(), &Secret::new("t"), until);
            none.keep(&n.to_string(), &Secret::new("t"), until);
        }
        assert_eq!(tokens.lock().len(), MAX_TOKENS);
        assert_eq!(none.lock().len(), 0);
    }
}
