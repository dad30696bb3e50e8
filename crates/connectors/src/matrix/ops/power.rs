//! Getting into a room, and getting power in it.
//!
//! A server admin who is no member can be given the power of the strongest local user; they are then invited and
//! join, which members see. It is done only when the call itself was refused.

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::capability::Effect;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::auth;
use super::super::wire::requests::{self, Call};
use super::api::Api;

/// Makes a changing call in a room; when it is refused for want of membership or power, gets both and tries once more.
pub(crate) async fn change<T: DeserializeOwned>(
    api: &Api<'_>,
    room: &str,
    call: &Call,
) -> Result<T, ConnectorError> {
    match api.change(call).await {
        Err(refusal) if refusal.kind == Kind::Permission => {
            enter(api, room, refusal).await?;
            api.change(call).await
        }
        other => other,
    }
}

/// Joins a room, with the power of the strongest local user where the identity is a server admin. Where that is
/// refused as well, `refusal` says what was refused at first.
pub(crate) async fn enter(api: &Api<'_>, room: &str, refusal: ConnectorError) -> Result<(), ConnectorError> {
    if auth::is_admin(api).await? {
        let me = auth::account(api).await?;
        if let Err(error) = api.change::<Value>(&requests::make_room_admin(room, &me)).await {
            return Err(match error.kind {
                Kind::Invalid => ownerless(error),
                Kind::Permission | Kind::NotFound => refusal,
                _ => no_effect(error),
            });
        }
    }
    match api.change::<Value>(&requests::join(room)).await {
        Ok(_) => Ok(()),
        // The door is shut as well: the first refusal says it better.
        Err(error) if matches!(error.kind, Kind::Permission | Kind::NotFound | Kind::Invalid) => Err(refusal),
        Err(error) => Err(no_effect(error)),
    }
}

/// An ownerless room: there is no power that could be passed on.
pub(crate) fn ownerless(error: ConnectorError) -> ConnectorError {
    let says = "nobody on this server has power in the room, so none can be given";
    ConnectorError::new(Kind::Permission, says).upstream(error.upstream)
}

/// Entering a room is not the effect that was ordered: a failure leaves that one not applied.
fn no_effect(error: ConnectorError) -> ConnectorError {
    error.effect(Effect::NotApplied)
}
