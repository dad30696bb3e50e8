//! A person leaves in the app; a later list of the group's members, from another client, is without the account.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;

use super::read;
use super::verbs::{AGAIN_S, after};
use crate::leave;

/// The verb.
pub(super) struct Leave;

#[async_trait]
impl Verb for Leave {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Leave))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        if !after(order, read::view(cx, &order.group).await?.listed_at) {
            return Ok(ReadBack::later(AGAIN_S));
        }
        leave::read_back(read::get(cx, &order.group).await, order)
    }
}
