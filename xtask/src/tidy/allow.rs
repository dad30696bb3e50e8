//! A lint is silenced with `expect` and a reason, so that it comes back when the reason is gone.

use super::Finding;
use crate::repo::SourceFile;

/// Attributes that silence a lint for good.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for (number, line) in file.lines() {
            let start = line.trim_start();
            if ["#[", "#!["].iter().any(|open| start.starts_with(&format!("{open}allow("))) {
                findings.push(Finding::error(
                    format!("{}:{number}", file.path),
                    "use #[expect(lint, reason = \"…\")] instead",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allow_is_found_and_an_expect_is_not() {
        let text = "#![allow(dead_code)]\nfn f() {\n    #[allow(unused)]\n    let a = 1;\n}\n";
        let found = check(&[
            SourceFile::new("a.rs", text),
            SourceFile::new("b.rs", "#[expect(dead_code, reason = \"so\")]\nfn g() {}\n"),
            SourceFile::new("c.md", "#[allow(dead_code)]\n"),
        ]);
        let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["a.rs:1", "a.rs:3"]);
    }
}
