//! The archive's own form: what goes in comes out. A folder of an archive, as a bundle has it, is the same with its members beside.
//!
//! Records alone have no head; they get one, so that whoever reads on always has it.

use std::io::{self, Read};

use adjourn_domain::group::Member;

use super::bag;
use super::detect::bag as names;
use super::out::Out;
use super::source::{Source, Spoiled};
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Line, LineFault, Participant, Reader};

/// Largest list of members, in bytes.
const MAX_MEMBERS: u64 = 256 * 1024 * 1024;

pub(super) fn lines(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    each(source.read("")?, &mut Start(Some(Format::ArchiveJsonl)), None, out)
}

/// All archives of a bag. Those of several groups are conversations of these names, as far as their records name none themselves.
pub(super) fn bag(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let (parts, sealed) = bag::parts(&source.names());
    if let Some(sealed) = sealed.filter(|_| parts.is_empty()) {
        return Err(ImportError::Sealed(sealed));
    }
    let mut start = Start(Some(Format::ArchiveBag));
    for part in &parts {
        if let Some(group) = part.group().filter(|_| !part.is_tail()) {
            start.head(out)?;
            out.conversation(Conversation::new(group, ConversationKind::Group, None))?;
        }
        let members = part.beside(names::MEMBERS);
        if source.has(&members) && !part.is_tail() {
            start.head(out)?;
            members_of(source, &members, part.group(), out)?;
        }
        each(bag::checked(source, &part.path())?, &mut start, part.group(), out)?;
    }
    Ok(())
}

fn members_of(
    source: &mut Source,
    path: &str,
    group: Option<&str>,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    let mut bytes = Vec::new();
    bag::checked(source, path)?.take(MAX_MEMBERS + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_MEMBERS {
        return Err(ImportError::TooLarge { name: path.to_owned(), limit: MAX_MEMBERS });
    }
    let Ok(members) = serde_json::from_slice::<Vec<Member>>(&bytes) else {
        out.missing("file.broken");
        return Ok(());
    };
    for member in members {
        out.participant(Participant {
            conversation: group.map(Into::into),
            name: Some(member.name).filter(|name| !name.is_empty()),
            bot: Some(member.bot),
            ..Participant::new(member.id)
        })?;
    }
    Ok(())
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

fn each(
    input: impl Read + Send,
    start: &mut Start,
    group: Option<&str>,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
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
            Ok(Line::Record(mut record)) => {
                out.row();
                if record.conversation.is_none() {
                    record.conversation = group.map(Into::into);
                }
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
