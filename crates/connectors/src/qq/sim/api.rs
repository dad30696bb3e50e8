//! HTTP: who is driven, which action with which parameters, and the envelope, as each implementation writes it.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::time::Time;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::QqSim;
use crate::qq::wire::implementation::Implementation;
use crate::qq::wire::spelling;

/// Why an action failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// There is no such action.
    NoAction,
    /// The parameters make no sense.
    BadParams,
    /// The handler failed, in the implementation's words: go-cqhttp's code, and a sentence.
    Failed(&'static str, String),
}

/// What an action says: its data, or why not.
pub(super) type Answer = Result<Value, Failure>;

/// A failure of the handler.
pub(super) fn failed<T>(code: &'static str, says: &str) -> Result<T, Failure> {
    Err(Failure::Failed(code, says.to_owned()))
}

/// Whether a token was shown, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    Account(String),
    Wrong,
    Missing,
}

impl QqSim {
    /// Whose token a request shows: a bearer, or `access_token` in the query.
    pub(super) fn caller(&self, request: &Request) -> Caller {
        let header = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = header.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
        let Some(token) =
            bearer.or_else(|| query(request).get("access_token").and_then(Value::as_str).map(str::to_owned))
        else {
            return Caller::Missing;
        };
        match self.world.tokens.get(&token) {
            Some(token) if !token.expired => Caller::Account(token.account.clone()),
            _ => Caller::Wrong,
        }
    }

    pub(super) fn http(&mut self, at: Time, request: &Request) -> Reply {
        if let Some(reply) = self.download(request) {
            return reply;
        }
        let account = match self.caller(request) {
            Caller::Account(account) => account,
            refused => return self.refused(&refused),
        };
        let action = request.uri().path().trim_start_matches('/').to_owned();
        let params = match params(request) {
            Ok(params) => params,
            Err(status) => {
                self.unexpected.note(format!("{action}: {status}"));
                return bare(status);
            }
        };
        let base = request
            .uri()
            .authority()
            .map(|host| format!("{}://{host}", request.uri().scheme_str().unwrap_or("http")));
        let answer = self.act(at, &account, &action, params, &base.unwrap_or_default());
        // Nobody would find an unknown action.
        if answer == Err(Failure::NoAction)
            && matches!(self.plays, Implementation::Lagrange | Implementation::GoCqhttp)
        {
            return bare(StatusCode::NOT_FOUND);
        }
        json_reply(StatusCode::OK, &self.envelope(answer, &action, false))
    }

    /// A token that is missing or wrong. NapCat never says 401.
    pub(super) fn refused(&self, caller: &Caller) -> Reply {
        match (self.plays, caller) {
            (Implementation::NapCat | Implementation::LlOneBot, _) => {
                json_reply(StatusCode::FORBIDDEN, &json!({ "message": spelling::of("token") }))
            }
            (_, Caller::Missing) => bare(StatusCode::UNAUTHORIZED),
            _ => bare(StatusCode::FORBIDDEN),
        }
    }

    /// The body of every reply. On a WebSocket NapCat's codes begin with 1.
    pub(super) fn envelope(&self, answer: Answer, action: &str, socket: bool) -> Value {
        let napcat = matches!(self.plays, Implementation::NapCat | Implementation::LlOneBot);
        let add = if socket && napcat { 1000 } else { 0 };
        let (code, msg, says, data) = match (answer, self.plays) {
            (Ok(data), _) => (0, "", String::new(), data),
            (Err(Failure::NoAction), _) if napcat && !socket => {
                (200, "", spelling::fill("no_action", action), Value::Null)
            }
            (Err(Failure::NoAction), _) => (1404, "API_NOT_FOUND", String::new(), Value::Null),
            (Err(Failure::BadParams), Implementation::GoCqhttp) => {
                (100, "INVALID_PARAMS", String::new(), Value::Null)
            }
            (Err(Failure::BadParams), _) => (400 + add, "", "payload".to_owned(), Value::Null),
            (Err(Failure::Failed(msg, says)), Implementation::GoCqhttp) => (100, msg, says, Value::Null),
            (Err(Failure::Failed(..)), Implementation::Lagrange) => (-1, "", String::new(), Value::Null),
            (Err(Failure::Failed(_, says)), _) => (200 + add, "", says, Value::Null),
        };
        let status = if code == 0 { "ok" } else { "failed" };
        match self.plays {
            Implementation::Lagrange => json!({ "status": status, "retcode": code, "data": data }),
            Implementation::GoCqhttp => {
                json!({ "status": status, "retcode": code, "msg": msg, "wording": says, "data": data })
            }
            _ => json!({
                "status": status, "retcode": code, "data": data,
                "message": says, "wording": says, "stream": "normal-action",
            }),
        }
    }

    /// A file at the address that was given for it; whoever has the address may.
    fn download(&self, request: &Request) -> Option<Reply> {
        let rest = request.uri().path().strip_prefix("/download/")?;
        let (group, file) = rest.split_once('/')?;
        let content = self.world.groups.get(group).and_then(|group| group.files.get(file));
        Some(content.map_or_else(
            || bare(StatusCode::NOT_FOUND),
            |content| Reply::new(Bytes::from(content.clone().into_bytes())),
        ))
    }
}

/// Parameters from the query, a form, or JSON.
fn params(request: &Request) -> Result<Map<String, Value>, StatusCode> {
    let mut params = query(request);
    params.remove("access_token");
    if request.method() == Method::GET || request.body().is_empty() {
        return Ok(params);
    }
    if request.method() != Method::POST {
        return Err(StatusCode::NOT_FOUND);
    }
    let kind = request.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match kind.map(|kind| kind.split(';').next().unwrap_or(kind).trim()) {
        Some("application/json") => match serde_json::from_slice(request.body()) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(StatusCode::BAD_REQUEST),
        },
        Some("application/x-www-form-urlencoded") => Ok(pairs(request.body())),
        _ => Err(StatusCode::NOT_ACCEPTABLE),
    }
}

fn query(request: &Request) -> Map<String, Value> {
    pairs(request.uri().query().unwrap_or_default().as_bytes())
}

fn pairs(bytes: &[u8]) -> Map<String, Value> {
    url::form_urlencoded::parse(bytes)
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect()
}

fn json_reply(status: StatusCode, body: &Value) -> Reply {
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    *reply.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, json);
    reply
}

fn bare(status: StatusCode) -> Reply {
    let mut reply = Reply::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}
