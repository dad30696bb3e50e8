//! Who may say yes: passkeys.

use clap::Subcommand;

/// `principal passkey`.
#[derive(Debug, Subcommand)]
pub(crate) enum PasskeyVerb {
    /// Adds a user-verified passkey (fingerprint, face or PIN) of your own. A page opens in your browser.
    Add {
        /// Your own name: nobody adds a passkey for somebody else.
        name: String,
    },
    /// Lists the passkeys.
    Ls,
    /// Takes a passkey away: its owner does, or an admin.
    Revoke {
        /// The credential, or its beginning.
        credential: String,
    },
}
