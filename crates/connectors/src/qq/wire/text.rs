//! Texts as people read them: what a platform does to an announcement on its way, undone before two are compared.

/// How often entities are decoded: a text that was escaped twice reads the same as one that was escaped once.
const ROUNDS: usize = 4;

/// The entities that occur.
const ENTITIES: [(&str, &str); 8] = [
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#91;", "["),
    ("&#93;", "]"),
    ("&#44;", ","),
];

/// A text without what a platform rewrites: kinds of line ends, HTML entities, white space at the ends.
pub(crate) fn normal(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    for _ in 0..ROUNDS {
        let next = decoded(&text);
        if next == text {
            break;
        }
        text = next;
    }
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// Entities of one round; `&amp;` last, so that what it reveals waits for the next.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text =
        ENTITIES.into_iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain));
    text.replace("&amp;", "&")
}

/// A text as the platform's web pages keep it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewritten_text_reads_the_same_and_another_one_does_not() {
        let text = "one <b>&amp;</b>\ntwo  \n\n@all";
        assert_eq!(normal(text), normal(&escaped(text)));
        assert_eq!(normal("a\r\nb"), "a\nb");
        assert_ne!(normal("one"), normal("one two"));
        assert_ne!(normal("one\ntwo"), normal("one two"));
    }
}
