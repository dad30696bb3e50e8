//! The rules of the house that no compiler knows. One file per rule, each with its own test.

mod adr;
mod allow;
mod cjk;
mod length;
mod machine_paths;
mod module_doc;
mod whitespace;

use anyhow::{Result, bail};

use crate::layering;
use crate::repo::{Repo, SourceFile};

/// What a rule found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Where: a path, or a path and a line.
    pub(crate) place: String,
    /// What is wrong and what to do about it.
    pub(crate) says: String,
    /// Whether it fails the gate.
    pub(crate) weight: Weight,
}

/// Whether a finding fails the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The gate fails.
    Error,
    /// It is listed.
    Warning,
}

impl Finding {
    /// A finding that fails the gate.
    pub(crate) fn error(place: impl Into<String>, says: impl Into<String>) -> Self {
        Self { place: place.into(), says: says.into(), weight: Weight::Error }
    }

    /// A finding that is listed only.
    pub(crate) fn warning(place: impl Into<String>, says: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(place, says) }
    }
}

type Rule = fn(&[SourceFile]) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("adr", adr::check),
    ("allow", allow::check),
    ("cjk", cjk::check),
    ("length", length::check),
    ("machine-paths", machine_paths::check),
    ("module-doc", module_doc::check),
    ("whitespace", whitespace::check),
];

/// Runs every rule and the layering table.
pub(crate) fn run(repo: &Repo) -> Result<()> {
    let files = repo.files()?;
    let mut errors = 0_usize;
    for (name, rule) in RULES {
        for finding in rule(&files) {
            let label = match finding.weight {
                Weight::Error => "error",
                Weight::Warning => "warning",
            };
            errors += usize::from(finding.weight == Weight::Error);
            println!("{label}[{name}] {}: {}", finding.place, finding.says);
        }
    }
    for violation in layering::check_workspace(repo)? {
        errors += 1;
        println!("error[layering] {violation}");
    }
    if errors > 0 {
        bail!("{errors} findings");
    }
    println!("{} files, {} rules and the import table: clean", files.len(), RULES.len());
    Ok(())
}
