//! The invariants, told a second time from the list of events alone. Nothing here asks the code under test: a rule that is
//! broken there and not here is found.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::approval::Decision;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, EffectClass, Reversible, Support};
use adjourn_domain::event::{CaseEvent, Ending, GroupEvent, PlanHead};
use adjourn_domain::ids::{GroupId, HoldId, PrincipalId, ReactionId};
use adjourn_domain::joint::Stage;
use adjourn_domain::plan::{GroupPlan, Step, StepOp};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Probe, Says, Verdict};

use super::drive::Row;
use super::ops::{acts, irreversible, only_told};
use super::step::{StepLaw, Verdicts, must};

/// What is known of a case from its events.
#[derive(Default)]
struct CaseLaw {
    head: Option<PlanHead>,
    submitted: bool,
    approvals: Vec<(PrincipalId, String)>,
    confirmed: bool,
    applied: bool,
    reached: BTreeMap<GroupId, Stage>,
    ended: BTreeSet<GroupId>,
}

/// What is known of a run from its events.
struct RunLaw {
    plan_hash: Hash,
    part: GroupPlan,
    steps: Vec<StepLaw>,
    paused: bool,
    undo: bool,
    rebuild: bool,
    differences: bool,
    sealed: Option<Hash>,
    read_back: Option<Hash>,
    fresh_look: bool,
    observed_from: Option<Time>,
    probes: Vec<Probe>,
    probes_from: usize,
    judged: Option<Verdict>,
    handed_over: bool,
    ended: bool,
}

/// What is known of a group from its events.
#[derive(Default)]
struct GroupLaw {
    holds: BTreeMap<HoldId, Option<PrincipalId>>,
    part: Option<(Hash, GroupPlan)>,
    run: Option<RunLaw>,
    reactions: BTreeSet<ReactionId>,
}

/// Everything that is known from the rows so far.
pub(crate) struct Law {
    roles: BTreeMap<PrincipalId, String>,
    case: CaseLaw,
    groups: BTreeMap<GroupId, GroupLaw>,
}

impl Law {
    /// Nothing has happened yet; these principals exist.
    pub(crate) fn new(roles: BTreeMap<PrincipalId, String>) -> Self {
        Self { roles, case: CaseLaw::default(), groups: BTreeMap::new() }
    }

    /// Checks the next row against everything before it.
    pub(crate) fn see(&mut self, at: Time, row: &Row) -> Verdicts {
        let result = match row {
            Row::Case(event) => self.case.see(&self.roles, event),
            Row::Group(id, event) => {
                let group = self.groups.entry(id.clone()).or_default();
                group.see(id, &self.case, at, event)
            }
        };
        result.map_err(|says| format!("{says}: {row:?}"))
    }

    /// Whether a group's last run, if there was one, has ended.
    pub(crate) fn at_rest(&self, id: &GroupId) -> bool {
        self.groups.get(id).and_then(|group| group.run.as_ref()).is_none_or(|run| run.ended)
    }
}

impl CaseLaw {
    /// Enough approvals by different principals for each role, none of them the requester's, for exactly this plan.
    fn agreed(&self, plan_hash: Hash) -> bool {
        let Some(head) = self.head.as_ref().filter(|head| head.plan_hash == plan_hash) else { return false };
        let people: BTreeSet<_> = self.approvals.iter().map(|(who, _)| who).collect();
        let enough = head.review.rules.iter().all(|rule| {
            self.approvals.iter().filter(|(_, role)| *role == rule.role).count() >= rule.count as usize
        });
        self.submitted
            && enough
            && people.len() == self.approvals.len()
            && !people.contains(&head.requester)
            && (self.confirmed || !head.review.typed_confirmation)
            && (head.review.typed_confirmation || people.len() >= 2)
    }

    /// Whether every group has come to `stage` or ended.
    fn all_at(&self, stage: Stage, but: &GroupId) -> bool {
        let there = |group: &GroupId| {
            self.ended.contains(group) || self.reached.get(group).is_some_and(|reached| *reached >= stage)
        };
        self.head.iter().flat_map(|head| &head.groups).all(|group| group == but || there(group))
    }

    fn see(&mut self, roles: &BTreeMap<PrincipalId, String>, event: &CaseEvent) -> Verdicts {
        if let CaseEvent::PlanDrawn(head) = event {
            must(!self.applied, "a plan is not drawn again once it is being applied")?;
            *self = Self { head: Some(head.clone()), ..Self::default() };
            return Ok(());
        }
        let head = self.head.clone().ok_or("an event before the plan")?;
        match event {
            // Links, reminders, questions and what was refused change nothing about the case.
            CaseEvent::PlanDrawn(_)
            | CaseEvent::TasksIssued { .. }
            | CaseEvent::Reminded { .. }
            | CaseEvent::QuestionAsked { .. }
            | CaseEvent::QuestionAnswered { .. }
            | CaseEvent::ArchiveStored(_)
            | CaseEvent::ArchiveFetched(_)
            | CaseEvent::ReviewRefused { .. } => {}
            CaseEvent::Withdrawn { by, .. } => {
                must(!self.applied && *by == head.requester, "withdrawn by another, or while applied")?;
                self.approvals.clear();
                self.confirmed = false;
                self.submitted = false;
            }
            // Silence is told, and agrees to nothing.
            CaseEvent::ReviewEscalated { .. } => {
                must(self.submitted && !self.applied, "escalated out of review")?;
            }
            CaseEvent::Submitted { plan_hash, .. } => {
                must(*plan_hash == head.plan_hash && head.blockers == 0, "submitted with blockers")?;
                self.submitted = true;
            }
            CaseEvent::Approved { approval, role } => {
                let said = &approval.statement;
                must(self.submitted && !self.applied, "approved out of review")?;
                must(said.decision == Decision::Approve, "an approval that does not approve")?;
                must(said.plan_hash == head.plan_hash, "approval of another plan")?;
                must(said.principal != head.requester, "the requester approved")?;
                must(roles.get(&said.principal) == Some(role), "approved in a role that is not his")?;
                must(self.approvals.iter().all(|(who, _)| *who != said.principal), "approved twice")?;
                self.approvals.push((said.principal.clone(), role.clone()));
            }
            CaseEvent::Rejected { .. } => {
                must(!self.applied, "rejected while applied")?;
                self.approvals.clear();
                self.submitted = false;
            }
            CaseEvent::Confirmed { by, plan_hash, .. } => {
                must(*by == head.requester, "confirmed by another")?;
                must(*plan_hash == head.plan_hash && self.submitted, "confirmed another plan")?;
                self.confirmed = true;
            }
            CaseEvent::Staled { .. } => {
                must(!self.applied, "approvals taken from under a run")?;
                self.approvals.clear();
                self.confirmed = false;
                self.submitted = false;
            }
            CaseEvent::Applied { plan_hash, .. } => {
                must(!self.applied && self.agreed(*plan_hash), "applied without agreement")?;
                self.applied = true;
            }
            CaseEvent::GroupReached { group, stage } => {
                must(self.applied && head.groups.contains(group), "reached without a run")?;
                must(!self.ended.contains(group), "reached after the end")?;
                let before = self.reached.insert(group.clone(), *stage);
                must(before.is_none_or(|before| before < *stage), "went back to an earlier place")?;
            }
            CaseEvent::GroupEnded { group, .. } => {
                must(self.applied && head.groups.contains(group), "ended without a run")?;
                must(self.ended.insert(group.clone()), "a group ended twice")?;
            }
            CaseEvent::Bundled { .. } => {
                must(self.ended.len() == head.groups.len(), "bundled before all groups ended")?;
            }
        }
        Ok(())
    }
}

impl GroupLaw {
    fn see(&mut self, id: &GroupId, case: &CaseLaw, at: Time, event: &GroupEvent) -> Verdicts {
        match event {
            GroupEvent::Seen { .. }
            | GroupEvent::UploadReceived(_)
            | GroupEvent::HistoryExported { .. }
            | GroupEvent::Heard { .. }
            | GroupEvent::OutpostSaid(_)
            | GroupEvent::RetentionReviewed(_)
            | GroupEvent::OriginalRead(_)
            | GroupEvent::PseudonymsAsked(_)
            | GroupEvent::PseudonymsDestroyed(_)
            | GroupEvent::ArchiveStored(_)
            | GroupEvent::ArchiveFetched(_)
            | GroupEvent::NoticeRead { .. }
            | GroupEvent::NoticeRevoked { .. }
            | GroupEvent::KeyDestroyAsked { .. } => Ok(()),
            GroupEvent::ReactionAdded { reaction, .. } => {
                must(self.reactions.insert(reaction.clone()), "one reaction noted twice")
            }
            GroupEvent::ReactionAnswered { reaction, .. }
            | GroupEvent::ReactionEscalated { reaction, .. } => {
                must(self.reactions.contains(reaction), "no such reaction")
            }
            GroupEvent::HoldAdded { hold, .. } => {
                self.holds.insert(hold.clone(), None);
                Ok(())
            }
            GroupEvent::HoldLiftAsked { hold, statement, .. } => {
                let asked = self.holds.get_mut(hold).ok_or("no such hold")?;
                *asked = Some(statement.principal.clone());
                Ok(())
            }
            GroupEvent::HoldLifted { hold, statement, .. } => {
                let first = self.holds.remove(hold).flatten().ok_or("lifted unasked")?;
                must(first != statement.principal, "one person lifted a hold")?;
                if let Some(run) = self.run.as_mut() {
                    run.fresh_look = false;
                }
                Ok(())
            }
            GroupEvent::PlanPart { plan_hash, part, .. } => {
                must(self.run.as_ref().is_none_or(|run| run.ended), "a part under a running run")?;
                self.part = Some((*plan_hash, (**part).clone()));
                Ok(())
            }
            GroupEvent::RunStarted { plan_hash, .. } => {
                must(self.run.as_ref().is_none_or(|run| run.ended), "two runs at a time")?;
                must(self.run.as_ref().is_none_or(|run| run.plan_hash != *plan_hash), "one plan ran twice")?;
                must(self.holds.is_empty(), "begun under a hold")?;
                must(case.applied && case.agreed(*plan_hash), "begun without agreement")?;
                let part =
                    self.part.as_ref().filter(|(hash, _)| hash == plan_hash).ok_or("no part")?.1.clone();
                self.run = Some(RunLaw {
                    plan_hash: *plan_hash,
                    steps: vec![StepLaw::default(); part.steps.len()],
                    part,
                    paused: false,
                    undo: false,
                    rebuild: false,
                    differences: false,
                    sealed: None,
                    read_back: None,
                    fresh_look: false,
                    observed_from: None,
                    probes: Vec::new(),
                    probes_from: 0,
                    judged: None,
                    handed_over: false,
                    ended: false,
                });
                Ok(())
            }
            other => {
                let run = self.run.as_mut().ok_or("no run")?;
                must(!run.ended, "an event after the end")?;
                run.see(id, case, self.holds.is_empty(), at, other)
            }
        }
    }
}

impl RunLaw {
    fn at(&self, id: &str) -> Result<(usize, Step), String> {
        let at = self.part.steps.iter().position(|step| step.id == id).ok_or("no such step")?;
        Ok((at, self.part.steps[at].clone()))
    }

    fn of(&self, op: StepOp) -> Option<&StepLaw> {
        self.part.steps.iter().position(|step| step.op == op).map(|at| &self.steps[at])
    }

    fn moves(&self, at: usize) -> Verdicts {
        must(!self.paused, "while paused")?;
        must(!self.undo, "after undo was asked")?;
        must(!self.differences, "although the plan is stale")?;
        must(self.steps[..at].iter().all(|step| step.settled), "before an earlier step was settled")
    }

    /// What must hold before a step is begun, by us or by a person.
    fn begins(&self, case: &CaseLaw, free: bool, at: usize, step: &Step) -> Verdicts {
        self.moves(at)?;
        let others = self.steps.iter().enumerate().filter(|(n, _)| *n != at);
        must(!others.map(|(_, step)| step).any(StepLaw::in_flight), "while another call is in flight")?;
        if !acts(step.op) {
            return Ok(());
        }
        must(free, "under a hold")?;
        must(case.applied && case.agreed(self.plan_hash), "without agreement")?;
        let dissolve = self.part.steps.iter().position(|step| step.op == StepOp::Dissolve);
        if dissolve.is_some_and(|dissolve| dissolve < at) {
            must(self.of(StepOp::Dissolve).is_some_and(|step| step.applied), "after a failed dissolve")?;
        }
        if irreversible(step.op) {
            must(self.sealed.is_some() && self.sealed == self.read_back, "before the seal was read back")?;
            must(self.of(StepOp::CoolingOff).is_some_and(|step| step.settled), "before the cooling-off")?;
            let notice = self.of(StepOp::NoticePeriod).is_none_or(|step| step.settled);
            must(notice, "before the notice's time was over")?;
            let parties =
                self.part.steps.iter().zip(&self.steps).filter(|(step, _)| step.op == StepOp::Party);
            let agreed = parties.map(|(_, law)| law).all(|law| law.agreed == Some(true) && law.settled);
            must(agreed, "before every party agreed")?;
            must(self.part.way.nominee.is_none() || self.handed_over, "before the nominee accepted")?;
            if !self.past_return() {
                must(self.fresh_look, "without a second look")?;
            }
        }
        Ok(())
    }

    /// For how long the platform brings the group back, if it does, and if nothing more was destroyed.
    fn window(&self) -> Option<u64> {
        let step = self.part.steps.iter().find(|step| step.op == StepOp::Dissolve)?;
        let Reversible::Seconds { seconds } = step.reversible else { return None };
        let more = |op| self.of(op).is_some_and(|law| law.done_intents > 0 || law.asked || law.helped);
        let gone = more(StepOp::Purge) || more(StepOp::RemoveMedia);
        (step.params.contains_key("restore") && !gone).then_some(seconds)
    }

    fn past_return(&self) -> bool {
        self.part.steps.iter().zip(&self.steps).any(|(step, law)| {
            irreversible(step.op) && (law.done_intents > 0 || law.asked || law.helped || law.applied)
        })
    }

    fn see(&mut self, id: &GroupId, case: &CaseLaw, free: bool, at: Time, event: &GroupEvent) -> Verdicts {
        match event {
            GroupEvent::Intent { step, op, attempt, irreversible: bad, undo } => {
                let (n, step) = self.at(step)?;
                must(step.op == *op && irreversible(*op) == *bad, "a misnamed intent")?;
                must(step.support != Support::Assisted, "an intent for what a person does")?;
                let law = &self.steps[n];
                must(*attempt == law.attempts + 1, "attempts out of count")?;
                let known = law.known;
                if *undo {
                    let back = *op == StepOp::Dissolve && !self.rebuild;
                    must(self.undo && (back || *op == StepOp::Freeze), "an undo that nobody asked for")?;
                    let wanted = if law.undoing { Effect::NotApplied } else { Effect::Applied };
                    must(known == Some(wanted), "an undo of what is not known")?;
                } else {
                    let helped = law.helped && !acts(*op);
                    must(
                        law.attempts == 0 || known == Some(Effect::NotApplied) || helped,
                        "tried again blindly",
                    )?;
                    must(
                        !acts(*op) || step.class != EffectClass::U || law.attempts == 0,
                        "class U tried again",
                    )?;
                    self.begins(case, free, n, &step)?;
                }
                let law = &mut self.steps[n];
                law.attempts += 1;
                law.done_intents += u32::from(!*undo);
                law.helped = false;
                (law.undoing, law.answered, law.known, law.settled) = (*undo, false, None, false);
            }
            GroupEvent::Outcome { step, attempt, effect, .. } => {
                let (n, _) = self.at(step)?;
                let law = &mut self.steps[n];
                must(*attempt == law.attempts && law.in_flight() && !law.answered, "an answer to no call")?;
                law.answered = true;
                law.known = (*effect == Effect::NotApplied).then_some(Effect::NotApplied);
            }
            GroupEvent::Answered { step, answer } => {
                let (n, step) = self.at(step)?;
                must(step.op == StepOp::Party, "an answer to no message")?;
                let law = &mut self.steps[n];
                must(law.in_flight() || law.helped, "an answer to what was not sent")?;
                must(law.agreed.is_none(), "answered twice")?;
                law.agreed = Some(answer.accepted);
                self.differences |= !answer.accepted;
            }
            GroupEvent::HandoverAccepted { statement, .. } => {
                must(self.part.way.nominee.as_ref() == Some(&statement.principal), "accepted by another")?;
                must(!self.handed_over, "accepted twice")?;
                self.handed_over = true;
            }
            GroupEvent::ReadBack { step, attempt, effect, retry_s, .. } => {
                let (n, spec) = self.at(step)?;
                let law = &mut self.steps[n];
                must(*attempt == law.attempts && !law.settled, "a read-back of no call")?;
                must(law.in_flight() || law.helped, "a read-back of what nobody did")?;
                must(
                    spec.op != StepOp::Party || *effect != Effect::Applied || law.agreed.is_some(),
                    "a party's step without its answer",
                )?;
                law.known = (*effect != Effect::Unknown).then_some(*effect);
                law.unknowable = *effect == Effect::Unknown && retry_s.is_none();
                law.settled = *effect == Effect::Applied;
                law.applied = law.settled && !law.undoing;
                law.applied_at = law.applied.then_some(at).or(law.applied_at);
                law.helped &= *effect != Effect::NotApplied;
            }
            GroupEvent::Exported { step, .. } => {
                let (_, step) = self.at(step)?;
                must(matches!(step.op, StepOp::Export | StepOp::TailExport), "an export by another step")?;
            }
            GroupEvent::Sealed { bag_hash, .. } => self.sealed = Some(*bag_hash),
            GroupEvent::SealReadBack { bag_hash } => self.read_back = Some(*bag_hash),
            GroupEvent::WaitStarted { step, until } => {
                let (n, step) = self.at(step)?;
                self.moves(n)?;
                let seconds = match step.op {
                    StepOp::NoticePeriod => self.part.policy.notice_s,
                    StepOp::CoolingOff => self.part.policy.cooling_off_s,
                    StepOp::Observe => self.part.policy.observation_s,
                    StepOp::Settle => self.part.policy.settle_s,
                    StepOp::Join => self.part.policy.joint_patience_s,
                    _ => return Err("a wait that is none".to_owned()),
                };
                must(*until >= at.plus_secs(seconds), "a wait that is too short")?;
                if let Some(announced) = self.part.way.not_before.filter(|_| step.op == StepOp::NoticePeriod)
                {
                    let end = until.plus_secs(self.part.policy.cooling_off_s);
                    must(end >= announced, "the end would come before the time that was announced")?;
                }
                if step.op == StepOp::Observe {
                    self.observed_from = Some(at);
                }
                self.steps[n].until = Some(*until);
            }
            GroupEvent::WaitEnded { step } => {
                let (n, step) = self.at(step)?;
                self.moves(n)?;
                let stage = step.text("stage").and_then(Stage::of);
                let there = step.op == StepOp::Join && stage.is_some_and(|stage| case.all_at(stage, id));
                must(there || self.steps[n].until.is_some_and(|until| at >= until), "a wait that was cut")?;
                self.steps[n].settled = true;
            }
            GroupEvent::PersonAsked { step, deadline, .. } => {
                let (n, step) = self.at(step)?;
                must(!self.paused, "asked while paused")?;
                if self.undo {
                    let back =
                        step.op == StepOp::Dissolve && (self.steps[n].applied || self.steps[n].undoing);
                    must(back || step.op == StepOp::Freeze, "asked for more than the undo")?;
                    self.steps[n].undoing = true;
                    self.steps[n].settled = false;
                } else {
                    self.begins(case, free, n, &step)?;
                }
                (self.steps[n].asked, self.steps[n].known) = (true, None);
                self.steps[n].deadline = *deadline;
                self.steps[n].said_done.clear();
                self.steps[n].shown = false;
                self.steps[n].cant = false;
            }
            GroupEvent::PersonOverdue { step } => {
                let (n, _) = self.at(step)?;
                let due = self.steps[n].deadline.take().is_some_and(|deadline| deadline <= at);
                must(self.steps[n].asked && due, "escalated before the deadline, or twice")?;
            }
            GroupEvent::PersonCant { step, .. } => {
                let (n, step) = self.at(step)?;
                must(self.steps[n].asked && !self.steps[n].undoing, "can't do what nobody asked for")?;
                (self.steps[n].asked, self.steps[n].helped, self.steps[n].cant) = (false, true, true);
                self.steps[n].leaves_nothing_under_way(&step);
            }
            GroupEvent::PersonDone { step, by, evidence, .. } => {
                let (n, step) = self.at(step)?;
                must(self.steps[n].asked, "a person did what nobody asked for")?;
                must(self.steps[n].said_done.insert(by.clone()), "one person counted twice")?;
                self.steps[n].shown |= !evidence.is_empty();
                let two = irreversible(step.op) && !self.steps[n].undoing;
                let blind = only_told(&step) && !self.steps[n].shown && !self.steps[n].undoing;
                let needed =
                    if two { self.part.policy.human_people as usize } else { 1 + usize::from(blind) };
                if self.steps[n].said_done.len() >= needed {
                    (self.steps[n].asked, self.steps[n].helped) = (false, true);
                    self.steps[n].leaves_nothing_under_way(&step);
                }
            }
            GroupEvent::Told { step, by, shown } => {
                let (n, spec) = self.at(step)?;
                let law = &mut self.steps[n];
                must(only_told(&spec) && law.unknowable && !law.undoing, "a word in place of a look")?;
                let said: BTreeSet<PrincipalId> = by.iter().cloned().collect();
                let enough = said.len() >= if *shown { 1 } else { 2 };
                must(said == law.said_done && *shown == law.shown && enough, "on whose word?")?;
                must(!law.cant && !law.settled, "told what nobody did")?;
                law.settled = true;
            }
            GroupEvent::Rechecked { step, differences } => {
                let (n, _) = self.at(step)?;
                self.moves(n)?;
                self.differences = !differences.is_empty();
                self.fresh_look = differences.is_empty();
                self.steps[n].settled = differences.is_empty();
            }
            GroupEvent::StepFailed { step, .. } => {
                let (n, step) = self.at(step)?;
                let hopeless = self.of(StepOp::Dissolve).is_some_and(|step| step.failed);
                must(hopeless || self.undo || irreversible(step.op), "gave up what a person can do")?;
                must(!self.paused, "gave up while paused")?;
                (self.steps[n].settled, self.steps[n].failed) = (true, true);
            }
            GroupEvent::Probed(probe) => {
                must(self.observed_from.is_some() && !self.paused, "a probe out of the observation")?;
                must(probe.n as usize == self.probes.len(), "probes out of count")?;
                self.probes.push(probe.clone());
            }
            GroupEvent::Reopened { n } => {
                must(self.probes.last().is_some_and(|probe| probe.n == *n), "reopened by another probe")?;
                let since = &self.probes[self.probes_from..];
                let was_gone = since.iter().any(|probe| probe.reading == Verdict::Gone);
                let here = !matches!(since[since.len() - 1].reading, Verdict::Gone | Verdict::Unknown);
                must(was_gone && here, "reopened although it did not come back")?;
                (self.observed_from, self.probes_from) = (Some(at), self.probes.len());
            }
            GroupEvent::Judged { verdict } => self.judge(at, *verdict)?,
            GroupEvent::Paused { .. } => {
                must(!self.paused && !self.undo, "paused twice")?;
                self.paused = true;
            }
            GroupEvent::Resumed { .. } => {
                must(self.paused, "resumed what moves")?;
                (self.paused, self.fresh_look) = (false, false);
            }
            GroupEvent::UndoAsked { rebuild, .. } => {
                must(!self.undo, "undo asked twice")?;
                if self.past_return() {
                    let dissolved = self.of(StepOp::Dissolve).and_then(|step| step.applied_at);
                    let until = dissolved.and_then(|dissolved| Some(dissolved.plus_secs(self.window()?)));
                    let comes_back = until.is_some_and(|until| at <= until);
                    must(dissolved.is_some(), "undo of a dissolve that nobody knows of")?;
                    must(comes_back != *rebuild, "undo after the point of no return, or a second group")?;
                } else {
                    must(!*rebuild, "a new group beside the old one")?;
                }
                (self.undo, self.rebuild, self.paused) = (true, *rebuild, false);
            }
            GroupEvent::RunEnded { ending } => {
                self.ends(*ending)?;
                self.ended = true;
            }
            _ => return Err("an event that nobody writes".to_owned()),
        }
        Ok(())
    }

    fn judge(&mut self, at: Time, verdict: Verdict) -> Verdicts {
        must(self.judged.is_none(), "judged twice")?;
        let from = self.observed_from.ok_or("judged without an observation")?;
        must(at >= from.plus_secs(self.part.policy.observation_s), "judged too early")?;
        let missed = |probe: &Probe| probe.signals.iter().all(|signal| signal.says == Says::Nothing);
        if verdict == Verdict::Gone {
            must(self.probes.last().is_some_and(|probe| !missed(probe)), "gone without a last look")?;
            for probe in self.probes[self.probes_from..].iter().filter(|probe| !missed(probe)) {
                let proofs = || probe.signals.iter().filter(|signal| signal.proof);
                let gone = proofs().filter(|signal| signal.says == Says::Gone).count();
                let witness = proofs().any(|signal| signal.witness && signal.says == Says::Gone);
                let alive = proofs().any(|signal| {
                    matches!(signal.says, Says::Present | Says::Empty | Says::Archived | Says::Kept)
                });
                must(gone >= 2 && witness && !alive, "gone without proof")?;
            }
        }
        self.judged = Some(verdict);
        Ok(())
    }

    fn ends(&self, ending: Ending) -> Verdicts {
        must(!self.paused, "ended while paused")?;
        must(!self.steps.iter().any(StepLaw::in_flight), "ended with a call in flight")?;
        let back = self.of(StepOp::Dissolve).is_some_and(|step| step.undoing && step.settled);
        match ending {
            Ending::Observed => must(self.judged.is_some() && !self.undo, "observed without a verdict"),
            Ending::Stopped => {
                let cant = self.steps.iter().any(|step| step.cant && !step.applied);
                must((self.differences || cant) && !self.past_return(), "stopped without reason")
            }
            Ending::Done | Ending::Left => Err("a plan of another act".to_owned()),
            Ending::Rebuilt => {
                must(self.undo && self.rebuild, "rebuilt unasked").and(must(back, "rebuilt by nobody"))
            }
            Ending::Undone => {
                must(self.undo && !self.rebuild && (back || !self.past_return()), "undone unasked")?;
                // What was frozen is free again.
                must(self.of(StepOp::Freeze).is_none_or(|freeze| !freeze.applied), "undone, and still frozen")
            }
        }
    }
}
