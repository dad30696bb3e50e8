//! What managers of a group do: mute everybody, put a bot out; and the new owner, whom only a person makes.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use serde_json::Value;

use super::api::Api;
use super::read;
use crate::qq::auth;
use crate::qq::wire::ids;
use crate::qq::wire::replies::Role;
use crate::qq::wire::requests;

/// Mutes plain members, and takes that back.
pub(super) struct Freeze;

#[async_trait]
impl Verb for Freeze {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        unless_pinned_to_silence(cx)?;
        let group = ids::number(&order.group)?;
        api.manages(&order.group).await?;
        api.done(&requests::mute_everybody(group, !order.undo)).await?;
        Ok(Value::Null)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let group = Api::new(cx)?.group(&order.group).await?;
        let frozen = read::is_frozen(&group).ok_or_else(|| ConnectorError::unsupported(Op::Freeze))?;
        Ok(ReadBack::is(frozen != order.undo))
    }
}

/// What can't be read back is not begun.
fn unless_pinned_to_silence(cx: &Context<'_>) -> Result<(), ConnectorError> {
    match auth::pinned(cx) {
        Some(implementation) if !implementation.tells_frozen() => {
            Err(ConnectorError::unsupported(Op::Freeze))
        }
        _ => Ok(()),
    }
}

/// Puts a bot out of the group. People are never put out: they are no links.
pub(super) struct Unlink;

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let group = ids::number(&order.group)?;
        let link = NativeId::from(order.text("link")?);
        let account = ids::number(&link)?;
        let place = api.manages(&order.group).await?;
        if place.account == link {
            return Err(ConnectorError::new(Kind::Invalid, "the account that acts can't put itself out"));
        }
        let bots = auth::bots(cx);
        let members = api.members(&order.group).await?;
        let bot = members.iter().find(|member| member.user_id.as_str() == account);
        match bot {
            // Out already.
            None => return Ok(Value::Null),
            Some(bot) if bot.is_robot || bots.contains(account) => {}
            Some(_) => return Err(ConnectorError::new(Kind::Invalid, "the link is a person")),
        }
        api.done(&requests::kick(group, account)).await?;
        Ok(Value::Null)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let link = NativeId::from(order.text("link")?);
        let account = ids::number(&link)?;
        api.group(&order.group).await?;
        let members = api.members(&order.group).await?;
        Ok(ReadBack::is(members.iter().all(|member| member.user_id.as_str() != account)))
    }
}

/// A new owner. There is no call for it; a person does it in the app, and we read who owns the group.
pub(super) struct Transfer;

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Transfer))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let to = order.text("to")?;
        api.group(&order.group).await?;
        let members = api.members(&order.group).await?;
        let owns = members.iter().any(|member| member.user_id.as_str() == to && member.role == Role::Owner);
        Ok(ReadBack::is(owns))
    }
}
