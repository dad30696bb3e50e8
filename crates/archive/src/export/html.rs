//! A transcript that anybody opens: one page with everything in it, no network at all, both languages, search.
//!
//! The page forbids itself everything but its own style and its own script, whose hashes it names (CSP level 2), so a message that looks like markup stays
//! a text even if it should get past the escaping. Records are laid out as they come into view, in blocks: a browser that has to watch a hundred thousand elements is slow, and one that
//! watches five hundred blocks is not.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::words::{Tongue, content, kind, word};
use super::{People, Sink, Wish};
use crate::import::Zone;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Records of a block.
const BLOCK: usize = 200;

pub(super) struct Page {
    to: BufWriter<File>,
    zone: Zone,
    /// The conversation of the section that is open.
    conversation: Option<NativeId>,
    open: bool,
    day: String,
    /// The block that is under way, and how many records are in it.
    block: String,
    in_block: usize,
    records: u64,
}

impl Page {
    pub(super) fn new(to: &Path, wish: &Wish, people: &People) -> io::Result<Self> {
        let mut to = BufWriter::with_capacity(1 << 20, File::create(to)?);
        let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
        let chinese = wish.tongue == Tongue::Chinese;
        let names: Vec<&str> =
            people.conversations.values().filter_map(|of| of.name.as_deref()).take(3).collect();
        let title = if names.is_empty() { word("transcript", wish.tongue) } else { names.join(", ") };
        let head = people.head.as_ref();
        let source =
            head.map(|head| format!("{} {}", head.platform, head.tool.as_deref().unwrap_or_default()));
        write!(
            to,
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{}</title><style>{STYLE}</style></head><body>\n\
             <header><h1>{}</h1><p class=\"about\">{} · {} {} · {} {}</p>\n\
             <search><label>{} <input id=\"q\" type=\"search\" autocomplete=\"off\"></label> \
             <button id=\"before\" type=\"button\">{}</button> <button id=\"after\" type=\"button\">{}</button> \
             <output id=\"hits\"></output><span hidden id=\"hits-zh\">{}</span><span hidden id=\"hits-en\">{}</span> \
             <button id=\"tongue\" type=\"button\">{}</button></search></header>\n<main>\n",
            if chinese { "zh-CN" } else { "en" },
            hash(STYLE),
            hash(SCRIPT),
            escaped(&title),
            escaped(&title),
            both("transcript"),
            both("source"),
            escaped(source.unwrap_or_default().trim()),
            both("times"),
            escaped(wish.zone.name()),
            both("search"),
            both("previous"),
            both("next"),
            word("hits", Tongue::Chinese),
            word("hits", Tongue::English),
            both("language"),
        )?;
        Ok(Self {
            to,
            zone: wish.zone.clone(),
            conversation: None,
            open: false,
            day: String::new(),
            block: String::new(),
            in_block: 0,
            records: 0,
        })
    }

    /// Ends a block. How tall it is until it is laid out is guessed by how many records are in it.
    fn flush(&mut self) -> io::Result<()> {
        let size = match self.in_block {
            0 => return Ok(()),
            1..10 => "few",
            10..50 => "some",
            _ => "many",
        };
        writeln!(self.to, "<div class=\"{size}\">\n{}</div>", self.block)?;
        self.block.clear();
        self.in_block = 0;
        Ok(())
    }

    fn begin(&mut self, people: &People, record: &Record) -> io::Result<()> {
        if !self.open || self.conversation != record.conversation {
            self.flush()?;
            self.conversation.clone_from(&record.conversation);
            if std::mem::replace(&mut self.open, true) {
                self.to.write_all(b"</section>\n")?;
            }
            let conversation = people.conversation_of(record);
            let name = conversation.and_then(|of| of.name.as_deref().or(Some(of.id.as_str())));
            write!(self.to, "<section><h2>{}</h2>", escaped(name.unwrap_or_default()))?;
            if let Some(topic) = conversation.and_then(|of| of.topic.as_deref()) {
                write!(self.to, "<p class=\"about\">{}</p>", escaped(topic))?;
            }
            self.to.write_all(b"\n")?;
            self.day.clear();
        }
        Ok(())
    }
}

impl Sink for Page {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        self.begin(people, &record)?;
        let shown = self.zone.write(record.at);
        let (day, time) = shown.split_once(' ').unwrap_or((&shown, ""));
        if day != self.day || self.in_block >= BLOCK {
            self.flush()?;
        }
        if day != self.day {
            self.block = format!("<h3>{day}</h3>\n");
            day.clone_into(&mut self.day);
        }
        let system = matches!(record.kind, RecordKind::System);
        let mut line = String::new();
        // Writing to a String can't fail.
        let _ = write!(
            line,
            "<article{}><p class=\"who\"><b>{}</b> <time datetime=\"{}\">{time}</time>",
            if system { " class=\"system\"" } else { "" },
            escaped(people.sender(&record)),
            record.at,
        );
        let mut mark = |slug: &str| {
            let _ = write!(line, " <i>{}</i>", both(slug));
        };
        if !matches!(record.kind, RecordKind::Message | RecordKind::System) {
            mark(kind(record.kind));
        }
        if let Some(of) = record.content {
            mark(content(of));
        }
        if record.recalled {
            mark("recalled");
        }
        if record.edited_at.is_some() {
            mark("edited");
        }
        line.push_str("</p>");
        if let Some(reply) = record.reply_to.as_ref().or(record.target.as_ref()) {
            let _ = write!(line, "<p class=\"re\">{} {}</p>", both("reply"), escaped(reply.as_str()));
        }
        if let Some(text) = record.text.as_deref().filter(|text| !text.is_empty()) {
            let _ = write!(line, "<p class=\"text\">{}</p>", escaped(text));
        }
        for file in &record.attachments {
            let bytes = file.bytes.map(|bytes| format!(" · {bytes} B")).unwrap_or_default();
            let _ = write!(line, "<p class=\"file\">{}{bytes}</p>", escaped(&file.name));
        }
        if !record.reactions.is_empty() {
            line.push_str("<p class=\"re\">");
            for reaction in &record.reactions {
                let _ = write!(line, "<span>{} {}</span> ", escaped(&reaction.key), reaction.count);
            }
            line.push_str("</p>");
        }
        line.push_str("</article>\n");
        self.records += 1;
        self.in_block += 1;
        self.block.push_str(&line);
        Ok(())
    }

    fn finish(mut self: Box<Self>, people: &People) -> io::Result<u64> {
        self.flush()?;
        if self.open {
            self.to.write_all(b"</section>\n")?;
        }
        let participants: std::collections::BTreeSet<_> =
            people.participants.keys().map(|(_, id)| id).collect();
        writeln!(
            self.to,
            "</main><footer><p class=\"about\">{} {} · {} {}</p></footer><script>{SCRIPT}</script></body></html>",
            self.records,
            both("messages"),
            participants.len(),
            both("people"),
        )?;
        self.to.flush()?;
        self.to.get_ref().sync_all()?;
        Ok(1)
    }
}

/// A word in both languages; the page's language says which one is seen.
fn both(slug: &str) -> String {
    format!(
        "<span lang=\"zh-CN\">{}</span><span lang=\"en\">{}</span>",
        escaped(&word(slug, Tongue::Chinese)),
        escaped(&word(slug, Tongue::English))
    )
}

/// A text as a text: markup escaped, and what turns the direction of text around or is not seen shown as its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
