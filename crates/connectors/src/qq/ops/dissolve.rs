//! The end, and whether the group came back.
//!
//! On the official client (NTQQ) the owner's leave dissolves the group. The call is made only by an account that owns the
//! group, through an implementation that is known to do so, and its answer ends nothing: whether the group is gone is read
//! from another account, which has to have been told *and* to have lost the group from its uncached list.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;
use serde_json::json;

use super::api::Api;
use super::verify;
use crate::qq::auth;
use crate::qq::wire::ids;
use crate::qq::wire::requests::{self, OwnerLeave};

/// How long to wait before a read-back that could not tell is tried again.
const AGAIN_S: u64 = 60;

/// Ends the group for everyone.
pub(super) struct Dissolve;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        if auth::pinned(cx).is_some_and(|pinned| !pinned.owner_leave_dissolves()) {
            return Err(ConnectorError::unsupported(Op::Dissolve));
        }
        let api = Api::new(cx)?;
        let group = ids::number(&order.group)?;
        let (implementation, _) = api.implementation().await?;
        let place = api.place(&order.group).await?;
        let meant = OwnerLeave::meant(place.role, implementation.owner_leave_dissolves())?;
        api.done(&requests::leave(group, meant)).await?;
        Ok(json!({ "implementation": implementation.app_name() }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        Ok(there(cx, order).await?.map_or(ReadBack::later(AGAIN_S), |there| ReadBack::is(!there)))
    }
}

/// Brings the group back, where the rules that act say that the platform does. A person asks for it in the app.
pub(super) struct Restore;

#[async_trait]
impl Verb for Restore {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Restore))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        Ok(there(cx, order).await?.map_or(ReadBack::later(AGAIN_S), ReadBack::is))
    }
}

/// Whether the group is there, as far as this account can tell: it is while the account sees it; it is not when a witness
/// was told so and does not see it. An account without a connection sees what was.
async fn there(cx: &Context<'_>, order: &Order) -> Result<Option<bool>, ConnectorError> {
    let api = Api::new(cx)?;
    if !verify::online(&api).await? {
        return Ok(None);
    }
    match api.group(&order.group).await {
        Ok(_) => Ok(Some(true)),
        Err(error) if error.kind == Kind::NotFound => {
            let told = cx.witness && verify::told_of_the_end(cx, &order.group).is_some();
            Ok(told.then_some(false))
        }
        Err(error) => Err(error),
    }
}
