use super::*;

#[test]
fn a_message_has_both_languages_and_no_isolation_marks() {
    assert_eq!(msg::next_command(Lang::En, "adjourn watch C-1"), "Next: adjourn watch C-1");
    let zh = msg::next_command(Lang::ZhCn, "adjourn watch C-1");
    assert!(zh.ends_with("adjourn watch C-1"), "{zh}");
    assert!(!zh.contains(['\u{2068}', '\u{2069}']));
}

#[test]
fn numbers_choose_their_form_by_language() {
    let says = |lang, count| error_text(lang, "plan.empty", &[("count", count)]).unwrap().sentence;
    assert!(says(Lang::En, "0").ends_with("no group."));
    assert!(says(Lang::En, "1").ends_with("one group."));
    assert!(says(Lang::En, "2000").contains("2000 groups"));
    assert!(says(Lang::ZhCn, "1").contains("1 个群"));
}

#[test]
fn an_error_has_a_sentence_and_a_hint() {
    let text = error_text(Lang::En, "plan.stale", &[("case", "C-7"), ("differences", "the owner")]).unwrap();
    assert!(text.sentence.contains("C-7") && text.sentence.contains("the owner"), "{text:?}");
    assert!(text.hint.contains("adjourn plan"));
    assert_eq!(error_text(Lang::En, "no.such", &[]), None);
}

#[test]
fn a_word_argument_chooses_its_variant() {
    let says = |args: &[(&str, &str)]| error_text(Lang::En, "group.unknown", args).unwrap().sentence;
    assert_eq!(says(&[("group", "G7K2Q")]), "There is no group G7K2Q.");
    assert_eq!(says(&[]), "There is no such group.");
    let many = error_text(Lang::En, "verify.failed", &[("count", "3")]).unwrap();
    assert!(many.sentence.contains("3 checks failed"), "{many:?}");
}

#[test]
fn a_detail_stands_in_brackets_behind_the_sentence() {
    let args = [("says", "403 M_FORBIDDEN")];
    let en = error_text(Lang::En, "connection.permission", &args).unwrap().sentence;
    assert_eq!(en, "The identity lacks a permission on the platform (403 M_FORBIDDEN).");
    let zh = error_text(Lang::ZhCn, "connection.permission", &args).unwrap().sentence;
    assert!(zh.ends_with("（403 M_FORBIDDEN）。"), "{zh}");
}

#[test]
fn an_argument_that_names_a_word_is_shown_as_that_word() {
    let args = [("case", "C-1"), ("state", "in_review")];
    assert!(error_text(Lang::En, "case.state", &args).unwrap().sentence.contains("“in review”"));
    assert!(error_text(Lang::ZhCn, "case.state", &args).unwrap().sentence.contains("待复核"));
}

#[test]
fn a_list_of_slugs_is_shown_as_words() {
    let args = [("case", "C-1"), ("differences", "drift-owner, drift-members")];
    assert!(error_text(Lang::En, "plan.stale", &args).unwrap().sentence.contains(": owner, members."));
    assert!(error_text(Lang::ZhCn, "plan.stale", &args).unwrap().sentence.contains("：群主、成员。"));
    let args = [("case", "C-1"), ("missing", "compliance × 2, odd")];
    assert!(error_text(Lang::En, "approval.needed", &args).unwrap().sentence.contains("compliance × 2, odd"));
    assert!(error_text(Lang::ZhCn, "approval.needed", &args).unwrap().sentence.contains("合规岗 × 2、odd"));
}

#[test]
fn an_argument_left_out_is_shown_as_not_known() {
    let text = error_text(Lang::ZhCn, "plan.stale", &[]).unwrap();
    assert!(text.sentence.contains('?'), "{text:?}");
}

#[test]
fn every_code_and_word_is_there_in_both_languages() {
    for lang in Lang::ALL {
        for code in ERROR_CODES {
            let text = error_text(lang, code, &[]).unwrap();
            assert!(!text.sentence.is_empty() && !text.hint.is_empty(), "{code}");
        }
        for key in word_keys() {
            assert!(word(lang, key).is_some_and(|text| !text.is_empty()), "{key}");
        }
    }
}

#[test]
fn words_are_found_by_the_names_that_data_uses() {
    assert_eq!(word(Lang::En, "verdict.left_only"), Some("left only"));
    assert_eq!(word(Lang::En, "verdict-left-only"), Some("left only"));
    assert_eq!(word(Lang::En, "verdict-none-such"), None);
}

#[test]
fn every_note_is_there_in_both_languages() {
    for lang in Lang::ALL {
        for code in NOTE_CODES {
            assert!(note(lang, code, &[]).is_some_and(|text| !text.is_empty()), "{code}");
        }
    }
    assert_eq!(note(Lang::En, "no-such-note", &[]), None);
    assert_eq!(note(Lang::En, "", &[]), None);
}

#[test]
fn a_note_is_a_sentence_with_its_arguments() {
    let args = [("was", "@a:x"), ("is", "@b:x")];
    assert_eq!(note(Lang::En, "drift-owner", &args).unwrap(), "The owner was @a:x and is now @b:x.");
    assert_eq!(note(Lang::En, "drift-owner", &[]).unwrap(), "The owner changed.");
    assert!(note(Lang::ZhCn, "gap-count", &[]).unwrap().contains("平台称有 ? 条"));
    let says = [("op", "purge"), ("says", "403")];
    let text = note(Lang::ZhCn, "blocker-capability", &says).unwrap();
    assert!(text.contains("“清除平台留档”") && text.ends_with("（403）。"), "{text}");
}

#[test]
fn a_name_that_people_gave_is_not_taken_for_a_word() {
    assert!(note(Lang::ZhCn, "blocker-money", &[("link", "bot")]).unwrap().contains("“bot”"));
}

#[test]
fn notes_are_found_by_the_names_that_data_uses() {
    let named = note(Lang::En, "person-dissolve-type_name", &[]);
    assert!(named.is_some() && named == note(Lang::En, "person-dissolve-type-name", &[]));
    let verify = note(Lang::En, "verify-rests.key_given", &[("key", "k1")]).unwrap();
    assert_eq!(verify, "The log's key is the one that you gave (k1).");
}

#[test]
fn locales_are_read_as_they_come() {
    for tag in ["zh", "zh-CN", "zh_CN.UTF-8", "ZH-hans", " zh_SG@pinyin "] {
        assert_eq!(Lang::parse(tag), Some(Lang::ZhCn), "{tag}");
    }
    for tag in ["en", "en_GB.UTF-8", "EN-us"] {
        assert_eq!(Lang::parse(tag), Some(Lang::En), "{tag}");
    }
    for tag in ["", "C", "POSIX", "C.UTF-8", "de_DE"] {
        assert_eq!(Lang::parse(tag), None, "{tag}");
    }
    assert_eq!(Lang::detect(["C", "zh_CN.UTF-8", "en"]), Lang::ZhCn);
    assert_eq!(Lang::detect([]), Lang::En);
    assert_eq!("de".parse::<Lang>(), Err(UnknownLang));
}
