//! The instruction channel: how the centre, which has the journal, tells an outpost near a platform what to do.
//!
//! An outpost has the connectors and the secrets of its connections, and no journal. It dials the centre over mutual TLS 1.3.
//! What changes something goes as a signed instruction ([`adjourn_domain::instruction`]) that is bound to plan, step and
//! worker, expires, and is obeyed once; what only reads goes as a signed question. Every reply is signed by the outpost
//! ([`adjourn_domain::reply`]).

mod asking;
mod book;
mod centre;
mod desk;
mod keys;
mod office;
mod outpost;
mod pins;
mod routed;
mod session;
mod strangers;
mod tls;
mod wire;

pub use asking::Sealed;
pub use book::Book;
pub use centre::{Centre, Waiting};
pub use desk::Holder;
pub use keys::{InstructionKey, PublicKey, Succession, Trusted};
pub use office::{CERTIFICATE_DAYS, Identity, Office, fingerprint};
pub use outpost::Outpost;
pub use routed::{Routed, VIA};
