//! Holds and the end of records: `hold`, `retention`, `destroy` and `cert`.

use std::path::PathBuf;

use clap::Subcommand;

/// `hold`.
#[derive(Debug, Subcommand)]
pub(crate) enum HoldVerb {
    /// Puts a hold on a group.
    Add {
        /// The group.
        group: String,
        /// The matter.
        #[arg(long)]
        matter: String,
    },
    /// Lifts a hold: one person asks, another one lifts.
    Lift {
        /// The hold.
        hold: String,
        /// For the second person: the group's name, or the short code.
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
    /// Lists the holds.
    Ls,
}

/// `retention`.
#[derive(Debug, Subcommand)]
pub(crate) enum RetentionVerb {
    /// Lists what is kept of which group until when, on which article.
    Ls {
        /// Only groups that have ended, of which no period runs, and about which somebody has to decide.
        #[arg(long)]
        due: bool,
    },
    /// Keeps a group's record until a day.
    Keep {
        /// The group.
        group: String,
        /// The last day.
        #[arg(long, value_name = "DATE")]
        until: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Releases a group's record: two people may destroy its key then. It destroys nothing itself.
    Release {
        /// The group.
        group: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// `destroy`.
#[derive(Debug, Subcommand)]
pub(crate) enum DestroyVerb {
    /// Asks to destroy a group's key, and shows what that means.
    Plan {
        /// The group.
        group: String,
    },
    /// Destroys it, as the second person.
    Apply {
        /// The group.
        group: String,
        /// The group's name or its short code, typed.
        #[arg(long)]
        confirm: String,
    },
}

/// `cert`.
#[derive(Debug, Subcommand)]
pub(crate) enum CertVerb {
    /// Shows the certificates of a case, or the one that a group's key was destroyed. The bundle is verified first.
    Show {
        /// The case, or the id of the group whose key was destroyed.
        #[arg(value_name = "CASE|GROUP")]
        what: String,
        /// Also writes them as one page to be printed, in both languages.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
}
