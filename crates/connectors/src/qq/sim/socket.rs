//! WebSocket sessions: `/api` takes calls, `/event` gives events, `/` does both.

use adjourn_connector_kit::simulator::Output;
use adjourn_connector_kit::transport::Request;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::{Value, json};

use super::QqSim;
use super::api::Caller;
use super::views;
use crate::qq::wire::implementation::Implementation;
use crate::qq::wire::{frames, spelling};

/// Seconds between two heartbeats, as NapCat sends them.
const HEARTBEAT_S: u64 = 30;

/// An open session.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) calls: bool,
    pub(super) events: bool,
    pub(super) beat: Time,
    /// Where the client reached us, for addresses that are given out.
    base: String,
}

impl QqSim {
    pub(super) fn opened(&mut self, at: Time, session: u64, request: &Request) -> Vec<Output> {
        let path = request.uri().path().trim_matches('/');
        let (calls, events) = match path {
            "" => (true, true),
            "api" => (true, false),
            "event" => (false, true),
            _ => {
                self.unexpected.note(format!("OPEN /{path}"));
                return vec![Output::Close { session }];
            }
        };
        let account = match self.caller(request) {
            Caller::Account(account) => account,
            refused => return self.turned_away(session, &refused),
        };
        let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let base = format!("http://{host}");
        self.sessions.insert(session, Session { account: account.clone(), calls, events, beat: at, base });
        if !events {
            return Vec::new();
        }
        let connect = meta(at, &account, json!({ "meta_event_type": "lifecycle", "sub_type": "connect" }));
        vec![frame(session, &connect.to_string())]
    }

    /// A token that is missing or wrong. NapCat says so in a frame; the others refuse the handshake.
    fn turned_away(&self, session: u64, caller: &Caller) -> Vec<Output> {
        let close = Output::Close { session };
        if self.plays != Implementation::NapCat {
            return vec![Output::Reply { exchange: session, reply: self.refused(caller) }];
        }
        let says = spelling::of("ws_token");
        let body = json!({
            "status": "failed", "retcode": 1403, "data": null, "message": says, "wording": says, "echo": null,
        });
        vec![frame(session, &body.to_string()), close]
    }

    pub(super) fn frame(&mut self, at: Time, session: u64, bytes: &[u8]) -> Vec<Output> {
        let Some(open) = self.sessions.get(&session).filter(|open| open.calls).cloned() else {
            self.unexpected.note("FRAME where no calls are taken".to_owned());
            return Vec::new();
        };
        let asked = match frames::asked(bytes) {
            Ok(asked) => asked,
            Err(body) => {
                self.unexpected.note("FRAME that is no call".to_owned());
                return vec![frame(session, &frames::answer(body, &Value::Null))];
            }
        };
        let answer = self.act(at, &open.account, &asked.action, asked.params, &open.base);
        let body = self.envelope(answer, &asked.action, true);
        vec![frame(session, &frames::answer(body, &asked.echo))]
    }

    /// Heartbeats that are due.
    pub(super) fn beat(&mut self, at: Time) -> Vec<Output> {
        let offline = &self.offline;
        let mut outputs = Vec::new();
        for (session, open) in self.sessions.iter_mut().filter(|(_, open)| open.events) {
            if at < open.beat.plus_secs(HEARTBEAT_S) {
                continue;
            }
            open.beat = at;
            let online = !offline.contains(&open.account);
            let beat = json!({
                "meta_event_type": "heartbeat",
                "status": { "online": online, "good": true },
                "interval": HEARTBEAT_S * 1000,
            });
            outputs.push(frame(*session, &meta(at, &open.account, beat).to_string()));
        }
        outputs
    }
}

fn meta(at: Time, account: &str, mut event: Value) -> Value {
    if let Some(fields) = event.as_object_mut() {
        fields.insert("time".to_owned(), views::seconds(at).into());
        fields.insert("self_id".to_owned(), views::number(account));
        fields.insert("post_type".to_owned(), "meta_event".into());
    }
    event
}

pub(super) fn frame(session: u64, text: &str) -> Output {
    Output::Frame { session, bytes: Bytes::from(text.to_owned()) }
}
