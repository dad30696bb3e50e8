//! The formats, and how each is known by its first row.

use serde::{Deserialize, Serialize};

use crate::archive;

/// What chatlog writes over HTTP, by its command, and in builds that others make of it: with an id, and of all chats at once.
const CHATLOG: &[&[&str]] = &[
    &["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"],
    &["MessageID", "Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"],
    &["Time", "Talker", "TalkerName", "Sender", "SenderName", "IsSelf", "Type", "TypeDesc", "Content"],
    &["Time", "Talker", "TalkerName", "Sender", "SenderName", "IsSelf", "Type", "Content"],
    &["Talker", "TalkerName", "Time", "SenderName", "Sender", "Content"],
];
/// Columns of `MemoTrace` 1.
const MEMOTRACE_COLUMNS: &[&str] = &[
    "localId",
    "TalkerId",
    "Type",
    "SubType",
    "IsSender",
    "CreateTime",
    "Status",
    "StrContent",
    "StrTime",
    "Remark",
    "NickName",
    "Sender",
];
/// Its headers: earlier versions lack the last ones. Rows don't always have as many fields as the header: see `memotrace`.
const MEMOTRACE: &[&[&str]] =
    &[MEMOTRACE_COLUMNS, MEMOTRACE_COLUMNS.split_at(11).0, MEMOTRACE_COLUMNS.split_at(9).0];
/// Number, type, sender, time, content, remark, nickname, more.
const MEMOTRACE_SESSION: &[&[&str]] = &[&[
    "\u{6d88}\u{606f}ID",
    "\u{7c7b}\u{578b}",
    "\u{53d1}\u{9001}\u{4eba}",
    "\u{65f6}\u{95f4}",
    "\u{5185}\u{5bb9}",
    "\u{5907}\u{6ce8}",
    "\u{6635}\u{79f0}",
    "\u{66f4}\u{591a}\u{4fe1}\u{606f}",
]];
/// `PyWxDump` 3 with what was said beside where its file lies, `PyWxDump` 2 with both in one cell of JSON, and what `WeFlow` writes for `WeClone`, without
/// the chat.
const PYWXDUMP: &[&[&str]] = &[
    &["id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "src", "CreateTime"],
    &["id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "content", "CreateTime"],
    &["id", "MsgSvrID", "type_name", "is_sender", "talker", "msg", "src", "CreateTime"],
];
/// The same of its JSON.
const PYWXDUMP_JSON: &[&[&str]] = &[
    &["MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "CreateTime"],
    &["MsgSvrID", "type_name", "is_sender", "talker", "room_name", "content", "CreateTime"],
];

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// chatlog, messages as CSV.
    ChatlogCsv,
    /// chatlog, messages as a JSON array.
    ChatlogJson,
    /// `MemoTrace`, messages as CSV.
    MemotraceCsv,
    /// `MemoTrace`, messages of one chat as CSV.
    MemotraceSessionCsv,
    /// `PyWxDump`, messages as CSV.
    PywxdumpCsv,
    /// `PyWxDump`, messages as a JSON array.
    PywxdumpJson,
    /// chatlog, chatrooms as CSV.
    ChatroomsCsv,
    /// chatlog, chatrooms as JSON.
    ChatroomsJson,
    /// chatlog, contacts as CSV.
    ContactsCsv,
}

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Messages of chats.
    Messages,
    /// Groups.
    Chatrooms,
    /// People.
    Contacts,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ChatlogCsv,
        Self::ChatlogJson,
        Self::MemotraceCsv,
        Self::MemotraceSessionCsv,
        Self::PywxdumpCsv,
        Self::PywxdumpJson,
        Self::ChatroomsCsv,
        Self::ChatroomsJson,
        Self::ContactsCsv,
    ];

    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChatlogCsv => "chatlog_csv",
            Self::ChatlogJson => "chatlog_json",
            Self::MemotraceCsv => "memotrace_csv",
            Self::MemotraceSessionCsv => "memotrace_session_csv",
            Self::PywxdumpCsv => "pywxdump_csv",
            Self::PywxdumpJson => "pywxdump_json",
            Self::ChatroomsCsv => "chatrooms_csv",
            Self::ChatroomsJson => "chatrooms_json",
            Self::ContactsCsv => "contacts_csv",
        }
    }

    /// What it is about.
    pub fn class(self) -> Class {
        match self {
            Self::ChatroomsCsv | Self::ChatroomsJson => Class::Chatrooms,
            Self::ContactsCsv => Class::Contacts,
            _ => Class::Messages,
        }
    }

    /// Whether it is CSV.
    pub fn is_csv(self) -> bool {
        !matches!(self, Self::ChatlogJson | Self::PywxdumpJson | Self::ChatroomsJson)
    }

    /// The columns of the header, or the fields without which an element is none of this format. Where a tool writes several,
    /// the usual ones.
    pub fn columns(self) -> &'static [&'static str] {
        self.headers().first().copied().unwrap_or_default()
    }

    /// Every header that a tool writes for this format, the usual one first; of JSON the fields that an element has to have.
    pub(crate) fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::ChatlogCsv => CHATLOG,
            Self::ChatlogJson => &[&["seq", "time", "talker", "sender", "type", "content"]],
            Self::MemotraceCsv => MEMOTRACE,
            Self::MemotraceSessionCsv => MEMOTRACE_SESSION,
            Self::PywxdumpCsv => PYWXDUMP,
            Self::PywxdumpJson => PYWXDUMP_JSON,
            Self::ChatroomsCsv => &[&["Name", "Remark", "NickName", "Owner", "UserCount"]],
            Self::ChatroomsJson => &[&["name", "owner", "users"]],
            Self::ContactsCsv => &[&["UserName", "Alias", "Remark", "NickName"]],
        }
    }

    /// The format of a CSV file with this header, which must agree to the letter, and which of its headers that is.
    pub(crate) fn of_header(header: &[&str]) -> Option<(Self, u8)> {
        let csv = Self::ALL.into_iter().filter(|format| format.is_csv());
        let mut known =
            csv.flat_map(|format| (0..).zip(format.headers()).map(move |(at, of)| (format, at, *of)));
        known.find(|(.., of)| *of == header).map(|(format, at, _)| (format, at))
    }

    /// The columns of one of its headers.
    pub(crate) fn header(self, at: u8) -> &'static [&'static str] {
        self.headers().get(usize::from(at)).copied().unwrap_or_default()
    }

    /// The format of a JSON array with this first element.
    pub(crate) fn of_element(element: &serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        let has_all = |fields: &[&str]| fields.iter().all(|name| element.contains_key(*name));
        let fits = |format: &Self| format.headers().iter().any(|fields| has_all(fields));
        Self::ALL.into_iter().filter(|format| !format.is_csv()).find(fits)
    }

    /// What was expected, for people: one line for each format.
    pub fn expected() -> String {
        let line = |format: Self| format!("{}: {}", format.slug(), format.columns().join(","));
        let mut lines: Vec<String> = Self::ALL.into_iter().map(line).collect();
        lines.push(format!("{}: {}", archive::FORMAT, archive::FIELDS.join(",")));
        lines.join("\n")
    }
}
