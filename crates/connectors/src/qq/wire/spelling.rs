//! Words of the implementations that mean something to us, from a fixture.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static WORDS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/spellings.json")).unwrap_or_default());

/// The words behind a name; a name without words is itself, and matches nothing.
pub(crate) fn of(name: &'static str) -> &'static str {
    WORDS.get(name).map_or(name, String::as_str)
}

/// Whether `text` begins and ends with the words behind `name`, which are cut at `{}`.
pub(crate) fn matches(name: &'static str, text: &str) -> bool {
    let (head, tail) = of(name).split_once("{}").unwrap_or((of(name), ""));
    text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
}

/// The words behind `name` with `value` at `{}`.
pub(crate) fn fill(name: &'static str, value: &str) -> String {
    of(name).replace("{}", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_that_is_used_is_there() {
        for name in ["no_message", "no_action", "ws_token", "token", "notice_title", "folder"] {
            assert_ne!(of(name), name);
        }
        assert!(matches("no_message", &fill("no_message", "undefined")));
        assert!(!matches("no_message", "no"));
    }
}
