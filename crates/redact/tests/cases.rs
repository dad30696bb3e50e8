//! Every text of `fixtures/cases.txt` has exactly the identifiers that are marked in it.
#![expect(clippy::unwrap_used, reason = "a mark that has no end or no kind is a failed test")]

use adjourn_redact::{Detector, Members, Scratch};

/// A text without its marks, and what was marked: kind and identifier.
fn unmarked(line: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut marks) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("[[") {
        let (mark, after) = behind.split_once("]]").unwrap();
        let (kind, identifier) = mark.split_once('|').unwrap();
        text.push_str(before);
        text.push_str(identifier);
        marks.push((kind.to_owned(), identifier.to_owned()));
        rest = after;
    }
    text.push_str(rest);
    (text, marks)
}

#[test]
fn every_text_has_exactly_what_is_marked() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    let lines =
        include_str!("fixtures/cases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let (text, marks) = unmarked(line);
        let spans = detector.find(&text, &mut scratch);
        let found: Vec<(String, String)> =
            spans.iter().map(|span| (span.kind.to_string(), text[span.start..span.end].to_owned())).collect();
        if found != marks {
            wrong.push(format!("{text}\n    wanted {marks:?}\n    found  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}
