//! Wishes about a group, turned into events or refused.

use std::collections::BTreeMap;

use serde_json::Value;

use super::kinds::{self, React};
use super::{Action, GroupState, Phase, Run, StepState, UpkeepCommand, due, guard, human};
use crate::approval::DualAct;
use crate::call::Heard;
use crate::canonical::Hash;
use crate::capability::Effect;
use crate::case::{CaseState, CaseStatus};
use crate::event::{Ending, EvidenceRef, GroupEvent, Receipt};
use crate::group::Snapshot;
use crate::ids::{CaseId, HoldId, IdentityId, PrincipalId};
use crate::party::Answer;
use crate::plan::{GroupPlan, Note, StepOp};
use crate::quota::Quota;
use crate::refusal::Refusal;
use crate::register::{LEDGER, Registration};
use crate::time::Time;
use crate::upload::Upload;
use crate::verdict::{Probe, Signal, read};

/// Words of the platform that are kept of one group, at most.
const MAX_HEARD: usize = 100;

/// A wish about a group, or something that the worker found out.
#[derive(Debug, Clone)]
pub enum RunCommand {
    /// The group was seen.
    See {
        /// What was seen.
        snapshot: Box<Snapshot>,
        /// Its class.
        class: String,
    },
    /// A ledger names it.
    Register {
        /// The group as the ledger has it.
        snapshot: Box<Snapshot>,
        /// Its class.
        class: String,
        /// Its owner.
        registration: Box<Registration>,
    },
    /// What the register owes to it: a successor, a renewal.
    Upkeep(UpkeepCommand),
    /// The platform told an identity something by itself. Its origin has been checked.
    Hear {
        /// The identity.
        identity: IdentityId,
        /// What it was told.
        heard: Box<Heard>,
    },
    /// Put a hold on it.
    AddHold {
        /// The hold.
        hold: HoldId,
        /// The matter, in words.
        matter: String,
        /// Who.
        by: PrincipalId,
    },
    /// Ask to lift a hold, or, as a second person, lift it. The signature has been checked.
    LiftHold {
        /// The hold.
        hold: HoldId,
        /// Signed statement.
        statement: DualAct,
        /// Signature in hex.
        signature: String,
    },
    /// Keep the group's part of a plan.
    KeepPart {
        /// The case.
        case: CaseId,
        /// Hash of the whole plan.
        plan_hash: Hash,
        /// Why, in words.
        reason: String,
        /// The part.
        part: Box<GroupPlan>,
    },
    /// Begin the run.
    Start {
        /// The case.
        case: CaseId,
        /// The plan.
        plan_hash: Hash,
    },
    /// Write the intent of the step that is due.
    Intend,
    /// A call returned.
    Returned {
        /// The step.
        step: String,
        /// What is known about the effect.
        effect: Effect,
        /// Error slug.
        error: Option<String>,
        /// Earliest next attempt, in seconds.
        retry_s: Option<u64>,
        /// What to remember.
        memo: Value,
    },
    /// A read-back returned.
    Found {
        /// The step.
        step: String,
        /// Whether the effect is there.
        effect: Effect,
        /// Next look, in seconds.
        retry_s: Option<u64>,
        /// What was found.
        memo: Value,
        /// Receipt, if the step is an export.
        receipt: Option<Box<Receipt>>,
        /// Hash, bytes, files, and stamp of the bag, if the step is the seal.
        seal: Option<(Hash, u64, u64, bool)>,
    },
    /// Write down what is due and needs no call: a wait, a question to a person, the end.
    Advance,
    /// A person did the step.
    PersonDone {
        /// The step.
        step: String,
        /// Who.
        by: PrincipalId,
        /// What was handed in.
        evidence: Vec<EvidenceRef>,
        /// The platform's second confirmation as the person gave it.
        factors: BTreeMap<String, String>,
    },
    /// A person can't do the step.
    PersonCant {
        /// The step.
        step: String,
        /// Who.
        by: PrincipalId,
        /// Why, in words.
        reason: String,
    },
    /// The second look.
    Rechecked(Vec<Note>),
    /// The signals of a probe.
    Probed(Vec<Signal>),
    /// Pause.
    Pause(PrincipalId),
    /// Go on.
    Resume(PrincipalId),
    /// Take the run back.
    Undo {
        /// Who.
        by: PrincipalId,
        /// Whether a new group may take the place of one that can't be brought back.
        rebuild: bool,
    },
    /// Take the run back, though the platform brings nothing back any more this month.
    UndoSpent {
        /// Who.
        by: PrincipalId,
        /// Whether a new group may take the place of the one that can't be brought back now.
        rebuild: bool,
        /// What is used.
        quota: Quota,
    },
    /// The nominee accepts the handover. The signature has been checked.
    AcceptHandover {
        /// Signed statement.
        statement: DualAct,
        /// Signature in hex.
        signature: String,
    },
    /// Note a reaction down, or what became of it.
    React(React),
    /// Somebody hands in a file.
    Receive(Box<Upload>),
    /// The history was exported outside a case.
    HandOver {
        /// Who asked for it.
        by: PrincipalId,
        /// What was taken.
        receipt: Box<Receipt>,
        /// Hash of the archive bag.
        bag_hash: Hash,
        /// Why it is in clear, where somebody had to say so.
        in_clear: Option<String>,
    },
    /// Ask to destroy the group's key. The signature has been checked.
    AskKeyDestroy {
        /// Signed statement.
        statement: DualAct,
        /// Signature in hex.
        signature: String,
    },
}

impl GroupState {
    /// Turns a wish into events.
    ///
    /// # Errors
    /// A coded refusal; nothing has changed.
    pub fn decide(
        &self,
        case: &CaseState,
        command: RunCommand,
        now: Time,
    ) -> Result<Vec<GroupEvent>, Refusal> {
        match command {
            RunCommand::See { snapshot, class } => {
                let same = self.snapshot.as_ref().is_some_and(|old| {
                    // When nothing but the time of looking differs, there is no news.
                    Snapshot { seen_at: old.seen_at, seen_by: old.seen_by.clone(), ..(*snapshot).clone() }
                        == *old
                });
                Ok(if same && self.class == class {
                    Vec::new()
                } else {
                    vec![GroupEvent::Seen { snapshot, class }]
                })
            }
            RunCommand::Register { snapshot, class, registration } => {
                Ok(self.decide_register(snapshot, class, registration))
            }
            RunCommand::Upkeep(command) => self.decide_upkeep(command),
            RunCommand::Receive(upload) => Ok(vec![GroupEvent::UploadReceived(upload)]),
            RunCommand::HandOver { by, receipt, bag_hash, in_clear } => {
                Ok(vec![GroupEvent::HistoryExported { by, receipt, bag_hash, in_clear }])
            }
            RunCommand::Hear { identity, heard } => Ok(self.decide_hear(identity, heard)),
            RunCommand::AddHold { hold, matter, by } => Ok(vec![GroupEvent::HoldAdded { hold, matter, by }]),
            RunCommand::LiftHold { hold, statement, signature } => {
                self.decide_lift(hold, statement, signature)
            }
            RunCommand::KeepPart { case, plan_hash, reason, part } => {
                if self.running() {
                    return Err(Refusal::new("run.active").with("group", &self.id));
                }
                Ok(vec![GroupEvent::PlanPart { case, plan_hash, reason, part }])
            }
            RunCommand::Start { case: id, plan_hash } => self.decide_start(case, id, plan_hash),
            RunCommand::AskKeyDestroy { statement, signature } => {
                if statement.act != crate::destruction::ACT || statement.subject != self.id.0 {
                    return Err(Refusal::new("approval.signature").with("principal", &statement.principal));
                }
                if self.running() {
                    return Err(Refusal::new("run.active").with("group", &self.id));
                }
                self.refuse_under_hold()?;
                Ok(vec![GroupEvent::KeyDestroyAsked { statement, signature }])
            }
            RunCommand::React(reaction) => kinds::react(self, reaction),
            running => {
                let run = self.run.as_ref().filter(|run| !matches!(run.phase, Phase::Ended(_))).ok_or_else(
                    || Refusal::new("case.state").with("case", &case.id).with("state", "ended"),
                )?;
                self.decide_running(run, case, running, now)
            }
        }
    }

    /// What the ledger knows better than nobody: a group that an identity has seen stays as it was seen.
    fn decide_register(
        &self,
        snapshot: Box<Snapshot>,
        class: String,
        registration: Box<Registration>,
    ) -> Vec<GroupEvent> {
        let seen = self.snapshot.as_ref().filter(|old| old.seen_by.as_str() != LEDGER);
        let snapshot = match seen.or(self.snapshot.as_ref()) {
            Some(old) if seen.is_some() => Box::new(old.clone()),
            Some(old) if Snapshot { seen_at: old.seen_at, ..(*snapshot).clone() } == *old => {
                Box::new(old.clone())
            }
            _ => snapshot,
        };
        let mut events = Vec::new();
        if self.class != class || self.snapshot.as_ref() != Some(&*snapshot) {
            events.push(GroupEvent::Seen { snapshot, class });
        }
        if !self.registration.as_ref().is_some_and(|old| old.same_as(&registration)) {
            events.push(GroupEvent::Registered { registration });
        }
        events
    }

    pub(crate) fn refuse_under_hold(&self) -> Result<(), Refusal> {
        match self.holds.first_key_value() {
            Some((hold, entry)) => {
                Err(Refusal::new("hold.active").with("hold", hold).with("matter", &entry.matter))
            }
            None => Ok(()),
        }
    }

    /// What tells nothing about the group's end is no news, nor is what was told before. A platform delivers again what it
    /// does not know to have arrived.
    fn decide_hear(&self, identity: IdentityId, heard: Box<Heard>) -> Vec<GroupEvent> {
        let again = self.heard.iter().any(|(who, old)| *who == identity && *old == *heard);
        if !heard.what.of_an_end() || again || self.heard.len() >= MAX_HEARD {
            return Vec::new();
        }
        vec![GroupEvent::Heard { identity, heard }]
    }

    fn decide_lift(
        &self,
        hold: HoldId,
        statement: DualAct,
        signature: String,
    ) -> Result<Vec<GroupEvent>, Refusal> {
        let entry = self.holds.get(&hold).ok_or_else(|| Refusal::new("hold.unknown").with("hold", &hold))?;
        if statement.act != "hold.lift" || statement.subject != hold.0 {
            return Err(Refusal::new("approval.signature").with("principal", &statement.principal));
        }
        match &entry.lift_asked_by {
            None => Ok(vec![GroupEvent::HoldLiftAsked { hold, statement, signature }]),
            Some(first) if *first == statement.principal => {
                Err(Refusal::new("hold.self_lift").with("hold", &hold))
            }
            Some(_) => Ok(vec![GroupEvent::HoldLifted { hold, statement, signature }]),
        }
    }

    fn decide_start(
        &self,
        case: &CaseState,
        id: CaseId,
        plan_hash: Hash,
    ) -> Result<Vec<GroupEvent>, Refusal> {
        if self.running() {
            return Err(Refusal::new("run.active").with("group", &self.id));
        }
        self.refuse_under_hold()?;
        if self.part.as_ref().is_none_or(|(_, hash, _, _)| *hash != plan_hash) {
            return Err(Refusal::new("plan.edited").with("case", &id));
        }
        if self.run.as_ref().is_some_and(|run| run.case == id && run.plan_hash == plan_hash) {
            return Err(Refusal::new("case.state").with("case", &id).with("state", "ended"));
        }
        if case.id != id || case.status != CaseStatus::Running || !case.cleared(plan_hash) {
            return Err(Refusal::new("approval.needed")
                .with("case", &id)
                .with("missing", case.status.slug()));
        }
        Ok(vec![GroupEvent::RunStarted { case: id, plan_hash }])
    }

    fn decide_running(
        &self,
        run: &Run,
        case: &CaseState,
        command: RunCommand,
        now: Time,
    ) -> Result<Vec<GroupEvent>, Refusal> {
        match command {
            RunCommand::Intend => self.decide_intend(run, case, now),
            RunCommand::Returned { step, effect, error, retry_s, memo } => {
                let attempt = in_flight(run, &step)?;
                // A call returns once; after a read-back its answer is late.
                if run.find(&step).is_none_or(|(_, _, state)| state.state != StepState::InFlight) {
                    return Err(Refusal::new("step.unknown").with("step", &step));
                }
                Ok(vec![GroupEvent::Outcome { step, attempt, effect, error, retry_s, memo }])
            }
            RunCommand::Found { step, effect, retry_s, memo, receipt, seal } => {
                let attempt = in_flight(run, &step)?;
                let op = run.find(&step).map(|(_, spec, _)| spec.op);
                let seal = seal.filter(|_| op == Some(StepOp::Seal));
                // A bag without a hash was not read back.
                let unsealed = op == Some(StepOp::Seal) && effect == Effect::Applied && seal.is_none();
                // Nor has a party answered that said nothing.
                let answer = run.find(&step).and_then(|(_, spec, _)| Answer::of(spec, &memo));
                let unanswered = op == Some(StepOp::Party) && effect == Effect::Applied && answer.is_none();
                let effect = if unsealed || unanswered { Effect::Unknown } else { effect };
                let mut events = Vec::new();
                if effect == Effect::Applied {
                    events.extend(answer.map(|answer| GroupEvent::Answered { step: step.clone(), answer }));
                    let exports = matches!(op, Some(StepOp::Export | StepOp::TailExport));
                    let receipt = receipt.filter(|_| exports);
                    events.extend(
                        receipt.map(|receipt| GroupEvent::Exported { step: step.clone(), receipt: *receipt }),
                    );
                    if let Some((bag_hash, bytes, files, stamped)) = seal {
                        events.push(GroupEvent::Sealed { bag_hash, bytes, files, stamped });
                        events.push(GroupEvent::SealReadBack { bag_hash });
                    }
                }
                let told = run
                    .find(&step)
                    .filter(|(_, spec, state)| human::taken(spec, &run.part, state, effect, retry_s));
                let told = told.map(|(_, _, state)| GroupEvent::Told {
                    step: step.clone(),
                    by: state.human.done_by.clone(),
                    shown: state.human.shown,
                });
                events.push(GroupEvent::ReadBack { step, attempt, effect, retry_s, memo });
                events.extend(told);
                Ok(events)
            }
            RunCommand::Advance => Ok(self.decide_advance(run, case, now)),
            RunCommand::PersonDone { step, by, evidence, factors } => {
                let (_, spec, state) =
                    run.find(&step).ok_or_else(|| Refusal::new("step.unknown").with("step", &step))?;
                if state.state != StepState::Person && !run.receipt_open_at(&step) {
                    return Err(Refusal::new("step.unknown").with("step", &step));
                }
                if spec.op.acts() && !state.undoing {
                    self.refuse_under_hold()?;
                }
                if state.human.done_by.contains(&by) {
                    return Err(Refusal::new("step.same_person").with("step", &step));
                }
                if !state.undoing && state.human.done_by.is_empty() {
                    human::confirmed(spec, &run.part, &factors)?;
                    human::shown(spec, state, &evidence)?;
                }
                Ok(vec![GroupEvent::PersonDone { step, by, evidence, factors }])
            }
            RunCommand::PersonCant { step, by, reason } => {
                let (_, _, state) =
                    run.find(&step).ok_or_else(|| Refusal::new("step.unknown").with("step", &step))?;
                if state.state != StepState::Person || state.undoing {
                    return Err(Refusal::new("step.unknown").with("step", &step));
                }
                if reason.trim().is_empty() || reason.chars().count() > human::MAX_REASON {
                    return Err(Refusal::new("step.reason").with("limit", human::MAX_REASON));
                }
                Ok(vec![GroupEvent::PersonCant { step, by, reason }])
            }
            RunCommand::Rechecked(differences) => match due(self, case, now) {
                Action::Recheck { step } => {
                    Ok(vec![GroupEvent::Rechecked { step: id_of(run, step), differences }])
                }
                _ => Err(not_due(case)),
            },
            RunCommand::Probed(signals) => match due(self, case, now) {
                Action::Probe { n } => {
                    let reading = read(&signals);
                    Ok(vec![GroupEvent::Probed(Probe { n, at: now, signals, reading })])
                }
                _ => Err(not_due(case)),
            },
            RunCommand::AcceptHandover { statement, signature } => {
                kinds::accept_handover(self, run, statement, signature)
            }
            RunCommand::Pause(by) if run.phase == Phase::Active => Ok(vec![GroupEvent::Paused { by }]),
            RunCommand::Resume(by) if run.phase == Phase::Paused => Ok(vec![GroupEvent::Resumed { by }]),
            RunCommand::UndoSpent { by, rebuild, quota } => {
                if rebuild && run.phase != Phase::Undoing {
                    return Ok(vec![GroupEvent::UndoAsked { by, rebuild: true }]);
                }
                Err(Refusal::new("undo.quota")
                    .with("used", quota.used)
                    .with("of", quota.of)
                    .with("until", quota.again_at))
            }
            RunCommand::Undo { by, rebuild } => {
                if run.phase == Phase::Undoing {
                    return Err(not_due(case));
                }
                let restorable = run.restorable_until();
                let in_time = restorable.is_some_and(|until| now <= until);
                let ended = run
                    .part
                    .steps
                    .iter()
                    .zip(&run.steps)
                    .any(|(spec, state)| spec.op == StepOp::Dissolve && state.state == StepState::Done);
                // A new group beside one that can come back would be two.
                let rebuild = rebuild && run.past_return() && !in_time;
                match restorable {
                    _ if !run.past_return() || in_time || (rebuild && ended) => {
                        Ok(vec![GroupEvent::UndoAsked { by, rebuild }])
                    }
                    Some(until) => Err(Refusal::new("undo.window").with("until", until)),
                    None => Err(Refusal::new("undo.past_return").with("case", &run.case)),
                }
            }
            _ => Err(not_due(case)),
        }
    }

    fn decide_intend(&self, run: &Run, case: &CaseState, now: Time) -> Result<Vec<GroupEvent>, Refusal> {
        let (step, undo) = match due(self, case, now) {
            Action::Perform { step, undo } => (step, undo),
            Action::Blocked(refusal) => return Err(refusal),
            _ => return Err(not_due(case)),
        };
        let (Some(spec), Some(state)) = (run.part.steps.get(step), run.steps.get(step)) else {
            return Err(not_due(case));
        };
        if !undo {
            guard(self, run, spec, case, now)?;
        }
        Ok(vec![GroupEvent::Intent {
            step: spec.id.clone(),
            op: spec.op,
            attempt: state.attempts + 1,
            irreversible: spec.op.irreversible(),
            undo,
        }])
    }

    fn decide_advance(&self, run: &Run, case: &CaseState, now: Time) -> Vec<GroupEvent> {
        match due(self, case, now) {
            Action::BeginWait { step, until } => {
                vec![GroupEvent::WaitStarted { step: id_of(run, step), until }]
            }
            Action::EndWait { step } => vec![GroupEvent::WaitEnded { step: id_of(run, step) }],
            Action::AskPerson { step } => {
                let spec = run.part.steps.get(step);
                let note = spec.map_or("", |spec| run.asks(spec));
                let deadline_s = spec.and_then(|spec| spec.number("deadline_s"));
                let deadline = Some(now.plus_secs(deadline_s.unwrap_or(run.part.policy.human_deadline_s)));
                vec![GroupEvent::PersonAsked { step: id_of(run, step), note: Note::new(note), deadline }]
            }
            Action::Escalate { step } => vec![GroupEvent::PersonOverdue { step: id_of(run, step) }],
            Action::Reopen { n } => vec![GroupEvent::Reopened { n }],
            Action::GiveUp { step } => {
                let error = run.steps.get(step).and_then(|step| step.error.clone());
                let error = error.unwrap_or_else(|| "observed.not_gone".to_owned());
                vec![GroupEvent::StepFailed { step: id_of(run, step), error }]
            }
            Action::StopStale | Action::StopCant => vec![GroupEvent::RunEnded { ending: Ending::Stopped }],
            Action::EndUndo => {
                let ending = if run.rebuild { Ending::Rebuilt } else { Ending::Undone };
                vec![GroupEvent::RunEnded { ending }]
            }
            // What ends no group is not observed.
            Action::Conclude if run.observed_from.is_none() => {
                let leaves = run.part.steps.iter().any(|step| step.op == StepOp::Leave);
                let ending = if leaves { Ending::Left } else { Ending::Done };
                vec![GroupEvent::RunEnded { ending }]
            }
            Action::Conclude => vec![
                GroupEvent::Judged { verdict: run.judged() },
                GroupEvent::RunEnded { ending: Ending::Observed },
            ],
            _ => Vec::new(),
        }
    }
}

fn id_of(run: &Run, step: usize) -> String {
    run.part.steps.get(step).map(|step| step.id.clone()).unwrap_or_default()
}

fn not_due(case: &CaseState) -> Refusal {
    Refusal::new("case.state").with("case", &case.id).with("state", case.status.slug())
}

/// The attempt of a step whose call is under way or to be read back.
fn in_flight(run: &Run, step: &str) -> Result<u32, Refusal> {
    match run.find(step) {
        Some((_, _, state)) if matches!(state.state, StepState::InFlight | StepState::Checking { .. }) => {
            Ok(state.attempts)
        }
        _ => Err(Refusal::new("step.unknown").with("step", step)),
    }
}
