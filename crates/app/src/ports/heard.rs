//! What platforms tell by themselves: as it comes in, and as it was kept.

use adjourn_domain::call::Heard;
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use async_trait::async_trait;

use super::platforms::PlatformError;
use crate::error::AppError;

/// One delivery that somebody sent to an identity's endpoint, as it came. Nothing in it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers in their order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// An open stream of an identity's events.
#[async_trait]
pub trait Hearing: Send {
    /// What the next frame tells, most often nothing; `None` when the platform ends the stream. A wait that is given up
    /// loses no frame.
    ///
    /// # Errors
    /// The stream is over then.
    async fn next(&mut self) -> Result<Option<Vec<Heard>>, PlatformError>;

    /// Tells the platform, where it wants to know, that what the last frame told is kept.
    ///
    /// # Errors
    /// The stream is over then.
    async fn kept(&mut self) -> Result<(), PlatformError>;

    /// Ends the stream from our side.
    async fn close(&mut self);
}

/// What was kept of what platforms told.
#[async_trait]
pub trait Kept: Send + Sync {
    /// What an identity was told about a group, oldest first.
    async fn of(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        group: &NativeId,
    ) -> Result<Vec<Heard>, AppError>;
}
