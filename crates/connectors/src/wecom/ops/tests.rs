//! The verbs and probes against the simulator: what only this platform has. What every connector must do is the suite's.

mod archive;
mod end;
mod owners;
mod words;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard};
use std::task::{Poll, Waker};

use adjourn_connector_kit::simulator::Simulator;
use adjourn_connector_kit::transport::shown;
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Memo, Order, ReadBack, Reply, Request, Secret, Tokens, Transport,
    TransportError,
};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Signal, Verdict, read};
use adjourn_world::{ClientAct, client};
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::super::sim::{Doubts, WecomSim, seed};

pub(super) const APP_CHAT: &str = "opsroom2026";
pub(super) const CUSTOMERS: &str = "wrOgQhDgAAcwMTB7YmDkbeBsgTAAAA";
const APP: &str = "secret-of-the-app";
const FOR_CUSTOMERS: &str = "secret-for-customers";
const WITNESS: &str = "secret-of-the-witness";

/// A place at which an organisation works: the simulator, a clock, and what was called.
pub(super) struct Desk {
    sim: Mutex<WecomSim>,
    now: Mutex<Time>,
    calls: Mutex<Vec<String>>,
    /// Answers in place of the platform's, by the path's end.
    instead: Mutex<BTreeMap<String, String>>,
    settings: BTreeMap<String, String>,
    connector: Box<dyn Connector>,
}

#[async_trait]
impl Transport for Desk {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        locked(&self.calls).push(shown(&request));
        let path = request.uri().path();
        let instead =
            locked(&self.instead).iter().find(|(end, _)| path.ends_with(*end)).map(|it| it.1.clone());
        match instead {
            Some(body) => Ok(Reply::new(Bytes::from(body))),
            None => Ok(locked(&self.sim).answer(*locked(&self.now), &request)),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a simulated call never waits"),
    }
}

impl Desk {
    pub(super) fn new(doubts: Doubts) -> Self {
        let sim = WecomSim::new(seed::rules(), &seed::spec(), doubts);
        Self {
            settings: seed::settings(&sim, true),
            sim: Mutex::new(sim),
            now: Mutex::new(Time::parse("2026-11-25T02:00:00Z").unwrap()),
            calls: Mutex::default(),
            instead: Mutex::default(),
            connector: super::super::connector(),
        }
    }

    pub(super) fn pass(&self, seconds: u64) {
        let mut now = locked(&self.now);
        *now = now.plus_secs(seconds);
    }

    pub(super) fn instead(&self, end: &str, body: &Value) {
        locked(&self.instead).insert(end.to_owned(), body.to_string());
    }

    pub(super) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.calls))
    }

    fn with<T>(&self, app: &str, ask: impl FnOnce(&Context<'_>, &dyn Connector) -> T) -> T {
        let secrets: BTreeMap<String, Secret> = seed::secrets(&locked(&self.sim), app);
        let (connection, identity) = (ConnectionId::from("c"), IdentityId::from(app));
        let cx = Context {
            transport: self,
            now: *locked(&self.now),
            connection: &connection,
            identity: &identity,
            witness: app == WITNESS,
            settings: &self.settings,
            secrets: &secrets,
            tokens: &Tokens::forgetful(),
            heard: &[],
        };
        ask(&cx, &*self.connector)
    }

    pub(super) fn act(&self, app: &str, order: &Order) -> Result<Memo, ConnectorError> {
        self.with(app, |cx, connector| now(connector.verb(order.op).unwrap().act(cx, order)))
    }

    pub(super) fn read_back(&self, app: &str, order: &Order) -> Result<ReadBack, ConnectorError> {
        self.with(app, |cx, connector| now(connector.verb(order.op).unwrap().read_back(cx, order)))
    }

    pub(super) fn signals(&self, app: &str, chat: &str) -> Vec<Signal> {
        self.with(app, |cx, connector| now(connector.verifier().unwrap().signals(cx, &chat.into(), None)))
    }

    /// What two apps see together.
    pub(super) fn verdict(&self, app: &str, chat: &str) -> Verdict {
        read(&[self.signals(app, chat), self.signals(WITNESS, chat)].concat())
    }

    /// A person does something in the client or the console.
    pub(super) fn person(&self, who: &str, chat: &str, act: &ClientAct) -> Result<(), String> {
        let at = *locked(&self.now);
        let mut sim = locked(&self.sim);
        let sim: &mut dyn Simulator = &mut *sim;
        client(sim, &NativeId::from(chat), who, act, at).map_err(|refusal| refusal.code)
    }

    pub(super) fn handover(&self, chat: &str) {
        let act = ClientAct::Handover { to: "LiQiang".to_owned(), approved_by: "ZhaoLei".to_owned() };
        self.person("ChenMin", chat, &act).unwrap();
    }

    pub(super) fn dissolve(&self, who: &str, chat: &str) -> Result<(), String> {
        self.person(who, chat, &dissolve())
    }
}

pub(super) fn dissolve() -> ClientAct {
    ClientAct::Dissolve {
        typed_name: String::new(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: None,
    }
}

pub(super) fn order(op: Op, chat: &str, params: &[(&str, &str)]) -> Order {
    let params: Map<String, Value> =
        params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    Order { op, group: chat.into(), key: format!("{chat}:1"), undo: false, params, memo: Value::Null }
}
