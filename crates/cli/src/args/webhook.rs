//! `webhook`.

use clap::Subcommand;

/// `webhook`.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookVerb {
    /// The configured addresses, and how far each has been told.
    List,
    /// Tells an address something that did not happen, once.
    Test {
        /// Its name in the configuration.
        name: String,
    },
    /// Tells an address once more what is in the journal, also one that was given up. `serve` or `worker` does it.
    Replay {
        /// Its name in the configuration.
        name: String,
        /// Sequence number of the first event.
        #[arg(long, default_value_t = 1)]
        from: u64,
    },
}
