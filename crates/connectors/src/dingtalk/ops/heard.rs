//! What the platform tells by itself: that a group was dissolved.

use adjourn_connector_kit::{ConnectorError, Context, Events, Heard, Kind, Request, Told};
use adjourn_domain::ids::NativeId;

use crate::dingtalk::auth::Api;
use crate::dingtalk::wire::events::disbanded;

/// Reads the stream's frames.
pub(super) struct Stream;

impl Events for Stream {
    /// The stream is opened with a ticket that has to be asked for first, which one request can't do.
    fn stream(&self, cx: &Context<'_>) -> Result<Request, ConnectorError> {
        Api::new(cx)?;
        Err(ConnectorError::new(Kind::Unsupported, "the stream is opened with a ticket of the gateway"))
    }

    /// HTTP calls are encrypted and signed with keys of the app's subscription, which no setting holds yet.
    fn pushed(&self, cx: &Context<'_>, _: &Request) -> Result<Vec<Heard>, ConnectorError> {
        Api::new(cx)?;
        Err(ConnectorError::new(Kind::Unsupported, "subscribe to the stream instead of HTTP calls"))
    }

    fn frame(&self, cx: &Context<'_>, bytes: &[u8]) -> Result<Vec<Heard>, ConnectorError> {
        let api = Api::new(cx)?;
        let Some(event) = disbanded(bytes) else {
            // Pings and events of other kinds are no news; what is no JSON does not come from the platform.
            let json = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes);
            return json
                .map(|_| Vec::new())
                .map_err(|_| ConnectorError::new(Kind::Protocol, "a frame that is no JSON"));
        };
        Ok(vec![Heard {
            account: api.account().into(),
            at: event.at,
            group: Some(event.group.into()),
            what: Told::Dissolved,
            upstream: "chat_disband".to_owned(),
        }])
    }
}

/// Whether this identity was told that the group was dissolved.
pub(super) fn told(cx: &Context<'_>, group: &NativeId) -> bool {
    cx.heard.iter().any(|heard| heard.what == Told::Dissolved && heard.group.as_ref() == Some(group))
}
