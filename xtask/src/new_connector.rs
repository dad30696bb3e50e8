//! A new connector starts as a copy of the reference connector, under its own name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::repo::Repo;

const CONNECTORS: &str = "crates/connectors/src";
const REFERENCE: &str = "reference";

/// Whether anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The files are written.
    Write,
    /// The files are listed.
    DryRun,
}

/// Copies the reference connector and says what is left to do by hand.
pub(crate) fn run(repo: &Repo, name: &str, mode: Mode) -> Result<()> {
    let files = plan(&repo.root.join(CONNECTORS), name)?;
    for (path, text) in &files {
        let relative = path.strip_prefix(&repo.root).unwrap_or(path);
        println!("{} ({} lines)", relative.display(), text.lines().count());
        if mode == Mode::Write {
            let folder = path.parent().context("a connector's file lies in a folder")?;
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            fs::write(path, text).with_context(|| path.display().to_string())?;
        }
    }
    if mode == Mode::DryRun {
        println!("nothing was written (--dry-run)");
    }
    println!("add this one line to {CONNECTORS}/lib.rs, in alphabetical order:\n    pub mod {name};");
    println!(
        "then `cargo test -p adjourn-connector-testkit` plays the conformance suite on it; it is red until the connector keeps its promises"
    );
    Ok(())
}

/// The new files with their contents.
fn plan(connectors: &Path, name: &str) -> Result<Vec<(PathBuf, String)>> {
    check_name(name)?;
    let target = connectors.join(name);
    if target.exists() || connectors.join(format!("{name}.rs")).exists() {
        bail!("there is a connector {name} already");
    }
    let source = connectors.join(REFERENCE);
    if !source.is_dir() {
        bail!("the reference connector is not in {CONNECTORS}/{REFERENCE}");
    }
    let mut files = Vec::new();
    collect(&source, &mut files)?;
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&source).context("a file of the reference connector")?;
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let renamed = rename(&relative.to_string_lossy(), name);
            Ok((target.join(renamed), rename(&text, name)))
        })
        .collect()
}

/// A name is a Rust module, a folder and a platform id at once.
fn check_name(name: &str) -> Result<()> {
    let letters = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let starts = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if !letters || !starts || name.len() > 32 || name.ends_with('_') || name.contains("__") {
        bail!("{name:?} can't name a connector: lower-case letters, digits and single _, a letter first");
    }
    let taken = ["lib", "mod", "registry", "self", "super", "crate", "type", "match", "move", "ref", "use"];
    if taken.contains(&name) {
        bail!("{name:?} can't name a connector: the word is taken");
    }
    Ok(())
}

fn rename(text: &str, name: &str) -> String {
    text.replace(REFERENCE, name)
        .replace("Reference", &camel_case(name))
        .replace("REFERENCE", &name.to_uppercase())
}

fn camel_case(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let mut chars = part.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn with_reference(test: &str) -> Self {
            let root = std::env::temp_dir().join(format!("adjourn-xtask-{}-{test}", std::process::id()));
            let fixtures = root.join("reference/fixtures");
            fs::create_dir_all(&fixtures).unwrap();
            fs::write(root.join("reference/mod.rs"), "pub struct Reference; // the reference\n").unwrap();
            fs::write(fixtures.join("reference_group.json"), "{\"platform\":\"reference\"}\n").unwrap();
            Self(root)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn names_are_replaced_in_paths_and_texts() {
        let folder = Folder::with_reference("copy");
        let files = plan(&folder.0, "hello_chat").unwrap();
        let (path, text) = files.first().unwrap();
        assert_eq!(path, &folder.0.join("hello_chat/fixtures/hello_chat_group.json"));
        assert_eq!(text, "{\"platform\":\"hello_chat\"}\n");
        let (path, text) = files.get(1).unwrap();
        assert_eq!(path, &folder.0.join("hello_chat/mod.rs"));
        assert_eq!(text, "pub struct HelloChat; // the hello_chat\n");
    }

    #[test]
    fn a_name_that_is_taken_or_bad_is_refused() {
        let folder = Folder::with_reference("names");
        fs::create_dir_all(folder.0.join("qq")).unwrap();
        for name in ["qq", "reference", "", "Hello", "1a", "a-b", "../x", "a__b", "a_", "match", "mod"] {
            assert!(plan(&folder.0, name).is_err(), "{name}");
        }
    }

    #[test]
    fn planning_writes_nothing() {
        let folder = Folder::with_reference("dry");
        plan(&folder.0, "hello").unwrap();
        assert!(!folder.0.join("hello").exists());
    }
}
