//! `MemoTrace`. One file holds one chat and does not say which one. `CreateTime` counts Unix seconds; `StrTime` is the same
//! moment on a local clock, and has to agree with it in the zone that was named.
//!
//! What the tool writes about a single chat has other columns: no account of the sender, only the name that was shown, and the local time alone.

use adjourn_domain::time::Time;

use crate::format::Format;
use crate::json::object;
use crate::parser::{Made, Read};
use crate::words;
use crate::zone::Zone;

pub(crate) fn csv(fields: &[&str], zone: &Zone) -> Read<Made> {
    let columns = Format::MemotraceCsv.columns();
    // Older builds write one field more than the header names; it is kept in `raw`.
    let (known, extra) = fields.split_at_checked(columns.len()).ok_or("row.columns")?;
    if extra.len() > 1 {
        return Err("row.columns");
    }
    let [local_id, talker, code, sub, own, create, _, content, local, remark, nick, sender] = known else {
        return Err("row.columns");
    };
    let seconds: i64 = create.trim().parse().map_err(|_| "row.time")?;
    let at = Time::from_millis(seconds.checked_mul(1000).ok_or("row.time")?);
    let code: i64 = code.trim().parse().map_err(|_| "row.type")?;
    let sub: i64 = sub.trim().parse().map_err(|_| "row.type")?;
    let mut notes = Vec::new();
    match zone.read(local) {
        Some((shown, true)) if shown != at => notes.push("row.zone"),
        Some(_) => {}
        None => notes.push("row.local_time"),
    }
    if !extra.is_empty() {
        notes.push("row.extra_column");
    }
    let name = if remark.is_empty() { nick } else { remark };
    Ok(Made {
        id: (!local_id.is_empty()).then(|| format!("{talker}-{local_id}-{seconds}")),
        at,
        sender: (*sender).to_owned(),
        sender_name: (*name).to_owned(),
        text: (*content).to_owned(),
        group: None,
        group_name: None,
        own: match *own {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
        code: Some((code, sub)),
        system: words::is_system(code),
        raw: object(columns, fields),
        notes,
    })
}

pub(crate) fn session_csv(fields: &[&str], zone: &Zone) -> Read<Made> {
    let [server_id, type_name, sender, local, content, ..] = fields else {
        return Err("row.columns");
    };
    if fields.len() != Format::MemotraceSessionCsv.columns().len() {
        return Err("row.columns");
    }
    let (at, once) = zone.read(local).ok_or("row.time")?;
    let code = words::type_of(type_name);
    let mut notes = Vec::new();
    if !once {
        notes.push("row.time_twice");
    }
    if code.is_none() {
        notes.push("row.type_unknown");
    }
    let numbered = server_id.bytes().any(|digit| digit != b'0');
    Ok(Made {
        id: numbered.then(|| (*server_id).to_owned()),
        at,
        sender: (*sender).to_owned(),
        sender_name: (*sender).to_owned(),
        text: (*content).to_owned(),
        group: None,
        group_name: None,
        own: words::is_self(sender).then_some(true),
        code,
        system: code.is_some_and(|(code, _)| words::is_system(code)),
        raw: object(Format::MemotraceSessionCsv.columns(), fields),
        notes,
    })
}
