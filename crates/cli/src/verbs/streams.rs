//! What `serve` and `worker` say about the streams over which platforms tell their events.

use std::sync::Arc;

use adjourn_app::App;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_i18n::msg;
use adjourn_worker::{News, Streams};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::out::Out;

/// Listens in the background until `stopped`.
pub(super) fn listen(
    app: &App,
    out: Out,
    streams: Arc<Streams>,
    stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    let tell = Arc::new(move |connection: &ConnectionId, identity: &IdentityId, news: &News| {
        say(out, connection.as_str(), identity.as_str(), news);
    });
    tokio::spawn(adjourn_worker::listen(app.clone(), streams, tell, stopped))
}

/// One line, and for what a person has to settle its hint.
fn say(out: Out, connection: &str, identity: &str, news: &News) {
    let line = |state: &str, code: Option<&str>| json!({ "stream": { "connection": connection, "identity": identity, "state": state, "code": code } });
    match news {
        News::Opened => {
            out.event(msg::stream_opened(out.lang, connection, identity), &line("open", None));
        }
        News::Ended => {
            out.event(msg::stream_ended(out.lang, connection, identity), &line("ended", None));
        }
        News::Lost(error) => {
            let says = msg::stream_lost(out.lang, connection, identity);
            out.event(says, &line("lost", Some(error.code())));
            out.error(error);
        }
        News::Refused(error) => {
            let says = msg::stream_refused(out.lang, connection, identity);
            out.event(says, &line("refused", Some(error.code())));
            out.error(error);
        }
        News::Heard(count) => {
            let many = u64::try_from(*count).unwrap_or(u64::MAX);
            let text = msg::stream_heard(out.lang, connection, identity, many);
            out.event(
                text,
                &json!({ "heard": { "connection": connection, "identity": identity, "count": count } }),
            );
        }
    }
}
