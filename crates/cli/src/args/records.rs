//! Holds and the end of records: `hold` and `destroy`.

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
    },
    /// Lists the holds.
    Ls,
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
        /// The group's name, typed.
        #[arg(long)]
        confirm: String,
    },
}
