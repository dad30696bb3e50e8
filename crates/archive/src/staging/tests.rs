use super::*;
use adjourn_domain::message::Attachment;

fn record(n: u32) -> Record {
    let kind = if n % 5 == 4 { RecordKind::Undecryptable } else { RecordKind::Message };
    Record {
        text: Some(format!("\u{4f60}\u{597d} {n}")),
        attachments: (n == 1)
            .then(|| Attachment {
                id: "mxc://a/1".into(),
                name: "\u{56fe}.png".into(),
                bytes: None,
                media_type: None,
            })
            .into_iter()
            .collect(),
        raw: serde_json::json!({ "n": n }),
        ..Record::new(format!("$e{n}").into(), kind, Time::from_millis(i64::from(n)), "@a".into())
    }
}

fn page(records: impl IntoIterator<Item = u32>, next: Option<&str>) -> ExportPage {
    ExportPage::new(records.into_iter().map(record).collect(), next.map(str::to_owned))
}

fn ids(staging: &Staging) -> Vec<String> {
    let mut ids = Vec::new();
    staging
        .each(|record| {
            ids.push(record.id.to_string());
            Ok::<(), ArchiveError>(())
        })
        .unwrap();
    ids
}

fn opened(dir: &Path) -> Staging {
    Staging::open(dir, None).unwrap()
}

#[test]
fn an_export_goes_on_after_a_crash_and_writes_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = opened(dir.path());
    staging.write_page(&page([0, 1], Some("c1"))).unwrap();
    staging.write_page(&page([1, 2], Some("c2"))).unwrap();
    staging.checkpoint().unwrap();
    staging.write_page(&page([3], Some("c3"))).unwrap();
    // A crash after the frame and the notes and before the checkpoint: bytes lie behind it.
    for name in [RECORDS, NOTES] {
        let mut file = OpenOptions::new().append(true).open(dir.path().join(name)).unwrap();
        file.write_all(b"half").unwrap();
    }
    let mut staging = opened(dir.path());
    assert_eq!(staging.state().cursor.as_deref(), Some("c2"), "what only waited is asked for again");
    staging.write_page(&page([2, 3, 4], None)).unwrap();
    assert_eq!(ids(&staging), ["$e0", "$e1", "$e2", "$e3", "$e4"]);
    assert!(!staging.receipt(None).complete, "an attachment is missing");
    assert_eq!(staging.next_media(9), ["mxc://a/1".into()]);
    staging.write_media(&"mxc://a/1".into(), Ok(b"bytes")).unwrap();
    let receipt = opened(dir.path()).receipt(Some(5));
    assert!(receipt.complete);
    assert_eq!((receipt.total, receipt.media, receipt.repeated), (5, 1, 2));
    assert_eq!(receipt.undecryptable, ["$e4".into()]);
    assert_eq!(receipt.last.unwrap().id.as_str(), "$e4");
    assert!(!staging.receipt(Some(6)).complete, "the platform says there is more");
}

#[test]
fn a_checkpoint_stays_small_and_small_pages_share_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = opened(dir.path());
    let size = |staging: &Staging| serde_json::to_vec(staging.state()).unwrap().len();
    let pages = |staging: &mut Staging, numbers: std::ops::Range<u32>| {
        for n in numbers {
            staging.write_page(&page([n * 5 + 4], Some(&format!("c{n:06}")))).unwrap();
        }
    };
    pages(&mut staging, 0..10);
    let small = size(&staging);
    pages(&mut staging, 10..MOST_LISTED as u32 + 100);
    assert!(staging.waiting.records.len() < MOST_WAITING, "it was written on the way");
    staging.write_page(&page([], None)).unwrap();
    assert!(size(&staging) < small + 40, "{} became {}", small, size(&staging));
    let receipt = opened(dir.path()).receipt(None);
    assert_eq!(receipt.undecryptable.len(), MOST_LISTED);
    assert_eq!((receipt.total, receipt.undecryptable_more), (MOST_LISTED as u64 + 100, 100));
}

#[test]
fn a_folder_of_an_earlier_version_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<u8> = [0, 1, 4]
        .into_iter()
        .flat_map(|n| {
            let mut line = canonical_json(&record(n)).unwrap();
            line.push(b'\n');
            line
        })
        .collect();
    let frame = zstd::encode_all(lines.as_slice(), LEVEL).unwrap();
    fs::write(dir.path().join(RECORDS), &frame).unwrap();
    let state = serde_json::json!({
        "bytes": frame.len(), "cursor": "c1", "at_end": false, "counts": {"message": 2, "undecryptable": 1},
        "first": {"id": "$e0", "at": "1970-01-01T00:00:00.000Z"}, "last": {"id": "$e4", "at": "1970-01-01T00:00:00.004Z"},
        "undecryptable": ["$e4"],
        "media": [{"id": "mxc://a/1", "name": "x", "content": null, "gap": null}],
    });
    fs::write(dir.path().join(STATE), state.to_string()).unwrap();
    let mut staging = opened(dir.path());
    assert_eq!(staging.media_open(), 1);
    staging.write_page(&page([4, 9], None)).unwrap();
    let mut staging = opened(dir.path());
    assert_eq!(ids(&staging), ["$e0", "$e1", "$e4", "$e9"]);
    assert_eq!(staging.next_media(9), ["mxc://a/1".into()]);
    assert_eq!(staging.receipt(None).undecryptable, ["$e4".into(), "$e9".into()]);
}

#[test]
fn a_tail_holds_only_what_the_main_export_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut main = opened(&dir.path().join("main"));
    main.write_page(&page([0, 1], Some("c1"))).unwrap();
    main.write_page(&page([2], None)).unwrap();
    let mut tail = Staging::open(&dir.path().join("tail"), Some(main)).unwrap();
    assert_eq!(tail.state().cursor.as_deref(), Some("c1"), "it begins at the main export's last page");
    // What was taken back since then has other words now, and is in the main export.
    let edited = Record { text: None, ..record(2) };
    let next = ExportPage::new(vec![edited, record(1), record(3)], None);
    tail.write_page(&next).unwrap();
    assert_eq!(ids(&tail), ["$e3"]);
    assert!(tail.media().is_empty());
    assert!(tail.receipt(None).complete);
}

#[test]
fn a_missing_attachment_is_a_gap_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = opened(dir.path());
    staging.write_page(&page([1], None)).unwrap();
    staging.write_media(&"mxc://a/1".into(), Err(Note::new("gap-media"))).unwrap();
    let receipt = opened(dir.path()).receipt(None);
    assert!(!receipt.complete);
    assert_eq!(receipt.gaps, [Note::new("gap-media")]);
    assert_eq!(staging.media_open(), 0);
}

#[test]
fn bad_items_are_listed_with_their_page_and_cost_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = opened(dir.path());
    staging.write_page(&page([0], Some("c1"))).unwrap();
    let other = Record { text: Some("other".to_owned()), ..record(0) };
    let before = Record { at: Time::from_millis(-1), ..record(2) };
    let bad = vec![BadItem::left_out(Reason::Shape, Some("$odd".into()), "no sender")];
    let odd = ExportPage { records: vec![other, before, record(3)], next: Some("c2".to_owned()), bad };
    staging.write_page(&odd).unwrap();
    staging.write_page(&page([4], None)).unwrap();
    staging.check(None).unwrap();
    let receipt = opened(dir.path()).receipt(Some(6));
    let told: Vec<_> = receipt
        .bad
        .iter()
        .map(|item| (item.reason, item.cursor.as_deref(), item.id.as_ref().unwrap().as_str(), item.kept))
        .collect();
    assert_eq!(
        told,
        [
            (Reason::Shape, Some("c1"), "$odd", false),
            (Reason::Duplicate, Some("c1"), "$e0", false),
            (Reason::Time, Some("c1"), "$e2", true),
        ]
    );
    assert_eq!(ids(&staging), ["$e0", "$e2", "$e3", "$e4"]);
    assert!(!receipt.complete && !receipt.compared);
    let left_out = Note::new("gap-bad").with("n_records", 2);
    assert_eq!(receipt.gaps, [left_out], "and this explains the platform's count");
}

#[test]
fn a_second_listing_with_more_records_on_a_day_is_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = opened(dir.path());
    let at = |day: i64, n: u32| Record { at: Time::from_millis(day * 86_400_000), ..record(n) };
    let records = vec![at(1, 0), at(1, 2), at(2, 3), at(3, 5)];
    staging.write_page(&ExportPage::new(records, None)).unwrap();
    let mut listed = staging.days.clone();
    listed.count(Time::from_millis(2 * 86_400_000));
    staging.check(Some(&listed)).unwrap();
    let receipt = opened(dir.path()).receipt(Some(4));
    assert!(receipt.compared && !receipt.complete);
    let gap = Note::new("gap-day").with("day", "1970-01-03").with("platform", 2_u64).with("taken", 1_u64);
    assert_eq!(receipt.gaps, [gap]);
}
