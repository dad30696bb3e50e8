//! The door inside the process: a transport to a simulator, with a fault plan in between.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::{Cause, Reply, Request, Transport, TransportError, shown};
use async_trait::async_trait;

use crate::Shared;
use crate::clock::VirtualClock;
use crate::fault::FaultPlan;
use crate::way::{Before, Cut, Way};

/// A transport whose other end is a simulator. Replies are there at once: no call ever waits.
pub struct SimTransport {
    simulator: Shared,
    clock: Arc<VirtualClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    way: Way,
    calls: Vec<(String, String)>,
    reached: u64,
}

impl SimTransport {
    /// A door to `simulator` at the time of `clock`, with what goes wrong on the way.
    pub fn new(simulator: Shared, clock: Arc<VirtualClock>, plan: FaultPlan) -> Self {
        let state = State { way: Way::new(plan), ..State::default() };
        Self { simulator, clock, state: Mutex::new(state) }
    }

    /// Begins another plan; what was counted and remembered stays.
    pub fn set_faults(&self, plan: FaultPlan) {
        lock(&self.state).way.set_faults(plan);
    }

    /// Number of requests that were made.
    pub fn requests(&self) -> usize {
        lock(&self.state).calls.len()
    }

    /// Number of requests that reached the platform.
    pub fn reached(&self) -> u64 {
        lock(&self.state).reached
    }

    /// Method and URI of every request, in order, without secret parameters.
    pub fn calls(&self) -> Vec<(String, String)> {
        lock(&self.state).calls.clone()
    }

    fn answer(&self, request: Request) -> Result<Reply, TransportError> {
        let mut state = lock(&self.state);
        state.calls.push((request.method().to_string(), shown(&request)));
        let passing = match state.way.before(&request) {
            Before::Ends(end) => return end.map_err(error),
            Before::Passes(passing) => passing,
        };
        state.reached += 1;
        let exchange = state.reached;
        let reply = ask(&mut **lock(&self.simulator), self.clock.now(), exchange, request)
            .ok_or_else(|| error(Cut::Lost))?;
        state.way.after(passing, reply).map_err(error)
    }
}

#[async_trait]
impl Transport for SimTransport {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        self.answer(request)
    }
}

/// The reply that a simulator gives at once, if it gives one.
fn ask(
    simulator: &mut dyn Simulator,
    at: adjourn_domain::time::Time,
    exchange: u64,
    request: Request,
) -> Option<Reply> {
    simulator.handle(at, Input::Request { exchange, request }).into_iter().find_map(|output| match output {
        Output::Reply { exchange: number, reply } if number == exchange => Some(reply),
        _ => None,
    })
}

fn error(cut: Cut) -> TransportError {
    match cut {
        Cut::Refused => TransportError { cause: Cause::Connect, says: "connection refused".to_owned() },
        Cut::Lost => TransportError { cause: Cause::Lost, says: "no reply".to_owned() },
    }
}

/// A simulator that panicked in one test is still a simulator.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;
    use adjourn_domain::capability::Op;
    use adjourn_domain::ids::NativeId;
    use adjourn_domain::time::Time;
    use bytes::Bytes;
    use std::collections::BTreeMap;
    use std::task::{Context, Poll, Waker};

    /// Counts, and answers with the count.
    struct Counter(u32);

    impl Simulator for Counter {
        fn handle(&mut self, _at: Time, input: Input) -> Vec<Output> {
            let Input::Request { exchange, .. } = input else { return Vec::new() };
            self.0 += 1;
            vec![Output::Reply {
                exchange,
                reply: Reply::new(Bytes::from(format!("{{\"n\":{:04}}}", self.0))),
            }]
        }

        fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
            BTreeMap::from([((Op::Dissolve, "g".into()), self.0)])
        }
    }

    fn call(transport: &SimTransport, uri: &str) -> Result<String, Cause> {
        let request = http::Request::get(uri).body(Bytes::new()).unwrap();
        let mut future = transport.call(request);
        let Poll::Ready(reply) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("a simulated call never waits");
        };
        reply.map(|reply| String::from_utf8_lossy(reply.body()).into_owned()).map_err(|error| error.cause)
    }

    fn door(plan: FaultPlan) -> (SimTransport, Shared) {
        let shared = crate::share(Box::new(Counter(0)));
        (SimTransport::new(shared.clone(), VirtualClock::at(Time::default()), plan), shared)
    }

    fn effects(shared: &Shared) -> u32 {
        lock(shared).effects().values().sum()
    }

    #[test]
    fn a_lost_reply_has_its_effect_and_a_lost_request_has_none() {
        let (transport, shared) = door(FaultPlan::nth(1, FaultKind::ReplyLost));
        assert_eq!(call(&transport, "http://p/a"), Err(Cause::Lost));
        assert_eq!(effects(&shared), 1);
        transport.set_faults(FaultPlan::always(FaultKind::RequestLost));
        assert_eq!(call(&transport, "http://p/a"), Err(Cause::Lost));
        assert_eq!((effects(&shared), transport.requests(), transport.reached()), (1, 2, 1));
    }

    #[test]
    fn stale_and_repeated_replies_are_earlier_ones() {
        let (transport, _) = door(FaultPlan::always(FaultKind::StaleRead));
        assert_eq!(call(&transport, "http://p/a?page=1").unwrap(), "{\"n\":0001}");
        assert_eq!(call(&transport, "http://p/a?page=1").unwrap(), "{\"n\":0001}");
        assert_eq!(call(&transport, "http://p/a?page=2").unwrap(), "{\"n\":0002}");
        transport.set_faults(FaultPlan::always(FaultKind::RepeatedPage));
        assert_eq!(call(&transport, "http://p/a?page=3").unwrap(), "{\"n\":0002}");
    }

    #[test]
    fn half_a_body_is_half_a_body() {
        let (transport, _) = door(FaultPlan::always(FaultKind::HalfBody));
        assert_eq!(call(&transport, "http://p/a").unwrap(), "{\"n\":");
    }
}
