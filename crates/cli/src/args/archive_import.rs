//! `archive import`.

use std::path::PathBuf;

use clap::Args;

/// `archive import`.
#[derive(Debug, Args)]
pub(crate) struct ArchiveImportArgs {
    /// The export: a file, a folder or a zip file.
    #[arg(value_name = "IN")]
    pub(crate) from: PathBuf,
    /// Where the archive goes: JSON lines in zstd.
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    /// The zone of local times, `Asia/Shanghai` or `+08:00`; of tools that write none.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Find the format and count; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Replace the file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}
