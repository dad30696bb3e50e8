//! Originals: what was exported of groups, as people wrote it.

use std::fmt;
use std::io::Read;

use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::time::Time;

use super::Part;
use crate::error::AppError;

/// Which original it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Original {
    /// The case that exported it.
    pub case: CaseId,
    /// The group.
    pub group: GroupId,
    /// The main export, or what came after it.
    pub part: Part,
}

impl fmt::Display for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.case, self.group)?;
        match self.part {
            Part::Main => Ok(()),
            Part::Tail => f.write_str("/tail"),
        }
    }
}

/// An original as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub original: Original,
    /// Whether it is sealed under the group's key.
    pub sealed: bool,
    /// Where its messages lie.
    pub path: String,
    /// Bytes of that.
    pub bytes: u64,
    /// Messages, as its receipt says.
    pub messages: Option<u64>,
    /// First and last time, as its receipt says.
    pub span: Option<(Time, Time)>,
}

/// The originals that lie here.
pub trait Originals: Send + Sync {
    /// All of them, by case and group.
    ///
    /// # Errors
    /// `io`.
    fn list(&self) -> Result<Vec<Kept>, AppError>;
    /// The messages of one, JSON lines in zstd, opened with the group's key where they are sealed.
    ///
    /// # Errors
    /// `archive.unknown`; `key.destroyed`; `archive.sealed_form` for a damaged one.
    fn open(&self, original: &Original) -> Result<Box<dyn Read + Send>, AppError>;
}
