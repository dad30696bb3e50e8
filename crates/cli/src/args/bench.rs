//! `bench`.

use clap::Subcommand;

/// `bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchVerb {
    /// B1: durable steps of the whole engine, beside the bare loop.
    Journal {
        /// Runs.
        #[arg(long, default_value_t = 1000)]
        runs: usize,
        /// Steps of each run.
        #[arg(long, default_value_t = 50)]
        steps: usize,
        /// Runs at a time.
        #[arg(long, default_value_t = 256)]
        concurrency: usize,
    },
}
