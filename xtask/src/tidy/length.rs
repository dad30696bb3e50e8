//! One concept per file: a long file is usually two.

use super::Finding;
use crate::repo::SourceFile;

const WARN_AT: usize = 400;
const MAX_LINES: usize = 600;

/// Rust files that are too long, longest first.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let rust = files.iter().filter(|file| file.is_rust());
    let mut long: Vec<_> =
        rust.map(|file| (file.text.lines().count(), file)).filter(|(lines, _)| *lines > WARN_AT).collect();
    long.sort_by(|(a, file_a), (b, file_b)| b.cmp(a).then_with(|| file_a.path.cmp(&file_b.path)));
    long.into_iter()
        .map(|(lines, file)| {
            if lines > MAX_LINES {
                Finding::error(&file.path, format!("{lines} lines; the limit is {MAX_LINES}"))
            } else {
                Finding::warning(&file.path, format!("{lines} lines; over {WARN_AT} is a smell"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Weight;
    use super::*;

    #[test]
    fn over_400_warns_and_over_600_fails() {
        let file = |lines: usize| SourceFile::new("a.rs", &"x\n".repeat(lines));
        let weight = |lines| check(&[file(lines)]).first().map(|finding| finding.weight);
        assert_eq!(weight(400), None);
        assert_eq!(weight(401), Some(Weight::Warning));
        assert_eq!(weight(600), Some(Weight::Warning));
        assert_eq!(weight(601), Some(Weight::Error));
    }
}
