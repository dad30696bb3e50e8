//! A reverse proxy that forwards everything, and lies by rule.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Gate;
use crate::http::{self, Response};
use crate::listener::{self, Listener};

/// What the proxy does instead of plain forwarding.
#[derive(Debug, Clone)]
pub enum Action {
    /// Answers 200 with this `delete_id` and does nothing.
    FakeDeleteId(String),
    /// Says that a deletion is complete, in the shape that the asked path has, whatever the server would say.
    FakeDeleteComplete,
    /// Says 404 `M_NOT_FOUND` "Room not found" without asking.
    FalseNotFound,
    /// Replays the first 200 that this method and path ever got here; forwards as long as there is none.
    Stale,
    /// Answers a page of messages with nothing in it and no further page.
    EmptyPage,
    /// Forwards, then closes without a byte: the effect is there, the reply is lost.
    DropReply,
    /// Closes without a byte and without forwarding.
    DropRequest,
    /// Says 429 `M_LIMIT_EXCEEDED`, with or without a time, without forwarding.
    TooMany {
        /// Goes into the body (`retry_after_ms`) and, rounded up, into the `Retry-After` header.
        retry_after_ms: Option<u64>,
    },
    /// Says 502 with a page of HTML.
    BadGateway {
        /// Whether the request reaches the server first: then the effect is there.
        forward_first: bool,
    },
    /// Forwards, announces the whole body, sends half of it and closes.
    HalfBody,
    /// Forwards, and passes the answer on as `text/html`.
    WrongContentType,
    /// Waits, then forwards.
    Delay(Duration),
    /// Waits until the test opens this gate, then forwards.
    Hold(Gate),
    /// Answers exactly this without forwarding.
    Answer {
        /// Status.
        status: u16,
        /// Content type.
        content_type: String,
        /// Body.
        body: Vec<u8>,
    },
}

/// A rule: which requests, and what happens to them.
#[derive(Debug, Clone)]
pub struct Lie {
    /// Method, `*` for any.
    pub method: String,
    /// Part of path and query, compared with the raw and the percent-decoded form.
    pub path_contains: String,
    /// Only the n-th request that matches (from 1), `None` for each.
    pub nth: Option<u64>,
    /// Only requests with this access token, `None` for any.
    pub token: Option<String>,
    /// Only after a request with this method and part of path has come, `None` for at once.
    pub after: Option<(String, String)>,
    /// What happens.
    pub action: Action,
}

impl Lie {
    /// A rule for each request that matches.
    pub fn always(method: &str, path_contains: &str, action: Action) -> Self {
        Self {
            method: method.into(),
            path_contains: path_contains.into(),
            nth: None,
            token: None,
            after: None,
            action,
        }
    }

    /// A rule for the n-th request (from 1) that matches.
    pub fn nth(n: u64, method: &str, path_contains: &str, action: Action) -> Self {
        Self { nth: Some(n), ..Self::always(method, path_contains, action) }
    }

    /// Only to the identity with this access token.
    #[must_use]
    pub fn only_to(self, token: &str) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// Only after such a request has come: what is said before the deletion is true, what is said of it is not.
    #[must_use]
    pub fn after(self, method: &str, path_contains: &str) -> Self {
        Self { after: Some((method.into(), path_contains.into())), ..self }
    }
}

/// One request that the proxy saw.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Time since the proxy's start.
    pub at: Duration,
    /// Method.
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// The request's body.
    pub body: Vec<u8>,
    /// The status that the caller got; `None` when it got nothing.
    pub status: Option<u16>,
    /// The status that the server gave; `None` when it was not asked or did not answer. `Some` means: it had its effect.
    pub upstream_status: Option<u16>,
    /// Whether a rule applied.
    pub lied: bool,
}

/// The running proxy. Stops when dropped.
#[derive(Debug)]
pub struct LyingProxy {
    listener: Listener,
    state: Arc<State>,
}

impl LyingProxy {
    /// Starts in front of `upstream` (`http://host:port`).
    pub fn start(upstream: &str, lies: Vec<Lie>) -> Self {
        let state = Arc::new(State {
            upstream: upstream.trim_end_matches('/').to_owned(),
            begun: Instant::now(),
            inner: Mutex::default(),
        });
        state.set(lies);
        let shared = Arc::clone(&state);
        let listener = Listener::start(move |stream| shared.serve(stream));
        Self { listener, state }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// Replaces all rules; counting for `nth` starts anew. The log stays.
    pub fn set(&self, lies: Vec<Lie>) {
        self.state.set(lies);
    }

    /// All requests that are answered (or dropped), in that order.
    pub fn log(&self) -> Vec<Seen> {
        self.state.lock().log.clone()
    }

    /// How many requests came, whatever became of them.
    pub fn count(&self, method: &str, path_contains: &str) -> usize {
        self.log().iter().filter(|s| matches(method, path_contains, &s.method, &s.path)).count()
    }

    /// How many of them the server answered with success, that is: took effect.
    pub fn count_effects(&self, method: &str, path_contains: &str) -> usize {
        self.log()
            .iter()
            .filter(|s| matches(method, path_contains, &s.method, &s.path))
            .filter(|s| s.upstream_status.is_some_and(|u| (200..300).contains(&u)))
            .count()
    }

    /// Empties the log.
    pub fn clear_log(&self) {
        self.state.lock().log.clear();
    }
}

#[derive(Debug)]
struct State {
    upstream: String,
    begun: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Rule {
    lie: Lie,
    count: u64,
    armed: bool,
}

#[derive(Debug, Default)]
struct Inner {
    lies: Vec<Rule>,
    log: Vec<Seen>,
    first_answers: BTreeMap<(String, String), Response>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, lies: Vec<Lie>) {
        let rule = |lie: Lie| Rule { armed: lie.after.is_none(), lie, count: 0 };
        self.lock().lies = lies.into_iter().map(rule).collect();
    }

    /// Counts the request against every rule that fits, and gives the first one that is due.
    fn rule_for(&self, method: &str, path: &str, authorization: Option<&str>) -> Option<Action> {
        let mut due = None;
        for Rule { lie, count, armed } in &mut self.lock().lies {
            let to = |token: &String| authorization.is_some_and(|bearer| bearer.ends_with(token.as_str()));
            let fits = *armed
                && matches(&lie.method, &lie.path_contains, method, path)
                && lie.token.as_ref().is_none_or(to);
            // The request that arms a rule is not lied to by it.
            *armed |= lie.after.as_ref().is_some_and(|(m, part)| matches(m, part, method, path));
            if !fits {
                continue;
            }
            *count += 1;
            if due.is_none() && lie.nth.is_none_or(|n| n == *count) {
                due = Some(lie.action.clone());
            }
        }
        due
    }

    fn serve(&self, mut stream: TcpStream) {
        let Ok(reader) = stream.try_clone() else { return };
        let mut reader = BufReader::new(reader);
        let Ok(Some(head)) = http::read_head(&mut reader) else { return };
        let mut words = head.first_line.split(' ');
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
        if http::find(&head.headers, "expect").is_some() {
            let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let Ok((body, true)) = http::read_body(&mut reader, &head.headers, false) else { return };
        let action = self.rule_for(method, path, http::find(&head.headers, "authorization"));
        let mut seen = Seen {
            at: self.begun.elapsed(),
            method: method.to_owned(),
            path: path.to_owned(),
            body,
            status: None,
            upstream_status: None,
            lied: action.is_some(),
        };
        let (reply, send_only) = self.decide(action, &head.headers, &mut seen);
        seen.status = reply.as_ref().map(|r| r.status);
        // Logged before the caller can know: a test that has the answer finds the request in the log.
        self.lock().log.push(seen);
        if let Some(reply) = reply {
            listener::answer(&mut stream, reply.status, &reply.headers, &reply.body, send_only);
        }
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }

    /// The answer to give (`None`: close without a byte) and how many bytes of its body to send.
    fn decide(
        &self,
        action: Option<Action>,
        headers: &[(String, String)],
        seen: &mut Seen,
    ) -> (Option<Response>, usize) {
        let all = usize::MAX;
        match action {
            None => (Some(self.forward(headers, seen)), all),
            Some(Action::FakeDeleteId(id)) => (Some(canned(200, &json!({ "delete_id": id }))), all),
            Some(Action::FakeDeleteComplete) => (Some(complete(&seen.path)), all),
            Some(Action::FalseNotFound) => {
                (Some(canned(404, &json!({ "errcode": "M_NOT_FOUND", "error": "Room not found" }))), all)
            }
            Some(Action::Stale) => {
                let key = (seen.method.clone(), seen.path.clone());
                let first = self.lock().first_answers.get(&key).cloned();
                (Some(first.unwrap_or_else(|| self.forward(headers, seen))), all)
            }
            Some(Action::EmptyPage) => (Some(canned(200, &json!({ "chunk": [], "start": "t0-0_0" }))), all),
            Some(Action::DropReply) => {
                self.forward(headers, seen);
                (None, 0)
            }
            Some(Action::DropRequest) => (None, 0),
            Some(Action::TooMany { retry_after_ms }) => {
                let mut body = json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests" });
                let mut reply = canned(429, &body);
                if let (Some(ms), Some(fields)) = (retry_after_ms, body.as_object_mut()) {
                    fields.insert("retry_after_ms".into(), ms.into());
                    reply = canned(429, &body);
                    reply.headers.push(("retry-after".into(), ms.div_ceil(1000).to_string()));
                }
                (Some(reply), all)
            }
            Some(Action::BadGateway { forward_first }) => {
                if forward_first {
                    self.forward(headers, seen);
                }
                (Some(html(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec())), all)
            }
            Some(Action::HalfBody) => {
                let reply = self.forward(headers, seen);
                let half = reply.body.len() / 2;
                (Some(reply), half)
            }
            Some(Action::WrongContentType) => {
                let reply = self.forward(headers, seen);
                (Some(html(reply.status, reply.body)), all)
            }
            Some(Action::Delay(time)) => {
                std::thread::sleep(time);
                (Some(self.forward(headers, seen)), all)
            }
            Some(Action::Hold(gate)) => {
                gate.hold();
                (Some(self.forward(headers, seen)), all)
            }
            Some(Action::Answer { status, content_type, body }) => {
                (Some(Response { status, headers: vec![("content-type".into(), content_type)], body }), all)
            }
        }
    }

    /// Asks the server. If it does not answer, the caller gets what a usual proxy gives: 502.
    fn forward(&self, headers: &[(String, String)], seen: &mut Seen) -> Response {
        let passed: Vec<(&str, &str)> =
            headers.iter().filter(|(n, _)| !hop(n)).map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let url = format!("{}{}", self.upstream, seen.path);
        let body = (!seen.body.is_empty()).then_some(seen.body.as_slice());
        match http::request(&seen.method, &url, &passed, body) {
            Ok(mut reply) => {
                seen.upstream_status = Some(reply.status);
                // The head of a thing has its length, and nothing of that length behind it.
                let length = |n: &str| n == "content-length" && seen.method == "HEAD";
                reply.headers.retain(|(n, _)| !hop(n) || length(n));
                if reply.status == 200 {
                    let key = (seen.method.clone(), seen.path.clone());
                    self.lock().first_answers.entry(key).or_insert_with(|| reply.clone());
                }
                reply
            }
            Err(error) => html(502, format!("the server gave no answer: {error}").into_bytes()),
        }
    }
}

/// Headers that belong to one connection, or that both ends write anew.
fn hop(name: &str) -> bool {
    matches!(
        name,
        "connection" | "keep-alive" | "transfer-encoding" | "content-length" | "host" | "expect" | "te"
    )
}

fn matches(rule_method: &str, rule_path: &str, method: &str, path: &str) -> bool {
    (rule_method == "*" || rule_method.eq_ignore_ascii_case(method))
        && (path.contains(rule_path) || decode(path).contains(rule_path))
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'%')
            .then(|| after.get(..2).and_then(|h| std::str::from_utf8(h).ok()))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        if let Some(byte) = code {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn complete(path: &str) -> Response {
    let shutdown = json!({
        "kicked_users": [], "failed_to_kick_users": [], "local_aliases": [], "new_room_id": null
    });
    // One form asks by room and gets a list, the other asks by deletion and gets one.
    let by_room = path.split('?').next().is_some_and(|p| p.ends_with("/delete_status"));
    if by_room {
        let one = json!({ "delete_id": "fakedeleteid", "status": "complete", "shutdown_room": shutdown });
        canned(200, &json!({ "results": [one] }))
    } else {
        canned(200, &json!({ "status": "complete", "shutdown_room": shutdown }))
    }
}

fn canned(status: u16, body: &serde_json::Value) -> Response {
    let headers = vec![("content-type".into(), "application/json".into())];
    Response { status, headers, body: body.to_string().into_bytes() }
}

fn html(status: u16, body: Vec<u8>) -> Response {
    Response { status, headers: vec![("content-type".into(), "text/html".into())], body }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_rule_sees_through_percent_encoding() {
        assert!(matches("get", "/rooms/!a:b", "GET", "/x/rooms/%21a%3Ab/members"));
        assert!(matches("*", "%21a", "PUT", "/x/rooms/%21a%3Ab"));
        assert!(!matches("DELETE", "/rooms/", "GET", "/x/rooms/y"));
        assert!(!matches("GET", "/rooms/!c", "GET", "/x/rooms/%21a%3Ab"));
    }
}
