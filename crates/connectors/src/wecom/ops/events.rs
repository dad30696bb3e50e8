//! What the platform tells by itself: callbacks, each by its signature. Only changes of customer groups are of interest.

use adjourn_connector_kit::{ConnectorError, Context, Events, Frame, Heard, Kind, Request, Told};
use adjourn_domain::capability::Op;
use adjourn_domain::time::Time;
use async_trait::async_trait;

use super::super::auth;
use super::super::wire::callback::{self, Distrust, Envelope};

/// The reader.
pub(in crate::wecom) struct Callbacks;

#[async_trait]
impl Events for Callbacks {
    /// The platform only pushes.
    async fn stream(&self, _cx: &Context<'_>) -> Result<Request, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Verify))
    }

    fn pushed(&self, cx: &Context<'_>, request: &Request) -> Result<Vec<Heard>, ConnectorError> {
        let corpid = cx.setting(auth::CORPID)?;
        let opened = auth::receiver(cx)?.open(&Envelope::of(request));
        let document = opened.map_err(distrusted)?;
        let Some(change) = callback::chat_change(&document) else { return Ok(Vec::new()) };
        let heard = Heard {
            account: corpid.into(),
            at: Time::from_millis(change.at.saturating_mul(1000)),
            group: Some(change.chat.into()),
            what: if change.change == "dismiss" { Told::Dissolved } else { Told::Other },
            upstream: format!("change_external_chat.{}", change.change),
        };
        Ok(vec![heard])
    }

    /// The console asks so when an address is entered there.
    fn greeted(&self, cx: &Context<'_>, request: &Request) -> Result<Vec<u8>, ConnectorError> {
        let echo = auth::receiver(cx)?.echo(request);
        echo.map(String::into_bytes).map_err(distrusted)
    }

    fn frame(&self, _cx: &Context<'_>, _bytes: &[u8]) -> Result<Frame, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Verify))
    }
}

fn distrusted(why: Distrust) -> ConnectorError {
    match why {
        Distrust::Shape => ConnectorError::protocol("no callback of this platform"),
        Distrust::Signature | Distrust::Key | Distrust::Organisation => {
            ConnectorError::new(Kind::Forged, "a callback that does not prove where it comes from")
        }
    }
}
