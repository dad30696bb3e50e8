//! The four helpers that generated texts are made of.

use std::fmt::{Display, Write as _};

/// Puts the pieces of a text together.
pub(crate) fn join(pieces: &[&dyn Display]) -> String {
    let mut out = String::new();
    for piece in pieces {
        // Writing to a string can't fail; a `Display` that does fail leaves its own part out.
        let _ = write!(out, "{piece}");
    }
    out
}

/// True when the value is shown as exactly this word.
pub(crate) fn shows(value: &impl Display, word: &str) -> bool {
    value.to_string() == word
}

/// The argument with this name; `?` when the caller left it out.
pub(crate) fn named<'a>(args: &[(&str, &'a str)], name: &str) -> &'a str {
    args.iter().find(|(key, _)| *key == name).map_or("?", |(_, value)| *value)
}

/// The number with this name; 0 when it was left out or is not a number.
pub(crate) fn number(args: &[(&str, &str)], name: &str) -> u64 {
    named(args, name).parse().unwrap_or_default()
}
