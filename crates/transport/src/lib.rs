//! The HTTP client behind the connectors, in layers: [`http::HttpTransport`] sends once, within limits and to the
//! configured host alone; [`retry::Retry`] repeats reads, and reads only: a call that changes something is never sent
//! twice down here. What stays open is a WebSocket ([`socket`]), under the same limits on hosts and certificates.

pub mod http;
pub mod retry;
pub mod socket;

pub use http::{HttpOptions, HttpTransport};
pub use retry::{PauseFn, Retry};
