//! Decrypted records of an organisation's message archive in WeCom (JSON lines, or one JSON array), read in portions.
//!
//! ```text
//! {seq, msgid, action, from, tolist, roomid, msgtime, msgtype, <msgtype>{…}}     a record
//! {seq, through}                                                                records of other chats, left out
//! ```
//!
//! One file holds the records of all chats, numbered by `seq` over all of them. A record of an unknown type is kept raw; a
//! recall is a redaction that names what it took back. What is missing among the numbers is a gap: the platform keeps
//! records for about five days, and what was not pulled by then is lost for good.
//!
//! An archive that somebody hands in is read by [`survey`], which notes what is wrong with a row and goes on; a connector
//! reads what was kept of it by [`read`], where nothing may be wrong any more.
//!
//! Pure. Memory is bounded by [`MAX_ROW`], whatever the file.

mod pull;

use adjourn_domain::message::{Attachment, Record, RecordKind};
use adjourn_domain::time::Time;
use serde_json::{Map, Value};

pub use pull::{Pulled, begins, survey};

use crate::parser::MAX_ROW;

/// The format of what is kept of an archive, a slug: one record a line.
pub const FORMAT: &str = "wecom_archive_jsonl";
/// The platform.
pub const PLATFORM: &str = "wecom";

/// The fields without which an object is no record.
pub const FIELDS: [&str; 5] = ["seq", "msgid", "action", "from", "msgtime"];

/// One record of the archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number, over all chats; of records that were left out, that of the first one.
    pub first: u64,
    /// The number of the last one; that of a record is its own.
    pub seq: u64,
    /// The group; `None` for a chat of two, and for what belongs to no chat.
    pub room: Option<String>,
    /// It, in our model; `None` for what was left out.
    pub record: Option<Record>,
}

/// Why a file can't be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Not a record of an archive.
    Shape,
    /// A record that is longer than any is.
    TooLong,
    /// The file ends within a record.
    CutOff,
    /// A number that does not follow on the one before.
    Order,
}

impl Broken {
    /// In words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Shape => "the upload is no archive of messages",
            Self::TooLong => "the upload has a record of more than a megabyte",
            Self::CutOff => "the upload ends within a record",
            Self::Order => "the upload's records are not in the order of seq",
        }
    }
}

/// What came of a portion.
#[derive(Debug, Clone, PartialEq)]
pub struct Portion {
    /// Whole records, in order.
    pub rows: Vec<Row>,
    /// Bytes that they took, with what stands between them.
    pub used: usize,
    /// Whether the portion ends within a record.
    pub cut: bool,
}

/// Reads as many whole records as there are at the start of `bytes`. `last` is the number before them.
pub fn read(bytes: &[u8], mut last: Option<u64>) -> Result<Portion, Broken> {
    let mut rows = Vec::new();
    let mut used = between(bytes);
    while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
        if rest.first() != Some(&b'{') {
            return Err(Broken::Shape);
        }
        let length = match object(rest) {
            Object::Whole(length) => length,
            Object::Broken(_) => return Err(Broken::Shape),
            Object::Cut if rest.len() > MAX_ROW => return Err(Broken::TooLong),
            Object::Cut => return Ok(Portion { rows, used, cut: true }),
        };
        let row = rest.get(..length).ok_or(Broken::Shape).and_then(row)?;
        if last.is_some_and(|last| row.first <= last) {
            return Err(Broken::Order);
        }
        last = Some(row.seq);
        rows.push(row);
        used += length;
        used += between(bytes.get(used..).unwrap_or_default());
    }
    Ok(Portion { rows, used, cut: false })
}

/// Numbers that are missing between `last` and the rows: first and last of each gap.
pub fn gaps(mut last: Option<u64>, rows: &[Row]) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    for row in rows {
        gaps.extend(gap(last, row));
        last = Some(row.seq);
    }
    gaps
}

/// Numbers that are missing between `last` and a row.
fn gap(last: Option<u64>, row: &Row) -> Option<(u64, u64)> {
    let next = last?.checked_add(1)?;
    (row.first > next).then(|| (next, row.first - 1))
}

/// What stands in the place of records of other chats: their numbers and nothing else.
pub fn left_out(first: u64, last: u64) -> String {
    if first == last {
        format!("{{\"seq\":{first}}}\n")
    } else {
        format!("{{\"seq\":{first},\"through\":{last}}}\n")
    }
}

/// Length of what may stand between records: white space, commas, the brackets of an array, a byte order mark.
fn between(bytes: &[u8]) -> usize {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let rest = bytes.get(mark..).unwrap_or_default();
    let filler = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']');
    mark + rest.iter().take_while(|byte| filler(byte)).count()
}

/// Where the JSON object at the start ends.
enum Object {
    /// After so many bytes.
    Whole(usize),
    /// Not within these bytes.
    Cut,
    /// Nowhere: a line ends within a text after so many bytes, which JSON does not know.
    Broken(usize),
}

fn object(bytes: &[u8]) -> Object {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match (text, *byte) {
            (true, b'\n') => return Object::Broken(at),
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => text = !text,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Object::Whole(at + 1);
                }
            }
            _ => {}
        }
    }
    Object::Cut
}

fn row(bytes: &[u8]) -> Result<Row, Broken> {
    let raw: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| Broken::Shape)?;
    let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
    let seq = raw.get("seq").and_then(whole).ok_or(Broken::Shape)?;
    if !raw.keys().any(|key| !matches!(key.as_str(), "seq" | "through")) {
        let last = raw.get("through").map_or(Some(seq), whole).filter(|last| *last >= seq);
        return Ok(Row { first: seq, seq: last.ok_or(Broken::Shape)?, room: None, record: None });
    }
    let action = text("action").ok_or(Broken::Shape)?;
    // A change of the organisation's archive is told by its own names.
    let at = raw.get("msgtime").or_else(|| raw.get("time")).and_then(whole).ok_or(Broken::Shape)?;
    let sender = text("from").or_else(|| text("user")).ok_or(Broken::Shape)?;
    let msgtype = text("msgtype").unwrap_or_default();
    let body = raw.get(&msgtype).or_else(|| raw.get("info")).and_then(Value::as_object);
    let field = |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str).map(str::to_owned);
    let record = Record {
        text: field("content").filter(|_| matches!(msgtype.as_str(), "text" | "markdown")),
        target: field("pre_msgid").filter(|_| action == "recall").map(Into::into),
        attachments: body.and_then(|body| attachment(&msgtype, body)).into_iter().collect(),
        ..Record::new(
            text("msgid").ok_or(Broken::Shape)?.into(),
            kind(&action, &msgtype),
            Time::from_millis(i64::try_from(at).map_err(|_| Broken::Shape)?),
            sender.into(),
        )
    };
    let room = text("roomid").filter(|room| !room.is_empty());
    Ok(Row { first: seq, seq, room, record: Some(Record { raw: Value::Object(raw), ..record }) })
}

/// A whole number, written as one or as text: numbers of the archive have up to 64 bits.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn kind(action: &str, msgtype: &str) -> RecordKind {
    match (action, msgtype) {
        ("recall", _) => RecordKind::Redaction,
        ("switch", _) | (_, "agree" | "disagree") => RecordKind::System,
        (
            "send",
            "text" | "image" | "voice" | "video" | "card" | "location" | "emotion" | "file" | "link"
            | "weapp" | "chatrecord" | "todo" | "vote" | "collect" | "redpacket" | "external_redpacket"
            | "meeting" | "docmsg" | "markdown" | "news" | "calendar" | "mixed" | "meeting_voice_call"
            | "voip_doc_share" | "sphfeed",
        ) => RecordKind::Message,
        _ => RecordKind::Other,
    }
}

/// The file of a record. Its hash is its id where there is one: that is how a person names the file that is handed in.
fn attachment(msgtype: &str, body: &Map<String, Value>) -> Option<Attachment> {
    if !matches!(msgtype, "image" | "voice" | "video" | "file" | "emotion") {
        return None;
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = text("md5sum").or_else(|| text("sdkfileid"))?;
    let size = ["filesize", "voice_size", "imagesize"];
    Some(Attachment {
        id: id.into(),
        name: text("filename").unwrap_or(id).to_owned(),
        bytes: size.iter().find_map(|name| body.get(*name).and_then(whole)),
        media_type: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../fixtures/wecom_archive.jsonl");

    #[test]
    fn records_are_read_in_order_with_recalls_files_and_what_nobody_knows() {
        use RecordKind::{Message, Other, Redaction, System};
        let portion = read(FILE.as_bytes(), None).unwrap();
        assert_eq!((portion.used, portion.cut), (FILE.len(), false));
        let records: Vec<&Record> = portion.rows.iter().filter_map(|row| row.record.as_ref()).collect();
        let kinds: Vec<RecordKind> = records.iter().map(|record| record.kind).collect();
        assert_eq!(kinds, [Message, Message, Redaction, Message, System, Other, System]);
        let [text, taken_back, recall, file, _, unknown, _] = records.as_slice() else { panic!("too few") };
        assert!(text.text.as_deref().is_some_and(|text| !text.is_ascii()));
        assert_eq!(recall.target.as_ref(), Some(&taken_back.id));
        let [attachment] = file.attachments.as_slice() else { panic!("no file") };
        assert_eq!((attachment.bytes, attachment.id.as_str().len()), (Some(18181), 32));
        assert_eq!(unknown.raw["hologram"]["depth"], 3);
        assert_eq!(portion.rows[6].room, None, "a change of the archive belongs to no group");
        assert_eq!(portion.rows[6].seq, 9_007_199_254_740_993, "a number beyond 53 bits stays whole");
    }

    #[test]
    fn an_array_is_read_like_lines_and_a_byte_order_mark_is_passed() {
        let lines: Vec<&str> = FILE.lines().collect();
        let array = format!("\u{feff}[\n{}\n]", lines.join(",\n"));
        let rows = |text: &str| read(text.as_bytes(), None).unwrap().rows;
        assert_eq!(rows(&array), rows(FILE));
    }

    #[test]
    fn a_file_can_be_read_from_every_record_on() {
        let whole = read(FILE.as_bytes(), None).unwrap().rows;
        for size in [400, 700, 1000] {
            let (mut at, mut rows, mut window) = (0, Vec::new(), size);
            while at < FILE.len() {
                let end = (at + window).min(FILE.len());
                let last = rows.last().map(|row: &Row| row.seq);
                let portion = read(&FILE.as_bytes()[at..end], last).unwrap();
                window = if portion.used == 0 { window * 2 } else { size };
                at += portion.used;
                rows.extend(portion.rows);
            }
            assert_eq!(rows, whole, "{size}");
        }
    }

    #[test]
    fn gaps_are_found_and_a_wrong_order_is_no_gap() {
        let rows = read(FILE.as_bytes(), None).unwrap().rows;
        assert_eq!(gaps(None, &rows), [(104, 106), (108, 108), (110, 9_007_199_254_740_992)]);
        assert_eq!(gaps(Some(98), &rows).first(), Some(&(99, 99)));
        let lines: Vec<&str> = FILE.lines().collect();
        let swapped = [lines[1], lines[0]].join("\n");
        assert_eq!(read(swapped.as_bytes(), None), Err(Broken::Order));
        let twice = [lines[0], lines[0]].join("\n");
        assert_eq!(read(twice.as_bytes(), None), Err(Broken::Order));
    }

    #[test]
    fn what_was_left_out_counts_and_is_no_gap() {
        let line = FILE.lines().next().unwrap();
        let kept =
            [left_out(90, 99), format!("{line}\n"), left_out(101, 101), left_out(105, u64::MAX)].concat();
        let rows = read(kept.as_bytes(), Some(80)).unwrap().rows;
        let numbers: Vec<(u64, u64)> = rows.iter().map(|row| (row.first, row.seq)).collect();
        assert_eq!(numbers, [(90, 99), (100, 100), (101, 101), (105, u64::MAX)]);
        assert_eq!(rows.iter().filter(|row| row.record.is_some()).count(), 1);
        assert_eq!(gaps(Some(80), &rows), [(81, 89), (102, 104)]);
        assert_eq!(gaps(Some(u64::MAX), &rows), [(102, 104)]);
        for wrong in [r#"{"seq":5,"through":4}"#, r#"{"through":4}"#, r#"{"seq":5,"through":4,"x":1}"#] {
            assert_eq!(read(wrong.as_bytes(), None), Err(Broken::Shape), "{wrong}");
        }
        assert_eq!(read(b"{\"seq\":1,\"through\":5}{\"seq\":5}", None), Err(Broken::Order));
    }

    #[test]
    fn what_is_no_archive_is_refused_and_memory_is_bounded() {
        for text in
            ["hello", "{}", "[1]", r#"{"seq":"x","msgid":"m","action":"send","from":"a","msgtime":1}"#]
        {
            assert_eq!(read(text.as_bytes(), None), Err(Broken::Shape), "{text}");
        }
        let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert_eq!(read(deep.as_bytes(), None), Err(Broken::Shape));
        let endless = format!("{{\"a\":\"{}", "x".repeat(MAX_ROW));
        assert_eq!(read(endless.as_bytes(), None), Err(Broken::TooLong));
        let cut = read(&FILE.as_bytes()[..100], None).unwrap();
        assert_eq!((cut.rows.len(), cut.used, cut.cut), (0, 0, true));
    }
}
