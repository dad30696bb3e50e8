//! The helpers that generated texts are made of.

use std::fmt::{Display, Write as _};

use crate::{Lang, word};

/// What an argument that was left out is shown as: the sign that plans use for what is not known.
const LEFT_OUT: &str = "?";

/// Puts the pieces of a text together.
pub(crate) fn join(pieces: &[&dyn Display]) -> String {
    let mut out = String::new();
    for piece in pieces {
        // Writing to a string can't fail; a `Display` that does fail leaves its own part out.
        let _ = write!(out, "{piece}");
    }
    out
}

/// True when the value is shown as exactly this word; `none` is the word for an argument that was left out.
pub(crate) fn shows(value: &impl Display, word: &str) -> bool {
    let value = value.to_string();
    value == word || (word == "none" && value == LEFT_OUT)
}

/// Arguments that are lists of slugs, joined by `, `, each perhaps with a number behind ` × `, and the families of
/// words that the slugs are from.
const LISTS: [(&str, &[&str]); 2] = [("differences", &["differences"]), ("missing", &["role", "state"])];

/// The argument with this name, as the word that it stands for if there is one (state `in_review`, platform
/// `qq`); `?` when the caller left it out.
pub(crate) fn named(lang: Lang, args: &[(&str, &str)], name: &str) -> String {
    let value = as_given(args, name);
    let Some((_, families)) = LISTS.iter().find(|(list, _)| *list == name) else {
        return word(lang, &format!("{name}-{value}")).unwrap_or(value).to_owned();
    };
    let items = value.split(", ").map(|item| {
        let (slug, number) = item.split_once(" × ").map_or((item, None), |(slug, n)| (slug, Some(n)));
        let found = families.iter().find_map(|family| word(lang, &format!("{family}-{slug}")));
        let shown = found.unwrap_or(slug);
        number.map_or_else(|| shown.to_owned(), |n| format!("{shown} × {n}"))
    });
    items.collect::<Vec<_>>().join(match lang {
        Lang::ZhCn => "\u{3001}",
        Lang::En => ", ",
    })
}

/// The argument with this name as it is; `?` when the caller left it out.
pub(crate) fn as_given<'a>(args: &[(&str, &'a str)], name: &str) -> &'a str {
    given(args, name).unwrap_or(LEFT_OUT)
}

/// The number with this name; 0 when it was left out or is not a number.
pub(crate) fn number(args: &[(&str, &str)], name: &str) -> u64 {
    given(args, name).and_then(|value| value.parse().ok()).unwrap_or_default()
}

/// The sentence with the technical detail in brackets before its full stop.
pub(crate) fn with_detail(lang: Lang, sentence: String, says: Option<&str>) -> String {
    let Some(says) = says.filter(|says| !says.is_empty()) else { return sentence };
    let (stop, open, close) = match lang {
        Lang::ZhCn => ('\u{3002}', "\u{ff08}", "\u{ff09}"),
        Lang::En => ('.', " (", ")"),
    };
    let ends = sentence.ends_with(stop);
    let mut out = sentence;
    if ends {
        out.pop();
    }
    out.push_str(open);
    out.push_str(says);
    out.push_str(close);
    if ends {
        out.push(stop);
    }
    out
}

/// The argument with this name, if the caller gave it.
pub(crate) fn given<'a>(args: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    args.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
}
