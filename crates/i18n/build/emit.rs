//! Turns the catalog into Rust: one function per message, a match each for errors and notes, one table for the words.
//!
//! Nothing is left to look up or to parse when the program runs, so nothing can fail then: a text is a
//! concatenation that the compiler has checked.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::catalog::{Catalog, Entry, Part, VariantKey, function_name, is_number};

/// Arguments that hold what people or platforms named, though a family of words has the same name.
const AS_GIVEN: [&str; 1] = ["link"];

/// The module `msg`.
pub(crate) fn messages(catalog: &Catalog) -> String {
    let mut out = String::new();
    for (key, entry) in catalog.messages() {
        let params = entry.args.iter().map(|arg| {
            let kind = if is_number(arg) { "u64" } else { "impl ::core::fmt::Display" };
            format!(", {arg}: {kind}")
        });
        let _ = write!(
            out,
            "/// `{key}` ({}): {}\npub fn {}(lang: Lang{}) -> String {{\n    {}\n}}\n\n",
            entry.file,
            // A section of the configuration is no link.
            plain(&entry.en).replace('[', "\\[").replace(']', "\\]"),
            function_name(key),
            params.collect::<String>(),
            by_language(entry),
        );
    }
    format!("{}{out}", imports(&out))
}

/// The functions `error_text` and `error_codes`.
pub(crate) fn errors(catalog: &Catalog) -> String {
    let mut arms = String::new();
    let mut codes = String::new();
    for (code, key) in catalog.error_codes() {
        let (Some(text), Some(hint)) =
            (catalog.entries.get(key), catalog.entries.get(&format!("{key}.hint")))
        else {
            continue;
        };
        let args: BTreeSet<&String> = text.args.union(&hint.args).collect();
        let _ = write!(
            arms,
            "        {code:?} => {{\n            {}Some(ErrorText {{ sentence: {}, hint: {} }})\n        }}\n",
            lets(args),
            by_language(text),
            by_language(hint),
        );
        let _ = write!(codes, "{code:?}, ");
    }
    format!(
        "{}/// Every error code that has a text, sorted.\n\
         pub const ERROR_CODES: &[&str] = &[{codes}];\n\n\
         pub(crate) fn generated_error(lang: Lang, code: &str, args: &[(&str, &str)]) -> Option<ErrorText> {{\n    \
         match code {{\n{arms}        _ => None,\n    }}\n}}\n",
        imports(&arms),
    )
}

/// The functions behind `note` and the list of codes.
pub(crate) fn notes(catalog: &Catalog) -> String {
    let mut arms = String::new();
    let mut codes = String::new();
    for (code, entry) in catalog.notes() {
        let _ = write!(
            arms,
            "        {code:?} => {{\n            {}Some({})\n        }}\n",
            lets(&entry.args),
            by_language(entry),
        );
        let _ = write!(codes, "{code:?}, ");
    }
    format!(
        "/// Every code that [`note`] has a text for, sorted.\n\
         pub const NOTE_CODES: &[&str] = &[{codes}];\n\n\
         pub(crate) mod notes {{\n{}use crate::Lang;\n\n\
         pub(crate) fn generated(lang: Lang, code: &str, args: &[(&str, &str)]) -> Option<String> {{\n    \
         match code {{\n{arms}        _ => None,\n    }}\n}}\n}}\n",
        imports(&arms),
    )
}

/// Reads the arguments of a text that is looked up.
fn lets<'a>(args: impl IntoIterator<Item = &'a String>) -> String {
    let lines = args.into_iter().map(|arg| {
        let read = match arg.as_str() {
            number if is_number(number) => "number(args",
            name if AS_GIVEN.contains(&name) => "as_given(args",
            _ => "named(lang, args",
        };
        format!("let {arg} = {read}, {arg:?});\n            ")
    });
    lines.collect()
}

/// The table behind `word`, sorted by key: key, Chinese, English.
pub(crate) fn words(catalog: &Catalog) -> String {
    let mut rows = String::new();
    for (key, entry) in catalog.words() {
        let _ = writeln!(rows, "    ({key:?}, {:?}, {:?}),", plain(&entry.zh), plain(&entry.en));
    }
    format!("static WORDS: &[(&str, &str, &str)] = &[\n{rows}];\n")
}

/// The helpers of `src/render.rs` that this code needs; an import too many would be a warning.
fn imports(body: &str) -> String {
    let helpers = ["as_given", "join", "named", "number", "shows"];
    let used = helpers.into_iter().filter(|helper| body.contains(&format!("{helper}(")));
    format!("use crate::render::{{{}}};\n\n", used.collect::<Vec<_>>().join(", "))
}

fn by_language(entry: &Entry) -> String {
    let (zh, en) = (expression(&entry.zh, "zh"), expression(&entry.en, "en"));
    if zh == en {
        return format!("match lang {{ Lang::ZhCn | Lang::En => {zh} }}");
    }
    format!("match lang {{ Lang::ZhCn => {zh}, Lang::En => {en} }}")
}

/// A Rust expression of type `String`.
fn expression(parts: &[Part], lang: &str) -> String {
    if let [] | [Part::Text(_)] = parts {
        return format!("String::from({:?})", plain(parts));
    }
    let pieces = parts.iter().map(|part| match part {
        Part::Text(text) => format!("&{text:?}"),
        Part::Arg(arg) => format!("&{arg}"),
        Part::Select { arg, variants, default } => format!("&{}", select(arg, variants, default, lang)),
    });
    format!("join(&[{}])", pieces.collect::<Vec<_>>().join(", "))
}

/// Chinese has one plural form, English keeps `one` for exactly 1.
fn select(arg: &str, variants: &[(VariantKey, Vec<Part>)], default: &[Part], lang: &str) -> String {
    let mut branches = String::new();
    for (key, parts) in variants {
        let condition = match key {
            VariantKey::Number(number) => format!("{arg} == {number}"),
            VariantKey::Word(_) if is_number(arg) && lang == "zh" => continue,
            VariantKey::Word(_) if is_number(arg) => format!("{arg} == 1"),
            VariantKey::Word(word) => format!("shows(&{arg}, {word:?})"),
        };
        let _ = write!(branches, "if {condition} {{ {} }} else ", expression(parts, lang));
    }
    format!("{branches}{{ {} }}", expression(default, lang))
}

/// The text as a person would read it in a list, arguments in braces, defaults of selectors.
fn plain(parts: &[Part]) -> String {
    let text = parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Arg(arg) => format!("{{{arg}}}"),
        Part::Select { default, .. } => plain(default),
    });
    text.collect()
}
