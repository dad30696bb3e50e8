//! Groups, announcements and what managers do.

use adjourn_connector_kit::{Connector, Kind};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::{LinkKind, Standing};
use adjourn_domain::ids::NativeId;
use serde_json::{Value, json};

use super::{Bench, busy, now, ok, order, owner, reply, witness};
use crate::qq::wire::implementation::Implementation;

#[test]
fn numbers_beyond_53_bits_and_strange_names_come_through() {
    let bench = Bench::new(Implementation::NapCat);
    let by = owner();
    let groups = now(bench.connector.list(&bench.cx(&by, &[]), None)).unwrap().items;
    let big = groups.iter().find(|group| group.native.as_str() == "9007199254740995").unwrap();
    assert_eq!(now(bench.connector.get(&bench.cx(&by, &[]), &big.native)).unwrap().native, big.native);
    assert!(groups.iter().any(|group| group.name.as_deref().unwrap().contains('\u{202e}')));
    let seen = now(bench.connector.get(&bench.cx(&by, &[]), &busy())).unwrap();
    assert!(seen.members.iter().any(|member| member.id.as_str() == "9007199254740993"));
    // The same numbers as strings, as some write them.
    bench.instead(|request| {
        let path = request.uri().path();
        path.ends_with("get_group_list")
            .then(|| ok(&json!([{ "group_id": "9007199254740995", "group_name": "" }])))
    });
    let groups = now(bench.connector.list(&bench.cx(&by, &[]), None)).unwrap().items;
    assert_eq!((groups[0].native.as_str(), &groups[0].name), ("9007199254740995", &None));
}

fn listen_of(bench: &Bench) -> &dyn adjourn_connector_kit::Events {
    bench.connector.events().unwrap()
}

#[test]
fn an_account_has_an_address_of_its_own() {
    let bench = Bench::new(Implementation::NapCat).set("qq-witness_url", "http://other.invalid:3001/base");
    let by = witness();
    let cx = bench.cx(&by, &[]);
    let listen = bench.connector.events().unwrap();
    let opened = now(listen.stream(&cx)).unwrap();
    assert_eq!(opened.uri(), "http://other.invalid:3001/base/event");
    assert_eq!(opened.headers()["authorization"], "Bearer qq-witness");
    let first = owner();
    let opened = now(listen.stream(&bench.cx(&first, &[]))).unwrap();
    assert_eq!(opened.uri(), "http://qq.invalid:3000/event");
    // Events have a port of their own on some, for all accounts or for one.
    let bench =
        bench.set("events_url", "ws://qq.invalid:3001").set("qq-witness_events_url", "wss://own.invalid");
    let opened = |who| now(listen_of(&bench).stream(&bench.cx(who, &[]))).unwrap().uri().to_string();
    assert_eq!(opened(&first), "http://qq.invalid:3001/event");
    assert_eq!(opened(&by), "https://own.invalid/event");
    let bench = bench.set("events_url", "mailto:x");
    assert_eq!(now(listen_of(&bench).stream(&bench.cx(&first, &[]))).unwrap_err().kind, Kind::Url);
    let bench = bench.set("qq-witness_url", "ftp://other.invalid");
    assert_eq!(now(bench.connector.whoami(&bench.cx(&by, &[]))).unwrap_err().kind, Kind::Url);
}

#[test]
fn req_l3_bots_are_found_put_out_and_proved_to_be_out() {
    for plays in Implementation::ALL {
        let bench = Bench::new(plays);
        let by = owner();
        let seen = now(bench.connector.get(&bench.cx(&by, &[]), &busy())).unwrap();
        let links: Vec<&str> = seen.links.iter().map(|link| link.id.as_str()).collect();
        assert_eq!(links, ["800100007", "800100008"], "{plays:?}");
        assert!(seen.links.iter().all(|link| link.kind == LinkKind::Bot && !link.own));
        let unlink = bench.connector.verb(Op::Unlink).unwrap();
        let link = order(Op::Unlink, json!({ "link": "800100007" }));
        let out = || now(unlink.read_back(&bench.cx(&by, &[]), &link)).unwrap().effect;
        assert_eq!(out(), Effect::NotApplied);
        now(unlink.act(&bench.cx(&by, &[]), &link)).unwrap();
        assert_eq!((out(), bench.effects(Op::Unlink)), (Effect::Applied, 1));
        now(unlink.act(&bench.cx(&by, &[]), &link)).unwrap();
        assert_eq!(bench.effects(Op::Unlink), 1);
    }
    // What stays is said: the logs are with whoever runs the bot.
    let residue = Bench::new(Implementation::NapCat).connector.descriptor().residue.clone();
    assert!(residue.iter().any(|note| note.code == "residue-qq-bot-logs"));
}

#[test]
fn a_person_is_never_put_out_as_a_link() {
    let bench = Bench::new(Implementation::NapCat);
    let unlink = bench.connector.verb(Op::Unlink).unwrap();
    for link in ["800100005", "800100001"] {
        let refused = now(unlink.act(&bench.cx(&owner(), &[]), &order(Op::Unlink, json!({ "link": link }))));
        assert_eq!(refused.unwrap_err().kind, Kind::Invalid);
    }
    assert!(!bench.called().contains(&"set_group_kick".to_owned()));
}

#[test]
fn an_announcement_is_a_notice_and_is_read_back_as_the_platform_rewrote_it() {
    let bench = Bench::new(Implementation::NapCat);
    let announce = bench.connector.verb(Op::Announce).unwrap();
    let words = "line one <b>&amp;</b>\nline two @all";
    let said = order(Op::Announce, json!({ "text": words }));
    let memo = now(announce.act(&bench.cx(&owner(), &[]), &said)).unwrap();
    assert_eq!(memo, Value::Null);
    let there = |text: &str| {
        let asked = order(Op::Announce, json!({ "text": text }));
        now(announce.read_back(&bench.cx(&owner(), &[]), &asked)).unwrap().effect
    };
    assert_eq!(there(words), Effect::Applied);
    // Truncated or edited is not what was said.
    assert_eq!(there("line one <b>&amp;</b>"), Effect::NotApplied);
    assert_eq!(there(&format!("{words} more")), Effect::NotApplied);
    // Another account's words are not ours.
    let by = super::deputy();
    let others = now(announce.read_back(&bench.cx(&by, &[]), &said)).unwrap();
    assert_eq!(others.effect, Effect::NotApplied);
}

#[test]
fn where_there_are_no_notices_it_is_a_message_and_only_there() {
    let words = json!({ "text": "it ends on Friday" });
    let bench = Bench::new(Implementation::NapCat);
    let announce = bench.connector.verb(Op::Announce).unwrap();
    let no_action = json!({ "status": "failed", "retcode": 1404, "data": null });
    bench.instead(move |request| request.uri().path().contains("_notice").then(|| reply(&no_action)));
    let mut said = order(Op::Announce, words.clone());
    let looked = || now(announce.read_back(&bench.cx(&owner(), &[]), &said)).unwrap().effect;
    assert_eq!(looked(), Effect::NotApplied);
    said.memo = now(announce.act(&bench.cx(&owner(), &[]), &said)).unwrap();
    let read = |said: &_| now(announce.read_back(&bench.cx(&owner(), &[]), said)).unwrap().effect;
    assert_eq!(read(&said), Effect::Applied);
    // With the memo lost, it is found among the newest.
    said.memo = Value::Null;
    assert_eq!(read(&said), Effect::Applied);
    assert_eq!(bench.effects(Op::Announce), 1);

    // A notice that failed may be there: it is not said again in another way.
    let bench = Bench::new(Implementation::NapCat);
    let failed = json!({ "status": "failed", "retcode": 200, "data": null, "message": "cookies" });
    bench.instead(move |request| request.uri().path().contains("_send_group_notice").then(|| reply(&failed)));
    let error = now(announce.act(&bench.cx(&owner(), &[]), &order(Op::Announce, words.clone()))).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Upstream, Effect::Unknown));
    assert!(!bench.called().contains(&"send_group_msg".to_owned()));

    let bench = Bench::new(Implementation::NapCat).set("announce", "message");
    now(announce.act(&bench.cx(&owner(), &[]), &order(Op::Announce, words.clone()))).unwrap();
    assert!(!bench.called().contains(&"_send_group_notice".to_owned()));
    let bench = Bench::new(Implementation::NapCat).set("announce", "loudly");
    let error = now(announce.act(&bench.cx(&owner(), &[]), &order(Op::Announce, words))).unwrap_err();
    assert_eq!(error.kind, Kind::Config);
}

#[test]
fn a_new_owner_is_made_by_a_person_and_read_by_us() {
    let bench = Bench::new(Implementation::NapCat);
    let transfer = bench.connector.verb(Op::Transfer).unwrap();
    let to = order(Op::Transfer, json!({ "to": "800100002" }));
    assert_eq!(now(transfer.act(&bench.cx(&owner(), &[]), &to)).unwrap_err().kind, Kind::Unsupported);
    let owns = || now(transfer.read_back(&bench.cx(&owner(), &[]), &to)).unwrap().effect;
    assert_eq!(owns(), Effect::NotApplied);
    bench.person(Op::Transfer).unwrap();
    assert_eq!(owns(), Effect::Applied);
    let seen = now(bench.connector.get(&bench.cx(&owner(), &[]), &busy())).unwrap();
    assert_eq!(seen.owners, [NativeId::from("800100002")]);
    assert_eq!(seen.members[0].standing, Standing::Member);
}

#[test]
fn lists_without_end_and_members_of_another_shape_are_errors() {
    let bench = Bench::new(Implementation::NapCat);
    let get = |bench: &Bench| {
        now(bench.connector.get(&bench.cx(&owner(), &[]), &busy())).map_err(|error| error.kind)
    };
    for data in [
        json!([{ "user_id": 1.5, "role": "owner" }]),
        json!([{ "user_id": 800_100_001, "role": "king" }]),
        json!([{ "user_id": 800_100_001 }]),
        json!([]),
        json!({ "user_id": 800_100_001, "role": "owner" }),
        json!([{ "user_id": 800_100_001, "role": "owner", "nickname": "x".repeat(2000) }]),
        Value::Array((0..100_001).map(|n| json!({ "user_id": n, "role": "member" })).collect()),
    ] {
        let data = std::sync::Mutex::new(data);
        bench.instead(move |request| {
            let path = request.uri().path().ends_with("get_group_member_list");
            path.then(|| ok(&data.lock().unwrap()))
        });
        assert_eq!(get(&bench), Err(Kind::Protocol));
    }
}
