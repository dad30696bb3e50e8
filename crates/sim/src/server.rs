//! The door on a socket: a simulator behind its real wire protocol, for clients that are not ours.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adjourn_connector_kit::simulator::{Input, Output};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::time::Time;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::Shared;
use crate::transport::lock;

/// Largest request body that is read.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// Longest wait for a reply that a simulator gives at a later input (long polling).
const PATIENCE: Duration = Duration::from_mins(1);

/// Tells the time of the simulated platform.
pub type ClockFn = Arc<dyn Fn() -> Time + Send + Sync>;

struct Door {
    simulator: Shared,
    clock: ClockFn,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    replies: BTreeMap<u64, oneshot::Sender<Reply>>,
}

/// Serves `simulator` on `listener` until the task is dropped.
///
/// # Errors
/// When the socket fails.
pub async fn serve(listener: TcpListener, simulator: Shared, clock: ClockFn) -> std::io::Result<()> {
    let door = Arc::new(Door { simulator, clock, waiting: Mutex::default() });
    let router = Router::new().fallback(handle).with_state(door);
    axum::serve(listener, router).await
}

async fn handle(State(door): State<Arc<Door>>, request: http::Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut request = Request::from_parts(parts, body);
    if let Some(uri) = absolute(&request) {
        *request.uri_mut() = uri;
    }
    let (sender, receiver) = oneshot::channel();
    let exchange = {
        let mut waiting = lock(&door.waiting);
        waiting.last += 1;
        let exchange = waiting.last;
        waiting.replies.insert(exchange, sender);
        exchange
    };
    let outputs = lock(&door.simulator).handle((door.clock)(), Input::Request { exchange, request });
    deliver(&door, outputs);
    let reply = tokio::time::timeout(PATIENCE, receiver).await;
    lock(&door.waiting).replies.remove(&exchange);
    match reply {
        Ok(Ok(reply)) => reply.map(Body::from),
        _ => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

/// An input of one client can answer another one. Whoever hung up in the meantime gets nothing.
fn deliver(door: &Door, outputs: Vec<Output>) {
    let mut waiting = lock(&door.waiting);
    for output in outputs {
        if let Output::Reply { exchange, reply } = output
            && let Some(sender) = waiting.replies.remove(&exchange)
        {
            let _ = sender.send(reply);
        }
    }
}

/// The URI as the connector wrote it: a simulator sees the same one through either door.
fn absolute(request: &Request) -> Option<Uri> {
    let host = request.headers().get(http::header::HOST)?.to_str().ok()?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    format!("http://{host}{path}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_connector_kit::simulator::Simulator;
    use adjourn_domain::capability::Op;
    use adjourn_domain::ids::NativeId;
    use bytes::Bytes;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    struct Echo;

    impl Simulator for Echo {
        fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
            let Input::Request { exchange, request } = input else { return Vec::new() };
            let body = format!("{} {} {at}", request.uri(), String::from_utf8_lossy(request.body()));
            vec![Output::Reply { exchange, reply: Reply::new(Bytes::from(body)) }]
        }

        fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
            BTreeMap::new()
        }
    }

    #[tokio::test]
    async fn a_simulator_answers_on_a_socket_at_the_time_of_its_clock() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock: ClockFn = Arc::new(|| Time::from_millis(1_767_225_600_001));
        let server = tokio::spawn(serve(listener, crate::share(Box::new(Echo)), clock));
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let request =
            "POST /v1/x?y=1 HTTP/1.1\r\nHost: sim\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        socket.read_to_string(&mut reply).await.unwrap();
        server.abort();
        assert!(reply.ends_with("http://sim/v1/x?y=1 hi 2026-01-01T00:00:00.001Z"), "{reply}");
    }
}
