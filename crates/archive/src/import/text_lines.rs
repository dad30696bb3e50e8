//! Lines of a text, one at a time, with a limit on what is held.

use std::io::{BufRead, BufReader, Read};

use super::ImportError;
use crate::model::MAX_LINE;

/// A line, without its end.
pub(super) enum TextLine<'a> {
    /// A whole one.
    Whole(&'a [u8]),
    /// One that is longer than [`MAX_LINE`]; it was passed over.
    TooLong,
}

/// Calls `take` for every line that is not empty.
pub(super) fn each(
    input: impl Read,
    mut take: impl FnMut(TextLine<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut input = BufReader::with_capacity(256 * 1024, input);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if line.last() != Some(&b'\n') && read > MAX_LINE {
            input.skip_until(b'\n')?;
            take(TextLine::TooLong)?;
            continue;
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        if !text.is_empty() {
            take(TextLine::Whole(text))?;
        }
    }
}
