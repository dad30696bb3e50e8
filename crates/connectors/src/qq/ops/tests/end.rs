//! The end: who may call it, what is believed, and what every implementation makes of it.

use adjourn_connector_kit::{Connector, Kind};
use adjourn_domain::capability::{Effect, Op, Reversible, Support};
use adjourn_domain::verdict::{Says, Verdict, read};
use adjourn_world::{ClientAct, NoticeTo, Rules, client};
use serde_json::json;

use super::{Bench, busy, deputy, now, ok, order, owner, second, spec, start, who, witness};
use crate::qq::sim::seed;
use crate::qq::wire::implementation::Implementation;

fn dissolve(bench: &Bench, by: &super::Who) -> Result<(), adjourn_connector_kit::ConnectorError> {
    let verb = bench.connector.verb(Op::Dissolve).unwrap();
    now(verb.act(&bench.cx(by, &[]), &order(Op::Dissolve, json!({})))).map(drop)
}

fn read_back(bench: &Bench, by: &super::Who) -> Effect {
    let verb = bench.connector.verb(Op::Dissolve).unwrap();
    let heard = bench.heard(by);
    now(verb.read_back(&bench.cx(by, &heard), &order(Op::Dissolve, json!({})))).unwrap().effect
}

#[test]
fn req_p2_the_owners_leave_dissolves_on_the_official_client_and_only_a_witness_proves_it() {
    for plays in [Implementation::NapCat, Implementation::LlOneBot] {
        let bench = Bench::new(plays);
        dissolve(&bench, &owner()).unwrap();
        assert_eq!(bench.effects(Op::Dissolve), 1);
        // The actor's own account can't tell it from a leave; the witness can.
        assert_eq!(read_back(&bench, &owner()), Effect::Unknown);
        assert_eq!(read_back(&bench, &witness()), Effect::Applied);
        assert_ne!(read(&bench.signals(&[owner()])), Verdict::Gone);
        assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::Gone);
    }
}

#[test]
fn req_p2_whoever_does_not_own_the_group_is_refused_before_any_leave() {
    let bench = Bench::new(Implementation::NapCat);
    for by in [deputy(), who("qq-member", "800100005", false)] {
        let error = dissolve(&bench, &by).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
        assert!(!bench.called().contains(&"set_group_leave".to_owned()));
    }
    let seen = now(bench.connector.get(&bench.cx(&deputy(), &[]), &busy())).unwrap();
    let all = crate::qq::descriptor::effective(Implementation::NapCat, 0);
    assert_eq!(bench.connector.narrow(all.clone(), &seen).support(Op::Dissolve), Support::Assisted);
    let seen = now(bench.connector.get(&bench.cx(&owner(), &[]), &busy())).unwrap();
    assert_eq!(bench.connector.narrow(all, &seen).support(Op::Dissolve), Support::Native);
}

#[test]
fn req_p2_the_person_scans_the_code_and_confirms_by_phone() {
    let bench = Bench::new(Implementation::GoCqhttp);
    let info = now(bench.connector.whoami(&bench.cx(&owner(), &[]))).unwrap();
    let row = info.capabilities.row(Op::Dissolve).unwrap();
    assert_eq!((row.support, row.note.as_str()), (Support::Assisted, "person-dissolve-qr_phone"));
    let act = |qr_scanned, phone_confirmed| {
        let act =
            ClientAct::Dissolve { typed_name: String::new(), qr_scanned, phone_confirmed, super_admin: None };
        let mut sim = bench.line.sim.lock().unwrap();
        client(&mut *sim, &busy(), "800100002", &act, start()).map_err(|refusal| refusal.code)
    };
    assert_eq!(act(false, true), Err("qr_needed".to_owned()));
    assert_eq!(act(true, false), Err("phone_needed".to_owned()));
    // The published row lets administrators do it as well.
    assert_eq!(act(true, true), Ok(()));
    assert_eq!(bench.effects(Op::Dissolve), 1);
}

#[test]
fn where_the_call_does_nothing_it_is_not_made() {
    for plays in [Implementation::Lagrange, Implementation::GoCqhttp, Implementation::Unknown] {
        let bench = Bench::new(plays);
        let error = dissolve(&bench, &owner()).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Unsupported, Effect::NotApplied), "{plays:?}");
        assert!(!bench.called().contains(&"set_group_leave".to_owned()));
        let pinned = Bench::new(plays).set("implementation", plays.app_name());
        assert_eq!(dissolve(&pinned, &owner()).unwrap_err().kind, Kind::Unsupported);
        assert_eq!(pinned.called(), Vec::<String>::new());
    }
}

#[test]
fn an_implementation_that_is_not_the_pinned_one_is_a_stranger() {
    let bench = Bench::new(Implementation::LlOneBot).set("implementation", "NapCat.Onebot");
    assert_eq!(dissolve(&bench, &owner()).unwrap_err().kind, Kind::Unsupported);
    let info = now(bench.connector.whoami(&bench.cx(&owner(), &[]))).unwrap();
    assert_eq!(info.capabilities.support(Op::Dissolve), Support::Assisted);
    assert_eq!(bench.effects(Op::Dissolve), 0);
}

#[test]
fn one_witness_who_lost_the_group_proves_nothing_and_two_do() {
    // go-cqhttp has no word for a dissolve: its witness seems to have left.
    let bench = Bench::new(Implementation::GoCqhttp);
    bench.person(Op::Dissolve).unwrap();
    assert_eq!(read_back(&bench, &witness()), Effect::Unknown);
    assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::Unknown);
    assert_eq!(read(&bench.signals(&[owner(), witness(), second()])), Verdict::Gone);
}

#[test]
fn a_witness_who_was_put_out_is_no_proof() {
    let bench = Bench::new(Implementation::NapCat);
    bench.line.sim.lock().unwrap().world.groups.get_mut(super::BUSY).unwrap().members.remove("800100003");
    assert_eq!(read_back(&bench, &witness()), Effect::Unknown);
    assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::Unknown);
}

#[test]
fn without_a_connection_nothing_is_said() {
    let bench = Bench::new(Implementation::NapCat);
    dissolve(&bench, &owner()).unwrap();
    bench.line.sim.lock().unwrap().connect("800100003", false);
    let signals = bench.signals(&[witness()]);
    assert!(signals.iter().all(|signal| signal.says == Says::Nothing && !signal.proof), "{signals:?}");
    assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::Unknown);
    assert_eq!(read_back(&bench, &witness()), Effect::Unknown);
    bench.line.sim.lock().unwrap().connect("800100003", true);
    assert_eq!(read_back(&bench, &witness()), Effect::Applied);
}

#[test]
fn an_empty_list_is_a_list_that_failed() {
    let bench = Bench::new(Implementation::NapCat);
    bench.instead(|request| request.uri().path().ends_with("get_group_list").then(|| ok(&json!([]))));
    assert_eq!(read(&bench.signals(&[witness(), second()])), Verdict::Unknown);
}

#[test]
fn get_group_info_answers_for_a_group_that_is_gone_and_is_not_asked() {
    let bench = Bench::new(Implementation::NapCat);
    dissolve(&bench, &owner()).unwrap();
    bench.called();
    assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::Gone);
    assert!(!bench.called().contains(&"get_group_info".to_owned()));
    let request = http::Request::post("http://qq.invalid/get_group_info")
        .header("authorization", "Bearer qq-witness")
        .header("content-type", "application/json")
        .body(json!({ "group_id": super::BUSY }).to_string().into())
        .unwrap();
    let told = bench.line.sim.lock().unwrap().answer(start(), &request);
    assert!(String::from_utf8_lossy(told.body()).contains(super::BUSY), "{told:?}");
}

#[test]
fn req_n2_members_who_are_online_are_told_and_the_group_comes_back_for_a_day() {
    let words = "the trade fair is over";
    let rules = Rules {
        recovery_s: 86_400,
        notice_to: NoticeTo::Online,
        notice_text: words.to_owned(),
        ..seed::rules()
    };
    let bench = Bench::under(Implementation::NapCat, rules.clone(), &spec()).set("recovery_seconds", "86400");
    let info = now(bench.connector.whoami(&bench.cx(&owner(), &[]))).unwrap();
    let row = info.capabilities.row(Op::Dissolve).unwrap();
    assert_eq!(row.reversible, Reversible::Seconds { seconds: 86_400 });
    assert_eq!(info.capabilities.support(Op::Restore), Support::Assisted);
    dissolve(&bench, &owner()).unwrap();
    {
        let sim = bench.line.sim.lock().unwrap();
        assert_eq!(sim.world.notices("800100003")[0].text, words);
        assert!(sim.world.notices("800100006").is_empty(), "somebody offline was told");
    }
    let restore = bench.connector.verb(Op::Restore).unwrap();
    let heard = bench.heard(&witness());
    let back = || {
        let (by, asked) = (witness(), order(Op::Restore, json!({})));
        now(restore.read_back(&bench.cx(&by, &heard), &asked)).unwrap().effect
    };
    assert_eq!(back(), Effect::NotApplied);
    bench.pass(86_400);
    bench.person(Op::Restore).unwrap();
    assert_eq!(back(), Effect::Applied);
    // The list is younger than the word.
    assert_eq!(read(&bench.signals(&[owner(), witness()])), Verdict::StillThere);
    dissolve(&bench, &owner()).unwrap();
    bench.pass(86_401);
    assert_eq!(bench.person(Op::Restore).unwrap_err().code, "recovery_over");
}

#[test]
fn req_n2_a_real_connection_has_no_way_back() {
    let bench = Bench::new(Implementation::NapCat);
    let info = now(bench.connector.whoami(&bench.cx(&owner(), &[]))).unwrap();
    assert_eq!(info.capabilities.support(Op::Restore), Support::Unsupported);
    assert_eq!(info.capabilities.row(Op::Dissolve).unwrap().reversible, Reversible::Never);
}

#[test]
fn a_forged_event_is_refused_unread() {
    let bench = Bench::new(Implementation::NapCat);
    let listen = bench.connector.events().unwrap();
    let by = witness();
    let cx = bench.cx(&by, &[]);
    let event = json!({
        "time": 1, "self_id": 800_100_003, "post_type": "notice", "notice_type": "group_decrease",
        "sub_type": "disband", "group_id": 900_100_001, "user_id": 1, "operator_id": 1,
    });
    let push = |secret: &str| crate::qq::QqSim::push(&event, "http://us.invalid/", secret).unwrap();
    assert_eq!(listen.pushed(&cx, &push(super::EVENT_SECRET)).unwrap().len(), 1);
    assert_eq!(listen.pushed(&cx, &push("guessed")).unwrap_err().kind, Kind::Forged);
    let mut other = push(super::EVENT_SECRET);
    other.headers_mut().insert("x-self-id", 7.into());
    assert_eq!(listen.pushed(&cx, &other).unwrap_err().kind, Kind::Forged);
    let mut unsigned = push(super::EVENT_SECRET);
    unsigned.headers_mut().remove("x-signature");
    assert_eq!(listen.pushed(&cx, &unsigned).unwrap_err().kind, Kind::Forged);
    let mut by = witness();
    by.secrets.remove("event_secret");
    assert_eq!(listen.pushed(&bench.cx(&by, &[]), &push("")).unwrap_err().kind, Kind::Config);
}
