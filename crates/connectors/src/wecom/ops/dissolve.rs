//! The dissolve: no call does it. A person dissolves in the client or the admin console, and it is read back that the
//! group is no more.
//!
//! `wedrive/space_dismiss` ends a drive's space, not a chat, and is never called. Putting everybody out is no way either: a
//! group of an app keeps two members. A message to the group is not sent to find out, because that would change it.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;

use super::super::errors::{self, NOT_OURS};
use super::api::Api;
use super::groups;

/// The verb.
pub(in crate::wecom) struct Dissolve;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Dissolve))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let chat = groups::id(&order.group)?;
        match groups::see(&Api::open(cx).await?, chat).await {
            Ok(_) => Ok(ReadBack::is(false)),
            Err(error) if errors::is_gone(&error) => Ok(ReadBack::is(true)),
            // Another app's group is a group: it is not dissolved.
            Err(error) if errors::number(&error) == Some(NOT_OURS) => Ok(ReadBack::is(false)),
            Err(error) => Err(error),
        }
    }
}
