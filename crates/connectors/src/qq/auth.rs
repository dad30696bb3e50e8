//! Settings and secrets of a connection, turned into what every request needs.
//!
//! Each identity is an account of its own, and most often an implementation of its own at an address of its own: the
//! setting `IDENTITY_url` (`witness_url` for the identity `witness`) then goes before the connection's `url`.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, Kind};
use http::HeaderValue;
use url::Url;

use super::wire::implementation::Implementation;

/// Name of the setting with the address of the implementation.
pub(super) const URL: &str = "url";
/// Name of the secret with the access token.
pub(super) const TOKEN: &str = "token";
/// Name of the setting with the address of the identity `witness`; other identities have theirs.
pub(super) const WITNESS_URL: &str = "witness_url";
/// Name of the setting with the host that files come from, for the transport's list of hosts.
pub(super) const MEDIA_URL: &str = "media_url";
/// Name of the setting with the address of the WebSocket that tells events, where it is another one; an identity can have
/// its own, as with [`URL`].
pub(super) const EVENTS_URL: &str = "events_url";
/// Name of the secret that signs pushed events.
pub(super) const EVENT_SECRET: &str = "event_secret";
/// Name of the setting with accounts that are bots.
pub(super) const BOTS: &str = "bots";
/// Name of the setting that pins the implementation.
pub(super) const IMPLEMENTATION: &str = "implementation";
/// Name of the setting that says how an announcement is posted.
pub(super) const ANNOUNCE: &str = "announce";
/// Name of the setting with the platform's recovery window, for drills.
pub(super) const RECOVERY: &str = "recovery_seconds";

/// How an announcement is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// As a notice of the group, and as a message where the implementation has no such call.
    Notice,
    /// As a message.
    Message,
}

/// Where the implementation answers.
pub(super) fn base(cx: &Context<'_>) -> Result<Url, ConnectorError> {
    let set = cx.setting(URL)?;
    let text = cx.settings.get(&format!("{}_url", cx.identity)).map_or(set, String::as_str);
    let url = Url::parse(text).map_err(|_| ConnectorError::new(Kind::Url, "setting url"))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(ConnectorError::new(Kind::Url, "setting url"))
    }
}

/// Where it opens its stream of events. Some implementations have a port for calls and another one for that.
pub(super) fn stream(cx: &Context<'_>) -> Result<Url, ConnectorError> {
    let own = cx.settings.get(&format!("{}_{EVENTS_URL}", cx.identity));
    let Some(text) = own.or_else(|| cx.settings.get(EVENTS_URL)) else { return base(cx) };
    let wrong = || ConnectorError::new(Kind::Url, "setting events_url");
    // A WebSocket's address is often written with a scheme of its own.
    let http =
        ["ws://", "wss://"].iter().any(|ws| text.starts_with(ws)).then(|| text.replacen("ws", "http", 1));
    let url = Url::parse(http.as_deref().unwrap_or(text)).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// The value of `Authorization`. It is marked, so that nothing prints it.
pub(super) fn bearer(cx: &Context<'_>) -> Result<HeaderValue, ConnectorError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", cx.secret(TOKEN)?.expose()))
        .map_err(|_| ConnectorError::new(Kind::Auth, "the token has characters that no header can hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The implementation that the connection is pinned to, if it is.
pub(super) fn pinned(cx: &Context<'_>) -> Option<Implementation> {
    cx.settings.get(IMPLEMENTATION).map(|name| Implementation::of(name))
}

/// Accounts that are bots, whatever the platform says.
pub(super) fn bots(cx: &Context<'_>) -> BTreeSet<String> {
    let listed = cx.settings.get(BOTS).map(String::as_str).unwrap_or_default();
    listed.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// How an announcement is posted.
pub(super) fn route(cx: &Context<'_>) -> Result<Route, ConnectorError> {
    match cx.settings.get(ANNOUNCE).map(String::as_str) {
        None | Some("notice") => Ok(Route::Notice),
        Some("message") => Ok(Route::Message),
        Some(_) => Err(ConnectorError::new(Kind::Config, "setting announce")),
    }
}

/// For how many seconds the platform brings a group back: never, unless a drill says otherwise.
pub(super) fn recovery(cx: &Context<'_>) -> Result<u64, ConnectorError> {
    cx.settings
        .get(RECOVERY)
        .map_or(Ok(0), |text| text.parse())
        .map_err(|_| ConnectorError::new(Kind::Config, "setting recovery_seconds"))
}
