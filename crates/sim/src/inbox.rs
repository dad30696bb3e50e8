//! An ear inside the process: sessions to a simulator whose frames are kept, for the suite and drills. What goes to
//! other sessions passes through.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::Request;
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use bytes::Bytes;

use crate::Shared;
use crate::transport::lock;

/// Most frames that are kept of a session.
const MAX_FRAMES: usize = 100_000;

type Frames = Arc<Mutex<BTreeMap<u64, Vec<Bytes>>>>;

/// The frames of our sessions.
#[derive(Debug, Clone, Default)]
pub struct Inbox(Frames);

/// Puts an ear on a simulator.
pub fn listen(simulator: Box<dyn Simulator>) -> (Box<dyn Simulator>, Inbox) {
    let inbox = Inbox::default();
    (Box::new(Tapped { simulator, frames: inbox.0.clone() }), inbox)
}

impl Inbox {
    /// Opens a session to the simulator behind `door`, which has to have this ear, and gives its number.
    pub fn open(&self, door: &Shared, at: Time, request: Request) -> u64 {
        let session = {
            let mut frames = lock(&self.0);
            // Sockets count from below.
            let session = frames.keys().next().map_or(u64::MAX, |last| last - 1);
            frames.insert(session, Vec::new());
            session
        };
        lock(door).handle(at, Input::Opened { session, request });
        session
    }

    /// All frames that a session got so far.
    pub fn frames(&self, session: u64) -> Vec<Bytes> {
        lock(&self.0).get(&session).cloned().unwrap_or_default()
    }
}

struct Tapped {
    simulator: Box<dyn Simulator>,
    frames: Frames,
}

impl Simulator for Tapped {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        let mut outputs = self.simulator.handle(at, input);
        let mut frames = lock(&self.frames);
        outputs.retain(|output| {
            let Output::Frame { session, bytes } = output else { return true };
            let Some(kept) = frames.get_mut(session) else { return true };
            if kept.len() < MAX_FRAMES {
                kept.push(bytes.clone());
            }
            false
        });
        outputs
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.simulator.effects()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Greets whoever opens a session, and everybody else at the same time.
    struct Greeter(Vec<u64>);

    impl Simulator for Greeter {
        fn handle(&mut self, _at: Time, input: Input) -> Vec<Output> {
            if let Input::Opened { session, .. } = input {
                self.0.push(session);
            }
            let greet =
                |session: &u64| Output::Frame { session: *session, bytes: Bytes::from_static(b"hello") };
            self.0.iter().map(greet).collect()
        }

        fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
            BTreeMap::new()
        }
    }

    #[test]
    fn our_frames_are_kept_and_others_pass() {
        let (simulator, inbox) = listen(Box::new(Greeter(Vec::new())));
        let door = crate::share(simulator);
        let request = || http::Request::get("http://p/event").body(Bytes::new()).unwrap();
        let ours = inbox.open(&door, Time::default(), request());
        let passed = lock(&door).handle(Time::default(), Input::Opened { session: 1, request: request() });
        assert_eq!(inbox.frames(ours).len(), 2);
        assert!(matches!(passed.as_slice(), [Output::Frame { session: 1, .. }]), "{passed:?}");
        assert!(inbox.frames(1).is_empty());
    }
}
