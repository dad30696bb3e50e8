//! People at their phones: the pages of `adjourn sim`, walked through by a browser, on both sides. What the pages say is in
//! `fixtures/phones.json`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::sync::LazyLock;

use adjourn_e2e::{Browser, Simulator};
use serde_json::{Value, json};

static WORDS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/phones.json")).unwrap());

/// The words at `wechat.menu`.
fn w(path: &str) -> &'static str {
    let pointer = format!("/{}", path.replace('.', "/"));
    WORDS.pointer(&pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no words at {path}"))
}

/// The digits after `label` on a page.
fn digits(text: &str, label: &str) -> String {
    let at = text.find(label).unwrap_or_else(|| panic!("no {label} in {text}")) + label.len();
    text[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

fn effect(counted: &Value, op: &str) -> u64 {
    let effects = counted["effects"].as_array().unwrap();
    effects.iter().filter(|effect| effect["op"] == op).map(|effect| effect["count"].as_u64().unwrap()).sum()
}

fn to_dissolve_in_wechat(browser: &mut Browser, sim: &Simulator, account: &str) {
    browser.open(&sim.phone(account));
    browser.walk(&[w("wechat.group"), w("wechat.menu"), w("wechat.manage"), w("wechat.dissolve")]);
}

#[test]
fn req_p1_wechat_ends_only_for_its_owner_who_types_the_groups_name() {
    let sim = Simulator::start("wechat", &["--world", "wechat", "--rules", "declared"]);
    let mut browser = Browser::start();
    assert_eq!(browser.open(&sim.url("/phone")), 200);
    browser.shows(w("simulated"));
    browser.shot("wechat-people");
    // A deputy manages the group and still has no such button, nor the page behind it.
    browser.open(&sim.phone("u-deputy"));
    browser.walk(&[w("wechat.group"), w("wechat.menu"), w("wechat.manage")]);
    assert!(!browser.has(w("wechat.dissolve")), "only the owner is offered the end");
    assert_eq!(browser.open(&sim.phone("u-deputy/chat/wx-1/dissolve")), 404);
    browser.shows(w("wechat.not_owner"));
    // The owner walks the platform's path; each of the clicks is one of its own words.
    browser.open(&sim.phone("u-owner"));
    browser.shot("wechat-chats");
    browser.click(w("wechat.group"));
    browser.shot("wechat-chat");
    browser.click(w("wechat.menu"));
    browser.shot("wechat-info");
    browser.walk(&[w("wechat.manage")]);
    browser.shot("wechat-manage");
    browser.click(w("wechat.dissolve"));
    browser.fill(w("wechat.type_name"), w("wechat.other"));
    browser.click(w("wechat.confirm"));
    browser.shows(w("wechat.wrong_name"));
    browser.shot("wechat-wrong-name");
    browser.fill(w("wechat.type_name"), w("wechat.group"));
    browser.click(w("wechat.confirm"));
    browser.shows(w("wechat.notice"));
    browser.shot("wechat-dissolved");
    let (counted, output) = sim.end();
    assert_eq!((effect(&counted, "dissolve"), output.code), (1, Some(0)), "{output}");
}

#[test]
fn req_n1_every_member_of_a_wechat_group_is_told_in_the_platforms_words_and_keeps_the_old_records() {
    let sim = Simulator::start("wechat", &["--world", "wechat", "--rules", "confirmed"]);
    let mut browser = Browser::start();
    to_dissolve_in_wechat(&mut browser, &sim, "u-owner");
    browser.fill(w("wechat.type_name"), w("wechat.group"));
    browser.click(w("wechat.confirm"));
    for account in ["u-owner", "u-deputy", "u-witness", "u-c"] {
        browser.open(&sim.phone(&format!("{account}/chat/wx-1")));
        browser.shows(w("wechat.confirmed_notice"));
        assert!(!browser.has(w("send")), "nothing can be said any more");
    }
    browser.open(&sim.phone("u-guest"));
    browser.shows_no(w("wechat.confirmed_notice"));
    // The witness's own export has the row that proves it, and what was said before.
    browser.open(&sim.phone("u-witness"));
    browser.shows(w("dissolved"));
    browser.walk(&[w("wechat.group"), w("wechat.menu")]);
    let export = browser.download(w("wechat.export"));
    let rows: Vec<&str> = export.content.lines().collect();
    assert_eq!((export.name.as_str(), rows[0]), ("wx-1.csv", w("wechat.export_header")));
    assert!(rows.len() > 30, "{}", rows.len());
    let told = w("wechat.confirmed_notice").replace('"', "\"\"");
    assert!(rows[rows.len() - 1].ends_with(&format!("\"{told}\"")), "{}", rows[rows.len() - 1]);
    assert_eq!(effect(&sim.end().0, "dissolve"), 1);
}

#[test]
fn req_g7_leaving_hiding_clearing_and_dissolving_are_four_different_things() {
    let sim = Simulator::start("wechat", &["--world", "wechat", "--rules", "declared"]);
    let mut browser = Browser::start();
    let info = [w("wechat.group"), w("wechat.menu")];
    // Hidden: off this list, still there for everyone, back with the next message.
    browser.open(&sim.phone("u-witness"));
    browser.walk(&info);
    browser.click(w("wechat.hide"));
    assert!(!browser.has(w("wechat.group")));
    browser.click(w("hidden"));
    assert!(browser.has(w("wechat.group")));
    browser.open(&sim.phone("u-owner/chat/wx-1"));
    browser.fill(w("say"), w("hello"));
    browser.click(w("send"));
    browser.open(&sim.phone("u-witness"));
    browser.click(w("wechat.group"));
    browser.shows(w("hello"));
    // Cleared: gone from this device only.
    browser.click(w("wechat.menu"));
    browser.click(w("wechat.clear"));
    browser.shows_no(w("hello"));
    browser.open(&sim.phone("u-deputy/chat/wx-1"));
    browser.shows(w("hello"));
    // Left: one member fewer, and the group goes on.
    browser.open(&sim.phone("u-witness"));
    browser.walk(&info);
    browser.click(w("wechat.leave"));
    assert!(!browser.has(w("wechat.group")));
    browser.open(&sim.phone("u-deputy/chat/wx-1/info"));
    browser.shows_no(w("witness"));
    assert!(browser.has(w("wechat.leave")), "the group goes on for the others");
    let counted = sim.end().0;
    let left = json!([{ "op": "leave", "group": "wx-1", "count": 1 }]);
    assert_eq!(counted["effects"], left, "one member went, and nothing of that ended a group: {counted}");
}

#[test]
fn req_e3_a_wechat_message_is_recalled_within_two_minutes_and_not_after() {
    let sim = Simulator::start("wechat", &["--world", "wechat", "--rules", "declared"]);
    let mut browser = Browser::start();
    let say = |browser: &mut Browser| {
        browser.open(&sim.phone("u-owner/chat/wx-1"));
        browser.fill(w("say"), w("hello"));
        browser.click(w("send"));
        browser.shows(w("hello"));
    };
    say(&mut browser);
    browser.click_last(w("recall"));
    browser.shows_no(w("hello"));
    browser.open(&sim.phone("u-witness/chat/wx-1"));
    browser.shows(w("recalled"));
    browser.shows_no(w("hello"));
    say(&mut browser);
    browser.open(&sim.url("/phone"));
    browser.click(w("two_minutes"));
    browser.open(&sim.phone("u-owner/chat/wx-1"));
    browser.click_last(w("recall"));
    browser.shows(w("recall_over"));
    browser.shot("wechat-recall-over");
    browser.open(&sim.phone("u-witness/chat/wx-1"));
    browser.shows(w("hello"));
}

#[test]
fn req_e3_a_mistaken_wechat_dissolve_is_taken_back_within_two_minutes_and_not_after() {
    let sim = Simulator::start("wechat", &["--world", "wechat", "--rules", "declared"]);
    let mut browser = Browser::start();
    let dissolve = |browser: &mut Browser| {
        to_dissolve_in_wechat(browser, &sim, "u-owner");
        browser.fill(w("wechat.type_name"), w("wechat.group"));
        browser.click(w("wechat.confirm"));
    };
    dissolve(&mut browser);
    browser.click_last(w("recall"));
    assert!(browser.has(w("send")), "the group is back");
    dissolve(&mut browser);
    browser.open(&sim.url("/phone"));
    browser.click(w("two_minutes"));
    browser.open(&sim.phone("u-owner/chat/wx-1"));
    browser.click_last(w("recall"));
    browser.shows(w("recall_over"));
    // What members were told is never taken back (N1).
    browser.open(&sim.phone("u-witness/chat/wx-1"));
    browser.shows(w("wechat.notice"));
    assert!(!browser.has(w("send")));
    let counted = sim.end().0;
    assert_eq!((effect(&counted, "dissolve"), effect(&counted, "restore")), (2, 1), "{counted}");
}

#[test]
fn req_p2_qq_asks_for_a_qr_code_and_the_phone_before_a_group_ends() {
    let sim = Simulator::start("qq", &["--world", "qq", "--rules", "declared"]);
    let mut browser = Browser::start();
    // An administrator may, by the published rules.
    browser.open(&sim.phone("u-deputy"));
    browser.walk(&[w("qq.group"), w("qq.settings"), w("qq.dissolve")]);
    browser.fill(w("qq.statement"), w("qq.statement_text"));
    browser.click(w("next"));
    browser.shot("qq-code");
    let page = browser.text();
    let code = digits(&page, w("qq.group"));
    assert_eq!(code.len(), 6, "{page}");
    browser.click(w("qq.scan"));
    browser.fill(w("qq.scan_code"), "000000");
    browser.click(w("qq.scan"));
    browser.shows(w("qq.qr_needed"));
    browser.fill(w("qq.scan_code"), &code);
    browser.click(w("qq.scan"));
    let sms = digits(&browser.text(), w("qq.sms").get(6..).unwrap());
    browser.fill(w("qq.sms"), "000000");
    browser.click(w("verify"));
    browser.shows(w("qq.phone_needed"));
    browser.fill(w("qq.sms"), &sms);
    browser.shot("qq-phone");
    browser.click(w("verify"));
    browser.click_last(w("qq.confirm"));
    browser.shot("qq-dissolved");
    // Who is online is told, in the words of whoever ended it; who is not, is not (N2).
    browser.open(&sim.phone("u-witness/chat/qq-1"));
    browser.shows(w("qq.statement_text"));
    browser.open(&sim.phone("u-b/chat/qq-1"));
    browser.shows_no(w("qq.statement_text"));
    assert_eq!(effect(&sim.end().0, "dissolve"), 1);
}

#[test]
fn req_n2_a_qq_group_can_be_recovered_for_a_day_and_not_after() {
    let sim = Simulator::start("qq", &["--world", "qq", "--rules", "declared"]);
    let mut browser = Browser::start();
    let dissolve = |browser: &mut Browser, statement: bool| {
        browser.open(&sim.phone("u-owner/chat/qq-1/dissolve"));
        if statement {
            browser.fill(w("qq.statement"), w("qq.statement_text"));
        }
        browser.click(w("next"));
        let code = digits(&browser.text(), w("qq.group"));
        browser.open(&sim.phone("u-owner/scan"));
        browser.fill(w("qq.scan_code"), &code);
        browser.click(w("qq.scan"));
        let sms = digits(&browser.text(), w("qq.sms").get(6..).unwrap());
        browser.fill(w("qq.sms"), &sms);
        browser.click(w("verify"));
        browser.click_last(w("qq.confirm"));
    };
    dissolve(&mut browser, true);
    browser.click(w("qq.restore"));
    browser.fill(w("say"), w("hello"));
    browser.click(w("send"));
    browser.shows(w("hello"));
    dissolve(&mut browser, false);
    browser.open(&sim.url("/phone"));
    browser.click(w("one_day"));
    browser.open(&sim.phone("u-owner/chat/qq-1"));
    browser.click(w("qq.restore"));
    browser.shows(w("qq.recovery_over"));
    let counted = sim.end().0;
    assert_eq!((effect(&counted, "dissolve"), effect(&counted, "restore")), (2, 1), "{counted}");
}

#[test]
fn req_p3_dingtalk_waits_for_the_super_administrator() {
    let sim = Simulator::start("dingtalk", &["--world", "dingtalk", "--rules", "declared"]);
    let mut browser = Browser::start();
    browser.open(&sim.phone("u-owner"));
    browser.walk(&[w("dingtalk.group"), w("dingtalk.settings"), w("dingtalk.dissolve"), w("dingtalk.apply")]);
    browser.shows(w("dingtalk.waiting"));
    browser.shot("dingtalk-waiting");
    assert!(!browser.has(w("dingtalk.apply")) && !browser.has(w("send")));
    // Nobody else is asked.
    browser.open(&sim.phone("u-deputy/inbox"));
    browser.shows_no(w("dingtalk.group"));
    browser.open(&sim.phone("u-super"));
    browser.click(w("dingtalk.inbox"));
    browser.shows(w("dingtalk.group"));
    browser.shot("dingtalk-approval");
    browser.click(w("agree"));
    browser.open(&sim.phone("u-owner"));
    browser.walk(&[w("dingtalk.group"), w("dingtalk.settings"), w("dingtalk.dissolve")]);
    browser.shows(w("dingtalk.agreed"));
    browser.click_last(w("dingtalk.dissolve"));
    // The organisation is told, members or not, and nobody from outside (N3); the console takes it back.
    browser.open(&sim.phone("u-super"));
    browser.shows(w("dingtalk.notice"));
    browser.open(&sim.phone("u-guest"));
    browser.shows_no(w("dingtalk.notice"));
    browser.open(&sim.phone("u-deputy"));
    browser.walk(&[w("dingtalk.console"), w("dingtalk.recall_notice")]);
    browser.shot("dingtalk-console");
    browser.open(&sim.phone("u-super"));
    browser.shows_no(w("dingtalk.notice"));
    assert_eq!(effect(&sim.end().0, "dissolve"), 1);
}

#[test]
fn req_p4_wecom_ends_in_the_console_after_the_handover_was_accepted_and_approved() {
    let sim = Simulator::start("wecom", &["--world", "wecom", "--rules", "declared"]);
    let mut browser = Browser::start();
    // The group's own page has no such button: it is in the console, and only administrators have that.
    browser.open(&sim.phone("u-owner/chat/wc-1/info"));
    assert!(!browser.has(w("wecom.dissolve")));
    browser.open(&sim.phone("u-witness"));
    assert!(!browser.has(w("wecom.console")));
    let group = |browser: &mut Browser, who: &str| {
        browser.open(&sim.phone(who));
        browser.walk(&[w("wecom.console"), w("wecom.group")]);
    };
    group(&mut browser, "u-deputy");
    browser.shows(w("wecom.handover"));
    browser.choose(w("wecom.to"), w("witness"));
    browser.shot("wecom-handover");
    browser.click(w("wecom.apply"));
    browser.shows(w("wecom.waiting_nominee"));
    // An administrator can't approve what the nominee has not accepted; whoever asked does not approve at all.
    browser.open(&sim.phone("u-super/inbox"));
    assert!(!browser.has(w("approve")));
    browser.open(&sim.phone("u-witness"));
    browser.walk(&[w("wecom.inbox"), w("accept")]);
    browser.open(&sim.phone("u-deputy/inbox"));
    assert!(!browser.has(w("approve")));
    browser.open(&sim.phone("u-super"));
    browser.walk(&[w("wecom.inbox"), w("approve")]);
    group(&mut browser, "u-deputy");
    browser.shows(w("wecom.accepted"));
    browser.shot("wecom-console");
    browser.click_last(w("wecom.dissolve"));
    browser.open(&sim.phone("u-witness"));
    browser.shows(w("dissolved"));
    let counted = sim.end().0;
    assert_eq!((effect(&counted, "handover"), effect(&counted, "dissolve")), (1, 1), "{counted}");
}
