//! `MemoTrace`. `CreateTime` counts Unix seconds; `StrTime` is the same moment on a local clock, and has to agree with it in the zone that was
//! named. Which chat it is about is not told.
//!
//! Version 1 writes rows whose fields are not those of the header (its `exporter_csv.py`, `output.py`, `package_msg.py`). Behind the nine columns of the
//! client's table stands
//!
//! ```text
//! Remark NickName Sender                one chat: the sender's names and account; all chats, later: the chat's names, the sender's name
//! (nothing)                             one chat of two people, earlier: only IsSender tells them apart
//! MsgSvrID                              all chats until 0.2.6, and of chats that are no contact
//! MsgSvrID Remark NickName              all chats, earlier: a chat of two people; the names are the chat's
//! MsgSvrID Remark NickName Sender       all chats, earlier: a group; the sender's name
//! ```
//!
//! What the tool writes about a single chat in version 2 has other columns: no account of the sender, only the name that was shown, and the local time
//! alone.

use adjourn_domain::time::Time;

use crate::cells::{self, Cells};
use crate::parser::{Made, Read};
use crate::words;
use crate::zone::Zone;

/// Columns of the client's own table.
const OWN: usize = 9;
/// Fewest digits by which a server's id can be told from a name of digits.
const ID_DIGITS: usize = 15;
/// Most columns behind them.
const MOST: usize = 5;

/// What stands behind the columns of the client's table.
#[derive(Default)]
struct Tail<'a> {
    server_id: Option<&'a str>,
    names: Option<(&'a str, &'a str)>,
    sender: Option<&'a str>,
    /// What the fields are called in `raw`.
    columns: Vec<&'static str>,
    odd: bool,
}

pub(crate) fn csv(row: &Cells<'_>, zone: &Zone) -> Read<Made> {
    let all = row.all();
    let (known, rest) = all.split_at_checked(OWN).ok_or("row.columns")?;
    let [local_id, talker, code, sub, own, create, _, content, local] = known else {
        return Err("row.columns");
    };
    let tail = tail(rest)?;
    let seconds: i64 = create.trim().parse().map_err(|_| "row.time")?;
    let at = Time::from_millis(seconds.checked_mul(1000).ok_or("row.time")?);
    let code: i64 = code.trim().parse().map_err(|_| "row.type")?;
    let sub: i64 = sub.trim().parse().map_err(|_| "row.type")?;
    let own = match *own {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    };
    let mut notes = Vec::new();
    match zone.read(local) {
        Some((shown, true)) if shown != at => notes.push("row.zone"),
        Some(_) => {}
        None => notes.push("row.local_time"),
    }
    if tail.odd {
        notes.push("row.extra_column");
    }
    let server_id = tail.server_id.filter(|id| id.bytes().any(|digit| digit != b'0'));
    let of_client = || (!local_id.is_empty()).then(|| format!("{talker}-{local_id}-{seconds}"));
    let (sender, sender_name) = tail.who(own, words::is_system(code));
    let names: Vec<&str> =
        row.columns().iter().take(OWN).copied().chain(tail.columns.iter().copied()).collect();
    Ok(Made {
        id: server_id.map(str::to_owned).or_else(of_client),
        at,
        sender: sender.to_owned(),
        sender_name: sender_name.to_owned(),
        text: (*content).to_owned(),
        group: None,
        group_name: None,
        own,
        code: Some((code, sub)),
        system: words::is_system(code),
        raw: cells::object(&names, all),
        notes,
    })
}

fn tail<'a>(cells: &[&'a str]) -> Read<Tail<'a>> {
    const ID: &str = "MsgSvrID";
    const NAMES: [&str; 2] = ["Remark", "NickName"];
    const SENDER: &str = "Sender";
    if cells.len() > MOST {
        return Err("row.columns");
    }
    let mut tail = Tail::default();
    let mut rest = cells;
    if let [first, more @ ..] = cells
        && is_id(first, cells.len())
    {
        tail.server_id = Some(first);
        tail.columns.push(ID);
        rest = more;
        // One build left a packed column there, as Python shows bytes.
        if let [packed, more @ ..] = rest
            && (more.len() == 3 || packed.starts_with("b'") || packed.starts_with("b\""))
        {
            tail.columns.push("CompressContent");
            rest = more;
        }
    }
    match rest {
        [] => {}
        [sender] => {
            tail.sender = Some(sender);
            tail.columns.push(SENDER);
        }
        [remark, nick, more @ ..] => {
            tail.names = Some((remark, nick));
            tail.columns.extend(NAMES);
            tail.sender = more.first().copied();
            tail.columns.extend(tail.sender.map(|_| SENDER));
            tail.odd = more.len() > 1;
        }
    }
    if tail.odd && (tail.server_id.is_some() || rest.len() > 4) {
        return Err("row.columns");
    }
    Ok(tail)
}

/// Whether the first field behind the client's columns is the server's id. Where there are as many fields as the header has, only its length tells it
/// from a remark.
fn is_id(first: &str, fields: usize) -> bool {
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    digits && (first.len() >= ID_DIGITS || fields == 1 || fields > 3)
}

impl<'a> Tail<'a> {
    /// The sender and the name that was shown.
    fn who(&self, own: Option<bool>, system: bool) -> (&'a str, &'a str) {
        let shown = self.names.map(|(remark, nick)| if remark.is_empty() { nick } else { remark });
        match self.sender {
            // The names are those of the chat.
            Some(sender) if self.server_id.is_some() || words::is_self(sender) => (sender, sender),
            Some(sender) => (sender, shown.unwrap_or_default()),
            None if system => ("", ""),
            None if own == Some(true) => (words::own(), words::own()),
            // A chat of two people has the name of the other one.
            None => (shown.unwrap_or_default(), shown.unwrap_or_default()),
        }
    }
}

pub(crate) fn session_csv(row: Cells<'_>, zone: &Zone) -> Read<Made> {
    let row = row.whole()?;
    let [server_id, type_name, sender, local, content, ..] = row.all() else {
        return Err("row.columns");
    };
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
        raw: row.raw(),
        notes,
    })
}
