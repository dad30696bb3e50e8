//! The one way to write HTML: markup is literal in the code, everything else is escaped. There is no third way, so no
//! text of a person, a platform or a file can become markup.

use std::fmt::{Display, Write as _};

/// A page that is being written.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Markup. Only what stands in the code can be passed.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, or the value of an attribute in double quotes. Marks that would reorder the text around them are shown by
    /// their number, so that a name can't disguise itself or its neighbours.
    pub fn text(&mut self, text: impl Display) -> &mut Self {
        // Writing to a string can't fail; a `Display` that does fail leaves the rest out.
        let _ = write!(Escaped(&mut self.0), "{text}");
        self
    }

    /// An element with nothing but text in it.
    pub fn el(&mut self, tag: &'static str, text: impl Display) -> &mut Self {
        self.raw("<").raw(tag).raw(">").text(text).raw("</").raw(tag).raw(">")
    }

    /// The same with a class.
    pub fn el_class(&mut self, tag: &'static str, class: &'static str, text: impl Display) -> &mut Self {
        self.raw("<").raw(tag).raw(" class=\"").raw(class).raw("\">").text(text).raw("</").raw(tag).raw(">")
    }

    /// The page.
    pub fn finish(self) -> String {
        self.0
    }
}

struct Escaped<'a>(&'a mut String);

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        escape(&mut *self.0, text)
    }
}

/// How templates show texts: as [`Html::text`] does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown;

impl askama::filters::Escaper for Shown {
    fn write_escaped_str<W: std::fmt::Write>(&self, dest: W, text: &str) -> std::fmt::Result {
        escape(dest, text)
    }
}

fn escape(mut to: impl std::fmt::Write, text: &str) -> std::fmt::Result {
    for c in text.chars() {
        match c {
            '&' => to.write_str("&amp;")?,
            '<' => to.write_str("&lt;")?,
            '>' => to.write_str("&gt;")?,
            '"' => to.write_str("&quot;")?,
            '\'' => to.write_str("&#39;")?,
            '\n' | '\t' => to.write_char(c)?,
            // Embedding, override, isolate: they reach beyond the text that they stand in. They are shown, by their number.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                write!(to, "\u{27e8}U+{:04X}\u{27e9}", u32::from(c))?;
            }
            c if c.is_control() => to.write_char('\u{fffd}')?,
            c => to.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_never_becomes_markup() {
        let mut html = Html::new();
        html.el("p", "<script>alert('x')</script> & \"q\"");
        assert_eq!(
            html.finish(),
            "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;</p>"
        );
    }

    #[test]
    fn a_name_can_not_turn_its_neighbours_round() {
        let mut html = Html::new();
        html.text("a\u{202e}b\u{2067}c\u{0}d \u{5e9}\u{1f44b}");
        assert_eq!(
            html.finish(),
            "a\u{27e8}U+202E\u{27e9}b\u{27e8}U+2067\u{27e9}c\u{fffd}d \u{5e9}\u{1f44b}"
        );
    }
}
