//! The account that acts leaves; the group goes on without it.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};

use super::{call, native, possible, read};
use crate::leave::{self, OWNER};
use crate::reference::wire;

/// The verb.
pub(super) struct Leave;

#[async_trait]
impl Verb for Leave {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        native(cx, Op::Leave)?;
        let account = order.text("account")?;
        let me = read::whoami(cx).await?.account;
        if me.as_str() != account {
            return Err(ConnectorError::new(Kind::Invalid, leave::OTHER));
        }
        let members = read::view(cx, &order.group).await?.members;
        let own = members.iter().find(|member| member.account == account);
        // Somebody else would become the owner, unasked.
        if own.is_some_and(|member| member.standing == Standing::Owner) {
            return Err(ConnectorError::new(Kind::Conflict, OWNER));
        }
        let path = ["groups", order.group.as_str(), "leave"];
        let request = wire::request(cx, Method::POST, &path, &[], Some(&json!({})))?;
        let done: wire::Done = wire::read(&call(cx, request).await?)?;
        if done.ok { Ok(Value::Null) } else { Err(ConnectorError::protocol("a success that says no")) }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        possible(cx, Op::Leave)?;
        leave::read_back(read::get(cx, &order.group).await, order)
    }
}
