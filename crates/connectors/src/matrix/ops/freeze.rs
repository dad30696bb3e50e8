//! Makes a room read-only for plain members, and takes that back.
//!
//! What the levels were is remembered in the memo and in the room itself, so that a lost reply loses nothing.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::auth;
use super::super::wire::rooms::Sent;
use super::super::wire::{ids, power, requests};
use super::api::Api;
use super::power::change;
use super::rooms::see;

/// The verb.
pub(crate) struct Freeze;

const LEVELS: &str = "m.room.power_levels";

#[async_trait]
impl Verb for Freeze {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let now = levels(&api, room).await?;
        if order.undo { thaw(&api, room, &now, order).await } else { freeze(&api, room, &now).await }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let now = levels(&api, ids::room(&order.group)?).await?;
        let marked = power::mark(&now);
        let applied = if order.undo { marked.is_none() } else { power::is_frozen(&now) };
        let memo = marked.map_or(Value::Null, |mark| json!({ "before": mark }));
        Ok(ReadBack { memo: if order.undo { Value::Null } else { memo }, ..ReadBack::is(applied) })
    }
}

async fn levels(api: &Api<'_>, room: &str) -> Result<Value, ConnectorError> {
    let seen = see(api, room).await?;
    let levels = seen.state.content(LEVELS, "").filter(|content| content.is_object()).cloned();
    levels.ok_or_else(|| ConnectorError::new(Kind::Conflict, "the room has no power levels"))
}

async fn freeze(api: &Api<'_>, room: &str, before: &Value) -> Result<Memo, ConnectorError> {
    if power::is_frozen(before) {
        return Ok(json!({ "before": power::mark(before) }));
    }
    let content = power::frozen(before, None);
    let result = put(api, room, content.clone()).await;
    let content = match result {
        Err(error) if error.kind == Kind::Permission => {
            // Getting power changes the levels themselves: freeze what is there afterwards.
            match super::power::enter(api, room).await {
                Ok(()) => {}
                Err(shut) if matches!(shut.kind, Kind::Permission | Kind::NotFound) => return Err(error),
                Err(other) => return Err(other),
            }
            let now = levels(api, room).await?;
            let me = auth::account(api).await?;
            let old = before.get("users").and_then(|users| users.get(&me)).cloned().unwrap_or(Value::Null);
            let content = power::frozen(&now, Some((&me, old)));
            put(api, room, content.clone()).await?;
            content
        }
        other => other.map(|_| content)?,
    };
    Ok(json!({ "before": power::mark(&content) }))
}

async fn thaw(api: &Api<'_>, room: &str, now: &Value, order: &Order) -> Result<Memo, ConnectorError> {
    let Some(mark) = power::mark(now).or_else(|| order.memo.get("before").filter(|mark| mark.is_object()))
    else {
        return Ok(Value::Null);
    };
    if power::mark(now).is_none() && !power::is_frozen(now) {
        return Ok(Value::Null);
    }
    let content = power::thawed(now, mark);
    let call = requests::put_state(room, LEVELS, "", content);
    change::<Sent>(api, room, &call).await?;
    Ok(Value::Null)
}

async fn put(api: &Api<'_>, room: &str, content: Value) -> Result<Sent, ConnectorError> {
    api.change(&requests::put_state(room, LEVELS, "", content)).await
}
