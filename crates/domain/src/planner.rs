//! Draws plans. Everything is decided here: which steps, in which order, what is not done, what nobody can know.
//!
//! Order: what can be undone first, the point of no return as late as possible. Dissolving comes after the sealed
//! history, the announcement and the cooling-off; the connection's own bot is unlinked last.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::announcement;
use crate::asset::Holding;
use crate::canonical::CanonicalError;
use crate::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use crate::clocks::PlanFacts;
use crate::group::{Activity, Link, LinkKind, Snapshot};
use crate::ids::{CaseId, GroupId, NativeId, PrincipalId};
use crate::joint::Stage;
use crate::kinds::{self, Fates, Ways};
use crate::left_out;
use crate::plan::{Act, Basis, GroupPlan, Note, Plan, ReasonKind, Step, StepOp};
use crate::policy::{ClassPolicy, PERSONAL, Policy, Review};
use crate::refusal::Refusal;
use crate::time::Time;

pub mod acts;

/// Longest announcement, in characters.
pub const MAX_ANNOUNCEMENT: usize = 4000;
/// Most groups in one case.
pub const MAX_GROUPS: usize = 1000;

/// What is known about one group when a plan is drawn.
#[derive(Debug, Clone)]
pub struct GroupInput {
    /// The group.
    pub group: GroupId,
    /// How it was seen just now.
    pub snapshot: Snapshot,
    /// Its class.
    pub class: String,
    /// The connection's effective capabilities.
    pub capabilities: Capabilities,
    /// The account that acts.
    pub own_account: NativeId,
    /// Matters of the holds on it.
    pub holds: Vec<String>,
    /// What survives, as the connector or the profile knows it.
    pub residue: Vec<Note>,
    /// What nobody can know on this platform.
    pub unknown: Vec<Note>,
    /// What is known about the platform.
    pub facts: PlanFacts,
    /// What the platform makes of links.
    pub fates: Fates,
    /// What the register says that it holds; `None` when nobody has said.
    pub holdings: Option<BTreeSet<Holding>>,
}

/// What a plan is asked for.
#[derive(Debug, Clone)]
pub struct PlanRequest<'a> {
    /// The case.
    pub case: CaseId,
    /// Who asks.
    pub requester: PrincipalId,
    /// Why, in words.
    pub reason: String,
    /// Why, by kind.
    pub reason_kind: ReasonKind,
    /// Now.
    pub now: Time,
    /// The text that members read, the same everywhere.
    pub announcement: String,
    /// Whether simulated platforms are in it.
    pub drill: bool,
    /// The organisation's policy.
    pub policy: &'a Policy,
    /// The groups.
    pub groups: Vec<GroupInput>,
    /// What kinds of groups need.
    pub ways: Ways,
}

/// Why no plan could be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The request can't be met.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A value has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// Draws the plan.
///
/// # Errors
/// `plan.empty`, `usage` for texts out of bounds or a group named twice, `config.invalid` for a class without policy or
/// one that fewer than two people review.
pub fn draw(request: PlanRequest<'_>) -> Result<Plan, PlanError> {
    if request.groups.is_empty() || request.groups.len() > MAX_GROUPS {
        return Err(Refusal::new("plan.empty").with("count", request.groups.len()).into());
    }
    if request.reason.trim().is_empty() || request.announcement.chars().count() > MAX_ANNOUNCEMENT {
        return Err(Refusal::new("usage").with("says", "reason or announcement out of bounds").into());
    }
    kinds::check(&request.ways.wish, &request.groups)?;
    let different: BTreeSet<_> = request.groups.iter().map(|input| &input.group).collect();
    if different.len() != request.groups.len() {
        return Err(Refusal::new("usage").with("says", "a group is named twice").into());
    }
    let joint = Joint {
        several: request.groups.len() > 1,
        restorable: request.groups.iter().any(|input| comes_back(&input.capabilities)),
        longest_s: kinds::longest_wait_s(&request)?,
    };
    let mut groups = Vec::with_capacity(request.groups.len());
    let mut review = Review::default();
    for input in &request.groups {
        let policy = request.policy.of(&input.class)?;
        // Two rules for one role are met by the same approvals: they count once.
        if input.class != PERSONAL && Review::default().and(&policy.review).needed() < 2 {
            let says = format!("policy {}: needs two approvals at least", input.class);
            return Err(Refusal::new("config.invalid").with("says", says).into());
        }
        review = review.and(&policy.review);
        groups.push(group_plan(input, policy, &request, joint)?);
    }
    let announced = groups.iter().any(|group| group.steps.iter().any(|step| step.op == StepOp::Announce));
    Ok(Plan {
        adjourn: "plan/v1".to_owned(),
        case: request.case,
        requester: request.requester,
        reason: request.reason,
        reason_kind: request.reason_kind,
        drawn_at: request.now,
        act: Act::Dissolve,
        review,
        drill: request.drill,
        announcement_sha256: announced.then(|| announcement::hash(&request.announcement)),
        groups,
    })
}

/// What a group's plan has to know of the others.
#[derive(Clone, Copy)]
struct Joint {
    /// Whether there are others.
    several: bool,
    /// Whether one of them can be brought back by its platform after the end.
    restorable: bool,
    /// How long a notice or another party may keep one of them, in seconds: no trouble, and waited for.
    longest_s: u64,
}

/// Whether the platform brings the group back for a while.
fn comes_back(capabilities: &Capabilities) -> bool {
    capabilities.row(Op::Dissolve).is_some_and(|row| matches!(row.reversible, Reversible::Seconds { .. }))
}

fn group_plan(
    input: &GroupInput,
    policy: &ClassPolicy,
    request: &PlanRequest<'_>,
    joint: Joint,
) -> Result<GroupPlan, PlanError> {
    let snapshot = &input.snapshot;
    let steps = steps(input, policy, request, joint);
    Ok(GroupPlan {
        group: input.group.clone(),
        platform: snapshot.platform.clone(),
        connection: snapshot.connection.clone(),
        native: snapshot.native.clone(),
        name: snapshot.label().to_owned(),
        class: input.class.clone(),
        policy: policy.clone(),
        basis: basis(input)?,
        will_not: will_not(input, request),
        unknown: unknown(input),
        residue: residue(input, request),
        blockers: blockers(input, request),
        facts: input.facts.facts.clone(),
        clocks: input.facts.clocks.clone(),
        way: kinds::way(input, request, &steps),
        steps,
    })
}

/// The world as it is now, in the form that drift is measured against.
fn basis(input: &GroupInput) -> Result<Basis, CanonicalError> {
    let snapshot = input.snapshot.clone().sorted();
    Ok(Basis {
        owners: snapshot.owners,
        members: snapshot.members.into_iter().filter(|member| !member.bot).map(|member| member.id).collect(),
        links: snapshot.links.into_iter().map(|link| link.id).collect(),
        capabilities: input.capabilities.hash()?,
        seen_at: snapshot.seen_at,
    })
}

fn steps(input: &GroupInput, policy: &ClassPolicy, request: &PlanRequest<'_>, joint: Joint) -> Vec<Step> {
    let caps = &input.capabilities;
    let mut list = StepList::default();
    let text = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), Value::from(value))]);
    let seconds = |value: u64| BTreeMap::from([("seconds".to_owned(), Value::from(value))]);
    kinds::first(&mut list, input, policy, request);
    list.connector(caps, StepOp::Freeze, BTreeMap::new());
    list.connector(caps, StepOp::Export, BTreeMap::new());
    list.ours(StepOp::Seal, "bag-read-back", BTreeMap::new());
    kinds::after_seal(&mut list, input, policy, request);
    list.join(joint, Stage::Sealed);
    let mut links: Vec<&Link> =
        input.snapshot.links.iter().filter(|link| link.kind != LinkKind::Payment).collect();
    links.sort_by(|a, b| kinds::unlink_order(a).cmp(&kinds::unlink_order(b)));
    let (own, foreign): (Vec<&Link>, Vec<&Link>) = links.into_iter().partition(|link| link.own);
    for link in foreign.into_iter().filter(|link| !left_out::stays(input, request, link)) {
        list.connector(caps, StepOp::Unlink, unlink_params(link));
    }
    list.join(joint, Stage::Unlinked);
    list.connector(caps, StepOp::Announce, text("text", &request.announcement));
    let nominee = request.ways.wish.nominee.as_ref();
    let nominee = nominee.map(|who| text("nominee", who.as_str())).unwrap_or_default();
    list.connector(caps, StepOp::Handover, nominee);
    list.join(joint, Stage::Announced);
    list.ours(StepOp::CoolingOff, "clock", seconds(policy.cooling_off_s));
    // What can't be taken back comes last.
    if joint.restorable && !comes_back(caps) {
        list.join(joint, Stage::ReversibleEnded);
    }
    if caps.support(Op::Export) == Support::Native {
        list.connector(caps, StepOp::TailExport, BTreeMap::new());
    }
    list.ours(StepOp::Recheck, "read-again", BTreeMap::new());
    list.connector(caps, StepOp::Dissolve, way_back(caps));
    list.confirmed_by_hand(&input.facts);
    if caps.has(Op::Purge) {
        list.ours(StepOp::Settle, "clock", seconds(policy.settle_s));
        list.connector(caps, StepOp::Purge, BTreeMap::new());
    }
    list.connector(caps, StepOp::RemoveMedia, BTreeMap::new());
    for link in own {
        list.connector(caps, StepOp::Unlink, unlink_params(link));
    }
    list.ours(StepOp::Observe, "probes", seconds(policy.observation_s));
    list.0
}

/// How a dissolve is taken back, where the platform has a way: by us or by a person (`restore`), and how a person is asked.
fn way_back(caps: &Capabilities) -> BTreeMap<String, Value> {
    let Some(row) = caps.row(Op::Restore).filter(|row| row.support != Support::Unsupported) else {
        return BTreeMap::new();
    };
    BTreeMap::from([
        ("restore".to_owned(), Value::from(row.support.slug())),
        ("restore_note".to_owned(), Value::from(row.note.as_str())),
    ])
}

fn unlink_params(link: &Link) -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("link".to_owned(), Value::from(link.id.as_str())),
        ("link_kind".to_owned(), Value::from(link.kind.slug())),
        ("link_name".to_owned(), Value::from(link.name.as_str())),
    ])
}

/// The steps of a plan under construction.
#[derive(Default)]
pub(crate) struct StepList(Vec<Step>);

impl StepList {
    fn id(&self, op: StepOp) -> String {
        format!("{:02}-{}", self.0.len() + 1, op.slug())
    }

    /// A step that a connector does, if it can.
    pub(crate) fn connector(&mut self, caps: &Capabilities, op: StepOp, mut params: BTreeMap<String, Value>) {
        let Some(row) = op.op().and_then(|op| caps.row(op)).filter(|row| row.support != Support::Unsupported)
        else {
            return;
        };
        // A row may name the human way that is gone when the platform's own way comes to nothing.
        if let Some((_, fallback)) = row.note.split_once("|fallback:") {
            params.insert("fallback".to_owned(), Value::from(fallback));
        }
        let note = row.note.split_once('|').map_or(row.note.as_str(), |(note, _)| note);
        let step = Step {
            id: self.id(op),
            op,
            symbol: symbol(op, row),
            support: row.support,
            note: note.to_owned(),
            reversible: row.reversible.clone(),
            proof: row.proof.clone(),
            class: row.class,
            params,
        };
        self.0.push(step);
    }

    /// What the platform's own dialog asks of a person who ends the group, as the fact says that acts. Only where a person
    /// is asked, or may be.
    fn confirmed_by_hand(&mut self, facts: &PlanFacts) {
        let by_hand = |step: &&mut Step| {
            let person = step.support == Support::Assisted || step.params.contains_key("fallback");
            step.op == StepOp::Dissolve && person
        };
        let fact = facts.facts.iter().find(|fact| fact.key == "dissolve.confirm");
        let asks = fact.and_then(|fact| fact.value.as_str()).filter(|asks| *asks != "none");
        if let Some((step, asks)) = self.0.last_mut().filter(by_hand).zip(asks) {
            step.params.insert("confirm".to_owned(), Value::from(asks));
        }
    }

    /// A place where the groups of a case wait for each other.
    fn join(&mut self, joint: Joint, stage: Stage) {
        if joint.several {
            let mut params = BTreeMap::from([("stage".to_owned(), Value::from(stage.slug()))]);
            if joint.longest_s > 0 {
                params.insert("longest_s".to_owned(), Value::from(joint.longest_s));
            }
            self.ours(StepOp::Join, "others-there", params);
        }
    }

    /// A step that is ours alone.
    pub(crate) fn ours(&mut self, op: StepOp, proof: &str, params: BTreeMap<String, Value>) {
        let step = Step {
            id: self.id(op),
            op,
            symbol: if op == StepOp::Observe { '?' } else { '~' },
            support: Support::Native,
            note: String::new(),
            reversible: Reversible::Harmless,
            proof: proof.to_owned(),
            class: EffectClass::P,
            params,
        };
        self.0.push(step);
    }

    /// A step that another party does. What is sent can't be taken back, and a key keeps it from counting twice.
    pub(crate) fn party(&mut self, params: BTreeMap<String, Value>) {
        let step = Step {
            id: self.id(StepOp::Party),
            op: StepOp::Party,
            symbol: '!',
            support: Support::Native,
            note: String::new(),
            reversible: Reversible::Never,
            proof: "answer".to_owned(),
            class: EffectClass::K,
            params,
        };
        self.0.push(step);
    }
}

fn symbol(op: StepOp, row: &Capability) -> char {
    match (op, row.support, &row.reversible) {
        (_, Support::Assisted, _) => '#',
        (StepOp::Dissolve, _, _) => '-',
        (_, _, Reversible::Never) => '!',
        _ => '~',
    }
}

fn will_not(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let mut notes = vec![Note::new("willnot-accounts"), Note::new("willnot-other-groups")];
    for (op, note) in [(Op::Freeze, "willnot-freeze"), (Op::Announce, "willnot-announce")] {
        if !input.capabilities.has(op) {
            notes.push(Note::new(note));
        }
    }
    if !input.snapshot.links.is_empty() && !input.capabilities.has(Op::Unlink) {
        notes.push(Note::new("willnot-unlink"));
    }
    notes.extend(kinds::will_not(input, request));
    notes
}

/// What the connector knows to survive, and what the platform's facts say; each once.
fn residue(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let mut notes = input.residue.clone();
    notes.extend(input.facts.residue.iter().filter(|note| !input.residue.contains(note)).cloned());
    notes.extend(left_out::residue(input, request));
    notes
}

fn unknown(input: &GroupInput) -> Vec<Note> {
    let mut notes = vec![Note::new("unknown-copies")];
    if input.snapshot.encrypted {
        notes.push(Note::new("unknown-encrypted"));
    }
    if input.snapshot.activity == Activity::Unknown {
        notes.push(Note::new("unknown-activity"));
    }
    notes.extend(input.unknown.iter().cloned());
    notes
}

fn blockers_of_holds(input: &GroupInput) -> Vec<Note> {
    input.holds.iter().map(|matter| Note::new("blocker-hold").with("matter", matter)).collect()
}

fn blockers(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let mut notes = blockers_of_holds(input);
    for op in [Op::Dissolve, Op::Verify, Op::Export] {
        if !input.capabilities.has(op) {
            notes.push(Note::new("blocker-capability").with("op", op.slug()));
        }
    }
    for link in input.snapshot.links.iter().filter(|link| link.kind == LinkKind::Payment) {
        notes.push(Note::new("blocker-money").with("link", &link.name));
    }
    if input.class == PERSONAL && input.snapshot.owners != [input.own_account.clone()] {
        notes.push(Note::new("blocker-personal"));
    }
    notes.extend(kinds::blockers(input, request));
    notes
}
