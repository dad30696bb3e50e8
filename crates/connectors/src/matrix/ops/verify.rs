//! Every question that an identity can ask about a room's end, and what each answer proves.
//!
//! | question | answer | says | proof |
//! |---|---|---|---|
//! | `room.details` | 404 M_NOT_FOUND | gone | yes |
//! | | 200, members > 0 / = 0 | present / empty | yes |
//! | `room.members` | 404 M_NOT_FOUND; 200 | gone; present or empty | yes |
//! | `event.known` | 404 M_NOT_FOUND | gone | yes |
//! | | 200: history is still stored, so nothing was purged | empty | yes |
//! | `rooms.list` | searched by id: absent / there | gone / nothing | yes / no |
//! | `room.messages` | events: history is still stored | empty | yes |
//! | | none: the same for any unknown room | nothing | no |
//! | `room.block` | blocked: nobody can come back | gone | no |
//! | `rooms.joined` | there / absent | present / not in (a server admin need not be a member: nothing) | yes / no |
//! | `state.departure` | nobody was in it, and the door was shut, when this identity left | empty | yes |
//!
//! A 404 without an errcode comes from a proxy and says nothing, like every failure.

use adjourn_connector_kit::{ConnectorError, Context, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;
use serde_json::Value;

use super::super::errors;
use super::super::wire::events::MessagesPage;
use super::super::wire::rooms::{JoinedRooms, RoomBlock, RoomDetails, RoomMembers, RoomsPage};
use super::super::wire::{ids, requests};
use super::api::Api;
use super::empty;

/// The verifier.
pub(crate) struct Verify;

/// Most pages of the list that are read for a room.
const MAX_PAGES: usize = 50;

/// What an answer says, whether it proves that, and the answer in short.
type Answer = (Says, bool, String);

#[async_trait]
impl Verifier for Verify {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): Answer| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let (api, room) = match (Api::new(cx), ids::room(group)) {
            (Ok(api), Ok(room)) => (api, room),
            (Err(error), _) | (_, Err(error)) => return vec![signal("room.details", nothing(&error))],
        };
        let details = api.read::<RoomDetails>(&requests::room(room)).await;
        let admin = !matches!(&details, Err(error) if errors::is_no_admin(error));
        let mut signals = vec![signal("room.details", of_details(details))];
        if admin {
            signals.push(signal("room.members", members(&api, room).await));
            if let Some(id) = known.and_then(|id| ids::event(id.as_str())) {
                signals.push(signal("event.known", event(&api, id).await));
            }
            signals.push(signal("rooms.list", list(&api, room).await));
            signals.push(signal("room.messages", messages(&api, room).await));
            signals.push(signal("room.block", block(&api, room).await));
        }
        signals.push(signal("rooms.joined", joined(&api, room, admin).await));
        if !admin {
            signals.push(signal("state.departure", departure(&api, room).await));
        }
        signals
    }
}

fn of_details(details: Result<RoomDetails, ConnectorError>) -> Answer {
    match details {
        Ok(room) => count(room.joined_members),
        Err(error) => gone_or_nothing(&error),
    }
}

async fn members(api: &Api<'_>, room: &str) -> Answer {
    match api.read::<RoomMembers>(&requests::room_members(room)).await {
        Ok(reply) => count(reply.members.len() as u64),
        Err(error) => gone_or_nothing(&error),
    }
}

async fn event(api: &Api<'_>, id: &str) -> Answer {
    match api.read::<Value>(&requests::fetch_event(id)).await {
        Ok(reply) if reply.get("event").is_some_and(Value::is_object) => {
            (Says::Empty, true, "200 event is stored".to_owned())
        }
        Ok(_) => (Says::Nothing, false, "200 without an event".to_owned()),
        Err(error) => gone_or_nothing(&error),
    }
}

/// Searched by its id, the list has the room alone or nothing. A server that ignores the search is read to the end.
async fn list(api: &Api<'_>, room: &str) -> Answer {
    let mut from = None;
    for _ in 0..MAX_PAGES {
        let page: RoomsPage = match api.read(&requests::rooms(100, from, Some(room))).await {
            Ok(page) => page,
            Err(error) => return nothing(&error),
        };
        if page.rooms.iter().any(|listed| listed.room_id == room) {
            return (Says::Nothing, false, "200 listed".to_owned());
        }
        match page.next_batch {
            None => return (Says::Gone, true, "200 not listed".to_owned()),
            Some(next) if next > from.unwrap_or(0) => from = Some(next),
            Some(_) => break,
        }
    }
    (Says::Nothing, false, "200 the list has no end".to_owned())
}

async fn messages(api: &Api<'_>, room: &str) -> Answer {
    match api.read::<MessagesPage>(&requests::messages(true, room, true, 1, None)).await {
        Ok(page) if page.chunk.is_empty() => (Says::Nothing, false, "200 no events".to_owned()),
        Ok(_) => (Says::Empty, true, "200 events are stored".to_owned()),
        Err(error) => nothing(&error),
    }
}

async fn block(api: &Api<'_>, room: &str) -> Answer {
    match api.read::<RoomBlock>(&requests::room_block(room)).await {
        Ok(RoomBlock { block: true }) => (Says::Gone, false, "200 blocked".to_owned()),
        Ok(RoomBlock { block: false }) => (Says::Nothing, false, "200 not blocked".to_owned()),
        Err(error) => nothing(&error),
    }
}

async fn joined(api: &Api<'_>, room: &str, admin: bool) -> Answer {
    match api.read::<JoinedRooms>(&requests::joined_rooms()).await {
        Ok(rooms) if rooms.joined_rooms.iter().any(|joined| joined == room) => {
            (Says::Present, true, "200 joined".to_owned())
        }
        Ok(_) if admin => (Says::Nothing, false, "200 not joined".to_owned()),
        Ok(_) => (Says::NotIn, false, "200 not joined".to_owned()),
        Err(error) => nothing(&error),
    }
}

/// What a former member still sees: the room as it was when they left.
async fn departure(api: &Api<'_>, room: &str) -> Answer {
    match empty::state(api, room).await {
        Ok(state) if empty::left_empty(&state) => (Says::Empty, true, "200 empty at departure".to_owned()),
        Ok(_) => (Says::Nothing, false, "200 not empty at departure".to_owned()),
        Err(error) => nothing(&error),
    }
}

fn count(members: u64) -> Answer {
    let says = if members > 0 { Says::Present } else { Says::Empty };
    (says, true, format!("200 members={members}"))
}

fn gone_or_nothing(error: &ConnectorError) -> Answer {
    if errors::is_not_found(error) { (Says::Gone, true, error.upstream.clone()) } else { nothing(error) }
}

fn nothing(error: &ConnectorError) -> Answer {
    let answer = if error.upstream.is_empty() { format!("{:?}", error.kind) } else { error.upstream.clone() };
    (Says::Nothing, false, answer)
}
