//! The formats, and how each is known by its first row.

use serde::{Deserialize, Serialize};

use crate::archive;

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

    /// The columns of the header, or the fields without which an element is none of this format.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::ChatlogCsv => &["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"],
            Self::ChatlogJson => &["seq", "time", "talker", "sender", "type", "content"],
            Self::MemotraceCsv => &[
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
            ],
            // Number, type, sender, time, content, remark, nickname, more.
            Self::MemotraceSessionCsv => &[
                "\u{6d88}\u{606f}ID",
                "\u{7c7b}\u{578b}",
                "\u{53d1}\u{9001}\u{4eba}",
                "\u{65f6}\u{95f4}",
                "\u{5185}\u{5bb9}",
                "\u{5907}\u{6ce8}",
                "\u{6635}\u{79f0}",
                "\u{66f4}\u{591a}\u{4fe1}\u{606f}",
            ],
            Self::PywxdumpCsv => &[
                "id",
                "MsgSvrID",
                "type_name",
                "is_sender",
                "talker",
                "room_name",
                "msg",
                "src",
                "CreateTime",
            ],
            Self::PywxdumpJson => {
                &["MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "CreateTime"]
            }
            Self::ChatroomsCsv => &["Name", "Remark", "NickName", "Owner", "UserCount"],
            Self::ChatroomsJson => &["name", "owner", "users"],
            Self::ContactsCsv => &["UserName", "Alias", "Remark", "NickName"],
        }
    }

    /// The format of a CSV file with this header, which must agree to the letter.
    pub(crate) fn of_header(header: &[&str]) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.is_csv() && format.columns() == header)
    }

    /// The format of a JSON array with this first element.
    pub(crate) fn of_element(element: &serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        let has_all = |format: &Self| format.columns().iter().all(|name| element.contains_key(*name));
        Self::ALL.into_iter().filter(|format| !format.is_csv()).find(has_all)
    }

    /// What was expected, for people: one line for each format.
    pub fn expected() -> String {
        let line = |format: Self| format!("{}: {}", format.slug(), format.columns().join(","));
        let mut lines: Vec<String> = Self::ALL.into_iter().map(line).collect();
        lines.push(format!("{}: {}", archive::FORMAT, archive::FIELDS.join(",")));
        lines.join("\n")
    }
}
