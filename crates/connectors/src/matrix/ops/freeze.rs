//! Makes a room read-only for plain members, and takes that back.
//!
//! What the levels were is remembered in the memo and in the room itself, so that a lost reply loses nothing.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Effect;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::auth;
use super::super::wire::rooms::Sent;
use super::super::wire::state::RoomState;
use super::super::wire::{ids, power, requests};
use super::api::Api;
use super::power::{change, enter};
use super::rooms::see;

/// The verb.
pub(crate) struct Freeze;

const LEVELS: &str = "m.room.power_levels";

#[async_trait]
impl Verb for Freeze {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        if order.undo {
            return thaw(&api, room, order).await;
        }
        let now = levels(&see(&api, room).await?.state)?;
        freeze(&api, room, &now).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let now = levels(&see(&api, ids::room(&order.group)?).await?.state)?;
        let marked = power::mark(&now);
        let applied = if order.undo { marked.is_none() } else { power::is_frozen(&now) };
        let memo = marked.map_or(Value::Null, |mark| json!({ "before": mark }));
        Ok(ReadBack { memo: if order.undo { Value::Null } else { memo }, ..ReadBack::is(applied) })
    }
}

fn levels(state: &RoomState) -> Result<Value, ConnectorError> {
    let levels = state.content(LEVELS, "").filter(|content| content.is_object()).cloned();
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
            enter(api, room, error).await?;
            let now = levels(&see(api, room).await?.state)?;
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

/// Gives the levels back, and leaves a room that was entered for the freeze.
async fn thaw(api: &Api<'_>, room: &str, order: &Order) -> Result<Memo, ConnectorError> {
    let state = see(api, room).await?.state;
    let now = levels(&state)?;
    let remembered = order.memo.get("before").filter(|mark| mark.is_object() && power::is_frozen(&now));
    if let Some(mark) = power::mark(&now).or(remembered) {
        let call = requests::put_state(room, LEVELS, "", power::thawed(&now, mark));
        change::<Sent>(api, room, &call).await?;
    }
    if state.has_entered(&auth::account(api).await?) {
        // The levels are back already: what failed here is only the leaving.
        let left = api.change::<Value>(&requests::leave(room)).await;
        left.map_err(|error| error.effect(Effect::Unknown))?;
    }
    Ok(Value::Null)
}

async fn put(api: &Api<'_>, room: &str, content: Value) -> Result<Sent, ConnectorError> {
    api.change(&requests::put_state(room, LEVELS, "", content)).await
}
