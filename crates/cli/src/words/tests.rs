//! What members read has everything that it must have, in both languages.

use std::collections::BTreeSet;

use adjourn_app::ports::PlatformFacts;
use adjourn_domain::kinds::Retention;
use adjourn_domain::party::Party;
use adjourn_domain::plan::ReasonKind;

use super::*;

fn facts(languages: &[&str]) -> AnnouncementFacts {
    AnnouncementFacts {
        text: "We close this group.".to_owned(),
        languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
        organisation: Organisation {
            name: "Example School".to_owned(),
            contact: "office@example.org".to_owned(),
            archive: "the school's archive".to_owned(),
            keep_months: 12,
            duty: String::new(),
            utc_offset_minutes: 480,
        },
        reason_kind: ReasonKind::ProjectEnded,
        kinds: BTreeSet::from([Kind::Trading, Kind::ExternalCustomer]),
        recipients: BTreeSet::from([Party::Finance]),
        retention: BTreeSet::from([Retention {
            rule: "trade_records".to_owned(),
            months: 36,
            from: "completion".to_owned(),
        }]),
        platforms: BTreeSet::from([
            PlatformFacts {
                platform: "wechat".to_owned(),
                recovery_s: None,
                residue: vec![Note::new("residue-device-copies")],
            },
            PlatformFacts { platform: "qq".to_owned(), recovery_s: Some(86_400), residue: Vec::new() },
        ]),
    }
}

const WORDS: CatalogWords = CatalogWords { lang: Lang::En };

#[test]
fn req_c3_the_legal_statement_says_who_why_what_where_how_long_then_what_and_which_rights() {
    let text = WORDS.announcement(&facts(&[]));
    for part in [
        "We close this group.",
        "Who: Example School; contact: office@example.org.",
        "Purpose: this group is dissolved (the project ended)",
        "Kinds of data: messages and files",
        "Where it goes: the school's archive; also to the finance system.",
        "How long: 36 months from completion; trade records at least 36 months. Then: destroyed",
        "Your rights: know, see, copy, correct, delete, object.",
        "To our customers",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let mut plain = facts(&[]);
    plain.kinds = BTreeSet::from([Kind::Ordinary]);
    plain.recipients.clear();
    plain.retention.clear();
    let text = WORDS.announcement(&plain);
    assert!(text.contains("Where it goes: the school's archive."), "{text}");
    assert!(text.contains("How long: 12 months from completion. Then"), "{text}");
    assert!(!text.contains("To our customers"));
}

#[test]
fn req_x3_one_text_carries_statement_and_technical_note_in_both_languages() {
    let text = WORDS.announcement(&facts(&["zh-CN", "en"]));
    let zh = WORDS.announcement(&facts(&["zh-CN"]));
    assert!(text.contains("WeChat: the group ends for everybody; it can't be brought back."), "{text}");
    assert!(text.contains("QQ: the group ends for everybody; it can be brought back for 24 h."));
    assert!(text.contains("What stays: "));
    for line in zh.lines() {
        assert!(text.contains(line), "{line}");
    }
    assert!(!zh.contains("Kinds of data"));
    assert!(text.chars().count() < 2000, "{} characters", text.chars().count());
    assert_eq!(text, WORDS.announcement(&facts(&["zh-CN", "en"])), "the same everywhere");
}

#[test]
fn req_n4_the_notice_has_the_exact_time_on_the_readers_clock() {
    let at = Time::parse("2026-12-05T10:00:00Z").unwrap();
    let text = WORDS.notice(at, Some(&facts(&[]).organisation), &["zh-CN".to_owned(), "en".to_owned()]);
    assert_eq!(text.matches("2026-12-05 18:00 (UTC+08:00)").count(), 2, "{text}");
    assert!(text.contains("office@example.org"));
}
