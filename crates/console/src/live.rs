//! What is new in the journal, told to whoever looks: server-sent events with the journal's own sequence numbers as ids, so that whoever comes back
//! with `Last-Event-ID` misses nothing. An event says that there is something new and nothing of what it is; the page is read again.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adjourn_app::App;
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
        None => desk.app.journal.end().await.unwrap_or_default(),
    };
    let ends = desk.feed.clone().follow(&desk.app);
    let begin = Some((ends, from, closing.map(|Extension(closing)| closing)));
    let events = unfold(begin, |state| async move {
        let (mut ends, from, mut closing) = state?;
        tokio::select! {
            next = later(&mut ends, from) => {
                let event = Event::default().event("journal").id((next - 1).to_string()).data("new");
                Some((Ok::<_, Infallible>(event), Some((ends, next, closing))))
            }
            () = closed(closing.as_mut()) => {
                let event = Event::default().event("closing").data("closing");
                Some((Ok(event), None))
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// Where the journal ends, looked for once for all who read a stream, and only while somebody does.
#[derive(Default)]
pub(crate) struct Feed(Mutex<Option<watch::Receiver<u64>>>);

impl Feed {
    /// The end of the journal from now on.
    fn follow(self: Arc<Self>, app: &App) -> watch::Receiver<u64> {
        let mut looking = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever looked may have gone with the runtime that it ran on.
        if let Some(ends) = looking.as_ref().filter(|ends| ends.has_changed().is_ok()) {
            return ends.clone();
        }
        let (told, ends) = watch::channel(0);
        *looking = Some(ends.clone());
        tokio::spawn(self.clone().look(app.clone(), told));
        ends
    }

    async fn look(self: Arc<Self>, app: App, told: watch::Sender<u64>) {
        loop {
            nap().await;
            {
                let mut looking = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                // Nobody but the feed itself.
                if told.receiver_count() <= 1 {
                    *looking = None;
                    return;
                }
            }
            if let Ok(end) = app.journal.end().await {
                told.send_if_modified(|known| std::mem::replace(known, end) != end);
            }
        }
    }
}

/// The journal's end, once it is behind `from`.
async fn later(ends: &mut watch::Receiver<u64>, from: u64) -> u64 {
    let end = ends.wait_for(|end| *end > from).await.ok().map(|end| *end);
    match end {
        Some(end) => end,
        // Nobody looks any more: the process ends, and says so by itself.
        None => std::future::pending().await,
    }
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
