//! What is new in the journal, told to whoever looks: server-sent events with the journal's own sequence numbers as ids, so that whoever comes back
//! with `Last-Event-ID` misses nothing. An event says that there is something new and nothing of what it is; the page is read again.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;

use crate::desk::{Desk, Reader};

/// How often the journal is looked at, in seconds.
const LOOK_S: u64 = 1;

/// The stream.
pub(crate) async fn journal(_: Reader, State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let from = match last {
        Some(last) => last.saturating_add(1),
        // What can't be read now is read at the next look.
        None => desk.app.journal.end(0).await.unwrap_or_default(),
    };
    let events = unfold((desk, from), |(desk, from)| async move {
        loop {
            let clock = &desk.app.clock;
            clock.sleep_until(clock.now().plus_secs(LOOK_S)).await;
            // What can't be read now is read at the next look.
            let next = desk.app.journal.end(from).await.unwrap_or(from);
            if next > from {
                let event = Event::default().event("journal").id((next - 1).to_string()).data("new");
                return Some((Ok::<_, Infallible>(event), (desk, next)));
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}
