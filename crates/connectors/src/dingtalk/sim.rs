//! The platform's side: both APIs as a strict front over a [`World`].
//!
//! Three doors lead in: `/v1.0/…` is the new API, other paths are the old one, `/client/…` is the world's own door, the
//! app in a person's hand. `/connect` is the stream that an app is told by. Fields and paths that the documents don't have are refused. Where the documents spell one thing in
//! several ways, so does this: a dissolved group is `group.disbanded` to a robot, `group.diaband` to a reader of members and
//! `groupDisbang` to whoever changes it.

mod asked;
mod make;
mod new;
mod old;
pub(super) mod seed;
mod stream;
mod talk;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::simulator::{Input, Output, Simulator, Unexpected};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Group, Link, Role, Rules, TokenSpec, World, WorldSpec, unescaped};
use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Seconds for which an access token is good.
const TOKEN_S: u64 = 7200;
/// Most tokens, notices and messages of the robot that are kept.
const MAX_KEPT: usize = 100_000;

/// The simulated platform.
///
/// A credential of the world is an app: its token is the app's key, the same with `-secret` behind it the app's secret;
/// its scopes `read`, `post` and `manage` stand for `qyapi_chat_read`, the robot and notices, and `qyapi_chat_manage`.
#[derive(Debug, Clone)]
pub struct DingTalkSim {
    /// What is behind the wire.
    pub world: World,
    /// Which groups were made from a template; the others are ordinary.
    pub scenes: BTreeSet<String>,
    /// Scene groups by the key under which they were made.
    keyed: BTreeMap<String, String>,
    /// Whether the organisation has the edition with an inventory.
    pub exclusive: bool,
    /// Groups whose owner is outside the app's visible range.
    pub hidden: BTreeSet<String>,
    tokens: BTreeMap<String, (String, Time)>,
    notices: Vec<Notice>,
    said: BTreeMap<String, String>,
    posts: Vec<(String, String)>,
    last: u64,
    streams: stream::Streams,
    unexpected: Unexpected,
}

/// A notice in a group.
#[derive(Debug, Clone)]
struct Notice {
    group: String,
    id: String,
    user: String,
    content: String,
    at: Time,
}

/// Who makes a call.
enum Caller {
    /// Nobody whom the platform knows.
    Nobody,
    /// An app whose token's time is over.
    Late,
    /// The app of this key.
    App(String),
}

/// A refusal of either API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct No {
    status: u16,
    code: &'static str,
}

type Answer = Result<Value, No>;

fn no<T>(status: u16, code: &'static str) -> Result<T, No> {
    Err(No { status, code })
}

impl DingTalkSim {
    /// A platform that obeys `rules`, with all groups ordinary but these.
    pub fn new(rules: Rules, spec: &WorldSpec, scenes: &[&str]) -> Self {
        let mut simulator = Self {
            world: World::new(rules, spec),
            scenes: scenes.iter().map(|id| (*id).to_owned()).collect(),
            keyed: BTreeMap::new(),
            exclusive: true,
            hidden: BTreeSet::new(),
            tokens: BTreeMap::new(),
            notices: Vec::new(),
            said: BTreeMap::new(),
            posts: Vec::new(),
            last: 0,
            streams: stream::Streams::default(),
            unexpected: Unexpected::default(),
        };
        simulator.told_so_far();
        simulator
    }

    /// The settings of a connection to it, in whose name `operator` reads and posts.
    pub fn settings(&self, operator: &str) -> BTreeMap<String, String> {
        let url = format!("https://{}.simulated.invalid", self.world.platform);
        let ordinary = self.world.groups.keys().filter(|id| !self.scenes.contains(*id));
        let groups: Vec<String> = ordinary.map(|id| format!("{id}={}", chat_id(id))).collect();
        let pairs = [
            ("url", url.clone()),
            ("old_url", url),
            ("operator", operator.to_owned()),
            ("groups", groups.join(",")),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Answers a request, through any door.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        if let Some(reply) = self.world.door(at, request) {
            return reply;
        }
        let path = request.uri().path().to_owned();
        let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(unescaped).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.split_first() {
            Some((&"v1.0", rest)) => self.new_door(at, request, rest),
            _ => self.old_door(at, request, &segments),
        }
    }

    /// Notes what no client of this platform may send: a call that there is not.
    fn surprised(&mut self, request: &Request, code: &str) {
        self.unexpected.note(format!("{} {}: {code}", request.method(), request.uri().path()));
    }

    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// A token for the app of this key and secret.
    fn issue(&mut self, at: Time, key: &str, secret: &str) -> Option<String> {
        if !self.knows(key, secret) {
            return None;
        }
        let token = format!("sim-token-{}", self.next());
        if self.tokens.len() >= MAX_KEPT {
            self.tokens.clear();
        }
        self.tokens.insert(token.clone(), (key.to_owned(), at.plus_secs(TOKEN_S)));
        Some(token)
    }

    /// Who shows this token.
    fn caller(&self, at: Time, token: Option<&str>) -> Caller {
        match token.and_then(|token| self.tokens.get(token)) {
            None => Caller::Nobody,
            Some((_, until)) if at >= *until => Caller::Late,
            Some((key, _)) => Caller::App(key.clone()),
        }
    }

    fn may(&self, app: &str, scope: &str) -> bool {
        self.world.tokens.get(app).is_some_and(|app| app.scopes.iter().any(|held| held == scope))
    }

    fn group(&self, id: &str) -> Result<&Group, No> {
        self.world.groups.get(id).ok_or(No { status: 400, code: "invalid.openConversationId" })
    }

    /// A scene group, dissolved or not.
    fn scene(&self, id: &str) -> Result<&Group, No> {
        let group = self.group(id)?;
        if self.scenes.contains(id) { Ok(group) } else { no(400, "invalid.openConversationId") }
    }

    /// A group that is open, or the refusal in this spelling.
    fn open(&self, id: &str, spelt: &'static str) -> Result<&Group, No> {
        let group = self.group(id)?;
        if group.ended.is_some() { no(400, spelt) } else { Ok(group) }
    }

    /// Its owner, who has to be inside the app's visible range.
    fn owner(&self, id: &str) -> Result<String, No> {
        if self.hidden.contains(id) {
            return no(400, "permession.checkFailed");
        }
        self.group(id)?.owner().cloned().ok_or(No { status: 400, code: "permession.checkFailed" })
    }

    /// The people of a group: robots are no members on this platform.
    fn people<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a String> {
        group.members.keys().filter(|account| !self.world.is_bot(account))
    }

    /// The group of a second id.
    fn of_chat(&self, chat: &str) -> Option<&String> {
        self.world.groups.keys().find(|id| chat_id(id) == chat)
    }

    /// Whether somebody may post for a group, or read the organisation's affairs.
    fn manages(&self, user: &str, group: Option<&Group>) -> bool {
        let role = self.world.accounts.get(user).map(|account| account.role);
        role.is_some_and(|role| role != Role::Member)
            || group.is_some_and(|group| group.standing(user) != Standing::Member)
    }

    /// A robot by its code: the app's own has the app's key for a code.
    fn robot<'a>(&self, links: &'a [Link], code: &str) -> Option<&'a Link> {
        links.iter().find(|link| self.code(link) == code)
    }

    fn code(&self, link: &Link) -> String {
        // The first app that manages groups is the one whose robot is in them.
        let manages = |app: &&TokenSpec| !app.expired && app.scopes.iter().any(|scope| scope == "manage");
        let own = self.world.tokens.values().find(manages);
        match own {
            Some(app) if link.own => app.token.clone(),
            _ => format!("ding{}", link.id),
        }
    }
}

/// The second id of a group.
fn chat_id(group: &str) -> String {
    let plain: String = group.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("chat{plain}")
}

/// The account of a robot in a group.
fn robot_account(link: &Link) -> String {
    format!("robot-{}", link.id)
}

/// The body of a request, which must be JSON of this shape and nothing else.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, No> {
    serde_json::from_slice(request.body()).or(no(400, "paramError"))
}

/// The parameters of the query, of which none may be unknown.
fn query(request: &Request, known: &[&str]) -> Result<BTreeMap<String, String>, No> {
    let text = request.uri().query().unwrap_or_default();
    let pairs: BTreeMap<String, String> = url::form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if pairs.keys().all(|name| known.contains(&name.as_str())) { Ok(pairs) } else { no(400, "paramError") }
}

fn reply(status: u16, body: &Value) -> Reply {
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = http::HeaderValue::from_static("application/json;charset=utf-8");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, json);
    reply
}

#[expect(clippy::unnecessary_wraps, reason = "every endpoint ends in an answer")]
fn done() -> Answer {
    Ok(json!({ "success": true }))
}

impl Simulator for DingTalkSim {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        let mut outputs = match input {
            Input::Request { exchange, request } => {
                vec![Output::Reply { exchange, reply: self.answer(at, &request) }]
            }
            Input::Opened { session, request } => self.opened(at, session, &request),
            Input::Frame { session, bytes } => {
                self.acked(session, &bytes);
                Vec::new()
            }
            Input::Closed { session } => {
                self.closed(session);
                Vec::new()
            }
        };
        outputs.extend(self.tell(at));
        outputs
    }

    fn tick(&mut self, at: Time) -> Vec<Output> {
        self.tell(at)
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.world.effects()
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        Some(self.unexpected.take())
    }
}
