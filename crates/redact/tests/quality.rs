//! What is found of what is labelled: on text that people wrote, and on the generated corpus. A label is found when nine tenths of it are masked.

use std::collections::BTreeMap;

use adjourn_redact::corpus::Corpus;
use adjourn_redact::{Detector, Kind, Members, Scratch, Span};
use serde_json::Value;

/// Labels and how many of them were found, by kind.
type Recall = BTreeMap<String, (usize, usize)>;

fn found(spans: &[Span], start: usize, end: usize) -> bool {
    let masked: usize =
        spans.iter().map(|span| span.end.min(end).saturating_sub(span.start.max(start))).sum();
    masked * 10 >= (end - start) * 9
}

fn count(recall: &mut Recall, kind: &str, hit: bool) {
    let of = recall.entry(kind.to_owned()).or_default();
    of.0 += 1;
    of.1 += usize::from(hit);
}

/// Whether at least so many of a thousand were found.
fn at_least(recall: &Recall, kind: &str, of_thousand: usize) {
    let (all, hit) = recall[kind];
    assert!(hit * 1000 >= all * of_thousand, "{kind}: {hit} of {all}");
}

#[test]
fn addresses_and_landlines_of_people_who_ask_for_the_way_are_found() {
    let detector = Detector::new(Members::new());
    let mut scratch = Scratch::default();
    let texts = include_str!("data/crosswoz/utterances.jsonl").lines();
    let labels = include_str!("data/crosswoz/spans.jsonl").lines();
    let (mut recall, mut strays) = (Recall::new(), BTreeMap::<Kind, usize>::new());
    for (text, labels) in texts.zip(labels) {
        let (text, labels): (Value, Value) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(labels).unwrap());
        let text = text["text"].as_str().unwrap();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let spans = detector.find(text, &mut scratch);
        for label in labels.as_array().unwrap() {
            let at = |n: usize| bytes[usize::try_from(label[n].as_u64().unwrap()).unwrap()];
            count(&mut recall, label[2].as_str().unwrap(), found(spans, at(0), at(1)));
        }
        let at = |label: &Value, n: usize| bytes[usize::try_from(label[n].as_u64().unwrap()).unwrap()];
        let labelled = |span: &&Span| {
            let mut labels = labels.as_array().unwrap().iter();
            labels.any(|label| span.start < at(label, 1) && at(label, 0) < span.end)
        };
        for span in spans.iter().filter(|span| !labelled(span)) {
            *strays.entry(span.kind).or_default() += 1;
        }
    }
    println!("{recall:?}, found without a label {strays:?}");
    assert_eq!((recall["ADDRESS"].0, recall["LANDLINE"].0), (806, 678));
    at_least(&recall, "ADDRESS", 950);
    at_least(&recall, "LANDLINE", 980);
    // The labels leave out some addresses and numbers, and no person is labelled: what is found there is looked at by hand when it becomes more.
    let most = [(Kind::Mobile, 6), (Kind::Landline, 227), (Kind::Address, 125), (Kind::Person, 292)];
    for (kind, count) in strays {
        assert!(most.iter().any(|(of, most)| *of == kind && count <= *most), "{count} {kind}");
    }
}

#[test]
fn of_the_corpus_every_structured_identifier_is_found_and_nothing_else_is_taken_for_one() {
    let corpus = Corpus::new(11);
    let mut members = Members::new();
    for (person, name) in (0..).zip(corpus.members()) {
        members.add(person, name);
    }
    let (detector, stranger) = (Detector::new(members), Detector::new(Members::new()));
    let mut scratch = Scratch::default();
    let mut recall = Recall::new();
    for message in corpus.take(50_000) {
        let spans = detector.find(&message.text, &mut scratch);
        for (start, end, kind) in &message.labels {
            count(&mut recall, kind.slug(), found(spans, *start, *end));
        }
        for span in spans.iter().filter(|span| span.kind.is_structured()) {
            let right = message.labels.iter().any(|(start, end, _)| span.start < *end && *start < span.end);
            assert!(right, "{} in {}", &message.text[span.start..span.end], message.text);
        }
        let spans = stranger.find(&message.text, &mut scratch);
        for (start, end, _) in message.labels.iter().filter(|(_, _, kind)| *kind == Kind::Person) {
            count(&mut recall, "stranger", found(spans, *start, *end));
        }
    }
    println!("{recall:?}");
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_structured() && *kind != Kind::Permit) {
        at_least(&recall, kind.slug(), 1000);
    }
    at_least(&recall, "address", 980);
    at_least(&recall, "person", 980);
    at_least(&recall, "stranger", 970);
}
