//! Files that are made from others and committed; the gate fails when making them again changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::config_reference;
use crate::gates::run_command;
use crate::i18n_catalog::{Catalog, Entry};
use crate::i18n_gate::{load, text_of};
use crate::repo::Repo;
use crate::requirements;

/// Paths, relative to the root, with their contents.
type Files = BTreeMap<String, String>;

/// A folder whose every `.md` file is generated, and what makes them.
struct Generator {
    folder: &'static str,
    make: fn(&Repo) -> Result<Files>,
}

/// A single file among others that are written by hand.
struct Single {
    make: fn(&Repo) -> Result<(String, String)>,
}

const SINGLES: &[Single] = &[
    Single { make: requirements::table },
    Single { make: config_reference::page },
    Single { make: config_reference::schema },
];

const GENERATORS: &[Generator] = &[Generator { folder: "docs/errors", make: error_pages }];

/// A file that only our crates can make, which nothing here may depend on: a test of theirs compares it, and writes
/// it where [`BLESS`] is set.
struct Blessed {
    file: &'static str,
    test: &'static str,
}

const BLESS: &str = "ADJOURN_BLESS";

const BLESSED: &[Blessed] = &[
    Blessed {
        file: "docs/reference/connectors.md",
        test: "package(adjourn-connector-testkit) & test(=matrix::tests::the_committed_document_is_current)",
    },
    Blessed {
        file: "docs/reference/archive.schema.json",
        test: "package(adjourn-archive) & test(=model::schema::tests::the_committed_schema_is_this_one)",
    },
    Blessed {
        file: "docs/reference/openapi.json",
        test: "package(adjourn-api) & test(=tests::the_committed_document_is_current)",
    },
];

/// Runs the test of a file, which says whether the file is not current or our crates do not build. Over the whole workspace, because a crate that is
/// built alone is built with other features of its dependencies: nothing of that would serve the gates that follow. A test that is not there any more is
/// a failure.
fn run_blessed(repo: &Repo, Blessed { test, .. }: &Blessed, env: &[(&str, &str)]) -> Result<()> {
    let run = ["cargo", "nextest", "run", "--workspace", "--lib", "--locked", "--cargo-quiet"];
    let how = ["--status-level=fail", "--no-tests=fail", "--filterset", test];
    run_command(repo, &[&run[..], &how[..]].concat(), env)
}

/// Writes every generated file and removes those that nothing makes any more.
pub(crate) fn write(repo: &Repo) -> Result<()> {
    for generator in GENERATORS {
        let files = (generator.make)(repo)?;
        let mut changed = 0_usize;
        for path in stale(&repo.root, generator.folder, &files)? {
            let full = repo.root.join(&path);
            if let Some(text) = files.get(&path) {
                let folder = full.parent().context("a generated file lies in a folder")?;
                fs::create_dir_all(folder).with_context(|| path.clone())?;
                fs::write(&full, text).with_context(|| path.clone())?;
            } else {
                fs::remove_file(&full).with_context(|| path.clone())?;
            }
            changed += 1;
        }
        println!("{}: {} files, {changed} changed", generator.folder, files.len());
    }
    for Single { make } in SINGLES {
        let (path, text) = make(repo)?;
        fs::write(repo.root.join(&path), text).with_context(|| path.clone())?;
        println!("{path}: written");
    }
    for blessed in BLESSED {
        run_blessed(repo, blessed, &[(BLESS, "1")]).with_context(|| blessed.file.to_owned())?;
        println!("{}: written", blessed.file);
    }
    Ok(())
}

/// Fails when [`write()`] would change anything.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    let mut all = Vec::new();
    for generator in GENERATORS {
        let files = (generator.make)(repo)?;
        all.extend(stale(&repo.root, generator.folder, &files)?);
        println!("{}: {} files", generator.folder, files.len());
    }
    for Single { make } in SINGLES {
        let (path, text) = make(repo)?;
        if fs::read_to_string(repo.root.join(&path)).ok().as_deref() != Some(text.as_str()) {
            all.push(path);
        }
    }
    for blessed in BLESSED {
        if let Err(error) = run_blessed(repo, blessed, &[]) {
            println!("{}: {error:#}", blessed.file);
            all.push(blessed.file.to_owned());
        } else {
            println!("{}: current", blessed.file);
        }
    }
    for path in &all {
        println!("{path} is not what generating it gives");
    }
    if !all.is_empty() {
        bail!("run `cargo xtask gen` and commit the result");
    }
    Ok(())
}

/// Paths that are missing, differ, or are not generated any more.
fn stale(root: &Path, folder: &str, files: &Files) -> Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for (path, text) in files {
        if fs::read_to_string(root.join(path)).ok().as_deref() != Some(text) {
            paths.insert(path.clone());
        }
    }
    // A folder that does not exist yet holds nothing that would be left over.
    let Ok(listing) = fs::read_dir(root.join(folder)) else { return Ok(paths) };
    for entry in listing {
        let name = entry.with_context(|| folder.to_owned())?.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if Path::new(&path).extension().is_some_and(|found| found == "md") && !files.contains_key(&path) {
            paths.insert(path);
        }
    }
    Ok(paths)
}

fn error_pages(repo: &Repo) -> Result<Files> {
    Ok(pages_of(&load(repo)?))
}

fn pages_of(catalog: &Catalog) -> Files {
    let mut files = Files::new();
    let mut index = String::from(
        "# Error codes\n\nGenerated by `cargo xtask gen` from `i18n/`.\n\n| code | zh-CN | en |\n|---|---|---|\n",
    );
    for (code, key) in catalog.error_codes() {
        let hint = catalog.entries.get(&format!("{key}.hint"));
        let (Some(text), Some(hint)) = (catalog.entries.get(key), hint) else { continue };
        let (zh, en) = (text_of(&text.zh), text_of(&text.en));
        let _ = writeln!(index, "| [`{code}`]({code}.md) | {zh} | {en} |");
        files.insert(format!("docs/errors/{code}.md"), page(&code, text, hint));
    }
    files.insert("docs/errors/README.md".to_owned(), index);
    files
}

fn page(code: &str, text: &Entry, hint: &Entry) -> String {
    let args: BTreeSet<&String> = text.args.union(&hint.args).collect();
    let mut page = format!(
        "# `{code}`\n\n## zh-CN\n\n{}\n\n> {}\n\n## en\n\n{}\n\n> {}\n",
        text_of(&text.zh),
        text_of(&hint.zh),
        text_of(&text.en),
        text_of(&hint.en),
    );
    if !args.is_empty() {
        let list: Vec<String> = args.iter().map(|arg| format!("`{arg}`")).collect();
        let _ = write!(page, "\n## args\n\n{}\n", list.join(", "));
    }
    page.push_str("\n<!-- Generated by `cargo xtask gen` from i18n/; edit the texts there. -->\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_missing_and_a_left_over_page_are_all_stale() {
        let root = std::env::temp_dir().join(format!("adjourn-xtask-gen-{}", std::process::id()));
        fs::create_dir_all(root.join("g")).unwrap();
        for (name, text) in
            [("same.md", "1"), ("changed.md", "old"), ("left-over.md", "1"), ("other.txt", "1")]
        {
            fs::write(root.join("g").join(name), text).unwrap();
        }
        let files = [("g/same.md", "1"), ("g/changed.md", "new"), ("g/missing.md", "1")];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let found = stale(&root, "g", &files).unwrap();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["g/changed.md", "g/left-over.md", "g/missing.md"]);
    }

    #[test]
    fn a_page_has_both_languages_and_the_arguments() {
        let pages = error_pages(&Repo::find().unwrap()).unwrap();
        let page = pages.get("docs/errors/plan.stale.md").unwrap();
        for part in ["# `plan.stale`", "## zh-CN", "## en", "‹case›", "`case`, `differences`"] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }
}
