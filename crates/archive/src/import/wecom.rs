//! Decrypted records of an organisation's message archive in WeCom. The reading itself is that of evidence (`adjourn-formats`).

use std::collections::BTreeSet;
use std::io::{self, BufReader};

use adjourn_domain::message::{Content, Record, RecordKind};
use adjourn_formats::archive::{PLATFORM, Row, survey};
use adjourn_formats::{Findings, ReadError};

use super::fields::{self, Fields};
use super::out::Out;
use super::source::Source;
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Types of messages that are not text.
const TYPES: [(&str, Content); 18] = [
    ("image", Content::Image),
    ("voice", Content::Voice),
    ("video", Content::Video),
    ("file", Content::File),
    ("docmsg", Content::File),
    ("emotion", Content::Sticker),
    ("link", Content::Link),
    ("news", Content::Link),
    ("weapp", Content::App),
    ("location", Content::Location),
    ("card", Content::Contact),
    ("redpacket", Content::RedPacket),
    ("external_redpacket", Content::RedPacket),
    ("meeting", Content::Call),
    ("meeting_voice_call", Content::Call),
    ("voip_doc_share", Content::Call),
    ("vote", Content::Poll),
    ("chatrecord", Content::Forward),
];
/// Types that are text.
const TEXT: [&str; 3] = ["text", "markdown", "mixed"];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head::of(PLATFORM, Format::WecomArchive.slug()))?;
    let file = BufReader::with_capacity(256 * 1024, source.read("")?);
    let mut chats = BTreeSet::new();
    let mut failed = None;
    let mut rows = 0;
    let pulled = survey(
        file,
        |row, _| {
            rows += 1;
            // What the reader of evidence passes on is its own kind of error; ours waits outside.
            take(row, &mut chats, out).map_err(|error| {
                failed = Some(error);
                io::Error::other("stopped")
            })
        },
        |_| {},
    );
    if let Some(error) = failed {
        return Err(error);
    }
    let findings: Findings = match pulled {
        Ok(pulled) => pulled.findings,
        Err(ReadError::Refused(refused)) => return Err(refused.into()),
        Err(ReadError::Io(error)) => return Err(error.into()),
    };
    out.findings_of(0, rows + findings.unreadable, &findings);
    Ok(())
}

fn take(row: &Row, chats: &mut BTreeSet<String>, out: &mut Out<'_>) -> Result<(), ImportError> {
    // Records that whoever made the file left out are noted by the reader.
    let Some(mut record) = row.record.clone() else { return Ok(()) };
    let empty = Fields::new();
    let raw = record.raw.as_object().unwrap_or(&empty);
    let others = fields::ids(raw, "tolist");
    let chat = row.room.clone().or_else(|| (!others.is_empty()).then(|| of_two(&record, &others)));
    if let Some(chat) = &chat {
        let kind = if row.room.is_some() || others.len() > 1 {
            ConversationKind::Group
        } else {
            ConversationKind::Direct
        };
        if chats.insert(chat.clone()) {
            out.conversation(Conversation::new(chat.as_str(), kind, None))?;
        }
    }
    for who in others.iter().map(String::as_str).chain([record.sender.as_str()]) {
        out.participant(Participant::new(who))?;
    }
    let kind = fields::text(raw, "msgtype").unwrap_or_default();
    if record.kind == RecordKind::Message && !TEXT.contains(&kind) {
        let known = TYPES.iter().find(|(of, _)| *of == kind);
        record.content = Some(known.map_or(Content::Other, |(_, content)| *content));
    }
    record.conversation = chat.map(Into::into);
    out.record(record)
}

/// A chat that is no group is who takes part in it.
fn of_two(record: &Record, others: &[String]) -> String {
    let mut people: Vec<&str> = others.iter().map(String::as_str).chain([record.sender.as_str()]).collect();
    people.sort_unstable();
    people.dedup();
    people.join(",")
}
