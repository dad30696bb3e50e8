//! Are the texts whole, used, and written as each language writes?
//!
//! The build already refuses keys and arguments that differ. This gate finds what a compiler can't: messages
//! that no code uses, codes of errors and notes in code that have no text or lack an argument of it, slugs of
//! capability rows that nothing explains, and half-width punctuation in Chinese.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::i18n_catalog::{Catalog, Entry, LANGUAGES, Part, VariantKey, function_name, note_name};
use crate::repo::{Repo, SourceFile};

/// Calls whose first argument is an error code.
const TAKES_A_CODE: &[&str] = &["Refusal::new(", "AppError::new("];

/// Calls whose first argument is the code of a note.
const TAKES_A_NOTE: &[&str] = &["Note::new("];

/// Loads the catalog; the problems are the gate's output.
pub(crate) fn load(repo: &Repo) -> Result<Catalog> {
    Catalog::load(&repo.root.join("i18n")).map_err(|problems| anyhow::anyhow!(problems.join("\n")))
}

/// Runs the gate.
pub(crate) fn run(repo: &Repo) -> Result<()> {
    let catalog = load(repo)?;
    let files = repo.files()?;
    let mut problems = unused(&catalog, &files);
    problems.extend(raised_errors(&catalog, &files));
    problems.extend(raised_notes(&catalog, &files));
    problems.extend(described(&catalog, &files));
    problems.extend(verified(&catalog, &files));
    problems.extend(half_width(&catalog));
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    for code in idle_notes(&catalog, &files) {
        println!("note-{code}: no code names it in full (no problem if it is put together)");
    }
    println!(
        "{} messages, {} errors, {} notes, {} words, each in {}",
        catalog.messages().count(),
        catalog.error_codes().count(),
        catalog.notes().count(),
        catalog.words().count(),
        LANGUAGES.join(" and "),
    );
    Ok(())
}

fn unused(catalog: &Catalog, files: &[SourceFile]) -> Vec<String> {
    let code = files.iter().filter(|file| {
        let page = file.has_extension("html") || file.has_extension("txt");
        (file.is_rust() || page) && !file.path.starts_with("crates/i18n/") && !file.path.starts_with("xtask/")
    });
    let used: BTreeSet<&str> = code.flat_map(|file| names(&file.text)).collect();
    catalog
        .messages()
        .filter(|(key, _)| !used.contains(function_name(key).as_str()))
        .map(|(key, entry)| format!("{}: nothing uses {key} (msg::{})", entry.file, function_name(key)))
        .collect()
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// Errors raised with a literal code: the code needs a text, and the text's arguments must be given by the
/// calls of `.with(` that follow. An argument that the text can do without (`[none]`) may be missing.
fn raised_errors(catalog: &Catalog, files: &[SourceFile]) -> Vec<String> {
    let keys: BTreeMap<String, &str> = catalog.error_codes().collect();
    raised_by(TAKES_A_CODE, files, "error", |code, given| {
        let key = keys.get(code)?;
        let parts = [(*key).to_owned(), format!("{key}.hint")];
        let entries = parts.iter().filter_map(|key| catalog.entries.get(key));
        Some(entries.flat_map(|entry| needed(&entry.en, given)).collect())
    })
}

/// Notes made with a literal code: the same as for errors.
fn raised_notes(catalog: &Catalog, files: &[SourceFile]) -> Vec<String> {
    let notes: BTreeMap<&str, &Entry> = catalog.notes().collect();
    raised_by(TAKES_A_NOTE, files, "note", |code, given| {
        notes.get(note_name(code).as_str()).map(|entry| needed(&entry.en, given))
    })
}

/// What is said about each call with a literal code; `needs` gives the arguments of the code's text.
fn raised_by(
    calls: &[&str],
    files: &[SourceFile],
    what: &str,
    needs: impl Fn(&str, &BTreeSet<&str>) -> Option<BTreeSet<String>>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !file.path.starts_with("xtask/")) {
        for call in calls {
            for (at, _) in file.text.match_indices(call) {
                let Some((code, given)) = file.text.get(at + call.len()..).and_then(raised) else { continue };
                let place = format!("{}:{}", file.path, line_of(&file.text, at));
                match needs(code, &given) {
                    None => problems.push(format!("{place}: the {what} {code} has no text")),
                    Some(needs) => problems.extend(
                        needs
                            .iter()
                            .filter(|arg| !given.contains(arg.as_str()))
                            .map(|arg| format!("{place}: the text of {code} needs {arg}")),
                    ),
                }
            }
        }
    }
    problems
}

/// Slugs in the descriptors of connectors and in the planner: each names a note of how or why, or a proof.
fn described(catalog: &Catalog, files: &[SourceFile]) -> Vec<String> {
    let notes: BTreeSet<&str> = catalog.notes().map(|(code, _)| code).collect();
    let mut problems = Vec::new();
    let describes = |path: &str| {
        path == "crates/domain/src/planner.rs"
            || (path.starts_with("crates/connectors/") && path.ends_with("/descriptor.rs"))
    };
    for file in files.iter().filter(|file| describes(&file.path)) {
        let text = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, slug) in slugs(text, '-') {
            let name = note_name(slug);
            if !notes.contains(name.as_str()) && !notes.contains(format!("proof-{name}").as_str()) {
                let line = line_of(text, at);
                problems.push(format!(
                    "{}:{line}: {slug} is neither note-{name} nor note-proof-{name}",
                    file.path
                ));
            }
        }
    }
    problems
}

/// What a check of evidence says: every slug has a text.
fn verified(catalog: &Catalog, files: &[SourceFile]) -> Vec<String> {
    let notes: BTreeSet<&str> = catalog.notes().map(|(code, _)| code).collect();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path == "crates/evidence/src/finding.rs") {
        let text = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, slug) in slugs(text, '.') {
            if !notes.contains(note_name(&format!("verify-{slug}")).as_str()) {
                problems.push(format!("{}:{}: {slug} has no text", file.path, line_of(text, at)));
            }
        }
    }
    problems
}

/// Notes whose code no literal in the code names.
fn idle_notes<'a>(catalog: &'a Catalog, files: &'a [SourceFile]) -> impl Iterator<Item = &'a str> {
    let code = files.iter().filter(|file| {
        file.path.starts_with("crates/") && !file.path.starts_with("crates/i18n/") && file.is_rust()
    });
    let named: BTreeSet<String> =
        code.flat_map(|file| literals(&file.text)).map(|(_, text)| note_name(text)).collect();
    catalog.notes().map(|(code, _)| code).filter(move |code| {
        let slug = code.strip_prefix("proof-").or(code.strip_prefix("verify-")).unwrap_or(code);
        !named.contains(*code) && !named.contains(slug)
    })
}

/// String literals that are slugs of several parts, joined by `joint`, with where they begin.
fn slugs(text: &str, joint: char) -> impl Iterator<Item = (usize, &str)> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    literals(text).filter(move |(_, slug)| slug.contains(joint) && slug.split(joint).all(part))
}

/// String literals on one line, with where they begin. Lines of comments are left out.
fn literals(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').flat_map(move |line| {
        let at = start;
        start += line.len();
        let comment = line.trim_start().starts_with("//");
        let pieces = line.split('"').scan(at, |at, piece| {
            let begin = *at;
            *at += piece.len() + 1;
            Some((begin, piece))
        });
        pieces.skip(1).step_by(2).filter(move |_| !comment)
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The literal code, and the names given to the `.with(` calls right behind it.
fn raised(rest: &str) -> Option<(&str, BTreeSet<&str>)> {
    let (code, mut rest) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
    let mut given = BTreeSet::new();
    rest = rest.trim_start().trim_start_matches(',').trim_start().strip_prefix(')')?;
    while let Some(call) = rest.trim_start().strip_prefix(".with(") {
        let name = call.trim_start().strip_prefix('"').and_then(|name| name.split('"').next());
        given.extend(name);
        rest = behind_call(call);
    }
    Some((code, given))
}

/// What follows the closing bracket of a call whose opening bracket has been read.
fn behind_call(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

/// The arguments that a text can't do without, when these are given.
fn needed(parts: &[Part], given: &BTreeSet<&str>) -> BTreeSet<String> {
    let none = VariantKey::Word("none".to_owned());
    let mut args = BTreeSet::new();
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Arg(arg) => {
                args.insert(arg.clone());
            }
            Part::Select { arg, variants, default } => {
                match variants.iter().find(|(key, _)| *key == none) {
                    Some((_, without)) if !given.contains(arg.as_str()) => {
                        args.extend(needed(without, given));
                        continue;
                    }
                    _ => args.insert(arg.clone()),
                };
                args.extend(needed(default, given));
                args.extend(variants.iter().flat_map(|(_, parts)| needed(parts, given)));
            }
        }
    }
    args
}

fn half_width(catalog: &Catalog) -> Vec<String> {
    catalog
        .entries
        .iter()
        .filter(|(_, entry)| has_half_width(&text_of(&entry.zh)))
        .map(|(key, entry)| {
            format!("zh-CN/{}: {key} has a half-width , : ; ! or ? behind a Chinese character", entry.file)
        })
        .collect()
}

fn has_half_width(text: &str) -> bool {
    let next = text.chars().skip(1);
    text.chars().zip(next).any(|(a, b)| ('\u{4e00}'..='\u{9fff}').contains(&a) && ",:;!?".contains(b))
}

/// The text in one language with arguments as `‹name›` and the defaults of selectors.
pub(crate) fn text_of(parts: &[Part]) -> String {
    let pieces = parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Arg(arg) => format!("‹{arg}›"),
        Part::Select { default, .. } => text_of(default),
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn catalog(name: &str, zh: &str, en: &str) -> Result<Catalog, Vec<String>> {
        let root = std::env::temp_dir().join(format!("adjourn-xtask-{}-{name}", std::process::id()));
        for (lang, text) in LANGUAGES.into_iter().zip([zh, en]) {
            fs::create_dir_all(root.join(lang)).unwrap();
            fs::write(root.join(lang).join("a.ftl"), text).unwrap();
        }
        let catalog = Catalog::load(&root);
        fs::remove_dir_all(&root).unwrap();
        catalog
    }

    #[test]
    fn what_differs_between_the_languages_is_named_with_file_and_key() {
        let problems = catalog("missing", "one = A\n", "one = A\ntwo = B\n").unwrap_err();
        assert_eq!(problems, ["zh-CN/a.ftl: two is missing; it is in en/a.ftl"]);
        let problems = catalog("args", "one = A { $x }\n", "one = A { $y }\n").unwrap_err();
        assert!(problems.concat().contains("a.ftl: one takes"), "{problems:?}");
    }

    #[test]
    fn an_error_needs_a_hint_and_a_word_no_arguments() {
        let problems = catalog("hint", "error-a = A\n", "error-a = A\n").unwrap_err();
        assert_eq!(problems, ["a.ftl: error-a has no .hint in both languages"]);
        let problems = catalog("word", "word-a = { $x }\n", "word-a = { $x }\n").unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
    }

    #[test]
    fn what_fluent_can_do_but_we_do_not_is_refused() {
        for (name, text) in [
            ("function", "one = { NUMBER($x) }\n"),
            ("reference", "zero = A\none = { zero }\n"),
            ("case", "one = { $camelCase }\n"),
            ("plural", "one = { $count ->\n    [few] A\n   *[other] B\n}\n"),
            ("junk", "one = { $x\n"),
            ("twice", "one = A\none = B\n"),
            ("loop", "-a = { -a }\none = { -a }\n"),
        ] {
            assert!(catalog(name, text, text).is_err(), "{name}");
        }
    }

    #[test]
    fn an_unused_message_is_found() {
        let both = "used-one = A\nunused-one = B\n";
        let catalog = catalog("unused", both, both).unwrap();
        let files = [
            SourceFile::new("crates/cli/src/main.rs", "fn f() { msg::used_one(lang); not_unused_one(); }\n"),
            SourceFile::new("crates/i18n/src/tests.rs", "msg::unused_one(lang)\n"),
        ];
        assert_eq!(unused(&catalog, &files), ["a.ftl: nothing uses unused-one (msg::unused_one)"]);
    }

    #[test]
    fn a_code_without_a_text_is_found() {
        let both = "error-plan-stale = A\n    .hint = B\n";
        let catalog = catalog("codes", both, both).unwrap();
        let text = "Refusal::new(\"plan.stale\");\nRefusal::new(\"plan.odd\").with(\"a\", 1);\n";
        let found = raised_errors(&catalog, &[SourceFile::new("crates/domain/src/a.rs", text)]);
        assert_eq!(found, ["crates/domain/src/a.rs:2: the error plan.odd has no text"]);
    }

    #[test]
    fn an_error_that_lacks_an_argument_of_its_text_is_found() {
        let both = "error-a = { $x } { $y ->\n    [none] A\n   *[other] { $y }\n}\n    .hint = { $z }\n";
        let catalog = catalog("given", both, both).unwrap();
        let text = "AppError::new(\"a\")\n    .with(\"x\", f(1, (2)))\n    .with(\"q\", 1)\n    .into();\n";
        let found = raised_errors(&catalog, &[SourceFile::new("crates/app/src/a.rs", text)]);
        assert_eq!(found, ["crates/app/src/a.rs:1: the text of a needs z"]);
    }

    #[test]
    fn a_note_without_a_text_or_an_argument_is_found() {
        let both = "note-a-b = { $x }\n";
        let catalog = catalog("notes", both, both).unwrap();
        let text = "Note::new(\"a-b\").with(\"x\", 1);\nNote::new(\n  \"a-c\",\n);\nNote::new(\"a-d\");\nNote::new(\"a_b\");\n";
        let found = raised_notes(&catalog, &[SourceFile::new("crates/domain/src/a.rs", text)]);
        let at = "crates/domain/src/a.rs";
        assert_eq!(
            found,
            [
                format!("{at}:2: the note a-c has no text"),
                format!("{at}:5: the note a-d has no text"),
                format!("{at}:6: the text of a_b needs x")
            ]
        );
    }

    #[test]
    fn a_slug_of_a_descriptor_needs_a_note_or_a_proof() {
        let both =
            "note-emptied-out = A\nnote-proof-read-back = B\nnote-idle = C\nnote-verify-bag-form = D\n";
        let catalog = catalog("described", both, both).unwrap();
        let text = "//! \"not-this\"\nrow(\"emptied-out\", \"read-back\");\nrow(\"odd-one\", \"Text with-dash\");\n#[cfg(test)]\n\"not-that\"";
        let files = [
            SourceFile::new("crates/connectors/src/a/descriptor.rs", text),
            SourceFile::new("crates/evidence/src/finding.rs", "A = \"bag.form\",\nB = \"bag.odd\",\n"),
        ];
        assert_eq!(
            described(&catalog, &files),
            [
                "crates/connectors/src/a/descriptor.rs:3: odd-one is neither note-odd-one nor note-proof-odd-one"
            ]
        );
        assert_eq!(verified(&catalog, &files), ["crates/evidence/src/finding.rs:2: bag.odd has no text"]);
        assert_eq!(idle_notes(&catalog, &files).collect::<Vec<_>>(), ["idle"]);
    }

    #[test]
    fn half_width_punctuation_behind_chinese_is_found() {
        assert!(has_half_width("\u{7fa4},\u{7fa4}"));
        assert!(!has_half_width("\u{7fa4}\u{ff0c}https://a?b"));
    }
}
