//! A new group, made once under the order's key and found again by it.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::{Effect, Op, Support};
use async_trait::async_trait;
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::{call, native, possible, read};
use crate::create::{self, Wish};
use crate::reference::descriptor::{self, MAX_NAME};
use crate::reference::{auth, errors, wire};

/// The verb.
pub(super) struct Create;

#[async_trait]
impl Verb for Create {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Create)?;
        let wish = Wish::of(order, MAX_NAME)?;
        let mut body = json!({ "name": wish.name, "members": wish.members });
        if let Some(fields) = body.as_object_mut() {
            fields.extend(wish.owner.map(|owner| ("owner".to_owned(), Value::from(owner))));
            fields.extend(order.params.get("kind").map(|kind| ("kind".to_owned(), kind.clone())));
        }
        let mut request = wire::request(cx, Method::POST, &["groups"], &[], Some(&body))?;
        let key = HeaderValue::from_str(&order.key)
            .map_err(|_| ConnectorError::new(Kind::Invalid, "a key that no header can hold"))?;
        request.headers_mut().insert(wire::KEY, key);
        let made: wire::Made = wire::read(&call(cx, request).await?)?;
        wire::name(&made.id)?;
        Ok(create::memo(&made.id))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Create)?;
        let known = create::remembered(order);
        if descriptor::support(&auth::rules(cx)?, Op::Create) == Support::Assisted {
            let Some(group) = known else { return Ok(ReadBack::is(false)) };
            return create::named(read::get(cx, &group).await, &group, order);
        }
        if let Some(group) = known {
            let seen = create::seen(read::get(cx, &group).await, &group)?;
            if seen.effect == Effect::Applied {
                return Ok(seen);
            }
        }
        by_key(cx, &order.key).await
    }
}

/// Whether something was made under the key, whatever became of the reply.
async fn by_key(cx: &Context<'_>, key: &str) -> Result<ReadBack, ConnectorError> {
    let reply = call(cx, wire::request(cx, Method::GET, &["creations", key], &[], None)?).await?;
    if reply.status() == StatusCode::NOT_FOUND
        && errors::refusal(&reply).as_deref() == Some("unknown_creation")
    {
        return Ok(ReadBack::is(false));
    }
    let made: wire::Made = wire::read(&reply)?;
    wire::name(&made.id)?;
    Ok(create::found(&made.id))
}
