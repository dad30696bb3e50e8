//! What is known about platforms: `facts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `facts`.
#[derive(Debug, Args)]
pub(crate) struct FactsArgs {
    /// What else is done with facts.
    #[command(subcommand)]
    pub(crate) verb: Option<FactsVerb>,
    /// wechat, qq, dingtalk, wecom, matrix.
    pub(crate) platform: Option<String>,
    /// Only facts whose id or key begins so (P, N2, dissolve.).
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// Mark what acts under these rules; both if left out.
    #[arg(long, value_parser = ["declared", "confirmed"])]
    pub(crate) rules: Option<String>,
    /// Only where the two rules differ, fact by fact; over all platforms if none is named.
    #[arg(long)]
    pub(crate) differences: bool,
}

/// `facts VERB`.
#[derive(Debug, Subcommand)]
pub(crate) enum FactsVerb {
    /// Finds claims about these platforms in a how-to text (Chinese or English) and marks each.
    Check {
        /// The text; - is standard input.
        file: PathBuf,
    },
    /// Says something else about a platform than its profile. Needs an admin's key.
    Override {
        /// The platform.
        platform: String,
        /// Key of the fact (recovery.seconds).
        #[arg(id = "fact", value_name = "KEY")]
        key: String,
        /// The value that acts from now on.
        value: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Takes an override back. Needs an admin's key.
    Retract {
        /// The platform.
        platform: String,
        /// Key of the fact.
        #[arg(id = "fact", value_name = "KEY")]
        key: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}
