//! What the kind of a group asks for, checked again: other parties agreed, the notice's time was over, the nominee accepted,
//! the record was fixed as evidence, and the announcement is the one that was approved.
//!
//! The plan says what had to be waited for, the journal when it came. Whoever leaves a step out of the plan has another
//! plan than the one that was approved.

use std::collections::BTreeSet;

use adjourn_domain::announcement;
use adjourn_domain::approval::DualAct;
use adjourn_domain::canonical::{Hash, canonical_json, unhex};
use adjourn_domain::party::Party;
use adjourn_domain::plan::StepOp;
use adjourn_domain::time::Time;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use serde_json::Value;

use super::journal::{self, Event, Journal};
use super::review::Plan;
use super::{Check, FindingCode, StatementCode};
use crate::layout::{ANNOUNCEMENTS, HANDED_IN, LOG_VKEY, PLAN, PRINCIPALS, PrincipalRecord, group_path};
use crate::note::LogKey;

/// What is signed before the bytes of minutes.
const MINUTES: &[u8] = b"adjourn minutes/v1\n";
/// No message of a party may be longer.
const MAX_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;
/// No key may be longer.
const MAX_KEY_BYTES: u64 = 4096;

/// What a plan says about a group, as far as it is looked at here. What is not there is not asked for.
#[derive(Debug, Deserialize)]
struct Part {
    group: String,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    nominee: Option<String>,
    #[serde(default)]
    judicial: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Step {
    #[serde(default)]
    id: String,
    #[serde(default)]
    op: String,
    #[serde(default)]
    params: Value,
}

impl Step {
    fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name)?.as_str()
    }

    fn is(&self, op: StepOp) -> bool {
        self.op == op.slug()
    }

    fn is_end(&self) -> bool {
        [StepOp::Dissolve, StepOp::Purge, StepOp::RemoveMedia].into_iter().any(|op| self.is(op))
    }
}

/// Checks a group against its part of the plan.
pub(super) fn check(check: &mut Check<'_>, group: &str, plan: &Plan, journal: &Journal, value: &Value) {
    let parts = value.get("groups").and_then(Value::as_array);
    let part =
        parts.into_iter().flatten().find(|part| part.get("group").and_then(Value::as_str) == Some(group));
    let Some(part) = part.and_then(|part| serde_json::from_value::<Part>(part.clone()).ok()) else { return };
    announced(check, &part, value);
    let Some(end) = first_end(&part, plan, journal) else { return };
    let before = check.findings.len();
    parties(check, &part, journal, end);
    notice(check, &part, journal, end);
    handover(check, &part, journal, end);
    if part.judicial.is_some() && check.findings.len() == before {
        preserved(check, &part, journal, end);
    }
}

/// The first event by which the group may have been ended: an irreversible intent, or a person who was asked to do it.
fn first_end<'a>(part: &Part, plan: &Plan, journal: &'a Journal) -> Option<&'a Event> {
    let ends: BTreeSet<&str> =
        part.steps.iter().filter(|step| step.is_end()).map(|step| step.id.as_str()).collect();
    journal
        .events(&part.group)
        .filter(|event| {
            event.may_be_irreversible()
                || (event.kind == "person_asked" && event.text("step").is_none_or(|step| ends.contains(step)))
        })
        .find(|event| !super::group::of_other_case(journal, event, plan))
}

/// The events of a kind about a step, before the end.
fn told<'a>(
    journal: &'a Journal,
    group: &'a str,
    kind: &'a str,
    step: &'a str,
    end: &'a Event,
) -> impl Iterator<Item = &'a Event> {
    journal
        .events(group)
        .filter(move |event| event.kind == kind && event.seq < end.seq && event.text("step") == Some(step))
}

/// Every party of the plan agreed before.
fn parties(check: &mut Check<'_>, part: &Part, journal: &Journal, end: &Event) {
    let mut agreed = Vec::new();
    let before = check.findings.len();
    for step in part.steps.iter().take_while(|step| !step.is_end()).filter(|step| step.is(StepOp::Party)) {
        let party = step.text("party").unwrap_or_default();
        let Some(answer) = told(journal, &part.group, "answered", &step.id, end).last().and_then(answer_of)
        else {
            let says = format!("event {} ends {} and {party} had not answered", end.seq, part.group);
            check.find(FindingCode::OrderParty, journal::file(), says);
            continue;
        };
        if answer.get("accepted") != Some(&Value::Bool(true)) {
            let says = format!("event {} ends {} and {party} had refused", end.seq, part.group);
            check.find(FindingCode::OrderParty, journal::file(), says);
        }
        let args = [("group", part.group.clone()), ("party", party.to_owned())];
        if answer.get("by_hand") == Some(&Value::Bool(true)) {
            let says = format!("That {party} agreed to {} rests on what a person handed in.", part.group);
            check.rest(StatementCode::ByHand, &args, says);
        }
        if answer.get("simulated") == Some(&Value::Bool(true)) {
            let says = format!("{party}, who agreed to {}, was simulated.", part.group);
            check.rest(StatementCode::Simulated, &args, says);
        }
        agreed.push(party.to_owned());
    }
    agreed.dedup();
    if !agreed.is_empty() && check.findings.len() == before {
        let parties = agreed.join(", ");
        check.prove(
            StatementCode::Parties,
            &[("group", part.group.clone()), ("parties", parties.clone())],
            format!(
                "Every party that {} had to wait for agreed before anything irreversible: {parties}.",
                part.group
            ),
        );
    }
}

fn answer_of(event: &Event) -> Option<&Value> {
    event.payload.as_ref()?.get("answer")
}

/// The time of a notice was over before, as long as the plan says.
fn notice(check: &mut Check<'_>, part: &Part, journal: &Journal, end: &Event) {
    for step in part.steps.iter().filter(|step| step.is(StepOp::NoticePeriod)) {
        let seconds = step.params.get("seconds").and_then(Value::as_u64).unwrap_or(0);
        let at = |kind| {
            let event = told(journal, &part.group, kind, &step.id, end).last();
            event.and_then(|event| Time::parse(&event.at))
        };
        let posted = part.steps.iter().filter(|step| step.is(StepOp::Notice)).all(|notice| {
            told(journal, &part.group, "read_back", &notice.id, end)
                .any(|event| event.text("effect") == Some("applied"))
        });
        let over = match (at("wait_started"), at("wait_ended")) {
            (Some(from), Some(to)) => to >= from.plus_secs(seconds),
            _ => false,
        };
        let announced = step.text("announced").and_then(Time::parse);
        let kept = announced.is_none_or(|announced| Time::parse(&end.at).is_some_and(|at| at >= announced));
        if posted && over && kept {
            check.prove(
                StatementCode::Notice,
                &[("group", part.group.clone()), ("seconds", seconds.to_string())],
                format!(
                    "{} was told beforehand: {seconds} seconds before anything irreversible.",
                    part.group
                ),
            );
        } else {
            let says = format!(
                "event {} ends {} and the notice was not posted, or its time was not over",
                end.seq, part.group
            );
            check.find(FindingCode::OrderNotice, journal::file(), says);
        }
    }
}

/// The nominee signed before.
fn handover(check: &mut Check<'_>, part: &Part, journal: &Journal, end: &Event) {
    let Some(nominee) = &part.nominee else { return };
    let records: Vec<PrincipalRecord> = check.json(&format!("data/{PRINCIPALS}")).unwrap_or_default();
    let key = records.into_iter().find(|record| record.id == *nominee).map(|record| record.public_key);
    let signed = journal
        .events(&part.group)
        .filter(|event| event.kind == "handover_accepted" && event.seq < end.seq)
        .filter_map(|event| event.payload.as_ref())
        .any(|payload| {
            let statement = payload.get("statement").cloned();
            let statement = statement.and_then(|said| serde_json::from_value::<DualAct>(said).ok());
            let signature = payload.get("signature").and_then(Value::as_str);
            let Some(((statement, signature), key)) = statement.zip(signature).zip(key.as_deref()) else {
                return false;
            };
            statement.act == "handover.accept"
                && statement.subject == part.group
                && statement.principal.as_str() == nominee
                && statement.bytes().is_ok_and(|bytes| holds(key, &bytes, signature))
        });
    if !signed {
        let says =
            format!("event {} ends {} and {nominee} had not accepted the handover", end.seq, part.group);
        check.find(FindingCode::OrderHandover, journal::file(), says);
    }
}

/// The minutes of a judicial case: sent to the notary as they are carried here, and signed by the log's key.
fn preserved(check: &mut Check<'_>, part: &Part, journal: &Journal, end: &Event) {
    let notary = |step: &&Step| step.text("party") == Some(Party::Notary.slug());
    let minutes = part.steps.iter().filter(notary).find(|step| step.text("errand") == Some("minutes"));
    let Some(step) = minutes else {
        return check.find(FindingCode::MinutesForm, format!("data/{PLAN}"), "the plan has no minutes");
    };
    let answer = told(journal, &part.group, "answered", &step.id, end).last().and_then(answer_of);
    let sent = answer.and_then(|answer| answer.get("sent")).and_then(Value::as_str).unwrap_or_default();
    let reference = answer.and_then(|answer| answer.get("reference")).and_then(Value::as_str);
    let path = format!("data/{}/{sent}", group_path(&part.group, HANDED_IN));
    let Some(bytes) = check.read(&path, MAX_MESSAGE_BYTES) else { return };
    let message = super::canonical(&bytes);
    let vkey = check.read(&format!("data/{LOG_VKEY}"), MAX_KEY_BYTES);
    let key = vkey.and_then(|text| String::from_utf8(text).ok()).and_then(|text| LogKey::parse(&text).ok());
    let good = Hash::of(&bytes).to_hex() == sent
        && message
            .as_ref()
            .and_then(|message| message.get("minutes"))
            .zip(key)
            .is_some_and(|(signed, key)| signed_minutes(signed, &key, part));
    if good {
        let reference = reference.unwrap_or_default().to_owned();
        check.prove(
            StatementCode::Preserved,
            &[("group", part.group.clone()), ("reference", reference.clone())],
            format!(
                "The record of {} was fixed as evidence before anything irreversible; the notary's number is {reference}.",
                part.group
            ),
        );
    } else {
        check.find(
            FindingCode::MinutesForm,
            path,
            "the minutes are not there, or their signature does not hold",
        );
    }
}

fn signed_minutes(signed: &Value, key: &LogKey, part: &Part) -> bool {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(minutes) = signed.get("minutes") else { return false };
    let (Some(public_key), Some(signature)) = (text(signed, "public_key"), text(signed, "signature")) else {
        return false;
    };
    let Ok(bytes) = canonical_json(minutes) else { return false };
    text(minutes, "group").as_deref() == Some(&part.group)
        && text(minutes, "matter") == part.judicial
        && public_key == key.public_hex()
        && holds(&public_key, &[MINUTES, &bytes].concat(), &signature)
}

/// The announcement that was posted is the one that the plan names by its hash.
fn announced(check: &mut Check<'_>, part: &Part, value: &Value) {
    let Some(said) = value.get("announcement_sha256").and_then(Value::as_str) else { return };
    let path = format!("data/{}", group_path(&part.group, ANNOUNCEMENTS));
    let planned =
        part.steps.iter().filter(|step| step.is(StepOp::Announce)).filter_map(|step| step.text("text"));
    let wrong = planned.into_iter().any(|text| announcement::hash(text).to_hex() != said);
    let posted: Vec<Value> = check.json(&path).unwrap_or_default();
    let notices: BTreeSet<&str> =
        part.steps.iter().filter(|step| step.is(StepOp::Notice)).map(|step| step.id.as_str()).collect();
    let other = posted
        .iter()
        .filter(|row| !row.get("step").and_then(Value::as_str).is_some_and(|step| notices.contains(step)))
        .any(|row| row.get("sha256").and_then(Value::as_str) != Some(said));
    if wrong || other {
        check.find(FindingCode::AnnouncementHash, path, "this is not the announcement that the plan names");
    }
}

pub(super) fn holds(public_key: &str, bytes: &[u8], signature: &str) -> bool {
    let key = unhex(public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok());
    let signature = unhex(signature).and_then(|bytes| Some(Signature::from_bytes(&bytes.try_into().ok()?)));
    key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(bytes, &signature).is_ok())
}
