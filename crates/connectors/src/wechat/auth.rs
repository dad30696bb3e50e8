//! The settings of a connection and the code of an identity, turned into what every request needs.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, Kind};
use http::HeaderValue;
use url::Url;

/// Name of the setting with the inbox's address. The installation's own inbox needs none.
pub(super) const URL: &str = "url";
/// Name of the setting with the accounts that are bots: the client does not tell them from people.
pub(super) const BOTS: &str = "bots";
/// Name of the setting with the number of hours for which an export says how things are.
pub(super) const FRESH: &str = "fresh_hours";
/// Name of the secret. The installation's own inbox knows its identities without one.
pub(super) const CODE: &str = "code";
/// The scope of who may read.
pub(super) const READ: &str = "read";
/// The scope of who is asked to act.
pub(super) const ACT: &str = "act";

/// The address of the installation's own inbox; no host of that name can exist.
const OWN: &str = "https://inbox.adjourn.invalid";
/// Hours for which an export says how things are.
const FRESH_HOURS: u64 = 24;

/// Where the inbox is.
pub(super) fn base(cx: &Context<'_>) -> Result<Url, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Url, "setting url");
    let text = cx.settings.get(URL).map_or(OWN, String::as_str);
    let url = Url::parse(text).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// The value of `Authorization`, if the identity has a code. It is marked, so that nothing prints it.
pub(super) fn bearer(cx: &Context<'_>) -> Result<Option<HeaderValue>, ConnectorError> {
    let Some(code) = cx.secrets.get(CODE) else { return Ok(None) };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", code.expose()))
        .map_err(|_| ConnectorError::new(Kind::Auth, "the code has characters that no header can hold"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// The accounts that are bots.
pub(super) fn bots(cx: &Context<'_>) -> BTreeSet<String> {
    let text = cx.settings.get(BOTS).map_or("", String::as_str);
    text.split(',').map(str::trim).filter(|account| !account.is_empty()).map(str::to_owned).collect()
}

/// Seconds for which an export says how things are.
pub(super) fn fresh_s(cx: &Context<'_>) -> Result<u64, ConnectorError> {
    let Some(text) = cx.settings.get(FRESH) else { return Ok(FRESH_HOURS * 3600) };
    let hours = text.trim().parse::<u64>().ok().filter(|hours| (1..=24 * 30).contains(hours));
    hours.map(|hours| hours * 3600).ok_or_else(|| ConnectorError::new(Kind::Config, "setting fresh_hours"))
}
