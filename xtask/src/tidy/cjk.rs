//! Chinese text lives in the message files, in data and in documents, never in code: a text in code exists
//! in one language only.

use super::Finding;
use crate::repo::SourceFile;

/// Folders, at any depth, that may hold Chinese text.
const FOLDERS: &[&str] = &["i18n", "profiles", "data", "fixtures", "docs", "snapshots", "recordings"];

/// Paths that may hold Chinese text.
const PREFIXES: &[&str] = &["tests/e2e/", "scripts/peers/", "CHANGELOG"];

/// Lines with Chinese characters in places that are not meant for them; one finding per file.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| !may_hold(file))
        .filter_map(|file| {
            let (number, _) = file.lines().find(|(_, line)| line.chars().any(is_cjk))?;
            Some(Finding::error(
                format!("{}:{number}", file.path),
                "Chinese text belongs into i18n/, profiles, data, fixtures or docs",
            ))
        })
        .collect()
}

fn may_hold(file: &SourceFile) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    FOLDERS.iter().any(|folder| file.in_folder(folder))
        || PREFIXES.iter().any(|prefix| file.path.starts_with(prefix))
        || name.starts_with("README")
}

fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x3000..=0x303F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF
        | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_in_code_is_found_and_in_its_places_is_not() {
        let text = "first\n\u{7fa4}\n\u{ff0c}\n";
        let found = check(&[
            SourceFile::new("crates/cli/src/main.rs", text),
            SourceFile::new("i18n/zh-CN/words.ftl", text),
            SourceFile::new("crates/i18n/src/tests.rs", text),
            SourceFile::new("crates/connectors/src/qq/fixtures/group.json", text),
            SourceFile::new("crates/connectors/src/qq/README.md", text),
            SourceFile::new("tests/e2e/src/demo.rs", text),
            SourceFile::new("CHANGELOG.md", text),
        ]);
        let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["crates/cli/src/main.rs:2"]);
    }
}
