//! `PyWxDump`. Types are the tool's own words; ids of the server have up to 19 digits and are text. `room_name` is the chat,
//! `talker` the sender.

use serde_json::{Map, Value};

use crate::format::Format;
use crate::json::{digits, object, text, whole};
use crate::parser::{Made, Read};
use crate::words;
use crate::zone::Zone;

/// The columns that are read, whichever way they were written.
struct Columns<'a> {
    server_id: &'a str,
    type_name: &'a str,
    own: bool,
    talker: &'a str,
    room: &'a str,
    msg: &'a str,
    time: &'a str,
}

pub(crate) fn csv(fields: &[&str], zone: &Zone) -> Read<Made> {
    let [_, server_id, type_name, own, talker, room, msg, _, time] = fields else {
        return Err("row.columns");
    };
    let own = *own == "1";
    let columns = Columns { server_id, type_name, own, talker, room, msg, time };
    columns.made(zone, object(Format::PywxdumpCsv.columns(), fields))
}

pub(crate) fn json(element: Map<String, Value>, zone: &Zone) -> Read<Made> {
    let server_id = digits(&element, "MsgSvrID").ok_or("row.id")?;
    let field = |name: &str| text(&element, name).ok_or("row.type");
    let columns = Columns {
        server_id: &server_id,
        type_name: field("type_name")?,
        own: whole(&element, "is_sender") == Some(1),
        talker: field("talker")?,
        room: field("room_name")?,
        msg: field("msg")?,
        time: field("CreateTime")?,
    };
    let mut made = columns.made(zone, Value::Null)?;
    made.raw = Value::Object(element);
    Ok(made)
}

impl Columns<'_> {
    fn made(&self, zone: &Zone, raw: Value) -> Read<Made> {
        let (at, once) = zone.read(self.time).ok_or("row.time")?;
        let code = words::type_of(self.type_name);
        let mut notes = Vec::new();
        if !once {
            notes.push("row.time_twice");
        }
        if code.is_none() {
            notes.push("row.type_unknown");
        }
        // Messages that the server has not numbered have the id 0.
        let numbered = !self.server_id.is_empty() && self.server_id.bytes().any(|digit| digit != b'0');
        Ok(Made {
            id: numbered.then(|| self.server_id.to_owned()),
            at,
            sender: self.talker.to_owned(),
            sender_name: String::new(),
            text: self.msg.to_owned(),
            group: Some(self.room.to_owned()),
            group_name: None,
            own: Some(self.own || words::is_self(self.talker)),
            code,
            system: code.is_some_and(|(code, _)| words::is_system(code)),
            raw,
            notes,
        })
    }
}
