//! A person makes the group in the app and names its id; it is read back under the name that was asked for.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;

use super::read;
use crate::create;

/// The verb.
pub(super) struct Create;

#[async_trait]
impl Verb for Create {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Create))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let Some(group) = create::remembered(order) else { return Ok(ReadBack::is(false)) };
        create::named(read::get(cx, &group).await, &group, order)
    }
}
