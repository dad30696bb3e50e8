//! The platform's side: a small world of accounts, groups, links and notices that obeys [`Rules`].
//!
//! No clock, no randomness: ids come from counters, times from inputs. Two doors lead in: `/v1/…` is the API, with a
//! token; `/client/…` is the platform's own app in a person's hand, where the caller says who it is.

mod api;
pub(super) mod client;
mod end;
pub(super) mod seed;
pub(super) mod spec;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::{Activity, Kind, Standing};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use bytes::Bytes;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::auth;
use super::descriptor::Rules;
use super::wire::{FileView, LinkView, MessageView};
use spec::{AccountSpec, TokenSpec, WorldSpec};

/// The platform's words, by code.
static WORDS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("fixtures/words.json")).unwrap_or_default());

/// Most members, messages or notices that one world takes of a kind; more than any drill has.
const MAX_MESSAGES: usize = 100_000;

/// A system notice that an account got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The group that it is about.
    pub group: NativeId,
    /// When it came.
    pub at: Time,
    /// Its words.
    pub text: String,
}

/// The simulated platform.
#[derive(Debug, Clone)]
pub struct ReferenceSim {
    rules: Rules,
    platform: String,
    accounts: BTreeMap<String, AccountSpec>,
    tokens: BTreeMap<String, TokenSpec>,
    groups: BTreeMap<String, Group>,
    notices: BTreeMap<String, Vec<Notice>>,
    effects: BTreeMap<(Op, NativeId), u32>,
}

#[derive(Debug, Clone)]
struct Group {
    name: Option<String>,
    kind: Kind,
    members: BTreeMap<String, Membership>,
    links: Vec<LinkView>,
    messages: Vec<MessageView>,
    files: BTreeMap<String, String>,
    posted: BTreeMap<String, String>,
    frozen: bool,
    handover: bool,
    ended: Option<Ended>,
}

#[derive(Debug, Clone, Copy)]
struct Membership {
    standing: Standing,
    online: bool,
}

/// What is left of a group.
#[derive(Debug, Clone)]
struct Ended {
    at: Time,
    by: String,
    history: bool,
    files: bool,
    /// Links that survive, and all that there were, for a restore.
    kept: Vec<LinkView>,
    before: Vec<LinkView>,
    told: BTreeSet<String>,
}

/// A refusal in the platform's words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
}

type Answer = Result<Reply, Refusal>;

fn refuse<T>(status: StatusCode, code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { status, code })
}

/// Builds a world that obeys `rules`.
pub fn world(rules: Rules, spec: &WorldSpec) -> ReferenceSim {
    let mut sim = ReferenceSim {
        rules,
        platform: spec.platform.clone(),
        accounts: spec.accounts.iter().map(|account| (account.id.clone(), account.clone())).collect(),
        tokens: spec.tokens.iter().map(|token| (token.token.clone(), token.clone())).collect(),
        groups: BTreeMap::new(),
        notices: BTreeMap::new(),
        effects: BTreeMap::new(),
    };
    for group in &spec.groups {
        sim.groups.insert(group.id.clone(), spec::group(spec, group));
    }
    sim
}

impl ReferenceSim {
    /// The settings of a connection to it.
    pub fn settings(&self) -> BTreeMap<String, String> {
        let url = format!("https://{}.simulated.invalid", self.platform);
        let mut settings = BTreeMap::from([(auth::URL.to_owned(), url)]);
        if self.platform != "reference" {
            settings.insert(auth::PLATFORM.to_owned(), self.platform.clone());
        }
        if self.rules != Rules::default() {
            // Rules are plain data; there is no value that could fail to be written.
            settings.insert(auth::RULES.to_owned(), serde_json::to_string(&self.rules).unwrap_or_default());
        }
        settings
    }

    /// The secrets of the identity whose token in the spec has this name.
    pub fn secrets(&self, token: &str) -> BTreeMap<String, Secret> {
        BTreeMap::from([(auth::TOKEN.to_owned(), Secret::new(token))])
    }

    /// Ids of all groups, in order.
    pub fn group_ids(&self) -> Vec<NativeId> {
        self.groups.keys().cloned().map(NativeId).collect()
    }

    /// The system notices that an account got, oldest first.
    pub fn notices(&self, account: &str) -> &[Notice] {
        self.notices.get(account).map_or(&[], Vec::as_slice)
    }

    /// Answers a request. Both doors.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        let path = request.uri().path().to_owned();
        let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(unescaped).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = match segments.split_first() {
            Some((&"v1", rest)) => self.api(at, request, rest),
            Some((&"client", rest)) => self.client(at, request, rest),
            _ => refuse(StatusCode::NOT_FOUND, "no_endpoint"),
        };
        answer.unwrap_or_else(|refusal| {
            let message = WORDS.get(refusal.code).map_or(refusal.code, String::as_str);
            let body = json!({ "code": refusal.code, "message": message });
            reply(refusal.status, &body)
        })
    }

    fn count(&mut self, op: Op, group: &str) {
        *self.effects.entry((op, group.into())).or_insert(0) += 1;
    }

    fn group(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(id).ok_or(Refusal { status: StatusCode::NOT_FOUND, code: "unknown_group" })
    }

    fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        self.groups.get_mut(id).ok_or(Refusal { status: StatusCode::NOT_FOUND, code: "unknown_group" })
    }

    /// The group, for a member of it. Former members are told that it was dissolved, except the one who did it.
    fn seen_by(&self, id: &str, account: &str) -> Result<&Group, Refusal> {
        let group = self.group(id)?;
        if !group.members.contains_key(account) {
            return refuse(StatusCode::FORBIDDEN, "not_in");
        }
        match &group.ended {
            Some(ended) if ended.by == account => refuse(StatusCode::FORBIDDEN, "not_in"),
            Some(_) => refuse(StatusCode::GONE, "dissolved"),
            None => Ok(group),
        }
    }

    /// The group, for its owner and administrators.
    fn managed_by(&mut self, id: &str, account: &str) -> Result<&mut Group, Refusal> {
        self.seen_by(id, account)?;
        let group = self.group_mut(id)?;
        match group.standing(account) {
            Standing::Owner | Standing::Admin => Ok(group),
            Standing::Member => refuse(StatusCode::FORBIDDEN, "not_manager"),
        }
    }
}

impl Group {
    fn standing(&self, account: &str) -> Standing {
        self.members.get(account).map_or(Standing::Member, |member| member.standing)
    }

    fn owner(&self) -> Option<&String> {
        self.members.iter().find(|(_, member)| member.standing == Standing::Owner).map(|(id, _)| id)
    }

    fn last_activity(&self) -> Activity {
        self.messages.last().map_or(Activity::Unknown, |message| Activity::At(message.at))
    }

    /// Adds a message and gives its id.
    fn push(
        &mut self,
        at: Time,
        sender: &str,
        kind: RecordKind,
        text: Option<String>,
    ) -> Result<&mut MessageView, Refusal> {
        if self.messages.len() >= MAX_MESSAGES {
            return refuse(StatusCode::BAD_REQUEST, "bad_request");
        }
        let seq = self.messages.last().map_or(0, |message| message.seq) + 1;
        self.messages.push(MessageView {
            id: format!("m-{seq:05}"),
            seq,
            kind,
            at,
            sender: sender.to_owned(),
            text,
            reply_to: None,
            target: None,
            file: None,
        });
        self.messages
            .last_mut()
            .ok_or(Refusal { status: StatusCode::INTERNAL_SERVER_ERROR, code: "bad_request" })
    }

    fn attach(&mut self, id: &str, name: &str, content: &str) -> FileView {
        self.files.insert(id.to_owned(), content.to_owned());
        FileView {
            id: id.to_owned(),
            name: name.to_owned(),
            bytes: content.len() as u64,
            media_type: "text/plain".to_owned(),
        }
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
        self.effects.clone()
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
    serde_json::from_slice(request.body()).or(refuse(StatusCode::BAD_REQUEST, "bad_request"))
}

/// A parameter of the query.
fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.uri().query()?.as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A path segment without its percent encoding; what is no encoding stays as it is.
fn unescaped(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn as_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
