//! The plan's review: who had to agree, who did, and from which event on it was enough.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::approval::{Decision, Statement};
use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::ids::{CaseId, PrincipalId};
use adjourn_domain::time::Time;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

use super::journal::{Event, Journal};
use super::{Check, FindingCode, StatementCode};
use crate::layout::{APPROVALS, ApprovalRecord, PLAN, PRINCIPALS, PrincipalRecord};

/// What verification needs of a plan.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) hash: Hash,
    pub(super) case: String,
    pub(super) requester: String,
    pub(super) groups: BTreeSet<String>,
    /// The whole plan.
    pub(super) value: Value,
    /// How many reviewers of each role.
    rules: BTreeMap<String, u64>,
    typed_confirmation: bool,
}

impl Plan {
    /// Reads the plan; `None` if something that matters is not there.
    pub(super) fn read(hash: Hash, value: &Value) -> Option<Self> {
        let groups: Option<BTreeSet<String>> = value
            .get("groups")?
            .as_array()?
            .iter()
            .map(|group| Some(group.get("group")?.as_str()?.to_owned()))
            .collect();
        let review = value.get("review")?;
        let mut rules = BTreeMap::new();
        for rule in review.get("rules")?.as_array()? {
            let count: &mut u64 = rules.entry(rule.get("role")?.as_str()?.to_owned()).or_default();
            *count = count.checked_add(rule.get("count")?.as_u64()?)?;
        }
        rules.retain(|_, count| *count > 0);
        Some(Self {
            hash,
            case: value.get("case")?.as_str()?.to_owned(),
            requester: value.get("requester")?.as_str()?.to_owned(),
            groups: groups?,
            value: value.clone(),
            rules,
            typed_confirmation: review.get("typed_confirmation").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

/// The outcome of the review.
#[derive(Debug)]
pub(super) struct Review {
    /// From this event on everybody who had to agree had done so.
    pub(super) complete_at: Option<u64>,
}

impl Review {
    /// Checks principals and approvals against the plan and the journal.
    pub(super) fn check(check: &mut Check<'_>, plan: &Plan, journal: &Journal) -> Self {
        let principals = principals(check, journal);
        let approvers = approvers(check, plan, journal, &principals);
        let path = format!("data/{APPROVALS}");
        if plan.rules.is_empty() && !plan.typed_confirmation {
            check.find(FindingCode::ApprovalQuorum, format!("data/{PLAN}"), "the plan asks nobody to agree");
            return Self { complete_at: None };
        }
        let mut parts = Vec::new();
        if !plan.rules.is_empty() {
            parts.push(complete_at(plan, &approvers, &principals));
            if parts.contains(&None) {
                let asked: Vec<_> = plan.rules.iter().map(|(role, n)| format!("{n} \u{d7} {role}")).collect();
                let says = format!("the plan asks for {}; that is not what was given", asked.join(" and "));
                check.find(FindingCode::ApprovalQuorum, path, says);
            } else {
                let names: Vec<_> = approvers.iter().map(|(_, id)| id.as_str()).collect();
                check.prove(
                    StatementCode::Approved,
                    &[("principals", names.join(", ")), ("plan_hash", plan.hash.to_hex())],
                    format!(
                        "{} approved exactly this plan, each with a key of their own.",
                        names.join(" and ")
                    ),
                );
            }
        }
        if plan.typed_confirmation {
            parts.push(confirmed(check, plan, journal));
        }
        // Everything that was asked for must have come; the last of it decides.
        let complete_at =
            parts.into_iter().collect::<Option<Vec<_>>>().and_then(|seqs| seqs.into_iter().max());
        Self { complete_at }
    }
}

/// A principal whose key can be used.
struct Known {
    record: PrincipalRecord,
    key: VerifyingKey,
}

fn principals(check: &mut Check<'_>, journal: &Journal) -> BTreeMap<String, Known> {
    let path = format!("data/{PRINCIPALS}");
    let records: Vec<PrincipalRecord> = check.json(&path).unwrap_or_default();
    let (mut known, mut keys) = (BTreeMap::new(), BTreeSet::new());
    for record in records {
        let key = unhex(&record.public_key)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .filter(|key| !key.is_weak());
        let Some(key) = key else {
            check.find(FindingCode::Principals, &path, format!("{} has no usable key", record.id));
            continue;
        };
        if !keys.insert(key.to_bytes()) || known.contains_key(&record.id) {
            check.find(
                FindingCode::Principals,
                &path,
                format!("{} is there twice, by id or by key", record.id),
            );
            continue;
        }
        known.insert(record.id.clone(), Known { record, key });
    }
    for event in journal.anywhere("principal_added") {
        let Some(found) = event.text("id").and_then(|id| known.get(id)) else { continue };
        let same = |name: &str, value: &str| event.text(name).is_none_or(|said| said == value);
        if !same("public_key", &found.record.public_key) || !same("role", &found.record.role) {
            let says = format!("{} is not as event {} added it", found.record.id, event.seq);
            check.find(FindingCode::Principals, &path, says);
        }
    }
    let list: Vec<_> =
        known.values().map(|known| format!("{} ({})", known.record.name, known.record.id)).collect();
    check.rest(
        StatementCode::Principals,
        &[("principals", list.join(", "))],
        format!("That these keys belong to these people: {}.", list.join(", ")),
    );
    known
}

/// Valid approvals as (number of the event, principal), by rising number.
fn approvers(
    check: &mut Check<'_>,
    plan: &Plan,
    journal: &Journal,
    principals: &BTreeMap<String, Known>,
) -> Vec<(u64, String)> {
    let path = format!("data/{APPROVALS}");
    let records: Vec<ApprovalRecord> = check.json(&path).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut valid = Vec::new();
    for record in records {
        let who = record.principal.as_str();
        if record.plan_hash != plan.hash {
            check.find(FindingCode::ApprovalPlan, &path, format!("{who} approved another plan"));
            continue;
        }
        let Some(known) = principals.get(who) else {
            check.find(FindingCode::Principals, &path, format!("{who} is not among the principals"));
            continue;
        };
        if !signature_holds(&record, &plan.case, &known.key) {
            check.find(FindingCode::ApprovalSignature, &path, format!("{who} did not sign this"));
            continue;
        }
        if record.decision != "approve" {
            continue;
        }
        if !seen.insert(who.to_owned()) {
            check.find(FindingCode::ApprovalQuorum, &path, format!("{who} approved twice"));
            continue;
        }
        if who == plan.requester && !plan.rules.is_empty() {
            check.find(
                FindingCode::ApprovalQuorum,
                &path,
                format!("{who} asked for it and can't approve it"),
            );
            continue;
        }
        if let Some(event) = journal.of(&plan.case, &["approved"]).find(|event| is_record(event, &record)) {
            valid.push((event.seq, who.to_owned()));
        } else {
            let says = format!("the journal knows no such approval by {who}");
            check.find(FindingCode::ApprovalJournal, &path, says);
        }
    }
    valid.sort();
    valid
}

/// Is this event the record? Its payload is the approval, or has it as `approval`. Of a destroyed one
/// only the actor is left; the signature speaks for the rest.
fn is_record(event: &Event, record: &ApprovalRecord) -> bool {
    let Some(payload) = &event.payload else { return event.actor == record.principal };
    let approval = payload.get("approval").unwrap_or(payload);
    let said = |name: &str| approval.get(name).and_then(Value::as_str);
    said("principal") == Some(record.principal.as_str())
        && said("plan_hash") == Some(record.plan_hash.to_hex().as_str())
        && said("signature").is_none_or(|signature| signature == record.signature)
}

/// The first event by which every role had its number of approvals.
fn complete_at(
    plan: &Plan,
    approvers: &[(u64, String)],
    principals: &BTreeMap<String, Known>,
) -> Option<u64> {
    let mut open = plan.rules.clone();
    for (seq, who) in approvers {
        let role = &principals.get(who)?.record.role;
        if let Some(count) = open.get_mut(role) {
            *count = count.saturating_sub(1);
        }
        if open.values().all(|count| *count == 0) {
            return Some(*seq);
        }
    }
    None
}

/// The typed confirmation of whoever asked.
fn confirmed(check: &mut Check<'_>, plan: &Plan, journal: &Journal) -> Option<u64> {
    let by_requester = |event: &&Event| {
        event.hash("plan_hash") == Some(plan.hash)
            && event.text("by").unwrap_or(&event.actor) == plan.requester
    };
    let seq = journal.of(&plan.case, &["confirmed"]).find(by_requester).map(|event| event.seq);
    if seq.is_none() {
        let says = "the owner's typed confirmation is not in the journal";
        check.find(FindingCode::ApprovalQuorum, format!("data/{PLAN}"), says);
    } else {
        check.rest(
            StatementCode::TypedConfirmation,
            &[("principal", plan.requester.clone())],
            format!("{} asked for it and confirmed it by typing the group's name.", plan.requester),
        );
    }
    seq
}

fn signature_holds(record: &ApprovalRecord, case: &str, key: &VerifyingKey) -> bool {
    let signature = unhex(&record.signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    let statement = approval_statement(record, case);
    signature.zip(statement).is_some_and(|(signature, statement)| {
        key.verify_strict(&statement, &Signature::from_bytes(&signature)).is_ok()
    })
}

/// The signed bytes. A time or decision that is not written as the domain writes it was never signed.
fn approval_statement(record: &ApprovalRecord, case: &str) -> Option<Vec<u8>> {
    let decision = match record.decision.as_str() {
        "approve" => Decision::Approve,
        "reject" => Decision::Reject,
        _ => return None,
    };
    let statement = Statement {
        adjourn: "approval/v1".to_owned(),
        case: CaseId::from(case),
        plan_hash: record.plan_hash,
        principal: PrincipalId::from(record.principal.as_str()),
        decision,
        at: Time::parse(&record.at).filter(|at| at.to_string() == record.at)?,
        nonce: record.nonce.clone(),
    };
    statement.bytes().ok()
}
