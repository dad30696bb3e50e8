//! The export: every implementation's way of paging gives the same history.

use adjourn_connector_kit::{Connector, ConnectorError, Exporter, Kind};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_world::{ClientAct, WorldSpec, client};
use serde_json::{Value, json};

use super::super::history::tests::FEW;
use super::{Bench, busy, now, ok, owner, spec};
use crate::qq::sim::seed;
use crate::qq::wire::implementation::Implementation;

type Pages = Vec<(Option<String>, Vec<Record>)>;

fn export(bench: &Bench, from: Option<String>) -> Result<Pages, ConnectorError> {
    export_with(bench.connector.exporter().unwrap(), bench, from)
}

fn export_with(
    exporter: &dyn Exporter,
    bench: &Bench,
    from: Option<String>,
) -> Result<Pages, ConnectorError> {
    let mut cursor = from;
    let mut pages = Vec::new();
    loop {
        let page = now(exporter.page(&bench.cx(&owner(), &[]), &busy(), cursor.as_deref()))?;
        pages.push((cursor, page.records));
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(pages),
        }
        assert!(pages.len() < 2000, "an export without end");
    }
}

fn texts(pages: &Pages) -> Vec<String> {
    let records = pages.iter().flat_map(|(_, records)| records);
    records
        .filter(|record| record.kind == RecordKind::Message)
        .filter_map(|record| record.text.clone())
        .collect()
}

fn large(records: u32) -> WorldSpec {
    let mut spec = spec();
    spec.groups[0].records = records;
    spec.lines = (0..records).map(|n| format!("line {n}")).collect();
    spec
}

fn say(bench: &Bench, words: &str) {
    let act = ClientAct::Post { text: words.to_owned() };
    let at = *bench.line.now.lock().unwrap();
    client(&mut *bench.line.sim.lock().unwrap(), &busy(), "800100004", &act, at).unwrap();
}

#[test]
fn req_x1_the_whole_history_comes_out_of_every_implementation() {
    let mut all = Vec::new();
    for plays in Implementation::ALL {
        let bench = Bench::new(plays);
        let pages = export(&bench, None).unwrap();
        assert!(pages.len() > 2, "{plays:?}: one page only");
        let texts = texts(&pages);
        assert_eq!(texts.len(), 124, "{plays:?}");
        let files: Vec<&Record> =
            pages.iter().flat_map(|(_, page)| page).filter(|record| !record.attachments.is_empty()).collect();
        // The message that carries it, and the file area.
        assert_eq!(files.len(), 2, "{plays:?}");
        assert_eq!(files[1].id.as_str(), "file:f-1");
        for (at, (cursor, _)) in pages.iter().enumerate() {
            assert_eq!(export(&bench, cursor.clone()).unwrap(), pages[at..], "{plays:?} from page {at}");
        }
        all.push(texts);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "the implementations give different histories");
}

#[test]
fn a_history_with_more_pages_than_anchors_comes_whole_and_in_order() {
    for plays in [Implementation::NapCat, Implementation::Unknown, Implementation::GoCqhttp] {
        let records = 1_000;
        let bench = Bench::under(plays, seed::rules(), &large(records));
        let pages = export_with(&FEW, &bench, None).unwrap();
        let texts = texts(&pages);
        assert!(
            texts
                .is_sorted_by_key(|text| text.trim_start_matches("line ").parse::<u32>().unwrap_or(u32::MAX))
        );
        assert_eq!(texts.len(), records as usize - 6, "{plays:?}");
        let longest = pages.iter().filter_map(|(cursor, _)| cursor.as_ref()).map(String::len).max();
        assert!(longest.unwrap() < 120, "{longest:?}");
    }
}

#[test]
fn what_is_said_after_the_export_comes_with_its_last_cursor() {
    for plays in Implementation::ALL {
        let bench = Bench::new(plays);
        let pages = export(&bench, None).unwrap();
        let last = pages.last().unwrap().0.clone();
        bench.pass(60);
        for n in 0..70 {
            bench.pass(1);
            say(&bench, &format!("late {n}"));
        }
        let tail = export(&bench, last).unwrap();
        let wanted: Vec<String> = (0..70).map(|n| format!("late {n}")).collect();
        assert_eq!(texts(&tail), wanted, "{plays:?}");
    }
}

#[test]
fn a_message_that_was_recalled_in_between_loses_nothing_else() {
    let bench = Bench::new(Implementation::NapCat);
    let pages = export(&bench, None).unwrap();
    let (cursor, next) = (pages[1].0.clone(), &pages[1].1);
    let id: NativeId = pages[0].1.last().unwrap().id.clone();
    {
        let mut sim = bench.line.sim.lock().unwrap();
        let group = sim.world.groups.get_mut(super::BUSY).unwrap();
        let found = group
            .messages
            .iter_mut()
            .find(|message| crate::qq::sim::short_id(super::BUSY, message.seq) == id.as_str());
        found.unwrap().text = None;
    }
    let rest = export(&bench, cursor).unwrap();
    let taken: Vec<&Record> = rest.iter().flat_map(|(_, page)| page).collect();
    assert_eq!(taken[..next.len()], next.iter().collect::<Vec<_>>()[..]);
}

#[test]
fn a_group_that_one_is_not_in_is_not_exported() {
    for plays in Implementation::ALL {
        let bench = Bench::new(plays);
        let exporter = bench.connector.exporter().unwrap();
        let by = super::who("qq-powerless", "800100010", false);
        let page = now(exporter.page(&bench.cx(&by, &[]), &busy(), None));
        assert_eq!(page.unwrap_err().kind, Kind::NotFound, "{plays:?}");
    }
}

fn message(n: u64) -> Value {
    json!({ "time": 1_795_000_000, "message_id": n, "real_seq": n.to_string(), "user_id": 1, "message": "x" })
}

/// An implementation that answers every page of history in its own way, by the anchor that was asked for.
fn hostile(answer: impl Fn(Option<u64>) -> Vec<Value> + Send + 'static) -> Bench {
    let bench = Bench::new(Implementation::NapCat);
    bench.instead(move |request| {
        if !request.uri().path().ends_with("get_group_msg_history") {
            return None;
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let anchor = body.get("message_seq").and_then(Value::as_str).map(|text| text.parse().unwrap());
        Some(ok(&json!({ "messages": answer(anchor) })))
    });
    bench
}

#[test]
fn pages_without_end_that_repeat_or_make_no_sense_are_errors() {
    let endless = hostile(|anchor| {
        let newest = anchor.unwrap_or(1_000_000_000);
        (newest - 1..=newest).map(message).collect()
    });
    let mut times = Vec::new();
    for bench in [
        endless,
        hostile(|_| (10..20).map(message).collect()),
        hostile(|anchor| vec![message(anchor.map_or(5, |anchor| anchor + 1)), message(anchor.unwrap_or(7))]),
        hostile(|_| vec![json!({ "message_id": 1 })]),
        hostile(|_| (0..1001).map(message).collect()),
    ] {
        let error = export(&bench, None).unwrap_err();
        assert_eq!((error.kind, error.kind.code()), (Kind::Protocol, "connection.protocol"));
        times.push(bench.called().len());
    }
    assert!(times.iter().all(|calls| *calls < 10_100), "{times:?}");
}

#[test]
fn the_token_stays_away_from_the_addresses_of_files() {
    let bench = Bench::new(Implementation::GoCqhttp);
    let pages = export(&bench, None).unwrap();
    let exporter = bench.connector.exporter().unwrap();
    let files = pages.iter().flat_map(|(_, page)| page).flat_map(|record| &record.attachments);
    for file in files {
        let bytes = now(exporter.media(&bench.cx(&owner(), &[]), &busy(), &file.id)).unwrap();
        assert_eq!(Some(bytes.len() as u64), file.bytes);
    }
    let seen = bench.line.seen.lock().unwrap();
    let downloads: Vec<_> = seen.iter().filter(|seen| seen.action.starts_with("download/")).collect();
    assert!(downloads.len() == 2 && downloads.iter().all(|seen| !seen.authorised));
    assert!(seen.iter().filter(|seen| !seen.action.starts_with("download/")).all(|seen| seen.authorised));
    drop(seen);
    for bad in ["ftp://x/y", "no-such-file"] {
        assert!(now(exporter.media(&bench.cx(&owner(), &[]), &busy(), &bad.into())).is_err(), "{bad}");
    }
}
