//! Gives the group another owner, and reads the owner back.
//!
//! A group that the app made: `appchat/update`. A customer group: `onjob_transfer`, and `transfer` once the platform says that the
//! owner has resigned. The platform lets an owner's groups go 300 times a day, and a group twice in 90 days; what it
//! refuses, it refuses group by group.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::errors::{self, Asks, NOT_CUSTOMER, OWNER_RESIGNED};
use super::super::wire::replies::{Nothing, Transferred};
use super::super::wire::requests;
use super::api::Api;
use super::groups::{self, Chat, Seen};

/// The verb.
pub(in crate::wecom) struct Transfer;

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let chat = groups::id(&order.group)?;
        let to = order.text("to")?;
        if to.is_empty() || to.len() > 64 {
            return Err(ConnectorError::new(Kind::Invalid, "parameter to"));
        }
        let api = Api::open(cx).await?;
        if Chat::of(cx, chat) == Chat::App {
            return app(&api, chat, to).await;
        }
        match customer(&api, chat, to, false).await {
            Err(error) if errors::number(&error) == Some(OWNER_RESIGNED) => {
                customer(&api, chat, to, true).await
            }
            // The settings forgot one of the app's groups.
            Err(error) if errors::number(&error) == Some(NOT_CUSTOMER) => app(&api, chat, to).await,
            result => result,
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let to = order.text("to")?;
        let api = Api::open(cx).await?;
        let owner = match groups::see(&api, groups::id(&order.group)?).await? {
            Seen::App(info) => info.owner,
            Seen::Customer(info) => info.owner,
        };
        Ok(ReadBack::is(owner == to))
    }
}

async fn app(api: &Api<'_>, chat: &str, to: &str) -> Result<Memo, ConnectorError> {
    let Nothing {} = api.ask(&requests::app_owner(chat, to)).await?;
    Ok(Value::Null)
}

async fn customer(api: &Api<'_>, chat: &str, to: &str, resigned: bool) -> Result<Memo, ConnectorError> {
    let done: Transferred = api.ask(&requests::customer_owner(chat, to, resigned)).await?;
    match done.failed_chat_list.as_slice() {
        [] => Ok(json!({ "resigned": resigned })),
        [failed] if failed.chat_id == chat && failed.errcode != 0 => {
            Err(errors::of_code(failed.errcode, Asks::Change))
        }
        _ => Err(errors::protocol("a list of failures about other groups", Asks::Change)),
    }
}
