//! A decision record is one page.

use super::Finding;
use crate::repo::SourceFile;

const MAX_LINES: usize = 80;

/// Records of more than 80 lines.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| file.path.starts_with("docs/adr/") && file.has_extension("md"))
        .filter(|file| file.text.lines().count() > MAX_LINES)
        .map(|file| Finding::error(&file.path, format!("a decision record has at most {MAX_LINES} lines")))
        .collect()
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
}
