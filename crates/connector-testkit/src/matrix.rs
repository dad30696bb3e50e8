//! The connector matrix as a document, from the descriptors alone, in both languages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use adjourn_connector_kit::Descriptor;
use adjourn_domain::capability::{Capability, EffectClass, Op, Reversible};
use adjourn_domain::fact::Text;

/// A language of the document.
#[derive(Clone, Copy)]
enum Lang {
    Zh,
    En,
}

/// The words, by slug.
struct Words(BTreeMap<String, Text>);

impl Words {
    fn get(&self, key: &str, lang: Lang) -> String {
        self.0.get(key).map_or_else(|| key.to_owned(), |text| pick(text, lang))
    }
}

fn pick(text: &Text, lang: Lang) -> String {
    match lang {
        Lang::Zh => text.zh.clone(),
        Lang::En => text.en.clone(),
    }
}

/// The text of `docs/reference/connectors.md`: every connector of the registry, row by row.
pub fn matrix_markdown() -> String {
    let words = Words(serde_json::from_str(include_str!("../data/matrix.json")).unwrap_or_default());
    let all: Vec<Descriptor> =
        adjourn_connectors::all().iter().map(|entry| (entry.connector)().descriptor().clone()).collect();
    let mut out = String::new();
    for lang in [Lang::Zh, Lang::En] {
        let _ = writeln!(out, "# {}\n\n{}\n", words.get("title", lang), words.get("generated", lang));
        overview(&mut out, &words, &all, lang);
        for one in &all {
            details(&mut out, &words, one, lang);
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn overview(out: &mut String, words: &Words, all: &[Descriptor], lang: Lang) {
    let names: Vec<String> = all.iter().map(|one| pick(&one.name, lang)).collect();
    let _ = writeln!(out, "## {}\n", words.get("overview", lang));
    let _ = writeln!(out, "| {} | {} |", words.get("op", lang), names.join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(all.len()));
    for op in Op::ALL {
        let grades: Vec<String> = all
            .iter()
            .map(|one| row(one, op).map_or_else(String::new, |row| words.get(row.support.slug(), lang)))
            .collect();
        let _ = writeln!(out, "| {} | {} |", words.get(op.slug(), lang), grades.join(" | "));
    }
    let tiers: Vec<String> = all.iter().map(|one| words.get(one.tier.slug(), lang)).collect();
    let _ = writeln!(out, "| *{}* | {} |\n", words.get("tier", lang), tiers.join(" | "));
}

fn details(out: &mut String, words: &Words, one: &Descriptor, lang: Lang) {
    let _ = writeln!(out, "## {} (`{}`)\n", pick(&one.name, lang), one.platform);
    let head = ["op", "support", "reversible", "proof", "class", "permission", "checked"];
    let head: Vec<String> = head.iter().map(|key| words.get(key, lang)).collect();
    let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    for row in Op::ALL.into_iter().filter_map(|op| row(one, op)) {
        let support = words.get(row.support.slug(), lang);
        let note = if row.note.is_empty() { String::new() } else { format!(" (`{}`)", escape(&row.note)) };
        let _ = writeln!(
            out,
            "| {} | {support}{note} | {} | {} | {} | {} | {} |",
            words.get(row.op.slug(), lang),
            reversible(words, &row.reversible, lang),
            code(&row.proof),
            class(row.class),
            code(&row.permission),
            source(row),
        );
    }
    out.push('\n');
}

fn row(one: &Descriptor, op: Op) -> Option<&Capability> {
    one.capabilities.iter().find(|row| row.op == op)
}

fn reversible(words: &Words, value: &Reversible, lang: Lang) -> String {
    match value {
        Reversible::Harmless => words.get("harmless", lang),
        Reversible::Always => words.get("always", lang),
        Reversible::Never => words.get("never", lang),
        Reversible::Seconds { seconds } => format!("{seconds} {}", words.get("seconds", lang)),
    }
}

fn class(class: EffectClass) -> &'static str {
    match class {
        EffectClass::K => "K",
        EffectClass::P => "P",
        EffectClass::U => "U",
    }
}

fn source(row: &Capability) -> String {
    if row.source.starts_with("https://") {
        format!("[{}]({})", row.checked, row.source)
    } else {
        format!("{} {}", row.checked, code(&row.source))
    }
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", escape(text)) }
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_and_every_connector_and_operation() {
        let text = matrix_markdown();
        for one in adjourn_connectors::all() {
            assert_eq!(text.matches(&format!("(`{}`)", one.id)).count(), 2);
        }
        let words: BTreeMap<String, Text> =
            serde_json::from_str(include_str!("../data/matrix.json")).unwrap();
        for op in Op::ALL {
            assert!(words.contains_key(op.slug()), "{}", op.slug());
        }
        assert_eq!(text, matrix_markdown());
    }

    /// `cargo xtask gen` runs this test, with `ADJOURN_BLESS` to write the document, and without to check it.
    #[test]
    fn the_committed_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/connectors.md");
        let text = matrix_markdown();
        if std::env::var_os("ADJOURN_BLESS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == text, "docs/reference/connectors.md is not current: run `cargo xtask gen`");
    }
}
