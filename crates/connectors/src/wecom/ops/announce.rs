//! The announcement in a group that the app made. In a customer group a person posts it.
//!
//! The platform gives no message id, takes no idempotency key, and shows no message to anybody: nothing can be read back
//! but that the group is there. "Accepted" therefore rests on the number 0 alone, and is not delivery: what is over a member's
//! limits is dropped without a word. So it is class U: never said twice, and in doubt a person looks.
//!
//! Of what a person posted an archive of messages that is handed in afterwards may hold the words. It has to hold nothing:
//! only members for whom it was bought are in it. Without it nobody can ever tell, and people's word is all.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Op;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::errors;
use super::super::wire::replies::Nothing;
use super::super::wire::requests::{self, MAX_TEXT};
use super::api::Api;
use super::export;
use super::groups::{self, Chat};

/// How long to wait before it is asked again whether anybody knows more.
const AGAIN_S: u64 = 3600;

/// The verb.
pub(in crate::wecom) struct Announce;

#[async_trait]
impl Verb for Announce {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let chat = groups::id(&order.group)?;
        if Chat::of(cx, chat) != Chat::App {
            return Err(ConnectorError::unsupported(Op::Announce));
        }
        let text = order.text("text")?;
        // What is over the limit would be cut off without a word.
        if text.len() > MAX_TEXT || text.trim().is_empty() {
            return Err(ConnectorError::new(Kind::Invalid, "the announcement is empty or too long"));
        }
        let api = Api::open(cx).await?;
        let Nothing {} = api.ask(&requests::app_send(chat, text)).await?;
        Ok(json!({ "accepted": Hash::of(text.as_bytes()).to_hex(), "delivered": "unknown" }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let chat = groups::id(&order.group)?;
        let accepted = order.memo.get("accepted").and_then(Value::as_str);
        let Some(accepted) = accepted else {
            let since = order.params.get("since").and_then(Value::as_str).and_then(Time::parse);
            return match export::holds(cx, chat, order.text("text")?, since).await {
                Ok(Some(message)) => {
                    Ok(ReadBack { memo: json!({ "message": message }), ..ReadBack::is(true) })
                }
                // An archive that says nothing, says nothing in any way.
                Ok(None) | Err(_) => Ok(ReadBack::unknowable()),
            };
        };
        if accepted != Hash::of(order.text("text")?.as_bytes()).to_hex() {
            return Ok(ReadBack::is(false));
        }
        match groups::app(&Api::open(cx).await?, chat).await {
            Ok(_) => Ok(ReadBack::is(true)),
            // A group that has ended since says nothing about what was posted in it.
            Err(error) if errors::is_gone(&error) => Ok(ReadBack::later(AGAIN_S)),
            Err(error) => Err(error),
        }
    }
}
