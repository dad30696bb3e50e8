//! Destroying the key of a group's pseudonyms (requirements C1, G11): two people sign for exactly this key and this copy. The group's own key, its journal
//! and its originals stay as they are.

use serde::{Deserialize, Serialize};

use crate::approval::DualAct;
use crate::canonical::Hash;
use crate::event::GroupEvent;
use crate::ids::{GroupId, PrincipalId};
use crate::refusal::Refusal;
use crate::run::GroupState;
use crate::time::Time;

/// The act that both people sign.
pub const ACT: &str = "pseudonyms.destroy";

/// What one of the two signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PseudonymsAct {
    /// The statement; its subject is [`subject`].
    pub statement: DualAct,
    /// Ed25519 signature over its canonical bytes, in hex.
    pub signature: String,
    /// Which key: an id from which nobody computes it.
    pub key: String,
    /// SHA-256 of the copy that was checked.
    pub copy: Hash,
}

/// What is signed for: a group's key of this id, after this copy was checked.
pub fn subject(group: &GroupId, key: &str, copy: Hash) -> String {
    format!("{group}/{key}/{copy}")
}

/// What a group's stream tells about the key of its pseudonyms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PseudonymsKey {
    /// Who asked to destroy it, for which copy, as long as that counts: a hold makes it void.
    pub asked: Option<PseudonymsAct>,
    /// When it was destroyed, and by whom.
    pub destroyed: Option<(Time, [PseudonymsAct; 2])>,
}

impl PseudonymsKey {
    /// Notes an event.
    pub(crate) fn note(&mut self, at: Time, event: &GroupEvent) {
        match event {
            GroupEvent::HoldAdded { .. } => self.asked = None,
            GroupEvent::PseudonymsAsked(act) => self.asked = Some((**act).clone()),
            GroupEvent::PseudonymsDestroyed(act) => {
                if let Some(asked) = self.asked.take() {
                    self.destroyed = Some((at, [asked, (**act).clone()]));
                }
            }
            _ => {}
        }
    }
}

impl GroupState {
    /// Asks to destroy the key of the pseudonyms, or, as the second person for the same key and copy, destroys it. The signature has been checked.
    ///
    /// # Errors
    /// `group.unknown`, `run.active`, `hold.active`; `approval.self` for the one who asked, `approval.signature` for another statement.
    pub fn decide_pseudonyms(&self, act: PseudonymsAct) -> Result<Vec<GroupEvent>, Refusal> {
        let by = |code| Refusal::new(code).with("principal", &act.statement.principal);
        if self.version == 0 {
            return Err(Refusal::new("group.unknown").with("group", &self.id));
        }
        if act.statement.act != ACT || act.statement.subject != subject(&self.id, &act.key, act.copy) {
            return Err(by("approval.signature"));
        }
        if self.running() {
            return Err(Refusal::new("run.active").with("group", &self.id));
        }
        self.refuse_under_hold()?;
        let same = |first: &&PseudonymsAct| first.statement.subject == act.statement.subject;
        let first: Option<&PrincipalId> =
            self.pseudonyms.asked.as_ref().filter(same).map(|first| &first.statement.principal);
        match first {
            None => Ok(vec![GroupEvent::PseudonymsAsked(Box::new(act))]),
            Some(first) if *first == act.statement.principal => Err(by("approval.self")),
            Some(_) => Ok(vec![GroupEvent::PseudonymsDestroyed(Box::new(act))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::HoldId;

    fn act(by: &str, copy: Hash) -> PseudonymsAct {
        let (group, key) = (GroupId("g-1".into()), "0a".to_owned());
        let statement = DualAct::new(ACT, &subject(&group, &key, copy), &by.into(), Time::from_millis(1));
        PseudonymsAct { statement, signature: String::new(), key, copy }
    }

    fn after(state: GroupState, events: &[GroupEvent]) -> GroupState {
        events.iter().fold(state, |state, event| state.evolve(Time::from_millis(2), event))
    }

    #[test]
    fn req_c1_two_people_sign_for_the_same_key_and_copy_and_a_hold_makes_the_first_void() {
        let (one, other) = (Hash::of(b"1"), Hash::of(b"2"));
        let new = GroupState::new(GroupId("g-1".into()));
        assert_eq!(new.decide_pseudonyms(act("p-1", one)).unwrap_err().code, "group.unknown");
        let seen = GroupState { version: 1, ..new };
        let asked = seen.decide_pseudonyms(act("p-1", one)).unwrap();
        let state = after(seen, &asked);
        assert_eq!(state.decide_pseudonyms(act("p-1", one)).unwrap_err().code, "approval.self");
        // Another copy is another matter: the first signature does not count for it.
        let elsewhere = state.decide_pseudonyms(act("p-2", other)).unwrap();
        assert!(matches!(elsewhere.as_slice(), [GroupEvent::PseudonymsAsked(_)]));
        let mut forged = act("p-2", one);
        forged.copy = other;
        assert_eq!(state.decide_pseudonyms(forged).unwrap_err().code, "approval.signature");
        let hold = GroupEvent::HoldAdded { hold: HoldId("h-1".into()), matter: "m".into(), by: "p-3".into() };
        let held = after(state.clone(), &[hold]);
        assert_eq!(held.decide_pseudonyms(act("p-2", one)).unwrap_err().code, "hold.active");
        assert_eq!(held.pseudonyms.asked, None);

        let done = state.decide_pseudonyms(act("p-2", one)).unwrap();
        let state = after(state, &done);
        let (at, acts) = state.pseudonyms.destroyed.unwrap();
        assert_eq!((at, acts), (Time::from_millis(2), [act("p-1", one), act("p-2", one)]));
    }
}
