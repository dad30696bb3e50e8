//! The platform's side: the reference protocol as a front over a [`World`].
//!
//! Two doors lead in: `/v1/…` is the API, with a token; `/client/…` is the world's own door, the platform's app in a
//! person's hand.

mod api;
pub(super) mod seed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Input, Output, Simulator, Unexpected};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Refusal, Rules, World, WorldSpec};
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::auth;

/// The simulated platform.
#[derive(Debug, Clone)]
pub struct ReferenceSim {
    /// What is behind the wire.
    pub world: World,
    unexpected: Unexpected,
}

type Answer = Result<Reply, Refusal>;

fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code })
}

impl ReferenceSim {
    /// A platform that obeys `rules`.
    pub fn new(rules: Rules, spec: &WorldSpec) -> Self {
        Self { world: World::new(rules, spec), unexpected: Unexpected::default() }
    }

    /// The settings of a connection to it.
    pub fn settings(&self) -> BTreeMap<String, String> {
        let url = format!("https://{}.simulated.invalid", self.world.platform);
        let mut settings = BTreeMap::from([(auth::URL.to_owned(), url)]);
        if self.world.platform != "reference" {
            settings.insert(auth::PLATFORM.to_owned(), self.world.platform.clone());
        }
        if self.world.rules != Rules::default() {
            // Rules are plain data; there is no value that could fail to be written.
            let rules = serde_json::to_string(&self.world.rules).unwrap_or_default();
            settings.insert(auth::RULES.to_owned(), rules);
        }
        settings
    }

    /// The secrets of the identity whose token in the spec has this name.
    pub fn secrets(&self, token: &str) -> BTreeMap<String, Secret> {
        BTreeMap::from([(auth::TOKEN.to_owned(), Secret::new(token))])
    }

    /// Answers a request. Both doors.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        if let Some(reply) = self.world.door(at, request) {
            return reply;
        }
        let path = request.uri().path().to_owned();
        let segments: Vec<String> =
            path.split('/').filter(|part| !part.is_empty()).map(adjourn_world::unescaped).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = match segments.split_first() {
            Some((&"v1", rest)) => self.api(at, request, rest),
            _ => refuse("no_endpoint"),
        };
        answer.unwrap_or_else(|refusal| {
            if matches!(refusal.code, "no_endpoint" | "bad_request") {
                self.unexpected.note(format!("{} {path}: {}", request.method(), refusal.code));
            }
            let body = json!({ "code": refusal.code, "message": refusal.says() });
            reply(status(refusal.code), &body)
        })
    }
}

/// The status of a refusal on this wire.
fn status(code: &str) -> StatusCode {
    match code {
        "bad_token" | "expired_token" => StatusCode::UNAUTHORIZED,
        "unknown_group" | "unknown_link" | "unknown_message" | "unknown_account" | "unknown_creation"
        | "no_endpoint" => StatusCode::NOT_FOUND,
        "dissolved" => StatusCode::GONE,
        "unreadable" => StatusCode::INTERNAL_SERVER_ERROR,
        "handover_needed" | "open" | "recovery_over" | "recall_over" => StatusCode::CONFLICT,
        "bad_request" | "too_long" | "bad_name" | "not_member" => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    }
}

impl Simulator for ReferenceSim {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        match input {
            Input::Request { exchange, request } => {
                vec![Output::Reply { exchange, reply: self.answer(at, &request) }]
            }
            Input::Opened { session, .. } => vec![Output::Close { session }],
            Input::Frame { .. } | Input::Closed { .. } => Vec::new(),
        }
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.world.effects()
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        Some(self.unexpected.take())
    }
}

/// A JSON reply.
fn reply(status: StatusCode, body: &impl Serialize) -> Reply {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let mut reply = Reply::new(Bytes::from(body));
    *reply.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, json);
    reply
}

#[expect(clippy::unnecessary_wraps, reason = "every endpoint ends in an answer")]
fn ok(body: &impl Serialize) -> Answer {
    Ok(reply(StatusCode::OK, body))
}

fn done() -> Answer {
    ok(&json!({ "ok": true }))
}

/// The body of a request, which must be JSON of this shape and nothing else.
fn body<T: serde::de::DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    serde_json::from_slice(request.body()).or(refuse("bad_request"))
}

/// A parameter of the query.
fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.uri().query()?.as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn as_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
