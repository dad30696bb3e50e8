//! `archive`.

use clap::Subcommand;

use super::{ArchiveConvertArgs, ArchiveImportArgs};

/// `archive`.
#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveVerb {
    /// Makes an archive of what another tool exported.
    #[command(
        after_help = "The format is found by what is in the file, the folder or the zip file: chatlog, MemoTrace, PyWxDump, WeFlow, \
                      QQ Chat Exporter,\nChatLab, WeCom's archive, DiscordChatExporter, Slack, Telegram, Mattermost, Zulip, Matrix, \
                      an archive. The export is never changed.\nExit code 5: something that the export has, or had, is not in the \
                      archive; it is listed by row.\nExample: adjourn archive import result.json --out chats.jsonl.zst"
    )]
    Import(ArchiveImportArgs),
    /// Makes of an archive what other tools read.
    #[command(
        after_help = "Without --conversation all of them are written; ChatLab holds one.\nExit code 5: rows of IN could not be read; they are \
                      listed by number.\nExample: adjourn archive convert chats.jsonl.zst --to csv --out chats.csv"
    )]
    Convert(ArchiveConvertArgs),
}
