//! A person leaves in the app; the list of members is read afterwards.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;

use super::read;
use crate::leave;

/// The verb.
pub(super) struct Leave;

#[async_trait]
impl Verb for Leave {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Leave))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        leave::read_back(read::get(cx, &order.group).await, order)
    }
}
