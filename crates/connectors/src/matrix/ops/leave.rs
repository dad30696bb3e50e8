//! The identity leaves a room. Nobody takes its place: a room that loses its last owner has none.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::Value;

use super::super::auth;
use super::super::wire::{ids, requests};
use super::api::Api;
use super::{empty, rooms};
use crate::leave;

/// The verb.
pub(crate) struct Leave;

#[async_trait]
impl Verb for Leave {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let account = order.text("account")?;
        if auth::account(&api).await? != account {
            return Err(ConnectorError::new(Kind::Invalid, leave::OTHER));
        }
        // A former member is told the room as it was: there is nothing left to do.
        if !empty::state(&api, room).await?.is_joined(account) {
            return Ok(Value::Null);
        }
        api.change::<Value>(&requests::leave(room)).await?;
        Ok(Value::Null)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        leave::read_back(rooms::get(cx, &order.group).await, order)
    }
}
