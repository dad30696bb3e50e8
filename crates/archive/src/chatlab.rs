//! `ChatLab`'s types of messages, for reading and for writing (format description of the project, "message types").

use adjourn_domain::message::Content;

/// A system row.
pub(crate) const SYSTEM: i64 = 80;
/// A message that was taken back.
pub(crate) const RECALL: i64 = 81;
/// Text.
pub(crate) const TEXT: i64 = 0;
/// An answer to another message.
pub(crate) const ANSWER: i64 = 25;

/// The numbers of contents.
const TYPES: [(i64, Content); 15] = [
    (1, Content::Image),
    (2, Content::Voice),
    (3, Content::Video),
    (4, Content::File),
    (5, Content::Sticker),
    (7, Content::Link),
    (8, Content::Location),
    (20, Content::RedPacket),
    (21, Content::Transfer),
    (22, Content::Poke),
    (23, Content::Call),
    (24, Content::App),
    (26, Content::Forward),
    (27, Content::Contact),
    (99, Content::Other),
];

/// The content behind a number; `None` for text, answers (25), system rows, and unknown ones.
pub(crate) fn content_of(code: i64) -> Option<Content> {
    TYPES.iter().find(|(of, _)| *of == code).map(|(_, content)| *content)
}

/// The number of a content. What the format has no number for is `other`.
pub(crate) fn code_of(content: Option<Content>) -> i64 {
    let Some(content) = content else { return TEXT };
    TYPES.iter().find(|(_, of)| *of == content).map_or(99, |(code, _)| *code)
}
