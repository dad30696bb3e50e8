//! The three ways to announce.

use adjourn_domain::capability::{Effect, Op};

use super::*;

const WORDS: &str = "\u{672c}\u{7fa4}\u{5468}\u{4e94}\u{89e3}\u{6563} \"quoted\" & <b>";

#[test]
fn req_n3_an_announcement_of_the_organisation_reaches_the_members_and_is_read_back() {
    let mut bench = Bench::new();
    bench.set("announce", "organisation");
    let mut order = order(Op::Announce, BUSY, json!({ "text": WORDS }));
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::NotApplied);
    order.memo = bench.act(&order).unwrap();
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::Applied);
    // The same words for another step are another announcement.
    let other = Order { key: "another".to_owned(), ..order.clone() };
    assert_eq!(bench.read_back(&other).unwrap().effect, Effect::NotApplied);
    let title = order.memo["title"].as_str().unwrap();
    assert!(title.starts_with("\u{534e}\u{4e1c}\u{9879}\u{76ee}\u{7fa4}"), "{title} does not name the group");
}

#[test]
fn what_the_robot_said_is_known_as_sent_and_without_its_key_as_nothing() {
    let mut bench = Bench::new();
    bench.set("announce", "robot");
    let mut order = order(Op::Announce, BUSY, json!({ "text": WORDS }));
    order.memo = bench.act(&order).unwrap();
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::Applied);
    order.memo = Value::Null;
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::Unknown);
    assert_eq!(bench.effects(Op::Announce, BUSY), 1);
    // The words stand in the message as they were given, whatever is in them.
    let last = bench.sim(|sim| sim.world.groups[BUSY].messages.last().unwrap().text.clone());
    assert_eq!(last.as_deref(), Some(WORDS));
}

#[test]
fn words_that_the_robot_would_not_take_are_refused_before_they_are_sent() {
    let mut bench = Bench::new();
    bench.set("announce", "robot");
    // Four thousand characters of four bytes each.
    let order = order(Op::Announce, BUSY, json!({ "text": "\u{20000}".repeat(4000) }));
    let refused = bench.act(&order).unwrap_err();
    assert_eq!(refused.kind, adjourn_connector_kit::Kind::Invalid);
    assert!(bench.sent().is_empty());
}

#[test]
fn a_notice_whose_reply_was_lost_is_found_by_its_words_and_one_of_somebody_else_is_not() {
    let bench = Bench::new();
    let order = order(Op::Announce, BUSY, json!({ "text": WORDS }));
    bench.act(&order).unwrap();
    let found = bench.read_back(&order).unwrap();
    assert_eq!(found.effect, Effect::Applied);
    assert!(found.memo["notice"].is_string());
    let mut bench = Bench::new();
    bench.act(&order).unwrap();
    bench.set("operator", "manager02");
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::NotApplied);
}

#[test]
fn a_setting_that_is_none_of_the_three_is_named() {
    let mut bench = Bench::new();
    bench.set("announce", "pigeon");
    let refused = now(bench.connector.whoami(&bench.cx(false))).unwrap_err();
    assert!(refused.says.contains("announce"), "{refused}");
    assert!(bench.sent().is_empty());
}
