//! `redact`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `redact`.
#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// JSON lines, plain or in zstd: an archive's records, or lines with at least `text`; or what another tool exported, as `archive import` reads it. `-`
    /// for standard input (lines).
    pub(crate) input: PathBuf,
    /// Where the copy goes: in zstd where the input is or the name ends in `.zst`; `-` for standard output. Of another tool's export it is an archive's
    /// records.
    #[arg(long, value_name = "OUT", required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    /// Where the report on residual identifiers goes (JSON).
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Who is in the group: names line by line, or a table (CSV, XLSX) with columns for names, aliases, accounts.
    #[arg(long, value_name = "FILE")]
    pub(crate) members: Option<PathBuf>,
    /// Archives of one scope have the same pseudonyms for the same people. Without it each copy has a key of its own.
    #[arg(long, value_name = "NAME")]
    pub(crate) scope: Option<String>,
    /// For a group (its id): the key of the pseudonyms is the group's, lies under the group's key and ends with it at the latest.
    #[arg(long, value_name = "GROUP", conflicts_with_all = ["scope", "key_file"])]
    pub(crate) group: Option<String>,
    /// A file with the key of the pseudonyms (32 bytes in hex; made if there is none), instead of one in the keys' folder.
    #[arg(long, value_name = "FILE", conflicts_with = "scope")]
    pub(crate) key_file: Option<PathBuf>,
    /// How much is taken for a person's name that no list has.
    #[arg(long, value_enum, default_value_t = Names::Balanced)]
    pub(crate) names: Names,
    /// Numbers and e-mail addresses keep their length and separators, in ranges that nobody has, instead of a word in brackets.
    #[arg(long)]
    pub(crate) keep_format: bool,
    /// The zone of local times in another tool's export (Asia/Shanghai or +08:00).
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Threads; as many as there are processors if left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Seal the original here in the same pass (zstd in age): whoever has an identity of the recipients can open it, and nobody else.
    #[arg(long, value_name = "FILE", requires = "recipient", conflicts_with = "dry_run")]
    pub(crate) original: Option<PathBuf>,
    /// Who can open the original (`age1…`); as often as needed.
    #[arg(long, value_name = "RECIPIENT", requires = "original")]
    pub(crate) recipient: Vec<String>,
    /// Report only; write no copy and make no key.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Replace what is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// How much is taken for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Names {
    /// Listed names only.
    Off,
    /// What hardly can be anything else.
    Strict,
    /// Where both mistakes are about as bad.
    Balanced,
    /// Rather too much than too little.
    Wide,
}
