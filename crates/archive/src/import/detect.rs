//! Which format it is, by what is in it.

use std::io::Read as _;

use adjourn_formats::{Refused, archive as wecom};
use serde_json::{Map, Value};

use super::source::{Source, read_full};
use super::{Format, ImportError, json};
use crate::model::Line;

mod folder;

/// Bytes of a file that are looked at.
const HEAD: usize = 256 * 1024;
/// How a zstd frame begins (RFC 8878, 3.1.1).
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// How packed files begin that are not read as they are.
const PACKED: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
];
/// Files that are the one to read, whatever lies beside them.
const MAIN: [&str; 2] = ["result.json", "import.jsonl"];
/// How files that may hold messages are called.
const DATA: [&str; 4] = [".json", ".jsonl", ".csv", ".jsonl.zst"];

/// What is in a list of chatlog's with a list of messages for each chat.
const GROUPED: [&str; 2] = ["*.talker", "*.messages"];
/// What Element calls its export, beside the files that were sent.
const ELEMENT: &str = "export.json";
/// Lists that Telegram writes before the chats.
const FULL: [&str; 8] = [
    "personal_information",
    "profile_pictures",
    "stories",
    "contacts",
    "frequent_contacts",
    "sessions",
    "other_data",
    "web_sessions",
];

pub(super) fn detect(source: &mut Source) -> Result<Format, ImportError> {
    let found = match of_files(source) {
        None => folder::several(source)?,
        found => found,
    };
    match found {
        Some(format) => Ok(format),
        None => of_file(source),
    }
}

/// By the names in a folder. Where one file of it is the export, that one is read.
fn of_files(source: &mut Source) -> Option<Format> {
    let names = source.names();
    let any = |fits: &dyn Fn(&str) -> bool| names.iter().any(|name| fits(name));
    let (parts, sealed) = super::bag::parts(&names);
    if !parts.is_empty() || sealed.is_some() {
        return Some(Format::ArchiveBag);
    }
    if source.has("realm.json") && any(&|name| zulip_part(name)) {
        return Some(Format::ZulipExport);
    }
    if source.has("manifest.json") && any(&|name| qq_chunk(name)) {
        return Some(Format::QqExporterChunks);
    }
    if source.has("users.json") && (source.has("channels.json") || any(&|name| day(name).is_some())) {
        return Some(Format::SlackExport);
    }
    let main = MAIN.iter().find(|name| source.has(name)).map(|name| (*name).to_owned());
    let sent =
        |name: &String| name == ELEMENT || name.contains('/') || !DATA.iter().any(|end| name.ends_with(end));
    let element = (source.has(ELEMENT) && names.iter().all(sent)).then(|| ELEMENT.to_owned());
    let mut data = names.iter().filter(|name| DATA.iter().any(|end| name.ends_with(end)));
    let only = data.next().filter(|_| data.next().is_none()).cloned();
    if let Some(main) = main.or(only).or(element) {
        source.choose(main);
    }
    None
}

/// Names in the folder of an archive.
pub(super) mod bag {
    pub(crate) const MESSAGES: &str = "messages.jsonl.zst";
    pub(crate) const MESSAGES_BELOW: &str = "data/messages.jsonl.zst";
    pub(crate) const MEMBERS: &str = "members.json";
}

/// Whether a file is a part of a Zulip export's messages.
pub(super) fn zulip_part(name: &str) -> bool {
    let number = name.strip_prefix("messages-").and_then(|rest| rest.strip_suffix(".json"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a file is a chunk of QQ Chat Exporter.
pub(super) fn qq_chunk(name: &str) -> bool {
    name.strip_prefix("chunks/").and_then(|rest| rest.strip_suffix(".jsonl")).is_some()
}

/// The folder and day of `<channel>/YYYY-MM-DD.json`.
pub(super) fn day(name: &str) -> Option<(&str, &str)> {
    let (folder, file) = name.rsplit_once('/')?;
    let day = file.strip_suffix(".json")?;
    let fits = day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    fits.then_some((folder, day))
}

fn of_file(source: &mut Source) -> Result<Format, ImportError> {
    let Some(head) = head(source)? else {
        let names = source.names();
        let shown: Vec<&str> = names.iter().map(String::as_str).take(8).collect();
        return Err(ImportError::Format { found: shown.join(", ") });
    };
    let packed = PACKED.iter().find(|(begin, _)| head.starts_with(begin)).map(|(_, form)| *form);
    if let Some(form) = packed {
        return Err(ImportError::Packed(form));
    }
    if head.starts_with(ZSTD) {
        let mut text = vec![0; HEAD];
        let mut decoder = zstd::Decoder::new(head.as_slice())?;
        // The head ends within a frame; what came out until then is looked at.
        let mut read = 0;
        while let Some(rest) = text.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match decoder.read(rest) {
                Ok(0) | Err(_) => break,
                Ok(more) => read += more,
            }
        }
        text.truncate(read);
        return match of_line(&text) {
            Some(Format::ArchiveJsonl) => Ok(Format::ArchiveJsonl),
            _ => Err(ImportError::Packed("zstd")),
        };
    }
    if let Some(found) = foreign_encoding(&head) {
        return Err(Refused::Encoding { found }.into());
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let found = match first {
        _ if wecom::begins(text) => Some(Format::WecomArchive),
        Some(b'{') => of_line(text).or_else(|| of_keys(&keys(text))),
        Some(b'[') => of_list(&keys(text)),
        _ => None,
    };
    match found {
        Some(format) => Ok(format),
        None => of_member(&head),
    }
}

/// By the keys of what is in a list.
fn of_list(keys: &[String]) -> Option<Format> {
    let has = |names: [&str; 2]| names.iter().all(|name| keys.iter().any(|key| key == name));
    if has(GROUPED) {
        return Some(Format::ChatlogJson);
    }
    has(["*.event_id", "*.origin_server_ts"]).then_some(Format::MatrixJson)
}

/// Whether the file is a list of chats that each have a list of messages, as builds of chatlog write it.
pub(super) fn is_grouped(source: &mut Source) -> Result<bool, ImportError> {
    let keys = keys(&head(source)?.unwrap_or_default());
    Ok(GROUPED.iter().all(|name| keys.iter().any(|key| key == name)))
}

/// Whether each line of the file is an event of Matrix.
pub(super) fn is_lines(source: &mut Source) -> Result<bool, ImportError> {
    let head = head(source)?.unwrap_or_default();
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    Ok(of_line(text) == Some(Format::MatrixJson))
}

/// The first bytes of the file that is read; `None` where none of several is.
fn head(source: &mut Source) -> Result<Option<Vec<u8>>, ImportError> {
    if !source.has("") {
        return Ok(None);
    }
    let mut head = vec![0; HEAD];
    let read = read_full(&mut source.read("")?, &mut head)?;
    head.truncate(read);
    Ok(Some(head))
}

/// The encoding of a text that is not UTF-8. Single bad bytes spoil their own rows; where most of what is beyond ASCII is bad, and good in the encoding of
/// older Chinese programs, it is that one.
fn foreign_encoding(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || head.iter().take(4).any(|byte| *byte == 0)
    {
        return Some("UTF-16");
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in head.utf8_chunks() {
        good += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    // The cut at the end of the head is one bad chunk, in whichever encoding.
    (bad > 1 && bad > good && gbk(head, head.len() < HEAD)).then_some("GBK")
}

/// Whether bytes are GB 18030, of which GBK is a part.
fn gbk(bytes: &[u8], whole: bool) -> bool {
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 2);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, whole);
    matches!(result, encoding_rs::DecoderResult::InputEmpty)
}

/// By the first line, where it is a whole object.
fn of_line(text: &[u8]) -> Option<Format> {
    let text = text.trim_ascii_start();
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let line = text.get(..end)?;
    let fields = json::object(line)?;
    let of = |name: &str| fields.get(name).and_then(Value::as_str);
    let chatlab = match of("_type") {
        Some("header") => "chatlab",
        Some("member") => "platformId",
        Some("message") => "timestamp",
        _ => "_type",
    };
    if chatlab != "_type" && fields.contains_key(chatlab) {
        return Some(Format::ChatlabJsonl);
    }
    if of("type") == Some("version") && fields.contains_key("version") {
        return Some(Format::MattermostJsonl);
    }
    let event = |fields: &Map<String, Value>| {
        fields.get("origin_server_ts").is_some_and(Value::is_number)
            && ["event_id", "sender", "type"]
                .iter()
                .all(|name| fields.get(*name).is_some_and(Value::is_string))
    };
    if event(&fields) || fields.get("source").and_then(Value::as_object).is_some_and(event) {
        return Some(Format::MatrixJson);
    }
    serde_json::from_slice::<Line>(line).is_ok().then_some(Format::ArchiveJsonl)
}

/// By the keys of one document.
fn of_keys(keys: &[String]) -> Option<Format> {
    let has = |name: &str| keys.iter().any(|key| key == name);
    if has("chatlab") {
        return Some(Format::ChatlabJson);
    }
    if has("guild") && has("channel") {
        return Some(Format::DiscordJson);
    }
    if has("chatInfo") && (has("metadata") || has("messages")) {
        return Some(Format::QqExporterJson);
    }
    if has("session.wxid") || (has("session.accountId") && has("messages")) {
        return Some(Format::WeflowJson);
    }
    if telegram(&has) {
        return Some(Format::TelegramJson);
    }
    if has("chunk.*.event_id") || (has("room_name") && has("messages")) {
        return Some(Format::MatrixJson);
    }
    None
}

/// All chats of an account begin with what it is and its lists, which may be longer than what is looked at; one chat has no name where it is one's own.
fn telegram(has: &dyn Fn(&str) -> bool) -> bool {
    let all = has("about") && FULL.iter().any(|list| has(list));
    let one = has("type") && has("id") && has("messages");
    let dated = has("messages.*.date") || has("messages.*.date_unixtime");
    all || has("chats.list") || has("left_chats.list") || (one && (has("name") || dated))
}

/// The keys of an object that are in its first bytes, down to the third level.
fn keys(head: &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    // The cut at the end of the head is no fault: what was seen until then counts.
    let _ = json::walk::<std::io::Error>(
        head,
        // A container may be larger than what is looked at, so each is opened to see its key.
        |path| path.len() <= 2,
        |path, event| {
            if let json::Event::Value(_) | json::Event::Open = event {
                keys.push(path.join("."));
            }
            Ok(())
        },
    );
    keys
}

/// A member's export, or nothing that we know.
fn of_member(head: &[u8]) -> Result<Format, ImportError> {
    use adjourn_formats::{Parser, Zone};
    let mut parser = Parser::new(Zone::default());
    let mut items = Vec::new();
    let fed = parser.feed(head, &mut items);
    let unknown = match parser.format() {
        Some(member) => {
            let known = Format::ALL.iter().find(|format| format.member() == Some(member));
            return known.copied().ok_or_else(|| ImportError::Format { found: member.slug().to_owned() });
        }
        None => fed.and_then(|()| parser.finish(&mut items)),
    };
    match unknown {
        Err(refused @ (Refused::Empty | Refused::Encoding { .. })) => Err(refused.into()),
        _ => Err(ImportError::Format { found: begins(head) }),
    }
}

/// How a file begins, for people: the keys of an object, else its first letters.
fn begins(head: &[u8]) -> String {
    let keys = keys(head);
    let top: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !key.contains('.')).take(8).collect();
    match top.as_slice() {
        ["", keys @ ..] if head.trim_ascii_start().starts_with(b"{") => format!("{{{}}}", keys.join(",")),
        _ => String::from_utf8_lossy(head.get(..120).unwrap_or(head)).into_owned(),
    }
}
