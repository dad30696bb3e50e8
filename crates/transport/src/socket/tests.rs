//! Sessions against servers that behave, and against servers that don't.

use adjourn_connector_kit::transport::{Cause, Opening, Request, Session, Transport as _};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::MAX_FRAME;
use crate::{HttpOptions, HttpTransport};

fn ask(url: &str) -> Request {
    http::Request::get(url).header("authorization", "Bearer right").body(Bytes::new()).unwrap()
}

async fn opened(url: &str) -> Box<dyn Session> {
    let transport = HttpTransport::new(url, &HttpOptions::default()).unwrap();
    match transport.open(ask(url)).await.unwrap() {
        Opening::Open(session) => session,
        Opening::Refused(reply) => panic!("refused: {reply:?}"),
    }
}

/// A server whose sessions do what `with` does, for whoever has the right token.
async fn server<F, R>(with: F) -> String
where
    F: Fn(WebSocket) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let handler = move |headers: HeaderMap, upgrade: WebSocketUpgrade| async move {
        if headers.get("authorization").is_none_or(|value| value != "Bearer right") {
            return (StatusCode::UNAUTHORIZED, "no").into_response() as Response;
        }
        upgrade.on_upgrade(with)
    };
    let app = axum::Router::new().route("/events", get(handler));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

#[tokio::test]
async fn frames_go_both_ways_until_the_platform_closes() {
    let url = server(|mut socket| async move {
        socket.send(Message::Text("one".into())).await.unwrap();
        socket.send(Message::Ping(Bytes::from_static(b"there?"))).await.unwrap();
        socket.send(Message::Binary(Bytes::from_static(&[0xff, 0]))).await.unwrap();
        // The answer to the ping comes before the answer to the frame.
        assert!(matches!(socket.recv().await, Some(Ok(Message::Pong(_)))));
        let Some(Ok(Message::Text(text))) = socket.recv().await else { panic!("no answer") };
        socket.send(Message::Text(text)).await.unwrap();
    })
    .await;
    let mut session = opened(&url).await;
    assert_eq!(session.next().await.unwrap().unwrap(), "one");
    assert_eq!(session.next().await.unwrap().unwrap(), [0xff, 0][..]);
    session.send(Bytes::from_static(b"kept")).await.unwrap();
    assert_eq!(session.next().await.unwrap().unwrap(), "kept");
    // Gone without a goodbye, or with one: in either case it is over.
    assert!(matches!(session.next().await, Ok(None) | Err(_)));
}

#[tokio::test]
async fn a_frame_over_the_limit_is_not_read() {
    let url = server(|mut socket| async move {
        let _ = socket.send(Message::Text("x".repeat(MAX_FRAME).into())).await;
        let _ = socket.send(Message::Text("x".repeat(10 * MAX_FRAME).into())).await;
        let _ = socket.recv().await;
    })
    .await;
    let mut session = opened(&url).await;
    assert_eq!(session.next().await.unwrap().unwrap().len(), MAX_FRAME);
    assert_eq!(session.next().await.unwrap_err().cause, Cause::TooLarge);
}

#[tokio::test]
async fn a_refused_handshake_comes_back_as_the_reply() {
    let url = server(|_| async {}).await;
    let transport = HttpTransport::new(&url, &HttpOptions::default()).unwrap();
    let wrong = http::Request::get(&url).body(Bytes::new()).unwrap();
    let Opening::Refused(reply) = transport.open(wrong).await.unwrap() else { panic!("it was opened") };
    assert_eq!((reply.status(), reply.body().as_ref()), (StatusCode::UNAUTHORIZED, &b"no"[..]));
    let elsewhere = ask("http://other.example/events");
    assert_eq!(transport.open(elsewhere).await.err().unwrap().cause, Cause::Url);
}

/// Answers the handshake with `head`, where `KEY` becomes the right proof, and then says `then`.
async fn raw(head: &'static str, then: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.unwrap());
        }
        let asked = String::from_utf8(asked).unwrap();
        let key = asked.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).unwrap();
        let proof = super::derive_accept_key(key.as_bytes());
        stream.write_all(head.replace("KEY", &proof).as_bytes()).await.unwrap();
        stream.write_all(then).await.unwrap();
        let _ = stream.read_u8().await;
    });
    url
}

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                      Sec-WebSocket-Accept: KEY\r\n\r\n";

#[tokio::test]
async fn what_is_no_web_socket_is_told_from_one_that_broke() {
    // A frame with reserved bits.
    let url = raw(SWITCH, b"\xf1\x02hi").await;
    assert_eq!(opened(&url).await.next().await.unwrap_err().cause, Cause::Garbled);
    // A text that is not UTF-8.
    let url = raw(SWITCH, b"\x81\x02\xff\xfe").await;
    assert_eq!(opened(&url).await.next().await.unwrap_err().cause, Cause::Garbled);
    // A header that promises ten megabytes is enough.
    let url = raw(SWITCH, b"\x81\x7f\x00\x00\x00\x00\x00\xa0\x00\x00").await;
    assert_eq!(opened(&url).await.next().await.unwrap_err().cause, Cause::TooLarge);
    // Nobody there at all.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let transport = HttpTransport::new(&nowhere, &HttpOptions::default()).unwrap();
    assert_eq!(transport.open(ask(&nowhere)).await.err().unwrap().cause, Cause::Connect);
}

#[tokio::test]
async fn a_handshake_without_its_proof_opens_nothing() {
    let url = raw(SWITCH_WITHOUT_PROOF, b"").await;
    let transport = HttpTransport::new(&url, &HttpOptions::default()).unwrap();
    assert_eq!(transport.open(ask(&url)).await.err().unwrap().cause, Cause::Garbled);
}

const SWITCH_WITHOUT_PROOF: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                                    Sec-WebSocket-Accept: guessed\r\n\r\n";
