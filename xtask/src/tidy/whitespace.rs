//! No blanks at the ends of lines, and a newline at the end of every file.

use super::Finding;
use crate::repo::SourceFile;

/// Recorded bytes are kept as they came.
const AS_THEY_CAME: &[&str] = &["fixtures", "snapshots", "recordings", "rsmf"];
/// Mail folds its headers with blanks.
const MAIL: [&str; 2] = ["eml", "rsmf"];

/// Files with blanks at the end of a line, or without a newline at their end.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let mail = MAIL.iter().any(|of| file.has_extension(of));
        if AS_THEY_CAME.iter().any(|folder| file.in_folder(folder)) || file.has_extension("snap") || mail {
            continue;
        }
        let blanks = file.lines().find(|(_, line)| line.ends_with([' ', '\t', '\r']));
        if let Some((number, _)) = blanks {
            findings.push(Finding::error(format!("{}:{number}", file.path), "blanks at the end of the line"));
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            findings.push(Finding::error(&file.path, "no newline at the end of the file"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_a_missing_newline_are_found() {
        let found = check(&[
            SourceFile::new("a.md", "one\ntwo \n"),
            SourceFile::new("b.toml", "one"),
            SourceFile::new("c.rs", "one\n"),
            SourceFile::new("d/fixtures/e.txt", "one \nno newline"),
            SourceFile::new("empty", ""),
        ]);
        let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["a.md:2", "b.toml"]);
    }
}
