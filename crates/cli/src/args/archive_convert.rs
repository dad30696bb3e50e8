//! `archive convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `archive convert`.
#[derive(Debug, Args)]
pub(crate) struct ArchiveConvertArgs {
    /// An archive, its folder, a bundle, or an export that `archive import` reads.
    #[arg(value_name = "IN")]
    pub(crate) from: PathBuf,
    /// The form.
    #[arg(long, value_name = "FORM")]
    pub(crate) to: Form,
    /// Where it goes; for rsmf and eml a folder.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Only this conversation.
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: Option<String>,
    /// The zone of local times and of days, `Asia/Shanghai` or `+08:00`.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// csv: begin with a byte order mark, which some spreadsheets need.
    #[arg(long)]
    pub(crate) mark: bool,
    /// csv: write cells that a spreadsheet takes for a formula as they are.
    #[arg(long)]
    pub(crate) formulas: bool,
    /// Replace what is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What an archive is made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// chatlog's table.
    Csv,
    /// `ChatLab`, one document.
    Chatlab,
    /// `ChatLab`, JSON lines.
    ChatlabJsonl,
    /// Mail: a folder with a message for each day of each conversation.
    Eml,
    /// One page that needs no network.
    Html,
    /// The archive's own lines; in zstd where OUT ends in .zst.
    Jsonl,
    /// Relativity's short message format 2.0: a folder with a file for each day of each conversation.
    Rsmf,
}
