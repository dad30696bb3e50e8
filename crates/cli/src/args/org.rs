//! Who acts and through what: `principal` and `connect`.

use std::path::PathBuf;

use clap::Subcommand;

use super::PasskeyVerb;

/// `principal`.
#[derive(Debug, Subcommand)]
pub(crate) enum PrincipalVerb {
    /// Adds a principal and makes its key. The first one needs nobody; later ones need an admin's --key.
    Add {
        /// The name.
        name: String,
        /// Role in reviews: admin, business, compliance, …
        #[arg(long)]
        role: String,
        /// Where the private key goes. Default: DATA-keys/principals/NAME.key
        #[arg(long, value_name = "FILE")]
        key_out: Option<PathBuf>,
    },
    /// Gives the one-time link with which whoever holds the key chooses a password for the pages of `serve`.
    Account,
    /// Lists the principals.
    Ls,
    /// Lends your role to somebody for a time: they may approve in it, in your place. Nobody counts twice by that.
    Delegate {
        /// Who may approve in your place.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// Your role.
        #[arg(long)]
        role: String,
        /// Until when (RFC 3339), 90 days at most.
        #[arg(long, value_name = "TIME")]
        until: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lists the roles that are lent, and that were.
    Delegations,
    /// Takes a lent role back: its owner does, or an admin.
    RevokeDelegation {
        /// The delegation.
        delegation: String,
    },
    /// User-verified passkeys (fingerprint, face or PIN).
    #[command(subcommand)]
    Passkey(PasskeyVerb),
}

/// `connect`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectVerb {
    /// Adds a connection after every identity has answered.
    #[command(
        after_help = "Secrets are read from a file (@FILE), the environment (env:NAME) or standard input (-), never from \
                      the command line.\nExample: adjourn connect add hs matrix --set url=https://chat.example.org \\\n  \
                      --identity main --secret main.token=@main.token --witness second --secret second.token=env:TOKEN2"
    )]
    Add {
        /// Its name.
        name: String,
        /// The platform.
        platform: String,
        /// A setting, NAME=VALUE.
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
        /// The identity that acts.
        #[arg(long, default_value = "main")]
        identity: String,
        /// An identity that never acts and sees whether a group is gone.
        #[arg(long)]
        witness: Vec<String>,
        /// A secret, IDENTITY.NAME=@FILE, =env:NAME or =-.
        #[arg(long = "secret", value_name = "IDENTITY.NAME=SOURCE")]
        secrets: Vec<String>,
        /// Class of the groups that are found through it.
        #[arg(long, default_value = "important")]
        class: String,
    },
    /// Gives identities new secrets, when an authorisation has expired or was revoked.
    Renew {
        /// The connection.
        name: String,
        /// A secret, IDENTITY.NAME=@FILE, =env:NAME or =-.
        #[arg(long = "secret", value_name = "IDENTITY.NAME=SOURCE", required = true)]
        secrets: Vec<String>,
    },
    /// Lists the connections.
    Ls,
    /// Asks every identity who it is and what it may do.
    Test {
        /// The connection.
        name: String,
    },
}
