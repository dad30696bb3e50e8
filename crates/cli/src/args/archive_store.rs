//! `archive put` and `archive get`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// The verbs of `archive` that store and bring back.
#[derive(Debug, Subcommand)]
pub(crate) enum StoreVerb {
    /// Puts files into storage, and reads them back there.
    #[command(
        after_help = "Nothing is overwritten; the same file once more is recognised. A call that was cut off goes on where it was.\n\
                      Example: adjourn archive put chat.jsonl.zst.age --group g-0123456789abcdef"
    )]
    Put(PutArgs),
    /// Brings a file back from storage, and checks its hash.
    #[command(
        after_help = "Example: adjourn archive get g-0123456789abcdef/chat.jsonl.zst.age --out chat.jsonl.zst.age"
    )]
    Get(GetArgs),
}

/// `archive put`.
#[derive(Debug, Args)]
pub(crate) struct PutArgs {
    /// The files.
    #[arg(value_name = "FILE", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) files: Vec<PathBuf>,
    /// The group that they belong to: they lie under its id, and its journal says so.
    #[arg(long, conflicts_with = "case")]
    pub(crate) group: Option<String>,
    /// The case that they belong to.
    #[arg(long)]
    pub(crate) case: Option<String>,
    /// Every finished export of a case that is not stored yet, as one file each, under its group.
    #[arg(long, conflicts_with_all = ["group", "case"])]
    pub(crate) all: bool,
    /// Store files in clear also where they are locked, and nobody could make them unreadable before the lock ends: why. The journal of the group or the case
    /// says so.
    #[arg(long, value_name = "REASON")]
    pub(crate) in_clear: Option<String>,
    /// Only say what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `archive get`.
#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// Its key in the storage, without the configured prefix.
    #[arg(value_name = "KEY")]
    pub(crate) stored: String,
    /// Where it goes.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
}
