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
    /// B4a: finding identifiers and writing pseudonyms, beside what the machine does at most; recall and precision on a generated corpus.
    Redact(RedactBenchArgs),
    /// B4 and B5: the whole way of an archive, from JSON lines to a sealed original and a de-identified copy on the disk, and its parts.
    Archive(CorpusArgs),
    /// B6: verifying a bundle with so many messages, beside `openssl dgst -sha256` of the same bytes.
    Verify(VerifyBenchArgs),
}

/// What `bench archive` and `bench redact` measure on.
#[derive(Debug, Args)]
pub(crate) struct CorpusArgs {
    /// Messages; one measure for each number.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "100000,1000000",
          value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) messages: Vec<u64>,
    /// Seed of the corpus.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads; as many as there are processors if left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

/// `bench verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyBenchArgs {
    /// Messages of the group whose bundle is verified.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) messages: u64,
    /// How often each of them runs; the best counts.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,
    /// Leave the bundle here, for other tools; on the same disk as the data folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) keep: Option<std::path::PathBuf>,
}

/// `bench redact`.
#[derive(Debug, Args)]
pub(crate) struct RedactBenchArgs {
    /// On what it is measured.
    #[command(flatten)]
    pub(crate) on: CorpusArgs,
    /// Write the corpus of the first size as JSON lines, its labels beside each text, and measure nothing: what other tools are measured on.
    #[arg(long, value_name = "FILE")]
    pub(crate) corpus: Option<std::path::PathBuf>,
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
