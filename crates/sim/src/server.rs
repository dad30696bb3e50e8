//! The door on a socket: a simulator behind its real wire protocol, for clients that are not ours, and the phones of the
//! people in it, for whoever practises.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use adjourn_connector_kit::simulator::{Input, Output};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{Method, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::Shared;
use crate::clock::PacedClock;
use crate::fault::FaultPlan;
use crate::transport::lock;
use crate::way::{Before, Cut, Way};
use crate::{phone, session};

/// Largest request body or frame that is read.
pub(crate) const MAX_BODY: usize = 16 * 1024 * 1024;
/// Longest wait for a reply that a simulator gives at a later input (long polling).
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a simulator is asked for what it sends by itself.
const TICK: Duration = Duration::from_millis(100);
/// Statuses that say "nobody may ask that" where a simulator does not keep count itself.
const UNEXPECTED: [u16; 6] = [400, 404, 405, 406, 415, 501];

/// What is told line by line while a server runs.
pub type ReportFn = Arc<dyn Fn(&str) + Send + Sync>;

/// A simulator about to be served.
pub struct Server {
    door: Door,
}

/// What a server saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Requests of clients.
    pub requests: u64,
    /// Frames of clients.
    pub frames: u64,
    /// Requests and frames that no client of this platform may send.
    pub unexpected: u64,
    /// How often each effect really happened.
    pub effects: BTreeMap<(Op, NativeId), u32>,
}

pub(crate) struct Door {
    pub(crate) simulator: Shared,
    pub(crate) clock: Arc<PacedClock>,
    pub(crate) lang: &'static str,
    pub(crate) way: Mutex<Way>,
    pub(crate) links: Mutex<Links>,
    tally: Mutex<Tally>,
    report: ReportFn,
}

/// Who waits for what. Exchanges and sessions share one row of numbers.
#[derive(Default)]
pub(crate) struct Links {
    last: u64,
    replies: BTreeMap<u64, oneshot::Sender<Reply>>,
    pub(crate) sessions: BTreeMap<u64, mpsc::Sender<ToSession>>,
}

/// What goes out on a session.
pub(crate) enum ToSession {
    /// A frame.
    Frame(Bytes),
    /// The end.
    Close,
}

impl Server {
    /// A server of `simulator`, at the time of `clock`.
    pub fn new(simulator: Shared, clock: Arc<PacedClock>) -> Self {
        Self {
            door: Door {
                simulator,
                clock,
                lang: "zh-CN",
                way: Mutex::default(),
                links: Mutex::default(),
                tally: Mutex::default(),
                report: Arc::new(|_| ()),
            },
        }
    }

    /// What goes wrong on the way.
    #[must_use]
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.door.way = Mutex::new(Way::new(plan));
        self
    }

    /// The language of our own words on the phones' pages.
    #[must_use]
    pub fn lang(mut self, lang: &'static str) -> Self {
        self.door.lang = lang;
        self
    }

    /// Who is told of each request that no client may send.
    #[must_use]
    pub fn report(mut self, report: ReportFn) -> Self {
        self.door.report = report;
        self
    }

    /// Serves on `listener` until `stop` is over, and tells what was seen.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) -> std::io::Result<Tally> {
        let door = Arc::new(self.door);
        let router = Router::new().fallback(handle).with_state(door.clone());
        tokio::select! {
            ended = async { axum::serve(listener, router).await } => ended?,
            () = tick(&door) => {}
            () = stop => {}
        }
        let effects = lock(&door.simulator).effects();
        let seen = lock(&door.tally).clone();
        Ok(Tally { effects, ..seen })
    }
}

/// Never ends by itself.
async fn tick(door: &Door) {
    let mut beat = tokio::time::interval(TICK);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let outputs = lock(&door.simulator).tick(door.clock.now());
        door.deliver(outputs, None);
    }
}

async fn handle(State(door): State<Arc<Door>>, request: http::Request<Body>) -> Response {
    let path = request.uri().path();
    let phone = path == "/phone" || path.starts_with("/phone/");
    // The platform's own app in a person's hand is no client of the wire: nothing goes wrong there, and nothing is counted.
    let person = path.starts_with("/client/");
    if !phone && !person && session::wanted(&request) {
        return session::open(door, request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut request = Request::from_parts(parts, body);
    if phone {
        return phone::answer(&door, &request).map(Body::from);
    }
    if let Some(uri) = absolute(&request) {
        *request.uri_mut() = uri;
    }
    if person && ![Method::GET, Method::POST].contains(request.method()) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if person {
        return door.ask(request).await.map_or_else(no_reply, |reply| reply.map(Body::from));
    }
    lock(&door.tally).requests += 1;
    let passing = match lock(&door.way).before(&request) {
        Before::Ends(end) => return respond(end),
        Before::Passes(passing) => passing,
    };
    let line = format!("{} {}", request.method(), request.uri().path());
    let Some(reply) = door.ask(request).await else { return no_reply() };
    door.watch(&line, Some(reply.status()));
    respond(lock(&door.way).after(passing, reply))
}

impl Door {
    /// The number of another exchange or session.
    pub(crate) fn next(&self) -> (u64, oneshot::Receiver<Reply>) {
        let (sender, receiver) = oneshot::channel();
        let mut links = lock(&self.links);
        links.last += 1;
        let number = links.last;
        links.replies.insert(number, sender);
        (number, receiver)
    }

    /// Nobody waits for this number's reply any more.
    pub(crate) fn forget(&self, number: u64) {
        lock(&self.links).replies.remove(&number);
    }

    /// Hands an input to the simulator.
    pub(crate) fn input(&self, input: Input) -> Vec<Output> {
        lock(&self.simulator).handle(self.clock.now(), input)
    }

    async fn ask(&self, request: Request) -> Option<Reply> {
        let (exchange, receiver) = self.next();
        let outputs = self.input(Input::Request { exchange, request });
        self.deliver(outputs, None);
        let reply = tokio::time::timeout(PATIENCE, receiver).await;
        self.forget(exchange);
        reply.ok().and_then(Result::ok)
    }

    /// An input of one client can answer another one. Whoever hung up in the meantime gets nothing; whoever does not
    /// read what is sent is cut off; what goes to `deaf` is lost on the way.
    pub(crate) fn deliver(&self, outputs: Vec<Output>, deaf: Option<u64>) {
        let mut links = lock(&self.links);
        for output in outputs {
            let (session, item) = match output {
                Output::Reply { exchange, reply } => {
                    if let Some(sender) = links.replies.remove(&exchange) {
                        let _ = sender.send(reply);
                    }
                    continue;
                }
                Output::Frame { session, .. } if deaf == Some(session) => continue,
                Output::Frame { session, bytes } => (session, ToSession::Frame(bytes)),
                Output::Close { session } => (session, ToSession::Close),
            };
            let full = links.sessions.get(&session).is_some_and(|sender| sender.try_send(item).is_err());
            if full {
                links.sessions.remove(&session);
            }
        }
    }

    /// Counts a frame.
    pub(crate) fn framed(&self) {
        lock(&self.tally).frames += 1;
    }

    /// Tells and counts what no client may send.
    pub(crate) fn watch(&self, line: &str, status: Option<StatusCode>) {
        let told = lock(&self.simulator).take_unexpected();
        let by_status = status.is_some_and(|status| UNEXPECTED.contains(&status.as_u16()));
        let lines = told.unwrap_or_else(|| if by_status { vec![line.to_owned()] } else { Vec::new() });
        lock(&self.tally).unexpected += lines.len() as u64;
        for line in lines {
            (self.report)(&line);
        }
    }
}

fn no_reply() -> Response {
    StatusCode::GATEWAY_TIMEOUT.into_response()
}

fn respond(end: Result<Reply, Cut>) -> Response {
    match end {
        Ok(reply) => reply.map(Body::from),
        Err(Cut::Lost | Cut::Refused) => Response::new(Body::new(Broken)),
    }
}

/// A body that breaks before its first byte, which makes the server hang up without a reply.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}

/// The URI as the connector wrote it: a simulator sees the same one through either door.
pub(crate) fn absolute(request: &Request) -> Option<Uri> {
    let host = request.headers().get(http::header::HOST)?.to_str().ok()?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    format!("http://{host}{path}").parse().ok()
}
