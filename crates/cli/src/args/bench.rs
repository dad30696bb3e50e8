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
    /// B7, B9: pages of a real `serve` over many groups, and many readers at once.
    Console {
        /// Groups; one measure for each number.
        #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000,10000,100000")]
        groups: Vec<usize>,
        /// Requests of each page.
        #[arg(long, default_value_t = 200)]
        requests: usize,
        /// Open streams of the second part.
        #[arg(long, default_value_t = 200)]
        readers: usize,
        /// Requests a second beside them.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        rate: u32,
        /// How long the second part takes, in seconds; 0 leaves it out.
        #[arg(long, default_value_t = 120)]
        seconds: u64,
    },
    /// B4a: finding identifiers and writing pseudonyms, beside what the machine does at most; recall and precision on a generated corpus.
    Redact {
        /// Messages; one measure for each number.
        #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "100000,1000000",
              value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
        messages: Vec<u64>,
        /// Seed of the corpus.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Threads; as many as there are processors if left out.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        threads: Option<u16>,
        /// Write the corpus of the first size as JSON lines, its labels beside each text, and measure nothing: what other tools are measured on.
        #[arg(long, value_name = "FILE")]
        corpus: Option<std::path::PathBuf>,
    },
}
