//! One session with an outpost, as the centre has it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;

use crate::centre::{LOOK, QUEUE};
use crate::wire::{self, Answer, Asked, Reply, Request};

/// How long writing a frame may take.
const WRITE: Duration = Duration::from_secs(30);
/// Looks between two pings.
const LOOKS_PER_PING: u32 = 20;
/// Pings without any sign of life before a session ends.
const MAX_SILENT: u32 = 3;

/// A request with the way back; the session numbers it.
pub(crate) type Passed = (Asked, oneshot::Sender<Answer>);

/// One session: writes requests, hands answers to those who asked. Ends with the connection, or when it is aborted; then
/// everybody who waits learns that nobody knows.
pub(crate) async fn session(stream: TlsStream<TcpStream>, mut asked: mpsc::Receiver<Passed>) {
    let (mut from, mut to) = tokio::io::split(stream);
    let (reply, mut replies) = mpsc::channel::<Reply>(QUEUE);
    // Owned here, so that it ends with this task.
    let mut reader = JoinSet::new();
    reader.spawn(async move {
        while let Ok(next) = wire::read::<Reply>(&mut from, wire::MAX_FRAME).await {
            if reply.send(next).await.is_err() {
                break;
            }
        }
    });
    let mut waiting: BTreeMap<u64, oneshot::Sender<Answer>> = BTreeMap::new();
    let (mut next, mut silent, mut looks) = (0u64, 0u32, 0u32);
    let mut tick = tokio::time::interval(LOOK);
    loop {
        let request = tokio::select! {
            reply = replies.recv() => {
                let Some(reply) = reply else { return };
                silent = 0;
                // Whoever does not wait any more has been told that nobody knows.
                if let Reply::Answer(answer) = reply
                    && let Some(back) = waiting.remove(&answer.id)
                {
                    let _ = back.send(answer);
                }
                continue;
            }
            ask = asked.recv() => {
                let Some((ask, back)) = ask else { return };
                next += 1;
                waiting.insert(next, back);
                Request::Ask(Asked { id: next, ..ask })
            }
            _ = tick.tick() => {
                looks += 1;
                if looks % LOOKS_PER_PING != 0 {
                    continue;
                }
                silent += 1;
                if silent > MAX_SILENT {
                    return;
                }
                Request::Ping
            }
        };
        if !send(&mut to, &request).await {
            return;
        }
    }
}

async fn send(to: &mut (impl AsyncWrite + Unpin), request: &Request) -> bool {
    matches!(tokio::time::timeout(WRITE, wire::write(to, request)).await, Ok(Ok(())))
}
