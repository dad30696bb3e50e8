//! Plans for acts that end no group: transfer and rescue. Each is an act of its own with a plan of its own, never a
//! dissolve in disguise (requirement G2), and wants the review of the group's class.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{GroupInput, PlanError, StepList, basis, blockers_of_holds};
use crate::capability::{EffectClass, Op, Reversible, Support};
use crate::event::EvidenceRef;
use crate::group::Standing;
use crate::ids::{CaseId, NativeId, PrincipalId};
use crate::plan::{Act, GroupPlan, Note, Plan, ReasonKind, Step, StepOp};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::time::Time;

/// How long a platform's service desk takes on average, in seconds. An average: past it somebody is told.
pub const SERVICE_DESK_S: u64 = 48 * 3600;

/// What such a plan is asked for.
#[derive(Debug, Clone)]
pub struct ActRequest<'a> {
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
    /// Whether the platform is simulated.
    pub drill: bool,
    /// The organisation's policy.
    pub policy: &'a Policy,
    /// What is to be done.
    pub act: Act,
    /// The new owner of a transfer or rescue.
    pub to: Option<NativeId>,
    /// Proof of identity for a rescue.
    pub proof: Vec<EvidenceRef>,
    /// The group.
    pub group: GroupInput,
}

/// Draws the plan.
///
/// # Errors
/// `usage` for a missing reason or successor, `config.invalid` for a class without policy.
pub fn draw(request: ActRequest<'_>) -> Result<Plan, PlanError> {
    if request.reason.trim().is_empty() {
        return Err(Refusal::new("usage").with("says", "a reason is needed").into());
    }
    let input = &request.group;
    let policy = request.policy.of(&input.class)?;
    let mut list = StepList::default();
    let mut blockers = blockers_of_holds(input);
    match request.act {
        Act::Dissolve => {
            return Err(Refusal::new("usage").with("says", "a dissolve has its own plan").into());
        }
        Act::Transfer => transfer(&mut list, &mut blockers, &request)?,
        Act::Rescue => rescue(&mut list, &mut blockers, &request)?,
    }
    let snapshot = &input.snapshot;
    let lead = input.facts.lead_times();
    let part = GroupPlan {
        group: input.group.clone(),
        platform: snapshot.platform.clone(),
        connection: snapshot.connection.clone(),
        native: snapshot.native.clone(),
        name: snapshot.label().to_owned(),
        class: input.class.clone(),
        policy: policy.clone(),
        basis: basis(input)?,
        will_not: vec![Note::new("willnot-dissolve"), Note::new("willnot-other-groups")],
        unknown: Vec::new(),
        residue: Vec::new(),
        blockers,
        steps: list.0,
        facts: lead.facts,
        clocks: lead.clocks,
    };
    Ok(Plan {
        adjourn: "plan/v1".to_owned(),
        case: request.case,
        requester: request.requester,
        reason: request.reason,
        reason_kind: request.reason_kind,
        drawn_at: request.now,
        act: request.act,
        review: policy.review.clone(),
        drill: request.drill,
        groups: vec![part],
    })
}

fn successor<'a>(request: &'a ActRequest<'_>) -> Result<&'a NativeId, Refusal> {
    request.to.as_ref().ok_or_else(|| Refusal::new("usage").with("says", "--to: the new owner's account"))
}

/// The new owner must be a person in the group who does not own it yet.
fn eligible(blockers: &mut Vec<Note>, request: &ActRequest<'_>, to: &NativeId) {
    let member = request.group.snapshot.members.iter().find(|member| member.id == *to);
    let code = match member {
        None => "blocker-not-member",
        Some(member) if member.bot => "blocker-successor-bot",
        Some(member) if member.standing == Standing::Owner => "blocker-owns-already",
        Some(_) => return,
    };
    blockers.push(Note::new(code).with("who", to));
}

fn transfer(list: &mut StepList, blockers: &mut Vec<Note>, request: &ActRequest<'_>) -> Result<(), Refusal> {
    let to = successor(request)?;
    eligible(blockers, request, to);
    if !request.group.capabilities.has(Op::Transfer) {
        blockers.push(Note::new("blocker-capability").with("op", Op::Transfer.slug()));
    }
    list.ours(StepOp::Recheck, "read-again", BTreeMap::new());
    let params = BTreeMap::from([("to".to_owned(), Value::from(to.as_str()))]);
    list.connector(&request.group.capabilities, StepOp::Transfer, params);
    Ok(())
}

/// The lawful routes, in order: the organisation's own right on the platform, else the platform's service desk with proof
/// of identity. Nobody's account is borrowed.
fn rescue(list: &mut StepList, blockers: &mut Vec<Note>, request: &ActRequest<'_>) -> Result<(), Refusal> {
    let to = successor(request)?;
    eligible(blockers, request, to);
    if request.proof.is_empty() {
        blockers.push(Note::new("blocker-proof"));
    }
    let proof: Vec<Value> =
        request.proof.iter().map(|file| json!({ "name": file.name, "sha256": file.sha256 })).collect();
    let mut params = BTreeMap::from([
        ("to".to_owned(), Value::from(to.as_str())),
        ("proof".to_owned(), Value::from(proof)),
    ]);
    let own_right = request.group.capabilities.support(Op::Transfer) == Support::Native;
    let desk = format!("person-rescue-{}", request.group.snapshot.platform);
    if own_right {
        params.insert("fallback".to_owned(), Value::from(desk));
        params.insert("deadline_s".to_owned(), Value::from(SERVICE_DESK_S));
        list.ours(StepOp::Recheck, "read-again", BTreeMap::new());
        list.connector(&request.group.capabilities, StepOp::Rescue, params);
    } else {
        params.insert("deadline_s".to_owned(), Value::from(SERVICE_DESK_S));
        by_person(list, StepOp::Rescue, &desk, params);
    }
    Ok(())
}

/// A step that only a person can do, on a platform whose own way is not ours to take.
fn by_person(list: &mut StepList, op: StepOp, note: &str, params: BTreeMap<String, Value>) {
    list.0.push(Step {
        id: list.id(op),
        op,
        symbol: '#',
        support: Support::Assisted,
        note: note.to_owned(),
        reversible: Reversible::Always,
        proof: "owner-read-back".to_owned(),
        class: EffectClass::U,
        params,
    });
}
