//! `bench`.

use clap::{Args, Subcommand};

/// `bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchVerb {
    /// B1: durable steps of the whole engine, beside the bare loop.
    Journal(JournalArgs),
    /// B7 and B9: the console's pages over so many groups, and the program itself.
    Console(ConsoleArgs),
    /// Search in archives: how long building an index and asking it take, on a generated corpus.
    Search(SearchBenchArgs),
}

/// `bench search`.
#[derive(Debug, Args)]
pub(crate) struct SearchBenchArgs {
    /// Messages.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) messages: u64,
    /// The seed of the corpus.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `bench journal`.
#[derive(Debug, Args)]
pub(crate) struct JournalArgs {
    /// Runs.
    #[arg(long, default_value_t = 1000)]
    pub(crate) runs: usize,
    /// Steps of each run.
    #[arg(long, default_value_t = 50)]
    pub(crate) steps: usize,
    /// Runs at a time.
    #[arg(long, default_value_t = 256)]
    pub(crate) concurrency: usize,
}

/// `bench console`.
#[derive(Debug, Args)]
pub(crate) struct ConsoleArgs {
    /// Numbers of groups, each measured by itself.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    pub(crate) groups: Vec<usize>,
    /// Requests for each page.
    #[arg(long, default_value_t = 200)]
    pub(crate) requests: usize,
    /// Afterwards, over the last number of groups: readers on live pages beside steady requests, while the journal grows.
    #[arg(long)]
    pub(crate) load: bool,
    /// Seconds of the load.
    #[arg(long, default_value_t = 120, requires = "load")]
    pub(crate) seconds: u64,
    /// Readers on live pages.
    #[arg(long, default_value_t = 200, requires = "load")]
    pub(crate) readers: usize,
    /// Requests a second, besides what the readers ask for.
    #[arg(long, default_value_t = 50, requires = "load")]
    pub(crate) rate: u64,
    /// Groups a second of which the journal learns something new.
    #[arg(long, default_value_t = 1, requires = "load")]
    pub(crate) news: u64,
}
