//! What the platform tells by itself: that a group was dissolved.

use adjourn_connector_kit::{ConnectorError, Context, Events, Frame, Heard, Kind, Request, Told};
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;

use crate::dingtalk::auth::Api;
use crate::dingtalk::wire::events::disbanded;
use crate::dingtalk::wire::stream::{self, Came};

/// Reads the stream's frames.
pub(super) struct Stream;

#[async_trait]
impl Events for Stream {
    /// The gateway is asked for a ticket first, which is good for one stream.
    async fn stream(&self, cx: &Context<'_>) -> Result<Request, ConnectorError> {
        stream::open(&Api::new(cx)?.gate().await?)
    }

    /// HTTP calls are encrypted and signed with keys of the app's subscription, which no setting holds yet.
    fn pushed(&self, cx: &Context<'_>, _: &Request) -> Result<Vec<Heard>, ConnectorError> {
        Api::new(cx)?;
        Err(ConnectorError::new(Kind::Unsupported, "subscribe to the stream instead of HTTP calls"))
    }

    fn frame(&self, cx: &Context<'_>, bytes: &[u8]) -> Result<Frame, ConnectorError> {
        Ok(match stream::read(bytes)? {
            Came::Ping(reply) => Frame { reply: Some(reply), ..Frame::default() },
            Came::Disconnect => Frame { ends: true, ..Frame::default() },
            Came::Other(reply) => Frame { reply, ..Frame::default() },
            Came::Event(reply) => Frame { heard: heard(cx, bytes)?, reply: Some(reply), ends: false },
        })
    }
}

/// What an event says. Those of other kinds say nothing.
fn heard(cx: &Context<'_>, bytes: &[u8]) -> Result<Vec<Heard>, ConnectorError> {
    let account = Api::new(cx)?.account();
    let heard = disbanded(bytes).map(|event| Heard {
        account: account.into(),
        at: event.at,
        group: Some(event.group.into()),
        what: Told::Dissolved,
        upstream: "chat_disband".to_owned(),
    });
    Ok(heard.into_iter().collect())
}

/// Whether this identity was told that the group was dissolved.
pub(super) fn told(cx: &Context<'_>, group: &NativeId) -> bool {
    cx.heard.iter().any(|heard| heard.what == Told::Dissolved && heard.group.as_ref() == Some(group))
}
