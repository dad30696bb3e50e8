//! What a person does in the app, and how we read that it was done. No verb makes a call: there is nothing to call.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::files::{self, Reading};
use super::{read, verify};
use crate::copy;
use crate::wechat::wire;

/// Seconds until it is worth looking whether somebody has handed something in.
pub(super) const AGAIN_S: u64 = 900;
/// The client's type of a share, and its subtype of a notice to the group.
const NOTICE: (i64, i64) = (49, 87);

/// When the step began; what is older can't be its effect. Rows count whole seconds.
fn since(order: &Order) -> Option<Time> {
    let time = order.params.get("since").and_then(Value::as_str).and_then(Time::parse)?;
    Some(Time::from_millis(time.as_millis().div_euclid(1000) * 1000))
}

pub(super) fn after(order: &Order, at: Option<Time>) -> bool {
    at.is_some_and(|at| since(order).is_none_or(|since| at >= since))
}

/// The witnesses' newest exports of the group that were handed in since the step began.
async fn testimony(cx: &Context<'_>, order: &Order) -> Result<Vec<wire::Upload>, ConnectorError> {
    let uploads = files::uploads(cx, &order.group).await?;
    let newest = verify::newest_of_each(&uploads).into_iter();
    let ours = newest.filter(|upload| upload.witness && after(order, Some(upload.received_at)));
    Ok(ours.cloned().collect())
}

fn refuse(op: Op) -> Result<Memo, ConnectorError> {
    Err(ConnectorError::unsupported(op))
}

/// The owner posts the notice; a witness's export holds its words.
pub(super) struct Announce;

#[async_trait]
impl Verb for Announce {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        refuse(Op::Announce)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let wanted = order.text("text")?;
        let owner = read::view(cx, &order.group).await?.owner;
        let exports = testimony(cx, order).await?;
        let nobody = exports.is_empty();
        for upload in exports {
            let mut texts = Vec::new();
            let take = |row: &adjourn_formats::Row| {
                let notice = row.code == Some(NOTICE);
                // Tools leave a notice's words out; the client says them again as a message of the owner.
                let said =
                    row.record.kind == RecordKind::Message && owner.as_ref() == Some(&row.record.sender.0);
                if (notice || said) && after(order, Some(row.record.at)) {
                    let words = row.record.text.as_deref().unwrap_or_default();
                    texts.push((row.record.id.clone(), words.to_owned()));
                    // The client puts a line before it that calls everybody.
                    let below = words.split_once('\n').map(|(_, below)| below.to_owned());
                    // A notice's own row keeps its words in an element.
                    let inside = words.split_once("<textannouncement>");
                    let inside = inside.and_then(|(_, rest)| rest.split_once("</textannouncement>"));
                    texts.extend(inside.map(|(words, _)| (row.record.id.clone(), words.to_owned())));
                    texts.extend(below.map(|below| (row.record.id.clone(), below)));
                }
            };
            Reading::start(&upload)?.each(cx, &order.group, take).await?;
            if let Some((id, found)) = copy::best(wanted, texts.into_iter()) {
                let memo = copy::noted(&found, json!({ "message": id }));
                return Ok(ReadBack { memo, ..ReadBack::is(found.holds()) });
            }
        }
        Ok(if nobody { ReadBack::later(AGAIN_S) } else { ReadBack::is(false) })
    }
}

/// A bot is taken out, or something is closed; a later list of the group's members, or the register, is without it.
pub(super) struct Unlink;

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        refuse(Op::Unlink)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let link = order.text("link")?;
        let view = read::view(cx, &order.group).await?;
        if !after(order, view.listed_at) {
            return Ok(ReadBack::later(AGAIN_S));
        }
        Ok(ReadBack::is(read::links(cx, &view).iter().all(|found| found.id.as_str() != link)))
    }
}

/// The owner makes another member the owner; a later list of chatrooms says so.
pub(super) struct Transfer;

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        refuse(Op::Transfer)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let to = order.text("to")?;
        let view = read::view(cx, &order.group).await?;
        if !after(order, view.listed_at) {
            return Ok(ReadBack::later(AGAIN_S));
        }
        Ok(ReadBack::is(view.owner.as_deref() == Some(to)))
    }
}

/// The owner ends the group; a witness's export holds the client's row about it, dated after the step began.
pub(super) struct Dissolve;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, _: &Context<'_>, _: &Order) -> Result<Memo, ConnectorError> {
        refuse(Op::Dissolve)
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let exports = testimony(cx, order).await?;
        let nobody = exports.is_empty();
        for upload in exports {
            let end = verify::end(cx, &order.group, &upload, None).await?;
            if after(order, end.at) && end.later == 0 {
                return Ok(ReadBack { memo: json!({ "export": upload.id }), ..ReadBack::is(true) });
            }
        }
        Ok(if nobody { ReadBack::later(AGAIN_S) } else { ReadBack::is(false) })
    }
}
