//! The door on a socket, asked byte by byte as any client would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::Reply;
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_sim::{FaultPlan, PacedClock, Server, Tally, VirtualClock, share};
use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// Echoes requests with the time; sends what one session says to all of them; says `tick` after a `tick please`.
#[derive(Default)]
struct Echo {
    sessions: Vec<u64>,
    ticks: bool,
    heard: u32,
    unexpected: Vec<String>,
}

impl Simulator for Echo {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        match input {
            Input::Request { exchange, request } => {
                self.heard += 1;
                if request.uri().path() == "/odd" {
                    self.unexpected.push("nobody asks /odd".to_owned());
                }
                let body = format!("{} {} {at}", request.uri(), String::from_utf8_lossy(request.body()));
                vec![Output::Reply { exchange, reply: Reply::new(Bytes::from(body)) }]
            }
            Input::Opened { session, request } if request.uri().path() == "/closed" => {
                let mut reply = Reply::new(Bytes::from_static(b"no"));
                *reply.status_mut() = http::StatusCode::FORBIDDEN;
                vec![Output::Reply { exchange: session, reply }]
            }
            Input::Opened { session, .. } => {
                self.sessions.push(session);
                vec![Output::Frame { session, bytes: Bytes::from_static(b"hello") }]
            }
            Input::Frame { session, bytes } if bytes == "bye" => vec![Output::Close { session }],
            Input::Frame { bytes, .. } => {
                self.heard += 1;
                self.ticks |= bytes == "tick please";
                let all = self.sessions.iter();
                all.map(|session| Output::Frame { session: *session, bytes: bytes.clone() }).collect()
            }
            Input::Closed { session } => {
                self.sessions.retain(|known| *known != session);
                let left = self.sessions.iter();
                let bytes = Bytes::from_static(b"somebody left");
                left.map(|session| Output::Frame { session: *session, bytes: bytes.clone() }).collect()
            }
        }
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        BTreeMap::from([((Op::Dissolve, "g".into()), self.heard)])
    }

    fn tick(&mut self, _at: Time) -> Vec<Output> {
        let due = std::mem::take(&mut self.ticks);
        let sessions = self.sessions.iter().filter(|_| due);
        sessions
            .map(|session| Output::Frame { session: *session, bytes: Bytes::from_static(b"tick") })
            .collect()
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        Some(std::mem::take(&mut self.unexpected))
    }
}

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    server: tokio::task::JoinHandle<std::io::Result<Tally>>,
    lines: Arc<Mutex<Vec<String>>>,
}

async fn running(faults: &str) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let real = VirtualClock::at(Time::from_millis(0));
    let start = Some(Time::from_millis(1_767_225_600_001));
    let clock = PacedClock::new(Arc::new(move || real.now()), start, 1);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = lines.clone();
    let (stop, stopped) = oneshot::channel();
    let server = Server::new(share(Box::new(Echo::default())), clock)
        .faults(faults.parse::<FaultPlan>().unwrap())
        .report(Arc::new(move |line| told.lock().unwrap().push(line.to_owned())));
    let until = async {
        let _ = stopped.await;
    };
    let server = tokio::spawn(server.run(listener, until));
    Running { address, stop, server, lines }
}

impl Running {
    /// Sends a request and reads until the server hangs up.
    async fn ask(&self, line: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: sim\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        // A server that hangs up in the middle is what some of these tests are about.
        let _ = socket.read_to_end(&mut reply).await;
        String::from_utf8_lossy(&reply).into_owned()
    }

    async fn session(&self, path: &str) -> Session {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: sim\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        Session { socket, head: String::from_utf8(head).unwrap() }
    }

    async fn end(self) -> Tally {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap()
    }
}

struct Session {
    socket: TcpStream,
    head: String,
}

impl Session {
    /// Sends a short frame of a client, masked with zeros.
    async fn send(&mut self, opcode: u8, text: &str) {
        let mut frame = vec![0x80 | opcode, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
        frame.extend(text.as_bytes());
        self.socket.write_all(&frame).await.unwrap();
    }

    /// Opcode and bytes of the next short frame.
    async fn read(&mut self) -> (u8, String) {
        let opcode = self.socket.read_u8().await.unwrap() & 0x0f;
        let length = self.socket.read_u8().await.unwrap();
        assert!(length < 126, "a short frame");
        let mut bytes = vec![0; usize::from(length)];
        self.socket.read_exact(&mut bytes).await.unwrap();
        (opcode, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn text(&mut self) -> String {
        let (opcode, text) = self.read().await;
        assert_eq!(opcode, 1, "a text frame");
        text
    }
}

#[tokio::test]
async fn a_simulator_answers_on_a_socket_at_the_time_of_its_clock() {
    let running = running("").await;
    let reply = running.ask("POST /v1/x?y=1", "hi").await;
    assert!(reply.ends_with("http://sim/v1/x?y=1 hi 2026-01-01T00:00:00.001Z"), "{reply}");
    let tally = running.end().await;
    assert_eq!((tally.requests, tally.unexpected, tally.effects.len()), (1, 0, 1));
}

#[tokio::test]
async fn faults_strike_on_the_socket_as_they_do_in_the_process() {
    let running =
        running("reply_lost@POST /a#2; request_lost@/lost; server_error:503@/busy; half_body@/half").await;
    assert!(running.ask("POST /a", "").await.starts_with("HTTP/1.1 200"));
    assert_eq!(running.ask("POST /a", "").await, "", "nothing at all comes back");
    assert_eq!(running.ask("GET /lost", "").await, "");
    assert!(running.ask("GET /busy", "").await.starts_with("HTTP/1.1 503"));
    let half = running.ask("GET /half", "").await;
    assert!(half.ends_with("http://sim/half  202"), "{half}");
    assert!(
        running.ask("GET /client/groups/g", "").await.starts_with("HTTP/1.1 200"),
        "a person is no client"
    );
    let tally = running.end().await;
    // Two of /a, one of /half and the person's reached it.
    assert_eq!(tally.effects.values().sum::<u32>(), 4);
    assert_eq!(tally.requests, 5);
}

#[tokio::test]
async fn what_nobody_may_send_is_told_and_counted() {
    let running = running("").await;
    running.ask("GET /odd", "").await;
    running.ask("GET /even", "").await;
    assert_eq!(*running.lines.lock().unwrap(), ["nobody asks /odd"]);
    assert_eq!(running.end().await.unexpected, 1);
}

#[tokio::test]
async fn frames_go_to_any_session_and_the_server_sees_to_the_rest() {
    let running = running("").await;
    let (mut one, mut two) = (running.session("/one").await, running.session("/two").await);
    assert!(one.head.starts_with("HTTP/1.1 101"), "{}", one.head);
    assert_eq!((one.text().await, two.text().await), ("hello".to_owned(), "hello".to_owned()));
    one.send(1, "to all").await;
    assert_eq!((one.text().await, two.text().await), ("to all".to_owned(), "to all".to_owned()));
    one.send(9, "still there?").await;
    assert_eq!(one.read().await, (10, "still there?".to_owned()), "a pong");
    one.send(1, "tick please").await;
    assert_eq!((one.text().await, two.text().await), ("tick please".to_owned(), "tick please".to_owned()));
    assert_eq!((one.text().await, two.text().await), ("tick".to_owned(), "tick".to_owned()));
    one.send(1, "bye").await;
    assert_eq!(one.read().await.0, 8, "closed by the platform");
    assert_eq!(two.text().await, "somebody left");
    assert_eq!(running.end().await.frames, 3);
}

#[tokio::test]
async fn a_session_can_be_refused_with_a_reply_and_its_frames_can_be_lost() {
    let running = running("request_lost@FRAME drop me; reply_lost@FRAME and me").await;
    let refused = running.session("/closed").await;
    assert!(refused.head.starts_with("HTTP/1.1 403"), "{}", refused.head);
    let (mut one, mut two) = (running.session("/one").await, running.session("/two").await);
    assert_eq!((one.text().await, two.text().await), ("hello".to_owned(), "hello".to_owned()));
    one.send(1, "drop me").await;
    one.send(1, "and me").await;
    assert_eq!(two.text().await, "and me", "the other session heard what the first one did not");
    two.send(1, "last").await;
    assert_eq!((one.text().await, two.text().await), ("last".to_owned(), "last".to_owned()));
    assert_eq!(running.end().await.effects.values().sum::<u32>(), 2);
}
