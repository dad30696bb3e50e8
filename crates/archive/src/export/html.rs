//! A transcript as one page that needs nothing else: no network, no other file, no program but a browser.
//!
//! Records lie in the page as JSON, two hundred a block, and are drawn when they are looked at, so a page of 100,000 opens like one of ten. The script is
//! ours and short; what people wrote reaches the page as text and never as markup. A content security policy with the hashes of script and style forbids
//! everything else, whatever a record says. Browsers hold the whole file in memory: from about a million records on, choose one conversation.

use std::collections::BTreeMap;
use std::io::{self, Write};

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::cast::{Cast, Talk};
use super::place::Output;
use super::sorted::Sorted;
use super::{Options, WriteError, plain};

const BODY: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// Records of a block, which is also what is shown at a time.
const BLOCK: usize = 200;
/// A block ends sooner when its records have so many bytes.
const BLOCK_BYTES: usize = 1 << 20;
/// Names of participants that are listed for a conversation.
const MAX_NAMES: usize = 2_000;

/// A record as the script reads it; keys are short because there are many.
#[derive(Serialize)]
struct Row<'a> {
    /// Id.
    i: &'a str,
    /// Local time.
    t: String,
    /// Account of the sender.
    #[serde(skip_serializing_if = "str::is_empty")]
    s: &'a str,
    /// Name of the sender.
    #[serde(skip_serializing_if = "String::is_empty")]
    n: String,
    /// Text.
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<&'a str>,
    /// Kind, where it is no message.
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<&'static str>,
    /// Content.
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<&'static str>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<&'a NativeId>,
    /// Thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    h: Option<&'a NativeId>,
    /// What it edits, removes or reacts to.
    #[serde(skip_serializing_if = "Option::is_none")]
    g: Option<&'a NativeId>,
    /// Names of those whom it addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    m: Vec<String>,
    /// Files: name, bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    a: Vec<(&'a str, Option<u64>)>,
    /// Reactions: key, count, names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    e: Vec<(&'a str, u64, Vec<String>)>,
    /// When it was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    /// Taken back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    v: bool,
}

/// What the page says about the archive.
#[derive(Serialize)]
struct About<'a> {
    lang: &'a str,
    platform: &'a str,
    zone: &'a str,
    talks: Vec<AboutTalk<'a>>,
    words: BTreeMap<&'a str, BTreeMap<&'static str, &'a str>>,
}

#[derive(Serialize)]
struct AboutTalk<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    people: Vec<String>,
}

/// Writes the page; gives the number of records.
pub(super) fn write(
    mut to: Output,
    cast: &Cast,
    mut sorted: Sorted,
    options: &Options,
) -> Result<(Output, u64), WriteError> {
    let talks: Vec<(usize, &Talk)> = cast.numbered().collect();
    let places: BTreeMap<usize, usize> = talks.iter().enumerate().map(|(at, (number, _))| (*number, at)).collect();
    head(&mut to, &talks, options)?;
    let mut written = 0;
    let mut block = Block::default();
    while let Some((number, record, _)) = sorted.next()? {
        let (Some(talk), Some(place)) = (cast.talk(number), places.get(&number)) else { continue };
        if block.place != *place || block.rows >= BLOCK || block.json.len() >= BLOCK_BYTES {
            block.flush(&mut to)?;
            block.place = *place;
        }
        block.add(&row(&record, talk, cast, options))?;
        written += 1;
        options.progress.wrote();
    }
    block.flush(&mut to)?;
    let about = About {
        lang: options.words.tag(),
        platform: cast.platform(),
        zone: options.zone.name(),
        talks: talks.iter().map(|(_, talk)| about(talk, cast, options)).collect(),
        words: options.languages().map(|words| (words.tag(), words.all().collect())).collect(),
    };
    to.write_all(b"<script type=\"application/json\" id=\"about\">")?;
    to.write_all(harmless(&serde_json::to_string(&about)?).as_bytes())?;
    writeln!(to, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>")?;
    Ok((to, written))
}

/// A block of records.
#[derive(Default)]
struct Block {
    place: usize,
    rows: usize,
    last_day: String,
    json: String,
}

impl Block {
    fn add(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        self.json.push_str(if self.rows == 0 { "[" } else { ",\n" });
        self.json.push_str(&harmless(&serde_json::to_string(row)?));
        row.t.get(..10).unwrap_or_default().clone_into(&mut self.last_day);
        self.rows += 1;
        Ok(())
    }

    fn flush(&mut self, to: &mut Output) -> io::Result<()> {
        if self.rows > 0 {
            writeln!(
                to,
                "<script type=\"application/json\" data-c=\"{}\" data-l=\"{}\">{}]</script>",
                self.place, self.last_day, self.json
            )?;
        }
        (self.rows, self.json) = (0, String::new());
        Ok(())
    }
}

/// JSON that can lie in a page: `<` is only within strings, and neither a tag nor a comment begins there any more.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c")
}

fn head(to: &mut Output, talks: &[(usize, &Talk)], options: &Options) -> io::Result<()> {
    let hash = |text: &str| BASE64_STANDARD.encode(Hash::of(text.as_bytes()).0);
    let title = talks.first().map_or("", |(_, talk)| talk.name());
    write!(
        to,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n{BODY}",
        options.words.tag(),
        hash(SCRIPT),
        hash(STYLE),
        escaped(title),
    )?;
    for words in options.languages() {
        let text = escaped(words.get("p_noscript"));
        writeln!(to, "<noscript><p lang=\"{}\">{text}</p></noscript>", words.tag())?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn about<'a>(talk: &'a Talk, cast: &Cast, options: &Options) -> AboutTalk<'a> {
    let people = cast.people(talk);
    AboutTalk {
        id: talk.about.id.as_str(),
        name: talk.name(),
        topic: talk.about.topic.as_deref(),
        records: talk.records,
        first: talk.first.map(|at| options.zone.write(at)),
        last: talk.last.map(|at| options.zone.write(at)),
        people: people.keys().take(MAX_NAMES).map(|id| cast.name(id, talk)).collect(),
    }
}

fn row<'a>(record: &'a Record, talk: &Talk, cast: &Cast, options: &Options) -> Row<'a> {
    let name = |id: &NativeId| if id.as_str() == "*" { "*".to_owned() } else { cast.name(id, talk) };
    Row {
        i: record.id.as_str(),
        t: options.zone.write(record.at),
        s: record.sender.as_str(),
        n: cast.sender(record),
        x: record.text.as_deref().filter(|text| !text.is_empty()),
        k: plain::kind_slug(record),
        c: record.content.map(plain::content_slug),
        r: record.reply_to.as_ref(),
        h: record.thread.as_ref(),
        g: record.target.as_ref(),
        m: record.mentions.iter().map(name).collect(),
        a: record.attachments.iter().map(|file| (file.name.as_str(), file.bytes)).collect(),
        e: record
            .reactions
            .iter()
            .map(|reaction| (reaction.key.as_str(), reaction.count, reaction.by.iter().map(name).collect()))
            .collect(),
        d: record.edited_at.map(|at| options.zone.write(at)),
        v: record.recalled,
    }
}
