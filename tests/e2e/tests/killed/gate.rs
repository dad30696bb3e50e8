//! The address that the office knows, in front of whichever server a cycle has, and where requests are held.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{LIMIT, lock};

/// A request to be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trap {
    pub(super) n: usize,
    pub(super) forwarded: bool,
}

/// Passes connections on to the proxy it is aimed at, which ends each after one answer, and holds one changing request
/// if asked to: its address stays when the server behind it changes, because a connection's address is part of what was
/// approved.
pub(super) struct Gate {
    port: u16,
    state: Arc<Mutex<Aim>>,
}

#[derive(Debug, Default)]
struct Aim {
    upstream: String,
    trap: Option<Trap>,
    sprung: bool,
    changes: Vec<String>,
}

impl Gate {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(Aim::default()));
        let shared = Arc::clone(&state);
        // It lives as long as the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || pass(stream, &shared));
            }
        });
        Self { port, state }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn aim(&self, url: &str, trap: Option<Trap>) {
        let upstream = url.trim_start_matches("http://").to_owned();
        *lock(&self.state) = Aim { upstream, trap, ..Aim::default() };
    }

    pub(super) fn disarm(&self) {
        lock(&self.state).trap = None;
    }

    pub(super) fn sprung(&self) -> bool {
        lock(&self.state).sprung
    }

    /// The changing requests that came, in their order.
    pub(super) fn changes(&self) -> Vec<String> {
        lock(&self.state).changes.clone()
    }
}

fn pass(mut stream: TcpStream, state: &Mutex<Aim>) -> Option<()> {
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let request = read_request(&mut stream)?;
    let (upstream, held) = {
        let mut aim = lock(state);
        let mut held = None;
        if !request.bytes.starts_with(b"GET ") {
            aim.changes.push(line(&request.method, &request.path, &request.bytes[request.body..]));
            held = aim.trap.filter(|trap| trap.n == aim.changes.len());
        }
        (aim.upstream.clone(), held)
    };
    if let Some(Trap { forwarded: false, .. }) = held {
        lock(state).sprung = true;
        let _ = stream.read(&mut [0]); // until the caller is gone
        return None;
    }
    let mut server = TcpStream::connect(upstream).ok()?;
    server.write_all(&request.bytes).ok()?;
    let mut reply = Vec::new();
    server.read_to_end(&mut reply).ok()?;
    if held.is_some() {
        lock(state).sprung = true;
        let _ = stream.read(&mut [0]);
        return None;
    }
    stream.write_all(&reply).ok()
}

struct Request {
    method: String,
    path: String,
    bytes: Vec<u8>,
    /// Where the body begins.
    body: usize,
}

fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let got = stream.read(&mut chunk).ok().filter(|got| *got > 0)?;
        bytes.extend_from_slice(&chunk[..got]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        if bytes.len() >= end + 4 + length.unwrap_or(0) {
            let first = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut first = first.split(' ').map(str::to_owned);
            return Some(Request { method: first.next()?, path: first.next()?, bytes, body: end + 4 });
        }
    }
}

/// A changing request in one line that is the same in every cycle: ids are left out, what is purged and who is put out is
/// named.
pub(super) fn line(method: &str, path: &str, body: &[u8]) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let short: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with("%21") || part.starts_with('!') { "ROOM" } else { part })
        // A transaction id is another one in every case.
        .map(|part| if path.contains("/send/") && part.len() == 32 { "KEY" } else { part })
        .collect();
    let mut line = format!("{method} {}", short.join("/"));
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    for field in ["purge", "user_id"] {
        if let Some(value) = body.get(field) {
            let _ = write!(line, " {field}={value}");
        }
    }
    line
}
