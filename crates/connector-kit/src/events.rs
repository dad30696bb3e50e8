//! What a platform tells by itself: pushed as a request, or as a frame of a stream.
//!
//! Reading is pure, as all wire code. The host receives: it owns the endpoint and the stream, has each delivery read
//! here, keeps what comes out for the identity, and gives it back with every [`Context`] as `heard`.
//!
//! ```text
//! platform ─► endpoint or stream (host) ─► Events::pushed, Events::frame ─► Heard, kept ─► Context::heard ─► Verifier, Verb::read_back
//! ```

use adjourn_domain::call::Heard;
use adjourn_domain::capability::Op;

use crate::context::Context;
use crate::error::ConnectorError;
use crate::transport::Request;

/// Reads events.
pub trait Events: Send + Sync {
    /// The request that opens the identity's stream of events; its scheme is that of the connection's address.
    ///
    /// # Errors
    /// `Unsupported` where the platform only pushes; a setting or secret that is missing.
    fn stream(&self, cx: &Context<'_>) -> Result<Request, ConnectorError>;

    /// Reads one delivery that somebody sent to the identity's endpoint, as it came. What is not proved to come from the
    /// platform is refused before it is read.
    ///
    /// # Errors
    /// `Forged`; `Config` when the secret is missing; `Protocol` when it makes no sense.
    fn pushed(&self, cx: &Context<'_>, request: &Request) -> Result<Vec<Heard>, ConnectorError>;

    /// The answer to the question whether the identity's endpoint is who it should be, which some platforms ask before
    /// they push anything there. A question that is not proved to come from the platform gets none.
    ///
    /// # Errors
    /// `Unsupported` where the platform does not ask; `Forged`; `Config` when the secret is missing.
    fn greeted(&self, _cx: &Context<'_>, _request: &Request) -> Result<Vec<u8>, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Verify))
    }

    /// Reads one frame of the identity's stream. A frame that is no event is none.
    ///
    /// # Errors
    /// `Auth` when the stream was refused, `Protocol` when the frame makes no sense.
    fn frame(&self, cx: &Context<'_>, bytes: &[u8]) -> Result<Vec<Heard>, ConnectorError>;
}
