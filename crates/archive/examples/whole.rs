//! The whole way of an archive: `whole FOLDER THREADS MESSAGES…`, in a folder that has room for the lines and what is made of them.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that ends at the first error")]

use std::path::Path;

use adjourn_archive::bench::{ArchiveOptions, archive};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, threads, messages @ ..] = args.as_slice() else {
        return println!("whole FOLDER THREADS MESSAGES…");
    };
    let messages = messages.iter().map(|count| count.parse().unwrap()).collect();
    let options = ArchiveOptions { seed: 1, messages, threads: threads.parse().unwrap() };
    println!("{}", serde_json::to_string_pretty(&archive(Path::new(folder), &options).unwrap()).unwrap());
}
