//! A file says what it is for before it says anything else.

use super::Finding;
use crate::repo::SourceFile;

/// Crate roots, and files with public items, that don't begin with `//!`.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| file.is_rust() && !file.in_folder("fixtures"))
        .filter(|file| is_root(&file.path) || has_public_item(&file.text))
        .filter(|file| !file.text.trim_start().starts_with("//!"))
        .map(|file| Finding::error(&file.path, "begin with a module doc (//!): what, why, invariants"))
        .collect()
}

fn is_root(path: &str) -> bool {
    path.ends_with("src/lib.rs") || path.ends_with("src/main.rs")
}

fn has_public_item(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("pub "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_file_is_found() {
        let found = check(&[
            SourceFile::new("crates/a/src/lib.rs", "mod x;\n"),
            SourceFile::new("crates/a/src/x.rs", "use std::fmt;\n\npub fn f() {}\n"),
            SourceFile::new("crates/a/src/y.rs", "//! Says why.\n\npub fn f() {}\n"),
            SourceFile::new("crates/a/src/tests.rs", "use super::*;\n"),
        ]);
        let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["crates/a/src/lib.rs", "crates/a/src/x.rs"]);
    }
}
