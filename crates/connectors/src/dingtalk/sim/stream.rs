//! The stream: a gateway that hands out tickets, sessions that are opened with them, and the event of a dissolve, which
//! comes again until it is answered.
//!
//! An event goes to one of an app's sessions, and is lost where there is none. Invented, because no document says it: how
//! often the platform pings, when it ends a session, when and how often it sends an event again, and how it refuses a
//! ticket.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::simulator::Output;
use adjourn_connector_kit::transport::Request;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::OpenStream;
use super::{Answer, DingTalkSim, MAX_KEPT, body, chat_id, no, reply};

/// Seconds for which a ticket is good, for one session.
const TICKET_S: u64 = 90;
/// Seconds between two pings.
const PING_S: u64 = 60;
/// Seconds after which the platform ends a session.
const SESSION_S: u64 = 1800;
/// Seconds between saying so and doing it.
const SILENCE_S: u64 = 10;
/// Seconds after which an event that nobody answered comes again.
const AGAIN_S: u64 = 30;
/// How often it comes.
const TIMES: u32 = 4;
/// The organisation.
const CORP: &str = "dingsimcorp";

/// All streams.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams {
    /// Tickets that were handed out: of which app, and until when.
    tickets: BTreeMap<String, (String, Time)>,
    open: BTreeMap<u64, Open>,
    /// Events that nobody has answered yet, by the message that they last came in.
    waiting: BTreeMap<String, Waiting>,
    /// Messages that went out: another one can't be answered.
    sent: BTreeMap<String, Sent>,
    /// Groups whose end was told.
    told: BTreeSet<String>,
    /// Whose turn it is among the sessions of an app.
    turn: usize,
}

#[derive(Debug, Clone)]
struct Open {
    app: String,
    since: Time,
    pinged: Time,
    /// When it ends, once that was said.
    ends: Option<Time>,
}

#[derive(Debug, Clone)]
struct Waiting {
    app: String,
    event: Value,
    data: String,
    sent: Time,
    times: u32,
}

impl Waiting {
    fn says(&self, data: &Value) -> bool {
        serde_json::from_str::<Value>(&self.data).is_ok_and(|own| own == *data)
    }
}

/// What has to come back.
#[derive(Debug, Clone, PartialEq)]
enum Sent {
    /// The ping's own data.
    Ping(String),
    Event,
}

/// The answer to a message. The document has these fields and no others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ack {
    code: u16,
    headers: BTreeMap<String, Value>,
    #[serde(rename = "message")]
    _message: String,
    data: String,
}

impl DingTalkSim {
    /// A ticket for a stream.
    pub(super) fn gate(&mut self, at: Time, request: &Request) -> Answer {
        let asked: OpenStream = body(request)?;
        let known = |kind: &str, topic: &str| match kind {
            "EVENT" => topic == "*",
            "CALLBACK" => topic.starts_with("/v1.0/"),
            // The platform's own SDK for Go subscribes to these as well.
            "SYSTEM" => matches!(topic, "ping" | "disconnect"),
            _ => false,
        };
        if asked.subscriptions.is_empty()
            || !asked.subscriptions.iter().all(|one| known(&one.r#type, &one.topic))
        {
            return no(400, "paramError");
        }
        if !self.knows(&asked.client_id, &asked.client_secret) {
            return no(401, "authFailed");
        }
        let ticket = format!("sim-ticket-{}", self.next());
        let streams = &mut self.streams;
        streams.tickets.retain(|_, (_, until)| at < *until);
        if streams.tickets.len() >= MAX_KEPT {
            return no(503, "ServiceUnavailable");
        }
        streams.tickets.insert(ticket.clone(), (asked.client_id, at.plus_secs(TICKET_S)));
        let scheme = if request.uri().scheme_str() == Some("https") { "wss" } else { "ws" };
        let host = request.uri().authority().map_or("", http::uri::Authority::as_str);
        Ok(json!({ "endpoint": format!("{scheme}://{host}/connect"), "ticket": ticket }))
    }

    /// A session, for whoever has a ticket that nobody used.
    pub(super) fn opened(&mut self, at: Time, session: u64, request: &Request) -> Vec<Output> {
        let refused = |status, code: &str| {
            vec![Output::Reply {
                exchange: session,
                reply: reply(status, &json!({ "code": code, "message": code })),
            }]
        };
        if request.uri().path() != "/connect" {
            self.surprised(request, "InvalidAction.NotFound");
            return refused(404, "InvalidAction.NotFound");
        }
        let query = request.uri().query().unwrap_or_default();
        let ticket = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "ticket");
        let ticket = ticket.and_then(|(_, ticket)| self.streams.tickets.remove(&*ticket));
        let Some((app, _)) = ticket.filter(|(_, until)| at < *until) else {
            return refused(401, "invalidTicket");
        };
        self.streams.open.insert(session, Open { app, since: at, pinged: at, ends: None });
        Vec::new()
    }

    pub(super) fn closed(&mut self, session: u64) {
        self.streams.open.remove(&session);
    }

    /// An answer to a message.
    pub(super) fn acked(&mut self, session: u64, bytes: &[u8]) {
        if !self.streams.open.contains_key(&session) {
            return;
        }
        if let Err(why) = self.streams.take(bytes) {
            self.unexpected.note(format!("FRAME {why}"));
        }
    }

    /// What has to be told now: ends of groups, pings, goodbyes, and events that nobody answered.
    pub(super) fn tell(&mut self, at: Time) -> Vec<Output> {
        let mut outputs = self.keep_up(at);
        let ended: BTreeSet<String> = self
            .world
            .groups
            .iter()
            .filter(|(_, group)| group.ended.is_some())
            .map(|(id, _)| id.clone())
            .collect();
        let news: Vec<String> = ended.difference(&self.streams.told).cloned().collect();
        // A group that came back can end again.
        self.streams.told = ended;
        for group in news {
            outputs.extend(self.disbanded(at, &group));
        }
        outputs
    }

    /// Ends that were there before anybody could listen are not told.
    pub(super) fn told_so_far(&mut self) {
        let ended = self.world.groups.iter().filter(|(_, group)| group.ended.is_some());
        self.streams.told = ended.map(|(id, _)| id.clone()).collect();
    }

    /// The event, for each app that may know of groups.
    fn disbanded(&mut self, at: Time, group: &str) -> Vec<Output> {
        let by =
            self.world.groups.get(group).and_then(|group| group.ended.as_ref()).map(|end| end.by.clone());
        let by = by.unwrap_or_default();
        let number = self.next();
        let event = json!({
            "eventType": "chat_disband", "eventId": format!("sim-event-{number}"), "eventCorpId": CORP,
            "eventBornTime": at.as_millis().to_string(), "eventUnifiedAppId": "sim-unified-app",
        });
        let data = json!({
            "timeStamp": at.as_millis(), "chatId": chat_id(group), "corpId": CORP, "openConversationId": group,
            "operator": by, "operatorUnionId": format!("union-{by}"),
        });
        let apps: BTreeSet<String> = self.streams.open.values().map(|open| open.app.clone()).collect();
        let apps: Vec<String> =
            apps.into_iter().filter(|app| self.may(app, "read") || self.may(app, "manage")).collect();
        let mut outputs = Vec::new();
        for app in apps {
            let (event, data) = (event.clone(), data.to_string());
            outputs.extend(self.push(at, Waiting { app, event, data, sent: at, times: 0 }));
        }
        outputs
    }

    /// Sends an event to one of its app's sessions.
    fn push(&mut self, at: Time, mut waiting: Waiting) -> Option<Output> {
        let usable = |open: &&Open| open.app == waiting.app && open.ends.is_none();
        let sessions: Vec<u64> =
            self.streams.open.iter().filter(|(_, open)| usable(open)).map(|(session, _)| *session).collect();
        self.streams.turn = self.streams.turn.wrapping_add(1);
        let session = *sessions.get(self.streams.turn % sessions.len().max(1))?;
        let number = self.next();
        let id = format!("sim-message-{number}");
        let mut headers = headers(at, session, &id, "*");
        if let (Some(headers), Some(event)) = (headers.as_object_mut(), waiting.event.as_object()) {
            headers.extend(event.clone());
        }
        let frame =
            json!({ "specVersion": "1.0", "type": "EVENT", "headers": headers, "data": waiting.data });
        (waiting.sent, waiting.times) = (at, waiting.times + 1);
        self.streams.remember(&id, Sent::Event);
        self.streams.waiting.insert(id, waiting);
        Some(Output::Frame { session, bytes: Bytes::from(frame.to_string()) })
    }

    fn keep_up(&mut self, at: Time) -> Vec<Output> {
        let mut outputs = Vec::new();
        let sessions: Vec<(u64, Open)> =
            self.streams.open.iter().map(|(session, open)| (*session, open.clone())).collect();
        for (session, mut open) in sessions {
            match open.ends {
                Some(end) if at >= end => {
                    self.streams.open.remove(&session);
                    outputs.push(Output::Close { session });
                    continue;
                }
                None if at >= open.since.plus_secs(SESSION_S) => {
                    open.ends = Some(at.plus_secs(SILENCE_S));
                    let data = json!({ "reason": "persistent connection is timeout" }).to_string();
                    outputs.push(self.system(at, session, "disconnect", &data));
                }
                None if at >= open.pinged.plus_secs(PING_S) => {
                    open.pinged = at;
                    let number = self.next();
                    let data = json!({ "opaque": format!("sim-opaque-{number}") }).to_string();
                    outputs.push(self.system(at, session, "ping", &data));
                }
                Some(_) | None => {}
            }
            self.streams.open.insert(session, open);
        }
        let late = |waiting: &Waiting| at >= waiting.sent.plus_secs(AGAIN_S);
        let again: Vec<String> = self
            .streams
            .waiting
            .iter()
            .filter(|(_, waiting)| late(waiting))
            .map(|(id, _)| id.clone())
            .collect();
        for id in again {
            if let Some(waiting) = self.streams.waiting.remove(&id).filter(|waiting| waiting.times < TIMES) {
                outputs.extend(self.push(at, waiting));
            }
        }
        outputs
    }

    fn system(&mut self, at: Time, session: u64, topic: &str, data: &str) -> Output {
        let number = self.next();
        let id = format!("sim-message-{number}");
        let headers = headers(at, session, &id, topic);
        // A goodbye wants no answer.
        if topic == "ping" {
            self.streams.remember(&id, Sent::Ping(data.to_owned()));
        }
        let frame = json!({ "specVersion": "1.0", "type": "SYSTEM", "headers": headers, "data": data });
        Output::Frame { session, bytes: Bytes::from(frame.to_string()) }
    }

    /// Whether there is such an app with this secret.
    pub(super) fn knows(&self, key: &str, secret: &str) -> bool {
        let app = self.world.tokens.get(key).filter(|app| !app.expired);
        app.is_some_and(|app| secret == format!("{}-secret", app.token))
    }
}

impl Streams {
    fn remember(&mut self, id: &str, sent: Sent) {
        if self.sent.len() >= MAX_KEPT {
            self.sent.clear();
        }
        self.sent.insert(id.to_owned(), sent);
    }

    /// Takes an answer, or says what is wrong with it.
    fn take(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        let ack: Ack = serde_json::from_slice(bytes).map_err(|_| "that is no answer")?;
        let header = |name: &str| ack.headers.get(name).and_then(Value::as_str);
        let id = header("messageId").ok_or("without a messageId")?;
        if header("contentType") != Some("application/json") {
            return Err("without its contentType");
        }
        let data: Value = serde_json::from_str(&ack.data).map_err(|_| "whose data is no JSON")?;
        match self.sent.get(id).ok_or("that answers nothing")? {
            Sent::Ping(opaque) => {
                let same = serde_json::from_str::<Value>(opaque).is_ok_and(|opaque| opaque == data);
                if ack.code == 200 && same { Ok(()) } else { Err("that is no answer to a ping") }
            }
            // Whoever fails gets it again.
            Sent::Event if ack.code != 200 => Ok(()),
            Sent::Event => match data.get("status").and_then(Value::as_str) {
                Some("LATER") => Ok(()),
                Some("SUCCESS") => {
                    self.waiting.remove(id);
                    Ok(())
                }
                Some(_) => Err("with a status that there is not"),
                // The platform's own SDK for Python sends the event's data back where the document wants the status.
                None if self.waiting.get(id).is_some_and(|waiting| waiting.says(&data)) => {
                    self.waiting.remove(id);
                    Ok(())
                }
                None => Err("without the status of the event"),
            },
        }
    }
}

fn headers(at: Time, session: u64, id: &str, topic: &str) -> Value {
    json!({
        "appId": "sim-app", "connectionId": format!("sim-connection-{session}"), "contentType": "application/json",
        "messageId": id, "time": at.as_millis().to_string(), "topic": topic,
    })
}

#[cfg(test)]
mod tests;
