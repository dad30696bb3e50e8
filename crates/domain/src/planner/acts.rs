//! Plans for acts that end no group: transfer, rescue, leave. Each is an act of its own with a plan of its own, never a
//! dissolve in disguise (requirement G2), and wants the review of the group's class.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{GroupInput, PlanError, StepList, basis, blockers_of_holds};
use crate::capability::{EffectClass, Op, Reversible, Support};
use crate::event::EvidenceRef;
use crate::group::Standing;
use crate::ids::{CaseId, NativeId, PrincipalId};
use crate::kinds::Way;
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
    /// What a platform makes of an owner who leaves; for a leave.
    pub owner_leaves: OwnerLeaves,
    /// Whether a second account can look afterwards; for a leave.
    pub witness: bool,
    /// The account that goes, where it is not the one that acts; for a leave.
    pub account: Option<NativeId>,
    /// The group.
    pub group: GroupInput,
}

/// What becomes of a group when its owner leaves it, as the facts about the platform have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnerLeaves {
    /// The group ends for everyone.
    Dissolves,
    /// The platform makes another member the owner.
    Promotes,
    /// The platform asks for a transfer first.
    Transfers,
    /// Nothing: the group goes on, without an owner if there was one only.
    Nothing,
    /// No source tells.
    #[default]
    Unknown,
}

impl OwnerLeaves {
    /// Facts that tell, in the order in which they are asked.
    pub const KEYS: [&'static str; 2] = ["act.owner_leave_dissolves", "act.owner_leave"];

    /// What a fact says; nothing if it says something else.
    pub fn of(key: &str, value: &Value) -> Option<Self> {
        match (key, value.as_bool(), value.as_str()) {
            ("act.owner_leave_dissolves", Some(true), _) => Some(Self::Dissolves),
            ("act.owner_leave", _, Some("successor_promoted")) => Some(Self::Promotes),
            ("act.owner_leave", _, Some("transfer_demanded")) => Some(Self::Transfers),
            ("act.owner_leave", _, Some("nothing")) => Some(Self::Nothing),
            _ => None,
        }
    }

    /// The slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Dissolves => "dissolves",
            Self::Promotes => "promotes",
            Self::Transfers => "transfers",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }
}

/// Draws the plan.
///
/// # Errors
/// `usage` for a missing reason or successor, `config.invalid` for a class without policy, `leave.owner` for an owner whose
/// leave would be more than a leave.
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
        Act::Leave => leave(&mut list, &mut blockers, &request)?,
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
        will_not: will_not(request.act),
        unknown: Vec::new(),
        residue: Vec::new(),
        blockers,
        way: Way { kind: input.snapshot.kind, ..Way::default() },
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
        announcement_sha256: None,
        groups: vec![part],
    })
}

fn will_not(act: Act) -> Vec<Note> {
    let first = if act == Act::Leave { "willnot-end-by-leaving" } else { "willnot-dissolve" };
    let mut notes = vec![Note::new(first), Note::new("willnot-other-groups")];
    if act == Act::Leave {
        notes.push(Note::new("acts-apart"));
    }
    notes
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

/// The account goes and the group stays. Where the platform makes something else of it, it is no leave and is refused: an
/// owner transfers the group first, or dissolves it.
fn leave(list: &mut StepList, blockers: &mut Vec<Note>, request: &ActRequest<'_>) -> Result<(), Refusal> {
    let (snapshot, own) = (&request.group.snapshot, &request.group.own_account);
    let account = request.account.as_ref().unwrap_or(own);
    let member = snapshot.members.iter().find(|member| member.id == *account);
    let owns =
        snapshot.owners.contains(account) || member.is_some_and(|member| member.standing == Standing::Owner);
    if owns && request.owner_leaves != OwnerLeaves::Nothing {
        return Err(Refusal::new("leave.owner")
            .with("group", snapshot.label())
            .with("account", account)
            .with("does", request.owner_leaves.slug()));
    }
    if member.is_none() {
        blockers.push(Note::new("blocker-not-in").with("who", account));
    } else if snapshot.members.iter().all(|member| member.bot || member.id == *account) {
        blockers.push(Note::new("blocker-last-member"));
    }
    let params = BTreeMap::from([("account".to_owned(), Value::from(account.as_str()))]);
    let row = request.group.capabilities.row(Op::Leave).filter(|row| row.support == Support::Native);
    match row.filter(|_| account == own) {
        Some(_) => {
            // Whoever is out is told nothing of the members any more.
            if !request.witness {
                blockers.push(Note::new("blocker-leave-witness"));
            }
            list.ours(StepOp::Recheck, "read-again", BTreeMap::new());
            list.connector(&request.group.capabilities, StepOp::Leave, params);
        }
        None => by_person(list, StepOp::Leave, "person-leave", params),
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
        reversible: if op == StepOp::Leave { Reversible::Never } else { Reversible::Always },
        proof: if op == StepOp::Leave { "member-list" } else { "owner-read-back" }.to_owned(),
        class: EffectClass::U,
        params,
    });
}
