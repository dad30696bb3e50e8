//! The whole history, once, in order, and the same every time.

use std::collections::BTreeSet;

use adjourn_domain::capability::Op;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case};
use crate::rig::{Rig, Who, now, told};
use crate::{Bench, Outcome, check, pins};

const NEED: Need = Need::Native(Op::Export);

pub(super) const CASES: &[Case] = &[
    case("export", "everything_once_in_order", NEED, everything_once_in_order),
    case("export", "edits_redactions_and_files_are_marked", NEED, marked),
    case("export", "count_agrees", NEED, count_agrees),
    case("export", "resumes_from_every_page", NEED, resumes_from_every_page),
    case("export", "same_bytes_again", NEED, same_bytes_again),
    case("export", "quiet_group", NEED, quiet_group),
    case("export", "repeated_page_is_an_error", NEED, repeated_page_is_an_error),
    case("export", "broken_page_is_an_error", NEED, broken_page_is_an_error),
    case("export", "lost_page_is_an_error", NEED, lost_page_is_an_error),
    case("export", "media", NEED, media),
    case("export", "broken_media_is_noticed", NEED, broken_media_is_noticed),
    case("export", "changes_nothing", NEED, changes_nothing),
];

fn records(rig: &Rig) -> Result<Vec<Record>, String> {
    let pages = told("export", rig.history(&rig.busy, &rig.door(FaultPlan::none()), None))?;
    Ok(pages.into_iter().flat_map(|(_, records)| records).collect())
}

fn everything_once_in_order(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let pages = told("export", rig.history(&rig.busy, &rig.door(FaultPlan::none()), None))?;
    check!(pages.len() > 1, "the history has one page only");
    let all: Vec<_> = pages.into_iter().flat_map(|(_, records)| records).collect();
    let ids: BTreeSet<_> = all.iter().map(|record| &record.id).collect();
    check!(ids.len() == all.len(), "{} records, {} of them different", all.len(), ids.len());
    check!(all.len() == rig.records, "{} of {} records", all.len(), rig.records);
    check!(all.is_sorted_by_key(|record| record.at), "the oldest is not first");
    let chinese = all.iter().filter_map(|record| record.text.as_deref()).any(|text| !text.is_ascii());
    check!(chinese, "no Chinese text came through");
    check!(all.iter().all(|record| !record.raw.is_null()), "a record is without the platform's own");
    Ok(())
}

fn marked(bench: &Bench) -> Outcome {
    let all = records(&bench.rig())?;
    for &kind in pins::marks(bench.declared.platform.as_str()) {
        let found = all.iter().find(|record| record.kind == kind);
        check!(found.is_some(), "no record is marked {kind:?}");
        check!(found.is_some_and(|record| record.target.is_some()), "{kind:?} names no record");
    }
    check!(all.iter().any(|record| !record.attachments.is_empty()), "no record carries a file");
    Ok(())
}

fn count_agrees(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let Some(exporter) = rig.connector.exporter() else { return Err("no exporter".to_owned()) };
    let count = told("count", now(exporter.count(&rig.cx(Who::Main, &door), &rig.busy))?)?;
    let agrees = count.is_none_or(|count| usize::try_from(count) == Ok(rig.records));
    check!(agrees, "the platform says {count:?}, the world has {}", rig.records);
    Ok(())
}

fn resumes_from_every_page(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let pages = told("export", rig.history(&rig.busy, &rig.door(FaultPlan::none()), None))?;
    for (at, (cursor, _)) in pages.iter().enumerate() {
        let door = rig.door(FaultPlan::none());
        let rest = told("export", rig.history(&rig.busy, &door, cursor.clone()))?;
        check!(Some(rest.as_slice()) == pages.get(at..), "from page {at} on it is another history");
    }
    Ok(())
}

fn same_bytes_again(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let (first, second) = (records(&rig)?, records(&rig)?);
    let bytes = |records: &[Record]| serde_json::to_vec(records).map_err(|error| error.to_string());
    check!(bytes(&first)? == bytes(&second)?, "the second export has other bytes");
    Ok(())
}

fn quiet_group(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let pages = told("export", rig.history(&rig.quiet, &rig.door(FaultPlan::none()), None))?;
    let messages = pages.iter().flat_map(|(_, records)| records);
    let spoken = messages.filter(|record| record.kind == RecordKind::Message).count();
    check!(spoken == 0, "the quiet group has {spoken} messages");
    Ok(())
}

fn repeated_page_is_an_error(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::always(FaultKind::RepeatedPage));
    check!(
        rig.history(&rig.busy, &door, None).is_err(),
        "a page that comes again was taken for the next one"
    );
    Ok(())
}

/// Strikes every request of an export in turn; each time the export has to fail.
fn each_request_fails(bench: &Bench, fault: &FaultKind) -> Outcome {
    let rig = bench.rig();
    let clean = rig.door(FaultPlan::none());
    told("export", rig.history(&rig.busy, &clean, None))?;
    for nth in 1..=u32::try_from(clean.requests()).unwrap_or(1) {
        let door = rig.door(FaultPlan::nth(nth, fault.clone()));
        check!(rig.history(&rig.busy, &door, None).is_err(), "{fault:?} of request {nth} was not noticed");
    }
    Ok(())
}

fn broken_page_is_an_error(bench: &Bench) -> Outcome {
    each_request_fails(bench, &FaultKind::HalfBody)?;
    each_request_fails(bench, &FaultKind::WrongContentType)
}

fn lost_page_is_an_error(bench: &Bench) -> Outcome {
    each_request_fails(bench, &FaultKind::ReplyLost)?;
    each_request_fails(bench, &FaultKind::ServerError { status: 502, after_effect: false })
}

fn media(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let Some(exporter) = rig.connector.exporter() else { return Err("no exporter".to_owned()) };
    for file in records(&rig)?.into_iter().flat_map(|record| record.attachments) {
        let bytes = told("media", now(exporter.media(&rig.cx(Who::Main, &door), &rig.busy, &file.id))?)?;
        check!(!bytes.is_empty(), "{} is empty", file.name);
        let right = file.bytes.is_none_or(|size| size == bytes.len() as u64);
        check!(right, "{} has {} bytes, not {:?}", file.name, bytes.len(), file.bytes);
    }
    Ok(())
}

/// Half a file is an error, or is shorter than the message says.
fn broken_media_is_noticed(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let Some(exporter) = rig.connector.exporter() else { return Err("no exporter".to_owned()) };
    for file in records(&rig)?.into_iter().flat_map(|record| record.attachments) {
        let door = rig.door(FaultPlan::always(FaultKind::HalfBody));
        let half = now(exporter.media(&rig.cx(Who::Main, &door), &rig.busy, &file.id))?;
        let unnoticed = half.is_ok_and(|bytes| file.bytes.is_none_or(|size| size == bytes.len() as u64));
        check!(!unnoticed, "half of {} was taken for all of it", file.name);
        let door = rig.door(FaultPlan::always(FaultKind::ReplyLost));
        let lost = now(exporter.media(&rig.cx(Who::Main, &door), &rig.busy, &file.id))?;
        check!(lost.is_err(), "a file that never came was taken");
    }
    Ok(())
}

fn changes_nothing(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.busy, &door))?;
    records(&rig)?;
    let after = told("get", rig.get(&rig.busy, &door))?;
    check!(before == after, "an export changed the group");
    for op in Op::ALL {
        check!(rig.effects(op, &rig.busy) == 0, "an export had the effect {}", op.slug());
    }
    Ok(())
}
