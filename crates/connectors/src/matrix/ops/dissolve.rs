//! Closes a room, and later purges it, as a server admin. Without admin rights the room is emptied ([`super::empty`]).
//!
//! "Accepted" and "complete" are no proof: the deletion of a room that never was ends so too. So the room has to be
//! there before the call, and afterwards the room itself is looked at: closed means nobody is in it and it is blocked,
//! purged means the server says that it does not exist. A task survives a crash of the server and goes on minutes
//! later; while one is open nothing is sent again.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Effect;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::wire::delete::{Accepted, Status, Task, Tasks};
use super::super::wire::rooms::{RoomBlock, RoomDetails};
use super::super::wire::{ids, requests};
use super::super::{auth, errors};
use super::api::Api;
use super::empty;

/// Seconds until an open task is looked at again.
const AGAIN_S: u64 = 2;

/// Closes the room: everybody is put out, nobody can come back.
pub(crate) struct Dissolve;

/// Removes what the server keeps of a closed room.
pub(crate) struct Purge;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        match api.read::<RoomDetails>(&requests::room(room)).await {
            Ok(details) if is_closed(&api, room, &details).await? => Ok(Value::Null),
            Ok(_) => delete(&api, room, false).await,
            Err(error) if errors::is_no_admin(&error) => instead(&api, room, order, error).await,
            Err(error) => Err(error),
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        match api.read::<RoomDetails>(&requests::room(room)).await {
            Ok(details) if is_closed(&api, room, &details).await? => {
                let task = task(&api, room, order).await?;
                // Closed already, but the server is still at it: a purge would be refused now.
                let open = task.as_ref().is_some_and(Task::is_open);
                let base = if open { ReadBack::later(AGAIN_S) } else { ReadBack::is(true) };
                Ok(ReadBack { memo: task.map_or(Value::Null, |task| task.memo()), ..base })
            }
            Ok(_) => still_there(&api, room, order).await,
            Err(error) if errors::is_not_found(&error) => Ok(ReadBack::is(true)),
            Err(error) if errors::is_no_admin(&error) => empty::read_back(&api, room).await,
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Verb for Purge {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let details: RoomDetails = api.read(&requests::room(room)).await?;
        if details.joined_members > 0 {
            // The purge of a living room would be its end, without the checks that an end has.
            return Err(ConnectorError::new(Kind::Conflict, "the room has not been closed"));
        }
        delete(&api, room, true).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        if !exists(&api, room).await? {
            return Ok(ReadBack::is(true));
        }
        let found = still_there(&api, room, order).await?;
        // The task may have ended between the two looks: the room is looked at again before it is said that nothing came
        // of it.
        if found.effect == Effect::NotApplied && !exists(&api, room).await? {
            return Ok(ReadBack { memo: found.memo, ..ReadBack::is(true) });
        }
        Ok(found)
    }
}

async fn exists(api: &Api<'_>, room: &str) -> Result<bool, ConnectorError> {
    match api.read::<RoomDetails>(&requests::room(room)).await {
        Ok(_) => Ok(true),
        Err(error) if errors::is_not_found(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Empties the room, if emptying is what was planned. An admin API that is out of reach for a moment must not turn a
/// planned dissolve into something else: it is asked a second time, and a plan that says `native` is not bent.
async fn instead(
    api: &Api<'_>,
    room: &str,
    order: &Order,
    refusal: ConnectorError,
) -> Result<Memo, ConnectorError> {
    let planned = order.params.get("support").and_then(Value::as_str);
    if planned == Some("native") || auth::is_admin(api).await? {
        return Err(refusal.effect(Effect::NotApplied));
    }
    empty::act(api, room).await
}

async fn delete(api: &Api<'_>, room: &str, purge: bool) -> Result<Memo, ConnectorError> {
    let accepted: Accepted = api.change(&requests::delete_room(room, purge)).await?;
    Ok(json!({ "delete_id": accepted.delete_id }))
}

/// Whether nobody is in the room and nobody can come back.
async fn is_closed(api: &Api<'_>, room: &str, details: &RoomDetails) -> Result<bool, ConnectorError> {
    if details.joined_members > 0 {
        return Ok(false);
    }
    Ok(api.read::<RoomBlock>(&requests::room_block(room)).await?.block)
}

/// The effect is not there: a task may still be at it, or has failed.
async fn still_there(api: &Api<'_>, room: &str, order: &Order) -> Result<ReadBack, ConnectorError> {
    let Some(task) = task(api, room, order).await? else { return Ok(ReadBack::is(false)) };
    let base = if task.is_open() { ReadBack::later(AGAIN_S) } else { ReadBack::is(false) };
    Ok(ReadBack { memo: task.memo(), ..base })
}

/// The task of this order, or any open task of the room, or the last one that failed.
async fn task(api: &Api<'_>, room: &str, order: &Order) -> Result<Option<Task>, ConnectorError> {
    if let Some(id) = order.memo.get("delete_id").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        match api.read::<Task>(&requests::delete_status(id)).await {
            Ok(task) => return Ok(Some(Task { delete_id: id.to_owned(), ..task })),
            Err(error) if errors::is_not_found(&error) => {}
            Err(error) => return Err(error),
        }
    }
    let tasks = match api.read::<Tasks>(&requests::delete_status_of_room(room)).await {
        Ok(tasks) => tasks.results,
        Err(error) if errors::is_not_found(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (open, over): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(Task::is_open);
    Ok(open.into_iter().next().or_else(|| over.into_iter().rev().find(|task| task.status == Status::Failed)))
}
