//! What a platform made of an announcement, told in one way by every connector that reads it back: rewriting is tolerated,
//! a text that was cut off or edited is not there, and what was read says which of the two it was.

use adjourn_connector_kit::{Memo, ReadBack};
use adjourn_domain::announcement::{Copy, compare};
use serde_json::{Value, json};

/// Field of the memo that says what the copy is; surfaces turn it into a sentence.
const COPY: &str = "copy";

/// Whether `copy`, which is known to be this announcement's, says what was sent. `memo` is what to remember beside it.
pub(crate) fn read_back(sent: &str, copy: &str, memo: Memo) -> ReadBack {
    let found = compare(sent, copy);
    ReadBack { memo: noted(&found, memo), ..ReadBack::is(found.holds()) }
}

/// Among texts of which nobody knows whether they are this announcement: the one that says it, else one that is a part of
/// it. Other words are another text.
pub(crate) fn best<T>(sent: &str, texts: impl Iterator<Item = (T, String)>) -> Option<(T, Copy)> {
    let mut part = None;
    for (of, text) in texts {
        match compare(sent, &text) {
            found if found.holds() => return Some((of, found)),
            found @ Copy::Truncated { kept, of: all } if kept * 4 >= all => part = Some((of, found)),
            _ => {}
        }
    }
    part
}

/// The memo with what the copy is, unless it is the same text.
pub(crate) fn noted(found: &Copy, memo: Memo) -> Memo {
    let mut fields = match memo {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    match found {
        Copy::Same => {}
        Copy::Rewritten => drop(fields.insert(COPY.to_owned(), json!({ "is": found.slug() }))),
        Copy::Truncated { kept, of } => {
            fields.insert(COPY.to_owned(), json!({ "is": found.slug(), "kept": kept, "of": of }));
        }
        Copy::Edited { at } => drop(fields.insert(COPY.to_owned(), json!({ "is": found.slug(), "at": at }))),
    }
    if fields.is_empty() { Value::Null } else { Value::Object(fields) }
}

#[cfg(test)]
mod tests {
    use adjourn_domain::capability::Effect;

    use super::*;

    #[test]
    fn req_x3_a_cut_or_edited_copy_is_not_there_and_says_why() {
        let sent = "This group ends on Friday. Ask us.";
        let read = |copy: &str| read_back(sent, copy, json!({ "message": "m-1" }));
        assert_eq!(read(sent).memo, json!({ "message": "m-1" }));
        let rewritten = read("This group ends on Friday.<br/>Ask us.");
        assert_eq!((rewritten.effect, &rewritten.memo["copy"]["is"]), (Effect::Applied, &json!("rewritten")));
        let cut = read("This group ends on\u{2026}");
        assert_eq!((cut.effect, &cut.memo["copy"]["is"]), (Effect::NotApplied, &json!("truncated")));
        let edited = read("This group stays. Ask us.");
        assert_eq!((edited.effect, &edited.memo["copy"]["at"]), (Effect::NotApplied, &json!(11)));
        assert_eq!(edited.memo["message"], "m-1");
    }

    #[test]
    fn among_many_texts_the_whole_one_wins_and_other_words_are_none() {
        let sent = "This group ends on Friday.";
        let of = |texts: &[&str]| {
            let texts = texts.iter().enumerate().map(|(at, text)| (at, (*text).to_owned()));
            best(sent, texts).map(|(at, found)| (at, found.slug()))
        };
        assert_eq!(of(&["hello", "This group ends...", sent]), Some((2, "same")));
        assert_eq!(of(&["hello", "This group ends..."]), Some((1, "truncated")));
        assert_eq!(of(&["hello", "Th", ""]), None);
    }
}
