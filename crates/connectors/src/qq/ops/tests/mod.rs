//! The connector over the simulator, as several accounts.

mod end;
mod groups;
mod history;
mod schema;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::{
    Connector, Context, Heard, Order, Reply, Request, Secret, Tokens, Transport, TransportError,
};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Signal;
use adjourn_world::{ClientRefusal, Rules, WorldSpec, client_obeys};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::Qq;
use crate::qq::sim::seed::{self, BUSY, EVENT_SECRET};
use crate::qq::sim::{QqSim, SPEC};
use crate::qq::wire::implementation::Implementation;

/// One exchange, as it went over the line.
struct Exchange {
    action: String,
    authorised: bool,
    body: Value,
    reply: Value,
}

/// What answers in place of the simulator.
type Instead = Box<dyn FnMut(&Request) -> Option<Reply> + Send>;

struct Line {
    sim: Mutex<QqSim>,
    now: Mutex<Time>,
    seen: Mutex<Vec<Exchange>>,
    instead: Mutex<Option<Instead>>,
}

#[async_trait]
impl Transport for Line {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        let action = request.uri().path().trim_start_matches('/').to_owned();
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        let authorised = request.headers().contains_key("authorization");
        let other = self.instead.lock().unwrap().as_mut().and_then(|instead| instead(&request));
        let now = *self.now.lock().unwrap();
        let reply = other.unwrap_or_else(|| {
            let outputs = self.sim.lock().unwrap().handle(now, Input::Request { exchange: 1, request });
            let reply = outputs.into_iter().find_map(|output| match output {
                Output::Reply { exchange: 1, reply } => Some(reply),
                _ => None,
            });
            reply.unwrap()
        });
        let told = serde_json::from_slice(reply.body()).unwrap_or(Value::Null);
        self.seen.lock().unwrap().push(Exchange { action, authorised, body, reply: told });
        Ok(reply)
    }
}

/// Somebody who looks: a name, whether as a witness, and with which secrets.
#[derive(Clone)]
struct Who {
    name: IdentityId,
    account: &'static str,
    witness: bool,
    secrets: BTreeMap<String, Secret>,
}

/// A simulated platform and the connector.
struct Bench {
    line: Line,
    connector: Qq,
    connection: ConnectionId,
    tokens: Tokens,
    settings: BTreeMap<String, String>,
    tokens: Tokens,
}

fn who(token: &str, account: &'static str, witness: bool) -> Who {
    let secrets = [("token", token), ("event_secret", EVENT_SECRET)];
    let secrets = secrets.map(|(name, value)| (name.to_owned(), Secret::new(value)));
    Who { name: token.into(), account, witness, secrets: secrets.into() }
}

fn owner() -> Who {
    who("qq-owner", "800100001", false)
}

fn deputy() -> Who {
    who("qq-deputy", "800100002", false)
}

fn witness() -> Who {
    who("qq-witness", "800100003", true)
}

fn second() -> Who {
    who("qq-second", "800100004", true)
}

fn busy() -> NativeId {
    BUSY.into()
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a connector has nothing to wait for"),
    }
}

fn start() -> Time {
    Time::parse("2026-11-23T08:00:00Z").unwrap()
}

fn spec() -> WorldSpec {
    serde_json::from_str(SPEC).unwrap()
}

impl Bench {
    fn new(plays: Implementation) -> Self {
        Self::under(plays, seed::rules(), &spec())
    }

    fn under(plays: Implementation, rules: Rules, spec: &WorldSpec) -> Self {
        let sim = QqSim::new(plays, rules, spec);
        let settings = [("url", "http://qq.invalid:3000"), ("bots", "800100007,800100008")];
        Self {
            line: Line {
                sim: Mutex::new(sim),
                now: Mutex::new(start()),
                seen: Mutex::default(),
                instead: Mutex::default(),
            },
            connector: Qq::new(),
            connection: "line".into(),
            tokens: Tokens::forgetful(),
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            tokens: Tokens::default(),
        }
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// What an account heard, through the connector's own reader of pushed events.
    fn heard(&self, who: &Who) -> Vec<Heard> {
        let events = self.line.sim.lock().unwrap().events(who.account).to_vec();
        let cx = self.cx(who, &[]);
        let listen = self.connector.events().unwrap();
        events
            .iter()
            .flat_map(|event| {
                let request = QqSim::push(event, "http://us.invalid/qq", EVENT_SECRET).unwrap();
                listen.pushed(&cx, &request).unwrap()
            })
            .collect()
    }

    fn cx<'a>(&'a self, who: &'a Who, heard: &'a [Heard]) -> Context<'a> {
        Context {
            transport: &self.line,
            now: *self.line.now.lock().unwrap(),
            connection: &self.connection,
            identity: &who.name,
            witness: who.witness,
            settings: &self.settings,
            secrets: &who.secrets,
            tokens: &self.tokens,
            heard,
        }
    }

    /// All signals of some, with what each of them heard.
    fn signals(&self, all: &[Who]) -> Vec<Signal> {
        let verifier = self.connector.verifier().unwrap();
        let mut signals = Vec::new();
        for who in all {
            let heard = self.heard(who);
            signals.extend(now(verifier.signals(&self.cx(who, &heard), &busy(), None)));
        }
        signals
    }

    fn person(&self, op: Op) -> Result<(), ClientRefusal> {
        let at = *self.line.now.lock().unwrap();
        client_obeys(&mut *self.line.sim.lock().unwrap(), op, &busy(), at)
    }

    fn pass(&self, seconds: u64) {
        let mut now = self.line.now.lock().unwrap();
        *now = now.plus_secs(seconds);
    }

    fn instead(&self, instead: impl FnMut(&Request) -> Option<Reply> + Send + 'static) {
        *self.line.instead.lock().unwrap() = Some(Box::new(instead));
    }

    /// Actions that were called, in order; and forgets them.
    fn called(&self) -> Vec<String> {
        std::mem::take(&mut *self.line.seen.lock().unwrap()).into_iter().map(|seen| seen.action).collect()
    }

    fn effects(&self, op: Op) -> u32 {
        self.line.sim.lock().unwrap().effects().get(&(op, busy())).copied().unwrap_or(0)
    }
}

fn order(op: Op, params: Value) -> Order {
    let Value::Object(params) = params else { panic!("parameters are an object") };
    Order {
        op,
        group: busy(),
        key: format!("{BUSY}:01-{}", op.slug()),
        undo: false,
        params,
        memo: Value::Null,
    }
}

fn reply(body: &Value) -> Reply {
    http::Response::builder().status(200).body(body.to_string().into()).unwrap()
}

fn ok(data: &Value) -> Reply {
    reply(&json!({ "status": "ok", "retcode": 0, "data": data }))
}
