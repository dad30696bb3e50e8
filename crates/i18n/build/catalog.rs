//! Reads the Fluent files of both languages and holds them against each other.
//!
//! The same source is compiled into the build script of `adjourn-i18n` and into `xtask`, so that a build and
//! a gate can never disagree about what a message is. Everything that could go wrong when a text is shown is
//! found here instead: a key that one language lacks, arguments that differ, a reference that leads nowhere.
//!
//! The subset of Fluent in use is small on purpose: text, `{ $argument }`, selectors over an argument, and
//! terms (`{ -product }`). Functions and references to other messages are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast;

/// The two folders under `i18n/`, Chinese first.
pub(crate) const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// How deep selectors and terms may nest; a term that contains itself ends here instead of never.
const MAX_DEPTH: usize = 8;

/// The prefixes of the texts that are looked up by name; all others become functions.
const FAMILIES: [&str; 3] = ["error-", "word-", "note-"];

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Characters that are shown as they stand.
    Text(String),
    /// The value of an argument.
    Arg(String),
    /// One of several texts, chosen by an argument.
    Select {
        /// The argument that chooses.
        arg: String,
        /// The texts with the key that chooses each, the default left out.
        variants: Vec<(VariantKey, Vec<Part>)>,
        /// The text when no key fits.
        default: Vec<Part>,
    },
}

/// What chooses a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VariantKey {
    /// A number, as in `[0]`.
    Number(u64),
    /// A word: a plural category for numbers, otherwise the argument's own text.
    Word(String),
}

/// A text in both languages. An attribute is an entry of its own, named `message.attribute`.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The file's name without its folder, such as `errors.ftl`.
    pub(crate) file: String,
    /// Argument names, the same in both languages.
    pub(crate) args: BTreeSet<String>,
    /// The Chinese text.
    pub(crate) zh: Vec<Part>,
    /// The English text.
    pub(crate) en: Vec<Part>,
}

/// All texts by key.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// The entries by key.
    pub(crate) entries: BTreeMap<String, Entry>,
}

/// A text of one language, before it is paired.
#[derive(Debug)]
struct Raw {
    file: String,
    parts: Vec<Part>,
}

type Terms = BTreeMap<String, ast::Pattern<String>>;

impl Catalog {
    /// Reads `root/zh-CN/*.ftl` and `root/en/*.ftl`.
    ///
    /// # Errors
    /// Every problem found, each naming file and key, so that one build shows them all.
    pub(crate) fn load(root: &Path) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let [zh, en] = LANGUAGES.map(|lang| load_language(root, lang, &mut problems));
        let catalog = pair(zh, en, &mut problems);
        catalog.check_errors(&mut problems);
        catalog.check_words(&mut problems);
        catalog.check_notes(&mut problems);
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// The error codes (`plan.stale`) with the key of their message (`error-plan-stale`).
    pub(crate) fn error_codes(&self) -> impl Iterator<Item = (String, &str)> {
        self.entries
            .keys()
            .filter(|key| !key.contains('.'))
            .filter_map(|key| Some((key.strip_prefix("error-")?.replace('-', "."), key.as_str())))
    }

    /// The words of the closed vocabulary with their key.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().filter_map(|(key, entry)| Some((key.strip_prefix("word-")?, entry)))
    }

    /// The notes, by the code that data carries (`drift-owner`), with their key left out.
    pub(crate) fn notes(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().filter_map(|(key, entry)| Some((key.strip_prefix("note-")?, entry)))
    }

    /// The messages that become functions: neither errors nor words nor notes.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .filter(|(key, _)| !FAMILIES.iter().any(|family| key.starts_with(family)))
            .map(|(key, entry)| (key.as_str(), entry))
    }

    fn check_errors(&self, problems: &mut Vec<String>) {
        for (key, entry) in self.entries.iter().filter(|(key, _)| key.starts_with("error-")) {
            match key.split_once('.') {
                None if !self.entries.contains_key(&format!("{key}.hint")) => {
                    problems.push(format!("{}: {key} has no .hint in both languages", entry.file));
                }
                Some((_, attribute)) if attribute != "hint" => {
                    problems.push(format!("{}: {key}: an error has a .hint and nothing else", entry.file));
                }
                _ => {}
            }
        }
    }

    fn check_words(&self, problems: &mut Vec<String>) {
        for (key, entry) in self.words() {
            let plain = |parts: &[Part]| matches!(parts, [Part::Text(_)]);
            if key.contains('.') || !plain(&entry.zh) || !plain(&entry.en) {
                problems.push(format!("{}: word-{key}: a word is plain text without arguments", entry.file));
            }
        }
    }

    fn check_notes(&self, problems: &mut Vec<String>) {
        for (code, entry) in self.notes() {
            if code.contains('.') {
                problems.push(format!("{}: note-{code}: a note is one text without attributes", entry.file));
            } else if note_name(code) != code {
                problems.push(format!("{}: note-{code}: a note's key has - instead of _", entry.file));
            }
        }
    }
}

/// The name under which a note is found: `.` and `_`, as data has them, are read as `-`.
pub(crate) fn note_name(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

/// True for arguments that are numbers: `count`, `n_…`, `…_count`.
pub(crate) fn is_number(arg: &str) -> bool {
    arg == "count" || arg.starts_with("n_") || arg.ends_with("_count")
}

/// The name of the function made from a key: `plan-stale.hint` becomes `plan_stale_hint`.
pub(crate) fn function_name(key: &str) -> String {
    key.replace(['-', '.'], "_")
}

fn load_language(root: &Path, lang: &str, problems: &mut Vec<String>) -> BTreeMap<String, Raw> {
    let folder = root.join(lang);
    let files = ftl_files(&folder).unwrap_or_else(|error| {
        problems.push(format!("{lang}: {error}"));
        Vec::new()
    });
    let mut resources = Vec::new();
    let mut terms = Terms::new();
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let parsed = fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|source| parse(&source))
            .unwrap_or_else(|error| {
                problems.push(format!("{lang}/{name}: {error}"));
                Vec::new()
            });
        for entry in &parsed {
            if let ast::Entry::Term(term) = entry {
                terms.insert(term.id.name.clone(), term.value.clone());
            }
        }
        resources.push((name, parsed));
    }
    let mut found = BTreeMap::new();
    for (file, entries) in resources {
        for entry in entries {
            let ast::Entry::Message(message) = entry else { continue };
            let id = message.id.name;
            if message.value.is_none() {
                problems.push(format!("{lang}/{file}: {id} has attributes but no text"));
            }
            let texts = message.value.map(|value| (id.clone(), value)).into_iter().chain(
                message
                    .attributes
                    .into_iter()
                    .map(|attribute| (format!("{id}.{}", attribute.id.name), attribute.value)),
            );
            for (key, pattern) in texts {
                let parts = lower(&pattern, &terms, 0).unwrap_or_else(|error| {
                    problems.push(format!("{lang}/{file}: {key}: {error}"));
                    Vec::new()
                });
                let before = found.insert(key.clone(), Raw { file: file.clone(), parts });
                if let Some(before) = before {
                    problems.push(format!("{lang}/{file}: {key} is also in {lang}/{}", before.file));
                }
            }
        }
    }
    found
}

fn ftl_files(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ftl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn parse(source: &str) -> Result<Vec<ast::Entry<String>>, String> {
    fluent_syntax::parser::parse(source.to_owned()).map(|resource| resource.body).map_err(|(_, errors)| {
        let lines = errors.iter().map(|error| {
            let before = source.as_bytes().iter().take(error.pos.start);
            let line = before.filter(|byte| **byte == b'\n').count() + 1;
            format!("line {line}: {error}")
        });
        lines.collect::<Vec<_>>().join("; ")
    })
}

fn lower(pattern: &ast::Pattern<String>, terms: &Terms, depth: usize) -> Result<Vec<Part>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("selectors or terms nest deeper than {MAX_DEPTH}"));
    }
    let mut parts = Vec::new();
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { value } => push_text(&mut parts, value),
            ast::PatternElement::Placeable { expression } => {
                for part in lower_expression(expression, terms, depth)? {
                    match part {
                        Part::Text(text) => push_text(&mut parts, &text),
                        other => parts.push(other),
                    }
                }
            }
        }
    }
    Ok(parts)
}

fn lower_expression(
    expression: &ast::Expression<String>,
    terms: &Terms,
    depth: usize,
) -> Result<Vec<Part>, String> {
    match expression {
        ast::Expression::Inline(inline) => lower_inline(inline, terms, depth),
        ast::Expression::Select { selector, variants } => {
            let ast::InlineExpression::VariableReference { id } = selector else {
                return Err("a selector must be an argument, as in { $count -> …".to_owned());
            };
            let arg = argument(&id.name)?;
            let mut chosen = Vec::new();
            let mut default = None;
            for variant in variants {
                let parts = lower(&variant.value, terms, depth + 1)?;
                if variant.default {
                    default = Some(parts);
                } else {
                    chosen.push((variant_key(&variant.key, &arg)?, parts));
                }
            }
            let default = default.ok_or("a selector needs a default, marked *")?;
            Ok(vec![Part::Select { arg, variants: chosen, default }])
        }
    }
}

fn lower_inline(
    inline: &ast::InlineExpression<String>,
    terms: &Terms,
    depth: usize,
) -> Result<Vec<Part>, String> {
    match inline {
        ast::InlineExpression::StringLiteral { value } => {
            let text = fluent_syntax::unicode::unescape_unicode_to_string(value);
            Ok(vec![Part::Text(text.into_owned())])
        }
        ast::InlineExpression::NumberLiteral { value } => Ok(vec![Part::Text(value.clone())]),
        ast::InlineExpression::VariableReference { id } => Ok(vec![Part::Arg(argument(&id.name)?)]),
        ast::InlineExpression::TermReference { id, attribute: None, arguments: None } => {
            let term = terms.get(&id.name).ok_or_else(|| format!("there is no term -{}", id.name))?;
            lower(term, terms, depth + 1)
        }
        ast::InlineExpression::Placeable { expression } => lower_expression(expression, terms, depth + 1),
        _ => Err("only { $argument }, selectors and plain { -term } are in use here".to_owned()),
    }
}

fn argument(name: &str) -> Result<String, String> {
    let snake = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let reserved = ["lang", "type", "match", "move", "ref", "self", "in", "for", "use", "where", "as"];
    if snake && !reserved.contains(&name) {
        Ok(name.to_owned())
    } else {
        Err(format!("${name} can't be an argument's name: lower case, digits and _ and no Rust keyword"))
    }
}

fn variant_key(key: &ast::VariantKey<String>, arg: &str) -> Result<VariantKey, String> {
    match (key, is_number(arg)) {
        (ast::VariantKey::NumberLiteral { value }, true) => value
            .parse()
            .map(VariantKey::Number)
            .map_err(|_| format!("[{value}] is not a whole number that ${arg} can have")),
        (ast::VariantKey::Identifier { name }, true) if name != "one" => {
            Err(format!("[{name}] does not occur: a number has [0], [1], … or [one], and a default"))
        }
        (ast::VariantKey::Identifier { name }, _) => Ok(VariantKey::Word(name.clone())),
        (ast::VariantKey::NumberLiteral { value }, false) => {
            Err(format!("[{value}] needs a number: name the argument count, n_… or …_count"))
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Text(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Text(text.to_owned()));
    }
}

fn pair(zh: BTreeMap<String, Raw>, mut en: BTreeMap<String, Raw>, problems: &mut Vec<String>) -> Catalog {
    let mut catalog = Catalog::default();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (key, zh) in zh {
        let Some(en) = en.remove(&key) else {
            problems.push(format!("en/{}: {key} is missing; it is in zh-CN/{}", zh.file, zh.file));
            continue;
        };
        if zh.file != en.file {
            problems.push(format!("{key} is in zh-CN/{} but in en/{}", zh.file, en.file));
        }
        let (zh_args, en_args) = (args_of(&zh.parts), args_of(&en.parts));
        if zh_args != en_args {
            problems.push(format!(
                "{}: {key} takes {zh_args:?} in zh-CN and {en_args:?} in en; both must take the same",
                zh.file
            ));
        }
        if let Some(other) = names.insert(function_name(&key), key.clone()) {
            problems.push(format!("{}: {key} and {other} would make the same function", zh.file));
        }
        let entry = Entry { file: zh.file, args: zh_args, zh: zh.parts, en: en.parts };
        catalog.entries.insert(key, entry);
    }
    for (key, raw) in en {
        problems.push(format!("zh-CN/{}: {key} is missing; it is in en/{}", raw.file, raw.file));
    }
    catalog
}

fn args_of(parts: &[Part]) -> BTreeSet<String> {
    let mut args = BTreeSet::new();
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Arg(arg) => {
                args.insert(arg.clone());
            }
            Part::Select { arg, variants, default } => {
                args.insert(arg.clone());
                args.extend(args_of(default));
                args.extend(variants.iter().flat_map(|(_, parts)| args_of(parts)));
            }
        }
    }
    args
}
