//! The readers on what the documents say (`fixtures/documents.json`), and the calls.

use std::sync::LazyLock;

use adjourn_connector_kit::{ConnectorError, Kind, Reply};
use adjourn_domain::capability::Effect;
use serde_json::{Value, json};

use super::events::{self, sign, verify_event};
use super::frames::{self, Came};
use super::implementation::Paging;
use super::messages::Message;
use super::replies::Role;
use super::requests::{self, OwnerLeave, PlainLeave};
use crate::qq::errors::{self, Asks};

static DOCUMENTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/documents.json")).unwrap());

fn each(part: &str) -> impl Iterator<Item = (&String, &Value)> {
    DOCUMENTS[part].as_object().unwrap().iter()
}

fn reply(status: u16, body: &Value) -> Reply {
    let bytes = if body.is_null() { String::new() } else { body.to_string() };
    http::Response::builder().status(status).body(bytes.into()).unwrap()
}

fn failure(pair: &Value) -> ConnectorError {
    let asks = if pair["asks"] == "read" { Asks::Read } else { Asks::Change };
    let status = u16::try_from(pair["status"].as_u64().unwrap()).unwrap();
    errors::read::<Value>(&reply(status, &pair["body"]), asks).unwrap_err()
}

#[test]
fn every_documented_failure_is_what_it_is() {
    for (name, pair) in each("replies") {
        let error = failure(pair);
        let found = (format!("{:?}", error.kind), format!("{:?}", error.effect));
        let wanted = (pair["kind"].as_str().unwrap().to_owned(), pair["effect"].as_str().unwrap().to_owned());
        assert_eq!(found, wanted, "{name}: {error}");
        // Sentences of the platform are not repeated.
        assert!(error.says.is_ascii() && !error.says.contains("boom"), "{name}: {error}");
    }
    assert!(errors::is_no_action(&failure(&DOCUMENTS["replies"]["napcat_no_action"])));
    assert!(!errors::is_no_action(&failure(&DOCUMENTS["replies"]["napcat_exception"])));
    assert!(errors::is_no_message(&failure(&DOCUMENTS["replies"]["napcat_no_message"])));
}

#[test]
fn only_ok_and_zero_is_a_success() {
    let of = |body: Value| errors::read::<Value>(&reply(200, &body), Asks::Change);
    assert_eq!(of(json!({ "status": "ok", "retcode": 0, "data": 7 })).unwrap(), 7);
    assert_eq!(of(json!({ "status": "ok", "retcode": 0, "data": null, "echo": null })).unwrap(), Value::Null);
    for body in [
        json!({ "status": "ok", "data": [] }),
        json!({ "status": "ok", "retcode": "0" }),
        json!({ "status": "ok", "retcode": 0.5 }),
        json!({ "status": "OK", "retcode": 0 }),
        json!({ "retcode": 0, "data": [] }),
        json!([0]),
    ] {
        assert_eq!(of(body.clone()).unwrap_err().effect, Effect::Unknown, "{body}");
    }
    let created = errors::read::<Value>(&reply(201, &json!({ "status": "ok", "retcode": 0 })), Asks::Change);
    assert!(created.is_err());
}

#[test]
fn every_documented_event_says_what_it_says() {
    for (name, event) in each("events") {
        let heard = events::read(event["body"].to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(heard.what).unwrap(), event["what"], "{name}");
        assert_eq!(heard.upstream, event["upstream"].as_str().unwrap(), "{name}");
        assert_eq!(
            heard.group.as_ref().map(adjourn_domain::ids::NativeId::as_str),
            event["group"].as_str(),
            "{name}"
        );
        assert_eq!(heard.account.as_str(), event["body"]["self_id"].to_string(), "{name}");
        assert_eq!(heard.at.as_millis(), 1_795_420_800_000, "{name}");
    }
}

#[test]
fn an_event_of_another_shape_is_an_error_and_nothing_else() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in ["", "null", "[]", "{}", r#"{"time":1,"self_id":1.5,"post_type":"notice"}"#, &deep] {
        let error = events::read(body.as_bytes()).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Protocol, Effect::NotApplied));
    }
    assert!(events::read(b"\xff\xfe").is_err());
}

#[test]
fn a_signature_is_that_of_the_document_and_every_other_one_is_forged() {
    let field = |name: &str| DOCUMENTS["signature"][name].as_str().unwrap();
    let (secret, body, header) = (field("secret").as_bytes(), field("body").as_bytes(), field("header"));
    assert_eq!(sign(secret, body), header);
    verify_event(secret, Some(header), body).unwrap();
    let upper = header.to_uppercase().replace("SHA1", "sha1");
    verify_event(secret, Some(&upper), body).unwrap();
    let longer = format!("{header}00");
    let sha256 = header.replace("sha1", "sha256");
    for (secret, header, body) in [
        (secret, None, body),
        (secret, Some(""), body),
        (secret, Some("sha1="), body),
        (secret, Some(header.trim_start_matches("sha1=")), body),
        (secret, Some(longer.as_str()), body),
        (secret, Some(sha256.as_str()), body),
        (b"another".as_slice(), Some(header), body),
        (secret, Some(header), b"{}".as_slice()),
    ] {
        let error = verify_event(secret, header, body).unwrap_err();
        assert_eq!((error.kind, error.kind.code()), (Kind::Forged, "event.forged"), "{header:?}");
    }
}

#[test]
fn every_documented_message_becomes_a_record() {
    for (name, message) in each("messages") {
        let paging = Paging::of_letter(message["paging"].as_str().unwrap()).unwrap();
        let read = Message::read(message["body"].clone()).unwrap();
        assert!(read.place(paging).is_some(), "{name} has no place");
        let record = read.record(paging);
        assert_eq!(record.text.as_deref(), message["text"].as_str(), "{name}");
        assert_eq!(
            record.reply_to.as_ref().map(adjourn_domain::ids::NativeId::as_str),
            message["reply"].as_str(),
            "{name}"
        );
        let files: Vec<Value> =
            record.attachments.iter().map(|file| json!([file.id.as_str(), file.name, file.bytes])).collect();
        assert_eq!(Value::Array(files), message["attachments"], "{name}");
        assert_eq!(record.raw, message["body"], "{name}");
        assert_eq!(record.id.as_str(), message["body"]["message_id"].to_string(), "{name}");
    }
    let sender = Message::read(DOCUMENTS["messages"]["gocq_codes"]["body"].clone()).unwrap();
    assert_eq!(sender.record(Paging::UpToNumber).sender.as_str(), "9007199254740993");
    assert!(Message::read(json!({ "time": 1, "message": [] })).is_none());
    assert!(Message::read(json!({ "time": -1, "message_id": 1, "message": [] })).is_none());
}

#[test]
fn frames_are_told_apart_from_both_sides() {
    let call = requests::kick("1", "2");
    let asked = frames::asked(frames::ask(&call, "7").as_bytes()).unwrap();
    assert_eq!((asked.action.as_str(), &asked.echo), ("set_group_kick", &json!("7")));
    assert_eq!(Value::Object(asked.params), call.params);
    for bad in ["", "{", "[]", r#"{"params":{}}"#, r#"{"action":"a","params":[]}"#, r#"{"action":"a","x":1}"#]
    {
        assert_eq!(frames::asked(bad.as_bytes()).unwrap_err()["retcode"], 1400, "{bad}");
    }
    let echo = json!({ "any": ["thing"] });
    let back = frames::answer(json!({ "status": "ok", "retcode": 0, "data": null }), &echo);
    let Came::Reply { echo: same, body } = frames::came(back.as_bytes()).unwrap() else { panic!("{back}") };
    assert_eq!(same, echo);
    assert_eq!(errors::read::<Value>(&reply(200, &body), Asks::Read).unwrap(), Value::Null);
    assert_eq!(frames::came(br#"{"post_type":"notice"}"#).unwrap(), Came::Event);
    for bad in ["", "null", "7", "{}", "[{}]"] {
        assert_eq!(frames::came(bad.as_bytes()).unwrap_err().kind, Kind::Protocol, "{bad}");
    }
}

#[test]
fn req_g2_a_plain_leave_of_an_owner_cannot_be_built() {
    // set_group_leave takes the proof that a dissolve is meant, and only an owner's leave that dissolves is one.
    assert!(OwnerLeave::meant(Role::Owner, true).is_ok());
    for role in [Role::Admin, Role::Member] {
        assert_eq!(OwnerLeave::meant(role, true).unwrap_err().kind, Kind::Permission);
    }
    for role in [Role::Owner, Role::Admin, Role::Member] {
        assert_eq!(OwnerLeave::meant(role, false).unwrap_err().kind, Kind::Unsupported);
    }
    // A plain leave takes the other proof, which an owner never gets.
    assert_eq!(PlainLeave::meant(Role::Owner).unwrap_err().kind, Kind::Conflict);
    for role in [Role::Admin, Role::Member] {
        let call = requests::go("7", PlainLeave::meant(role).unwrap());
        assert_eq!((call.action, &call.params["is_dismiss"]), ("set_group_leave", &json!(false)));
    }
}

#[test]
fn ids_travel_as_strings_and_what_is_paged_by_as_the_implementation_reads_it() {
    let big = "9007199254740995";
    assert_eq!(requests::members(big).params["group_id"], big);
    let napcat = requests::history(Paging::Reversed, big, Some("-7")).params;
    assert_eq!((&napcat["message_seq"], &napcat["reverse_order"]), (&json!("-7"), &json!(true)));
    assert_eq!(napcat["reverseOrder"], true);
    assert_eq!(requests::history(Paging::Reversed, big, None).params["reverse_order"], false);
    assert_eq!(requests::history(Paging::UpToId, big, Some("-7")).params["message_id"], -7);
    assert_eq!(requests::history(Paging::UpToNumber, big, Some("7")).params["message_seq"], 7);
    // NapCat reads a missing flag as no; none is ever left out.
    assert_eq!(requests::mute_everybody("1", true).params["enable"], true);
    assert_eq!(requests::mute_everybody("1", false).params["enable"], false);
}
