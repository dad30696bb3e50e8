//! Emptying a room without admin rights: the way that stands in for dissolving it.
//!
//! The door is shut (join rule, aliases), everybody is put out, and the identity leaves last. It begins only when all
//! others can be put out: else the group would live on without the one who was to end it. What is left is an empty
//! shell, and is called so. What the room was like when the identity left is what the server still tells it, and is
//! the only proof there is.

use adjourn_connector_kit::{ConnectorError, Kind, Memo, ReadBack};
use adjourn_domain::capability::Effect;
use serde_json::{Value, json};

use super::super::wire::power::Power;
use super::super::wire::requests::{self, Call};
use super::super::wire::rooms::Aliases;
use super::super::wire::state::{RoomState, StateEvent};
use super::super::{auth, errors};
use super::api::Api;

/// Most members that are put out one by one.
const MAX_MEMBERS: usize = 10_000;

/// Empties the room.
pub(crate) async fn act(api: &Api<'_>, room: &str) -> Result<Memo, ConnectorError> {
    let state = state(api, room).await?;
    let me = auth::account(api).await?;
    if !state.is_joined(&me) {
        let done = left_empty(&state);
        let refusal = ConnectorError::new(Kind::Permission, "the identity is not in the room");
        return if done { Ok(Value::Null) } else { Err(refusal) };
    }
    let others = others(&state, &me)?;
    let mut changed = false;
    for call in door(api, room, &state).await? {
        match api.change::<Value>(&call).await {
            Err(error) if !errors::is_not_found(&error) => return Err(half_done(error, changed)),
            _ => changed = true,
        }
    }
    let power = state.power();
    // The strongest last: whoever is put out can't put anybody back in.
    let mut order: Vec<&String> = others.iter().collect();
    order.sort_by_key(|user| power.of(user));
    for user in order {
        let result = api.change::<Value>(&requests::kick(room, user)).await;
        result.map_err(|error| half_done(error, changed))?;
        changed = true;
    }
    api.change::<Value>(&requests::leave(room)).await.map_err(|error| half_done(error, changed))?;
    Ok(json!({ "emptied": true, "kicked": others.len() }))
}

/// When to look again.
const AGAIN_S: u64 = 1;

/// Whether the room was empty when the identity left it.
pub(crate) async fn read_back(api: &Api<'_>, room: &str) -> Result<ReadBack, ConnectorError> {
    let unknown = ReadBack::later(AGAIN_S);
    match state(api, room).await {
        Ok(state) if left_empty(&state) => Ok(ReadBack::is(true)),
        Ok(state) => {
            // Somebody was in it at the last look. A former member's last look may be older than the end.
            let me = auth::account(api).await?;
            Ok(if state.is_joined(&me) { ReadBack::is(false) } else { unknown })
        }
        Err(error) if matches!(error.kind, Kind::Permission | Kind::NotFound) => Ok(unknown),
        Err(error) => Err(error),
    }
}

/// Whether nobody is in the room and nobody can come in.
pub(crate) fn left_empty(state: &RoomState) -> bool {
    !state.is_empty()
        && state.with_membership("join").next().is_none()
        && state.with_membership("invite").next().is_none()
        && state.text("m.room.join_rules", "join_rule").is_none_or(|rule| rule == "invite")
}

/// The state for a member, or for a former member as it was when they left.
pub(crate) async fn state(api: &Api<'_>, room: &str) -> Result<RoomState, ConnectorError> {
    Ok(api.read::<Vec<StateEvent>>(&requests::state(room)).await?.into())
}

/// Everybody else, if all of them can be put out.
fn others(state: &RoomState, me: &str) -> Result<Vec<String>, ConnectorError> {
    let power = state.power();
    let mine = power.of(me);
    let others: Vec<String> = state
        .with_membership("join")
        .chain(state.with_membership("invite"))
        .filter(|user| *user != me)
        .map(str::to_owned)
        .collect();
    let needed = [
        power.field("kick", 50),
        power.for_state("m.room.join_rules"),
        power.for_state("m.room.canonical_alias"),
    ];
    let refuse = |says: String| Err(ConnectorError::new(Kind::Permission, says));
    if others.len() > MAX_MEMBERS {
        return refuse(format!("more than {MAX_MEMBERS} members"));
    }
    if needed.iter().any(|level| mine < *level) {
        return refuse(format!("power level {} is needed", needed.iter().max().unwrap_or(&Power::OWNER)));
    }
    let equals = others.iter().filter(|user| power.of(user) >= mine).count();
    if equals > 0 {
        return refuse(format!("{equals} members have as much power and can't be put out"));
    }
    Ok(others)
}

/// The calls that shut the door: join rule, aliases.
async fn door(api: &Api<'_>, room: &str, state: &RoomState) -> Result<Vec<Call>, ConnectorError> {
    let mut calls = Vec::new();
    if state.text("m.room.join_rules", "join_rule").is_some_and(|rule| rule != "invite") {
        calls.push(requests::put_state(room, "m.room.join_rules", "", json!({ "join_rule": "invite" })));
    }
    if state.text("m.room.canonical_alias", "alias").is_some() {
        calls.push(requests::put_state(room, "m.room.canonical_alias", "", json!({})));
    }
    let aliases: Aliases = api.read(&requests::aliases(room)).await?;
    calls.extend(aliases.aliases.iter().map(|alias| requests::delete_alias(alias)));
    Ok(calls)
}

/// A failure after something was changed: the whole is neither done nor undone.
fn half_done(error: ConnectorError, changed: bool) -> ConnectorError {
    if changed { error.effect(Effect::Unknown) } else { error }
}
