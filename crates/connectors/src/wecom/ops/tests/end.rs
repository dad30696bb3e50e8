//! The handover, the dissolve by a person, and what proves it.

use adjourn_connector_kit::{Kind, Request, Told};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::verdict::{Says, Verdict};
use serde_json::json;

use super::{APP, APP_CHAT, CUSTOMERS, Desk, Doubts, FOR_CUSTOMERS, WITNESS, order};

#[test]
fn req_p4_an_administrator_dissolves_in_the_console_and_no_call_does() {
    for gone_is_missing in [false, true] {
        let desk = Desk::new(Doubts { gone_is_missing, ..Doubts::default() });
        let order = order(Op::Dissolve, APP_CHAT, &[]);
        let refused = desk.act(APP, &order).unwrap_err();
        assert_eq!((refused.kind, desk.calls().len()), (Kind::Unsupported, 0));
        desk.handover(APP_CHAT);
        assert_eq!(desk.dissolve("WangFang", APP_CHAT), Err("not_org_admin".to_owned()));
        assert_eq!(desk.read_back(APP, &order).unwrap().effect, Effect::NotApplied);
        desk.dissolve("LiQiang", APP_CHAT).unwrap();
        assert_eq!(desk.read_back(WITNESS, &order).unwrap().effect, Effect::Applied);
        let code = if gone_is_missing { "86003" } else { "49008" };
        let seen = desk.signals(APP, APP_CHAT);
        assert!(seen.iter().any(|signal| signal.answer == code && signal.says == Says::Gone && signal.proof));
        assert_eq!(desk.verdict(APP, APP_CHAT), Verdict::Gone);
        let posts = |call: &String| call.contains("/appchat/send") || call.contains("wedrive");
        assert!(!desk.calls().iter().any(posts), "a probe posts nothing and dismisses no space");
    }
}

#[test]
fn req_s1_the_handover_is_approved_before_the_dissolve_and_is_read() {
    for chat in [APP_CHAT, CUSTOMERS] {
        let desk = Desk::new(Doubts::default());
        let handover = order(Op::Handover, chat, &[]);
        assert_eq!(desk.dissolve("LiQiang", chat), Err("handover_needed".to_owned()));
        assert_eq!(desk.read_back(APP, &handover).unwrap().effect, Effect::NotApplied);
        desk.handover(chat);
        let found = desk.read_back(APP, &handover).unwrap();
        assert_eq!(found.effect, Effect::Applied);
        assert_eq!(found.memo["to"], json!(["LiQiang"]));
        assert_eq!(found.memo["approved_by"], json!(["LiQiang", "ZhaoLei"]), "the nominee accepted as well");
        let other = order(Op::Handover, "projectAlpha", &[]);
        assert_eq!(desk.read_back(APP, &other).unwrap().effect, Effect::NotApplied, "of another group");
        desk.dissolve("LiQiang", chat).unwrap();
    }
}

#[test]
fn an_approval_that_is_too_old_is_not_found_and_without_a_form_nothing_is_known() {
    let mut desk = Desk::new(Doubts::default());
    let handover = order(Op::Handover, APP_CHAT, &[]);
    desk.handover(APP_CHAT);
    desk.pass(32 * 86_400);
    assert_eq!(desk.read_back(APP, &handover).unwrap().effect, Effect::NotApplied);
    desk.settings.remove("handover_template");
    desk.calls();
    assert_eq!(desk.read_back(APP, &handover).unwrap().effect, Effect::Unknown);
    assert!(desk.calls().is_empty());
}

#[test]
fn a_list_of_approvals_without_end_is_left() {
    let desk = Desk::new(Doubts::default());
    desk.instead("getapprovalinfo", &json!({ "errcode": 0, "sp_no_list": [], "new_next_cursor": "again" }));
    let error = desk.read_back(APP, &order(Op::Handover, APP_CHAT, &[])).unwrap_err();
    assert_eq!(error.kind, Kind::Protocol);
    assert!(desk.calls().len() < 10);
}

#[test]
fn nobody_is_told_what_no_document_says_that_they_are_told() {
    let desk = Desk::new(Doubts::default());
    desk.handover(CUSTOMERS);
    desk.dissolve("LiQiang", CUSTOMERS).unwrap();
    let sim = super::locked(&desk.sim);
    assert!(sim.world().accounts.keys().all(|account| sim.world().notices(account).is_empty()));
}

#[test]
fn another_apps_answer_about_ownership_proves_nothing() {
    let desk = Desk::new(Doubts { owner_first: true, ..Doubts::default() });
    desk.handover(APP_CHAT);
    desk.dissolve("LiQiang", APP_CHAT).unwrap();
    assert!(
        desk.signals(WITNESS, APP_CHAT).iter().all(|signal| !signal.proof && signal.says == Says::Nothing)
    );
    assert_eq!(desk.verdict(APP, APP_CHAT), Verdict::Unknown, "one app alone does not prove it");
    let order = order(Op::Dissolve, APP_CHAT, &[]);
    assert_eq!(desk.read_back(WITNESS, &order).unwrap().effect, Effect::NotApplied);
    assert_eq!(desk.read_back(APP, &order).unwrap().effect, Effect::Applied);
}

#[test]
fn a_customer_groups_dismissal_is_told_by_a_signed_event_only() {
    let desk = Desk::new(Doubts::default());
    let event = |desk: &Desk| {
        let signals = desk.signals(FOR_CUSTOMERS, CUSTOMERS);
        signals.into_iter().find(|signal| signal.question == "event.dismiss").unwrap()
    };
    assert_eq!(event(&desk).says, Says::Nothing);
    desk.handover(CUSTOMERS);
    desk.dissolve("LiQiang", CUSTOMERS).unwrap();
    assert_eq!((event(&desk).says, event(&desk).proof), (Says::Gone, true));
    assert_eq!(desk.verdict(FOR_CUSTOMERS, CUSTOMERS), Verdict::Gone);
    let other = desk.signals(FOR_CUSTOMERS, "wrOgQhDgAAqwMTB7YmDkbeBsgTBBBB");
    assert!(other.iter().all(|signal| signal.says != Says::Gone), "the event is about one group: {other:?}");
}

#[test]
fn what_somebody_else_sends_to_the_receiver_is_refused_before_it_is_read() {
    let desk = Desk::new(Doubts::default());
    desk.handover(CUSTOMERS);
    desk.dissolve("LiQiang", CUSTOMERS).unwrap();
    let real = super::locked(&desk.sim).callbacks().to_vec();
    let pushed = |request: &Request| {
        desk.deaf(APP, &[], |cx, connector| connector.events().unwrap().pushed(cx, request))
    };
    let heard = pushed(&real[0]).unwrap();
    assert_eq!(
        (heard[0].what, heard[0].upstream.as_str()),
        (Told::Dissolved, "change_external_chat.dismiss")
    );
    for (from, to) in
        [("nonce=", "nonce=1"), ("timestamp=", "timestamp=1"), ("msg_signature=", "msg_signature=0")]
    {
        let address = real[0].uri().to_string().replacen(from, to, 1);
        let forged = http::Request::post(address).body(real[0].body().clone()).unwrap();
        let error = pushed(&forged).unwrap_err();
        assert_eq!((error.kind, error.kind.code()), (Kind::Forged, "event.forged"), "{from}");
    }

    // The question that the console asks when an address is entered: the same envelope, in the address alone.
    let body = String::from_utf8(real[0].body().to_vec()).unwrap();
    let fields = super::super::super::wire::callback::document(&body).unwrap();
    let encrypted = fields.get("Encrypt").or_else(|| fields.get("encrypt")).unwrap();
    let encrypted: String = url::form_urlencoded::byte_serialize(encrypted.as_bytes()).collect();
    let greeted = |address: String| {
        let request = http::Request::get(address).body(bytes::Bytes::new()).unwrap();
        desk.deaf(APP, &[], |cx, connector| connector.events().unwrap().greeted(cx, &request))
    };
    let address = format!("{}&echostr={encrypted}", real[0].uri());
    let inside = String::from_utf8(greeted(address.clone()).unwrap()).unwrap();
    assert!(inside.contains("change_external_chat"), "{inside}");
    for (from, to) in
        [("nonce=", "nonce=1"), ("msg_signature=", "msg_signature=0"), ("echostr=", "echostr=A")]
    {
        let error = greeted(address.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.kind, Kind::Forged, "{from}");
    }
    for body in ["", "<xml></xml>", "{", "<html>"] {
        let nothing = http::Request::post(real[0].uri()).body(body.into()).unwrap();
        assert_eq!(pushed(&nothing).unwrap_err().kind, Kind::Protocol, "{body}");
    }
    let events =
        |desk: &Desk| desk.deaf(APP, &[], |cx, connector| super::now(connector.events().unwrap().stream(cx)));
    assert_eq!(events(&desk).unwrap_err().kind, Kind::Unsupported, "the platform only pushes");
}

#[test]
fn a_dissolved_app_group_is_told_by_no_event() {
    let desk = Desk::new(Doubts::default());
    desk.handover(APP_CHAT);
    desk.dissolve("LiQiang", APP_CHAT).unwrap();
    let signals = desk.signals(APP, APP_CHAT);
    let event = signals.iter().find(|signal| signal.question == "event.dismiss").unwrap();
    assert_eq!(event.says, Says::Nothing);
}

#[test]
fn a_group_that_the_settings_forgot_is_found_on_the_other_side() {
    let mut desk = Desk::new(Doubts::default());
    desk.settings.remove("appchats");
    let seen = desk.with(APP, |cx, connector| super::now(connector.get(cx, &APP_CHAT.into()))).unwrap();
    assert_eq!(seen.details["chat"], "app");
    let error = desk.with(APP, |cx, connector| super::now(connector.get(cx, &"no/such".into()))).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_robot_that_a_person_took_off_no_longer_answers_and_one_that_lives_posts_nothing() {
    let desk = Desk::new(Doubts::default());
    let get = |desk: &Desk| {
        desk.with(APP, |cx, connector| super::now(connector.get(cx, &APP_CHAT.into()))).unwrap()
    };
    let before = super::locked(&desk.sim).world().groups[APP_CHAT].messages.len();
    let links = get(&desk).links;
    assert_eq!(links.len(), 2);
    assert_eq!(super::locked(&desk.sim).world().groups[APP_CHAT].messages.len(), before);
    let unlink = order(Op::Unlink, APP_CHAT, &[("link", links[0].id.as_str())]);
    assert_eq!(desk.read_back(APP, &unlink).unwrap().effect, Effect::NotApplied);
    // A robot that was stopped can be started again.
    desk.instead("webhook/send", &json!({ "errcode": 93004, "errmsg": "" }));
    assert_eq!(desk.read_back(APP, &unlink).unwrap().effect, Effect::NotApplied);
    for code in [93000, 93008] {
        desk.instead("webhook/send", &json!({ "errcode": code, "errmsg": "" }));
        assert_eq!(desk.read_back(APP, &unlink).unwrap().effect, Effect::Applied, "{code}");
    }
    desk.instead("webhook/send", &json!({ "errcode": 45009, "errmsg": "" }));
    assert_eq!(desk.read_back(APP, &unlink).unwrap_err().kind, Kind::RateLimited);
}
