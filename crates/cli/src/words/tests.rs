//! What members read has everything that it must have, in both languages.

use std::collections::BTreeSet;

use adjourn_app::ports::PlatformFacts;
use adjourn_domain::member_notice::{Cited, MemberNotice};
use adjourn_domain::party::Party;
use adjourn_domain::plan::ReasonKind;

use adjourn_domain::fact::Text;

use super::*;

fn facts(languages: &[&str]) -> AnnouncementFacts {
    let text = |en: &str| Text { zh: format!("zh {en}"), en: en.to_owned() };
    let cited = |article: &str| Cited {
        law: "test".to_owned(),
        article: text(&format!("Law, article {article}")),
        short: text(&format!("Law {article}")),
        held_in: None,
    };
    let kept = |rule: &str, months, article| Retention {
        rule: rule.to_owned(),
        months,
        from: "end".to_owned(),
        basis: Some(cited(article)),
    };
    AnnouncementFacts {
        text: "We close this group.".to_owned(),
        languages: languages.iter().map(|tag| (*tag).to_owned()).collect(),
        notice: MemberNotice {
            scope: Scope::PersonalData,
            bases: BTreeSet::from([cited("17")]),
            organisation: Some("Example School".to_owned()),
            contact: Some("office@example.org".to_owned()),
            archive: Some("the school's archive".to_owned()),
            archive_months: Some(36),
            recipients: BTreeSet::from([Party::Finance]),
            missing: BTreeSet::new(),
        },
        reason_kind: ReasonKind::ProjectEnded,
        kinds: BTreeSet::from([Kind::Trading, Kind::ExternalCustomer]),
        retention: vec![kept("logs", 7, "23"), kept("trade_records", 36, "31")],
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
        "How long: the archive 3 years from the end.",
        "Kept by law, where there are any: logs 7 months (Law 23); goods, service and transaction information 3 years (Law 31).",
        "Then: two people destroy it, never while a period or a hold runs.",
        "Your rights: know, see, copy, correct, delete, object. Turn to the contact above.",
        "Told under: Law 17.",
        "To our customers",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let mut plain = facts(&[]);
    plain.kinds = BTreeSet::from([Kind::Ordinary]);
    plain.notice.recipients.clear();
    plain.notice.archive_months = Some(13);
    plain.retention.clear();
    let text = WORDS.announcement(&plain);
    assert!(text.contains("Where it goes: the school's archive."), "{text}");
    assert!(text.contains("How long: the archive 13 months from the end."), "{text}");
    assert!(!text.contains("Kept by law") && !text.contains("To our customers"), "{text}");
}

#[test]
fn req_c3_nothing_is_said_that_nobody_configured() {
    let mut bare = facts(&[]);
    bare.notice.contact = None;
    bare.notice.archive = None;
    bare.notice.archive_months = None;
    let text = WORDS.announcement(&bare);
    assert!(text.contains("Who: Example School.\n"), "{text}");
    assert!(text.contains("It is also given to the finance system."), "{text}");
    for made_up in ["contact", "How long", "Where it goes", "none", "0 month"] {
        assert!(!text.contains(made_up), "{made_up} is in:\n{text}");
    }
}

#[test]
fn req_c3_whom_the_law_on_personal_data_is_not_about_is_told_why_and_what_still_applies() {
    for (scope, says) in [
        (
            Scope::Household,
            "A private matter of a natural person, which the law on personal information is not about (Law 17).",
        ),
        (Scope::NoPersonalData, "By the organisation's register, this group holds no personal data."),
    ] {
        let mut other = facts(&[]);
        other.notice.scope = scope;
        let text = WORDS.announcement(&other);
        assert!(text.contains(says) && text.contains("Kept by law") && text.contains("office@"), "{text}");
        assert!(!text.contains("Kinds of data") && !text.contains("Your rights"), "{text}");
    }
}

#[test]
fn req_c3_no_number_of_the_statement_comes_from_the_texts() {
    let mut numberless = facts(&["zh-CN", "en"]);
    numberless.notice.archive_months = None;
    numberless.retention.clear();
    numberless.platforms.clear();
    numberless.notice.bases.clear();
    let text = WORDS.announcement(&numberless);
    assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
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
    let us = Organisation {
        name: "Example School".to_owned(),
        contact: "office@example.org".to_owned(),
        archive: "the school's archive".to_owned(),
        keep_months: Some(12),
        duty: String::new(),
        utc_offset_minutes: 480,
    };
    let text = WORDS.notice(at, Some(&us), &["zh-CN".to_owned(), "en".to_owned()]);
    assert_eq!(text.matches("2026-12-05 18:00 (UTC+08:00)").count(), 2, "{text}");
    assert!(text.contains("office@example.org"));
    let silent = Organisation { contact: String::new(), ..us };
    let text = WORDS.notice(at, Some(&silent), &["en".to_owned()]);
    assert_eq!(text.lines().count(), 1, "nobody to ask is not made up: {text}");
}
