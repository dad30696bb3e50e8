//! The account leaves a group that it does not own. The answer proves nothing; another account reads the members.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::Value;

use super::api::Api;
use super::read;
use crate::leave;
use crate::qq::wire::ids;
use crate::qq::wire::requests::{self, PlainLeave};

/// The verb.
pub(super) struct Leave;

#[async_trait]
impl Verb for Leave {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let group = ids::number(&order.group)?;
        let account = order.text("account")?;
        let place = api.place(&order.group).await?;
        if place.account.as_str() != account {
            return Err(ConnectorError::new(Kind::Invalid, leave::OTHER));
        }
        api.done(&requests::go(group, PlainLeave::meant(place.role)?)).await?;
        Ok(Value::Null)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        leave::read_back(read::get(cx, &order.group).await, order)
    }
}
