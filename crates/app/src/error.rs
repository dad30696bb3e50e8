//! What a use case answers when it can't do what it was asked for.

use adjourn_domain::canonical::CanonicalError;
use adjourn_domain::planner::PlanError;
use adjourn_domain::refusal::Refusal;

use crate::ports::{DepositError, PartyError, PlatformError, StoreError};

/// A coded failure. Every code has a sentence and a hint in both languages and a page under docs/errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AppError(pub Refusal);

impl AppError {
    /// A failure without arguments.
    pub fn new(code: &'static str) -> Self {
        Self(Refusal::new(code))
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl std::fmt::Display) -> Self {
        Self(self.0.with(name, value))
    }

    /// The error slug.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// An input or output error, with the thing it was about.
    pub fn io(error: &std::io::Error, what: impl std::fmt::Display) -> Self {
        let code = if error.kind() == std::io::ErrorKind::StorageFull { "disk.full" } else { "io" };
        Self::new(code).with("what", what).with("says", error)
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Conflict { .. } | StoreError::Fenced { .. } => "journal.conflict",
            StoreError::Full => "disk.full",
            StoreError::Version { .. } => "data.version",
            StoreError::Corrupt(_) => "journal.corrupt",
            StoreError::Io(_) => "io",
        };
        Self::new(code).with("what", "journal").with("says", error)
    }
}

impl From<PlatformError> for AppError {
    fn from(error: PlatformError) -> Self {
        Self::new(error.code).with("says", error.says)
    }
}

impl From<PartyError> for AppError {
    fn from(error: PartyError) -> Self {
        Self::new(error.code).with("says", error.says)
    }
}

impl From<DepositError> for AppError {
    fn from(error: DepositError) -> Self {
        Self::new(error.code).with("says", error.says)
    }
}

impl From<CanonicalError> for AppError {
    fn from(error: CanonicalError) -> Self {
        Self::new("internal").with("says", error)
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::new("journal.corrupt").with("what", "payload").with("says", error)
    }
}

impl From<PlanError> for AppError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Refused(refusal) => Self(refusal),
            PlanError::Canonical(error) => error.into(),
        }
    }
}
