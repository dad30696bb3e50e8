//! Instructions: what the centre tells an outpost near a platform to change, and questions: what it asks it to read, both as
//! signed envelopes ([`crate::envelope`]).
//!
//! An instruction binds the call to the approved plan, the run's step, the attempt and the fencing number of the worker; it
//! expires and is used once. Within a run an outpost goes one way: forward through the steps of one plan, then, when the run is
//! taken back, backward. A question changes nothing: it expires, and is bound to its outpost and to what is asked.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash};
use crate::capability::Op;
use crate::envelope::{self, Broken, CheckSignature};
use crate::ids::{CaseId, GroupId};
use crate::time::Time;

/// The payload type of an instruction's envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.adjourn.instruction+json";
/// The first field of an instruction.
pub const VERSION: &str = "instruction/v2";
/// The payload type of a question's envelope.
pub const QUESTION_TYPE: &str = "application/vnd.adjourn.question+json";
/// The first field of a question.
pub const QUESTION_VERSION: &str = "question/v1";
/// How far two clocks may be apart, in seconds.
pub const SKEW_S: u64 = 60;
/// How long an instruction may be valid, in seconds: longer ones are refused, since every outpost has to remember nonces
/// for that long.
pub const MAX_VALID_S: u64 = 900;
/// Length of a nonce in hex digits.
pub const NONCE_DIGITS: usize = 32;

/// Under what a changing call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The case.
    pub case: CaseId,
    /// The approved plan.
    pub plan_hash: Hash,
    /// The group, by our id.
    pub group: GroupId,
    /// The plan's step.
    pub step: String,
    /// The step's place in the plan, from 0.
    #[serde(default)]
    pub place: u32,
    /// Whether the step is taken back.
    #[serde(default)]
    pub undo: bool,
    /// The attempt, from 1.
    pub attempt: u32,
    /// Fencing number of the worker's lease.
    pub fence: u64,
}

/// The payload of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Always [`VERSION`].
    pub adjourn: String,
    /// Name of the outpost that is to act.
    pub to: String,
    /// Under what.
    pub under: Authority,
    /// The operation.
    pub op: Op,
    /// SHA-256 of the call's bytes, as they come beside it.
    pub body_sha256: Hash,
    /// When it was made.
    pub issued_at: Time,
    /// When it stops being valid.
    pub expires_at: Time,
    /// 16 random bytes in hex; used once.
    pub nonce: String,
}

impl Instruction {
    /// An instruction for `valid_s` seconds from `now`.
    pub fn new(
        to: &str,
        under: Authority,
        op: Op,
        body: &[u8],
        now: Time,
        valid_s: u64,
        nonce: &[u8; 16],
    ) -> Self {
        Self {
            adjourn: VERSION.to_owned(),
            to: to.to_owned(),
            under,
            op,
            body_sha256: Hash::of(body),
            issued_at: now,
            expires_at: now.plus_secs(valid_s.min(MAX_VALID_S)),
            nonce: crate::canonical::hex(nonce),
        }
    }

    /// The envelope's bytes, signed by `sign` with the key named `keyid`.
    ///
    /// # Errors
    /// Never for an instruction of ours: none of its values lacks a canonical form.
    pub fn seal(&self, keyid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, CanonicalError> {
        envelope::seal(PAYLOAD_TYPE, self, keyid, sign)
    }

    /// Until when an outpost remembers the nonce.
    pub fn remembered_until(&self) -> Time {
        self.expires_at.plus_secs(SKEW_S)
    }
}

/// The payload of a question: what only reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Always [`QUESTION_VERSION`].
    pub adjourn: String,
    /// Name of the outpost that is asked.
    pub to: String,
    /// SHA-256 of what is asked, as it comes beside it.
    pub body_sha256: Hash,
    /// When it was made.
    pub issued_at: Time,
    /// When it stops being valid.
    pub expires_at: Time,
    /// 16 random bytes in hex: the answer is bound to them.
    pub nonce: String,
}

impl Question {
    /// A question for `valid_s` seconds from `now`.
    pub fn new(to: &str, body: &[u8], now: Time, valid_s: u64, nonce: &[u8; 16]) -> Self {
        Self {
            adjourn: QUESTION_VERSION.to_owned(),
            to: to.to_owned(),
            body_sha256: Hash::of(body),
            issued_at: now,
            expires_at: now.plus_secs(valid_s.min(MAX_VALID_S)),
            nonce: crate::canonical::hex(nonce),
        }
    }

    /// The envelope's bytes, signed by `sign` with the key named `keyid`.
    ///
    /// # Errors
    /// Never for a question of ours.
    pub fn seal(&self, keyid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, CanonicalError> {
        envelope::seal(QUESTION_TYPE, self, keyid, sign)
    }
}

/// Why an instruction or a question is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refused {
    /// No key that the outpost trusts signed it.
    Forged,
    /// It is not what was signed.
    Altered,
    /// It is for another outpost.
    NotForMe,
    /// Its time is over.
    Expired {
        /// The centre's clock when it was made.
        there: Time,
        /// When it stopped being valid.
        until: Time,
        /// The outpost's clock.
        here: Time,
    },
    /// It comes from the future: the clocks are apart.
    Early {
        /// The centre's clock when it was made.
        there: Time,
        /// The outpost's clock.
        here: Time,
    },
    /// It was used before.
    Replayed,
    /// A newer worker has given instructions since.
    Stale {
        /// Its fencing number.
        fence: u64,
        /// The highest one that the outpost has seen.
        seen: u64,
    },
    /// The outpost has obeyed another plan for this run.
    WrongPlan {
        /// The instruction's plan.
        plan: Hash,
        /// The plan that was obeyed.
        obeyed: Hash,
    },
    /// The run is past this step.
    Behind {
        /// The step's place in the plan.
        place: u32,
        /// The place of the step that was obeyed last.
        obeyed: u32,
    },
}

impl Refused {
    /// The reason's slug.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Altered => "altered",
            Self::NotForMe => "not_for_me",
            Self::Expired { .. } => "expired",
            Self::Early { .. } => "early",
            Self::Replayed => "replayed",
            Self::Stale { .. } => "stale",
            Self::WrongPlan { .. } => "wrong_plan",
            Self::Behind { .. } => "behind",
        }
    }

    /// The error slug.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forged => "instruction.forged",
            Self::Altered => "instruction.altered",
            Self::NotForMe => "instruction.not_for_me",
            Self::Expired { .. } => "instruction.expired",
            Self::Early { .. } => "instruction.early",
            Self::Replayed => "instruction.replayed",
            Self::Stale { .. } => "instruction.stale",
            Self::WrongPlan { .. } => "instruction.wrong_plan",
            Self::Behind { .. } => "instruction.behind",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { there, until, here } => {
                write!(f, "made at {there}, valid until {until}, here it is {here}")
            }
            Self::Early { there, here } => write!(f, "made at {there}, here it is {here}"),
            Self::Stale { fence, seen } => write!(f, "fence {fence}, seen {seen}"),
            Self::WrongPlan { plan, obeyed } => write!(f, "plan {plan}, obeyed {obeyed}"),
            Self::Behind { place, obeyed } => write!(f, "step {place}, obeyed {obeyed}"),
            _ => f.write_str(self.slug()),
        }
    }
}

impl From<Broken> for Refused {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::UnknownKey => Self::Forged,
            Broken::Altered => Self::Altered,
        }
    }
}

/// How far an outpost has gone in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obeyed {
    /// The plan.
    pub plan_hash: Hash,
    /// Place of the step that was obeyed last.
    pub place: u32,
    /// Whether it was taken back.
    pub undo: bool,
}

impl Obeyed {
    /// What is against going on with this instruction.
    fn against(&self, next: &Authority) -> Option<Refused> {
        if next.plan_hash != self.plan_hash {
            return Some(Refused::WrongPlan { plan: next.plan_hash, obeyed: self.plan_hash });
        }
        let behind = match (self.undo, next.undo) {
            (false, false) => next.place < self.place,
            (false, true) => false,
            (true, false) => true,
            (true, true) => next.place > self.place,
        };
        behind.then_some(Refused::Behind { place: next.place, obeyed: self.place })
    }
}

/// What an outpost knows when an envelope arrives.
pub struct Standing<'a> {
    /// Its own name.
    pub name: &'a str,
    /// Its clock.
    pub now: Time,
    /// Checks a signature.
    pub signed: &'a CheckSignature<'a>,
}

/// What an outpost has obeyed.
pub struct Past<'a> {
    /// Highest fencing number.
    pub last_fence: u64,
    /// Whether a nonce was used before.
    pub seen: &'a dyn Fn(&str) -> bool,
    /// How far the run of an instruction has gone.
    pub obeyed: &'a dyn Fn(&Authority) -> Option<Obeyed>,
}

/// Checks an instruction and the body that came with it. Whoever obeys has to write it down before.
///
/// # Errors
/// The first reason against it. Nothing in an envelope is believed before its signature holds.
pub fn check(
    envelope: &[u8],
    body: &[u8],
    at: &Standing<'_>,
    past: &Past<'_>,
) -> Result<Instruction, Refused> {
    let found: Instruction = envelope::open(envelope, PAYLOAD_TYPE, at.signed)?;
    let made = Made {
        ours: found.adjourn == VERSION && found.nonce.len() == NONCE_DIGITS,
        to: &found.to,
        body_sha256: found.body_sha256,
        issued_at: found.issued_at,
        expires_at: found.expires_at,
    };
    made.check(body, at)?;
    if (past.seen)(&found.nonce) {
        return Err(Refused::Replayed);
    }
    // A group is made on a person's word: no worker and no lease is behind it.
    if found.under.fence < past.last_fence && found.op != Op::Create {
        return Err(Refused::Stale { fence: found.under.fence, seen: past.last_fence });
    }
    match (past.obeyed)(&found.under).and_then(|obeyed| obeyed.against(&found.under)) {
        Some(why) => Err(why),
        None => Ok(found),
    }
}

/// Checks a question and the body that came with it.
///
/// # Errors
/// The first reason against it.
pub fn check_question(envelope: &[u8], body: &[u8], at: &Standing<'_>) -> Result<Question, Refused> {
    let found: Question = envelope::open(envelope, QUESTION_TYPE, at.signed)?;
    let made = Made {
        ours: found.adjourn == QUESTION_VERSION && found.nonce.len() == NONCE_DIGITS,
        to: &found.to,
        body_sha256: found.body_sha256,
        issued_at: found.issued_at,
        expires_at: found.expires_at,
    };
    made.check(body, at)?;
    Ok(found)
}

/// What every envelope of the centre says.
struct Made<'a> {
    ours: bool,
    to: &'a str,
    body_sha256: Hash,
    issued_at: Time,
    expires_at: Time,
}

impl Made<'_> {
    fn check(&self, body: &[u8], at: &Standing<'_>) -> Result<(), Refused> {
        if !self.ours || self.body_sha256 != Hash::of(body) {
            return Err(Refused::Altered);
        }
        if self.to != at.name {
            return Err(Refused::NotForMe);
        }
        if at.now.plus_secs(SKEW_S) < self.issued_at {
            return Err(Refused::Early { there: self.issued_at, here: at.now });
        }
        // Whoever was given a longer life than the rules allow would outlive the memory of its nonce.
        let until = self.expires_at.min(self.issued_at.plus_secs(MAX_VALID_S));
        if until.plus_secs(SKEW_S) <= at.now {
            return Err(Refused::Expired { there: self.issued_at, until, here: at.now });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(place: u32, undo: bool) -> Authority {
        Authority {
            case: "c-1".into(),
            plan_hash: Hash::of(b"plan"),
            group: "g-1".into(),
            step: "s".to_owned(),
            place,
            undo,
            attempt: 1,
            fence: 1,
        }
    }

    #[test]
    fn req_g6_a_run_goes_forward_through_one_plan_and_then_back() {
        let at = |place, undo| Obeyed { plan_hash: Hash::of(b"plan"), place, undo };
        let behind = |place, obeyed| Some(Refused::Behind { place, obeyed });
        // Again, because the read-back said that it came to nothing, and on.
        assert_eq!(at(3, false).against(&under(3, false)), None);
        assert_eq!(at(3, false).against(&under(5, false)), None);
        assert_eq!(at(3, false).against(&under(2, false)), behind(2, 3));
        // Taken back, from wherever it was.
        assert_eq!(at(3, false).against(&under(3, true)), None);
        assert_eq!(at(3, false).against(&under(1, true)), None);
        assert_eq!(at(3, true).against(&under(3, true)), None);
        assert_eq!(at(3, true).against(&under(1, true)), None);
        assert_eq!(at(1, true).against(&under(3, true)), behind(3, 1));
        assert_eq!(at(1, true).against(&under(4, false)), behind(4, 1));
        let other = Authority { plan_hash: Hash::of(b"other"), ..under(4, false) };
        let why = Refused::WrongPlan { plan: Hash::of(b"other"), obeyed: Hash::of(b"plan") };
        assert_eq!(at(3, false).against(&other), Some(why));
    }
}
