//! The archive's own form: what goes in comes out. A folder of an archive, as a bundle has it, is the same with its members beside.
//!
//! Records alone have no head; they get one, so that whoever reads on always has it.

use std::io::{self, Read};

use adjourn_domain::group::Member;

use super::detect::bag;
use super::out::Out;
use super::source::{Source, Spoiled};
use super::{Format, ImportError};
use crate::model::{Head, Line, LineFault, Participant, Reader};

/// Largest list of members, in bytes.
const MAX_MEMBERS: u64 = 256 * 1024 * 1024;

pub(super) fn lines(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    each(source.read("")?, &mut Start(Some(Format::ArchiveJsonl)), out)
}

pub(super) fn bag(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let below = source.has(bag::MESSAGES_BELOW);
    let messages = if below { bag::MESSAGES_BELOW } else { bag::MESSAGES };
    let members = messages.replace(bag::MESSAGES, bag::MEMBERS);
    let mut start = Start(Some(Format::ArchiveBag));
    if source.has(&members) {
        start.head(out)?;
        let bytes = source.small(&members, MAX_MEMBERS)?;
        match serde_json::from_slice::<Vec<Member>>(&bytes) {
            Ok(members) => {
                for member in members {
                    out.participant(Participant {
                        name: Some(member.name).filter(|name| !name.is_empty()),
                        bot: Some(member.bot),
                        ..Participant::new(member.id)
                    })?;
                }
            }
            Err(_) => out.missing("file.broken"),
        }
    }
    each(source.read(messages)?, &mut start, out)
}

/// The head that is said when the file has none.
struct Start(Option<Format>);

impl Start {
    fn head(&mut self, out: &mut Out<'_>) -> Result<(), ImportError> {
        match self.0.take() {
            Some(format) => out.head(Head::of("", format.slug())),
            None => Ok(()),
        }
    }
}

fn each(input: impl Read + Send, start: &mut Start, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut reader = Reader::new(input)?;
    loop {
        let line = match reader.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return start.head(out),
            Err(error) if reader.compressed() && of_zstd(&error) => {
                let cut = error.kind() == io::ErrorKind::UnexpectedEof;
                out.missing(if cut { "file.truncated" } else { "file.broken" });
                return start.head(out);
            }
            Err(error) => return Err(error.into()),
        };
        if !matches!(line, Ok(Line::Archive(_)) | Err(_)) {
            start.head(out)?;
        }
        match line {
            // A second head would be none that a reader expects.
            Ok(Line::Archive(head)) => {
                if start.0.take().is_some() {
                    out.head(head)?;
                }
            }
            Ok(Line::Conversation(conversation)) => out.conversation(conversation)?,
            Ok(Line::Participant(participant)) => out.participant(participant)?,
            Ok(Line::Record(record)) => {
                out.row();
                out.record(*record)?;
            }
            Err(bad) => {
                out.row();
                out.lost(match bad.why {
                    LineFault::TooLong => "row.too_long",
                    LineFault::Encoding => "row.encoding",
                    LineFault::Json => "row.json",
                    LineFault::Shape => "row.format",
                });
            }
        }
    }
}

/// Whether it is the frame that is damaged, not the disk.
fn of_zstd(error: &io::Error) -> bool {
    error.raw_os_error().is_none() && !Spoiled::is(error)
}
