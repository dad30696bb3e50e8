//! The instruction channel: `channel`, `outpost`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `channel`.
#[derive(Debug, Subcommand)]
pub(crate) enum ChannelVerb {
    /// Sets the channel up: its own certificate authority, the centre's certificate, the instruction key.
    Init {
        /// A host name or address that outposts dial; may be given more than once.
        #[arg(long = "host", value_name = "HOST", required = true)]
        hosts: Vec<String>,
    },
    /// Adds an outpost and writes its identity into a new folder, to be carried to its machine.
    Add {
        /// Its name: a-z, 0-9, -.
        name: String,
        /// The new folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Days that the certificate is valid.
        #[arg(long, default_value_t = adjourn_channel::CERTIFICATE_DAYS, value_parser = clap::value_parser!(u64).range(1..=825))]
        days: u64,
    },
    /// Lists outposts.
    Ls,
    /// Makes a new instruction key. Outposts learn it, signed by the old one.
    Rotate {
        /// Hours that the old key is trusted for.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(0..=720))]
        overlap: u64,
    },
    /// Cuts an outpost off at once, for good.
    Revoke {
        /// Its name.
        name: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// `outpost`.
#[derive(Debug, Args)]
pub(crate) struct OutpostArgs {
    /// The centre.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) connect: String,
    /// The folder that `channel add` wrote.
    #[arg(long, value_name = "DIR")]
    pub(crate) identity: PathBuf,
    /// A connection that was changed at the centre, and is to be believed as it comes next.
    #[arg(long, value_name = "CONNECTION")]
    pub(crate) forget: Vec<String>,
    /// A secret to keep here, CONNECTION.IDENTITY.NAME=@FILE, =env:NAME or =-.
    #[arg(long = "secret", value_name = "CONNECTION.IDENTITY.NAME=SOURCE")]
    pub(crate) secrets: Vec<String>,
}
