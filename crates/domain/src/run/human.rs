//! The guided human step: what the platform's own dialog asks of the person is recorded as facts of the step, and what can be
//! checked is checked.

use std::collections::BTreeMap;

use crate::capability::{ACCEPTED_ONLY, Effect, Support, TOLD_BY_PERSON};
use crate::event::EvidenceRef;
use crate::plan::{GroupPlan, Step, StepOp};
use crate::refusal::Refusal;
use crate::run::{Phase, Run, StepRun, StepState};

/// Longest reason of somebody who can't do a step, in characters.
pub(super) const MAX_REASON: usize = 2000;
/// Longest name or value of a factor, in characters.
const MAX_FACTOR: usize = 200;
/// Most factors of one step.
const MAX_FACTORS: usize = 10;

/// Checks the second confirmation against what the plan's step asks for (`confirm`).
///
/// `type_name` wants the group's name, exactly, as `typed_name`; `qr_phone` wants `qr_scanned` and `phone_confirmed`;
/// `super_admin` and `handover` want `approved_by`. A step that asks for nothing takes whatever was given.
///
/// # Errors
/// `step.confirm` names what is missing or wrong.
pub(super) fn confirmed(
    step: &Step,
    part: &GroupPlan,
    factors: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let wrong =
        |factor: &str| Err(Refusal::new("step.confirm").with("step", &step.id).with("factor", factor));
    let long = |text: &String| text.chars().count() > MAX_FACTOR;
    if factors.len() > MAX_FACTORS || factors.iter().any(|(name, value)| long(name) || long(value)) {
        return wrong("length");
    }
    let given = |name: &str| factors.get(name).is_some_and(|value| !value.trim().is_empty());
    let needed: &[&str] = match step.text("confirm") {
        Some("type_name") => {
            let typed = factors.get("typed_name").map(|name| name.trim());
            return if typed == Some(part.name.trim()) { Ok(()) } else { wrong("typed_name") };
        }
        Some("qr_phone") => &["qr_scanned", "phone_confirmed"],
        Some("super_admin" | "handover") => &["approved_by"],
        _ => &[],
    };
    match needed.iter().find(|name| !given(name)) {
        Some(missing) => wrong(missing),
        None => Ok(()),
    }
}

/// A history that a person took out is handed in, or it was not taken out: nothing else can tell.
///
/// # Errors
/// `step.evidence` when nothing was handed in.
pub(super) fn shown(step: &Step, state: &StepRun, evidence: &[EvidenceRef]) -> Result<(), Refusal> {
    let by_hand = step.op == StepOp::Export && step.support == Support::Assisted;
    if by_hand && state.state == StepState::Person && evidence.is_empty() {
        return Err(Refusal::new("step.evidence").with("step", &step.id));
    }
    Ok(())
}

impl Run {
    /// What a person is asked to do for a step, as the code of a note; empty where nothing is known but the step. Who takes an end back is asked
    /// for something else than who ends.
    pub fn asks<'a>(&self, step: &'a Step) -> &'a str {
        match step.op {
            StepOp::Dissolve if self.phase == Phase::Undoing && self.rebuild => "person-rebuild",
            StepOp::Dissolve if self.phase == Phase::Undoing => {
                step.text("restore_note").unwrap_or("person-restore")
            }
            _ => step.text("fallback").unwrap_or(&step.note),
        }
    }
}

/// Whether people's word is all that there will ever be of a step. Nothing irreversible rests on it.
pub(super) fn only_told(step: &Step) -> bool {
    let by_hand = step.support == Support::Assisted && step.proof == TOLD_BY_PERSON;
    (by_hand || step.proof == ACCEPTED_ONLY) && !step.op.irreversible()
}

/// How many different people must say that a step is done. `shown` is whether one of them handed something in.
pub(super) fn people_needed(step: &Step, part: &GroupPlan, shown: bool) -> usize {
    match step.op.irreversible() {
        true => part.policy.human_people as usize,
        false if only_told(step) && !shown => 2,
        false => 1,
    }
}

/// Whether a step is taken as done on people's word: they have given it, and the look at the platform says that nobody can
/// ever tell.
pub(super) fn taken(
    step: &Step,
    part: &GroupPlan,
    state: &StepRun,
    effect: Effect,
    again: Option<u64>,
) -> bool {
    let human = &state.human;
    let enough = human.done_by.len() >= people_needed(step, part, human.shown).max(1);
    let unknowable = effect == Effect::Unknown && again.is_none();
    unknowable && only_told(step) && enough && human.cant.is_none() && !state.undoing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::Hash;
    use crate::capability::{EffectClass, Reversible};
    use crate::run::Human;

    #[test]
    fn a_history_that_a_person_took_out_is_handed_in_or_the_step_stays_open() {
        let step = |op, support| Step {
            id: "02-export".to_owned(),
            op,
            symbol: '#',
            support,
            note: String::new(),
            reversible: Reversible::Harmless,
            proof: "export-checked".to_owned(),
            class: EffectClass::P,
            params: BTreeMap::new(),
        };
        let at = |state| StepRun {
            state,
            attempts: 0,
            memo: serde_json::Value::Null,
            error: None,
            heartbeat: None,
            undoing: false,
            human: Human::default(),
        };
        let by_hand = step(StepOp::Export, Support::Assisted);
        let file = EvidenceRef::new("export.csv", Hash::of(b"rows"), 4);
        assert_eq!(shown(&by_hand, &at(StepState::Person), &[]).unwrap_err().code, "step.evidence");
        shown(&by_hand, &at(StepState::Person), &[file]).unwrap();
        // What is accepted afterwards is the gap, and a step of ours only wants its way cleared.
        shown(&by_hand, &at(StepState::Done), &[]).unwrap();
        shown(&step(StepOp::Export, Support::Native), &at(StepState::Person), &[]).unwrap();
    }
}
