//! E-mail (RFC 5322): a conversation's day as one message whose text is the transcript, as archives of mail and e-discovery tools read it.
//!
//! From is who spoke first, To whoever else spoke, so that a search for a person finds the days on which that person spoke. The records themselves, with
//! all their fields, are attached as `records.jsonl`, so nothing is lost.

use std::collections::BTreeSet;
use std::io;

use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;
use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::MimePart;

use super::days::Day;
use super::words::{shown, word};

/// Most people that a message names; its text names all of them.
const MAX_PEOPLE: usize = 1_000;

pub(super) fn write(day: &Day<'_>, to: &mut dyn io::Write) -> io::Result<()> {
    let name = day.conversation.name.as_deref().unwrap_or(day.conversation.id.as_str());
    let seconds = day.records.first().map_or(0, |record| record.at.as_millis().div_euclid(1000));
    let room = (name.to_owned(), "chat@adjourn.invalid".to_owned());
    let mut speakers: Vec<&NativeId> = Vec::new();
    let mut seen = BTreeSet::new();
    for record in day.records {
        if !record.sender.as_str().is_empty() && seen.insert(&record.sender) {
            speakers.push(&record.sender);
        }
    }
    let mut people = speakers.into_iter().take(MAX_PEOPLE).map(|id| address(day, id));
    let from = people.next().unwrap_or_else(|| room.clone());
    let others: Vec<(String, String)> = people.collect();
    MessageBuilder::new()
        .from(from)
        .to(if others.is_empty() { vec![room] } else { others })
        .subject(format!("{} {name} {}", word("transcript", day.tongue), day.day))
        .date(seconds)
        .message_id(id(day))
        .body(body(transcript(day), "application/x-ndjson", "records.jsonl", lines(day.records)?))
        .write_to(to)
}

/// A text and an attachment. What is between them comes of what is in them: the same each time, and nobody who wrote a message could know it.
pub(super) fn body(
    text: String,
    media: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
) -> MimePart<'static> {
    let hash = Hash::of_parts(&[text.as_bytes(), &bytes]).to_hex();
    let boundary = format!("=_{}", hash.get(..40).unwrap_or_default());
    MimePart::new(
        ContentType::new("multipart/mixed").attribute("boundary", boundary),
        vec![MimePart::new("text/plain", text), MimePart::new(media, bytes).attachment(name)],
    )
}

/// Somebody's name with an address: the account's own where it is one, else one that leads nowhere (RFC 2606).
fn address(day: &Day<'_>, id: &NativeId) -> (String, String) {
    let known = day.people.participant(Some(&day.conversation.id), id);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let own = known.and_then(|who| who.email.clone()).filter(|email| {
        email.chars().all(plain)
            && email.matches('@').count() == 1
            && !email.starts_with('@')
            && !email.ends_with('@')
    });
    let address = own.unwrap_or_else(|| {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
        let local: String = id.as_str().chars().take(32).map(safe).collect();
        let hash = Hash::of(id.as_str().as_bytes()).to_hex();
        format!("{local}-{}@adjourn.invalid", hash.get(..8).unwrap_or_default())
    });
    let shown =
        day.records.iter().find(|record| record.sender == *id).map(|record| day.people.sender(record));
    (shown.unwrap_or(id.as_str()).to_owned(), address)
}

fn lines(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for record in records {
        bytes.extend(canonical_json(record).map_err(io::Error::other)?);
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The same for the same day of the same conversation, so that an archive that is written twice is one message.
pub(super) fn id(day: &Day<'_>) -> String {
    let parts = [day.conversation.id.as_str(), day.day, &day.part.to_string()].join("\n");
    let hash = Hash::of(parts.as_bytes()).to_hex();
    format!("{}@adjourn.invalid", hash.get(..32).unwrap_or_default())
}

/// One line a record: time, name, words.
pub(super) fn transcript(day: &Day<'_>) -> String {
    let mut text = String::new();
    for record in day.records {
        let line = format!(
            "[{}] {}: {}\r\n",
            day.zone.write(record.at),
            Some(day.people.sender(record)).filter(|name| !name.is_empty()).unwrap_or("-"),
            shown(record, day.tongue).replace("\r\n", "\n").replace(['\n', '\r'], "\r\n    ")
        );
        text.push_str(&line);
    }
    text
}
