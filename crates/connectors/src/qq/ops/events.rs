//! What the platform tells by itself: pushed with a signature, or as frames of a WebSocket.

use adjourn_connector_kit::{ConnectorError, Context, Events, Frame, Heard, Kind, Request};
use adjourn_domain::capability::Effect;
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;

use crate::qq::auth;
use crate::qq::wire::events::{self, SELF_ID, SIGNATURE};
use crate::qq::wire::frames::{self, Came};

/// Most bytes of an event.
const MAX_EVENT: usize = 1024 * 1024;

/// Reads events.
pub(super) struct Listen;

#[async_trait]
impl Events for Listen {
    async fn stream(&self, cx: &Context<'_>) -> Result<Request, ConnectorError> {
        let invalid = || ConnectorError::new(Kind::Url, "setting url");
        let mut url = auth::stream(cx)?;
        url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().push("event");
        let mut request = http::Request::get(url.as_str()).body(Bytes::new()).map_err(|_| invalid())?;
        request.headers_mut().insert(http::header::AUTHORIZATION, auth::bearer(cx)?);
        Ok(request)
    }

    fn pushed(&self, cx: &Context<'_>, request: &Request) -> Result<Vec<Heard>, ConnectorError> {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let secret = cx.secret(auth::EVENT_SECRET)?;
        events::verify_event(secret.expose().as_bytes(), header(SIGNATURE), request.body())?;
        let heard = read(request.body())?;
        if header(SELF_ID).is_some_and(|account| account != heard.account.as_str()) {
            return Err(ConnectorError::new(
                Kind::Forged,
                "an event for another account than its header says",
            ));
        }
        Ok(vec![heard])
    }

    /// No frame is answered: OneBot's events are sent once. A heartbeat is one that tells about no group.
    fn frame(&self, _cx: &Context<'_>, bytes: &[u8]) -> Result<Frame, ConnectorError> {
        match frames::came(bytes)? {
            Came::Event => Ok(vec![read(bytes)?].into()),
            Came::Reply { body, .. } => match body.get("retcode").and_then(Value::as_i64) {
                Some(1401 | 1403) => Err(ConnectorError::new(Kind::Auth, "the token is wrong or missing")),
                _ => Ok(Frame::default()),
            },
        }
    }
}

fn read(bytes: &[u8]) -> Result<Heard, ConnectorError> {
    if bytes.len() > MAX_EVENT {
        return Err(ConnectorError::protocol("an event without end").effect(Effect::NotApplied));
    }
    events::read(bytes)
}
