//! `archive anonymise`.

use std::path::PathBuf;

use clap::Args;

/// `archive anonymise`.
#[derive(Debug, Args)]
pub(crate) struct AnonymiseArgs {
    /// A de-identified copy with its report beside it (COPY.report.json).
    #[arg(value_name = "COPY")]
    pub(crate) copy: PathBuf,
    /// The file with the key of its pseudonyms, where `redact --key-file` made it. It is destroyed.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// How many members have to have the same attributes, 2 to 10000: 5 is usual within an organisation, 20 for what is published. Without it what the
    /// configuration says (`archive.k`), else 5.
    #[arg(long, value_name = "K")]
    pub(crate) k: Option<u32>,
    /// A further key of the copy that says something about a member; several times for several.
    #[arg(long, value_name = "KEY")]
    pub(crate) attribute: Vec<String>,
    /// Makes an attribute coarser in a new copy: month or year of a time, tens of a number, none to leave it out.
    #[arg(long, value_name = "KEY=LEVEL", requires = "out")]
    pub(crate) generalise: Vec<String>,
    /// Gives members of small classes one common pseudonym, and leaves their attributes out, in a new copy.
    #[arg(long, requires = "out")]
    pub(crate) suppress: bool,
    /// Where the new copy goes; its report and the statement go beside it. The old copy is never changed.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: Option<PathBuf>,
    /// Count only: write nothing, destroy nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The code of the key, typed: destroying it can't be taken back.
    #[arg(long, value_name = "CODE")]
    pub(crate) confirm: Option<String>,
}
