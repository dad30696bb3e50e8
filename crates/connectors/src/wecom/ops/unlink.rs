//! Group robots. No call lists or removes them: the connection names them, a person takes them off, and that the address
//! no longer works proves it.
//!
//! The address is tried with an empty message. No robot posts one, so the try changes nothing, and a robot that lives
//! answers with another number than one that is gone.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;

use super::super::auth::{self, Robot};
use super::super::errors::{self, Asks, EMPTY_MESSAGE, ROBOT_GONE};
use super::super::wire::requests;
use super::api::Api;
use super::groups;

/// The verb.
pub(in crate::wecom) struct Unlink;

/// The id of a robot as a link.
pub(in crate::wecom) fn link_id(robot: &Robot) -> String {
    format!("robot:{}", robot.name)
}

/// Whether a robot's address still works.
pub(in crate::wecom) async fn is_there(cx: &Context<'_>, robot: &Robot) -> Result<bool, ConnectorError> {
    match Api::number(cx, &requests::robot(&robot.key)).await? {
        code if ROBOT_GONE.contains(&code) => Ok(false),
        EMPTY_MESSAGE => Ok(true),
        // A robot that was stopped can be started again.
        code if errors::of_code(code, Asks::Read).kind == Kind::Permission => Ok(true),
        code => Err(errors::of_code(code, Asks::Read)),
    }
}

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Unlink))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let link = order.text("link")?;
        let robots = auth::robots(cx, groups::id(&order.group)?)?;
        let Some(robot) = robots.iter().find(|robot| link_id(robot) == link) else {
            return Err(ConnectorError::new(Kind::NotFound, "the connection does not name this robot"));
        };
        Ok(ReadBack::is(!is_there(cx, robot).await?))
    }
}
