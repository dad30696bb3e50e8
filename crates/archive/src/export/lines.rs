//! The archive's own lines.

use std::io;

use super::cast::Cast;
use super::place::Output;
use super::{Exporter, WriteError};
use crate::model::{Line, Writer};

pub(super) struct Lines(Writer<Output>);

impl Lines {
    pub(super) fn plain(to: Output) -> Self {
        Self(Writer::plain(to))
    }

    pub(super) fn zstd(to: Output) -> io::Result<Self> {
        Ok(Self(Writer::zstd(to)?))
    }
}

impl Exporter for Lines {
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError> {
        if cast.about(&line) { Ok(self.0.write(&line)?) } else { Ok(()) }
    }

    fn finish(self: Box<Self>) -> Result<Output, WriteError> {
        Ok(self.0.finish()?)
    }
}
