//! Posts the announcement once, and reads it back by its hash.
//!
//! The transaction id is the order's key: the homeserver answers a second send under it, with the same token, with the
//! event of the first. So after a lost reply, when no event id is known, the room's latest events are searched for
//! the order's mark; "not applied" is the answer when it is not there, and sending again under the same key is safe.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::canonical::Hash;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::descriptor::MAX_ANNOUNCEMENT;
use super::super::errors;
use super::super::wire::events::MessagesPage;
use super::super::wire::rooms::Sent;
use super::super::wire::{ids, requests};
use super::api::Api;
use super::power::change;
use crate::copy;

/// The verb.
pub(crate) struct Announce;

/// Events that are searched for an announcement whose id is not known.
const SEARCH: u32 = 100;
/// Field with the hash of the text.
const HASH: &str = "adjourn.sha256";
/// Field with the start of the hash of the order's key.
const ORDER: &str = "adjourn.order";

#[async_trait]
impl Verb for Announce {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let text = order.text("text")?;
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return Err(ConnectorError::new(
                Kind::Invalid,
                format!("more than {MAX_ANNOUNCEMENT} characters"),
            ));
        }
        let hash = sha256(text);
        let content = json!({ "msgtype": "m.notice", "body": text, HASH: hash, ORDER: mark(order) });
        let key = mark(order);
        let sent: Sent = change(&api, room, &requests::send(room, &key, content)).await?;
        Ok(json!({ "event_id": sent.event_id, "sha256": hash }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let text = order.text("text")?;
        let known = order.memo.get("event_id").and_then(Value::as_str).and_then(ids::event);
        let found = match known {
            Some(id) => event(&api, room, id).await?,
            None => search(&api, room, &mark(order)).await?,
        };
        let Some(found) = found.filter(|event| is_ours(event, order)) else { return Ok(ReadBack::is(false)) };
        let memo = json!({ "event_id": found.get("event_id"), "sha256": sha256(text) });
        Ok(copy::read_back(text, shown(&found), memo))
    }
}

/// Whether the event says of itself that it is this order's.
fn is_ours(event: &Value, order: &Order) -> bool {
    event.pointer("/content").and_then(|content| content.get(ORDER)?.as_str()) == Some(&mark(order))
}

/// What members read: the words of the last edit, where there is one.
fn shown(event: &Value) -> &str {
    let edit = event.pointer("/unsigned/m.relations/m.replace/content/m.new_content/body");
    let body = edit.or_else(|| event.pointer("/content/body"));
    body.and_then(Value::as_str).unwrap_or_default()
}

/// An event, for a member or for a server admin.
async fn event(api: &Api<'_>, room: &str, id: &str) -> Result<Option<Value>, ConnectorError> {
    match api.read::<Value>(&requests::event(room, id)).await {
        Ok(event) => return Ok(Some(event)),
        Err(error) if errors::is_not_found(&error) || errors::is_no_admin(&error) => {}
        Err(error) => return Err(error),
    }
    match api.read::<Value>(&requests::fetch_event(id)).await {
        Ok(reply) => Ok(reply.get("event").cloned()),
        Err(error) if errors::is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The order's announcement among the latest events.
async fn search(api: &Api<'_>, room: &str, mark: &str) -> Result<Option<Value>, ConnectorError> {
    let page: MessagesPage = match api.read(&requests::messages(true, room, false, SEARCH, None)).await {
        Err(error) if errors::is_no_admin(&error) => {
            api.read(&requests::messages(false, room, false, SEARCH, None)).await?
        }
        other => other?,
    };
    let is_it = |event: &Value| {
        event
            .get("content")
            .and_then(|content| content.get(ORDER)?.as_str())
            .is_some_and(|found| found == mark)
    };
    Ok(page.chunk.into_iter().find(is_it))
}

fn sha256(text: &str) -> String {
    Hash::of(text.as_bytes()).to_hex()
}

/// The transaction id, and the mark in the message: the start of the hash of the key, which tells members nothing.
fn mark(order: &Order) -> String {
    sha256(&order.key).chars().take(32).collect()
}
