//! The repository as the gates see it: its root, and the text files that git knows or would add.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// A larger file is data, not something that a style rule applies to.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// The repository.
pub(crate) struct Repo {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
}

/// A text file, with its path relative to the root and `/` between the parts.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Such as `crates/domain/src/lib.rs`.
    pub(crate) path: String,
    /// The whole content.
    pub(crate) text: String,
}

impl Repo {
    /// The repository that this program was built in.
    pub(crate) fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().context("xtask lies directly under the root")?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// Every text file that is tracked, or new and not ignored.
    pub(crate) fn files(&self) -> Result<Vec<SourceFile>> {
        let mut files = Vec::new();
        for path in self.paths()? {
            let full = self.root.join(&path);
            // A tracked file may be deleted in the working tree; links would be read twice.
            let Ok(meta) = fs::symlink_metadata(&full) else { continue };
            if !meta.is_file() || meta.len() > MAX_BYTES {
                continue;
            }
            let bytes = fs::read(&full).with_context(|| path.clone())?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(SourceFile { path, text });
            }
        }
        Ok(files)
    }

    fn paths(&self) -> Result<Vec<String>> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()
            .context("running git ls-files")?;
        if !output.status.success() {
            bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let listing = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        Ok(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }
}

impl SourceFile {
    /// True for Rust sources.
    pub(crate) fn is_rust(&self) -> bool {
        self.has_extension("rs")
    }

    /// True when the name ends with this extension.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// True when one of the path's folders has this name.
    pub(crate) fn in_folder(&self, name: &str) -> bool {
        self.path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|part| part == name))
    }

    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }

    /// For tests: a file that exists only in memory.
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_lists_its_own_files() {
        let files = Repo::find().unwrap().files().unwrap();
        let this = files.iter().find(|file| file.path == "xtask/src/repo.rs").unwrap();
        assert!(this.text.starts_with("//!"));
        assert!(this.is_rust() && this.in_folder("src") && !this.in_folder("repo.rs"));
    }
}
