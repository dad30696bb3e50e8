//! A folder of chats, a file each.

use std::collections::BTreeSet;

use super::super::source::{Parts, Source};
use super::super::wechat::USERS;
use super::super::{Format, ImportError};
use super::of_file;

/// Formats with one chat a file, or with pages of one: a folder of such files is one export.
const EACH: [Format; 11] = [
    Format::DiscordJson,
    Format::TelegramJson,
    Format::WeflowJson,
    Format::QqExporterJson,
    Format::ChatlabJson,
    Format::ChatlogJson,
    Format::PywxdumpJson,
    Format::ChatlogCsv,
    Format::MemotraceCsv,
    Format::MemotraceSessionCsv,
    Format::PywxdumpCsv,
];
/// How the files of a folder of chats are called.
const JSON: &str = ".json";
/// How they are called where none is JSON.
const CSV: &str = ".csv";

/// A folder of files that are a chat each, all by one tool. Files that are no chat, as those that were sent in one, are passed over, and told.
pub(super) fn several(source: &mut Source) -> Result<Option<Format>, ImportError> {
    if source.has("") {
        return Ok(None);
    }
    // Tables beside JSON are files that were sent.
    match several_called(source, JSON)? {
        Several::None => {}
        Several::Of(format) => return Ok(Some(format)),
        Several::Mixed => return Ok(None),
    }
    match several_called(source, CSV)? {
        Several::Of(format) => Ok(Some(format)),
        Several::None | Several::Mixed => Ok(None),
    }
}

/// What the files of one ending in a folder are.
enum Several {
    /// No chats.
    None,
    /// Chats by one tool.
    Of(Format),
    /// Another export lies beside one: which one is meant is not told.
    Mixed,
}

fn several_called(source: &mut Source, end: &str) -> Result<Several, ImportError> {
    let (mut found, mut files, mut unknown) = (None, Vec::new(), Vec::new());
    for name in source.names().into_iter().filter(|name| name.ends_with(end)) {
        source.choose(name.clone());
        match of_file(source) {
            Ok(format) if EACH.contains(&format) && found.is_none_or(|found| found == format) => {
                found = Some(format);
                files.push(name);
            }
            Ok(_) => {
                source.choose(String::new());
                return Ok(Several::Mixed);
            }
            Err(error @ (ImportError::Io { .. } | ImportError::Stream(_))) => return Err(error),
            Err(_) => unknown.push(name),
        }
    }
    source.choose(String::new());
    let Some(format) = found else { return Ok(Several::None) };
    let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let folders: BTreeSet<Option<String>> = files.iter().map(|name| folder(name)).collect();
    // `MemoTrace` has a folder for each chat, in which its table lies beside folders of what was sent.
    let a_folder_each = matches!(format, Format::MemotraceCsv | Format::MemotraceSessionCsv);
    let depth = |name: &str| name.matches('/').count();
    let depths: BTreeSet<usize> = files.iter().filter(|_| a_folder_each).map(|name| depth(name)).collect();
    let among = |name: &String| folders.contains(&folder(name)) || depths.contains(&depth(name));
    // What names the people of the chats beside it is read with them.
    let listed = format == Format::PywxdumpJson;
    unknown.retain(|name| !(listed && among(name) && name.rsplit('/').next() == Some(USERS)));
    // What lies among chats was one; what lies elsewhere was sent in one.
    let damaged = unknown.iter().filter(|name| among(name)).count();
    if matches!(format, Format::PywxdumpCsv | Format::PywxdumpJson) {
        files.sort_by_cached_key(|name| paged(name));
    } else {
        files.sort_by_cached_key(|name| numbered(name));
    }
    source.choose_parts(Parts { files, damaged, passed: unknown.len() - damaged });
    Ok(Several::Of(format))
}

/// `PyWxDump` writes the pages of a chat as `account_0_5000.csv`, `account_5000_10000.csv` …
fn paged(name: &str) -> (String, u64) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut parts = stem.rsplitn(3, '_');
    let (_, first, base) = (parts.next(), parts.next(), parts.next());
    let page = base.and_then(|base| Some((base.to_owned(), first?.parse().ok()?)));
    page.unwrap_or_else(|| (stem.to_owned(), 0))
}

/// `DiscordChatExporter` writes the pieces of a long channel as `name.json`, `name [part 2].json` …
fn numbered(name: &str) -> (String, u32) {
    let stem = name.strip_suffix(JSON).unwrap_or(name);
    let piece = stem
        .rsplit_once(" [part ")
        .and_then(|(base, rest)| Some((base.to_owned(), rest.strip_suffix(']')?.parse().ok()?)));
    piece.unwrap_or_else(|| (stem.to_owned(), 1))
}
