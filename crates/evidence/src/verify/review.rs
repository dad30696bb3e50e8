//! The plan's review: who had to agree, who did, and from which event on it was enough.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::approval::{Decision, Statement};
use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::ids::{CaseId, PrincipalId};
use adjourn_domain::passkey::Purpose;
use adjourn_domain::review::{Review as AskedReview, RoleRule, Way};
use adjourn_domain::time::Time;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

use super::journal::{Event, Journal};
use super::who::{Answer, Who, proof_of};
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
    /// Who had to agree.
    review: AskedReview,
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
        let review = asked(value.get("review")?)?;
        Some(Self {
            hash,
            case: value.get("case")?.as_str()?.to_owned(),
            requester: value.get("requester")?.as_str()?.to_owned(),
            groups: groups?,
            value: value.clone(),
            review,
        })
    }
}

/// What a plan's review asks for, as far as this version knows it: fields of a later one are no reason not to read it.
fn asked(review: &Value) -> Option<AskedReview> {
    let list = |value: &Value| serde_json::from_value::<Vec<RoleRule>>(value.clone()).ok();
    let any_of = review.get("any_of").and_then(Value::as_array).into_iter().flatten();
    let flag = |name: &str| review.get(name).and_then(Value::as_bool).unwrap_or(false);
    let asked = AskedReview {
        typed_confirmation: flag("typed_confirmation"),
        any_of: any_of.map(list).collect::<Option<_>>()?,
        approval_ttl_s: review.get("approval_ttl_s").and_then(Value::as_u64),
        passkey: flag("passkey"),
        passkey_confirm: flag("passkey_confirm"),
        ..AskedReview::of(list(review.get("rules")?)?)
    };
    Some(asked)
}

/// The outcome of the review.
#[derive(Debug)]
pub(super) struct Review {
    /// From this event on everybody who had to agree had done so.
    pub(super) complete_at: Option<u64>,
    approvals: Vec<Valid>,
}

/// An approval that holds.
#[derive(Debug, Clone)]
struct Valid {
    /// The number of its event.
    seq: u64,
    who: String,
    /// Whose voice it is.
    voice: String,
    /// In which role.
    role: String,
    at: Time,
}

impl Review {
    /// Checks principals and approvals against the plan and the journal.
    pub(super) fn check(check: &mut Check<'_>, plan: &Plan, journal: &Journal) -> Self {
        let principals = principals(check, journal);
        let who = Who::read(check, &principals);
        let approvals = approvers(check, plan, journal, &principals, &who);
        let path = format!("data/{APPROVALS}");
        let reviewed = plan.review.has_reviewers();
        if !reviewed && !plan.review.typed_confirmation {
            check.find(FindingCode::ApprovalQuorum, format!("data/{PLAN}"), "the plan asks nobody to agree");
            return Self { complete_at: None, approvals };
        }
        let mut parts = Vec::new();
        if reviewed {
            parts.push(complete_at(plan, &approvals));
            if parts.contains(&None) {
                let way = |way: Way| {
                    way.iter().map(|(role, n)| format!("{n} \u{d7} {role}")).collect::<Vec<_>>().join(" and ")
                };
                let asked: Vec<_> = plan.review.ways().into_iter().map(way).collect();
                let says = format!("the plan asks for {}; that is not what was given", asked.join(", or "));
                check.find(FindingCode::ApprovalQuorum, path, says);
            } else {
                let mut names: Vec<_> = approvals.iter().map(|valid| valid.who.as_str()).collect();
                let mut seen = BTreeSet::new();
                names.retain(|name| seen.insert(*name));
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
        if plan.review.typed_confirmation {
            parts.push(confirmed(check, plan, journal, &who));
        } else {
            applied(check, plan, journal, &who);
        }
        // Everything that was asked for must have come; the last of it decides.
        let complete_at =
            parts.into_iter().collect::<Option<Vec<_>>>().and_then(|seqs| seqs.into_iter().max());
        Self { complete_at, approvals }
    }

    /// Whether enough approvals counted when something irreversible was begun.
    pub(super) fn counted(&self, plan: &Plan, intent: &Event) -> bool {
        let before: Vec<&Valid> = self.approvals.iter().filter(|valid| valid.seq < intent.seq).collect();
        Time::parse(&intent.at).is_some_and(|at| enough(plan, &before, at))
    }
}

/// Whether these approvals, by rising number, are enough at a time: the latest of each person and each voice, if it has not
/// expired.
fn enough(plan: &Plan, approvals: &[&Valid], at: Time) -> bool {
    let (mut people, mut voices) = (BTreeSet::new(), BTreeSet::new());
    let live = approvals.iter().rev().filter(|valid| {
        counts(plan, valid, at) && people.insert(valid.who.as_str()) && voices.insert(valid.voice.as_str())
    });
    let have = live.fold(Way::new(), |mut have, valid| {
        *have.entry(valid.role.clone()).or_default() += 1;
        have
    });
    plan.review.shortfall(&have).is_empty()
}

/// Whether an approval has not expired.
fn counts(plan: &Plan, valid: &Valid, at: Time) -> bool {
    plan.review.approval_ttl_s.is_none_or(|ttl| at < valid.at.plus_secs(ttl))
}

/// A principal whose key can be used.
pub(super) struct Known {
    pub(super) record: PrincipalRecord,
    pub(super) key: VerifyingKey,
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

/// Valid approvals, by rising number of their event.
fn approvers(
    check: &mut Check<'_>,
    plan: &Plan,
    journal: &Journal,
    principals: &BTreeMap<String, Known>,
    who: &Who,
) -> Vec<Valid> {
    let path = format!("data/{APPROVALS}");
    let records: Vec<ApprovalRecord> = check.json(&path).unwrap_or_default();
    let mut nonces = BTreeSet::new();
    let mut valid: Vec<Valid> = Vec::new();
    for record in records {
        match approver(check, plan, journal, principals, who, &record) {
            Ok(Some(_)) if !nonces.insert((record.principal.clone(), record.nonce.clone())) => {
                let says = format!("{} used one statement twice", record.principal);
                check.find(FindingCode::ApprovalQuorum, &path, says);
            }
            Ok(Some(one)) => {
                let twice = valid
                    .iter()
                    .any(|old| (old.who == one.who || old.voice == one.voice) && counts(plan, old, one.at));
                if twice {
                    let says = format!("{} approved twice", one.who);
                    check.find(FindingCode::ApprovalQuorum, &path, says);
                } else {
                    valid.push(one);
                }
            }
            Ok(None) => {}
            Err((code, says)) => check.find(code, &path, says),
        }
    }
    valid.sort_by_key(|valid| valid.seq);
    valid
}

/// One approval; nothing for a statement that is none.
fn approver(
    check: &mut Check<'_>,
    plan: &Plan,
    journal: &Journal,
    principals: &BTreeMap<String, Known>,
    who: &Who,
    record: &ApprovalRecord,
) -> Result<Option<Valid>, (FindingCode, String)> {
    let name = record.principal.as_str();
    if record.plan_hash != plan.hash {
        return Err((FindingCode::ApprovalPlan, format!("{name} approved another plan")));
    }
    let Some(known) = principals.get(name) else {
        return Err((FindingCode::Principals, format!("{name} is not among the principals")));
    };
    if !signature_holds(record, &plan.case, &known.key) {
        return Err((FindingCode::ApprovalSignature, format!("{name} did not sign this")));
    }
    if record.decision != "approve" {
        return Ok(None);
    }
    let voice = record.on_behalf.as_ref().map_or(name, |behalf| behalf.of.as_str());
    if plan.review.has_reviewers() && [name, voice].contains(&plan.requester.as_str()) {
        let says = format!("{name} asked for it and can't approve it");
        return Err((FindingCode::ApprovalQuorum, says));
    }
    let Some(event) = journal.of(&plan.case, &["approved"]).find(|event| is_record(event, record)) else {
        return Err((FindingCode::ApprovalJournal, format!("the journal knows no such approval by {name}")));
    };
    let at = Time::parse(&record.at).unwrap_or_default();
    if let Some(behalf) = &record.on_behalf {
        who.may_speak(principals, journal, behalf, name, at, event.seq)
            .map_err(|says| (FindingCode::ApprovalDelegation, format!("{name}: {says}")))?;
        let args = [("principal", name.to_owned()), ("of", voice.to_owned()), ("role", behalf.role.clone())];
        let says =
            format!("{name} approved as {}, in the place of {voice}, who had lent the role.", behalf.role);
        check.rest(StatementCode::Delegated, &args, says);
    }
    match &record.passkey {
        Some(assertion) => {
            let (purpose, nonce) = (Purpose::Approval, record.nonce.as_str());
            let answer = Answer { purpose, principal: name, nonce, assertion, seq: event.seq };
            if !who.answered(check, plan, journal, &answer) {
                return Ok(None);
            }
        }
        None if plan.review.passkey => {
            return Err((FindingCode::PasskeyMissing, format!("{name} approved without a passkey")));
        }
        None => {}
    }
    let role = record.on_behalf.as_ref().map_or(&known.record.role, |behalf| &behalf.role).clone();
    Ok(Some(Valid { seq: event.seq, who: name.to_owned(), voice: voice.to_owned(), role, at }))
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

/// The first event by which enough approvals counted.
fn complete_at(plan: &Plan, approvals: &[Valid]) -> Option<u64> {
    let mut before = Vec::with_capacity(approvals.len());
    for valid in approvals {
        before.push(valid);
        if enough(plan, &before, valid.at) {
            return Some(valid.seq);
        }
    }
    None
}

/// Whoever had the plan applied, and what their passkey signed where they used one, or had to.
fn applied(check: &mut Check<'_>, plan: &Plan, journal: &Journal, who: &Who) {
    let by = |event: &&Event| event.hash("plan_hash") == Some(plan.hash);
    let Some(event) = journal.of(&plan.case, &["applied"]).filter(by).last() else { return };
    proven(check, plan, journal, who, event, event.text("by").unwrap_or(&event.actor));
}

/// The passkey's answer of a confirmation: checked where there is one, missed where the plan asks for it.
fn proven(check: &mut Check<'_>, plan: &Plan, journal: &Journal, who: &Who, event: &Event, by: &str) {
    match proof_of(event) {
        Some(proof) => {
            let (purpose, nonce) = (Purpose::Confirmation, proof.nonce.as_str());
            let answer =
                Answer { purpose, principal: by, nonce, assertion: &proof.assertion, seq: event.seq };
            who.answered(check, plan, journal, &answer);
        }
        // What was destroyed can't be missed.
        None if plan.review.passkey_confirm && event.payload.is_some() => {
            let says = format!("{by} confirmed without a passkey");
            check.find(FindingCode::PasskeyMissing, super::journal::file(), says);
        }
        None => {}
    }
}

/// The typed confirmation of whoever asked.
fn confirmed(check: &mut Check<'_>, plan: &Plan, journal: &Journal, who: &Who) -> Option<u64> {
    let by_requester = |event: &&Event| {
        event.hash("plan_hash") == Some(plan.hash)
            && event.text("by").unwrap_or(&event.actor) == plan.requester
    };
    let found = journal.of(&plan.case, &["confirmed"]).find(by_requester);
    let seq = found.map(|event| event.seq);
    if let Some(event) = found {
        proven(check, plan, journal, who, event, &plan.requester);
    }
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
        on_behalf: record.on_behalf.clone().map(Box::new),
    };
    statement.bytes().ok()
}
