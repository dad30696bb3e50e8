//! The gates: each can be run alone, `ci` runs all of them, whatever fails, and ends with a table.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::repo::Repo;
use crate::{generate, i18n_gate, requirements, tidy, tools};

/// A gate: cheap ones first, so that a slip shows in seconds.
struct Gate {
    name: &'static str,
    says: &'static str,
    check: Check,
}

enum Check {
    /// A function of ours.
    Own(fn(&Repo) -> Result<()>),
    /// A command, with environment.
    Run(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// The test run, whose summary line is kept.
    Tests(&'static [&'static str]),
}

const GATES: &[Gate] = &[
    Gate { name: "fmt", says: "formatting", check: Check::Run(&["cargo", "fmt", "--all", "--check"], &[]) },
    Gate { name: "tidy", says: "rules of the house, import table", check: Check::Own(tidy::run) },
    Gate { name: "i18n", says: "texts whole and used", check: Check::Own(i18n_gate::run) },
    Gate { name: "typos", says: "spelling", check: Check::Run(&["typos"], &[]) },
    Gate { name: "deny", says: "licences, bans, sources", check: Check::Run(DENY, &[]) },
    Gate { name: "unused-deps", says: "dependencies that nothing uses", check: Check::Run(SHEAR, &[]) },
    Gate { name: "clippy", says: "lints", check: Check::Run(CLIPPY, &[]) },
    Gate { name: "gen", says: "generated files are current", check: Check::Own(generate::check) },
    Gate { name: "test", says: "tests", check: Check::Tests(NEXTEST) },
    Gate {
        name: "requirements",
        says: "tests named after a requirement ran",
        check: Check::Own(requirements::ran),
    },
    Gate { name: "doctest", says: "examples in the documentation", check: Check::Run(DOCTEST, &[]) },
    Gate { name: "doc", says: "documentation builds", check: Check::Own(documentation) },
];

const SHEAR: &[&str] = &["cargo", "shear", "--locked"];
const DENY: &[&str] =
    &["cargo", "deny", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
const CLIPPY: &[&str] = &[
    "cargo",
    "clippy",
    "--workspace",
    "--all-targets",
    "--keep-going",
    "--locked",
    "--quiet",
    "--",
    "-D",
    "warnings",
];
/// With the tests, so that both are built with one set of features.
const BINARIES: &[&str] = &["cargo", "build", "--workspace", "--bins", "--tests", "--locked", "--quiet"];
/// Installs what is missing; where another run of it is at work, waits for that one.
const PEERS: &[&str] = &["scripts/peers/install.sh"];
const NEXTEST: &[&str] = &["cargo", "nextest", "run", "--workspace", "--locked"];
const DOCTEST: &[&str] = &["cargo", "test", "--workspace", "--doc", "--locked", "--quiet"];
const DOC: &[&str] = &["cargo", "doc", "--workspace", "--no-deps", "--keep-going", "--locked", "--quiet"];

/// Builds the documentation on what clippy has checked before: to cargo that is the same only under clippy's wrapper and its arguments. Where they
/// differ, it is checked once more, which takes a minute.
fn documentation(repo: &Repo) -> Result<()> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().context("asking rustc")?;
    let driver = format!("{}/bin/clippy-driver", String::from_utf8_lossy(&sysroot.stdout).trim());
    let mut env = vec![("RUSTDOCFLAGS", "-D warnings")];
    if Path::new(&driver).is_file() {
        let warnings = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
        env.extend([("RUSTC_WORKSPACE_WRAPPER", driver.as_str()), ("CLIPPY_ARGS", warnings)]);
    }
    run_command(repo, DOC, &env)
}

/// What a gate came to.
struct Outcome {
    name: &'static str,
    error: Option<String>,
    took: Duration,
    summary: Option<String>,
}

/// Lists the gates.
pub(crate) fn list() {
    for gate in GATES {
        println!("{:12} {}", gate.name, gate.says);
    }
}

/// Runs one gate.
pub(crate) fn run_one(repo: &Repo, name: &str) -> Result<()> {
    let Some(gate) = GATES.iter().find(|gate| gate.name == name) else {
        bail!("no such verb or gate: {name}; `cargo xtask gates` lists the gates");
    };
    let outcome = run(repo, gate);
    if let Some(summary) = outcome.summary {
        println!("{summary}");
    }
    match outcome.error {
        Some(error) => bail!("{name}: {error}"),
        None => Ok(()),
    }
}

/// Runs every gate, prints what each came to, and the test run's summary as the last line.
/// True when all passed.
pub(crate) fn run_all(repo: &Repo) -> bool {
    let outcomes: Vec<Outcome> = GATES
        .iter()
        .map(|gate| {
            println!("\n== {}: {}", gate.name, gate.says);
            let outcome = run(repo, gate);
            if let Some(error) = &outcome.error {
                println!("{}: {error}", gate.name);
            }
            outcome
        })
        .collect();
    println!("\ngate         result   seconds");
    for outcome in &outcomes {
        let result = if outcome.error.is_some() { "FAILED" } else { "ok" };
        println!("{:12} {result:8} {:7.1}", outcome.name, outcome.took.as_secs_f64());
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|outcome| outcome.error.is_some()).map(|outcome| outcome.name).collect();
    if !failed.is_empty() {
        println!("{} of {} gates failed: {}", failed.len(), GATES.len(), failed.join(", "));
    }
    let summary = outcomes.iter().find_map(|outcome| outcome.summary.as_deref());
    println!("{}", summary.unwrap_or("the tests came to no summary"));
    failed.is_empty()
}

fn run(repo: &Repo, gate: &Gate) -> Outcome {
    let started = Instant::now();
    let mut summary = None;
    let result = match gate.check {
        Check::Own(check) => check(repo),
        Check::Run(command, env) => run_command(repo, command, env),
        Check::Tests(command) => run_tests(repo, command, &mut summary),
    };
    Outcome {
        name: gate.name,
        error: result.err().map(|error| format!("{error:#}")),
        took: started.elapsed(),
        summary,
    }
}

fn command(repo: &Repo, line: &[&str], env: &[(&str, &str)]) -> Result<Command> {
    let (program, args) = line.split_first().context("a gate without a command")?;
    let mut command = Command::new(program);
    command.args(args).current_dir(&repo.root).env("PATH", tools::search_path(repo)?);
    // `cargo run` describes xtask's own package here, and some tools conclude from it how they were called.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command.envs(env.iter().copied());
    Ok(command)
}

/// Runs a command in the root, with the tools' folders in `PATH`.
pub(crate) fn run_command(repo: &Repo, line: &[&str], env: &[(&str, &str)]) -> Result<()> {
    let status = command(repo, line, env)?.status().with_context(|| missing(line))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line.join(" "));
    }
    Ok(())
}

/// Builds the binary, which the end-to-end tests start, sees to the servers that they talk to, then shows the run as it goes and keeps its summary.
fn run_tests(repo: &Repo, line: &[&str], summary: &mut Option<String>) -> Result<()> {
    requirements::forget(repo)?;
    run_command(repo, BINARIES, &[])?;
    if std::env::var_os("ADJOURN_PEERS").is_none() {
        run_command(repo, PEERS, &[])?;
    }
    let mut child =
        command(repo, line, &[])?.stderr(Stdio::piped()).spawn().with_context(|| missing(line))?;
    let output = child.stderr.take().context("the run's output was asked for")?;
    for text in BufReader::new(output).split(b'\n') {
        let text = text.context("reading the test run's output")?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        if is_summary(&text) {
            *summary = Some(text.into_owned());
        }
    }
    let status = child.wait().context("waiting for the test run")?;
    if !status.success() {
        bail!("`{}` ended with {status}", line.join(" "));
    }
    Ok(())
}

fn is_summary(line: &str) -> bool {
    line.trim_start().starts_with("Summary [")
}

fn missing(line: &[&str]) -> String {
    format!("starting `{}`; `cargo xtask tools` installs what is missing", line.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_line_is_recognised() {
        assert!(is_summary("     Summary [   0.005s] 8 tests run: 8 passed, 0 skipped"));
        assert!(!is_summary("        PASS [   0.004s] adjourn-domain canonical::tests::Summary"));
    }

    #[test]
    fn gate_names_are_unique() {
        let mut names: Vec<_> = GATES.iter().map(|gate| gate.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), GATES.len());
    }
}
