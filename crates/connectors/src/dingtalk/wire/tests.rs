//! Requests and replies against the pairs of the documents, and events against theirs.

use std::collections::BTreeMap;

use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::Value;

use super::events::disbanded;
use super::requests;
use super::*;

fn pairs() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("../fixtures/pairs.json")).unwrap()
}

/// Builds the call and holds it against the documented request; then reads the documented reply.
fn agrees<T: DeserializeOwned>(name: &str, call: &Call) -> T {
    let pair = pairs().remove(name).unwrap();
    let base = Url::parse("https://p.example").unwrap();
    let token = (name != "token").then(|| Secret::new("TOKEN"));
    let request = build(call, &base, token.as_ref()).unwrap();
    let wanted = &pair["request"];
    assert_eq!(request.method().as_str(), wanted["method"].as_str().unwrap(), "{name}");
    let target = request.uri().path_and_query().unwrap().as_str();
    assert_eq!(target, wanted["path"].as_str().unwrap(), "{name}");
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    assert_eq!(body, wanted["body"], "{name}");
    for (header, value) in wanted["headers"].as_object().into_iter().flatten() {
        assert_eq!(request.headers()[header], value.as_str().unwrap(), "{name}");
    }
    let reply = http::Response::builder()
        .status(u16::try_from(pair["response"]["status"].as_u64().unwrap()).unwrap())
        .header("content-type", "application/json;charset=utf-8")
        .body(Bytes::from(pair["response"]["body"].to_string()))
        .unwrap();
    read(&reply, call.door, Asks::Change).unwrap()
}

#[test]
fn groups_are_read_as_the_documents_show_them() {
    let token: Token = agrees("token", &token("dingeqqpkv3xxxxxx", "GT-lsu-taDAxxxsTsxxxx"));
    assert_eq!(token.expire_in, 7200);
    let scene: Scene = agrees("scene_query", &requests::scene("cidxxxx"));
    assert_eq!((scene.status, scene.owner_user_id.as_str()), (1, "user001"));
    let full: SceneFull = agrees("scene_full", &requests::scene_full("cidxxxx"));
    assert_eq!(full.result.management_options.chat_banned_type, "0");
    assert_eq!(full.result.sub_admin_staff_ids, ["user002"]);
    let members: Members = agrees("members", &requests::members("cidxxxx", None));
    assert_eq!((members.member_user_ids.len(), members.has_more), (2, false));
    let chat: Chat = agrees("chat_get", &requests::chat("chatxxxx"));
    assert_eq!((chat.chat_info.status, chat.chat_info.useridlist.len()), (1, 2));
    let all: Inventory = agrees("inventory", &requests::inventory("manager1", "u1", 1, None));
    assert_eq!((all.items[0].status, all.items[1].status, all.items[0].sync_to_dingpan), (1, -1, 1));
    let robots: Robots = agrees("robots", &requests::robots("cidxxxx"));
    assert_eq!(robots.list[0].robot_code, "dingue4kfzdxbynxxxxxx");
}

#[test]
fn changes_are_asked_for_as_the_documents_show_them() {
    assert!(agrees::<Done>("disband", &requests::disband("cidxxxx")).success);
    let words = requests::robot_words("\u{4eca}\u{5929}\u{9700}\u{8981}\u{559d}\u{6c34}");
    let said: Said = agrees("robot_send", &requests::say("cidxxxx", "dingue4kfzdxbynxxxxxx", &words));
    assert!(!said.process_query_key.is_empty());
    let text = "\u{672c}\u{7fa4}\u{5c06}\u{4e8e}\u{5468}\u{4e94}\u{89e3}\u{6563}";
    let made: NoticeMade =
        agrees("notice_create", &requests::post_notice("cidxxxx", "manager1", text, "u-1"));
    assert_eq!(made.data_id, "d-1");
    let all: Notices = agrees("notice_list", &requests::notices("cidxxxx", "manager1", None));
    assert_eq!(all.blackboard_list[0].content, text);
    let title = "\u{89e3}\u{6563}\u{516c}\u{544a}";
    let done: OldDone =
        agrees("org_announce", &requests::announce("manager1", title, text, &["user001".to_owned()]));
    assert_eq!(done.errcode, 0);
}

#[test]
fn a_dissolve_is_told_in_three_shapes() {
    let all: BTreeMap<String, Value> = serde_json::from_str(include_str!("../fixtures/events.json")).unwrap();
    for (name, event) in [("stream", "e-1"), ("document", "e-2"), ("http", "e-3")] {
        let told = disbanded(all[name].to_string().as_bytes()).unwrap();
        assert_eq!(told.event, event);
        assert_eq!((told.group.as_str(), told.chat.as_deref()), ("cidxxxx", Some("chatxxxx")));
        assert_eq!((told.corp.as_str(), told.by.as_deref()), ("ding9f50", Some("user001")));
        assert_eq!(told.at, Time::from_millis(1_672_900_000_123), "{name}");
    }
    for name in ["quit", "ping"] {
        assert_eq!(disbanded(all[name].to_string().as_bytes()), None, "{name}");
    }
    for junk in ["", "null", "[]", "{\"eventType\":\"chat_disband\"}", "{\"headers\":7,\"eventType\":1}"] {
        assert_eq!(disbanded(junk.as_bytes()), None, "{junk}");
    }
}

#[test]
fn an_id_can_hold_anything_and_stays_one_segment() {
    let call = requests::of_template("a/b?c#d%20", 1);
    let request = build(&call, &Url::parse("https://p.example/base/").unwrap(), None).unwrap();
    let path = "/base/v1.0/im/chats/sceneGroups/templates/a%2Fb%3Fc%23d%2520/lists";
    assert_eq!(request.uri().path(), path);
}
