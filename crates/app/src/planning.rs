//! Drawing plans, reading them again, and comparing them with the world.

use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::clocks::changed;
use adjourn_domain::drift::{OwnChanges, differences};
use adjourn_domain::event::PlanHead;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::plan::{Act, GroupPlan, Note, Plan, ReasonKind};
use adjourn_domain::planner::{GroupInput, PlanRequest, draw};
use adjourn_domain::run::{GroupState, RunCommand};
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// What a person asks a plan for.
#[derive(Debug, Clone)]
pub struct PlanWish {
    /// The groups.
    pub groups: Vec<GroupId>,
    /// Why, in words.
    pub reason: String,
    /// Why, by kind.
    pub reason_kind: ReasonKind,
    /// The text that members read.
    pub announcement: String,
    /// The case to draw again; a new one if `None`.
    pub case: Option<CaseId>,
}

/// What differs from a plan, for one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupDrift {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// What differs.
    pub differences: Vec<Note>,
}

impl App {
    /// Looks at the groups, draws a plan and keeps it.
    pub async fn plan(&self, wish: PlanWish, signer: &dyn Signer) -> Result<(Plan, Hash), AppError> {
        let org = self.journal.org().await?;
        let requester = org.principal(signer)?.id.clone();
        let now = self.clock.now();
        let case_id = wish.case.clone().unwrap_or_else(|| CaseId(format!("c-{}", self.random_hex(4))));
        let case = self.journal.case(&case_id).await?;
        if wish.case.is_some() && case.version == 0 {
            return Err(AppError::new("case.unknown").with("case", &case_id));
        }
        let mut states = Vec::with_capacity(wish.groups.len());
        let mut inputs = Vec::with_capacity(wish.groups.len());
        let mut drill = false;
        for id in &wish.groups {
            let state = self.journal.group(id).await?;
            if state.running() {
                return Err(AppError::new("run.active").with("group", id));
            }
            let inspected = self.inspect(&state).await?;
            let connection = org.connection(&inspected.snapshot.connection)?;
            drill |= connection.drill;
            if wish.announcement.chars().count() > inspected.max_announcement {
                return Err(AppError::new("usage").with("says", "announcement too long for this platform"));
            }
            let facts = self.plan_facts(&org, connection, &inspected.snapshot)?;
            let state = self.see(connection, state, inspected.snapshot.clone()).await?;
            inputs.push(GroupInput {
                group: id.clone(),
                snapshot: inspected.snapshot.sorted(),
                class: state.class.clone(),
                capabilities: inspected.capabilities,
                own_account: inspected.own_account,
                holds: state.holds.values().map(|hold| hold.matter.clone()).collect(),
                residue: inspected.residue,
                unknown: inspected.unknown,
                facts,
            });
            states.push(state);
        }
        let plan = draw(PlanRequest {
            case: case_id,
            requester: requester.clone(),
            reason: wish.reason,
            reason_kind: wish.reason_kind,
            now,
            announcement: wish.announcement,
            drill,
            policy: &self.policy,
            groups: inputs,
        })?;
        let hash = plan.hash()?;
        self.keep_plan(&plan, hash, case, states).await?;
        Ok((plan, hash))
    }

    pub(crate) async fn keep_plan(
        &self,
        plan: &Plan,
        hash: Hash,
        case: CaseState,
        states: Vec<GroupState>,
    ) -> Result<(), AppError> {
        let now = plan.drawn_at;
        let head = PlanHead {
            plan_hash: hash,
            requester: plan.requester.clone(),
            reason_kind: plan.reason_kind,
            drawn_at: now,
            act: plan.act,
            review: plan.review.clone(),
            drill: plan.drill,
            groups: plan.groups.iter().map(|group| group.group.clone()).collect(),
            blockers: u32::try_from(plan.blockers().count()).unwrap_or(u32::MAX),
        };
        let mut tx = self.journal.begin(now, &plan.requester);
        for (state, part) in states.into_iter().zip(&plan.groups) {
            let command = RunCommand::KeepPart {
                case: plan.case.clone(),
                plan_hash: hash,
                reason: plan.reason.clone(),
                part: Box::new(part.clone()),
            };
            let events = state.decide(&case, command, now)?;
            let state = tx.group(state, &events)?;
            self.put_card(&mut tx, &state)?;
        }
        let events = case.decide(CaseCommand::Draw(head))?;
        let case = tx.case(case, &events)?;
        self.put_case_card(&mut tx, &case)?;
        tx.commit().await
    }

    /// The plan of a case, put together again from the journal and checked against its hash.
    pub async fn load_plan(&self, case: &CaseState) -> Result<Plan, AppError> {
        let head = case.head.as_ref().ok_or_else(|| AppError::new("case.unknown").with("case", &case.id))?;
        let mut groups: Vec<GroupPlan> = Vec::with_capacity(head.groups.len());
        let mut reason = String::new();
        for id in &head.groups {
            let events = self.journal.group_events(id).await?;
            let part = events.into_iter().rev().find_map(|(_, event)| match event {
                adjourn_domain::event::GroupEvent::PlanPart { plan_hash, reason, part, .. }
                    if plan_hash == head.plan_hash =>
                {
                    Some((reason, part))
                }
                _ => None,
            });
            let (why, part) = part.ok_or_else(|| AppError::new("plan.edited").with("case", &case.id))?;
            reason = why;
            groups.push(*part);
        }
        let plan = Plan {
            adjourn: "plan/v1".to_owned(),
            case: case.id.clone(),
            requester: head.requester.clone(),
            reason,
            reason_kind: head.reason_kind,
            drawn_at: head.drawn_at,
            act: head.act,
            review: head.review.clone(),
            drill: head.drill,
            groups,
        };
        if plan.hash()? == head.plan_hash {
            Ok(plan)
        } else {
            Err(AppError::new("plan.edited").with("case", &case.id))
        }
    }

    /// What differs between the plan of a case and the world now. Changes nothing.
    pub async fn drift(&self, case: &CaseState) -> Result<Vec<GroupDrift>, AppError> {
        let plan = self.load_plan(case).await?;
        let mut drifts = Vec::new();
        // Nobody of ours may see a group whose owner is banned; its witness reads what came of the rescue.
        if plan.act == Act::Rescue {
            return Ok(drifts);
        }
        for part in &plan.groups {
            let state = self.journal.group(&part.group).await?;
            let notes = self.drift_of(&state, part, &OwnChanges::default()).await?;
            if !notes.is_empty() {
                drifts.push(GroupDrift {
                    group: part.group.clone(),
                    name: part.name.clone(),
                    differences: notes,
                });
            }
        }
        Ok(drifts)
    }

    /// What differs for one group.
    pub(crate) async fn drift_of(
        &self,
        state: &GroupState,
        part: &GroupPlan,
        own: &OwnChanges,
    ) -> Result<Vec<Note>, AppError> {
        let inspected = self.inspect(state).await?;
        let org = self.journal.org().await?;
        let connection = org.connection(&part.connection)?;
        // A link that came or went is drift of its own; the facts are those of the platform.
        let facts = self.plan_facts(&org, connection, &inspected.snapshot)?;
        let mut notes = changed(&part.facts, &facts);
        notes.extend(differences(
            &part.basis,
            &inspected.snapshot.sorted(),
            inspected.capabilities.hash()?,
            part.policy.members_drift_percent,
            own,
        ));
        Ok(notes)
    }

    pub(crate) fn random_hex(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.journal.rng.fill(&mut buffer);
        adjourn_domain::canonical::hex(&buffer)
    }
}
