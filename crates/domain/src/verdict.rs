//! From signals to a verdict. Unknown is a state of its own: it is neither gone nor done.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::IdentityId;
use crate::time::Time;

/// Where a step's memo keeps what a read-back found in place of the end.
const READING: &str = "reading";

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Verified gone.
    Gone,
    /// Gone from a list only.
    Hidden,
    /// Read-only, kept.
    Archived,
    /// One identity left; the group lives.
    LeftOnly,
    /// An empty shell is left.
    Emptied,
    /// The platform keeps it.
    KeptByPlatform,
    /// It was gone and came back.
    Reappeared,
    /// It is still there, as it was.
    StillThere,
    /// Nobody can say.
    Unknown,
}

impl Verdict {
    /// Whether it is an end that may be taken for a dissolve and is none.
    pub fn is_near(self) -> bool {
        matches!(self, Self::Hidden | Self::Archived | Self::LeftOnly | Self::Emptied | Self::KeptByPlatform)
    }

    /// What is remembered of a step, with this verdict as what was found when it was read back.
    pub fn noted_in(self, memo: &Value) -> Value {
        let mut noted = memo.as_object().cloned().unwrap_or_default();
        noted.insert(READING.to_owned(), Value::from(self.slug()));
        Value::Object(noted)
    }

    /// The verdict that was noted so, as a slug.
    pub fn noted(memo: &Value) -> Option<&str> {
        memo.get(READING)?.as_str()
    }

    /// The verdict's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Hidden => "hidden",
            Self::Archived => "archived",
            Self::LeftOnly => "left_only",
            Self::Emptied => "emptied",
            Self::KeptByPlatform => "kept_by_platform",
            Self::Reappeared => "reappeared",
            Self::StillThere => "still_there",
            Self::Unknown => "unknown",
        }
    }
}

/// What one signal says about the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// It does not exist.
    Gone,
    /// It is there, with members.
    Present,
    /// It is there, without members.
    Empty,
    /// It is there, read-only.
    Archived,
    /// It is not shown to this identity.
    Hidden,
    /// This identity is no longer in it, which tells nothing about the group.
    NotIn,
    /// The platform keeps it on purpose.
    Kept,
    /// The signal could not be read, or proves nothing.
    Nothing,
}

impl Says {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Present => "present",
            Self::Empty => "empty",
            Self::Archived => "archived",
            Self::Hidden => "hidden",
            Self::NotIn => "not_in",
            Self::Kept => "kept",
            Self::Nothing => "nothing",
        }
    }
}

/// One observation by one identity through one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The identity that looked.
    pub identity: IdentityId,
    /// Whether that identity is a witness: one that did not dissolve.
    pub witness: bool,
    /// Slug of the question: `room.details`, `event.known`.
    pub question: String,
    /// What the answer says.
    pub says: Says,
    /// Whether the platform's documents call this answer proof.
    pub proof: bool,
    /// The answer in short, without texts or names (`404 M_NOT_FOUND`).
    pub answer: String,
}

/// All signals of one look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Number of the probe, from 0.
    pub n: u32,
    /// When it was taken.
    pub at: Time,
    /// What was seen.
    pub signals: Vec<Signal>,
    /// What they say together.
    pub reading: Verdict,
}

impl Probe {
    /// Whether nothing at all could be read: such a probe extends the observation and never counts as gone.
    pub fn missed(&self) -> bool {
        self.signals.iter().all(|signal| signal.says == Says::Nothing)
    }
}

/// What the signals of one probe say together.
///
/// `gone` needs two proving signals of one witness, or one of a witness and one of another identity, and
/// nothing that speaks against it. Signals that contradict each other are `unknown`.
pub fn read(signals: &[Signal]) -> Verdict {
    let said = |says: Says| signals.iter().any(|signal| signal.proof && signal.says == says);
    let proving_gone = signals.iter().filter(|signal| signal.proof && signal.says == Says::Gone);
    let alive = [Says::Present, Says::Empty, Says::Archived, Says::Kept].into_iter().any(&said);
    let gone = said(Says::Gone);
    if gone && alive {
        return Verdict::Unknown;
    }
    if gone {
        let witnesses = proving_gone.clone().filter(|signal| signal.witness).count();
        return if witnesses >= 1 && proving_gone.count() >= 2 { Verdict::Gone } else { Verdict::Unknown };
    }
    if said(Says::Present) {
        // The actor is out, a witness still sees the group: a leave, not a dissolve.
        let actor_out = signals.iter().any(|signal| !signal.witness && signal.says == Says::NotIn);
        return if actor_out { Verdict::LeftOnly } else { Verdict::StillThere };
    }
    for (says, verdict) in [
        (Says::Kept, Verdict::KeptByPlatform),
        (Says::Archived, Verdict::Archived),
        (Says::Empty, Verdict::Emptied),
        (Says::Hidden, Verdict::Hidden),
    ] {
        if said(says) {
            return verdict;
        }
    }
    Verdict::Unknown
}

/// The verdict over a whole observation.
///
/// `gone` only when every probe reads gone; a group that was gone and is seen again has `reappeared`; else the
/// last probe decides. Missed probes are left out (the observation was extended for them); when the last one
/// was missed the verdict is `unknown`.
pub fn judge(all: &[Probe]) -> Verdict {
    let probes: Vec<&Probe> = all.iter().filter(|probe| !probe.missed()).collect();
    let Some(last) = probes.last() else { return Verdict::Unknown };
    if all.last().is_some_and(Probe::missed) {
        return Verdict::Unknown;
    }
    if probes.iter().all(|probe| probe.reading == Verdict::Gone) {
        return Verdict::Gone;
    }
    let seen_again = |verdict| !matches!(verdict, Verdict::Gone | Verdict::Unknown);
    if let Some(first_gone) = probes.iter().position(|probe| probe.reading == Verdict::Gone)
        && probes.iter().skip(first_gone).any(|probe| seen_again(probe.reading))
    {
        return Verdict::Reappeared;
    }
    if last.reading == Verdict::Gone { Verdict::Unknown } else { last.reading }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(witness: bool, says: Says, proof: bool) -> Signal {
        Signal {
            identity: if witness { "witness" } else { "main" }.into(),
            witness,
            question: "q".to_owned(),
            says,
            proof,
            answer: String::new(),
        }
    }

    fn probe(n: u32, reading: Verdict) -> Probe {
        Probe { n, at: Time::default(), signals: vec![signal(true, Says::Gone, true)], reading }
    }

    #[test]
    fn gone_needs_a_witness_and_two_proving_signals() {
        let main = signal(false, Says::Gone, true);
        let witness = signal(true, Says::Gone, true);
        assert_eq!(read(&[main.clone(), main.clone()]), Verdict::Unknown);
        assert_eq!(read(std::slice::from_ref(&witness)), Verdict::Unknown);
        assert_eq!(read(&[witness.clone(), main]), Verdict::Gone);
        assert_eq!(read(&[witness.clone(), signal(true, Says::Gone, false)]), Verdict::Unknown);
        assert_eq!(read(&[witness.clone(), witness]), Verdict::Gone);
    }

    #[test]
    fn a_contradiction_is_unknown_and_a_former_members_refusal_proves_nothing() {
        let gone = signal(true, Says::Gone, true);
        assert_eq!(read(&[gone.clone(), gone, signal(true, Says::Present, true)]), Verdict::Unknown);
        assert_eq!(read(&[signal(false, Says::NotIn, false)]), Verdict::Unknown);
        assert_eq!(read(&[]), Verdict::Unknown);
    }

    #[test]
    fn leaving_is_told_from_dissolving_by_the_witness() {
        let out = signal(false, Says::NotIn, false);
        assert_eq!(read(&[out.clone(), signal(true, Says::Present, true)]), Verdict::LeftOnly);
        assert_eq!(read(&[signal(true, Says::Present, true)]), Verdict::StillThere);
        assert_eq!(read(&[out, signal(true, Says::Empty, true)]), Verdict::Emptied);
    }

    #[test]
    fn an_observation_is_gone_only_if_every_probe_is() {
        assert_eq!(judge(&[]), Verdict::Unknown);
        assert_eq!(judge(&[probe(0, Verdict::Gone), probe(1, Verdict::Gone)]), Verdict::Gone);
        assert_eq!(judge(&[probe(0, Verdict::Unknown), probe(1, Verdict::Gone)]), Verdict::Unknown);
        assert_eq!(judge(&[probe(0, Verdict::Gone), probe(1, Verdict::StillThere)]), Verdict::Reappeared);
        assert_eq!(judge(&[probe(0, Verdict::Gone), probe(1, Verdict::Unknown)]), Verdict::Unknown);
        assert_eq!(judge(&[probe(0, Verdict::Emptied)]), Verdict::Emptied);
        let missed =
            Probe { signals: vec![signal(true, Says::Nothing, false)], ..probe(1, Verdict::Unknown) };
        assert_eq!(judge(&[probe(0, Verdict::Gone), missed.clone(), probe(2, Verdict::Gone)]), Verdict::Gone);
        assert_eq!(judge(&[probe(0, Verdict::Gone), missed]), Verdict::Unknown);
    }
}
