//! What holds for every text: nothing outside a span is touched, no character is split, the same identifier is the same pseudonym, and no report tells one.

use std::sync::{LazyLock, Mutex};

use adjourn_redact::laws::Laws;
use adjourn_redact::{Detector, Kind, Labels, Members, Pseudonyms, Scratch, Tally};
use proptest::prelude::*;

/// Characters of which texts that may confuse are made.
const PIECES: [&str; 24] = [
    "1",
    "3",
    "800",
    "13800138000",
    "-",
    " ",
    ".",
    "@",
    "example.com",
    "://",
    "?token=",
    "wxid_",
    "\u{5f20}",
    "\u{4f1f}",
    "\u{8def}",
    "\u{53f7}",
    "\u{5317}\u{4eac}\u{5e02}",
    "\u{ff11}",
    "\u{4e00}",
    "\u{b7}",
    "\u{1f600}",
    "(",
    "\n",
    "X",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40)
            .prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

static LAWS: LazyLock<Mutex<Laws>> = LazyLock::new(|| Mutex::new(Laws::new(&["\u{5f20}\u{4f1f}", "Ann"])));

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn the_laws_hold_for_every_text_and_every_line(text in texts()) {
        let mut laws = LAWS.lock().unwrap();
        prop_assert_eq!(laws.text(&text), Ok(()));
        let quoted = serde_json::Value::from(text.as_str());
        let line = format!("{{\"text\":{quoted},\"sender\":{quoted},\"n\":[{{\"raw\":{quoted}}},-1.5e3]}}\n{text}");
        prop_assert_eq!(laws.lines(line.as_bytes()), Ok(()));
    }
}

#[test]
fn the_same_identifier_is_the_same_pseudonym_however_it_is_written() {
    let under = |key: u8, scope: &str, kind: Kind, text: &str| {
        let mut out = String::new();
        Pseudonyms::new([key; 32], scope, Labels::English).write(kind, text, &mut out);
        out
    };
    let plain = under(1, "a", Kind::Mobile, "13800138000");
    for text in
        ["138 0013 8000", "+86 138-0013-8000", "\u{ff11}3800138000", "\u{4e00}\u{4e09}\u{516b}00138000"]
    {
        assert_eq!(under(1, "a", Kind::Mobile, text), plain, "{text}");
    }
    for other in [
        under(2, "a", Kind::Mobile, "13800138000"),
        under(1, "b", Kind::Mobile, "13800138000"),
        under(1, "a", Kind::Qq, "13800138000"),
        under(1, "a", Kind::Mobile, "13800138001"),
    ] {
        assert_ne!(other, plain, "another key, scope, kind or number is another pseudonym");
    }
    assert_eq!(
        format!("{:?}", Pseudonyms::new([1; 32], "a", Labels::English)),
        "Pseudonyms",
        "keys are not printed"
    );
}

#[test]
fn pseudonyms_that_keep_a_format_are_as_long_and_nobodys() {
    let pseudonyms = |key| Pseudonyms::new([key; 32], "a", Labels::English).keeping_format();
    let under = |key: u8, kind: Kind, text: &str| {
        let mut out = String::new();
        pseudonyms(key).write(kind, text, &mut out);
        out
    };
    for (kind, text, begins) in [
        (Kind::Mobile, "13800138000", "11"),
        (Kind::Mobile, "+86 138-0013-8000", "+86 11"),
        (Kind::Landline, "(010)6552 9988", "(01"),
        (Kind::Landline, "65529988", "1"),
        (Kind::ResidentId, "110105 19491231 002X", "99"),
        (Kind::Card, "6222 0212 3456 7894", "0"),
        (Kind::Qq, "123456789", "0"),
    ] {
        let (one, two) = (under(1, kind, text), under(2, kind, text));
        let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit() || c == 'X', "#");
        assert!(one.starts_with(begins) && shape(&one) == shape(text) && one != text && one != two, "{one}");
        assert_eq!(under(1, kind, text), one);
        // Nobody takes it for one of the kind again.
        let detector = Detector::new(Members::new());
        let mut scratch = Scratch::default();
        assert!(detector.find(&one, &mut scratch).iter().all(|span| span.kind != kind), "{one}");
    }
    let wide = under(1, Kind::Mobile, "\u{ff11}\u{ff13}800138000");
    assert!(wide.starts_with("\u{ff11}\u{ff11}") && wide.chars().count() == 11, "{wide}");
    assert_eq!(
        under(1, Kind::Mobile, "138 0013 8000").replace(' ', ""),
        under(1, Kind::Mobile, "13800138000")
    );
    assert!(under(1, Kind::Email, "ann@example.com").ends_with("@pseudonym.invalid"));
    assert!(under(1, Kind::Address, "x").starts_with("[address#"), "other kinds have no such form");
}

#[test]
fn a_listed_person_is_one_person_under_every_name() {
    let mut members = Members::new();
    assert!(members.add(7, "\u{738b}\u{5efa}\u{56fd}") && members.add(7, "Laowang") && members.add(8, "Ann"));
    assert!(
        !members.add(9, "\u{738b}") && !members.add(9, "12") && !members.add(9, " "),
        "too little to be looked for"
    );
    let detector = Detector::new(members);
    let text = "laowang, \u{ff2c}aowang: \u{738b}\u{5efa}\u{56fd}! Ann met Annual Joanna";
    let mut scratch = Scratch::default();
    let people: Vec<_> = detector.find(text, &mut scratch).iter().map(|span| span.person).collect();
    assert_eq!(people, [Some(7), Some(7), Some(7), Some(8)]);
    // In the other script, too, and under the same pseudonym where no list is.
    let traditional = detector.find("\u{738b}\u{5efa}\u{570b}", &mut scratch);
    assert_eq!(traditional.iter().map(|span| span.person).collect::<Vec<_>>(), [Some(7)]);
    let pseudonyms = Pseudonyms::new([1; 32], "a", Labels::English);
    let (mut one, mut two) = (String::new(), String::new());
    pseudonyms.write(Kind::Person, "\u{5f20}\u{4f1f}", &mut one);
    pseudonyms.write(Kind::Person, "\u{5f35}\u{5049}", &mut two);
    assert_eq!(one, two);
}

#[test]
fn a_listed_latin_name_is_found_however_its_words_are_joined_and_ordered() {
    let mut members = Members::new();
    assert!(
        members.add(1, "\u{5f20}\u{4f1f}") && members.add(1, "Zhang Wei") && members.add(2, "Mary Ann Smith")
    );
    assert!(members.add(3, "Wei Zhangsun") && members.add(4, "An Li"));
    assert_eq!(
        (members.len(), members.person("ZHANGWEI"), members.person("wei, zhang")),
        (5, Some(1), Some(1))
    );
    let detector = Detector::new(members);
    let mut scratch = Scratch::default();
    let mut people = |text: &str| -> Vec<_> {
        detector
            .find(text, &mut scratch)
            .iter()
            .map(|span| (text[span.start..span.end].to_owned(), span.person))
            .collect()
    };
    for name in [
        "zhangwei",
        "ZHANG WEI",
        "Zhang, Wei",
        "Wei Zhang",
        "zhang-wei",
        "zhang_wei",
        "weizhang",
        "zhang.wei",
    ] {
        assert_eq!(people(&format!("\u{627e}{name}\u{ff0c}ok")), [(name.to_owned(), Some(1))], "{name}");
    }
    assert_eq!(
        people("Smith, Mary Ann; maryannsmith").iter().map(|(_, who)| *who).collect::<Vec<_>>(),
        [Some(2); 2]
    );
    assert_eq!(
        people("Wei Zhangsun"),
        [("Wei Zhangsun".to_owned(), Some(3))],
        "the longest, as it is listed"
    );
    assert_eq!(people("Li, An"), [("Li, An".to_owned(), Some(4))]);
    for other in ["anli", "Zhang is away", "zhangweiwei", "Zhang and Wei"] {
        assert_eq!(people(other), [], "{other}");
    }
}

#[test]
fn what_repeats_without_end_needs_no_more_than_its_length() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    // A road, then doors behind doors; parts of a name behind parts.
    for (begin, again) in
        [("\u{6587}\u{8def}", "1\u{53f7}\u{9644}"), ("\u{827e}\u{529b}", "\u{b7}\u{827e}\u{529b}")]
    {
        let text = begin.to_owned() + &again.repeat(300_000);
        assert!(!detector.find(&text, &mut scratch).is_empty(), "{begin}");
    }
}

#[test]
fn a_report_counts_and_tells_no_identifier() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    let (mut one, mut two) = (Tally::default(), Tally::default());
    let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English);
    let mut note = |tally: &mut Tally, text| {
        let spans = detector.find(text, &mut scratch);
        tally.note(text, spans);
        for span in spans {
            tally.distinct(span.kind, pseudonyms.write_span(text, span, &mut String::new()));
        }
    };
    note(&mut one, "tel 13800138000, 13912345678");
    note(&mut one, "nothing");
    note(&mut two, "13800138000 or order 99887766554433");
    note(&mut two, "nr 110105194912310021");
    one.merge(two);
    one.rejected(scratch.rejected());
    let report = serde_json::to_value(one.report()).unwrap();
    assert_eq!((&report["texts"], &report["touched"]), (&4.into(), &2.into()));
    let resident = &report["kinds"][2];
    assert_eq!((&resident["kind"], &resident["rejected"]), (&"resident_id".into(), &1.into()));
    let mobile = &report["kinds"][0];
    assert_eq!(
        (&mobile["kind"], &mobile["high"], &mobile["texts"], &mobile["distinct"]),
        (&"mobile".into(), &3.into(), &2.into(), &2.into())
    );
    assert_eq!(report["long_numbers_left"], 2);
    let text = report.to_string();
    for secret in ["138001", "139123", "998877"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("tel <mobile>, <mobile>"), "{text}");
}
