//! Simulators: the platform's side of the wire, as a pure machine over a small model of the platform.
//!
//! A simulator follows the platform's documented wire protocol, not our own client. It gets inputs at a time and
//! gives outputs to any session; it has no sockets, no clock and no randomness of its own. Served by the `sim` crate
//! in-process (suite, drill) or on a socket (`adjourn sim`).

use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use bytes::Bytes;
use std::collections::BTreeMap;

use crate::secret::Secret;
use crate::transport::{Reply, Request};

/// Something that reaches the platform.
#[derive(Debug)]
pub enum Input {
    /// A request; answered by an [`Output::Reply`] with the same number, now or at a later input.
    Request {
        /// Number of the exchange.
        exchange: u64,
        /// The request.
        request: Request,
    },
    /// A session was opened. Answering it by an [`Output::Reply`] with the session's number refuses the handshake with that
    /// reply; an [`Output::Close`] in the same breath closes it after the frames that came with it.
    Opened {
        /// The session; numbers of sessions and of exchanges never meet.
        session: u64,
        /// The request that opened it.
        request: Request,
    },
    /// A frame on a session.
    Frame {
        /// The session.
        session: u64,
        /// Its bytes.
        bytes: Bytes,
    },
    /// A session was closed.
    Closed {
        /// The session.
        session: u64,
    },
}

/// Something that the platform sends.
#[derive(Debug)]
pub enum Output {
    /// The reply to a request.
    Reply {
        /// Number of the exchange.
        exchange: u64,
        /// The reply.
        reply: Reply,
    },
    /// A frame on a session.
    Frame {
        /// The session.
        session: u64,
        /// Its bytes.
        bytes: Bytes,
    },
    /// The platform closes a session.
    Close {
        /// The session.
        session: u64,
    },
}

/// A simulated platform.
pub trait Simulator: Send {
    /// What the platform does with an input at a time.
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output>;

    /// How often each effect really happened, by operation and group. The suite counts with it.
    fn effects(&self) -> BTreeMap<(Op, NativeId), u32>;

    /// What the platform sends by itself when time has passed (heartbeats, a late event). Called often, on a socket only.
    fn tick(&mut self, at: Time) -> Vec<Output> {
        let _ = at;
        Vec::new()
    }

    /// What came since the last call that no client of this platform may send (an unknown endpoint, method or field), one
    /// line each; `None` from a simulator that does not keep count, whose door then goes by the status of its replies.
    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        None
    }
}

/// What a simulator refused because no client of its platform may send it, for [`Simulator::take_unexpected`].
#[derive(Debug, Clone, Default)]
pub struct Unexpected(Vec<String>);

impl Unexpected {
    /// Most lines that are kept until somebody takes them.
    const MAX: usize = 1_000;

    /// Notes a refusal: `POST /v1/nothing: no_endpoint`.
    pub fn note(&mut self, line: String) {
        if self.0.len() < Self::MAX {
            self.0.push(line);
        }
    }

    /// What was noted since the last call.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }
}

/// A simulator with a small seeded world, as the conformance suite wants it.
///
/// The world holds: `busy`, a group with an owner, at least three human members, one bot, at least one more link, at least
/// 25 records over several pages with Chinese text, an edit, a redaction and one media file; `quiet`, a group with one
/// member and no records beyond its creation; and a few more groups, so that a listing has more than one page.
pub struct Seeded {
    /// The platform.
    pub simulator: Box<dyn Simulator>,
    /// Settings of a connection to it.
    pub settings: BTreeMap<String, String>,
    /// Secrets of the identity that acts.
    pub secrets: BTreeMap<String, Secret>,
    /// Secrets of the witness.
    pub witness_secrets: BTreeMap<String, Secret>,
    /// Secrets that the platform refuses.
    pub wrong_secrets: BTreeMap<String, Secret>,
    /// Secrets that the platform calls expired.
    pub expired_secrets: BTreeMap<String, Secret>,
    /// Secrets of an identity that is valid but may do nothing.
    pub powerless_secrets: BTreeMap<String, Secret>,
    /// The busy group.
    pub busy: NativeId,
    /// The quiet group.
    pub quiet: NativeId,
    /// Number of groups in the listing.
    pub groups: usize,
    /// Number of records of the busy group.
    pub records: usize,
    /// Lets a person do, in the platform's own client, what the connector can't (assisted operations): the suite calls it
    /// in place of `act`. `None` where nothing is assisted.
    pub person: Option<PersonActs>,
}

/// What a simulated person does: the operation, on the group, at the time.
pub type PersonActs = fn(&mut dyn Simulator, Op, &NativeId, Time);
