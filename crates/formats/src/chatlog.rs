//! chatlog. The CSV of its HTTP interface has no type: what the client itself said is known by the word that the tool writes in place of a
//! sender. The CSV of its command has types. Its JSON has types, and `seq`: ten digits of Unix seconds and three of a number, in newer
//! builds six.

use adjourn_domain::time::Time;
use serde_json::{Map, Value};

use crate::cells::Cells;
use crate::json::{digits, text, whole};
use crate::parser::{Made, Read};
use crate::words;
use crate::zone::Zone;

/// The client's type of cards, links and files.
const APP: i64 = 49;
/// The subtype of a nudge.
const PAT: i64 = 62;

pub(crate) fn csv(cells: Cells<'_>, zone: &Zone) -> Read<Made> {
    let cells = cells.whole()?;
    let (at, once) = zone.read(cells.get("Time")).ok_or("row.time")?;
    let sender = cells.get("Sender");
    let typed = match cells.find("Type") {
        Some(code) => Some(typed(code, cells.get("TypeDesc"))?),
        None => None,
    };
    let system = words::is_system_sender(sender) || typed.is_some_and(|(code, _)| words::is_system(code));
    Ok(Made {
        id: cells.find("MessageID").filter(|id| is_numbered(id)).map(str::to_owned),
        at,
        sender: sender.to_owned(),
        sender_name: cells.get("SenderName").to_owned(),
        text: cells.get("Content").to_owned(),
        group: Some(cells.get("Talker").to_owned()),
        group_name: Some(cells.get("TalkerName").to_owned()),
        own: cells.find("IsSelf").and_then(|own| own.parse().ok()),
        code: typed.or_else(|| system.then_some((words::SYSTEM, 0))),
        system,
        raw: cells.raw(),
        notes: if once { Vec::new() } else { vec!["row.time_twice"] },
    })
}

/// The client's type, and the subtype that is behind the tool's words for it.
fn typed(code: &str, word: &str) -> Read<(i64, i64)> {
    let code: i64 = code.trim().parse().map_err(|_| "row.type")?;
    let sub = match words::type_of(word) {
        Some((of, sub)) if of == code => sub,
        // The words for a nudge are those of the client's row about one.
        Some((of, _)) if code == APP && words::is_system(of) => PAT,
        // Cards that the tool has no words for: their number in brackets.
        _ if code == APP => in_brackets(word).unwrap_or(0),
        _ => 0,
    };
    Ok((code, sub))
}

fn in_brackets(word: &str) -> Option<i64> {
    word.strip_suffix(')')?.rsplit_once('(')?.1.parse().ok()
}

/// Whether an id is one: a message that was not numbered has zero.
fn is_numbered(id: &str) -> bool {
    id.bytes().any(|digit| digit != b'0')
}

pub(crate) fn json(element: Map<String, Value>) -> Read<Made> {
    let at = text(&element, "time").and_then(Time::parse).ok_or("row.time")?;
    let code = whole(&element, "type").ok_or("row.type")?;
    let seq = digits(&element, "seq").ok_or("row.id")?;
    let field = |name: &str| text(&element, name).map(str::to_owned).ok_or("row.type");
    let mut notes = Vec::new();
    let seconds = at.as_millis().div_euclid(1000);
    let fits =
        matches!(seq.len(), 13 | 16) && seq.get(..10).and_then(|head| head.parse().ok()) == Some(seconds);
    if !fits {
        notes.push("row.seq");
    }
    Ok(Made {
        id: Some(seq).filter(|seq| is_numbered(seq)),
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
