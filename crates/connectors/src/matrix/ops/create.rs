//! A new room, under an alias that follows from the order's key: a second call under the same key finds the alias taken,
//! and after a lost reply the directory tells whether there is a room, and which.
//!
//! Rooms are made in version 11: from 12 on a creator keeps power above everybody for good, and a later transfer would
//! be none.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Effect;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::auth;
use super::super::errors::{self, Asks};
use super::super::wire::power::Power;
use super::super::wire::rooms::RoomId;
use super::super::wire::{ids, requests};
use super::api::Api;
use super::rooms;
use crate::create::{self, Wish};

/// Longest name, in characters; ours, far below what an event can hold.
const MAX_NAME: usize = 255;
/// Version of the rooms that are made.
const ROOM_VERSION: &str = "11";
/// Characters of the alias that follow from the key.
const ALIAS: usize = 24;

/// The verb.
pub(crate) struct Create;

#[async_trait]
impl Verb for Create {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let wish = Wish::of(order, MAX_NAME)?;
        let people = wish.members.iter().chain(wish.owner.iter());
        if people.into_iter().any(|user| ids::user(user).is_none()) {
            return Err(ConnectorError::new(Kind::Invalid, "an account that is no user id"));
        }
        let me = auth::account(&api).await?;
        let made: RoomId = api.change(&requests::create_room(body(&wish, &me, &order.key))).await?;
        let room = NativeId(made.room_id);
        ids::room(&room).map_err(|_| errors::protocol("an answer without a room id", Asks::Change))?;
        Ok(create::memo(room.as_str()))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        if let Some(room) = create::remembered(order) {
            let seen = create::seen(rooms::get(cx, &room).await, &room)?;
            if seen.effect == Effect::Applied {
                return Ok(seen);
            }
        }
        let api = Api::new(cx)?;
        let me = auth::account(&api).await?;
        let server = ids::server_of(&me).unwrap_or_default();
        let alias = format!("#{}:{server}", local_alias(&order.key));
        match api.read::<RoomId>(&requests::room_of_alias(&alias)).await {
            Ok(found) => Ok(create::found(&found.room_id)),
            Err(error) if errors::is_not_found(&error) => Ok(ReadBack::is(false)),
            Err(error) => Err(error),
        }
    }
}

/// Who else than its maker owns the room is given the power with its first event; they have it once they join.
fn body(wish: &Wish<'_>, me: &str, key: &str) -> Value {
    let invited: Vec<&str> =
        wish.members.iter().copied().chain(wish.owner).filter(|user| *user != me).collect();
    let owners = [Some(me), wish.owner].into_iter().flatten();
    let users: Map<String, Value> = owners.map(|user| (user.to_owned(), json!(Power::OWNER))).collect();
    json!({
        "preset": "private_chat",
        "name": wish.name,
        "room_alias_name": local_alias(key),
        "room_version": ROOM_VERSION,
        "invite": invited,
        "power_level_content_override": { "users": users },
    })
}

fn local_alias(key: &str) -> String {
    format!("adjourn-{}", create::id_of_key(key, ALIAS))
}
