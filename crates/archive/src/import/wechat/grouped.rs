//! `[{talker, talkerName, messages: [message]}]`: builds of chatlog write this where they are asked for no chat.

use adjourn_formats::{Format, Item, Parser};

use super::super::json::{self, Event};
use super::super::out::Out;
use super::super::source::Source;
use super::super::{ImportError, Options};
use super::Reading;

pub(super) fn read(
    source: &mut Source,
    options: &Options,
    reading: &mut Reading,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    let new = || Parser::of_elements(options.zone.clone(), Format::ChatlogJson);
    // The list that is open, and the rows before it.
    let mut list: Option<(Parser, u64)> = None;
    let end = json::walk::<ImportError>(
        source.read("")?,
        |path| matches!(path, [] | ["*"] | ["*", "messages"]),
        |path, event| match (path, event) {
            (["*", "messages", "*"], event) => {
                let (parser, before) = list.get_or_insert_with(|| (new(), out.rows()));
                let mut items = Vec::new();
                // What is too long is no message.
                let element = if let Event::Value(bytes) = event { bytes } else { b"0" };
                parser.feed(element, &mut items)?;
                parser.feed(b",", &mut items)?;
                for item in items {
                    if let Item::Row(row) = item {
                        out.at(*before + row.number);
                        reading.take(*row, out)?;
                    }
                }
                Ok(())
            }
            (["*", "messages"], Event::Close) => {
                let_go(&mut list, out);
                Ok(())
            }
            (["*", "messages"] | ["*"], event) => {
                out.no_list(&event);
                Ok(())
            }
            _ => Ok(()),
        },
    )?;
    let_go(&mut list, out);
    out.ended(end);
    Ok(())
}

/// A list is over: what was noticed in it is taken over.
fn let_go(list: &mut Option<(Parser, u64)>, out: &mut Out<'_>) {
    if let Some((parser, before)) = list.take() {
        out.findings_of(before, parser.rows(), parser.findings());
    }
}
