//! The platform's side: the server API and the admin console over a [`World`], as the documents describe them, strict.
//!
//! An app is a token of the world's spec: its text is the app's secret; `read`, `post` and `manage` are what it may call. The
//! first app that may post is the one that made the groups which are no customer groups. `/client/…` is the world's
//! own door: a person in the client or the console.
//!
//! What the documents leave open is an argument ([`Doubts`]).

mod appchat;
mod customers;
mod inbox;
mod office;
pub(super) mod seed;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::simulator::{Input, Output, Simulator, Unexpected};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Group, Handed, Rules, TokenSpec, World, WorldSpec};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use office::Approval;

/// For how long a token is good, in seconds.
const TOKEN_S: u64 = 7200;
/// The first app's id.
const FIRST_AGENT: usize = 1_000_002;
/// The simulated organisation.
pub(super) const CORPID: &str = "ww5a1e0f1ca7ed0001";

/// A request that no document has: another method, an unknown field, a value beyond its limits.
const MALFORMED: Refused = 40058;

/// What a call is refused with.
type Refused = i64;
/// What a call answers, without its number.
type Answer = Result<Value, Refused>;

/// What the documents do not tell, and what the simulator then does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubts {
    /// Whether a group that was dissolved is called missing (86003), not dissolved (49008).
    pub gone_is_missing: bool,
    /// Whether another app is told that a group is not its own (86008) before it is told that there is no such group.
    pub owner_first: bool,
}

/// The simulated platform.
#[derive(Debug, Clone)]
pub struct WecomSim {
    world: World,
    doubts: Doubts,
    tokens: BTreeMap<String, Issued>,
    approvals: Vec<Approval>,
    /// Members who have left the organisation.
    resigned: BTreeSet<String>,
    /// Transfers of an owner's groups on a day.
    given: BTreeMap<(String, i64), u32>,
    /// Times at which a group was transferred.
    transferred: BTreeMap<String, Vec<Time>>,
    /// Groups made on a day.
    made: BTreeMap<i64, u32>,
    /// Messages to a group, or by a robot, within a minute.
    posted: BTreeMap<(String, i64), u32>,
    /// Callbacks that the organisation's receiver got.
    callbacks: Vec<Request>,
    /// Archives that were handed in, in place of the world's own.
    handed_in: Option<Vec<String>>,
    unexpected: Unexpected,
}

/// A token that was given out.
#[derive(Debug, Clone)]
struct Issued {
    secret: String,
    until: Time,
}

/// Who calls.
struct Caller {
    secret: String,
    agent: usize,
    scopes: Vec<String>,
}

impl Caller {
    /// Refuses with `code` unless the app may do this.
    fn may(&self, scope: &str, code: Refused) -> Result<(), Refused> {
        if self.scopes.iter().any(|held| held == scope) { Ok(()) } else { Err(code) }
    }
}

impl WecomSim {
    /// A platform that obeys `rules`, over the world of `spec`.
    pub fn new(rules: Rules, spec: &WorldSpec, doubts: Doubts) -> Self {
        Self {
            world: World::new(rules, spec),
            doubts,
            tokens: BTreeMap::new(),
            approvals: Vec::new(),
            resigned: BTreeSet::new(),
            given: BTreeMap::new(),
            transferred: BTreeMap::new(),
            made: BTreeMap::new(),
            posted: BTreeMap::new(),
            callbacks: Vec::new(),
            handed_in: None,
            unexpected: Unexpected::default(),
        }
    }

    /// The world behind the front.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What the platform sent to the organisation's receiver.
    pub fn callbacks(&self) -> &[Request] {
        &self.callbacks
    }

    /// A member leaves the organisation. Their groups keep them as the owner until they are transferred.
    pub fn resign(&mut self, account: &str) {
        self.resigned.insert(account.to_owned());
    }

    /// Answers a request.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        if let Some(reply) = self.client(at, request) {
            return reply;
        }
        if request.uri().host() == Some("inbox.adjourn.invalid") {
            return self.inbox(request);
        }
        let path = request.uri().path();
        let answer = path.split_once("/cgi-bin/").and_then(|(_, call)| self.call(at, call, request));
        if let None | Some(Err(MALFORMED)) = answer {
            let why = if answer.is_none() { "no such call" } else { "40058" };
            self.unexpected.note(format!("{} {path}: {why}", request.method()));
        }
        match answer {
            None => nowhere(),
            Some(Ok(body)) => envelope(0, body),
            Some(Err(code)) => envelope(code, json!({})),
        }
    }

    fn call(&mut self, at: Time, call: &str, request: &Request) -> Option<Answer> {
        let asks = match call {
            "gettoken" => return Some(self.token(at, request)),
            "webhook/send" => return Some(self.robot(at, request)),
            "agent/list" | "appchat/get" | "user/get" => Method::GET,
            _ => Method::POST,
        };
        let known = [
            "agent/list",
            "appchat/create",
            "appchat/get",
            "appchat/send",
            "appchat/update",
            "externalcontact/groupchat/get",
            "externalcontact/groupchat/list",
            "externalcontact/groupchat/onjob_transfer",
            "externalcontact/groupchat/transfer",
            "msgaudit/groupchat/get",
            "oa/getapprovaldetail",
            "oa/getapprovalinfo",
            "user/get",
        ];
        if !known.contains(&call) {
            return None;
        }
        let caller = match self.caller(at, request) {
            Ok(caller) => caller,
            Err(code) => return Some(Err(code)),
        };
        if request.method() != asks {
            return Some(Err(40058));
        }
        Some(match call {
            "agent/list" => Ok(office::agents(&caller)),
            "appchat/create" => self.app_create(at, &caller, request),
            "appchat/get" => self.app_get(&caller, request),
            "appchat/send" => self.app_send(at, &caller, request),
            "appchat/update" => self.app_update(&caller, request),
            "externalcontact/groupchat/get" => self.customer_get(&caller, request),
            "externalcontact/groupchat/list" => self.customer_list(&caller, request),
            "externalcontact/groupchat/onjob_transfer" => self.customer_transfer(at, &caller, request, false),
            "externalcontact/groupchat/transfer" => self.customer_transfer(at, &caller, request, true),
            "msgaudit/groupchat/get" => self.room(&caller, request),
            "oa/getapprovaldetail" => self.approval(&caller, request),
            "user/get" => self.user(&caller, request),
            _ => self.approvals(&caller, request),
        })
    }

    /// Gives the token of an app; the same one for as long as it is good.
    fn token(&mut self, at: Time, request: &Request) -> Answer {
        let corpid = query(request, "corpid").filter(|text| !text.is_empty()).ok_or(41002)?;
        let secret = query(request, "corpsecret").filter(|text| !text.is_empty()).ok_or(41004)?;
        if corpid != CORPID {
            return Err(40013);
        }
        // A secret that was reset is as wrong as one that never was.
        let spec = self.world.tokens.get(&secret).filter(|token| !token.expired).ok_or(40001)?;
        let agent = self.agent(&spec.token);
        let still = self.tokens.iter().find(|(_, issued)| issued.secret == secret && issued.until > at);
        let (token, until) = match still {
            Some((token, issued)) => (token.clone(), issued.until),
            None => (format!("token-{agent}-{}", at.as_millis()), at.plus_secs(TOKEN_S)),
        };
        self.tokens.insert(token.clone(), Issued { secret, until });
        Ok(json!({ "access_token": token, "expires_in": until.secs_since(at) }))
    }

    fn caller(&self, at: Time, request: &Request) -> Result<Caller, Refused> {
        let token = query(request, "access_token").ok_or(41001)?;
        let issued = self.tokens.get(&token).ok_or(40014)?;
        if at >= issued.until {
            return Err(42001);
        }
        let spec = self.world.tokens.get(&issued.secret).ok_or(40014)?;
        let agent = self.agent(&spec.token);
        Ok(Caller { secret: issued.secret.clone(), agent, scopes: spec.scopes.clone() })
    }

    /// The id of the app with this secret.
    fn agent(&self, secret: &str) -> usize {
        FIRST_AGENT + self.world.tokens.keys().take_while(|known| known.as_str() < secret).count()
    }

    /// Whether the caller made the groups that are no customer groups.
    fn made_groups(&self, caller: &Caller) -> bool {
        let posts = |token: &&TokenSpec| !token.expired && token.scopes.iter().any(|scope| scope == "post");
        self.world.tokens.values().find(posts).is_some_and(|token| token.token == caller.secret)
    }

    /// The number that a dissolved group answers with.
    fn gone(&self) -> Refused {
        if self.doubts.gone_is_missing { 86003 } else { 49008 }
    }

    /// Whether somebody works here: known, no program from outside, not resigned.
    fn works_here(&self, account: &str) -> bool {
        let known = self.world.accounts.get(account).is_some_and(|account| !account.external);
        known && !self.resigned.contains(account)
    }

    /// A person in the client or the console. What that means for the front is noted.
    fn client(&mut self, at: Time, request: &Request) -> Option<Reply> {
        if let Some(reply) = self.archive_page(request) {
            return Some(reply);
        }
        let stood = |world: &World| -> BTreeMap<String, (Option<Handed>, bool)> {
            let stands = |group: &Group| (group.handover.clone(), group.ended.is_some());
            world.groups.iter().map(|(id, group)| (id.clone(), stands(group))).collect()
        };
        let before = if request.method() == Method::POST { stood(&self.world) } else { BTreeMap::new() };
        let reply = self.world.door(at, request)?;
        for (chat, (handed, ended)) in before {
            let Some(group) = self.world.groups.get(&chat) else { continue };
            let (now, over) = (group.handover.clone(), group.ended.is_some());
            if let Some(now) = now.filter(|now| handed.as_ref() != Some(now)) {
                self.approve(at, &chat, now);
            }
            if over && !ended {
                self.tell_dismissed(at, &chat);
            }
        }
        Some(reply)
    }

    /// Counts a message within the minute, and says how many there were.
    fn pace(&mut self, at: Time, what: &str) -> u32 {
        let sent = self.posted.entry((what.to_owned(), at.as_millis().div_euclid(60_000))).or_insert(0);
        *sent += 1;
        *sent
    }
}

impl Simulator for WecomSim {
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

/// The day of a time, counted from the epoch, in the platform's own zone.
fn day(at: Time) -> i64 {
    at.plus_secs(8 * 3600).as_millis().div_euclid(86_400_000)
}

/// A reply: always status 200, always with a number.
fn envelope(code: Refused, mut body: Value) -> Reply {
    if let Some(fields) = body.as_object_mut() {
        let says = if code == 0 {
            "ok".to_owned()
        } else {
            format!("refused, hint: [1], more info at https://open.work.weixin.qq.com/devtool/query?e={code}")
        };
        fields.insert("errcode".to_owned(), code.into());
        fields.insert("errmsg".to_owned(), says.into());
    }
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    let json = http::HeaderValue::from_static("application/json; charset=UTF-8");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, json);
    reply
}

/// There is no such call.
fn nowhere() -> Reply {
    let mut reply = Reply::new(Bytes::from_static(b"404 Not Found"));
    *reply.status_mut() = StatusCode::NOT_FOUND;
    reply
}

/// The body of a request, which must be JSON of this shape and nothing else.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Refused> {
    serde_json::from_slice(request.body()).or(Err(40058))
}

/// A parameter of the query.
fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.uri().query()?.as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
