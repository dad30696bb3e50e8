//! A member's export tool: writes what that member's client holds, in the tools' own formats. A client that was in a group
//! keeps its history after the end, the row about the end included.

use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_formats::{Format, Zone};
use adjourn_world::{Group, Refusal, World};
use serde::Deserialize;
use serde_json::json;
use std::sync::LazyLock;

use super::refuse;

#[derive(Debug, Default, Deserialize)]
struct Words {
    created: String,
    recalled: String,
    system: String,
    me: String,
    unknown: String,
    notice: String,
    types: Vec<(i64, i64, String)>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/tools.json")).unwrap_or_default());

/// A row of the client's database.
struct Row {
    at: Time,
    /// Position among the rows of its second.
    nth: u64,
    sender: String,
    code: (i64, i64),
    text: String,
}

/// What the tool of `account` writes.
///
/// # Errors
/// `not_in` when the client never held the group.
pub(super) fn export(world: &World, account: &str, group: &str, format: Format) -> Result<Vec<u8>, Refusal> {
    if matches!(format, Format::ChatroomsJson | Format::ChatroomsCsv) {
        return Ok(chatrooms(world, account, format).into_bytes());
    }
    let of = world.group(group)?;
    if !of.members.contains_key(account) {
        return refuse("not_in");
    }
    let rows = rows(world, account, group, of);
    let chat = Chat { world, me: account, id: group, name: of.name.as_deref().unwrap_or_default() };
    Ok(match format {
        Format::ChatlogCsv => chat.chatlog_csv(&rows),
        Format::ChatlogJson => chat.chatlog_json(&rows),
        Format::MemotraceCsv => format!("\u{feff}{}", chat.memotrace(&rows)),
        Format::PywxdumpCsv => chat.pywxdump_csv(&rows),
        Format::PywxdumpJson => chat.pywxdump_json(&rows),
        _ => return refuse("bad_request"),
    }
    .into_bytes())
}

fn rows(world: &World, account: &str, id: &str, group: &Group) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |at: Time, sender: &str, code: (i64, i64), text: String| {
        let same = |row: &&Row| row.at.as_millis() / 1000 == at.as_millis() / 1000;
        let nth = rows.iter().rev().take_while(same).count() as u64;
        rows.push(Row { at, nth, sender: sender.to_owned(), code, text });
    };
    for message in &group.messages {
        let text = message.text.clone().unwrap_or_default();
        match message.kind {
            RecordKind::System => add(message.at, "", (10_000, 0), WORDS.created.clone()),
            RecordKind::Redaction => {
                let name = world.name_of(&message.sender);
                add(message.at, "", (10_000, 0), WORDS.recalled.replace("{name}", name));
            }
            RecordKind::Message => {
                let file = message.file.as_ref().map(|file| file.name.clone());
                let code = if file.is_some() { (49, 6) } else { (1, 0) };
                add(message.at, &message.sender, code, file.unwrap_or(text));
            }
            // The client has neither edits nor reactions.
            _ => {}
        }
    }
    let told = world.notices(account).iter().filter(|notice| notice.group.as_str() == id);
    for notice in told {
        add(notice.at, "", (10_000, 0), notice.text.clone());
    }
    rows
}

/// A chat in one client.
struct Chat<'a> {
    world: &'a World,
    me: &'a str,
    id: &'a str,
    name: &'a str,
}

impl Chat<'_> {
    fn own(&self, row: &Row) -> bool {
        row.sender == self.me
    }

    fn local(row: &Row) -> String {
        Zone::default().write(row.at)
    }

    fn chatlog_csv(&self, rows: &[Row]) -> String {
        let mut out = head(Format::ChatlogCsv);
        for row in rows {
            let system = row.sender.is_empty();
            let sender = if system { &WORDS.system } else { &row.sender };
            let name = self.world.name_of(&row.sender);
            line(&mut out, "\n", &[&Self::local(row), name, sender, self.name, self.id, &row.text]);
        }
        out
    }

    fn chatlog_json(&self, rows: &[Row]) -> String {
        let element = |row: &Row| {
            let system = row.sender.is_empty();
            json!({
                "seq": row.at.as_millis() / 1000 * 1000 + i64::try_from(row.nth).unwrap_or(0),
                "time": format!("{}+08:00", Self::local(row).replace(' ', "T")),
                "talker": self.id,
                "talkerName": self.name,
                "isChatRoom": true,
                "sender": if system { &WORDS.system } else { &row.sender },
                "senderName": self.world.name_of(&row.sender),
                "isSelf": self.own(row),
                "type": row.code.0,
                "subType": row.code.1,
                "content": row.text,
            })
        };
        serde_json::to_string(&rows.iter().map(element).collect::<Vec<_>>()).unwrap_or_default()
    }

    fn memotrace(&self, rows: &[Row]) -> String {
        let mut out = head(Format::MemotraceCsv);
        for (row, n) in rows.iter().zip(1_u64..) {
            let seconds = (row.at.as_millis() / 1000).to_string();
            let (code, sub) = (row.code.0.to_string(), row.code.1.to_string());
            let own = u8::from(self.own(row)).to_string();
            let (local, name) = (Self::local(row), self.world.name_of(&row.sender));
            let n = n.to_string();
            let fields = [&n, "1", &code, &sub, &own, &seconds, "", &row.text, &local, "", name, &row.sender];
            line(&mut out, "\r\n", &fields);
        }
        out
    }

    /// The tool's word for a type, its word for the sender, and the server's number.
    fn pywxdump(&self, row: &Row) -> (String, String, String) {
        let word = WORDS.types.iter().find(|(code, sub, _)| (*code, *sub) == row.code);
        let word = word.map_or_else(|| WORDS.notice.clone(), |(_, _, word)| word.clone());
        if row.sender.is_empty() {
            return (word, WORDS.unknown.clone(), "0".to_owned());
        }
        let sender = if self.own(row) { &WORDS.me } else { &row.sender };
        // Numbers of the server have 19 digits.
        let number = 9_007_199_254_740_993_000_i64
            + row.at.as_millis() % 1_000_000_000
            + i64::try_from(row.nth).unwrap_or(0);
        (word, sender.clone(), number.to_string())
    }

    fn pywxdump_csv(&self, rows: &[Row]) -> String {
        let mut out = head(Format::PywxdumpCsv);
        for (row, n) in rows.iter().zip(1_u64..) {
            let (word, sender, number) = self.pywxdump(row);
            let own = u8::from(self.own(row)).to_string();
            let local = Self::local(row);
            line(
                &mut out,
                "\r\n",
                &[&n.to_string(), &number, &word, &own, &sender, self.id, &row.text, "", &local],
            );
        }
        out
    }

    fn pywxdump_json(&self, rows: &[Row]) -> String {
        let element = |(row, n): (&Row, u64)| {
            let (word, sender, number) = self.pywxdump(row);
            json!({
                "id": n, "MsgSvrID": number, "type_name": word, "is_sender": u8::from(self.own(row)),
                "talker": sender, "room_name": self.id, "msg": row.text, "src": "", "extra": {},
                "CreateTime": Self::local(row),
            })
        };
        serde_json::to_string(&rows.iter().zip(1_u64..).map(element).collect::<Vec<_>>()).unwrap_or_default()
    }
}

/// The groups of one client. A bot whose link was taken off is no member any more.
fn chatrooms(world: &World, account: &str, format: Format) -> String {
    let groups = || world.groups.iter().filter(|(_, group)| group.members.contains_key(account));
    let stays = |group: &Group, member: &str| {
        let name = world.name_of(member);
        !world.is_bot(member) || group.links.iter().any(|link| link.name == name)
    };
    if format == Format::ChatroomsCsv {
        let mut out = head(format);
        for (id, group) in groups() {
            let count = group.members.keys().filter(|member| stays(group, member)).count().to_string();
            let name = group.name.as_deref().unwrap_or_default();
            line(&mut out, "\n", &[id, "", name, group.owner().map_or("", String::as_str), &count]);
        }
        return out;
    }
    let item = |(id, group): (&String, &Group)| {
        let users = group.members.keys().filter(|member| stays(group, member));
        let users: Vec<_> =
            users.map(|user| json!({ "userName": user, "displayName": world.name_of(user) })).collect();
        json!({ "name": id, "owner": group.owner(), "users": users, "remark": "", "nickName": group.name })
    };
    json!({ "items": groups().map(item).collect::<Vec<_>>() }).to_string()
}

fn head(format: Format) -> String {
    let end = if matches!(format, Format::ChatlogCsv | Format::ChatroomsCsv) { "\n" } else { "\r\n" };
    let mut out = String::new();
    line(&mut out, end, format.columns());
    out
}

/// A line of CSV, quoted where it has to be.
fn line(out: &mut String, end: &str, fields: &[&str]) {
    let quoted = |field: &&str| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            (*field).to_owned()
        }
    };
    let fields: Vec<String> = fields.iter().map(quoted).collect();
    out.push_str(&fields.join(","));
    out.push_str(end);
}
