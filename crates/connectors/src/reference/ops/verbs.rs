//! Verbs: what changes something. Each is done once and read back as often as needed.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};

use super::{call, native, possible, read};
use crate::copy;
use crate::reference::descriptor::MAX_ANNOUNCEMENT;
use crate::reference::{errors, wire};

/// How long to wait before a read-back that could not tell is tried again.
const AGAIN_S: u64 = 60;

/// A call whose success is `{"ok":true}`.
async fn plain(
    cx: &Context<'_>,
    method: Method,
    path: &[&str],
    body: Option<&Value>,
) -> Result<Memo, ConnectorError> {
    let done: wire::Done = wire::read(&call(cx, wire::request(cx, method, path, &[], body)?).await?)?;
    if done.ok { Ok(Value::Null) } else { Err(ConnectorError::protocol("a success that says no")) }
}

/// Posts the announcement under the order's key, so that the platform posts it once.
pub(super) struct Announce;

#[async_trait]
impl Verb for Announce {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Announce)?;
        let text = order.text("text")?;
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return Err(ConnectorError::new(Kind::Invalid, "the announcement is too long"));
        }
        let path = ["groups", order.group.as_str(), "announcements"];
        let mut request = wire::request(cx, Method::POST, &path, &[], Some(&json!({ "text": text })))?;
        let key = http::HeaderValue::from_str(&order.key)
            .map_err(|_| ConnectorError::new(Kind::Invalid, "a key that no header can hold"))?;
        request.headers_mut().insert(wire::KEY, key);
        let made: wire::Made = wire::read(&call(cx, request).await?)?;
        Ok(json!({ "message": made.id }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Announce)?;
        let path = ["groups", order.group.as_str(), "announcements"];
        let query = [("key", order.key.as_str())];
        let reply = call(cx, wire::request(cx, Method::GET, &path, &query, None)?).await?;
        if reply.status() == http::StatusCode::NOT_FOUND
            && errors::refusal(&reply).as_deref() == Some("unknown_message")
        {
            return Ok(ReadBack::is(false));
        }
        let message: wire::MessageView = wire::read(&reply)?;
        // A post with other words is not the announcement.
        let text = message.text.as_deref().unwrap_or_default();
        Ok(copy::read_back(order.text("text")?, text, json!({ "message": message.id })))
    }
}

/// Makes the group read-only for plain members, and takes that back.
pub(super) struct Freeze;

#[async_trait]
impl Verb for Freeze {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Freeze)?;
        let path = ["groups", order.group.as_str(), "frozen"];
        plain(cx, Method::PUT, &path, Some(&json!({ "frozen": !order.undo }))).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Freeze)?;
        Ok(ReadBack::is(read::view(cx, &order.group).await?.frozen != order.undo))
    }
}

/// Takes one link off.
pub(super) struct Unlink;

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Unlink)?;
        let path = ["groups", order.group.as_str(), "links", order.text("link")?];
        match plain(cx, Method::DELETE, &path, None).await {
            // The platform took it off by itself, as it does with some links at the end.
            Err(error) if error.upstream.ends_with(" unknown_link") => Ok(Value::Null),
            done => done,
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Unlink)?;
        let link = order.text("link")?;
        match read::view(cx, &order.group).await {
            Ok(view) => Ok(ReadBack::is(view.links.iter().all(|found| found.id != link))),
            // After the end (the connection's own bot goes last) what is kept tells.
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Permission) => {
                let kept = kept(cx, order).await?;
                Ok(ReadBack::is(kept.links.iter().all(|found| found.id != link)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The work handover: a person has it approved, we read that.
pub(super) struct Handover;

#[async_trait]
impl Verb for Handover {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Handover))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Handover)?;
        Ok(ReadBack::is(read::view(cx, &order.group).await?.handover))
    }
}

/// Gives the group another owner. The old one stays as a plain member.
pub(super) struct Transfer;

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Transfer)?;
        let body = json!({ "to": order.text("to")? });
        plain(cx, Method::POST, &["groups", order.group.as_str(), "owner"], Some(&body)).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Transfer)?;
        let to = order.text("to")?;
        let view = read::view(cx, &order.group).await?;
        let owns = |member: &wire::MemberView| member.account == to && member.standing == Standing::Owner;
        Ok(ReadBack::is(view.members.iter().any(owns)))
    }
}

/// Ends the group for everyone.
pub(super) struct Dissolve;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Dissolve)?;
        plain(cx, Method::POST, &["groups", order.group.as_str(), "dissolve"], Some(&json!({}))).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Dissolve)?;
        exists(cx, order)
            .await
            .map(|found| found.map_or(ReadBack::later(AGAIN_S), |here| ReadBack::is(!here)))
    }
}

/// Brings the group back within the recovery window.
pub(super) struct Restore;

#[async_trait]
impl Verb for Restore {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Restore)?;
        plain(cx, Method::POST, &["groups", order.group.as_str(), "restore"], Some(&json!({}))).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Restore)?;
        exists(cx, order).await.map(|found| found.map_or(ReadBack::later(AGAIN_S), ReadBack::is))
    }
}

/// Removes the history that the platform keeps of an ended group.
pub(super) struct Purge;

#[async_trait]
impl Verb for Purge {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Purge)?;
        plain(cx, Method::DELETE, &["groups", order.group.as_str(), "kept", "history"], None).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Purge)?;
        Ok(ReadBack::is(!kept(cx, order).await?.history))
    }
}

/// Removes the files that the platform keeps of an ended group.
pub(super) struct RemoveMedia;

#[async_trait]
impl Verb for RemoveMedia {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::RemoveMedia)?;
        plain(cx, Method::DELETE, &["groups", order.group.as_str(), "kept", "files"], None).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::RemoveMedia)?;
        Ok(ReadBack::is(kept(cx, order).await?.files == 0))
    }
}

async fn kept(cx: &Context<'_>, order: &Order) -> Result<wire::Kept, ConnectorError> {
    let path = ["groups", order.group.as_str(), "kept"];
    wire::read(&call(cx, wire::request(cx, Method::GET, &path, &[], None)?).await?)
}

/// Whether the group exists, as far as this identity can tell: whoever left it can't.
async fn exists(cx: &Context<'_>, order: &Order) -> Result<Option<bool>, ConnectorError> {
    match read::view(cx, &order.group).await {
        Ok(_) => Ok(Some(true)),
        Err(error) if error.upstream == "410 dissolved" => Ok(Some(false)),
        Err(error) if error.upstream == "403 not_in" => Ok(None),
        Err(error) => Err(error),
    }
}
