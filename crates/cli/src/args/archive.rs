//! `archive`.

use clap::Subcommand;

use super::{AnonymiseArgs, ArchiveConvertArgs, ArchiveImportArgs, ReadVerb, StoreVerb};

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
    /// Writes an archive as another tool reads it.
    #[command(
        after_help = "Any export that `archive import` reads is taken as well. What a format can't hold is left out; docs/reference/formats.md says what \
                      that is.\nExit code 5: something that the archive has could not be read.\nExample: adjourn archive convert \
                      chats.jsonl.zst --to html --out chats.html"
    )]
    Convert(ArchiveConvertArgs),
    /// Makes an anonymised copy of a de-identified one: counts its members in classes, then destroys the key of the pseudonyms and writes down that it did.
    #[command(
        after_help = "Refused while a class of members with the same attributes has fewer than K people; --generalise and --suppress make a new copy in which\n\
                      none has. A copy that was made for a group (`redact --group`) needs two people.\nExample: adjourn archive anonymise copy.jsonl.zst \
                      --suppress --generalise joined=year --out anonymous.jsonl.zst --key li.key"
    )]
    Anonymise(Box<AnonymiseArgs>),
    /// Looks into what is there.
    #[command(flatten)]
    Read(ReadVerb),
    /// Stores it somewhere else.
    #[command(flatten)]
    Store(StoreVerb),
}
