//! Events that the platform fails to show: stepped over, bounded, and nothing else is lost.

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::export::{BadItem, Days, Reason};
use adjourn_domain::message::Record;

use super::{Bench, Dark, Who, block_on};

const FAILED: (u16, &str) = (500, r#"{"errcode":"M_UNKNOWN","error":"Internal server error"}"#);
const MALFORMED: (u16, &str) = (200, r#"{"chunk":[{"event_id""#);

impl Bench {
    /// From now on the platform fails to show these events.
    fn darken(&self, records: &[&Record], instead: (u16, &'static str)) {
        let ids = records.iter().map(|record| record.id.to_string()).collect();
        *self.line.dark.lock().unwrap() = Dark { ids, instead: Some(instead) };
    }

    /// Exports as the use case does: a page that fails is asked for in another way.
    fn export_around(&self, who: &Who) -> Result<(Vec<Record>, Vec<BadItem>), ConnectorError> {
        let exporter = self.connector.exporter().unwrap();
        let (mut records, mut bad, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
        for _ in 0..100 {
            let cx = self.cx(who);
            let page = match block_on(exporter.page(&cx, &self.seeded.busy, cursor.as_deref())) {
                Err(error) if matches!(error.kind, Kind::Upstream | Kind::Protocol) => {
                    block_on(exporter.beyond(&cx, &self.seeded.busy, cursor.as_deref()))?.unwrap()
                }
                other => other?,
            };
            assert!(page.next.is_none() || page.next != cursor, "the page repeats");
            records.extend(page.records);
            bad.extend(page.bad);
            cursor = page.next;
            if cursor.is_none() {
                return Ok((records, bad));
            }
        }
        panic!("the export does not end");
    }

    fn recount(&self, who: &Who) -> Result<Days, ConnectorError> {
        let exporter = self.connector.exporter().unwrap();
        let (mut days, mut cursor) = (Days::default(), None::<String>);
        for _ in 0..100 {
            let counted =
                block_on(exporter.recount(&self.cx(who), &self.seeded.busy, cursor.as_deref()))?.unwrap();
            days.add(&counted.days);
            cursor = counted.next;
            if cursor.is_none() {
                return Ok(days);
            }
        }
        panic!("the second pass does not end");
    }
}

fn days(records: &[Record]) -> Days {
    let mut days = Days::default();
    for record in records {
        days.count(record.at);
    }
    days
}

#[test]
fn req_x1_a_second_pass_from_the_other_end_counts_what_the_first_took() {
    let bench = Bench::new();
    let taken = days(&bench.export(&bench.root(), &bench.seeded.busy).unwrap());
    bench.sent();
    for who in [bench.root(), bench.as_user("syt_bob")] {
        assert_eq!(bench.recount(&who).unwrap(), taken);
    }
    let sent = bench.sent();
    let pages = sent.iter().filter(|call| call.contains("/messages"));
    assert!(pages.clone().all(|call| call.contains("dir=b") || call.contains("limit=1")), "{sent:?}");
    // A second pass that is cut short proves nothing.
    let cut = r#"{"chunk":[],"start":"t0-0_0"}"#;
    bench.trouble("dir=b", super::Trouble::Instead(200, "application/json", cut));
    assert_eq!(bench.recount(&bench.root()).unwrap_err().kind, Kind::Protocol);
}

#[test]
fn req_x1_what_a_homeserver_fails_to_show_is_bounded_and_nothing_else_is_lost() {
    for instead in [FAILED, MALFORMED] {
        for token in ["syt_root", "syt_bob"] {
            let bench = Bench::new();
            let who = bench.as_user(token);
            let all = bench.export(&who, &bench.seeded.busy).unwrap();
            let count = all.len();
            // None of them is named by another. One; two with one between them; neighbours; the first; the last.
            for dark in
                [vec![15], vec![15, 17], vec![15, 16, 17], vec![0], vec![count - 1], (5..count).collect()]
            {
                let hidden: Vec<&Record> = dark.iter().map(|place| &all[*place]).collect();
                bench.darken(&hidden, instead);
                let (records, bad) = bench.export_around(&who).unwrap();
                let left = all.iter().filter(|record| !hidden.contains(record));
                assert!(records.iter().eq(left), "{dark:?}: {} records, {bad:?}", records.len());
                assert!(bad.iter().all(|item| item.reason == Reason::Page && !item.kept), "{bad:?}");
                let apart = 1 + dark.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
                assert_eq!(bad.len(), apart, "{dark:?}: {bad:?}");
                let bound = |place: Option<usize>| {
                    place.and_then(|place| all.get(place)).map(|record| record.id.clone())
                };
                let (first, last) = (&bad[0], &bad[apart - 1]);
                assert_eq!(first.after.as_ref().map(|mark| mark.id.clone()), bound(dark[0].checked_sub(1)));
                assert_eq!(
                    last.before.as_ref().map(|mark| mark.id.clone()),
                    bound(dark.last().map(|place| place + 1))
                );
                // The second pass ends as well, and lists no more than there is.
                let listed = bench.recount(&who).unwrap();
                assert_eq!(days(&records).short_of(&listed, None), [], "{dark:?}");
            }
        }
    }
}

#[test]
fn a_platform_that_shows_nothing_any_more_is_down_and_has_no_gap() {
    let bench = Bench::new();
    let all = bench.export(&bench.root(), &bench.seeded.busy).unwrap();
    bench.darken(&all.iter().collect::<Vec<_>>(), FAILED);
    assert_eq!(bench.export_around(&bench.root()).unwrap_err().kind, Kind::Upstream);
    assert_eq!(bench.recount(&bench.root()).unwrap_err().kind, Kind::Upstream);
}

#[test]
fn an_empty_page_is_not_the_beginning_of_a_history_whose_first_event_fails() {
    let bench = Bench::new();
    let all = bench.export(&bench.root(), &bench.seeded.busy).unwrap();
    bench.darken(&[&all[0]], FAILED);
    let empty = r#"{"chunk":[],"start":"t0-0_0"}"#;
    for _ in 0..2 {
        bench.trouble("/messages?dir=b", super::Trouble::Instead(200, "application/json", empty));
    }
    let (records, bad) = bench.export_around(&bench.root()).unwrap();
    assert_eq!((bad.len(), &bad[0].after), (1, &None));
    assert_eq!(bad[0].before.as_ref().map(|mark| &mark.id), records.first().map(|record| &record.id));
}
