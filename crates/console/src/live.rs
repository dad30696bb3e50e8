//! What is new in the journal, told to whoever looks: server-sent events with the journal's own sequence numbers as ids, so that whoever comes back
//! with `Last-Event-ID` misses nothing. An event says that there is something new and nothing of what it is; the page is read again.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use tokio::sync::watch;

use crate::desk::{Desk, Reader};

/// How often the journal is looked at, in seconds.
const LOOK_S: u64 = 1;

/// Becomes true when the process is asked to end. Whoever reads a stream is told then, and comes back when there is another process.
#[derive(Clone)]
pub struct Closing(pub watch::Receiver<bool>);

/// The stream.
pub(crate) async fn journal(
    _: Reader,
    State(desk): State<Desk>,
    closing: Option<Extension<Closing>>,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let from = match last {
        Some(last) => last.saturating_add(1),
        // What can't be read now is read at the next look.
        None => desk.app.journal.end(0).await.unwrap_or_default(),
    };
    let begin = Some((desk, from, closing.map(|Extension(closing)| closing)));
    let events = unfold(begin, |state| async move {
        let (desk, from, mut closing) = state?;
        loop {
            tokio::select! {
                () = nap() => {}
                () = closed(closing.as_mut()) => {
                    let event = Event::default().event("closing").data("closing");
                    return Some((Ok::<_, Infallible>(event), None));
                }
            }
            let next = desk.app.journal.end(from).await.unwrap_or(from);
            if next > from {
                let event = Event::default().event("journal").id((next - 1).to_string()).data("new");
                return Some((Ok(event), Some((desk, next, closing))));
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// Waits until the process is asked to end.
async fn closed(closing: Option<&mut Closing>) {
    if let Some(Closing(closing)) = closing
        && closing.wait_for(|closing| *closing).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// Waits for the next look.
#[expect(clippy::disallowed_methods, reason = "on the machine's clock: the one of a drill stands still")]
async fn nap() {
    tokio::time::sleep(Duration::from_secs(LOOK_S)).await;
}
