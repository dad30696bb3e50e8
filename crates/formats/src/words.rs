//! Words of the client and of the tools, as data: they are localised and change.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The client's type of a system row.
pub(crate) const SYSTEM: i64 = 10_000;
/// The client's type of a system row that is made from a template.
pub(crate) const SYSTEM_TEMPLATE: i64 = 10_002;

#[derive(Debug, Default, Deserialize)]
struct Words {
    ended: Vec<Sentence>,
    system_senders: Vec<String>,
    self_names: Vec<String>,
    nobody: Vec<String>,
    shown: Vec<(i64, String)>,
    types: BTreeMap<String, (i64, i64)>,
}

#[derive(Debug, Deserialize)]
struct Sentence {
    begins: String,
    ends: String,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/words.json")).unwrap_or_default());

/// Whether a row's words say that the owner ended the group. Only a **system** row's words count: a member can type the
/// same ones.
pub fn ends_group(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '\u{3002}']).to_lowercase();
    let fits = |sentence: &Sentence| {
        let middle = text.strip_prefix(sentence.begins.as_str());
        middle.and_then(|rest| rest.strip_suffix(sentence.ends.as_str())).is_some()
    };
    WORDS.ended.iter().any(fits)
}

/// Whether a type is that of a system row.
pub(crate) fn is_system(code: i64) -> bool {
    matches!(code, SYSTEM | SYSTEM_TEMPLATE)
}

/// Whether a tool writes this in place of a sender for what the client itself said.
pub(crate) fn is_system_sender(sender: &str) -> bool {
    WORDS.system_senders.iter().any(|word| word == sender)
}

/// Whether chatlog or `PyWxDump` writes this in place of a sender whom it does not know, or who is the client itself.
pub fn names_nobody(sender: &str) -> bool {
    is_system_sender(sender) || WORDS.nobody.iter().any(|word| word == sender)
}

/// What was said in a message of a type, without the word that `PyWxDump` or `MemoTrace` 2 writes for the type.
pub fn own_words(code: i64, text: &str) -> &str {
    let mut words = WORDS.shown.iter().filter(|(of, _)| *of == code);
    let rest = words.find_map(|(_, word)| {
        let rest = text.strip_prefix(word.as_str())?;
        // Without brackets around it, the word may be the begin of what somebody wrote.
        (rest.is_empty() || word.ends_with('\u{3011}')).then_some(rest)
    });
    rest.map_or(text, str::trim_start)
}

/// Whether a tool writes this in place of the exporting member's account.
pub fn names_self(name: &str) -> bool {
    is_self(name)
}

/// The same, for the readers here.
pub(crate) fn is_self(name: &str) -> bool {
    WORDS.self_names.iter().any(|word| word == name)
}

/// What a tool writes in place of the exporting member's account.
pub(crate) fn own() -> &'static str {
    WORDS.self_names.first().map_or("", String::as_str)
}

/// The client's type and subtype behind a tool's word for it.
pub fn type_of(name: &str) -> Option<(i64, i64)> {
    WORDS.types.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDED: &str =
        "\u{7fa4}\u{4e3b}\"\u{9648}\u{9759}\"\u{5df2}\u{89e3}\u{6563}\u{8be5}\u{7fa4}\u{804a}";

    #[test]
    fn the_sentence_is_known_in_its_localisations_whoever_is_named() {
        assert!(WORDS.ended.len() >= 8 && WORDS.types.len() >= 20);
        for text in [ENDED, &format!(" {ENDED}\u{3002}"), "Group owner \"Ada\" dismissed this group chat."] {
            assert!(ends_group(text), "{text}");
        }
        for text in ["", "dismissed this group chat", &ENDED[3..], &format!("{ENDED}?"), "Group owner left"] {
            assert!(!ends_group(text), "{text}");
        }
    }

    #[test]
    fn an_owner_may_be_named_like_half_of_the_sentence() {
        let odd = ENDED.replace("\u{9648}\u{9759}", "\u{7fa4}\u{4e3b}\u{200f}\u{1f600}");
        assert!(ends_group(&odd));
    }
}
