//! Requests and replies against the examples of the documents, each a pair in `fixtures/` with the page that it comes from.

use adjourn_connector_kit::{Kind, Secret};
use adjourn_domain::capability::Effect;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use super::super::errors::{self, Asks};
use super::callback::{Distrust, Envelope, Receiver, chat_change, document, signature};
use super::replies;
use super::requests::{self, Call};

macro_rules! pair {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../fixtures/", $name, ".json"))).unwrap()
    };
}

const CHAT: &str = "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA";

fn body<T: DeserializeOwned>(pair: &Value) -> T {
    serde_json::from_value(pair["response"]["body"].clone()).unwrap()
}

/// Holds a request against the pair's: method, path, every parameter, every field.
fn asks(call: &Call, pair: &Value) {
    let base = Url::parse("https://qyapi.weixin.qq.com").unwrap();
    let request = call.build(&base, None).unwrap();
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let query: Map<String, Value> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect();
    let sent =
        if request.body().is_empty() { Value::Null } else { serde_json::from_slice(request.body()).unwrap() };
    let wanted = &pair["request"];
    assert_eq!(request.method().as_str(), wanted["method"]);
    assert_eq!(url.path(), wanted["path"]);
    assert_eq!(Value::Object(query), wanted.get("query").cloned().unwrap_or_else(|| json!({})));
    assert_eq!(sent, wanted.get("body").cloned().unwrap_or_default(), "{}", wanted["path"]);
}

fn refused(pair: &Value, asks: Asks) -> (Kind, Effect, i64) {
    let reply = http::Response::new(pair["response"]["body"].to_string().into());
    let code = errors::code(&reply, asks).unwrap();
    let error = errors::of_code(code, asks);
    (error.kind, error.effect, code)
}

#[test]
fn the_token_and_the_app_behind_it() {
    let pair = pair!("gettoken");
    asks(&requests::token("ww0000000000000001", &Secret::new("SECRET")), &pair);
    assert_eq!(body::<replies::Token>(&pair).access_token, "accesstoken000001");
    let pair = pair!("agent_list");
    asks(&requests::agents(), &pair);
    assert_eq!(body::<replies::Agents>(&pair).agentlist[0].agentid, 1_000_005);
}

#[test]
fn keys_are_left_out_of_what_is_shown_of_a_request() {
    let base = Url::parse("https://proxy.example/qy/").unwrap();
    let request = requests::token("ww1", &Secret::new("hunter2")).build(&base, None).unwrap();
    assert_eq!(request.uri().path(), "/qy/cgi-bin/gettoken");
    assert!(request.uri().to_string().contains("hunter2"));
    let shown = adjourn_connector_kit::transport::shown(&request);
    assert!(!shown.contains("hunter2") && shown.contains("corpid=ww1"), "{shown}");
    let request = requests::app_chat("C").build(&base, Some(&Secret::new("tok3n"))).unwrap();
    assert!(!adjourn_connector_kit::transport::shown(&request).contains("tok3n"));
}

#[test]
fn groups_of_an_app() {
    let pair = pair!("appchat_get");
    asks(&requests::app_chat("CHATID"), &pair);
    let info = body::<replies::AppChat>(&pair).chat_info;
    assert_eq!((info.owner.as_str(), info.userlist.len()), ("userid2", 3));
    asks(&requests::app_owner("CHATID", "userid2"), &pair!("appchat_update"));
    let send = pair!("appchat_send");
    asks(&requests::app_send("CHATID", send["request"]["body"]["text"]["content"].as_str().unwrap()), &send);
}

#[test]
fn both_numbers_of_a_dissolved_group_are_told_from_their_words() {
    for (pair, code) in [(pair!("appchat_get_dissolved"), 49008), (pair!("appchat_get_missing"), 86003)] {
        assert_eq!(refused(&pair, Asks::Read), (Kind::NotFound, Effect::NotApplied, code));
    }
}

#[test]
fn customer_groups() {
    let pair = pair!("groupchat_list");
    let cursor = pair["request"]["body"]["cursor"].as_str();
    asks(&requests::customer_list(cursor, None), &pair);
    let page: replies::CustomerList = body(&pair);
    assert_eq!((page.group_chat_list.len(), page.next_cursor.len()), (2, 43));
    let pair = pair!("groupchat_get");
    asks(&requests::customer_chat(CHAT), &pair);
    let info = body::<replies::CustomerChat>(&pair).group_chat;
    assert_eq!((info.owner.as_str(), info.admin_list[0].userid.as_str()), ("ZhuShengBen", "abel"));
    assert_eq!(info.member_list.iter().map(|member| member.kind).collect::<Vec<_>>(), [1, 1, 2]);
}

#[test]
fn a_transfer_is_refused_group_by_group() {
    let pairs = [
        (pair!("groupchat_onjob_transfer_failed"), false, 90501),
        (pair!("groupchat_transfer_failed"), true, 90500),
    ];
    for (pair, resigned, code) in pairs {
        let failed = body::<replies::Transferred>(&pair).failed_chat_list;
        asks(&requests::customer_owner(&failed[0].chat_id, "zhangsan", resigned), &pair);
        assert_eq!((failed.len(), failed[0].errcode), (1, code));
    }
}

#[test]
fn a_robot_is_tried_with_what_it_can_not_post() {
    let pair = pair!("webhook_send_removed");
    asks(&requests::robot("693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"), &pair);
    assert_eq!(refused(&pair, Asks::Read), (Kind::NotFound, Effect::NotApplied, 93000));
}

#[test]
fn an_approval_counts_when_it_was_granted_on_this_form_for_this_group() {
    let pair = pair!("approval_info");
    let template = "ZLqk8pcsAoaXZ1eY56vpAgfX28MPdYU3ayMaSPHaaa";
    asks(&requests::approvals(template, 1_569_546_000, 1_569_718_800, ""), &pair);
    assert_eq!(body::<replies::Approvals>(&pair).sp_no_list.len(), 2);
    let pair = pair!("approval_detail");
    asks(&requests::approval("201909270002"), &pair);
    let info = |change: &dyn Fn(&mut Value)| {
        let mut pair = pair.clone();
        change(&mut pair["response"]["body"]["info"]);
        body::<replies::Approval>(&pair).info
    };
    let granted = info(&|_| {});
    assert!(granted.grants(template, CHAT));
    assert_eq!(granted.nominees().collect::<Vec<_>>(), ["LiuXiaoGang"]);
    assert_eq!(
        granted.approvers().collect::<Vec<_>>(),
        ["LiuXiaoGang"],
        "who has not answered has not agreed"
    );
    assert!(!granted.grants("another form", CHAT) && !granted.grants(template, "wrAnother"));
    for status in [1, 3, 4, 6, 7, 10] {
        assert!(!info(&|info| info["sp_status"] = status.into()).grants(template, CHAT), "{status}");
    }
}

#[test]
fn the_platforms_own_sample_is_opened_and_a_changed_one_is_not() {
    let sample = pair!("callback_sample");
    let text = |name: &str| sample[name].as_str().unwrap();
    let envelope: Envelope = serde_json::from_value(sample["envelope"].clone()).unwrap();
    let receiver = Receiver::new(text("token"), text("encoding_aes_key"), text("corpid")).unwrap();
    let opened = receiver.open(&envelope).unwrap();
    assert_eq!(opened.get("Content").map(String::as_str), sample["content"].as_str());
    assert!(chat_change(&opened).is_none(), "a message is no change of a group");
    let forged = Envelope { nonce: "1".to_owned(), ..envelope.clone() };
    assert_eq!(receiver.open(&forged), Err(Distrust::Signature));
    let other = Receiver::new(text("token"), text("encoding_aes_key"), "ww1").unwrap();
    assert_eq!(other.open(&envelope), Err(Distrust::Organisation));
    let wrong_key = Receiver::new(text("token"), &"A".repeat(43), text("corpid")).unwrap();
    assert_eq!(wrong_key.open(&envelope), Err(Distrust::Key));
    assert!(Receiver::new("t", "short", "c").is_none());
    // Signed rightly, and nothing that was ever encrypted.
    let body = r#"{"encrypt":"AAAA"}"#.to_owned();
    let sign = signature(text("token"), "1", "2", "AAAA");
    let nothing = Envelope { msg_signature: sign, timestamp: "1".to_owned(), nonce: "2".to_owned(), body };
    assert_eq!(receiver.open(&nothing), Err(Distrust::Key));
}

#[test]
fn the_event_of_a_dismissal_is_read_from_xml_and_json() {
    let from_xml = document(include_str!("../fixtures/event_dismiss.xml")).unwrap();
    let change = chat_change(&from_xml).unwrap();
    assert_eq!((change.chat.as_str(), change.change.as_str(), change.at), (CHAT, "dismiss", 1_403_610_513));
    let as_json = json!({ "Event": "change_external_chat", "ChatId": CHAT, "ChangeType": "dismiss", "CreateTime": 1_403_610_513 });
    assert_eq!(chat_change(&document(&as_json.to_string()).unwrap()), Some(change));
}

#[test]
fn documents_that_are_not_flat_and_plain_are_refused_and_none_is_large() {
    for text in [
        "",
        "<xml>",
        "<xml><A>1</B></xml>",
        "<xml><A x='1'>1</A></xml>",
        "<xml><A>&unknown;</A></xml>",
        "<!DOCTYPE x><xml></xml>",
        "[1]",
        "{",
    ] {
        let fields = document(text);
        assert!(fields.is_none_or(|fields| fields.is_empty()), "{text}");
    }
    let nested = document("<xml><A><B>1</B></A><C>a&lt;b&amp;</C></xml>").unwrap();
    assert_eq!(nested.len(), 1);
    assert_eq!(nested.get("C").map(String::as_str), Some("a<b&"));
    assert!(document(&format!("<xml><A>{}</A></xml>", "x".repeat(70_000))).is_none());
    let many: Vec<String> = (0..100).map(|n| format!("<A{n}>1</A{n}>")).collect();
    assert!(document(&format!("<xml>{}</xml>", many.concat())).is_none());
}
