//! Webhooks while a service runs: each address is told by itself, so that one that hangs holds up no other. Only the process that has the lease tells.

use std::sync::Arc;

use adjourn_app::App;
use adjourn_app::hooks::Endpoint;
use tokio::sync::watch;

use super::{Held, Lease};

/// How often the journal is looked at, in seconds.
const LOOK_S: u64 = 1;

/// Begins to tell.
pub(crate) fn begin(
    app: &App,
    endpoints: Vec<Endpoint>,
    lease: &Arc<Lease>,
    stopped: &watch::Receiver<bool>,
) {
    for endpoint in endpoints {
        tokio::spawn(tell(app.clone(), endpoint, lease.clone(), stopped.clone()));
    }
}

async fn tell(app: App, to: Endpoint, lease: Arc<Lease>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if lease.held() == Held::Here
            && let Err(error) = app.tell(&to).await
        {
            tracing::warn!(code = error.code(), webhook = to.name, "nothing could be told");
        }
        tokio::select! {
            () = app.clock.sleep_until(app.clock.now().plus_secs(LOOK_S)) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    }
}
