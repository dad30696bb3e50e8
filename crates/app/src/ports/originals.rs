//! Originals: what was exported of groups, as people wrote it.

use std::fmt;
use std::io::Read;

use adjourn_domain::canonical::Hash;
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

/// What of an original is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Its messages, JSON lines in zstd.
    Messages,
    /// Who was in the group, JSON.
    Members,
    /// Which media there are, JSON.
    MediaIndex,
}

/// A medium of an original, as its index has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    /// Its number in the index, of those with different contents.
    pub number: usize,
    /// Its name, as whoever sent it called it.
    pub name: String,
    /// SHA-256 of what is in it.
    pub sha256: Hash,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The originals that lie here.
pub trait Originals: Send + Sync {
    /// All of them, by case and group.
    ///
    /// # Errors
    /// `io`.
    fn list(&self) -> Result<Vec<Kept>, AppError>;
    /// A part of one, opened with the group's key where it is sealed.
    ///
    /// # Errors
    /// `archive.unknown`; `archive.without` where it has no such part; `key.destroyed`; `archive.sealed_form` for a damaged one.
    fn open(&self, original: &Original, what: Contents) -> Result<Box<dyn Read + Send>, AppError>;
    /// The media in an index that was read, each content once.
    ///
    /// # Errors
    /// `archive.sealed_form` for one that is none.
    fn media(&self, original: &Original, index: &[u8]) -> Result<Vec<Medium>, AppError>;
    /// A medium. Whoever asks has noted that the original is read.
    ///
    /// # Errors
    /// As [`Self::open`].
    fn medium(&self, original: &Original, medium: &Medium) -> Result<Box<dyn Read + Send>, AppError>;
}
