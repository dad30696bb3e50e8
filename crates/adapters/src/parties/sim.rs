//! Simulated parties, for drills and tests: they answer after a time, refuse, or stay silent. Every answer says that it is
//! simulated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::ports::{Clock, Parties, PartyAnswer, PartyError, PartyLook};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::capability::Effect;
use adjourn_domain::party::Party;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use serde_json::{Value, json};

/// How a simulated party behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// It agrees after this many seconds.
    Agrees(u64),
    /// It refuses after this many seconds.
    Refuses(u64),
    /// It never answers.
    Silent,
    /// The reply to the first message is lost after it arrived; then it agrees after this many seconds.
    LosesReply(u64),
}

#[derive(Debug, Clone)]
struct Letter {
    party: Party,
    at: Time,
    message: Hash,
    times: u32,
}

/// The parties, and the letters that they have got.
pub struct SimParties {
    clock: Arc<dyn Clock>,
    behaviour: BTreeMap<Party, Behaviour>,
    letters: Mutex<BTreeMap<String, Letter>>,
}

impl SimParties {
    /// Parties that behave so; others are not reachable.
    pub fn new(clock: Arc<dyn Clock>, behaviour: BTreeMap<Party, Behaviour>) -> Self {
        Self { clock, behaviour, letters: Mutex::default() }
    }

    /// How often each letter came, by key.
    pub fn received(&self) -> BTreeMap<String, u32> {
        let letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.iter().map(|(key, letter)| (key.clone(), letter.times)).collect()
    }
}

fn failed(effect: Effect, says: &str) -> PartyError {
    PartyError { code: "party.channel", effect, retry_s: None, says: says.to_owned() }
}

#[async_trait]
impl Parties for SimParties {
    fn reachable(&self) -> Vec<(Party, Option<u64>)> {
        self.behaviour.keys().map(|party| (*party, None)).collect()
    }

    async fn send(&self, party: Party, key: &str, message: &[u8]) -> Result<Value, PartyError> {
        let behaviour =
            self.behaviour.get(&party).ok_or_else(|| failed(Effect::NotApplied, "nobody is there"))?;
        let at = self.clock.now();
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        let letter = letters.entry(key.to_owned()).or_insert(Letter {
            party,
            at,
            message: Hash::of(message),
            times: 0,
        });
        if letter.message != Hash::of(message) || letter.party != party {
            return Err(failed(Effect::NotApplied, "another message came under this key"));
        }
        letter.times += 1;
        if matches!(behaviour, Behaviour::LosesReply(_)) && letter.times == 1 {
            return Err(failed(Effect::Unknown, "the reply was lost"));
        }
        Ok(json!({"simulated": true, "sha256": letter.message}))
    }

    async fn look(&self, party: Party, key: &str, message: &[u8]) -> Result<PartyLook, PartyError> {
        let letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(letter) = letters.get(key).filter(|letter| letter.party == party) else {
            return Ok(PartyLook::Lost);
        };
        let (accepted, after) = match self.behaviour.get(&party) {
            Some(Behaviour::Agrees(after) | Behaviour::LosesReply(after)) => (true, *after),
            Some(Behaviour::Refuses(after)) => (false, *after),
            Some(Behaviour::Silent) | None => return Ok(PartyLook::Silent),
        };
        if self.clock.now() < letter.at.plus_secs(after) || letter.message != Hash::of(message) {
            return Ok(PartyLook::Silent);
        }
        let number: String = letter.message.to_hex().chars().take(8).collect();
        let answer = PartyAnswer {
            adjourn: "party-answer/v1".to_owned(),
            key: key.to_owned(),
            message_sha256: letter.message,
            accepted,
            reference: format!("SIMULATED-{}-{number}", party.slug()),
            says: String::new(),
            simulated: true,
        };
        let bytes = canonical_json(&answer).map_err(|error| failed(Effect::Unknown, &error.to_string()))?;
        Ok(PartyLook::Answered { answer, bytes })
    }
}
