//! `soak`: what is too long for every day, with a release build. The results are committed, so that a change of them is seen.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::repo::Repo;

/// Where the results lie.
const RESULTS: &str = "docs/reference/soak";
/// Messages of the export.
const RECORDS: &str = "1000000";

/// A million messages exported and killed on the way; the body is the daily test's.
pub(crate) fn export(repo: &Repo) -> Result<()> {
    let root = &repo.root;
    let run = |command: &mut Command| -> Result<()> {
        let status = command.current_dir(root).status().context("cargo can't be started")?;
        if status.success() { Ok(()) } else { bail!("{command:?} failed") }
    };
    // By the names of what is made, not of crates: with the features that everything else is built with.
    run(Command::new("cargo").args(["build", "--release", "--bin", "adjourn"]))?;
    fs::create_dir_all(root.join(RESULTS))?;
    let result = root.join(RESULTS).join("export.json");
    run(Command::new("cargo")
        .args(["test", "--workspace", "--test", "export", "--", "--nocapture", "a_long_export"])
        .env("ADJOURN_BIN", root.join("target/release/adjourn"))
        .env("ADJOURN_SOAK_RECORDS", RECORDS)
        .env("ADJOURN_SOAK_BUILD", "release")
        .env("ADJOURN_SOAK_RESULT", &result))?;
    println!("{}", fs::read_to_string(&result)?);
    Ok(())
}

/// Fuzz targets of the detector, and where they lie.
const FUZZED: (&str, [&str; 2]) = ("crates/redact", ["text", "lines"]);

/// Two million messages of which no identifier with a form may be left, then the detector's laws for some minutes: by a mutator that runs everywhere, and by
/// the fuzz targets for as long again, where cargo-fuzz and a nightly compiler are.
pub(crate) fn redact(repo: &Repo, args: &[&str]) -> Result<()> {
    let root = &repo.root;
    let minutes: u64 =
        args.first().map_or(Ok(10), |minutes| minutes.parse()).context("MINUTES is a number")?;
    let run = ["run", "--quiet", "--release", "--package", "adjourn-redact", "--example", "soak", "--"];
    let output = Command::new("cargo")
        .args(run)
        .arg(minutes.to_string())
        .args(args.iter().skip(1))
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo can't be started")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("a law was broken, or an identifier is left:\n{said}");
    }
    let mut result: serde_json::Value = serde_json::from_str(said.trim())?;
    let fuzzed = fuzz(repo, minutes * 60 / FUZZED.1.len() as u64)?;
    result.as_object_mut().context("one object")?.insert("fuzz".to_owned(), fuzzed);
    let text = format!("{}\n", serde_json::to_string_pretty(&result)?);
    fs::create_dir_all(root.join(RESULTS))?;
    fs::write(root.join(RESULTS).join("redact.json"), &text)?;
    println!("{text}");
    Ok(())
}

/// Runs each fuzz target for some seconds; null where the tool is not there.
fn fuzz(repo: &Repo, seconds: u64) -> Result<serde_json::Value> {
    let tool = repo.root.join("target/tools/bin/cargo-fuzz");
    let cargo = |args: &[&str]| {
        let mut command = Command::new(&tool);
        // The tool asks `cargo` of the toolchain that is named, not the one that runs this.
        command.arg("fuzz").args(args).env_remove("CARGO").env("RUSTUP_TOOLCHAIN", "nightly");
        command.current_dir(repo.root.join(FUZZED.0));
        command
    };
    if !cargo(&["--version"]).output().is_ok_and(|output| output.status.success()) {
        println!(
            "no cargo-fuzz (`cargo install cargo-fuzz --root target/tools`): the fuzz targets were not run"
        );
        return Ok(serde_json::Value::Null);
    }
    let mut runs = serde_json::Map::new();
    for target in FUZZED.1 {
        let limit = format!("-max_total_time={seconds}");
        let output = cargo(&["run", target, "--", &limit]).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("{target}: {}", said.lines().rev().take(40).collect::<Vec<_>>().join("\n"));
        }
        // `Done 123456 runs in 301 second(s)`.
        let count = said
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("Done ")?.split(' ').next()?.parse::<u64>().ok());
        runs.insert(target.to_owned(), serde_json::json!({"seconds": seconds, "runs": count, "crashes": 0}));
    }
    Ok(serde_json::Value::Object(runs))
}
