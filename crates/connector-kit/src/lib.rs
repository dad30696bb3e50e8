//! What a connector must be.
//!
//! A connector is our code for one platform. It opens no sockets, never sleeps, reads no clock and no environment:
//! it gets a [`context::Context`] with a [`transport::Transport`], the time and its secrets. Its wire code is pure
//! (build a request, read a reply); its capabilities are rows *and* methods ([`connector::Connector`]), and the
//! conformance suite asserts that the two agree.
//!
//! ```text
//! host ─► Connector::verb() ─► Verb::act(order) ─► wire: build request ─► Transport ─► platform
//!                                                 ◄─ wire: read reply ◄──────────────┘
//! host ◄─ Ok(memo) or ConnectorError{kind, retry, effect}
//! ```
//!
//! Platforms that are streams (XMPP, WebSocket) fit the same shape: a session is frames in, frames and commands out
//! ([`simulator::Input`], [`simulator::Output`] show it on the platform's side), and the host owns the connection.

pub mod connector;
pub mod context;
pub mod descriptor;
pub mod error;
pub mod events;
pub mod secret;
pub mod simulator;
pub mod texts;
pub mod tokens;
pub mod transport;

pub use connector::{
    Connector, CountPage, ExportPage, Exporter, GroupRef, Heard, IdentityInfo, Memo, Order, Page, ReadBack,
    Told, Verb, Verifier,
};
pub use context::Context;
pub use descriptor::{Descriptor, Deviation, Field, Tier};
pub use error::{ConnectorError, Kind, Retry};
pub use events::{Events, Frame};
pub use secret::Secret;
pub use texts::Texts;
pub use tokens::Tokens;
pub use transport::{
    Body, Opening, OwnDomain, Reply, Request, SecretQuery, Session, Transport, TransportError,
};
