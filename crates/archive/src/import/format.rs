//! The formats, and how each is known.

use adjourn_formats::{Format as Member, archive as wecom};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// chatlog, CSV.
    ChatlogCsv,
    /// chatlog, JSON.
    ChatlogJson,
    /// `MemoTrace`, CSV of all chats.
    MemotraceCsv,
    /// `MemoTrace`, CSV of one chat.
    MemotraceSessionCsv,
    /// `PyWxDump`, CSV.
    PywxdumpCsv,
    /// `PyWxDump`, JSON.
    PywxdumpJson,
    /// `WeFlow` and `echotrace`, JSON.
    WeflowJson,
    /// QQ Chat Exporter, one JSON document.
    QqExporterJson,
    /// QQ Chat Exporter, a manifest and chunks of JSON lines.
    QqExporterChunks,
    /// `ChatLab`, one JSON document.
    ChatlabJson,
    /// `ChatLab`, JSON lines.
    ChatlabJsonl,
    /// Decrypted records of an organisation's message archive in `WeCom`.
    WecomArchive,
    /// `DiscordChatExporter`, JSON.
    DiscordJson,
    /// An export of a Slack workspace, a zip file or its folder.
    SlackExport,
    /// Telegram Desktop, `result.json` of one chat or of all of them.
    TelegramJson,
    /// Mattermost, JSON lines of a bulk export.
    MattermostJsonl,
    /// An export of a Zulip organisation, a zip file or its folder.
    ZulipExport,
    /// Events of a Matrix room: Element's export, or a saved page of history.
    MatrixJson,
    /// The archive's own form, plain or in zstd.
    ArchiveJsonl,
    /// The folder of an archive, as a bundle has it.
    ArchiveBag,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ChatlogCsv,
        Self::ChatlogJson,
        Self::MemotraceCsv,
        Self::MemotraceSessionCsv,
        Self::PywxdumpCsv,
        Self::PywxdumpJson,
        Self::WeflowJson,
        Self::QqExporterJson,
        Self::QqExporterChunks,
        Self::ChatlabJson,
        Self::ChatlabJsonl,
        Self::WecomArchive,
        Self::DiscordJson,
        Self::SlackExport,
        Self::TelegramJson,
        Self::MattermostJsonl,
        Self::ZulipExport,
        Self::MatrixJson,
        Self::ArchiveJsonl,
        Self::ArchiveBag,
    ];

    /// The slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChatlogCsv => "chatlog_csv",
            Self::ChatlogJson => "chatlog_json",
            Self::MemotraceCsv => "memotrace_csv",
            Self::MemotraceSessionCsv => "memotrace_session_csv",
            Self::PywxdumpCsv => "pywxdump_csv",
            Self::PywxdumpJson => "pywxdump_json",
            Self::WeflowJson => "weflow_json",
            Self::QqExporterJson => "qq_exporter_json",
            Self::QqExporterChunks => "qq_exporter_chunks",
            Self::ChatlabJson => "chatlab_json",
            Self::ChatlabJsonl => "chatlab_jsonl",
            Self::WecomArchive => wecom::FORMAT,
            Self::DiscordJson => "discord_json",
            Self::SlackExport => "slack_export",
            Self::TelegramJson => "telegram_json",
            Self::MattermostJsonl => "mattermost_jsonl",
            Self::ZulipExport => "zulip_export",
            Self::MatrixJson => "matrix_json",
            Self::ArchiveJsonl => "archive_jsonl",
            Self::ArchiveBag => "archive_bag",
        }
    }

    /// How it is known: columns, keys or files.
    pub fn looks(self) -> String {
        if let Some(member) = self.member() {
            return member.columns().join(",");
        }
        let looks = match self {
            Self::WeflowJson => "{weflow,session{wxid},messages}",
            Self::QqExporterJson => "{metadata,chatInfo,messages}",
            Self::QqExporterChunks => "manifest.json, chunks/*.jsonl",
            Self::ChatlabJson => "{chatlab,meta,members,messages}",
            Self::ChatlabJsonl => "{_type:header}, {_type:member}, {_type:message}",
            Self::WecomArchive => return wecom::FIELDS.join(","),
            Self::DiscordJson => "{guild,channel,messages}",
            Self::SlackExport => "users.json, channels.json, <channel>/YYYY-MM-DD.json",
            Self::TelegramJson => "{name,type,id,messages}, {chats{list}}",
            Self::MattermostJsonl => "{type:version}, {type:channel}, {type:post}",
            Self::ZulipExport => "realm.json, messages-000001.json",
            Self::MatrixJson => "{room_name,messages[event_id]}, {chunk[event_id]}",
            Self::ArchiveJsonl => "{archive}, {conversation}, {participant}, {id,kind,at,sender,raw}",
            Self::ArchiveBag => "data/messages.jsonl.zst, data/members.json",
            _ => "",
        };
        looks.to_owned()
    }

    /// The format in the words of whoever reads members' exports.
    pub(super) fn member(self) -> Option<Member> {
        Some(match self {
            Self::ChatlogCsv => Member::ChatlogCsv,
            Self::ChatlogJson => Member::ChatlogJson,
            Self::MemotraceCsv => Member::MemotraceCsv,
            Self::MemotraceSessionCsv => Member::MemotraceSessionCsv,
            Self::PywxdumpCsv => Member::PywxdumpCsv,
            Self::PywxdumpJson => Member::PywxdumpJson,
            _ => return None,
        })
    }
}
