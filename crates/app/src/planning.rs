//! Drawing plans, reading them again, and comparing them with the world.

use std::collections::BTreeMap;

use adjourn_domain::announcement::Room;
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::clocks::changed;
use adjourn_domain::drift::{OwnChanges, differences};
use adjourn_domain::event::PlanHead;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::kinds::{KindWish, Ways, announced, has_notice, kind_of};
use adjourn_domain::law::About;
use adjourn_domain::left_out::LeftOut;
use adjourn_domain::member_notice::{MemberNotice, Retention};
use adjourn_domain::plan::{Act, GroupPlan, Note, Plan, ReasonKind, StepOp};
use adjourn_domain::planner::{GroupInput, PlanRequest, draw};
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::ports::{AnnouncementFacts, Organisation, PlatformFacts, Signer};

/// What a person asks a plan for.
#[derive(Debug, Clone)]
pub struct PlanWish {
    /// The groups.
    pub groups: Vec<GroupId>,
    /// Why, in words.
    pub reason: String,
    /// Why, by kind.
    pub reason_kind: ReasonKind,
    /// The text that members read; the legal statement and the technical note are put behind it.
    pub announcement: String,
    /// Languages of what is put behind it, `zh-CN`, `en`; empty for the surface's own.
    pub languages: Vec<String>,
    /// What the groups' kinds need to know.
    pub kinds: KindWish,
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
    pub async fn plan(&self, mut wish: PlanWish, signer: &dyn Signer) -> Result<(Plan, Hash), AppError> {
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
        let mut limits = Vec::with_capacity(wish.groups.len());
        for id in &wish.groups {
            let state = self.journal.group(id).await?;
            if state.running() {
                return Err(AppError::new("run.active").with("group", id));
            }
            let inspected = self.look(&state).await?;
            let connection = org.connection(&inspected.snapshot.connection)?;
            drill |= connection.drill;
            let facts = self.plan_facts(&org, connection, &inspected.snapshot)?;
            let fates = self.fates(&org, connection)?;
            limits.push(inspected.max_announcement);
            let state = self.see(connection, state, inspected.snapshot.clone()).await?;
            if let Some(kind) = state.registered_kind().filter(|_| wish.kinds.kind.is_none()) {
                wish.kinds.kinds.entry(id.clone()).or_insert(kind);
            }
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
                fates,
                holdings: state.holdings().cloned(),
            });
            states.push(state);
        }
        let ways = self.ways(&wish, &inputs, now)?;
        let mut request = PlanRequest {
            case: case_id,
            requester: requester.clone(),
            reason: wish.reason,
            reason_kind: wish.reason_kind,
            now,
            announcement: wish.announcement,
            drill,
            policy: &self.policy,
            groups: inputs,
            ways,
        };
        // Who gets what, and what stays, is known when the steps are; the announcement tells it.
        request.announcement = self.announcement(&draw(request.clone())?, &request, &wish.languages, &limits);
        let plan = draw(request)?;
        fits(&plan, &limits)?;
        let hash = plan.hash()?;
        self.keep_plan(&plan, hash, case, states).await?;
        Ok((plan, hash))
    }

    /// Links by id or name that are to stay on, as they hang on these groups.
    ///
    /// # Errors
    /// `usage` when no group has such a link.
    pub async fn left_out(
        &self,
        groups: &[GroupId],
        links: &[String],
        why: &str,
    ) -> Result<LeftOut, AppError> {
        let mut left = LeftOut::new();
        for named in links {
            let before = left.values().map(BTreeMap::len).sum::<usize>();
            for id in groups {
                let state = self.journal.group(id).await?;
                let on = state.snapshot.iter().flat_map(|seen| &seen.links);
                for link in on.filter(|link| link.id.as_str() == named || link.name == *named) {
                    left.entry(id.clone()).or_default().insert(link.id.clone(), why.to_owned());
                }
            }
            if left.values().map(BTreeMap::len).sum::<usize>() == before {
                return Err(
                    AppError::new("usage").with("says", format!("{named} is on no group of the plan"))
                );
            }
        }
        Ok(left)
    }

    /// What the kinds of the groups need: who can be reached, and the text of the advance notice.
    fn ways(&self, wish: &PlanWish, inputs: &[GroupInput], now: Time) -> Result<Ways, AppError> {
        let organisation = self.around.organisation.as_ref();
        let mut ways = Ways {
            wish: wish.kinds.clone(),
            parties: self.around.parties.reachable().into_iter().collect(),
            processor: organisation.map(Organisation::processor),
            laws: self.profiles.laws()?,
            duty: organisation
                .map(|us| if us.duty.is_empty() { us.contact.clone() } else { us.duty.clone() })
                .unwrap_or_default(),
            notice: String::new(),
        };
        let mut announced_at = None;
        for input in inputs {
            if has_notice(kind_of(&wish.kinds, input)) {
                let at = announced(&wish.kinds, self.policy.of(&input.class)?, now)?;
                announced_at = announced_at.max(Some(at));
            }
        }
        if let Some(at) = announced_at {
            ways.notice = self.around.words.notice(at, organisation, &wish.languages);
        }
        ways.wish.not_before = announced_at;
        Ok(ways)
    }

    /// The joint announcement: the requester's text, and where the organisation is known the legal statement and the
    /// technical note. All groups get the same text, so the platform with the least room decides: where the whole note has no
    /// place, it says that what stays is told to whoever asks. The plan has every line of it.
    fn announcement(
        &self,
        sketch: &Plan,
        request: &PlanRequest<'_>,
        languages: &[String],
        limits: &[Room],
    ) -> String {
        let text = request.announcement.clone();
        let notices = sketch.groups.iter().filter_map(|group| group.way.member_notice.as_deref());
        let Some(notice) = MemberNotice::joint(notices).filter(|notice| notice.organisation.is_some()) else {
            return text;
        };
        let mut retention: Vec<Retention> = Vec::new();
        for kept in sketch.groups.iter().flat_map(|group| &group.way.retention) {
            if !retention.contains(kept) {
                retention.push(kept.clone());
            }
        }
        let platform = |group: &GroupPlan| PlatformFacts {
            platform: group.platform.to_string(),
            recovery_s: group
                .steps
                .iter()
                .find(|step| step.op == StepOp::Dissolve)
                .and_then(|step| PlatformFacts::window(&step.reversible)),
            residue: group.residue.clone(),
        };
        let facts = AnnouncementFacts {
            text,
            languages: languages.to_vec(),
            notice,
            reason_kind: sketch.reason_kind,
            kinds: sketch.groups.iter().map(|group| group.way.kind).collect(),
            retention,
            platforms: sketch.groups.iter().map(platform).collect(),
        };
        let whole = self.around.words.announcement(&facts);
        if limits.iter().all(|room| room.holds(&whole)) {
            return whole;
        }
        let short = |platform: PlatformFacts| {
            let stays = !platform.residue.is_empty();
            let residue = stays.then(|| Note::new("residue-told-on-request")).into_iter().collect();
            PlatformFacts { residue, ..platform }
        };
        let platforms = facts.platforms.into_iter().map(short).collect();
        self.around.words.announcement(&AnnouncementFacts { platforms, ..facts })
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
            announcement_sha256: plan.announcement_sha256,
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
        let events = case.decide(CaseCommand::Draw(head), now)?;
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
            announcement_sha256: head.announcement_sha256,
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
        notes.extend(self.law_changed(state, part)?);
        notes.extend(differences(
            &part.basis,
            &inspected.snapshot.sorted(),
            inspected.capabilities.hash()?,
            part.policy.members_drift_percent,
            own,
        ));
        Ok(notes)
    }

    /// Whether other records have to be kept now than the members are told.
    fn law_changed(&self, state: &GroupState, part: &GroupPlan) -> Result<Option<Note>, AppError> {
        let about = About { kind: part.way.kind, class: &part.class, holdings: state.holdings() };
        let told = part.way.member_notice.is_some();
        let same = part.way.retention == Retention::all(&self.profiles.laws()?, about);
        Ok((told && !same).then(|| Note::new("drift-retention")))
    }

    /// Bytes of chance in hex, for new ids.
    pub fn random_hex(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.journal.rng.fill(&mut buffer);
        adjourn_domain::canonical::hex(&buffer)
    }
}

/// Refuses a text that a platform would cut.
fn fits(plan: &Plan, limits: &[Room]) -> Result<(), AppError> {
    for (group, limit) in plan.groups.iter().zip(limits) {
        let posted = group.steps.iter().filter(|step| matches!(step.op, StepOp::Announce | StepOp::Notice));
        for (step, text) in posted.filter_map(|step| Some((step, step.text("text")?))) {
            if !limit.holds(text) {
                return Err(AppError::new("announcement.too_long")
                    .with("platform", &group.platform)
                    .with("step", step.op.slug())
                    .with("count", limit.length(text))
                    .with("unit", limit.unit())
                    .with("limit", limit.limit()));
            }
        }
    }
    Ok(())
}
