//! `archive`: what lies where, looking into it, sealing and opening.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// The verbs of `archive` that read, seal and open.
#[derive(Debug, Subcommand)]
pub(crate) enum ReadVerb {
    /// Lists the archives: originals in bundles and cases under way, and copies. Or those in files and bags that lie elsewhere.
    #[command(after_help = "Example: adjourn archive ls c-1a2b3c4d.zip")]
    Ls(ArchiveLsArgs),
    /// Looks for words in archives; the newest hits first.
    #[command(
        after_help = "Spaces separate what has to be there, quotation marks hold words together, a star lets a Latin word go on.\n\
                      Examples: adjourn archive search 'invoice march' copy.jsonl.zst --from 2026-03-01\n          \
                      adjourn archive search '\"as agreed\"' c-1a2b3c4d/g-0123456789abcdef --key auditor.key"
    )]
    Search(SearchArgs),
    /// Shows a page of an archive.
    #[command(after_help = "Example: adjourn archive show copy.jsonl.zst --at 2026-03-01T09:00:00+08:00")]
    Show(ShowArgs),
    /// Seals a file with age.
    #[command(
        after_help = "Example: adjourn archive seal chat.jsonl.zst --recipient age1… --out chat.jsonl.zst.age\n\
                      Anybody's age opens it again: age -d -i IDENTITY chat.jsonl.zst.age | zstd -d"
    )]
    Seal(SealArgs),
    /// Opens a sealed file, or an original with its group's key. Out of a bag that lies elsewhere it takes what is in clear as it is.
    #[command(
        after_help = "Examples: adjourn archive open chat.jsonl.zst.age --identity office.txt --out chat.jsonl.zst\n          \
                      adjourn archive open c-1a2b3c4d.zip/g-0123456789abcdef --what members --out members.json"
    )]
    Open(OpenArgs),
}

/// `archive ls`.
#[derive(Debug, Args)]
pub(crate) struct ArchiveLsArgs {
    /// Bags and bundles, as folders or zip files, and copies; all that lies here if left out.
    #[arg(value_name = "IN")]
    pub(crate) archives: Vec<PathBuf>,
}

/// `archive search`.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// What is looked for.
    pub(crate) query: String,
    /// Files, or originals as `archive ls` names them; all copies if left out.
    #[arg(value_name = "IN")]
    pub(crate) archives: Vec<String>,
    /// From this time on: a day, or a time with its offset.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Until before this time; a day counts whole.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// From whom: an account, or a part of a name.
    #[arg(long, value_name = "NAME")]
    pub(crate) sender: Option<String>,
    /// Most hits of each archive.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}

/// `archive show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A file, or an original as `archive ls` names it.
    #[arg(value_name = "IN")]
    pub(crate) archive: String,
    /// The page around the message with this id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["at", "place"])]
    pub(crate) around: Option<String>,
    /// The page that begins at this time: a day, or a time with its offset.
    #[arg(long, value_name = "TIME", conflicts_with = "place")]
    pub(crate) at: Option<String>,
    /// The page that begins at this place, from 1.
    #[arg(long, value_name = "N")]
    pub(crate) place: Option<NonZeroU64>,
    /// Messages of a page.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) rows: u64,
}

/// `archive seal`.
#[derive(Debug, Args)]
pub(crate) struct SealArgs {
    /// The file.
    #[arg(value_name = "IN")]
    pub(crate) file: PathBuf,
    /// To whom it is sealed, age1…; several times for several.
    #[arg(long, value_name = "RECIPIENT", required_unless_present = "group")]
    pub(crate) recipient: Vec<String>,
    /// To a group's key as well: whoever destroys that takes this way away.
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// Where the sealed file goes. Where its name ends in `.zst.age` what is sealed is packed first, in zstd.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// `archive open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// A sealed file, an archive in a bag from elsewhere (BAG, BAG/GROUP), or an original as `archive ls` names it.
    #[arg(value_name = "IN")]
    pub(crate) archive: String,
    /// What is taken out of an original or a bag.
    #[arg(long, value_enum, default_value_t = OpenWhat::Messages)]
    pub(crate) what: OpenWhat,
    /// What opens a file: identities as age-keygen writes them. An original is opened with its group's key.
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// Where it goes.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What is taken out of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OpenWhat {
    /// Its messages: JSON lines in zstd.
    Messages,
    /// Who was in the group: JSON.
    Members,
    /// Pictures, voice and files: a folder, each called by the start of its hash and its name.
    Media,
}
