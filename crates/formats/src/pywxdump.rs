//! `PyWxDump`. Types are the tool's own words; ids of the server have up to 19 digits and are text. `room_name` is the chat,
//! `talker` the sender. Version 2 has what was said and where its file lies in one field, `content`, in CSV as JSON. What `WeFlow` writes for
//! `WeClone` has the same columns, without the chat, with times in RFC 3339.

use adjourn_domain::time::Time;
use serde_json::{Map, Value};

use crate::cells::Cells;
use crate::json::{digits, text, whole};
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

pub(crate) fn csv(cells: Cells<'_>, zone: &Zone) -> Read<Made> {
    let cells = cells.whole()?;
    let content = cells.find("content").map(said_in);
    let columns = Columns {
        server_id: cells.get("MsgSvrID"),
        type_name: cells.get("type_name"),
        own: cells.get("is_sender") == "1",
        talker: cells.get("talker"),
        room: cells.get("room_name"),
        msg: content.as_deref().unwrap_or_else(|| cells.get("msg")),
        time: cells.get("CreateTime"),
    };
    columns.made(zone, cells.raw())
}

/// What was said, of a cell of JSON; of another cell, the cell.
fn said_in(content: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(content) {
        Ok(fields) => text(&fields, "msg").map_or_else(|| content.to_owned(), str::to_owned),
        Err(_) => content.to_owned(),
    }
}

pub(crate) fn json(element: Map<String, Value>, zone: &Zone) -> Read<Made> {
    let server_id = digits(&element, "MsgSvrID").ok_or("row.id")?;
    let field = |name: &str| text(&element, name).ok_or("row.type");
    let msg = match element.get("content") {
        Some(Value::Object(content)) => text(content, "msg").ok_or("row.type")?,
        Some(Value::String(content)) => content,
        None | Some(Value::Null) => field("msg")?,
        Some(_) => return Err("row.type"),
    };
    let columns = Columns {
        server_id: &server_id,
        type_name: field("type_name")?,
        own: whole(&element, "is_sender") == Some(1),
        talker: field("talker")?,
        room: field("room_name")?,
        msg,
        time: field("CreateTime")?,
    };
    let mut made = columns.made(zone, Value::Null)?;
    made.raw = Value::Object(element);
    Ok(made)
}

impl Columns<'_> {
    fn made(&self, zone: &Zone, raw: Value) -> Read<Made> {
        let zoned = || Time::parse(self.time).map(|at| (at, true));
        let (at, once) = zone.read(self.time).or_else(zoned).ok_or("row.time")?;
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
            group: Some(self.room.to_owned()).filter(|room| !room.is_empty()),
            group_name: None,
            own: Some(self.own || words::is_self(self.talker)),
            code,
            system: code.is_some_and(|(code, _)| words::is_system(code)),
            raw,
            notes,
        })
    }
}
