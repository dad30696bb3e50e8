//! chatlog. Its CSV has no type: what the client itself said is known by the word that the tool writes in place of a sender.
//! Its JSON has types, and `seq`: ten digits of Unix seconds and three of a number.

use adjourn_domain::time::Time;
use serde_json::{Map, Value};

use crate::format::Format;
use crate::json::{digits, object, text, whole};
use crate::parser::{Made, Read};
use crate::words;
use crate::zone::Zone;

pub(crate) fn csv(fields: &[&str], zone: &Zone) -> Read<Made> {
    let [time, sender_name, sender, group_name, group, content] = fields else { return Err("row.columns") };
    let (at, once) = zone.read(time).ok_or("row.time")?;
    let system = words::is_system_sender(sender);
    Ok(Made {
        id: None,
        at,
        sender: (*sender).to_owned(),
        sender_name: (*sender_name).to_owned(),
        text: (*content).to_owned(),
        group: Some((*group).to_owned()),
        group_name: Some((*group_name).to_owned()),
        own: None,
        code: system.then_some((words::SYSTEM, 0)),
        system,
        raw: object(Format::ChatlogCsv.columns(), fields),
        notes: if once { Vec::new() } else { vec!["row.time_twice"] },
    })
}

pub(crate) fn json(element: Map<String, Value>) -> Read<Made> {
    let at = text(&element, "time").and_then(Time::parse).ok_or("row.time")?;
    let code = whole(&element, "type").ok_or("row.type")?;
    let seq = digits(&element, "seq").ok_or("row.id")?;
    let field = |name: &str| text(&element, name).map(str::to_owned).ok_or("row.type");
    let mut notes = Vec::new();
    let seconds = at.as_millis().div_euclid(1000);
    let fits = seq.len() == 13 && seq.get(..10).and_then(|head| head.parse().ok()) == Some(seconds);
    if !fits {
        notes.push("row.seq");
    }
    Ok(Made {
        // A seq of 0 is a message that the server has not numbered.
        id: seq.bytes().any(|digit| digit != b'0').then_some(seq),
        at,
        sender: field("sender")?,
        sender_name: field("senderName")?,
        text: field("content")?,
        group: Some(field("talker")?),
        group_name: Some(field("talkerName")?),
        own: element.get("isSelf").and_then(Value::as_bool),
        code: Some((code, whole(&element, "subType").unwrap_or(0))),
        system: words::is_system(code),
        raw: Value::Object(element),
        notes,
    })
}
