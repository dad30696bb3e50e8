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
    run(Command::new("cargo").args(["build", "--release", "-p", "adjourn-cli"]))?;
    fs::create_dir_all(root.join(RESULTS))?;
    let result = root.join(RESULTS).join("export.json");
    run(Command::new("cargo")
        .args(["test", "-p", "adjourn-e2e", "--test", "export", "--", "--nocapture", "a_long_export"])
        .env("ADJOURN_BIN", root.join("target/release/adjourn"))
        .env("ADJOURN_SOAK_RECORDS", RECORDS)
        .env("ADJOURN_SOAK_BUILD", "release")
        .env("ADJOURN_SOAK_RESULT", &result))?;
    println!("{}", fs::read_to_string(&result)?);
    Ok(())
}
