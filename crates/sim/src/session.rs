//! Sessions of a simulator: WebSocket on the socket, frames in the machine. Pings are answered and the closing
//! handshake is done here; a simulator sees opening, frames and end.

use std::sync::Arc;

use adjourn_connector_kit::simulator::Input;
use adjourn_connector_kit::transport::Request;
use axum::body::Body;
use axum::extract::FromRequestParts as _;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::StatusCode;
use tokio::sync::mpsc;

use crate::fault::FaultKind;
use crate::server::{Door, MAX_BODY, ToSession, absolute};
use crate::transport::lock;
use crate::way::Before;

/// Most sessions at once.
const MAX_SESSIONS: usize = 256;
/// Most frames that wait for a client to read them.
const MAX_WAITING: usize = 1_024;

/// Whether a request asks for a session.
pub(crate) fn wanted<B>(request: &http::Request<B>) -> bool {
    let upgrade = request.headers().get(http::header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Opens a session, unless the platform refuses it.
pub(crate) async fn open(door: Arc<Door>, request: http::Request<Body>) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &door).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => return refusal.into_response(),
    };
    let mut request = Request::from_parts(parts, Bytes::new());
    if let Some(uri) = absolute(&request) {
        *request.uri_mut() = uri;
    }
    if let Before::Ends(end) = lock(&door.way).before(&request) {
        let refused =
            end.map_or(StatusCode::SERVICE_UNAVAILABLE.into_response(), |reply| reply.map(Body::from));
        return refused;
    }
    let line = format!("OPEN {}", request.uri().path());
    let (session, mut refused) = door.next();
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    {
        let mut links = lock(&door.links);
        if links.sessions.len() >= MAX_SESSIONS {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        links.sessions.insert(session, sender);
    }
    let outputs = door.input(Input::Opened { session, request });
    door.deliver(outputs, None);
    let reply = refused.try_recv().ok();
    door.forget(session);
    door.watch(&line, reply.as_ref().map(http::Response::status));
    if let Some(reply) = reply {
        lock(&door.links).sessions.remove(&session);
        return reply.map(Body::from);
    }
    upgrade
        .max_message_size(MAX_BODY)
        .max_frame_size(MAX_BODY)
        .on_upgrade(move |socket| run(door, session, socket, receiver))
}

async fn run(door: Arc<Door>, session: u64, mut socket: WebSocket, mut receiver: mpsc::Receiver<ToSession>) {
    loop {
        tokio::select! {
            // What the platform said before it heard the next frame goes out first.
            biased;
            item = receiver.recv() => {
                let message = match item {
                    Some(ToSession::Frame(bytes)) => message(bytes),
                    // Closed by the platform, or cut off because nobody reads.
                    Some(ToSession::Close) | None => {
                        let frame = CloseFrame { code: close_code::NORMAL, reason: "".into() };
                        // Whoever is gone already needs no goodbye.
                        let _ = socket.send(Message::Close(Some(frame))).await;
                        break;
                    }
                };
                if socket.send(message).await.is_err() {
                    break;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => frame(&door, session, Bytes::from(text)),
                Some(Ok(Message::Binary(bytes))) => frame(&door, session, bytes),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            }
        }
    }
    lock(&door.links).sessions.remove(&session);
    let outputs = door.input(Input::Closed { session });
    door.deliver(outputs, None);
}

fn frame(door: &Door, session: u64, bytes: Bytes) {
    door.framed();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // The other faults are shapes of an HTTP reply.
    let deaf = match lock(&door.way).frame(&text) {
        Some(FaultKind::RequestLost) => return,
        Some(FaultKind::ReplyLost) => Some(session),
        _ => None,
    };
    let outputs = door.input(Input::Frame { session, bytes });
    door.deliver(outputs, deaf);
    door.watch(&format!("FRAME {}", text.chars().take(200).collect::<String>()), None);
}

fn message(bytes: Bytes) -> Message {
    match axum::extract::ws::Utf8Bytes::try_from(bytes.clone()) {
        Ok(text) => Message::Text(text),
        Err(_) => Message::Binary(bytes),
    }
}
