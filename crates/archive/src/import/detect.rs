//! Which format it is, by what is in it.

use serde_json::Value;

use super::source::{Source, read_full};
use super::{ImportError, json};

/// Bytes of a file that are looked at.
const HEAD: usize = 256 * 1024;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// chatlog, CSV.
    ChatlogCsv,
    /// chatlog, JSON.
    ChatlogJson,
    /// `MemoTrace`, CSV of all chats.
    MemotraceCsv,
    /// `PyWxDump`, CSV.
    PywxdumpCsv,
    /// `PyWxDump`, JSON.
    PywxdumpJson,
    /// `ChatLab`, one JSON document.
    ChatlabJson,
    /// `ChatLab`, JSON lines.
    ChatlabJsonl,
    /// `DiscordChatExporter`, JSON.
    DiscordJson,
    /// An export of a Slack workspace, a zip file or its folder.
    SlackExport,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ChatlogCsv,
        Self::ChatlogJson,
        Self::MemotraceCsv,
        Self::PywxdumpCsv,
        Self::PywxdumpJson,
        Self::ChatlabJson,
        Self::ChatlabJsonl,
        Self::DiscordJson,
        Self::SlackExport,
    ];

    /// The slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChatlogCsv => "chatlog_csv",
            Self::ChatlogJson => "chatlog_json",
            Self::MemotraceCsv => "memotrace_csv",
            Self::PywxdumpCsv => "pywxdump_csv",
            Self::PywxdumpJson => "pywxdump_json",
            Self::ChatlabJson => "chatlab_json",
            Self::ChatlabJsonl => "chatlab_jsonl",
            Self::DiscordJson => "discord_json",
            Self::SlackExport => "slack_export",
        }
    }

    /// How it is known: columns, keys or files.
    pub fn looks(self) -> String {
        use adjourn_formats::Format as Member;
        match self {
            Self::ChatlogCsv => Member::ChatlogCsv.columns().join(","),
            Self::ChatlogJson => Member::ChatlogJson.columns().join(","),
            Self::MemotraceCsv => Member::MemotraceCsv.columns().join(","),
            Self::PywxdumpCsv => Member::PywxdumpCsv.columns().join(","),
            Self::PywxdumpJson => Member::PywxdumpJson.columns().join(","),
            Self::ChatlabJson => "{chatlab,meta,members,messages}".to_owned(),
            Self::ChatlabJsonl => "{_type:header}, {_type:member}, {_type:message}".to_owned(),
            Self::DiscordJson => "{guild,channel,messages}".to_owned(),
            Self::SlackExport => "users.json, channels.json, <channel>/YYYY-MM-DD.json".to_owned(),
        }
    }
}

pub(super) fn detect(source: &mut Source) -> Result<Format, ImportError> {
    if matches!(source, Source::File(_)) { of_file(source) } else { of_folder(source) }
}

fn of_folder(source: &Source) -> Result<Format, ImportError> {
    let names = source.names();
    let has_day = names.iter().any(|name| day(name).is_some());
    if source.has("users.json") && (has_day || source.has("channels.json")) {
        return Ok(Format::SlackExport);
    }
    let shown: Vec<&str> = names.iter().map(String::as_str).take(8).collect();
    Err(ImportError::Format { found: shown.join(", ") })
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
    let mut head = vec![0; HEAD];
    let read = read_full(&mut source.read("")?, &mut head)?;
    head.truncate(read);
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let found = match first {
        Some(b'{') => of_lines(text).or_else(|| of_keys(&keys(text))),
        _ => None,
    };
    match found {
        Some(format) => Ok(format),
        None => of_member(&head),
    }
}

/// By the first line, where it is a whole object.
fn of_lines(text: &[u8]) -> Option<Format> {
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let line = json::object(text.get(..end)?)?;
    match line.get("_type").and_then(Value::as_str) {
        Some("header" | "member" | "message") => Some(Format::ChatlabJsonl),
        _ => None,
    }
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
    None
}

/// The keys of an object that are in its first bytes, in their order.
fn keys(head: &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    // The cut at the end of the head is no fault: what was seen until then counts.
    let _ = json::walk::<std::io::Error>(
        head,
        // A container may be larger than what is looked at, so each is opened to see its key.
        |path| path.len() <= 1,
        |path, event| {
            if let ([key], json::Event::Value(_) | json::Event::Open) = (path, event) {
                keys.push((*key).to_owned());
            }
            Ok(())
        },
    );
    keys
}

/// A member's export, or nothing that we know.
fn of_member(head: &[u8]) -> Result<Format, ImportError> {
    use adjourn_formats::{Format as Member, Parser, Zone};
    let mut parser = Parser::new(Zone::default());
    let mut items = Vec::new();
    let fed = parser.feed(head, &mut items);
    let format = match parser.format() {
        Some(Member::ChatlogCsv) => Format::ChatlogCsv,
        Some(Member::ChatlogJson) => Format::ChatlogJson,
        Some(Member::MemotraceCsv) => Format::MemotraceCsv,
        Some(Member::PywxdumpCsv) => Format::PywxdumpCsv,
        Some(Member::PywxdumpJson) => Format::PywxdumpJson,
        Some(other) => return Err(ImportError::Format { found: other.slug().to_owned() }),
        None => {
            fed?;
            parser.finish(&mut items)?;
            let found = head.iter().take(120).map(|byte| char::from(*byte)).collect();
            return Err(ImportError::Format { found });
        }
    };
    Ok(format)
}
