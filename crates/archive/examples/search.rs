//! How long searching takes: `search FOLDER MESSAGES`, an index over the generated corpus, built and asked in a folder that has room for it.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that ends at the first error")]

use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, messages] = args.as_slice() else { return println!("search FOLDER MESSAGES") };
    let figures =
        adjourn_archive::read::bench::bench(Path::new(folder), messages.parse().unwrap(), 1).unwrap();
    println!("{}", serde_json::to_string_pretty(&figures).unwrap());
}
