//! Texts in which identifiers are marked. Of `fixtures/cases.txt` exactly what is marked is found; of `fixtures/held_out.txt`, which was written without a
//! look at the rules, what is found is counted by kind.
#![expect(clippy::unwrap_used, reason = "a mark that has no end or no kind is a failed test")]

use std::collections::BTreeMap;

use adjourn_redact::{Detector, Members, Scratch, Span};

/// What is marked in a text: first byte, the byte behind the last, kind.
type Mark = (usize, usize, String);

/// A text without its marks, and these.
fn unmarked(line: &str) -> (String, Vec<Mark>) {
    let (mut text, mut marks) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("[[") {
        let (mark, after) = behind.split_once("]]").unwrap();
        let (kind, identifier) = mark.split_once('|').unwrap();
        text.push_str(before);
        marks.push((text.len(), text.len() + identifier.len(), kind.to_owned()));
        text.push_str(identifier);
        rest = after;
    }
    text.push_str(rest);
    (text, marks)
}

/// The texts of a file.
fn texts(file: &'static str) -> impl Iterator<Item = (String, Vec<Mark>)> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(unmarked)
}

#[test]
fn every_text_has_exactly_what_is_marked() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    for (text, marks) in texts(include_str!("fixtures/cases.txt")) {
        let spans = detector.find(&text, &mut scratch);
        let found: Vec<Mark> =
            spans.iter().map(|span| (span.start, span.end, span.kind.to_string())).collect();
        if found != marks {
            let told = |marks: &[Mark]| {
                let told = marks.iter().map(|(start, end, kind)| format!("{kind} {}", &text[*start..*end]));
                told.collect::<Vec<_>>().join(", ")
            };
            wrong.push(format!("{text}\n    wanted {}\n    found  {}", told(&marks), told(&found)));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn of_sentences_that_were_written_before_they_were_tried_all_is_found_and_nothing_else() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    let mut recall = BTreeMap::<String, (usize, usize)>::new();
    let (mut missed, mut wrong, mut clean) = (Vec::new(), Vec::new(), 0);
    for (text, marks) in texts(include_str!("fixtures/held_out.txt")) {
        let spans = detector.find(&text, &mut scratch);
        clean += usize::from(marks.is_empty());
        // A mark is found when nine tenths of it are masked, by whatever kind.
        let masked =
            |span: &Span, start: usize, end: usize| span.end.min(end).saturating_sub(span.start.max(start));
        for (start, end, kind) in &marks {
            let all: usize = spans.iter().map(|span| masked(span, *start, *end)).sum();
            let hit = all * 10 >= (end - start) * 9;
            let of = recall.entry(kind.clone()).or_default();
            *of = (of.0 + usize::from(hit), of.1 + 1);
            if !hit {
                missed.push(format!("{kind}: {} in {text}", &text[*start..*end]));
            }
        }
        let stray = |span: &&Span| marks.iter().all(|(start, end, _)| masked(span, *start, *end) == 0);
        wrong.extend(
            spans
                .iter()
                .filter(stray)
                .map(|span| format!("{}: {} in {text}", span.kind, &text[span.start..span.end])),
        );
    }
    println!("{recall:?}, {clean} texts without a mark\n{}\n{}", missed.join("\n"), wrong.join("\n"));
    assert!(wrong.is_empty(), "{} that are none:\n{}", wrong.len(), wrong.join("\n"));
    for (kind, (hit, all)) in &recall {
        assert_eq!(all, hit, "{kind}:\n{}", missed.join("\n"));
    }
    assert!(recall.len() == 15 && clean > 150, "{recall:?}, {clean}");
}
