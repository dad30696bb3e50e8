//! Flags of `deposit`.

use std::path::PathBuf;

use clap::Subcommand;

/// `deposit`.
#[derive(Debug, Subcommand)]
pub(crate) enum DepositVerb {
    /// Asks the keeper again for each receipt of a bundle: whether it still knows that number and digest.
    #[command(
        after_help = "Exit codes: 0 all known, 8 the keeper says something else, 1 it can't be reached.\nExample: adjourn \
                            deposit check BUNDLE --url https://keeper.example.org/v1 --deposit-key keeper.pem"
    )]
    Check {
        /// The bundle's folder.
        bundle: PathBuf,
        /// Where the keeper is. Default: `deposit.url` of the configuration.
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Its public key, base64 or PEM. Default: `deposit.key` of the configuration, else the key that the receipts name.
        #[arg(long, value_name = "FILE")]
        deposit_key: Option<PathBuf>,
    },
}
