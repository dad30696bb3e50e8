//! Gone, or only said to be.

use adjourn_connector_kit::{Events as _, Kind};
use adjourn_domain::capability::{Effect, Op, Support};
use adjourn_domain::verdict::Says;
use adjourn_world::ClientAct;

use super::*;

fn ends(bench: &Bench, group: &str) {
    let order = order(Op::Dissolve, group, json!({}));
    bench.act(&order).unwrap();
}

fn person(bench: &Bench, who: &str, super_admin: Option<&str>) -> Result<(), &'static str> {
    let act = ClientAct::Dissolve {
        typed_name: String::new(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: super_admin.map(str::to_owned),
    };
    let at = *bench.line.now.lock().unwrap();
    bench.sim(|sim| sim.world.acts(at, ORDINARY, who, act)).map_err(|refusal| refusal.code)
}

#[test]
fn req_p3_main_administrator_and_super_administrators_approval_end_an_ordinary_group() {
    let bench = Bench::new();
    let order = order(Op::Dissolve, ORDINARY, json!({}));
    let refused = bench.act(&order).unwrap_err();
    assert_eq!((refused.kind, refused.effect), (Kind::Unsupported, Effect::NotApplied));
    assert!(bench.sent().is_empty(), "an ordinary group was asked to be dissolved by the app");
    // Its owner is not the main administrator, and without the approval not even that one may.
    assert_eq!(person(&bench, "staff03", Some("manager02")), Err("not_main_admin"));
    assert_eq!(person(&bench, "manager01", None), Err("super_admin_needed"));
    assert_eq!(person(&bench, "manager01", Some("staff05")), Err("super_admin_needed"));
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::NotApplied);
    assert_eq!(person(&bench, "manager01", Some("manager02")), Ok(()));
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::Applied);
    assert_eq!(bench.verdict(ORDINARY), Verdict::Gone);
    // N3: the whole organisation is told, members or not.
    let told = |who: &str| bench.sim(|sim| sim.world.notices(who).len());
    assert_eq!((told("staff03"), told("staff07"), told("robot01")), (1, 1, 0));
}

#[test]
fn req_p3_the_group_says_which_way_it_has_to_go() {
    let bench = Bench::new();
    let all = now(bench.connector.whoami(&bench.cx(false))).unwrap().capabilities;
    let support = |group: &str| {
        let narrowed = bench.connector.narrow(all.clone(), &bench.get(group).unwrap());
        (narrowed.support(Op::Dissolve), narrowed.support(Op::Unlink), narrowed.support(Op::Transfer))
    };
    assert_eq!(support(BUSY), (Support::Native, Support::Native, Support::Native));
    assert_eq!(support(ORDINARY), (Support::Assisted, Support::Assisted, Support::Native));
}

#[test]
fn a_disband_that_only_says_ok_is_seen_through() {
    let bench = Bench::new();
    bench.instead("/scenegroup/disband", 200, r#"{"success":true}"#);
    ends(&bench, BUSY);
    let order = order(Op::Dissolve, BUSY, json!({}));
    assert_eq!(bench.read_back(&order).unwrap().effect, Effect::NotApplied);
    assert_eq!(bench.verdict(BUSY), Verdict::StillThere);
}

#[test]
fn a_state_that_lies_is_seen_through_by_the_inventory_and_the_robot() {
    let bench = Bench::new();
    let lie =
        r#"{"success":true,"openConversationId":"cidSimBusy01==","title":"x","ownerUserId":"u","status":2}"#;
    bench.instead("/sceneGroups/query", 200, lie);
    let signals = bench.looks(false, BUSY);
    let robot = signals.iter().find(|signal| signal.question == "robot.send").unwrap();
    assert_eq!((robot.says, robot.proof), (Says::Present, true));
    assert_ne!(bench.verdict(BUSY), Verdict::Gone);
}

#[test]
fn the_robot_speaks_only_where_the_platform_calls_the_group_gone() {
    let bench = Bench::new();
    bench.verdict(BUSY);
    assert!(bench.sent().iter().all(|path| !path.contains("groupMessages")));
    assert_eq!(bench.effects(Op::Announce, BUSY), 0);
    ends(&bench, BUSY);
    let answers: Vec<String> = bench.looks(true, BUSY).into_iter().map(|signal| signal.answer).collect();
    assert_eq!(answers, ["status 2", "status -1", "400 group.disbanded"]);
}

#[test]
fn without_an_inventory_the_state_and_the_robot_are_enough_and_an_event_is_one_more() {
    let mut bench = Bench::new();
    bench.sim(|sim| sim.exclusive = false);
    ends(&bench, BUSY);
    assert_eq!(bench.verdict(BUSY), Verdict::Gone);
    let events: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../../fixtures/events.json")).unwrap();
    let frame = events["stream"].to_string().replace("cidxxxx", BUSY);
    let read = |bytes: &[u8]| super::super::heard::Stream.frame(&bench.cx(true), bytes);
    let heard = read(frame.as_bytes()).unwrap().heard;
    assert_eq!(heard[0].upstream, "chat_disband");
    assert!(read(events["ping"].to_string().as_bytes()).unwrap().heard.is_empty());
    assert_eq!(read(b"<html>").unwrap_err().kind, Kind::Protocol);
    bench.heard = heard;
    let told = |group: &str| {
        bench.looks(true, group).into_iter().filter(|signal| signal.question == "event.chat_disband").count()
    };
    assert_eq!((told(BUSY), told(ORDINARY)), (1, 0));
}

#[test]
fn a_witness_that_may_only_read_the_inventory_is_one() {
    let bench = Bench::new();
    bench.sim(|sim| {
        let witness = sim.world.tokens.get_mut("dingsimwitness").unwrap();
        witness.scopes.retain(|scope| scope == "read");
    });
    let may = now(bench.connector.whoami(&bench.cx(true))).unwrap().capabilities;
    assert!(may.has(Op::Verify) && !may.has(Op::Dissolve));
    let order = order(Op::Dissolve, BUSY, json!({}));
    let by_witness = || now(bench.connector.verb(Op::Dissolve).unwrap().read_back(&bench.cx(true), &order));
    assert_eq!(by_witness().unwrap().effect, Effect::NotApplied);
    ends(&bench, BUSY);
    assert_eq!(by_witness().unwrap().effect, Effect::Applied);
    assert_eq!(bench.verdict(BUSY), Verdict::Gone);
}

#[test]
fn a_failure_of_the_platform_leaves_the_end_unknown_and_an_owner_out_of_range_does_not() {
    let bench = Bench::new();
    let order = order(Op::Dissolve, BUSY, json!({}));
    bench.sim(|sim| sim.hidden.insert(BUSY.to_owned()));
    let refused = bench.act(&order).unwrap_err();
    assert_eq!((refused.kind, refused.effect), (Kind::Permission, Effect::NotApplied));
    bench.instead("/disband", 500, r#"{"code":"system.error","message":"x","requestid":"r"}"#);
    let failed = bench.act(&order).unwrap_err();
    assert_eq!((failed.kind, failed.effect), (Kind::Upstream, Effect::Unknown));
}
