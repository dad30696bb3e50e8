//! `token`.

use clap::Subcommand;

/// `token`.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenVerb {
    /// Makes a token that acts as you. It is shown once.
    #[command(
        after_help = "Example: adjourn token create --name 'nightly report' --scope read --until 2027-01-01T00:00:00Z"
    )]
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may be used for; several times for several.
        #[arg(long = "scope", required = true, value_parser = ["read", "plan", "review", "run", "records", "admin"])]
        scopes: Vec<String>,
        /// From when on it opens nothing (RFC 3339); until it is taken back if left out.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// Your tokens; an administrator sees everybody's.
    Ls,
    /// Takes a token back.
    Revoke {
        /// The token's id, t-….
        token: String,
    },
}
