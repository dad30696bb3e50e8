//! The platform's side: a world of groups and people, the export tool in a member's hand, and the inbox that the files
//! land in.
//!
//! Three doors lead in: `/v1/…` is the inbox, with an identity's code; `/client/exports/…` is a member with an export
//! tool; everything else under `/client/` is the world's own door, the app in a person's hand.

mod inbox;
pub(super) mod seed;
#[cfg(test)]
mod tests;
mod tool;

use std::collections::BTreeMap;

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_formats::Format;
use adjourn_world::{Refusal, Rules, World, WorldSpec};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;

use inbox::HandedIn;

/// The simulated platform with its inbox.
#[derive(Debug, Clone)]
pub struct WechatSim {
    /// What is behind the app.
    pub world: World,
    inbox: Vec<HandedIn>,
    begun: bool,
}

type Answer = Result<Reply, Refusal>;

fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code })
}

impl WechatSim {
    /// A platform that obeys `rules`. On the first input the owners and the witness hand in what their tools write.
    pub fn new(rules: Rules, spec: &WorldSpec) -> Self {
        Self { world: World::new(rules, spec), inbox: Vec::new(), begun: false }
    }

    /// Answers a request. All doors.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        if !std::mem::replace(&mut self.begun, true) {
            self.begin(at);
        }
        let segments: Vec<String> = request
            .uri()
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .map(adjourn_world::unescaped)
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = match segments.as_slice() {
            ["v1", rest @ ..] => self.api(request, rest),
            ["client", "exports"] => self.everybody(at, request),
            ["client", "exports", group] => self.tool(at, request, group),
            _ => match self.world.door(at, request) {
                Some(reply) => return reply,
                None => refuse("no_endpoint"),
            },
        };
        answer.unwrap_or_else(|refusal| {
            reply(status(refusal.code), &json!({ "code": refusal.code, "message": refusal.says() }))
        })
    }

    /// A member with an export tool: `GET` gives the file, `POST` hands it in; what a member has in hand already is
    /// handed in as the body.
    fn tool(&mut self, at: Time, request: &Request, group: &str) -> Answer {
        let account = query(request, "as").ok_or(Refusal { code: "bad_request" })?;
        let format = match query(request, "format") {
            Some(slug) => Format::ALL.into_iter().find(|format| format.slug() == slug),
            None => Some(Format::ChatlogJson),
        };
        let format = format.ok_or(Refusal { code: "bad_request" })?;
        match *request.method() {
            Method::GET => {
                let bytes = tool::export(&self.world, &account, group, format)?;
                let mut reply = Reply::new(Bytes::from(bytes));
                let octets = http::HeaderValue::from_static("application/octet-stream");
                reply.headers_mut().insert(http::header::CONTENT_TYPE, octets);
                Ok(reply)
            }
            Method::POST => {
                let bytes = if request.body().is_empty() {
                    Bytes::from(tool::export(&self.world, &account, group, format)?)
                } else {
                    request.body().clone()
                };
                let id = self.hand_in(at, &account, group, bytes)?;
                Ok(reply(StatusCode::OK, &json!({ "id": id })))
            }
            _ => refuse("no_endpoint"),
        }
    }

    /// Everybody with a code hands in the list of chatrooms, and an export of one group.
    fn everybody(&mut self, at: Time, request: &Request) -> Answer {
        if request.method() != Method::POST {
            return refuse("no_endpoint");
        }
        let group = query(request, "group").ok_or(Refusal { code: "bad_request" })?;
        self.world.group(&group)?;
        self.hand_in_all(at, &[group]);
        Ok(reply(StatusCode::OK, &json!({ "ok": true })))
    }

    fn begin(&mut self, at: Time) {
        let groups: Vec<String> = self.world.groups.keys().cloned().collect();
        self.hand_in_all(at, &groups);
    }

    /// Everybody with a code hands in the list of chatrooms, and an export of each of these groups.
    fn hand_in_all(&mut self, at: Time, groups: &[String]) {
        let tokens = self.world.tokens.values();
        let may_read = tokens.filter(|token| !token.expired && !token.scopes.is_empty());
        let people: Vec<String> = may_read.map(|token| token.account.clone()).collect();
        for account in people {
            for (group, format) in std::iter::once(("", Format::ChatroomsJson))
                .chain(groups.iter().map(|group| (group.as_str(), Format::ChatlogJson)))
            {
                // What a person can't export, that person does not hand in.
                if let Ok(bytes) = tool::export(&self.world, &account, group, format) {
                    let _ = self.hand_in(at, &account, group, Bytes::from(bytes));
                }
            }
        }
    }
}

/// Has everybody with a code hand in what their clients hold of a group now.
pub fn hand_in_everything(simulator: &mut dyn Simulator, group: &NativeId, at: Time) -> bool {
    let Ok(mut url) = url::Url::parse("https://client.simulated.invalid/client/exports") else {
        return false;
    };
    url.query_pairs_mut().append_pair("group", group.as_str());
    post(simulator, &url, at)
}

/// Has a simulated member hand in what the member's tool writes now.
pub fn hand_in(
    simulator: &mut dyn Simulator,
    account: &str,
    group: &NativeId,
    format: Format,
    at: Time,
) -> bool {
    let Ok(mut url) = url::Url::parse("https://client.simulated.invalid/client/exports") else {
        return false;
    };
    if let Ok(mut path) = url.path_segments_mut() {
        path.push(group.as_str());
    }
    url.query_pairs_mut().append_pair("as", account).append_pair("format", format.slug());
    post(simulator, &url, at)
}

fn post(simulator: &mut dyn Simulator, url: &url::Url, at: Time) -> bool {
    let request = http::Request::builder().method(Method::POST).uri(url.as_str()).body(Bytes::new());
    let Ok(request) = request else { return false };
    let outputs = simulator.handle(at, Input::Request { exchange: 0, request });
    outputs.iter().any(|output| matches!(output, Output::Reply { reply, .. } if reply.status().is_success()))
}

/// The status of a refusal on this wire.
fn status(code: &str) -> StatusCode {
    match code {
        "bad_code" | "expired_code" => StatusCode::UNAUTHORIZED,
        "unknown_group" | "unknown_upload" | "no_endpoint" => StatusCode::NOT_FOUND,
        "bad_request" | "bad_file" => StatusCode::BAD_REQUEST,
        "bad_range" => StatusCode::RANGE_NOT_SATISFIABLE,
        _ => StatusCode::FORBIDDEN,
    }
}

impl Simulator for WechatSim {
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

/// A parameter of the query.
fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.uri().query()?.as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
