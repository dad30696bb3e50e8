//! The simulator is strict, and both doors lead to one world.

use adjourn_connector_kit::Request;
use http::Method;
use serde_json::{Value, json};

use super::seed::{BUSY, ORDINARY, platform};
use super::*;

fn at() -> Time {
    Time::parse("2026-11-25T08:00:00Z").unwrap()
}

fn call(sim: &mut DingTalkSim, method: Method, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("http://p.example{path}"))
        .header("x-acs-dingtalk-access-token", token);
    let bytes = if body.is_null() { String::new() } else { body.to_string() };
    let request: Request = request.body(Bytes::from(bytes)).unwrap();
    let reply = sim.answer(at(), &request);
    (reply.status().as_u16(), serde_json::from_slice(reply.body()).unwrap())
}

fn token(sim: &mut DingTalkSim, key: &str) -> String {
    let body = json!({ "appKey": key, "appSecret": format!("{key}-secret") });
    let (status, reply) = call(sim, Method::POST, "/v1.0/oauth2/accessToken", "", &body);
    assert_eq!(status, 200, "{reply}");
    reply["accessToken"].as_str().unwrap().to_owned()
}

#[test]
fn unknown_calls_fields_and_methods_are_refused() {
    let mut sim = platform(false);
    let token = token(&mut sim, "dingsimowner");
    let scene = "/v1.0/im/sceneGroups/query";
    let asked = json!({ "openConversationId": BUSY });
    assert_eq!(call(&mut sim, Method::POST, scene, &token, &asked).0, 200);
    for (method, path, body, code) in [
        (Method::GET, scene, Value::Null, "InvalidAction.NotFound"),
        (Method::POST, "/v1.0/im/sceneGroups/ask", asked.clone(), "InvalidAction.NotFound"),
        (Method::POST, "/v1.0/nothing", asked.clone(), "InvalidAction.NotFound"),
        (Method::POST, scene, json!({ "open_conversation_id": BUSY }), "paramError"),
        (Method::POST, scene, json!({ "openConversationId": BUSY, "more": 1 }), "paramError"),
        (Method::POST, scene, json!({ "openConversationId": "cidNone" }), "invalid.openConversationId"),
        (Method::POST, scene, json!({ "openConversationId": ORDINARY }), "invalid.openConversationId"),
    ] {
        let (status, reply) = call(&mut sim, method, path, &token, &body);
        assert!(status >= 400 && reply["code"] == code && reply["requestid"].is_string(), "{path}: {reply}");
    }
    let unexpected = sim.take_unexpected().unwrap();
    assert_eq!(unexpected.len(), 5, "{unexpected:?}");
    let (status, reply) = call(&mut sim, Method::POST, scene, "stale", &asked);
    assert_eq!((status, reply["code"].as_str()), (401, Some("InvalidAuthentication")));
}

#[test]
fn the_old_door_refuses_with_status_200_and_takes_the_token_of_either() {
    let mut sim = platform(false);
    let new = token(&mut sim, "dingsimowner");
    let old = "/gettoken?appkey=dingsimowner&appsecret=dingsimowner-secret";
    let (_, reply) = call(&mut sim, Method::GET, old, "", &Value::Null);
    let old = reply["access_token"].as_str().unwrap().to_owned();
    for token in [&new, &old] {
        let path = format!("/chat/get?access_token={token}&chatid={}", chat_id(ORDINARY));
        let (status, reply) = call(&mut sim, Method::GET, &path, "", &Value::Null);
        assert_eq!((status, &reply["errcode"], &reply["chat_info"]["status"]), (200, &json!(0), &json!(1)));
    }
    let nowhere = format!("/chat/get?access_token={new}&chatid=chatnone");
    let (status, reply) = call(&mut sim, Method::GET, &nowhere, "", &Value::Null);
    assert_eq!((status, &reply["errcode"]), (200, &json!(34013)));
    let (status, reply) = call(&mut sim, Method::GET, "/chat/get?chatid=x", "", &Value::Null);
    assert_eq!((status, &reply["errcode"]), (200, &json!(40014)));
}

#[test]
fn an_app_without_the_permission_is_told_which_one_it_needs() {
    let mut sim = platform(false);
    let token = token(&mut sim, "dingsimpowerless");
    let asked = json!({ "openConversationId": BUSY });
    let (status, reply) = call(&mut sim, Method::POST, "/v1.0/im/chat/scenegroup/disband", &token, &asked);
    assert_eq!(status, 403);
    assert_eq!(reply["accessdenieddetail"]["requiredScopes"], json!(["qyapi_chat_manage"]));
}

#[test]
fn a_dissolved_group_is_spelt_in_every_way() {
    let mut sim = platform(false);
    let token = token(&mut sim, "dingsimowner");
    let group = json!({ "openConversationId": BUSY });
    assert_eq!(call(&mut sim, Method::POST, "/v1.0/im/chat/scenegroup/disband", &token, &group).0, 200);
    let (_, state) = call(&mut sim, Method::POST, "/v1.0/im/sceneGroups/query", &token, &group);
    assert_eq!(state["status"], 2);
    let say = json!({
        "openConversationId": BUSY, "robotCode": "dingsimowner", "msgKey": "sampleText", "msgParam": "{\"content\":\"x\"}",
    });
    let members = json!({ "openConversationId": BUSY, "maxResults": 10 });
    let update = json!({ "open_conversation_id": BUSY, "management_options": { "chat_banned_type": 1 } });
    for (path, body, code) in [
        ("/v1.0/robot/groupMessages/send", &say, "group.disbanded"),
        ("/v1.0/im/sceneGroups/members/batchQuery", &members, "group.diaband"),
        ("/v1.0/im/sceneGroup/update", &update, "groupDisbang"),
        ("/v1.0/im/chat/scenegroup/disband", &group, "paramIllegal"),
    ] {
        let (status, reply) = call(&mut sim, Method::POST, path, &token, body);
        assert_eq!((status, reply["code"].as_str()), (400, Some(code)), "{path}");
    }
}

#[test]
fn members_come_in_pages_and_robots_are_none() {
    let mut sim = platform(false);
    let token = token(&mut sim, "dingsimowner");
    let (mut people, mut next): (Vec<String>, Option<String>) = (Vec::new(), None);
    loop {
        let mut body = json!({ "openConversationId": BUSY, "maxResults": 2 });
        if let Some(next) = &next {
            body["nextToken"] = next.clone().into();
        }
        let (_, page) =
            call(&mut sim, Method::POST, "/v1.0/im/sceneGroups/members/batchQuery", &token, &body);
        people.extend(
            page["memberUserIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()),
        );
        if page["hasMore"] == false {
            break;
        }
        next = Some(page["nextToken"].as_str().unwrap().to_owned());
    }
    assert_eq!(people, ["staff03", "staff04", "staff05", "staff06", "staff07"]);
}

#[test]
fn groups_are_made_and_change_as_the_documents_say() {
    let mut sim = platform(false);
    let token = token(&mut sim, "dingsimowner");
    let mut post = |path: &str, body: &Value| call(&mut sim, Method::POST, path, &token, body);
    let create = "/v1.0/im/sceneGroup/create";
    let good = json!({
        "title": "T", "template_id": "sim-template", "owner_user_id": "staff03", "user_ids": "staff04,staff05",
        "management_options": { "chat_banned_type": 1, "searchable": 0 },
    });
    let (status, made) = post(create, &good);
    assert_eq!(status, 200, "{made}");
    let id = made["open_conversation_id"].clone();
    for (field, wrong) in [
        ("title", json!("x".repeat(21))),
        ("template_id", json!("another")),
        ("owner_user_id", json!("robot01")),
        ("management_options", json!({ "chat_banned_type": 2 })),
        ("management_options", json!({ "colour": 1 })),
    ] {
        let mut bad = good.clone();
        bad[field] = wrong;
        assert_eq!(post(create, &bad).0, 400, "{field}");
    }
    let add = json!({ "open_conversation_id": id, "user_ids": ["staff06"] });
    assert_eq!(post("/v1.0/im/sceneGroup/member/add", &add).0, 200);
    let owner = json!({ "open_conversation_id": id, "user_ids": ["staff03"] });
    assert_eq!(post("/v1.0/im/sceneGroup/member/delete", &owner).0, 400, "the owner was put out");
    let chat = json!({ "name": "plain", "owner": "staff03", "useridlist": ["staff03", "staff04"] });
    let (status, plain) = post("/v1.0/im/group/create", &chat);
    assert_eq!(status, 200, "{plain}");
    let update = json!({ "chatid": plain["chatid"], "add_useridlist": ["staff07"], "owner": "staff07" });
    assert_eq!(post("/v1.0/im/group/update", &update).0, 200);
    let group = &sim.world.groups[id.as_str().unwrap()];
    assert!(group.frozen && group.members.contains_key("staff06"));
    let plain = &sim.world.groups[plain["openConversationId"].as_str().unwrap()];
    assert_eq!(plain.owner().map(String::as_str), Some("staff07"));
}
