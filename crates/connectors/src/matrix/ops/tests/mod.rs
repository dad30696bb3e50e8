//! The verbs over the simulator.

mod around;
mod dissolve;
mod faults;
mod member;
mod read;
mod transfer;
mod verbs;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_connector_kit::connector::Memo;
use adjourn_connector_kit::simulator::{Input, Output, Seeded, Simulator};
use adjourn_connector_kit::transport::Cause;
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Order, ReadBack, Reply, Request, Secret, Tokens, Transport,
    TransportError,
};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Signal, Verdict, read};
use async_trait::async_trait;
use serde_json::{Value, json};

/// What goes wrong with a request whose method and path contain the text.
enum Trouble {
    /// The platform acts, the reply is lost.
    ReplyLost,
    /// This reply comes instead, and the platform does not act.
    Instead(u16, &'static str, &'static str),
}

/// The simulator behind a transport, with a clock that the test moves.
struct Line {
    simulator: Mutex<Box<dyn Simulator>>,
    now: Mutex<Time>,
    sent: Mutex<Vec<String>>,
    trouble: Mutex<Vec<(&'static str, Trouble)>>,
    dark: Mutex<Dark>,
}

/// Events that the platform fails to show, and what it answers instead whenever it would have to.
#[derive(Clone, Default)]
struct Dark {
    ids: Vec<String>,
    instead: Option<(u16, &'static str)>,
}

#[async_trait]
impl Transport for Line {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        let label = format!("{} {}", request.method(), request.uri());
        self.sent.lock().unwrap().push(label.clone());
        let mut pending = self.trouble.lock().unwrap();
        let hit =
            pending.iter().position(|(text, _)| label.contains(text)).map(|place| pending.remove(place).1);
        drop(pending);
        if let Some(Trouble::Instead(status, kind, body)) = &hit {
            let reply = http::Response::builder().status(*status).header("content-type", *kind);
            return Ok(reply.body((*body).into()).unwrap());
        }
        let now = *self.now.lock().unwrap();
        let input = Input::Request { exchange: 7, request };
        let mut outputs = self.simulator.lock().unwrap().handle(now, input);
        let Some(Output::Reply { exchange: 7, reply }) = outputs.pop() else { panic!("no reply") };
        let Dark { ids, instead } = self.dark.lock().unwrap().clone();
        let shown = String::from_utf8_lossy(reply.body()).into_owned();
        if let Some((status, body)) = instead.filter(|_| ids.iter().any(|id| shown.contains(id))) {
            return Ok(http::Response::builder().status(status).body(body.into()).unwrap());
        }
        match hit {
            Some(Trouble::ReplyLost) => Err(TransportError { cause: Cause::Lost, says: "lost".to_owned() }),
            _ => Ok(reply),
        }
    }
}

/// Somebody at the line.
struct Who {
    name: IdentityId,
    witness: bool,
    secrets: BTreeMap<String, Secret>,
}

/// A simulated platform and the connector.
struct Bench {
    line: Line,
    connector: Box<dyn Connector>,
    settings: BTreeMap<String, String>,
    connection: ConnectionId,
    tokens: Tokens,
    seeded: Seeded,
}

struct Idle;

impl Simulator for Idle {
    fn handle(&mut self, _: Time, _: Input) -> Vec<Output> {
        Vec::new()
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        BTreeMap::new()
    }
}

impl Bench {
    fn new() -> Self {
        let mut seeded = super::super::seeded();
        let simulator = std::mem::replace(&mut seeded.simulator, Box::new(Idle));
        let line = Line {
            simulator: Mutex::new(simulator),
            now: Mutex::new(Time::parse("2026-11-22T08:00:00Z").unwrap()),
            sent: Mutex::default(),
            trouble: Mutex::default(),
            dark: Mutex::default(),
        };
        let settings = seeded.settings.clone();
        let tokens = Tokens::default();
        Self { line, connector: super::super::connector(), settings, connection: "c".into(), tokens, seeded }
    }

    #[expect(clippy::unused_self, reason = "reads as a sentence beside root and witness")]
    fn as_user(&self, token: &str) -> Who {
        let secrets = BTreeMap::from([("token".to_owned(), Secret::new(token))]);
        Who { name: "main".into(), witness: false, secrets }
    }

    fn root(&self) -> Who {
        Who { name: "main".into(), witness: false, secrets: self.seeded.secrets.clone() }
    }

    fn witness(&self) -> Who {
        Who { name: "witness".into(), witness: true, secrets: self.seeded.witness_secrets.clone() }
    }

    fn cx<'a>(&'a self, who: &'a Who) -> Context<'a> {
        Context {
            transport: &self.line,
            now: *self.line.now.lock().unwrap(),
            connection: &self.connection,
            identity: &who.name,
            witness: who.witness,
            settings: &self.settings,
            secrets: &who.secrets,
            tokens: &self.tokens,
            heard: &[],
        }
    }

    fn pass(&self, seconds: u64) {
        let mut now = self.line.now.lock().unwrap();
        *now = now.plus_secs(seconds);
    }

    fn trouble(&self, text: &'static str, trouble: Trouble) {
        self.line.trouble.lock().unwrap().push((text, trouble));
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.line.sent.lock().unwrap())
    }

    fn effect(&self, op: Op) -> u32 {
        let effects = self.line.simulator.lock().unwrap().effects();
        effects.get(&(op, self.seeded.busy.clone())).copied().unwrap_or(0)
    }

    fn act(&self, who: &Who, order: &Order) -> Result<Memo, ConnectorError> {
        block_on(self.connector.verb(order.op).unwrap().act(&self.cx(who), order))
    }

    fn read_back(&self, who: &Who, order: &Order) -> Result<ReadBack, ConnectorError> {
        block_on(self.connector.verb(order.op).unwrap().read_back(&self.cx(who), order))
    }

    fn order(&self, op: Op) -> Order {
        order(op, &self.seeded.busy)
    }

    fn signals(&self, who: &Who, known: Option<&NativeId>) -> Vec<Signal> {
        let cx = self.cx(who);
        block_on(self.connector.verifier().unwrap().signals(&cx, &self.seeded.busy, known))
    }

    fn verdict(&self, known: Option<&NativeId>) -> Verdict {
        let mut signals = self.signals(&self.root(), known);
        signals.extend(self.signals(&self.witness(), known));
        read(&signals)
    }

    fn export(
        &self,
        who: &Who,
        group: &NativeId,
    ) -> Result<Vec<adjourn_domain::message::Record>, ConnectorError> {
        let (mut records, mut cursor) = (Vec::new(), None);
        loop {
            let cx = self.cx(who);
            let page = block_on(self.connector.exporter().unwrap().page(&cx, group, cursor.as_deref()))?;
            records.extend(page.records);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(records);
            }
        }
    }
}

fn order(op: Op, group: &NativeId) -> Order {
    let params = match op {
        Op::Announce => json!({ "text": "This group ends on Friday." }),
        Op::Transfer => json!({ "to": "@carol:sim.test" }),
        Op::RemoveMedia => json!({ "media": ["mxc://sim.test/IkrXfCXYWNGtUgzbHkPiXvph"] }),
        _ => json!({}),
    };
    Order {
        op,
        group: group.clone(),
        key: format!("g-1:{}", op.slug()),
        undo: false,
        params: params.as_object().cloned().unwrap(),
        memo: Value::Null,
    }
}

/// Futures over the simulator are always ready.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = TaskContext::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a connector waited for something else than its transport"),
    }
}
