//! The project's own gates and generators: `cargo xtask ci` is everything that a change must pass.
//!
//! Every gate is a verb of its own, so that what fails in `ci` can be run alone. Nothing here is needed to
//! build or to run the product.

#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

mod config_reference;
mod gates;
mod generate;
#[path = "../../crates/i18n/build/catalog.rs"]
mod i18n_catalog;
mod i18n_gate;
mod layering;
mod new_connector;
mod repo;
mod requirements;
mod soak;
mod tidy;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::repo::Repo;

const HELP: &str = "\
cargo xtask VERB
  ci                      every gate, in order, with a table at the end
  GATE                    one gate alone; `cargo xtask gates` lists them
  gen [--check]           write the generated files, or fail if they would change
  tools                   install the tools that the gates need and that are missing
  soak redact [MINUTES] [SEED] [MESSAGES]
                          no identifier left in two million messages; then what holds for every input of the redaction, on inputs that a seed
                          makes and on those of the fuzz targets, ten minutes each if nothing is said; writes docs/reference/soak
  soak export             a million messages exported, killed on the way; writes docs/reference/soak
  new-connector NAME [--dry-run]
                          a connector's folder, from the reference connector
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(Done::AsAsked) => ExitCode::SUCCESS,
        Ok(Done::GatesFailed) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// How a verb ended that could do its work.
enum Done {
    /// All is well.
    AsAsked,
    /// The gates ran and their table says which failed; nothing is printed behind the summary line.
    GatesFailed,
}

fn run(args: &[String]) -> Result<Done> {
    let repo = Repo::find()?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["ci"] => return Ok(if gates::run_all(&repo) { Done::AsAsked } else { Done::GatesFailed }),
        ["gates"] => {
            gates::list();
            Ok(())
        }
        ["gen"] => generate::write(&repo),
        ["gen", "--check"] => gates::run_one(&repo, "gen"),
        ["tools"] => tools::install_missing(&repo),
        ["soak", "redact", rest @ ..] => soak::redact(&repo, rest),
        ["soak", "export"] => soak::export(&repo),
        ["new-connector", name] => new_connector::run(&repo, name, new_connector::Mode::Write),
        ["new-connector", name, "--dry-run"] => new_connector::run(&repo, name, new_connector::Mode::DryRun),
        [gate] => gates::run_one(&repo, gate),
        _ => bail!("no such verb: {}\n{HELP}", args.join(" ")),
    }
    .map(|()| Done::AsAsked)
}
