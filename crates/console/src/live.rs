//! What is new in the journal, told to whoever looks: server-sent events with the journal's own sequence numbers as ids, so that whoever comes back
//! with `Last-Event-ID` misses nothing. An event says that there is something new and nothing of what it is; the page is read again.

use std::convert::Infallible;
use std::time::Duration;

use adjourn_app::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;

use crate::desk::{Desk, Reader};

/// How often the journal is looked at, in seconds.
const LOOK_S: u64 = 1;
/// Rows that are read at a look; whoever is further behind is told so once.
const ROWS: usize = 1000;

/// The stream.
pub(crate) async fn journal(_: Reader, State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let from = match last {
        Some(last) => last.saturating_add(1),
        None => newest(&desk.app).await,
    };
    let events = unfold((desk, from), |(desk, from)| async move {
        loop {
            nap().await;
            let next = end(&desk.app, from).await;
            if next > from {
                let event = Event::default().event("journal").id((next - 1).to_string()).data("new");
                return Some((Ok::<_, Infallible>(event), (desk, next)));
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// Waits for the next look.
#[expect(clippy::disallowed_methods, reason = "on the machine's clock: the one of a drill stands still")]
async fn nap() {
    tokio::time::sleep(Duration::from_secs(LOOK_S)).await;
}

/// The sequence number after the last row, looked for from `from` on. What can't be read now is read at the next look.
async fn end(app: &App, from: u64) -> u64 {
    let mut from = from;
    loop {
        match app.journal.store.rows(from, ROWS).await {
            Ok(rows) => match rows.last() {
                Some(last) => from = last.header.seq + 1,
                None => return from,
            },
            Err(_) => return from,
        }
    }
}

/// The sequence number after the last row, found without reading them all.
async fn newest(app: &App) -> u64 {
    let there = async |from: u64| app.journal.store.rows(from, 1).await.is_ok_and(|rows| !rows.is_empty());
    let mut over = 1;
    while there(over).await && over < 1 << 62 {
        over *= 2;
    }
    let mut under = 0;
    while under < over {
        let middle = under + (over - under) / 2;
        if there(middle).await { under = middle + 1 } else { over = middle }
    }
    under
}
