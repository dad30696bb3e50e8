//! Transfers and their limits, by the simulated clock.

use adjourn_connector_kit::{Kind, Retry};
use adjourn_domain::capability::{Effect, Op};
use serde_json::json;

use super::{APP, APP_CHAT, CUSTOMERS, Desk, Doubts, locked, order};

fn give(desk: &Desk, to: &str) -> Result<(), (Kind, String)> {
    let order = order(Op::Transfer, CUSTOMERS, &[("to", to)]);
    let done = desk.act(APP, &order).map(drop).map_err(|error| {
        assert_eq!(error.effect, Effect::NotApplied);
        (error.kind, error.upstream)
    });
    let read = desk.read_back(APP, &order).unwrap().effect;
    assert!(done.is_err() || read == Effect::Applied);
    done
}

#[test]
fn a_customer_group_is_given_away_twice_in_ninety_days() {
    let desk = Desk::new(Doubts::default());
    give(&desk, "LiQiang").unwrap();
    desk.pass(86_400);
    give(&desk, "LiuYang").unwrap();
    desk.pass(88 * 86_400);
    assert_eq!(give(&desk, "SunLi"), Err((Kind::RateLimited, "40128".to_owned())));
    desk.pass(86_400);
    give(&desk, "SunLi").unwrap();
    assert_eq!(locked(&desk.sim).effects_of(Op::Transfer, CUSTOMERS), 3);
}

#[test]
fn an_owner_who_resigned_is_followed_by_the_other_call() {
    let desk = Desk::new(Doubts::default());
    locked(&desk.sim).resign("ChenMin");
    give(&desk, "LiQiang").unwrap();
    let calls = desk.calls();
    let at = |end: &str| calls.iter().position(|call| call.contains(end));
    assert!(at("onjob_transfer").unwrap() < at("groupchat/transfer").unwrap());
    assert_eq!(give(&desk, "LiQiang"), Err((Kind::Conflict, "90504".to_owned())));
}

#[test]
fn three_hundred_groups_of_an_owner_go_in_a_day() {
    let desk = Desk::new(Doubts::default());
    locked(&desk.sim).already_transferred("ChenMin", *locked(&desk.now), 300);
    assert_eq!(give(&desk, "LiQiang"), Err((Kind::RateLimited, "45009".to_owned())));
    desk.pass(86_400);
    give(&desk, "LiQiang").unwrap();
}

#[test]
fn what_is_refused_of_one_group_is_kept_and_a_list_about_others_proves_nothing() {
    let desk = Desk::new(Doubts::default());
    let order = order(Op::Transfer, CUSTOMERS, &[("to", "LiQiang")]);
    let failed = |chat: &str, code: i64| json!({ "errcode": 0, "failed_chat_list": [{ "chat_id": chat, "errcode": code }] });
    for (code, kind) in [(90507, Kind::Conflict), (90503, Kind::Conflict), (60011, Kind::Permission)] {
        desk.instead("onjob_transfer", &failed(CUSTOMERS, code));
        let error = desk.act(APP, &order).unwrap_err();
        assert_eq!((error.kind, error.upstream.as_str()), (kind, code.to_string().as_str()));
        assert_eq!(error.effect, Effect::NotApplied);
    }
    desk.instead("onjob_transfer", &failed("wrAnother", 90507));
    let error = desk.act(APP, &order).unwrap_err();
    assert_eq!((error.effect, error.retry), (Effect::Unknown, Retry::Backoff));
}

#[test]
fn an_app_gives_its_group_to_members_only() {
    let desk = Desk::new(Doubts::default());
    for (to, code) in [("NobodyKnows", "86005"), ("ZhaoLei", "86207")] {
        let error = desk.act(APP, &order(Op::Transfer, APP_CHAT, &[("to", to)])).unwrap_err();
        assert_eq!((error.kind, error.upstream.as_str()), (Kind::Invalid, code));
    }
    let good = order(Op::Transfer, APP_CHAT, &[("to", "SunLi")]);
    desk.act(APP, &good).unwrap();
    assert_eq!(desk.read_back(APP, &good).unwrap().effect, Effect::Applied);
}
