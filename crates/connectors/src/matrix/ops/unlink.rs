//! Takes a widget, bridge, webhook or bot off a room.
//!
//! Widgets and bridges are pieces of state, which are set to nothing; bots and webhooks are accounts, which are put
//! out. In a room that anybody may join, an account can come back by itself: only the probes tell.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::wire::rooms::Sent;
use super::super::wire::state::{RoomState, WIDGETS};
use super::super::wire::{ids, requests};
use super::super::{auth, errors};
use super::api::Api;
use super::power::change;
use super::rooms::see;

/// The verb.
pub(crate) struct Unlink;

/// What hangs on the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'a> {
    /// Pieces of state under one key.
    State { kinds: &'a [&'a str], key: &'a str },
    /// A member.
    Account(&'a str),
}

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let mut kind = [""];
        let target = target(order.text("link")?, &mut kind)?;
        let state = match see(&api, room).await {
            Ok(seen) => seen.state,
            Err(error) if errors::is_not_found(&error) && is_own(&api, target).await? => {
                return Ok(Value::Null);
            }
            Err(error) => return Err(error),
        };
        match target {
            Target::State { kinds, key } => {
                let mut before = serde_json::Map::new();
                for kind in kinds {
                    let Some(content) = state.content(kind, key).filter(|content| is_set(content)) else {
                        continue;
                    };
                    change::<Sent>(&api, room, &requests::put_state(room, kind, key, json!({}))).await?;
                    before.insert((*kind).to_owned(), content.clone());
                }
                Ok(json!({ "before": before }))
            }
            Target::Account(user) if !state.is_joined(user) => Ok(Value::Null),
            Target::Account(user) if user == auth::account(&api).await? => {
                api.change::<Value>(&requests::leave(room)).await?;
                Ok(Value::Null)
            }
            Target::Account(user) => {
                change::<Value>(&api, room, &requests::kick(room, user)).await?;
                Ok(Value::Null)
            }
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let mut kind = [""];
        let target = target(order.text("link")?, &mut kind)?;
        match see(&api, room).await {
            Ok(seen) => Ok(ReadBack::is(!hangs(&seen.state, target))),
            // Nothing hangs on a room that does not exist.
            Err(error) if errors::is_not_found(&error) => Ok(ReadBack::is(true)),
            Err(error) => Err(error),
        }
    }
}

/// What a link's id names. `kind` holds the type of a bridge for as long as the target lives.
fn target<'a>(link: &'a str, kind: &'a mut [&'a str; 1]) -> Result<Target<'a>, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::NotFound, "not a link of this platform");
    let (prefix, rest) = link.split_once(':').ok_or_else(wrong)?;
    match prefix {
        "widget" => Ok(Target::State { kinds: &WIDGETS, key: rest }),
        "bridge" => {
            let (bridge, key) = rest.split_once(':').ok_or_else(wrong)?;
            *kind = [bridge];
            Ok(Target::State { kinds: kind, key })
        }
        "bot" | "webhook" => ids::user(rest).map(Target::Account).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn hangs(state: &RoomState, target: Target<'_>) -> bool {
    match target {
        Target::State { kinds, key } => kinds.iter().filter_map(|kind| state.content(kind, key)).any(is_set),
        Target::Account(user) => state.is_joined(user),
    }
}

fn is_set(content: &Value) -> bool {
    content.as_object().is_some_and(|content| !content.is_empty())
}

/// Whether the link is this identity's own account, which is unlinked last, when the room may be gone.
async fn is_own(api: &Api<'_>, target: Target<'_>) -> Result<bool, ConnectorError> {
    let Target::Account(user) = target else { return Ok(false) };
    Ok(user == auth::account(api).await?)
}
