//! Who the identity is, and whether it is a server admin. There is no sign-in: an access token is configured.

use adjourn_connector_kit::{ConnectorError, Context, IdentityInfo};

use super::descriptor::{effective, without_rooms};
use super::errors;
use super::ops::api::Api;
use super::wire::requests;
use super::wire::rooms::{JoinedRooms, ServerVersion, Versions, Whoami};

/// Who the identity is and what it may do.
pub(crate) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let api = Api::new(cx)?;
    // Answered without a token: tells a wrong URL from a wrong token.
    let versions: Versions = api.read(&requests::versions()).await?;
    let me: Whoami = api.read(&requests::whoami()).await?;
    let admin = is_admin(&api).await?;
    let server = match api.read::<ServerVersion>(&requests::server_version()).await {
        Ok(version) => Some(format!("Synapse {}", version.server_version)),
        Err(error) if errors::is_no_admin(&error) => versions.latest(),
        Err(error) => return Err(error),
    };
    let mut capabilities = effective(admin);
    if !admin && api.read::<JoinedRooms>(&requests::joined_rooms()).await?.joined_rooms.is_empty() {
        capabilities = without_rooms(capabilities);
    }
    Ok(IdentityInfo { account: me.user_id.into(), server, capabilities })
}

/// The account of the identity.
pub(crate) async fn account(api: &Api<'_>) -> Result<String, ConnectorError> {
    Ok(api.read::<Whoami>(&requests::whoami()).await?.user_id)
}

/// Whether the admin API answers to this identity. An answer that is neither yes nor no is an error, so that a
/// failing server never looks like missing rights.
pub(crate) async fn is_admin(api: &Api<'_>) -> Result<bool, ConnectorError> {
    match api.read::<serde_json::Value>(&requests::rooms(1, None, None)).await {
        Ok(_) => Ok(true),
        Err(error) if errors::is_no_admin(&error) => Ok(false),
        Err(error) => Err(error),
    }
}
