//! Nothing in the repository may name a path of one person's machine: it is wrong everywhere else.

use super::Finding;
use crate::repo::SourceFile;

/// First folders of such paths. Put together here, so that this file does not find itself.
const FOLDERS: [&str; 3] = ["work", "root", "home"];

/// Lines with an absolute path under one of these folders.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.lines() {
            for folder in FOLDERS {
                if names(line, &format!("/{folder}/")) {
                    findings.push(Finding::error(
                        format!("{}:{number}", file.path),
                        format!("names an absolute path of a machine (/{folder}/…)"),
                    ));
                }
            }
        }
    }
    findings
}

/// True when the path stands on its own: inside a longer path or behind a host name it is part of something else.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~$}>)*/".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_path_is_found_and_a_relative_one_is_not() {
        let [work, root, home] = FOLDERS.map(|folder| format!("/{folder}"));
        let text = format!("cd {root}/x\nsee docs{work}/b\nhttps://example.org{home}/b\n\"{home}/b\"\n");
        let places: Vec<_> =
            check(&[SourceFile::new("a.sh", &text)]).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["a.sh:1", "a.sh:4"], "{text}");
    }
}
