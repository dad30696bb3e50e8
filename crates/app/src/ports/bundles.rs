//! What was handed over: bundles, audit reports and certificates of destruction as they lie there, to be looked at, downloaded and verified; and the
//! same from people who bring one along.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use crate::error::AppError;

/// What a bag is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BagKind {
    /// The bundle of a case.
    Case,
    /// The report of an audit.
    Audit,
    /// The certificate that a group's key was destroyed.
    Destroyed,
}

impl BagKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Case, Self::Audit, Self::Destroyed];

    /// Its slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Audit => "audit",
            Self::Destroyed => "destroyed",
        }
    }

    /// The kind with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// A bag that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    /// What it is about.
    pub kind: BagKind,
    /// Its name: the case, the period, the group.
    pub name: String,
    /// The day on which it was closed, `YYYY-MM-DD`; empty when the bag does not say.
    pub closed: String,
    /// Bytes of what is in it, as the bag says.
    pub bytes: u64,
    /// Files of what is in it, as the bag says.
    pub files: u64,
}

/// Something that makes evidence invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// What kind, a slug.
    pub code: String,
    /// The file, from the bag's folder; empty when it is about the whole.
    pub file: String,
    /// In English.
    pub says: String,
}

/// A sentence about what evidence proves or rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claimed {
    /// Which sentence, a slug.
    pub code: String,
    /// The values in it.
    pub args: BTreeMap<String, String>,
    /// In English.
    pub says: String,
}

/// What `verify` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whether nothing was found.
    pub ok: bool,
    /// What makes it invalid.
    pub findings: Vec<Flaw>,
    /// What it proves; nothing if it is invalid.
    pub proved: Vec<Claimed>,
    /// What that rests on.
    pub rests_on: Vec<Claimed>,
}

/// A package that somebody brings along, while it comes in. What came in is gone when this is dropped.
pub trait HandedIn: Send {
    /// Takes some more.
    ///
    /// # Errors
    /// `bundle.package` when it is larger than a package may be; `io`, `disk.full`.
    fn take(&mut self, bytes: &[u8]) -> Result<(), AppError>;
    /// Verifies what came in.
    ///
    /// # Errors
    /// `bundle.package` when it can't be unpacked.
    fn verify(self: Box<Self>) -> Result<Verified, AppError>;
}

/// The bags. Everything here takes time: callers see to it that nobody waits for it who need not.
pub trait Bundles: Send + Sync {
    /// All of them, the newest first.
    fn list(&self) -> Result<Vec<Bag>, AppError>;
    /// Verifies one, as `adjourn verify` does.
    ///
    /// # Errors
    /// `bundle.unknown`.
    fn verify(&self, kind: BagKind, name: &str) -> Result<Verified, AppError>;
    /// Writes one as a zip file.
    ///
    /// # Errors
    /// `bundle.unknown`; `io` also when whoever reads has gone.
    fn pack(&self, kind: BagKind, name: &str, to: &mut dyn Write) -> Result<(), AppError>;
    /// A file out of one, by its path from the bag's `data` folder; `None` when it has none.
    ///
    /// # Errors
    /// `bundle.unknown`.
    fn file(&self, kind: BagKind, name: &str, path: &str) -> Result<Option<Vec<u8>>, AppError>;
    /// Room for a package that somebody brings along.
    ///
    /// # Errors
    /// `io`; `bundle.busy` when several are being verified already.
    fn receive(&self) -> Result<Box<dyn HandedIn>, AppError>;
}
