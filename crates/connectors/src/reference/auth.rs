//! The settings and the secret of a connection, turned into what every request needs.

use adjourn_connector_kit::{ConnectorError, Context, Kind};
use adjourn_domain::ids::PlatformId;
use adjourn_world::Rules;
use http::HeaderValue;
use url::Url;

/// Name of the secret.
pub(super) const TOKEN: &str = "token";
/// Name of the setting with the API's address.
pub(super) const URL: &str = "url";
/// Name of the setting with the platform that is played.
pub(super) const PLATFORM: &str = "platform";
/// Name of the setting with that platform's rules.
pub(super) const RULES: &str = "rules";

/// Where the API is.
pub(super) fn base(cx: &Context<'_>) -> Result<Url, ConnectorError> {
    let url = Url::parse(cx.setting(URL)?).map_err(|_| ConnectorError::new(Kind::Url, "setting url"))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(ConnectorError::new(Kind::Url, "setting url"))
    }
}

/// The value of `Authorization`. It is marked, so that nothing prints it.
pub(super) fn bearer(cx: &Context<'_>) -> Result<HeaderValue, ConnectorError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", cx.secret(TOKEN)?.expose()))
        .map_err(|_| ConnectorError::new(Kind::Auth, "the token has characters that no header can hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The platform that is played: the connector's own when nothing is set.
pub(super) fn platform(cx: &Context<'_>) -> PlatformId {
    PlatformId(cx.settings.get(PLATFORM).cloned().unwrap_or_else(|| "reference".to_owned()))
}

/// The rules that are played: the reference platform's own when nothing is set.
pub(super) fn rules(cx: &Context<'_>) -> Result<Rules, ConnectorError> {
    match cx.settings.get(RULES) {
        Some(text) => {
            serde_json::from_str(text).map_err(|_| ConnectorError::new(Kind::Config, "setting rules"))
        }
        None => Ok(Rules::default()),
    }
}
