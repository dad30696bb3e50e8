//! `archive convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What an archive is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetArg {
    /// The archive's own form, JSON lines in zstd.
    Jsonl,
    /// A table with the columns of chatlog.
    Csv,
    /// ChatLab, one JSON document; one conversation.
    Chatlab,
    /// ChatLab, JSON lines; one conversation.
    ChatlabJsonl,
    /// RSMF 2.0, a folder with a file for each conversation and day.
    Rsmf,
    /// E-mail, a folder with a message for each conversation and day.
    Eml,
    /// A page to read, with everything in it and no network.
    Html,
    /// Parquet, for analysis.
    Parquet,
}

/// `archive convert`.
#[derive(Debug, Args)]
pub(crate) struct ArchiveConvertArgs {
    /// The archive, or any export that `archive import` reads.
    #[arg(value_name = "IN")]
    pub(crate) from: PathBuf,
    /// As what.
    #[arg(long, value_enum)]
    pub(crate) to: TargetArg,
    /// Where it goes: a file, of `rsmf` and `eml` a folder.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
    /// Only the conversation of this id or name.
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: Option<String>,
    /// The zone of times that people read, and in which days begin, `Asia/Shanghai` or `+08:00`.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Write cells of a table as they are, also those that a spreadsheet would calculate.
    #[arg(long)]
    pub(crate) exact: bool,
    /// Replace what is there.
    #[arg(long)]
    pub(crate) force: bool,
}
