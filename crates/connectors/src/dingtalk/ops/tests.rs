//! The verbs over the simulator: what the suite does not ask of every connector.

mod announce;
mod gone;
mod inventory;
mod links;
mod streams;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_connector_kit::simulator::{Input, Output, Simulator as _};
use adjourn_connector_kit::transport::Cause;
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Heard, Order, ReadBack, Reply, Request, Secret, Tokens, Transport,
    TransportError,
};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Signal, Verdict, read};
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};

use super::DingTalk;
use crate::dingtalk::sim::DingTalkSim;
use crate::dingtalk::sim::seed::{self, BUSY, OPERATOR, ORDINARY};

/// The simulator behind a transport that can answer in its place.
struct Line {
    simulator: Mutex<DingTalkSim>,
    now: Mutex<Time>,
    sent: Mutex<Vec<String>>,
    instead: Mutex<Vec<(&'static str, u16, &'static str)>>,
}

#[async_trait]
impl Transport for Line {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        self.sent.lock().unwrap().push(request.uri().path().to_owned());
        let found = self.instead.lock().unwrap().iter().find(|(part, ..)| target.contains(part)).copied();
        if let Some((_, status, body)) = found {
            let reply = http::Response::builder().status(status).header("content-type", "application/json");
            return Ok(reply.body(Bytes::from_static(body.as_bytes())).unwrap());
        }
        let at = *self.now.lock().unwrap();
        let input = Input::Request { exchange: 1, request };
        match self.simulator.lock().unwrap().handle(at, input).pop() {
            Some(Output::Reply { reply, .. }) => Ok(reply),
            _ => Err(TransportError { cause: Cause::Lost, says: "lost".to_owned() }),
        }
    }
}

/// A simulated platform and the connector.
struct Bench {
    line: Line,
    connector: DingTalk,
    settings: BTreeMap<String, String>,
    connection: ConnectionId,
    identities: [IdentityId; 2],
    secrets: [BTreeMap<String, Secret>; 2],
    tokens: [Tokens; 2],
    heard: Vec<Heard>,
}

impl Bench {
    fn new() -> Self {
        let simulator = seed::platform(false);
        let settings = simulator.settings(OPERATOR);
        let line = Line {
            simulator: Mutex::new(simulator),
            now: Mutex::new(Time::parse("2026-11-25T08:00:00Z").unwrap()),
            sent: Mutex::default(),
            instead: Mutex::default(),
        };
        let app = |name: &str| seed::app(&format!("dingsim{name}"), &format!("dingsim{name}-secret"));
        Self {
            line,
            connector: DingTalk::new(),
            settings,
            connection: "c".into(),
            identities: ["main".into(), "witness".into()],
            secrets: [app("owner"), app("witness")],
            tokens: [Tokens::default(), Tokens::default()],
            heard: Vec::new(),
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    /// This reply comes in place of every one whose address contains the text.
    fn instead(&self, part: &'static str, status: u16, body: &'static str) {
        self.line.instead.lock().unwrap().push((part, status, body));
    }

    fn sim<T>(&self, with: impl FnOnce(&mut DingTalkSim) -> T) -> T {
        with(&mut self.line.simulator.lock().unwrap())
    }

    fn pass(&self, seconds: u64) {
        let mut now = self.line.now.lock().unwrap();
        *now = now.plus_secs(seconds);
    }

    /// Paths of all requests since the last call.
    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.line.sent.lock().unwrap())
    }

    fn cx(&self, witness: bool) -> Context<'_> {
        let n = usize::from(witness);
        Context {
            transport: &self.line,
            now: *self.line.now.lock().unwrap(),
            connection: &self.connection,
            identity: &self.identities[n],
            witness,
            settings: &self.settings,
            secrets: &self.secrets[n],
            tokens: &self.tokens[n],
            heard: &self.heard,
        }
    }

    fn get(&self, group: &str) -> Result<Snapshot, ConnectorError> {
        now(self.connector.get(&self.cx(false), &group.into()))
    }

    fn act(&self, order: &Order) -> Result<Value, ConnectorError> {
        now(self.connector.verb(order.op).unwrap().act(&self.cx(false), order))
    }

    fn read_back(&self, order: &Order) -> Result<ReadBack, ConnectorError> {
        now(self.connector.verb(order.op).unwrap().read_back(&self.cx(false), order))
    }

    /// What one identity sees.
    fn looks(&self, witness: bool, group: &str) -> Vec<Signal> {
        now(self.connector.verifier().unwrap().signals(&self.cx(witness), &group.into(), None))
    }

    /// What both see together.
    fn verdict(&self, group: &str) -> Verdict {
        read(&[self.looks(false, group), self.looks(true, group)].concat())
    }

    fn effects(&self, op: Op, group: &str) -> u32 {
        self.sim(|sim| sim.effects().get(&(op, NativeId::from(group))).copied().unwrap_or(0))
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the connector waits for something that is not its transport"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is written down where it is used")]
fn order(op: Op, group: &str, params: Value) -> Order {
    let params = params.as_object().cloned().unwrap_or_default();
    Order { op, group: group.into(), key: format!("{group}:1"), undo: false, params, memo: Value::Null }
}

#[test]
fn a_token_is_got_once_and_replaced_when_its_time_is_over_or_it_is_refused() {
    let bench = Bench::new();
    let tokens = |sent: Vec<String>| sent.iter().filter(|path| path.ends_with("/accessToken")).count();
    bench.get(BUSY).unwrap();
    bench.get(BUSY).unwrap();
    assert_eq!(tokens(bench.sent()), 1);
    bench.pass(7200 - 61);
    bench.get(BUSY).unwrap();
    assert_eq!(tokens(bench.sent()), 0);
    bench.pass(1);
    bench.get(BUSY).unwrap();
    assert_eq!(tokens(bench.sent()), 1, "a minute before its end a token is not used any more");
    // The platform forgets every token, as after a reset of the app's secret.
    bench.sim(|sim| *sim = seed::platform(false));
    bench.get(BUSY).unwrap();
    assert_eq!(tokens(bench.sent()), 1);
    // One that is refused again and again is not asked for without end.
    bench.instead("/v1.0/im/", 401, r#"{"code":"InvalidAuthentication","message":"no","requestid":"r"}"#);
    let refused = bench.get(BUSY).unwrap_err();
    assert_eq!(refused.kind, adjourn_connector_kit::Kind::Auth);
    assert_eq!(bench.sent().len(), 3);
}

#[test]
fn the_second_ids_of_groups_are_read_from_the_setting_as_it_is_written() {
    let mut bench = Bench::new();
    bench.set("groups", " cidA+/b==chatX1 ,cidB==; cidC=chatY2\ncidD ");
    let cx = bench.cx(false);
    let api = crate::dingtalk::auth::Api::new(&cx).unwrap();
    let pairs = [("cidA+/b=", Some("chatX1")), ("cidB==", None), ("cidC", Some("chatY2")), ("cidD", None)];
    let pairs: Vec<_> = pairs.map(|(id, chat)| (id.to_owned(), chat.map(str::to_owned))).into();
    assert_eq!(api.groups().unwrap(), pairs);
    bench.set("groups", "cid\u{7fa4}=chat1");
    assert_eq!(bench.get(BUSY).unwrap_err().kind, adjourn_connector_kit::Kind::Config);
}
