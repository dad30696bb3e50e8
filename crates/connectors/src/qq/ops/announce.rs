//! The announcement: a notice of the group, or a message where there is no such call; read back as people see it.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::announcement::{Copy, compare};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::api::{Api, Place};
use crate::copy;
use crate::qq::auth::{self, Route};
use crate::qq::descriptor::MAX_ANNOUNCEMENT;
use crate::qq::errors;
use crate::qq::wire::ids;
use crate::qq::wire::messages::Message;
use crate::qq::wire::replies::{History, Notice, Sent};
use crate::qq::wire::requests;

/// Field of the memo: the message, where it was posted as one.
const MESSAGE: &str = "message";

/// Posts the announcement.
pub(super) struct Announce;

#[async_trait]
impl Verb for Announce {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let text = order.text("text")?;
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return Err(ConnectorError::new(Kind::Invalid, "the announcement is too long"));
        }
        let group = ids::number(&order.group)?;
        let route = auth::route(cx)?;
        api.manages(&order.group).await?;
        if route == Route::Notice {
            match api.done(&requests::send_notice(group, text)).await {
                // Surely not posted: there is no such call.
                Err(error) if errors::is_no_action(&error) => {}
                done => return done.map(|()| Value::Null),
            }
        }
        let sent: Sent = api.ask(&requests::send_message(group, text)).await?;
        Ok(json!({ MESSAGE: sent.message_id.as_str() }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let text = order.text("text")?;
        let group = ids::number(&order.group)?;
        let place = api.place(&order.group).await?;
        let mut as_message = auth::route(cx)? == Route::Message || order.memo.get(MESSAGE).is_some();
        let on_board = match noticed(&api, group, &place, text).await {
            Ok(Some(found)) if found.holds() => return Ok(told(Some(&found))),
            Ok(found) => found,
            Err(error) if errors::is_no_action(&error) => {
                as_message = true;
                None
            }
            Err(error) => return Err(error),
        };
        if !as_message {
            return Ok(told(on_board.as_ref()));
        }
        Ok(told(said(&api, group, &place, order, text).await?.or(on_board).as_ref()))
    }
}

/// What was found, with what the platform made of it.
fn told(found: Option<&Copy>) -> ReadBack {
    let memo = found.map_or(Value::Null, |found| copy::noted(found, Value::Null));
    ReadBack { memo, ..ReadBack::is(found.is_some_and(Copy::holds)) }
}

/// The account's notice with these words on the group's board.
async fn noticed(
    api: &Api<'_>,
    group: &str,
    place: &Place,
    text: &str,
) -> Result<Option<Copy>, ConnectorError> {
    let notices: Vec<Notice> = api.ask(&requests::notices(group)).await?;
    let own = notices.into_iter().filter(|notice| notice.sender_id.as_str() == place.account.as_str());
    Ok(copy::best(text, own.map(|notice| ((), notice.message.text))).map(|((), found)| found))
}

/// The account's message with these words: the one that was noted, or one of the newest.
async fn said(
    api: &Api<'_>,
    group: &str,
    place: &Place,
    order: &Order,
    text: &str,
) -> Result<Option<Copy>, ConnectorError> {
    let own = |message: &Message| {
        let own = message.sender().is_some_and(|sender| sender.as_str() == place.account.as_str());
        own.then(|| message.text()).flatten()
    };
    if let Some(id) = order.memo.get(MESSAGE).and_then(Value::as_str) {
        let raw: Value = api.ask(&requests::message(id)).await?;
        let said = Message::read(raw).and_then(|message| own(&message));
        return Ok(said.map(|said| compare(text, &said)));
    }
    let paging = api.implementation().await?.0.paging();
    let newest: History = match api.ask(&requests::history(paging, group, None)).await {
        Err(error) if errors::is_no_message(&error) => return Ok(None),
        newest => newest?,
    };
    let said = newest.messages.into_iter().filter_map(Message::read).filter_map(|message| own(&message));
    Ok(copy::best(text, said.map(|said| ((), said))).map(|((), found)| found))
}
