//! `sim`: one platform's simulator on a socket.

use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::AppError;
use adjourn_app::ports::Clock as _;
use adjourn_i18n::msg;

use crate::out::{Exit, Out};

/// Runs `sim`.
pub(crate) async fn run(out: Out, platform: &str, listen: &str) -> Result<Exit, AppError> {
    let entry = adjourn_connectors::find(platform)
        .ok_or_else(|| AppError::new("platform.unknown").with("platform", platform))?;
    let seeded = (entry.seeded)();
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| AppError::io(&error, listen))?;
    let address = listener.local_addr().map_err(|error| AppError::io(&error, listen))?;
    out.line(msg::sim_listening(out.lang, address, platform));
    for (name, secret) in &seeded.secrets {
        out.line(format!("  {name} = {}", secret.expose()));
    }
    out.document(
        &serde_json::json!({"platform": platform, "address": address.to_string(), "simulated": true}),
    );
    adjourn_sim::serve(listener, adjourn_sim::share(seeded.simulator), Arc::new(|| SystemClock.now()))
        .await
        .map_err(|error| AppError::io(&error, listen))?;
    Ok(Exit::Done)
}
