//! Sessions: a WebSocket over the HTTP client's own connection, so that certificates, hosts and limits are the same.
//!
//! Limits: the handshake, each frame, each send, and how long nothing may be heard. No extension is offered, so that no
//! small frame becomes a large one.

use std::time::Duration;

use adjourn_connector_kit::transport::{Body, Cause, Opening, Reply, Request, Session, TransportError};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{StatusCode, header};
use reqwest::Upgraded;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message, Utf8Bytes};

/// Largest frame, in bytes.
pub const MAX_FRAME: usize = 1024 * 1024;
/// Largest answer in place of a session, in bytes.
const MAX_REFUSAL: usize = 64 * 1024;
/// Silence after which we ask whether somebody is there.
const QUIET: Duration = Duration::from_secs(30);
/// Such silences in a row after which nobody is.
const MAX_QUIET: u32 = 3;
/// Longest time for which the other side may not take what we send.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that are read at once.
const READ_AT_ONCE: usize = 16 * 1024;

/// Opens a session. `client` speaks HTTP/1.1, which is what can be turned into a WebSocket.
pub(crate) async fn open(client: &reqwest::Client, request: Request) -> Result<Opening, TransportError> {
    let (parts, _) = request.into_parts();
    let key = generate_key();
    let sent = client
        .get(parts.uri.to_string())
        .headers(parts.headers)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .send()
        .await
        .map_err(|error| crate::http::classify(&error))?;
    if sent.status() != StatusCode::SWITCHING_PROTOCOLS {
        return refusal(sent).await.map(Opening::Refused);
    }
    let accepted = sent.headers().get(header::SEC_WEBSOCKET_ACCEPT);
    if accepted.is_none_or(|proof| proof.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err(garbled("the handshake is not that of a WebSocket"));
    }
    let stream = sent.upgrade().await.map_err(|error| crate::http::classify(&error))?;
    let limits = WebSocketConfig::default()
        .read_buffer_size(READ_AT_ONCE)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * MAX_FRAME)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    let inner = WebSocketStream::from_raw_socket(stream, Role::Client, Some(limits)).await;
    Ok(Opening::Open(Box::new(Socket { inner, quiet: 0 })))
}

/// The answer in place of a session, as far as it is of interest.
async fn refusal(mut sent: reqwest::Response) -> Result<Reply, TransportError> {
    let mut body = BytesMut::new();
    // The status says enough; a body that breaks or goes on and on is left where it is.
    while let Ok(Some(chunk)) = sent.chunk().await {
        if body.len() + chunk.len() > MAX_REFUSAL {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    let mut reply = Reply::new(body.freeze());
    *reply.status_mut() = sent.status();
    reply.headers_mut().clone_from(sent.headers());
    Ok(reply)
}

/// An open WebSocket.
struct Socket {
    inner: WebSocketStream<Upgraded>,
    quiet: u32,
}

impl Socket {
    async fn out(&mut self, message: Message) -> Result<(), TransportError> {
        match tokio::time::timeout(PATIENCE, self.inner.send(message)).await {
            Ok(sent) => sent.map_err(|error| over(&error)),
            Err(_) => Err(lost("what is sent is not taken")),
        }
    }
}

#[async_trait]
impl Session for Socket {
    async fn next(&mut self) -> Result<Option<Body>, TransportError> {
        loop {
            let Ok(came) = tokio::time::timeout(QUIET, self.inner.next()).await else {
                self.quiet += 1;
                if self.quiet >= MAX_QUIET {
                    return Err(lost("nothing was heard any more"));
                }
                self.out(Message::Ping(Bytes::new())).await?;
                continue;
            };
            self.quiet = 0;
            match came {
                Some(Ok(Message::Text(text))) => return Ok(Some(Bytes::from(text))),
                Some(Ok(Message::Binary(bytes))) => return Ok(Some(bytes)),
                Some(Ok(Message::Close(_)) | Err(WsError::ConnectionClosed | WsError::AlreadyClosed))
                | None => {
                    return Ok(None);
                }
                // Pings are answered by the protocol itself, with the next read.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(over(&error)),
            }
        }
    }

    async fn send(&mut self, frame: Body) -> Result<(), TransportError> {
        let message = Utf8Bytes::try_from(frame.clone()).map_or(Message::Binary(frame), Message::Text);
        self.out(message).await
    }

    async fn close(&mut self) {
        // Whoever is gone already needs no goodbye.
        let _ = tokio::time::timeout(PATIENCE, self.inner.close(None)).await;
    }
}

/// Why a session is over.
fn over(error: &WsError) -> TransportError {
    let cause = match error {
        WsError::Capacity(_) => Cause::TooLarge,
        WsError::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        )
        | WsError::Io(_) => Cause::Lost,
        _ => Cause::Garbled,
    };
    let says = match cause {
        Cause::TooLarge => format!("a frame over {MAX_FRAME} bytes"),
        Cause::Lost => "the stream broke".to_owned(),
        _ => "what came is no WebSocket".to_owned(),
    };
    TransportError { cause, says }
}

fn lost(says: &str) -> TransportError {
    TransportError { cause: Cause::Lost, says: says.to_owned() }
}

fn garbled(says: &str) -> TransportError {
    TransportError { cause: Cause::Garbled, says: says.to_owned() }
}

#[cfg(test)]
mod tests;
