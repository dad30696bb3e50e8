//! Addresses that are told what happens.

use adjourn_domain::time::Time;
use async_trait::async_trait;

/// What is told. It names groups and cases by our own ids, and nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The same for the same event, however often it is told.
    pub id: String,
    /// JSON.
    pub body: Vec<u8>,
}

/// Why it was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTold {
    /// Slug of the error: `webhook.failed`, `webhook.private`.
    pub code: &'static str,
    /// Whether the address says that it wants nothing any more.
    pub gone: bool,
    /// After how many seconds it wants to be asked again.
    pub retry_s: Option<u64>,
    /// In words, without addresses.
    pub says: String,
}

/// An address.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Tells it once, signed as of `at`. Redirects are not followed.
    async fn tell(&self, told: &Told, at: Time) -> Result<(), NotTold>;
}
