//! The words that stand for what is no text, in the language of whoever reads. They come from outside: this crate has no texts of its own.

use std::collections::BTreeMap;

/// Words of one language, by slug.
#[derive(Debug, Clone)]
pub struct Words {
    tag: String,
    words: BTreeMap<&'static str, String>,
}

impl Words {
    /// Every slug that is asked for.
    pub const SLUGS: &'static [&'static str] = &[
        "image", "voice", "video", "file", "sticker", "link", "app", "location", "contact", "red_packet",
        "transfer", "call", "poll", "forward", "poke", "other", "edit", "redaction", "reaction", "system",
        "undecryptable", "recalled",
        // Of the page and of transcripts.
        "p_itself", "p_title", "p_conversation", "p_search", "p_day", "p_language", "p_theme", "p_theme_auto", "p_theme_light",
        "p_theme_dark", "p_people", "p_pages", "p_pages_end", "p_first", "p_previous", "p_next", "p_last", "p_page", "p_platform",
        "p_records", "p_zone", "p_unknown", "p_edited", "p_mentions", "p_all", "p_reactions", "p_thread", "p_answers",
        "p_show_answered", "p_show", "p_searching", "p_found", "p_none", "p_made", "p_noscript",
    ];

    /// The words of a language (`en`, `zh-CN`): `word` gives that of each slug.
    pub fn new(tag: &str, word: impl Fn(&str) -> String) -> Self {
        let words = Self::SLUGS.iter().map(|slug| (*slug, word(slug))).collect();
        Self { tag: tag.to_owned(), words }
    }

    /// The language's tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Every slug with its word.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.words.iter().map(|(slug, word)| (*slug, word.as_str()))
    }

    /// The word of a slug; the slug itself where there is none.
    pub fn get<'a>(&'a self, slug: &'a str) -> &'a str {
        self.words.get(slug).map_or(slug, String::as_str)
    }
}
