//! What the state machine found, one test for each: by name, small, and for good.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

#[path = "support/drive.rs"]
mod drive;
mod support;
#[path = "found/told.rs"]
mod told;

use std::collections::BTreeMap;

use adjourn_domain::approval::{Decision, DualAct};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Capability, Effect, EffectClass, Op, Support};
use adjourn_domain::case::{CaseCommand, CaseStatus};
use adjourn_domain::event::{Ending, EvidenceRef, GroupEvent, Receipt};
use adjourn_domain::ids::GroupId;
use adjourn_domain::plan::StepOp;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::{Action, MAX_ATTEMPTS, MAX_TRIES, Phase, Run, RunCommand, StepState, due};
use adjourn_domain::verdict::{Says, Verdict};
use serde_json::Value;

use drive::{Row, World, principal, signal};
use support::{input, plan, row};

/// Rows of a platform that can do everything; `change` may say otherwise.
fn rows(change: impl Fn(&mut Capability)) -> Vec<Capability> {
    let ops = [Op::Freeze, Op::Export, Op::Unlink, Op::Announce, Op::Dissolve, Op::Purge, Op::Verify];
    let mut rows: Vec<Capability> = ops.map(|op| row(op, Support::Native, EffectClass::P)).to_vec();
    rows.iter_mut().for_each(change);
    rows
}

/// One group with a plan that was agreed on and is being applied.
struct Begun {
    world: World,
    id: GroupId,
}

impl Begun {
    fn new(rows: Vec<Capability>) -> Self {
        let mut world = World::new(&["g-1"]);
        let drawn = plan("c-1", "p-0", world.now, &Policy::default(), vec![input("g-1", "important", rows)]);
        world.draw(drawn).unwrap();
        world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
        let hash = world.case.plan_hash().unwrap();
        world.review(&principal("p-1", "business"), Decision::Approve, hash).unwrap();
        world.review(&principal("p-2", "compliance"), Decision::Approve, hash).unwrap();
        world.apply("p-0").unwrap();
        Self { world, id: "g-1".into() }
    }

    fn due(&self) -> Action {
        due(self.world.group(&self.id), &self.world.case, self.world.now)
    }

    fn run(&self) -> &Run {
        self.world.group(&self.id).run.as_ref().unwrap()
    }

    fn at(&self, op: StepOp) -> usize {
        self.run().part.steps.iter().position(|step| step.op == op).unwrap()
    }

    fn state(&self, op: StepOp) -> StepState {
        self.run().steps[self.at(op)].state
    }

    fn name(&self, at: usize) -> String {
        self.run().part.steps[at].id.clone()
    }

    fn wish(&mut self, command: RunCommand) {
        self.world.on_group(&self.id, command).unwrap();
    }

    fn returned(&mut self, at: usize, effect: Effect) {
        let step = self.name(at);
        let error = Some("platform.busy".to_owned());
        self.wish(RunCommand::Returned { step, effect, error, retry_s: Some(1), memo: Value::Null });
    }

    fn found(&mut self, at: usize, effect: Effect, retry_s: Option<u64>) {
        let seal = (self.run().part.steps[at].op == StepOp::Seal).then(|| (Hash::of(b"bag"), 1, 1, false));
        let receipt =
            self.name(at).ends_with("export").then(|| Receipt { complete: true, ..Receipt::default() });
        self.wish(RunCommand::Found {
            step: self.name(at),
            effect,
            retry_s,
            memo: Value::Null,
            receipt: receipt.map(Box::new),
            seal,
        });
    }

    fn done(&mut self, at: usize) {
        let shown = EvidenceRef::new("shown.png", Hash::of(b"shown"), 5);
        self.wish(RunCommand::PersonDone {
            step: self.name(at),
            by: "p-4".into(),
            evidence: vec![shown],
            factors: BTreeMap::new(),
        });
    }

    /// What an honest worker does with what is due; false when there is nothing to do.
    fn move_on(&mut self) -> bool {
        match self.due() {
            Action::Perform { step, .. } => {
                self.wish(RunCommand::Intend);
                self.returned(step, Effect::Applied);
            }
            Action::ReadBack { step } => self.found(step, Effect::Applied, None),
            Action::Recheck { .. } => self.wish(RunCommand::Rechecked(Vec::new())),
            Action::Probe { .. } => {
                let signals = vec![signal(false, Says::Gone, true), signal(true, Says::Gone, true)];
                self.wish(RunCommand::Probed(signals));
            }
            Action::Sleep { until } => self.world.now = until,
            Action::Person { step, .. } => self.done(step),
            Action::Idle | Action::Blocked(_) => return false,
            _ => self.wish(RunCommand::Advance),
        }
        true
    }

    /// Goes on until this step is due or under way.
    fn until(&mut self, op: StepOp) -> usize {
        while self.run().current().is_some_and(|at| self.run().part.steps[at].op != op) {
            assert!(self.move_on(), "stuck at {:?}", self.due());
        }
        self.at(op)
    }

    /// Goes on to the end.
    fn end(&mut self) -> Ending {
        for _ in 0..500 {
            if let Phase::Ended(ending) = self.run().phase {
                return ending;
            }
            assert!(self.move_on(), "stuck at {:?}", self.due());
        }
        panic!("never ends: {:?}", self.due());
    }

    /// Does the current step in doubt until patience ends.
    fn lose(&mut self, at: usize) {
        self.wish(RunCommand::Intend);
        self.returned(at, Effect::Unknown);
        while matches!(self.due(), Action::ReadBack { .. } | Action::Sleep { .. }) {
            match self.due() {
                Action::Sleep { until } => self.world.now = until,
                _ => self.found(at, Effect::Unknown, Some(60)),
            }
        }
    }

    fn hold(&mut self) {
        self.wish(RunCommand::AddHold { hold: "h-1".into(), matter: "m".to_owned(), by: "p-4".into() });
    }

    fn lift(&mut self) {
        for who in ["p-1", "p-2"] {
            let statement = DualAct::lift(&"h-1".into(), &who.into(), self.world.now);
            self.wish(RunCommand::LiftHold { hold: "h-1".into(), statement, signature: String::new() });
        }
    }

    fn intents(&self, op: StepOp) -> usize {
        let is = |row: &Row| matches!(row, Row::Group(_, event) if matches!(**event, GroupEvent::Intent { op: of, .. } if of == op));
        self.world.rows.iter().filter(|(_, row)| is(row)).count()
    }
}

#[test]
fn an_honest_run_ends_gone() {
    let mut begun = Begun::new(rows(|_| {}));
    assert_eq!(begun.end(), Ending::Observed);
    assert_eq!(begun.run().verdict, Some(Verdict::Gone));
}

#[test]
fn a_case_under_way_does_not_go_stale_and_is_not_drawn_again() {
    let mut begun = Begun::new(rows(|_| {}));
    let stale = CaseCommand::Stale(vec!["drift-owner".to_owned()]);
    assert_eq!(begun.world.on_case(stale).unwrap_err().code, "case.state");
    assert_eq!(begun.world.case.status, CaseStatus::Running);
    let head = begun.world.case.head.clone().unwrap();
    assert_eq!(begun.world.on_case(CaseCommand::Draw(*head)).unwrap_err().code, "case.state");
    assert_eq!(begun.end(), Ending::Observed);
}

#[test]
fn a_plan_runs_once_on_a_group() {
    let mut begun = Begun::new(rows(|_| {}));
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    assert_eq!(begun.end(), Ending::Undone);
    // Another group of the case may still be running: the plan is cleared, and yet it does not begin again here.
    let again = RunCommand::Start { case: "c-1".into(), plan_hash: begun.run().plan_hash };
    assert_eq!(begun.world.on_group(&"g-1".into(), again).unwrap_err().code, "case.state");
}

#[test]
fn a_run_begins_only_when_its_case_is_applied() {
    let begun = Begun::new(rows(|_| {}));
    let mut world = World::new(&["g-1"]);
    world.draw(begun.world.plan.clone().unwrap()).unwrap();
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    let plan_hash = world.case.plan_hash().unwrap();
    world.review(&principal("p-1", "business"), Decision::Approve, plan_hash).unwrap();
    world.review(&principal("p-2", "compliance"), Decision::Approve, plan_hash).unwrap();
    let start = RunCommand::Start { case: "c-1".into(), plan_hash };
    // The case could still be drawn again, and the run would be blocked for ever.
    assert_eq!(world.on_group(&"g-1".into(), start).unwrap_err().code, "approval.needed");
}

#[test]
fn a_call_returns_once() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Freeze);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    begun.found(at, Effect::Unknown, None);
    let late = RunCommand::Returned {
        step: begun.name(at),
        effect: Effect::NotApplied,
        error: None,
        retry_s: None,
        memo: Value::Null,
    };
    assert_eq!(begun.world.on_group(&"g-1".into(), late).unwrap_err().code, "step.unknown");
}

#[test]
fn an_export_or_seal_in_doubt_waits_for_a_person_and_is_never_given_up() {
    for op in [StepOp::Export, StepOp::Seal, StepOp::TailExport] {
        let mut begun = Begun::new(rows(|_| {}));
        let at = begun.until(op);
        begun.lose(at);
        assert_eq!(begun.due(), Action::AskPerson { step: at }, "{op:?}");
        assert!(begun.move_on());
        begun.done(at);
        assert_eq!(begun.due(), Action::Perform { step: at, undo: false }, "{op:?}: the work is still ours");
        assert_eq!(begun.end(), Ending::Observed);
        assert_eq!(begun.run().verdict, Some(Verdict::Gone));
    }
}

#[test]
fn a_seal_that_fails_again_and_again_asks_for_a_person_and_then_tries_again() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Seal);
    for _ in 0..MAX_TRIES {
        assert_eq!(begun.due(), Action::Perform { step: at, undo: false });
        begun.wish(RunCommand::Intend);
        begun.returned(at, Effect::NotApplied);
        begun.world.now = begun.world.now.plus_secs(300);
    }
    assert_eq!(begun.due(), Action::AskPerson { step: at });
    assert_eq!(begun.end(), Ending::Observed);
}

#[test]
fn a_bag_without_a_hash_was_not_read_back() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Seal);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Applied);
    let (step, memo) = (begun.name(at), Value::Null);
    let nothing =
        RunCommand::Found { step, effect: Effect::Applied, retry_s: None, memo, receipt: None, seal: None };
    begun.wish(nothing);
    assert!(matches!(begun.state(StepOp::Seal), StepState::Checking { .. }));
}

#[test]
fn only_the_seal_seals() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Freeze);
    begun.wish(RunCommand::Intend);
    let seal = Some((Hash::of(b"bag"), 1, 1, false));
    let (step, memo) = (begun.name(at), Value::Null);
    begun.wish(RunCommand::Found { step, effect: Effect::Applied, retry_s: None, memo, receipt: None, seal });
    assert_eq!(begun.run().sealed, None);
}

#[test]
fn an_undo_waits_for_what_is_in_flight() {
    for op in [StepOp::Unlink, StepOp::Announce, StepOp::Export] {
        let mut begun = Begun::new(rows(|_| {}));
        let at = begun.until(op);
        begun.wish(RunCommand::Intend);
        begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
        assert_eq!(begun.due(), Action::ReadBack { step: at }, "{op:?}");
        assert_eq!(begun.end(), Ending::Undone);
        assert_eq!(begun.run().steps[at].state, StepState::Done, "{op:?}: what was done is on record");
        assert_eq!(begun.state(StepOp::Freeze), StepState::Undone);
    }
}

#[test]
fn an_undo_ends_although_a_call_stays_in_doubt() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Announce);
    begun.wish(RunCommand::Intend);
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    while matches!(begun.due(), Action::ReadBack { step } if step == at) {
        begun.found(at, Effect::Unknown, Some(60));
        begun.world.now = begun.world.now.plus_secs(60);
    }
    assert_eq!(begun.due(), Action::GiveUp { step: at });
    assert_eq!(begun.end(), Ending::Undone);
}

#[test]
fn an_undo_that_does_not_work_goes_to_a_person_and_is_not_called_undone() {
    let mut begun = Begun::new(rows(|_| {}));
    begun.until(StepOp::Export);
    let at = begun.at(StepOp::Freeze);
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    while begun.due() == (Action::Perform { step: at, undo: true }) {
        begun.wish(RunCommand::Intend);
        begun.returned(at, Effect::NotApplied);
        begun.world.now = begun.world.now.plus_secs(1);
    }
    assert!(begun.intents(StepOp::Freeze) <= MAX_ATTEMPTS as usize * 2);
    assert_eq!(begun.due(), Action::AskPerson { step: at });
    begun.wish(RunCommand::Advance);
    begun.done(at);
    begun.found(at, Effect::Applied, None);
    assert_eq!(begun.state(StepOp::Freeze), StepState::Undone);
    assert_eq!(begun.end(), Ending::Undone);
}

#[test]
fn an_undo_in_doubt_is_not_polled_for_ever() {
    let mut begun = Begun::new(rows(|_| {}));
    begun.until(StepOp::Export);
    let at = begun.at(StepOp::Freeze);
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    begun.lose(at);
    assert_eq!(begun.due(), Action::AskPerson { step: at });
    assert_eq!(begun.end(), Ending::Undone);
}

#[test]
fn what_a_person_froze_a_person_sets_free() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Freeze {
            row.support = Support::Assisted;
        }
    }));
    begun.until(StepOp::Export);
    let at = begun.at(StepOp::Freeze);
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    assert_eq!(begun.due(), Action::AskPerson { step: at });
    begun.wish(RunCommand::Advance);
    // A hold keeps evidence; it does not keep people from talking.
    begun.hold();
    begun.done(at);
    begun.found(at, Effect::NotApplied, None);
    assert_eq!(begun.due(), Action::AskPerson { step: at }, "still frozen");
    assert_eq!(begun.end(), Ending::Undone);
    assert_eq!(begun.intents(StepOp::Freeze), 0);
}

#[test]
fn who_was_asked_to_freeze_is_asked_to_set_free() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Freeze {
            row.support = Support::Assisted;
        }
    }));
    begun.wish(RunCommand::Advance);
    begun.wish(RunCommand::Undo { by: "p-0".into(), rebuild: false });
    assert_eq!(begun.due(), Action::AskPerson { step: 0 });
    assert_eq!(begun.end(), Ending::Undone);
}

#[test]
fn nobody_is_asked_to_dissolve_under_a_hold() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Dissolve {
            row.note.push_str("|fallback:note-by-hand");
        }
    }));
    let at = begun.until(StepOp::Dissolve);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    begun.found(at, Effect::Unknown, Some(1));
    begun.hold();
    begun.world.now = begun.world.now.plus_secs(600);
    begun.found(at, Effect::Unknown, Some(1));
    assert!(matches!(begun.due(), Action::Blocked(refusal) if refusal.code == "hold.active"));
    begun.lift();
    assert_eq!(begun.due(), Action::AskPerson { step: at });
}

#[test]
fn a_hold_does_not_keep_a_person_from_exporting() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Export {
            row.support = Support::Assisted;
        }
    }));
    let at = begun.until(StepOp::Export);
    begun.wish(RunCommand::Advance);
    begun.hold();
    begun.done(at);
    assert_eq!(begun.due(), Action::ReadBack { step: at });
}

#[test]
fn the_second_look_is_taken_again_after_a_hold_or_a_pause() {
    let mut begun = Begun::new(rows(|_| {}));
    begun.until(StepOp::Recheck);
    let look = Action::Recheck { step: begun.at(StepOp::Recheck) };
    begun.hold();
    begun.wish(RunCommand::Rechecked(Vec::new()));
    assert!(matches!(begun.due(), Action::Blocked(_)));
    begun.world.now = begun.world.now.plus_secs(30 * 24 * 3600);
    begun.lift();
    assert_eq!(begun.due(), look);
    begun.wish(RunCommand::Rechecked(Vec::new()));
    begun.wish(RunCommand::Pause("p-4".into()));
    begun.wish(RunCommand::Resume("p-4".into()));
    assert_eq!(begun.due(), look);
    assert_eq!(begun.end(), Ending::Observed);
}

#[test]
fn a_call_in_doubt_is_looked_at_while_paused_and_once_more_after() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Dissolve);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    begun.wish(RunCommand::Pause("p-4".into()));
    assert_eq!(begun.due(), Action::ReadBack { step: at });
    begun.found(at, Effect::Unknown, Some(1));
    // Nobody worked for a day: the platform is asked before the step is given up.
    begun.wish(RunCommand::Resume("p-4".into()));
    begun.world.now = begun.world.now.plus_secs(24 * 3600);
    assert_eq!(begun.due(), Action::ReadBack { step: at });
    begun.found(at, Effect::Applied, None);
    assert_eq!(begun.state(StepOp::Dissolve), StepState::Done);
}

#[test]
fn the_last_look_is_not_slept_over() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Dissolve);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    begun.found(at, Effect::Unknown, Some(24 * 3600));
    let patience = begun.run().part.policy.patience_s;
    assert_eq!(begun.due(), Action::Sleep { until: begun.world.now.plus_secs(patience) });
    begun.world.now = begun.world.now.plus_secs(patience);
    assert_eq!(begun.due(), Action::ReadBack { step: at });
    begun.found(at, Effect::Unknown, Some(24 * 3600));
    assert_eq!(begun.due(), Action::GiveUp { step: at });
}

#[test]
fn a_platform_that_says_at_once_is_not_asked_without_a_breath() {
    let mut begun = Begun::new(rows(|_| {}));
    let at = begun.until(StepOp::Freeze);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    begun.found(at, Effect::Unknown, Some(0));
    assert!(matches!(begun.due(), Action::Sleep { .. }));
}

#[test]
fn a_link_that_a_person_took_off_is_no_drift() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Unlink {
            row.support = Support::Assisted;
        }
    }));
    begun.until(StepOp::Recheck);
    assert!(begun.run().own_changes().unlinked.contains(&"z-bot".into()));
    assert!(!begun.run().own_changes().unlinked.contains(&"a-own".into()), "not taken off yet");
}

#[test]
fn class_u_is_called_once_and_what_failed_is_not_purged() {
    let mut begun = Begun::new(rows(|row| row.class = EffectClass::U));
    let at = begun.until(StepOp::Dissolve);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::NotApplied);
    begun.world.now = begun.world.now.plus_secs(10);
    assert_eq!(begun.due(), Action::GiveUp { step: at });
    assert_eq!(begun.end(), Ending::Observed);
    assert_eq!((begun.intents(StepOp::Dissolve), begun.intents(StepOp::Purge)), (1, 0));
    assert_eq!(begun.state(StepOp::Purge), StepState::Failed);
}

#[test]
fn a_bag_that_reads_back_as_another_one_forbids_the_dissolve() {
    // No command leads here; a journal that says so is believed all the same.
    let mut begun = Begun::new(rows(|_| {}));
    begun.until(StepOp::Dissolve);
    let other = GroupEvent::SealReadBack { bag_hash: Hash::of(b"another bag") };
    begun.world.commit(vec![Row::Group("g-1".into(), Box::new(other))]);
    assert!(matches!(begun.due(), Action::Blocked(refusal) if refusal.code == "seal.failed"));
    let refused = begun.world.on_group(&"g-1".into(), RunCommand::Intend).unwrap_err();
    assert_eq!(refused.code, "seal.failed");
}

#[test]
fn a_review_counts_different_people_in_their_roles_for_this_plan() {
    let mut world = World::new(&["g-1"]);
    let group = input("g-1", "important", rows(|_| {}));
    world.draw(plan("c-1", "p-0", world.now, &Policy::default(), vec![group])).unwrap();
    let hash = world.case.plan_hash().unwrap();
    let who = |id: &str, role: &str| principal(id, role);
    let agree = Decision::Approve;
    assert_eq!(world.review(&who("p-1", "business"), agree, hash).unwrap_err().code, "case.state");
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    assert_eq!(world.apply("p-0").unwrap_err().code, "approval.needed");
    assert_eq!(world.review(&who("p-0", "business"), agree, hash).unwrap_err().code, "approval.self");
    assert_eq!(world.review(&who("p-4", "admin"), agree, hash).unwrap_err().code, "approval.role");
    let other = Hash::of(b"another plan");
    assert_eq!(world.review(&who("p-1", "business"), agree, other).unwrap_err().code, "approval.signature");
    world.review(&who("p-1", "business"), agree, hash).unwrap();
    assert_eq!(world.review(&who("p-3", "business"), agree, hash).unwrap_err().code, "approval.role");
    // Also under another role, nobody speaks twice.
    assert_eq!(world.review(&who("p-1", "compliance"), agree, hash).unwrap_err().code, "approval.duplicate");
    assert_eq!(world.apply("p-0").unwrap_err().code, "approval.needed");
    world.review(&who("p-2", "compliance"), agree, hash).unwrap();
    assert_eq!(world.case.status, CaseStatus::Approved);
    world.on_case(CaseCommand::Stale(vec!["drift-owner".to_owned()])).unwrap();
    assert_eq!(world.apply("p-0").unwrap_err().code, "plan.stale");
    assert!(!world.case.cleared(hash));
}

#[test]
fn a_second_run_and_a_second_plan_are_refused_while_one_is_running() {
    let mut begun = Begun::new(rows(|_| {}));
    let again = RunCommand::Start { case: "c-1".into(), plan_hash: begun.run().plan_hash };
    assert_eq!(begun.world.on_group(&"g-1".into(), again).unwrap_err().code, "run.active");
    let keep = RunCommand::KeepPart {
        case: "c-2".into(),
        plan_hash: Hash::of(b"another plan"),
        reason: "again".to_owned(),
        part: Box::new(begun.run().part.clone()),
    };
    assert_eq!(begun.world.on_group(&"g-1".into(), keep).unwrap_err().code, "run.active");
}

#[test]
fn a_personal_case_is_in_review_until_its_requester_types_the_name() {
    let mut world = World::new(&["g-1"]);
    let group = input("g-1", "personal", rows(|_| {}));
    world.draw(plan("c-1", "p-0", world.now, &Policy::default(), vec![group])).unwrap();
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    assert_eq!(world.case.status, CaseStatus::InReview);
    assert_eq!(world.apply("p-0").unwrap_err().code, "confirm.needed");
    assert_eq!(world.on_case(CaseCommand::Confirm("p-1".into(), None)).unwrap_err().code, "approval.role");
    world.on_case(CaseCommand::Confirm("p-0".into(), None)).unwrap();
    world.apply("p-0").unwrap();
}

#[test]
fn an_incomplete_export_waits_until_a_person_accepts_it() {
    let mut begun = Begun::new(rows(|_| {}));
    let freeze = begun.at(StepOp::Freeze);
    begun.wish(RunCommand::Intend);
    begun.returned(freeze, Effect::Applied);
    begun.found(freeze, Effect::Applied, None);
    let export = begun.at(StepOp::Export);
    begun.wish(RunCommand::Intend);
    begun.returned(export, Effect::Applied);
    begun.wish(RunCommand::Found {
        step: begun.name(export),
        effect: Effect::Applied,
        retry_s: None,
        memo: Value::Null,
        receipt: Some(Box::new(Receipt { complete: false, ..Receipt::default() })),
        seal: None,
    });
    assert!(matches!(begun.due(), Action::Blocked(refusal) if refusal.code == "export.incomplete"));
    begun.done(export);
    assert_eq!(begun.due(), Action::Perform { step: begun.at(StepOp::Seal), undo: false });
}
