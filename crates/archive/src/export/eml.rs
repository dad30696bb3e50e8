//! E-mail (RFC 5322): a conversation's day as one message whose text is the transcript, as archives of mail and e-discovery tools read it.

use std::io;

use mail_builder::MessageBuilder;

use super::days::Day;
use super::words::{shown, word};

pub(super) fn write(day: &Day<'_>, to: &mut dyn io::Write) -> io::Result<()> {
    let name = day.conversation.name.as_deref().unwrap_or(day.conversation.id.as_str());
    let seconds = day.records.first().map_or(0, |record| record.at.as_millis().div_euclid(1000));
    MessageBuilder::new()
        .from((name.to_owned(), "chat@adjourn.invalid".to_owned()))
        .to((name.to_owned(), "chat@adjourn.invalid".to_owned()))
        .subject(format!("{} {name} {}", word("transcript", day.tongue), day.day))
        .date(seconds)
        .message_id(id(day))
        .text_body(transcript(day))
        .write_to(to)
}

/// The same for the same day of the same conversation, so that an archive that is written twice is one message.
pub(super) fn id(day: &Day<'_>) -> String {
    let parts = [day.conversation.id.as_str(), day.day, &day.part.to_string()].join("\n");
    let hash = adjourn_domain::canonical::Hash::of(parts.as_bytes()).to_hex();
    format!("{}@adjourn.invalid", hash.get(..32).unwrap_or_default())
}

/// One line a record: time, name, words.
pub(super) fn transcript(day: &Day<'_>) -> String {
    let mut text = String::new();
    for record in day.records {
        let line = format!(
            "[{}] {}: {}\r\n",
            day.zone.write(record.at),
            day.people.sender(record),
            shown(record, day.tongue).replace("\r\n", "\n").replace('\n', "\r\n    ")
        );
        text.push_str(&line);
    }
    text
}
