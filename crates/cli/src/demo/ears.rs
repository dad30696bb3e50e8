//! What the drill's platforms tell by themselves: a session of every identity whose connector can open one, inside the
//! process, and what came over it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::{Connector, Context, Heard, Secret, Tokens};
use adjourn_domain::capability::Op;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::time::Time;
use adjourn_host::Ears;
use adjourn_sim::{Shared, SimTransport, VirtualClock};

/// Frames, by the session that they came over.
type Frames = Arc<Mutex<BTreeMap<u64, Vec<Vec<u8>>>>>;

/// A simulator whose frames are kept: the door inside the process has no place for them.
pub(super) struct Kept {
    simulator: Box<dyn Simulator>,
    frames: Frames,
}

impl Kept {
    /// Keeps the frames of `simulator`.
    pub(super) fn new(simulator: Box<dyn Simulator>) -> (Self, Frames) {
        let frames = Frames::default();
        (Self { simulator, frames: frames.clone() }, frames)
    }

    fn keep(&self, outputs: Vec<Output>) -> Vec<Output> {
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = outputs.into_iter().filter_map(|output| match output {
            Output::Frame { session, bytes } => {
                frames.entry(session).or_default().push(bytes.to_vec());
                None
            }
            other => Some(other),
        });
        rest.collect()
    }
}

impl Simulator for Kept {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        let outputs = self.simulator.handle(at, input);
        self.keep(outputs)
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.simulator.effects()
    }

    fn tick(&mut self, at: Time) -> Vec<Output> {
        let outputs = self.simulator.tick(at);
        self.keep(outputs)
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        self.simulator.take_unexpected()
    }
}

/// One identity that listens.
struct Ear {
    session: u64,
    connector: Box<dyn Connector>,
    transport: Arc<SimTransport>,
    clock: Arc<VirtualClock>,
    secrets: BTreeMap<String, Secret>,
    tokens: Tokens,
    frames: Frames,
}

impl Ear {
    fn context<'a>(&'a self, connection: &'a Connection, identity: &'a IdentitySpec) -> Context<'a> {
        Context {
            transport: &*self.transport,
            now: self.clock.now(),
            connection: &connection.id,
            identity: &identity.id,
            witness: identity.witness,
            settings: &connection.settings,
            secrets: &self.secrets,
            tokens: &self.tokens,
            heard: &[],
        }
    }
}

/// Where a platform of the drill is found.
pub(super) struct Way {
    /// The simulator, whose frames are kept.
    pub(super) simulator: Shared,
    /// The door to it.
    pub(super) transport: Arc<SimTransport>,
    /// The time.
    pub(super) clock: Arc<VirtualClock>,
    /// What it sends.
    pub(super) frames: Frames,
}

/// Everybody who listens.
#[derive(Default)]
pub(super) struct DrillEars(BTreeMap<(ConnectionId, IdentityId), Ear>);

impl DrillEars {
    /// Opens the stream of every identity of a connection. Where the connector knows of none, nobody listens.
    pub(super) fn open(
        &mut self,
        connection: &Connection,
        connector: fn() -> Box<dyn Connector>,
        secrets: &BTreeMap<IdentityId, BTreeMap<String, String>>,
        way: &Way,
    ) {
        for (identity, session) in connection.identities.iter().zip(1_u64..) {
            let plain = secrets.get(&identity.id).into_iter().flatten();
            let ear = Ear {
                session,
                connector: connector(),
                transport: way.transport.clone(),
                clock: way.clock.clone(),
                secrets: plain.map(|(name, text)| (name.clone(), Secret::new(text.as_str()))).collect(),
                tokens: Tokens::default(),
                frames: way.frames.clone(),
            };
            let stream = ear
                .connector
                .events()
                .and_then(|events| at_once(events.stream(&ear.context(connection, identity))));
            let Some(Ok(request)) = stream else { continue };
            let mut simulator = way.simulator.lock().unwrap_or_else(PoisonError::into_inner);
            simulator.handle(way.clock.now(), Input::Opened { session, request });
            self.0.insert((connection.id.clone(), identity.id.clone()), ear);
        }
    }
}

/// What comes of a call to a platform in the process, which never waits.
fn at_once<T>(call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    match call.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

impl Ears for DrillEars {
    fn heard(&self, connection: &Connection, identity: &IdentitySpec) -> Vec<Heard> {
        let Some(ear) = self.0.get(&(connection.id.clone(), identity.id.clone())) else { return Vec::new() };
        let Some(events) = ear.connector.events() else { return Vec::new() };
        let frames = ear.frames.lock().unwrap_or_else(PoisonError::into_inner);
        let cx = ear.context(connection, identity);
        let came = frames.get(&ear.session).into_iter().flatten();
        // A frame that can't be read tells nothing.
        let heard = came.flat_map(|frame| events.frame(&cx, frame).unwrap_or_default().heard);
        heard.filter(|heard| heard.group.is_some()).collect()
    }
}
