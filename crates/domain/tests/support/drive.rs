//! A case with its groups as a journal sees them: one list of commits, states folded from it.

use std::collections::BTreeMap;

use adjourn_domain::approval::{Approval, Decision, Principal, Statement};
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::event::{CaseEvent, GroupEvent, PlanHead};
use adjourn_domain::ids::{GroupId, PrincipalId};
use adjourn_domain::plan::Plan;
use adjourn_domain::refusal::Refusal;
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Signal};

use super::support::START;

/// One row of the journal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Row {
    /// An event of the case's stream.
    Case(Box<CaseEvent>),
    /// An event of a group's stream.
    Group(GroupId, Box<GroupEvent>),
}

/// The journal and what it folds to.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The clock.
    pub(crate) now: Time,
    /// The case.
    pub(crate) case: CaseState,
    /// The groups.
    pub(crate) groups: BTreeMap<GroupId, GroupState>,
    /// All rows, with the time of each.
    pub(crate) rows: Vec<(Time, Row)>,
    /// Number of rows after each commit.
    pub(crate) commits: Vec<usize>,
    /// The plan that was drawn last.
    pub(crate) plan: Option<Plan>,
}

impl World {
    /// A case and groups of which nothing is known.
    pub(crate) fn new(groups: &[&str]) -> Self {
        let groups = groups.iter().map(|id| (GroupId::from(*id), GroupState::new((*id).into()))).collect();
        Self {
            now: Time::from_millis(START),
            case: CaseState::new("c-1".into()),
            groups,
            rows: Vec::new(),
            commits: Vec::new(),
            plan: None,
        }
    }

    /// A group.
    pub(crate) fn group(&self, id: &GroupId) -> &GroupState {
        &self.groups[id]
    }

    /// Appends in one commit.
    pub(crate) fn commit(&mut self, rows: Vec<Row>) {
        for row in rows {
            match &row {
                Row::Case(event) => self.case = self.case.clone().evolve(event),
                Row::Group(id, event) => {
                    let state = self.groups[id].clone().evolve(self.now, event);
                    self.groups.insert(id.clone(), state);
                }
            }
            self.rows.push((self.now, row));
        }
        self.commits.push(self.rows.len());
    }

    /// A wish about the case.
    pub(crate) fn on_case(&mut self, command: CaseCommand) -> Result<(), Refusal> {
        let events = self.case.decide(command, self.now)?;
        self.commit(events.into_iter().map(case_row).collect());
        Ok(())
    }

    /// A wish about a group.
    pub(crate) fn on_group(&mut self, id: &GroupId, command: RunCommand) -> Result<(), Refusal> {
        let events = self.groups[id].decide(&self.case, command, self.now)?;
        self.commit(group_rows(id, events));
        Ok(())
    }

    /// Keeps a plan: its parts and its head, in one commit.
    pub(crate) fn draw(&mut self, plan: Plan) -> Result<(), Refusal> {
        let plan_hash = plan.hash().unwrap();
        let mut rows = Vec::new();
        for part in &plan.groups {
            let command = RunCommand::KeepPart {
                case: plan.case.clone(),
                plan_hash,
                reason: plan.reason.clone(),
                part: Box::new(part.clone()),
            };
            let events = self.groups[&part.group].decide(&self.case, command, self.now)?;
            rows.extend(group_rows(&part.group, events));
        }
        let events = self.case.decide(CaseCommand::Draw(head(&plan, plan_hash)), self.now)?;
        rows.extend(events.into_iter().map(case_row));
        self.commit(rows);
        self.plan = Some(plan);
        Ok(())
    }

    /// Applies the plan: one run for each group, in one commit.
    pub(crate) fn apply(&mut self, by: &str) -> Result<(), Refusal> {
        let events = self.case.decide(CaseCommand::Apply(by.into(), None), self.now)?;
        let running = events.iter().fold(self.case.clone(), CaseState::evolve);
        let plan_hash = running.plan_hash().unwrap();
        let mut rows: Vec<Row> = events.into_iter().map(case_row).collect();
        for id in running.head.iter().flat_map(|head| &head.groups) {
            let command = RunCommand::Start { case: running.id.clone(), plan_hash };
            rows.extend(group_rows(id, self.groups[id].decide(&running, command, self.now)?));
        }
        self.commit(rows);
        Ok(())
    }

    /// A review by a principal.
    pub(crate) fn review(&mut self, who: &Principal, decision: Decision, hash: Hash) -> Result<(), Refusal> {
        let statement = Statement {
            adjourn: "approval/v1".to_owned(),
            case: self.case.id.clone(),
            plan_hash: hash,
            principal: who.id.clone(),
            decision,
            at: self.now,
            nonce: format!("{:032x}", self.rows.len()),
            on_behalf: None,
        };
        let approval = Approval { statement, signature: "00".repeat(64), passkey: None };
        let approval = Box::new(approval);
        self.on_case(CaseCommand::Review { approval, principal: who.clone(), reason: "no".to_owned() })
    }
}

/// A case's event as a row.
pub(crate) fn case_row(event: CaseEvent) -> Row {
    Row::Case(Box::new(event))
}

/// A group's events as rows.
pub(crate) fn group_rows(id: &GroupId, events: Vec<GroupEvent>) -> Vec<Row> {
    events.into_iter().map(|event| Row::Group(id.clone(), Box::new(event))).collect()
}

fn head(plan: &Plan, plan_hash: Hash) -> PlanHead {
    PlanHead {
        plan_hash,
        requester: plan.requester.clone(),
        reason_kind: plan.reason_kind,
        drawn_at: plan.drawn_at,
        act: plan.act,
        review: plan.review.clone(),
        drill: plan.drill,
        announcement_sha256: plan.announcement_sha256,
        groups: plan.groups.iter().map(|group| group.group.clone()).collect(),
        blockers: u32::try_from(plan.blockers().count()).unwrap(),
    }
}

/// A principal.
pub(crate) fn principal(id: &str, role: &str) -> Principal {
    Principal {
        id: PrincipalId::from(id),
        name: id.to_owned(),
        role: role.to_owned(),
        public_key: "00".repeat(32),
        added_by: None,
    }
}

/// A signal.
pub(crate) fn signal(witness: bool, says: Says, proof: bool) -> Signal {
    Signal {
        identity: if witness { "witness" } else { "main" }.into(),
        witness,
        question: "details".to_owned(),
        says,
        proof,
        answer: "404".to_owned(),
    }
}
