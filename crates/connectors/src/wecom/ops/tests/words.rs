//! The announcement: accepted, never called delivered, and never said twice.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, EffectClass, Op, Support};
use adjourn_domain::group::Kind as GroupKind;

use super::super::super::{connector, descriptor};
use super::{APP, APP_CHAT, CUSTOMERS, Desk, Doubts, locked, now, order};

#[test]
fn accepted_is_not_delivered() {
    let desk = Desk::new(Doubts::default());
    let mut announce = order(Op::Announce, APP_CHAT, &[("text", "this group ends on Friday")]);
    for n in 0..201 {
        announce.memo = desk.act(APP, &announce).unwrap();
        let arrived = locked(&desk.sim).effects_of(Op::Announce, APP_CHAT);
        assert_eq!(arrived, (n + 1).min(200), "the platform says OK, whether it drops the message or not");
    }
    assert_eq!(announce.memo["delivered"], "unknown");
    assert_eq!(desk.read_back(APP, &announce).unwrap().effect, Effect::Applied);
    let row = descriptor::descriptor().capabilities.into_iter().find(|row| row.op == Op::Announce).unwrap();
    assert_eq!((row.class, row.proof.as_str()), (EffectClass::U, "accepted-not-delivered"));
}

#[test]
fn what_would_be_cut_off_is_not_sent() {
    let desk = Desk::new(Doubts::default());
    // 600 faces are few characters, and more bytes than a message has.
    for text in ["\u{1f600}".repeat(600), "\u{7fa4}".repeat(683), " ".to_owned()] {
        let error = desk.act(APP, &order(Op::Announce, APP_CHAT, &[("text", &text)])).unwrap_err();
        assert_eq!((error.kind, desk.calls().len()), (Kind::Invalid, 0));
    }
    let just = "\u{7fa4}".repeat(682);
    desk.act(APP, &order(Op::Announce, APP_CHAT, &[("text", &just)])).unwrap();
    let last = locked(&desk.sim).world().groups[APP_CHAT].messages.last().unwrap().text.clone();
    assert_eq!(last, Some(just));
}

#[test]
fn in_a_customer_group_a_person_posts() {
    let desk = Desk::new(Doubts::default());
    let error = desk.act(APP, &order(Op::Announce, CUSTOMERS, &[("text", "words")])).unwrap_err();
    assert_eq!((error.kind, desk.calls().len()), (Kind::Unsupported, 0));
    let seen = |chat: &str| desk.with(APP, |cx, connector| now(connector.get(cx, &chat.into()))).unwrap();
    let (customers, app) = (seen(CUSTOMERS), seen(APP_CHAT));
    assert_eq!((customers.kind, app.kind), (GroupKind::ExternalCustomer, GroupKind::Enterprise));
    let full = descriptor::effective(true, true, true);
    let narrowed = connector().narrow(full.clone(), &customers);
    assert_eq!(narrowed.support(Op::Announce), Support::Assisted);
    assert_eq!(connector().narrow(full, &app).support(Op::Announce), Support::Native);
}

#[test]
fn a_token_is_kept_by_the_host_and_replaced_once_when_it_is_no_longer_taken() {
    let mut desk = Desk::new(Doubts::default());
    desk.tokens = adjourn_connector_kit::Tokens::default();
    let look = |desk: &Desk| desk.with(APP, |cx, connector| now(connector.list(cx, None))).map(drop);
    let asked = |desk: &Desk| desk.calls().iter().filter(|call| call.contains("/gettoken")).count();
    look(&desk).unwrap();
    look(&desk).unwrap();
    assert_eq!(asked(&desk), 1, "two looks, one token");
    locked(&desk.sim).withdraw_tokens();
    look(&desk).unwrap();
    assert_eq!(asked(&desk), 1, "a token that is no longer taken is replaced");
    desk.pass(7200);
    look(&desk).unwrap();
    assert_eq!(asked(&desk), 1, "one whose time is over is not tried");
}
