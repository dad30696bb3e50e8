//! The way to a simulated platform, with a fault plan on it. Pure, and the same for every door.

use std::collections::BTreeMap;

use adjourn_connector_kit::transport::{Reply, Request};
use bytes::Bytes;

use crate::fault::{FaultKind, FaultPlan, Faults};
use crate::reply;

/// Most replies that are remembered for [`FaultKind::StaleRead`] and [`FaultKind::RepeatedPage`], of each.
const MAX_REMEMBERED: usize = 10_000;

/// What a fault plan did so far.
#[derive(Debug, Default)]
pub(crate) struct Way {
    faults: Faults,
    by_request: BTreeMap<Same, Reply>,
    by_path: BTreeMap<String, Reply>,
}

/// Method, address and body: what makes two requests the same.
type Same = (String, String, Bytes);

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// No connection.
    Refused,
    /// The connection was there, and no reply came.
    Lost,
}

/// What happens to a request before the platform has seen it.
#[derive(Debug)]
pub(crate) enum Before {
    /// It never reaches the platform.
    Ends(Result<Reply, Cut>),
    /// It goes on; what comes back goes through [`Way::after`].
    Passes(Passing),
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Passing {
    same: Same,
    path: String,
    fault: Option<FaultKind>,
}

impl Way {
    /// A way on which `plan` strikes.
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { faults: Faults::new(plan), ..Self::default() }
    }

    /// Begins another plan; what was remembered stays.
    pub(crate) fn set_faults(&mut self, plan: FaultPlan) {
        self.faults = Faults::new(plan);
    }

    /// The fault that strikes a frame of a session: `FRAME` is its method, its text its path.
    pub(crate) fn frame(&mut self, text: &str) -> Option<FaultKind> {
        self.faults.strike("FRAME", text)
    }

    /// What happens to `request`.
    pub(crate) fn before(&mut self, request: &Request) -> Before {
        let method = request.method().as_str();
        let same = (method.to_owned(), request.uri().to_string(), request.body().clone());
        let path = request.uri().path().to_owned();
        let target = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
        let fault = self.faults.strike(method, &target);
        let earlier = match &fault {
            Some(FaultKind::StaleRead) => self.by_request.get(&same),
            Some(FaultKind::RepeatedPage) => self.by_path.get(&path),
            _ => None,
        };
        if let Some(reply) = earlier {
            return Before::Ends(Ok(reply.clone()));
        }
        match &fault {
            None | Some(FaultKind::StaleRead | FaultKind::RepeatedPage) => {}
            Some(fault) if fault.reaches() => {}
            Some(FaultKind::Refused) => return Before::Ends(Err(Cut::Refused)),
            Some(fault) => return Before::Ends(reply::made_up(fault).ok_or(Cut::Lost)),
        }
        Before::Passes(Passing { same, path, fault })
    }

    /// What becomes of the platform's reply.
    pub(crate) fn after(&mut self, passing: Passing, reply: Reply) -> Result<Reply, Cut> {
        let Passing { same, path, fault } = passing;
        remember(&mut self.by_request, same, &reply);
        remember(&mut self.by_path, path, &reply);
        match fault {
            Some(FaultKind::ReplyLost) => Err(Cut::Lost),
            Some(FaultKind::HalfBody) => Ok(reply::halved(reply)),
            Some(kind) => Ok(reply::made_up(&kind).unwrap_or(reply)),
            None => Ok(reply),
        }
    }
}

fn remember<K: Ord>(known: &mut BTreeMap<K, Reply>, key: K, reply: &Reply) {
    if known.len() < MAX_REMEMBERED || known.contains_key(&key) {
        known.insert(key, reply.clone());
    }
}
