//! Every text that a person reads, in Chinese and in English.
//!
//! The texts are Fluent files under `i18n/zh-CN` and `i18n/en`. The build script reads them and makes one
//! typed function per message (module [`msg`]), so a missing key, or an argument that one language has and
//! the other hasn't, does not compile. Three families are looked up by name because their names arrive as data:
//! errors by code ([`error_text`]), the statements of plans, runs and checks by code ([`note`]), and the closed
//! vocabulary by key ([`word`]).
//!
//! ```
//! use adjourn_i18n::{Lang, error_text, msg, note, word};
//!
//! let lang = Lang::detect(["en_GB.UTF-8"]);
//! assert_eq!(msg::next_command(lang, "adjourn ls"), "Next: adjourn ls");
//! assert_eq!(word(lang, "verdict.left_only"), Some("left only"));
//! let text = error_text(lang, "group.unknown", &[("group", "G7K2Q")]).unwrap();
//! assert_eq!(text.sentence, "There is no group G7K2Q.");
//! assert!(note(lang, "drift-link-new", &[("link", "@bot:example.org")]).unwrap().contains("@bot:example.org"));
//! ```
//!
//! Invariants: no text can fail to render, no environment is read (the caller passes the language in), and no
//! invisible isolation marks are put around arguments, so that exports and certificates carry none.

mod lang;
mod render;

pub use lang::{Lang, UnknownLang};

/// One function per message; the texts live in `i18n/`.
///
/// Arguments named `count`, `n_…` or `…_count` are numbers, all others are whatever can be displayed.
pub mod msg {
    use crate::Lang;

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

include!(concat!(env!("OUT_DIR"), "/errors.rs"));
include!(concat!(env!("OUT_DIR"), "/notes.rs"));
include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What an error says to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened, as one sentence.
    pub sentence: String,
    /// What to do next.
    pub hint: String,
}

/// The text of the error with this code, such as `plan.stale`; `None` when the code has no text.
///
/// The argument `says` is a technical detail: unless the text places it itself, it is put behind the sentence
/// in brackets. An argument that the text uses and the caller left out is shown as `?`, the same sign that
/// plans use for what is not known.
pub fn error_text(lang: Lang, code: &str, args: &[(&str, &str)]) -> Option<ErrorText> {
    let text = generated_error(lang, code, args)?;
    let says = render::given(args, "says").filter(|says| !text.sentence.contains(says));
    Some(ErrorText { sentence: render::with_detail(lang, text.sentence, says), hint: text.hint })
}

/// The sentence of a note: what a plan says will not happen, what nobody can know, what blocks it, what drifted,
/// what an export lacks, what survives, how an operation is done and what proves it.
///
/// `code` is the slug that data carries (`drift-owner`, `person-dissolve-type_name`), with `proof-` before that of a
/// proof and `verify-` before that of a finding or statement; `.` and `_` are read as `-`. As with errors, the argument `says` is put behind the sentence in brackets, and an argument that the
/// caller left out is shown as `?`. `None` when the code has no text.
pub fn note(lang: Lang, code: &str, args: &[(&str, &str)]) -> Option<String> {
    let text = notes::generated(lang, &code.replace(['.', '_'], "-"), args)?;
    let says = render::given(args, "says").filter(|says| !text.contains(says));
    Some(render::with_detail(lang, text, says))
}

/// A word of the closed vocabulary, such as `verdict-left-only`; `.` and `_` are read as `-`, so names from
/// data (`verdict.left_only`) can be passed as they are. `None` when there is no such word.
pub fn word(lang: Lang, key: &str) -> Option<&'static str> {
    let key = key.replace(['.', '_'], "-");
    let row = WORDS.binary_search_by_key(&key.as_str(), |(name, _, _)| name).ok()?;
    WORDS.get(row).map(|(_, zh, en)| match lang {
        Lang::ZhCn => *zh,
        Lang::En => *en,
    })
}

/// The keys of the closed vocabulary, sorted.
pub fn word_keys() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(key, _, _)| *key)
}

#[cfg(test)]
mod tests;
