//! The shapes on the wire, as each implementation writes them.

use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;
use adjourn_world::{Group, Message};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::QqSim;
use crate::qq::wire::implementation::Implementation;
use crate::qq::wire::messages::NOTICE_APP;
use crate::qq::wire::{spelling, text};

/// A number on the wire; what is none stays text.
pub(super) fn number(digits: &str) -> Value {
    digits.parse::<u64>().map_or_else(|_| Value::from(digits), Value::from)
}

/// A time in seconds.
pub(super) fn seconds(at: Time) -> i64 {
    at.as_millis() / 1000
}

/// A message's short id: it looks like chance, is the same every time, and differs within a group.
pub(super) fn message_id(group: &str, seq: u64) -> u64 {
    let group = group.parse::<u64>().unwrap_or(0) % 1_000_003;
    (group * 131_071 + seq).wrapping_mul(2_654_435_761) % (1 << 31)
}

pub(super) fn group(plays: Implementation, id: &str, group: &Group) -> Value {
    let mut view = json!({
        "group_id": number(id),
        "group_name": group.name.as_deref().unwrap_or_default(),
        "member_count": group.members.len(),
        "max_member_count": 500,
    });
    if let (true, Some(fields)) = (plays.tells_frozen(), view.as_object_mut()) {
        fields.insert("group_all_shut".to_owned(), (if group.frozen { -1 } else { 0 }).into());
        fields.insert("group_remark".to_owned(), "".into());
    }
    view
}

pub(super) fn role(standing: Standing) -> &'static str {
    match standing {
        Standing::Owner => "owner",
        Standing::Admin => "admin",
        Standing::Member => "member",
    }
}

pub(super) fn member(sim: &QqSim, id: &str, group: &Group, member: &str) -> Value {
    let spoke = group.messages.iter().rev().find(|message| message.sender == member);
    let mut view = json!({
        "group_id": number(id),
        "user_id": number(member),
        "nickname": sim.world.name_of(member),
        "card": "",
        "sex": "unknown",
        "age": 0,
        "area": "",
        "level": "1",
        "role": role(group.standing(member)),
        "title": "",
        "unfriendly": false,
        "card_changeable": true,
        "join_time": 0,
        "last_sent_time": spoke.map_or(0, |message| seconds(message.at)),
        "title_expire_time": 0,
    });
    if let (true, Some(fields)) = (sim.plays.tells_bots(), view.as_object_mut()) {
        fields.insert("is_robot".to_owned(), sim.world.is_bot(member).into());
    }
    view
}

/// A notice, with its text as the platform's web pages keep it.
pub(super) fn notice(message: &Message) -> Value {
    json!({
        "notice_id": message.id,
        "sender_id": number(&message.sender),
        "publish_time": seconds(message.at),
        "message": {
            "text": text::escaped(message.text.as_deref().unwrap_or_default()),
            "image": [],
            "images": [],
        },
    })
}

/// The folder in which a group's files lie.
pub(super) const FOLDER: &str = "/folder-1";

/// Segments of a message. A notice is a card.
fn segments(sim: &QqSim, id: &str, message: &Message) -> Value {
    let words = message.text.as_deref().unwrap_or_default();
    if let Some(file) = &message.file {
        let file = json!({ "file": file.name, "file_id": file.id, "file_size": file.bytes.to_string() });
        return json!([{ "type": "file", "data": file }]);
    }
    if sim.is_notice(id, &message.id) {
        let title = STANDARD.encode(spelling::of("notice_title"));
        let inner = json!({ "mannounce": { "encode": 1, "title": title, "text": STANDARD.encode(words) } });
        let card = json!({ "app": NOTICE_APP, "desc": "", "meta": inner });
        return json!([{ "type": "json", "data": { "data": card.to_string() } }]);
    }
    json!([{ "type": "text", "data": { "text": words } }])
}

/// A message, as `get_msg`, the history and its event show it.
pub(super) fn message(sim: &QqSim, id: &str, group: &Group, message: &Message) -> Value {
    let short = message_id(id, message.seq);
    let standing = role(group.standing(&message.sender));
    let mut view = json!({
        "time": seconds(message.at),
        "message_type": "group",
        "sub_type": "normal",
        "message_id": short,
        "real_id": short,
        "message_seq": message.seq,
        "group_id": number(id),
        "user_id": number(&message.sender),
        "sender": {
            "user_id": number(&message.sender),
            "nickname": sim.world.name_of(&message.sender),
            "card": "",
            "role": standing,
        },
        "message": segments(sim, id, message),
        "raw_message": message.text.as_deref().unwrap_or_default(),
        "font": 14,
    });
    let by_id = !matches!(sim.plays, Implementation::Lagrange | Implementation::GoCqhttp);
    if let (true, Some(fields)) = (by_id, view.as_object_mut()) {
        fields.insert("message_seq".to_owned(), short.into());
        fields.insert("real_seq".to_owned(), message.seq.to_string().into());
        fields.insert("message_format".to_owned(), "array".into());
    }
    view
}

/// The words of what a client sends: a string, a segment, or segments, all of them text.
pub(super) fn words(message: &Value) -> Option<String> {
    match message {
        Value::String(text) => Some(text.clone()),
        Value::Array(segments) => segments.iter().map(words).collect(),
        Value::Object(segment) if segment.get("type")?.as_str()? == "text" => {
            segment.get("data")?.get("text")?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}
