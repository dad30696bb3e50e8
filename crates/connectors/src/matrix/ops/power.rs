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
        Err(error) if error.kind == Kind::Permission => {
            match enter(api, room).await {
                Ok(()) => api.change(call).await,
                // The door is shut as well: the first refusal says it better.
                Err(shut) if matches!(shut.kind, Kind::Permission | Kind::NotFound | Kind::Invalid) => {
                    Err(error)
                }
                Err(other) => Err(other),
            }
        }
        other => other,
    }
}

/// Joins a room, with the power of the strongest local user where the identity is a server admin.
pub(crate) async fn enter(api: &Api<'_>, room: &str) -> Result<(), ConnectorError> {
    if auth::is_admin(api).await? {
        let me = auth::account(api).await?;
        api.change::<Value>(&requests::make_room_admin(room, &me)).await.map_err(no_effect)?;
    }
    api.change::<Value>(&requests::join(room)).await.map_err(no_effect)?;
    Ok(())
}

/// Entering a room is not the effect that was ordered: a failure leaves that one not applied.
fn no_effect(error: ConnectorError) -> ConnectorError {
    error.effect(Effect::NotApplied)
}
