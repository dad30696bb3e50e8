//! A decision record is one page and has a number of its own.

use std::collections::BTreeMap;

use super::Finding;
use crate::repo::SourceFile;

const MAX_LINES: usize = 80;

/// Records of more than 80 lines, and those with the number of another one.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for file in files {
        let Some(name) = file.path.strip_prefix("docs/adr/").filter(|_| file.has_extension("md")) else {
            continue;
        };
        if file.text.lines().count() > MAX_LINES {
            findings
                .push(Finding::error(&file.path, format!("a decision record has at most {MAX_LINES} lines")));
        }
        if let Some(other) = numbers.insert(name.split('-').next().unwrap_or_default(), &file.path) {
            findings.push(Finding::error(&file.path, format!("{other} has this number")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_record_is_found() {
        let long = SourceFile::new("docs/adr/0001-one.md", &"line\n".repeat(81));
        let fits = SourceFile::new("docs/adr/0002-two.md", &"line\n".repeat(80));
        let guide = SourceFile::new("docs/guide.md", &"line\n".repeat(200));
        assert_eq!(check(&[long, fits, guide]).len(), 1);
    }

    #[test]
    fn a_number_that_two_records_have_is_found() {
        let record = |path: &str| SourceFile::new(path, "text\n");
        let found = check(&[record("docs/adr/0001-one.md"), record("docs/adr/0001-two.md")]);
        assert_eq!(found.len(), 1);
        assert!(check(&[record("docs/adr/0001-one.md"), record("docs/adr/0002-two.md")]).is_empty());
    }
}
