//! Who may import whom, as data, held against what `cargo metadata` says.
//!
//! A crate that is not in the table fails: a new room needs a decision about its doors. Normal and build
//! dependencies count; dev-dependencies are free except where the table names them.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::repo::Repo;

/// One row: a crate without the prefix `adjourn-`.
struct Row {
    name: &'static str,
    /// Crates of ours that it may use.
    ours: Ours,
    /// Crates from outside that it may never use.
    never: &'static [&'static [&'static str]],
    /// What its tests may not use either.
    never_in_tests: &'static [&'static str],
}

enum Ours {
    Only(&'static [&'static str]),
    Everything,
}

const ASYNC: &[&str] = &["tokio", "async-std", "smol", "async-trait", "futures", "futures-util"];
const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "tokio-util"];
const HTTP_CLIENTS: &[&str] = &["reqwest", "hyper", "hyper-util", "ureq", "tokio-tungstenite", "rustls"];
/// For a crate that serves by hyper itself.
const HTTP_CLIENTS_BUT_HYPER: &[&str] = &["reqwest", "ureq", "tokio-tungstenite", "rustls"];
const HTTP_SERVERS: &[&str] = &["axum", "tower-http", "utoipa"];
const TEMPLATES: &[&str] = &["askama", "minijinja", "tera", "maud"];
const SQL: &[&str] = &["rusqlite", "tokio-postgres", "postgres", "sqlx"];
const SQL_SERVERS: &[&str] = &["tokio-postgres", "postgres", "sqlx"];
const CHANCE: &[&str] = &["rand", "getrandom", "fastrand"];
const LOGS: &[&str] = &["tracing", "log"];

const TABLE: &[Row] = &[
    Row {
        name: "domain",
        ours: Ours::Only(&[]),
        never: &[ASYNC, HTTP_CLIENTS, HTTP_SERVERS, TEMPLATES, SQL, CHANCE, LOGS],
        never_in_tests: &["tokio", "rand", "getrandom"],
    },
    Row {
        name: "app",
        ours: Ours::Only(&["domain"]),
        never: &[SQL, HTTP_CLIENTS, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &["adjourn-connectors"],
    },
    Row {
        name: "connector-kit",
        ours: Ours::Only(&["domain"]),
        never: &[HTTP_CLIENTS, HTTP_SERVERS, RUNTIMES, SQL, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "world",
        ours: Ours::Only(&["connector-kit", "domain"]),
        never: &[ASYNC, HTTP_CLIENTS, HTTP_SERVERS, SQL, CHANCE, TEMPLATES, LOGS],
        never_in_tests: &["tokio"],
    },
    Row {
        name: "connectors",
        ours: Ours::Only(&["connector-kit", "domain", "formats", "world"]),
        never: &[RUNTIMES, HTTP_CLIENTS, HTTP_SERVERS, SQL, CHANCE, TEMPLATES],
        never_in_tests: &["adjourn-app", "adjourn-store", "adjourn-transport", "reqwest"],
    },
    Row {
        name: "connector-testkit",
        ours: Ours::Only(&["connector-kit", "connectors", "domain", "sim", "world"]),
        never: &[HTTP_CLIENTS, SQL],
        never_in_tests: &[],
    },
    Row {
        name: "sim",
        ours: Ours::Only(&["connector-kit", "connectors", "domain", "evidence", "world"]),
        never: &[SQL, HTTP_CLIENTS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "transport",
        ours: Ours::Only(&["connector-kit", "domain"]),
        never: &[SQL, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "host",
        ours: Ours::Only(&["app", "domain", "connector-kit", "transport"]),
        never: &[SQL, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "channel",
        ours: Ours::Only(&["app", "domain"]),
        never: &[SQL, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "redact",
        ours: Ours::Only(&[]),
        never: &[ASYNC, HTTP_CLIENTS, HTTP_SERVERS, SQL, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "archive",
        ours: Ours::Only(&["domain", "formats", "redact"]),
        never: &[RUNTIMES, HTTP_CLIENTS, HTTP_SERVERS, SQL_SERVERS],
        never_in_tests: &[],
    },
    Row {
        name: "formats",
        ours: Ours::Only(&["domain"]),
        never: &[ASYNC, HTTP_CLIENTS, HTTP_SERVERS, SQL, TEMPLATES, CHANCE, LOGS],
        never_in_tests: &[],
    },
    Row {
        name: "evidence",
        ours: Ours::Only(&["domain"]),
        never: &[RUNTIMES, HTTP_CLIENTS, HTTP_SERVERS, SQL_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "store",
        ours: Ours::Only(&["app", "domain"]),
        never: &[HTTP_CLIENTS, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "adapters",
        ours: Ours::Only(&["app", "domain", "archive", "evidence", "formats"]),
        never: &[SQL, HTTP_SERVERS],
        never_in_tests: &[],
    },
    Row {
        name: "worker",
        ours: Ours::Only(&["app", "domain"]),
        never: &[SQL, HTTP_CLIENTS, HTTP_SERVERS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "web",
        ours: Ours::Only(&["app", "domain", "i18n"]),
        never: &[SQL, HTTP_CLIENTS_BUT_HYPER],
        never_in_tests: &[],
    },
    Row {
        name: "api",
        ours: Ours::Only(&["app", "domain", "i18n", "web"]),
        never: &[SQL, HTTP_CLIENTS, TEMPLATES],
        never_in_tests: &[],
    },
    Row {
        name: "console",
        ours: Ours::Only(&["app", "domain", "i18n", "web"]),
        never: &[SQL, HTTP_CLIENTS],
        never_in_tests: &[],
    },
    Row {
        name: "i18n",
        ours: Ours::Only(&[]),
        never: &[ASYNC, HTTP_CLIENTS, HTTP_SERVERS, TEMPLATES, SQL, CHANCE, LOGS],
        never_in_tests: &[],
    },
    Row { name: "cli", ours: Ours::Everything, never: &[], never_in_tests: &[] },
    Row { name: "e2e", ours: Ours::Everything, never: &[SQL_SERVERS], never_in_tests: &[] },
];

/// Crates at the top, and crates for tests: no crate of ours builds on them. Tests may use the test kit.
const IMPORTED_BY_NOBODY: &[&str] = &["cli", "e2e", "connector-testkit"];

/// Nothing of the product, and nothing that it is made from.
const OUTSIDE_THE_TABLE: &[&str] = &["xtask"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Built,
    Dev,
}

#[derive(Debug)]
struct Package {
    name: String,
    uses: Vec<(String, Kind)>,
}

/// Every import of the workspace that the table forbids.
pub(crate) fn check_workspace(repo: &Repo) -> Result<Vec<String>> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1", "--quiet"])
        .current_dir(&repo.root)
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    Ok(violations(&packages(&metadata)))
}

fn packages(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name_of = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = metadata.get("packages").map(list).unwrap_or_default();
    all.iter()
        .map(|package| {
            let uses = package.get("dependencies").map(list).unwrap_or_default();
            let uses = uses.iter().map(|dependency| {
                let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
                (name_of(dependency), if dev { Kind::Dev } else { Kind::Built })
            });
            Package { name: name_of(package), uses: uses.collect() }
        })
        .collect()
}

fn violations(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        if OUTSIDE_THE_TABLE.contains(&package.name.as_str()) {
            let ours = package.uses.iter().filter(|(used, _)| used.starts_with("adjourn-"));
            found.extend(
                ours.map(|(used, _)| format!("{} stands outside and may not use {used}", package.name)),
            );
            continue;
        }
        let short = package.name.strip_prefix("adjourn-").unwrap_or(&package.name);
        match TABLE.iter().find(|row| row.name == short) {
            Some(row) => {
                found.extend(package.uses.iter().filter_map(|(used, kind)| refuse(row, used, *kind)));
            }
            None => {
                found.push(format!("{}: not in the import table; add a row with its doors", package.name));
            }
        }
    }
    found
}

fn refuse(row: &Row, used: &str, kind: Kind) -> Option<String> {
    let name = row.name;
    if kind == Kind::Dev {
        return row.never_in_tests.contains(&used).then(|| format!("{name}: its tests may not use {used}"));
    }
    if let Some(ours) = used.strip_prefix("adjourn-") {
        if IMPORTED_BY_NOBODY.contains(&ours) && name != "e2e" {
            return Some(format!("{name} may not use {used}: nothing builds on it"));
        }
        return match row.ours {
            Ours::Only(allowed) if !allowed.contains(&ours) => {
                Some(format!("{name} may not use {used}: of ours it may use {allowed:?}"))
            }
            _ => None,
        };
    }
    let forbidden = row.never.iter().any(|group| group.contains(&used));
    forbidden.then(|| format!("{name} may never use {used}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[(&str, Kind)]) -> Package {
        let uses = uses.iter().map(|(used, kind)| ((*used).to_owned(), *kind)).collect();
        Package { name: name.to_owned(), uses }
    }

    #[test]
    fn this_workspace_keeps_to_the_table() {
        assert_eq!(check_workspace(&Repo::find().unwrap()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_neighbour_is_found() {
        let found = violations(&[package("adjourn-connectors", &[("adjourn-store", Kind::Built)])]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_forbidden_crate_from_outside_is_found() {
        let found =
            violations(&[package("adjourn-domain", &[("tokio", Kind::Built), ("serde", Kind::Built)])]);
        assert_eq!(found, ["domain may never use tokio"]);
    }

    #[test]
    fn tests_are_free_except_where_the_table_says() {
        let uses = [("adjourn-connector-testkit", Kind::Dev), ("proptest", Kind::Dev), ("tokio", Kind::Dev)];
        assert_eq!(violations(&[package("adjourn-connectors", &uses)]), Vec::<String>::new());
        assert_eq!(violations(&[package("adjourn-domain", &uses)]), ["domain: its tests may not use tokio"]);
    }

    #[test]
    fn nothing_builds_on_the_binary_or_the_test_kit() {
        let uses = [("adjourn-connector-testkit", Kind::Built), ("adjourn-domain", Kind::Built)];
        assert_eq!(violations(&[package("adjourn-cli", &uses)]).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        assert_eq!(violations(&[package("adjourn-misc", &[])]).len(), 1);
    }

    #[test]
    fn dependencies_are_read_by_their_true_names() {
        let metadata = serde_json::json!({"packages": [{"name": "adjourn-domain", "dependencies": [
            {"name": "reqwest", "rename": "harmless", "kind": null},
            {"name": "sqlx", "kind": "build"},
            {"name": "insta", "kind": "dev"},
        ]}]});
        assert_eq!(violations(&packages(&metadata)).len(), 2);
    }
}
