//! `serve` and `worker`: workers, and an answer for those who ask whether they live. Pages come later.

use std::sync::Arc;

use adjourn_app::{App, AppError};
use adjourn_i18n::msg;
use adjourn_worker::Worker;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

use super::Ctx;
use crate::out::{Exit, Out};

/// How often a worker looks, in seconds.
const LOOK_S: u64 = 1;
/// Groups that are worked on at a time.
const CONCURRENCY: usize = 32;

/// Runs `worker`.
pub(crate) async fn worker(ctx: &Ctx<'_>, until_idle: bool) -> Result<Exit, AppError> {
    let stopped = asked_to_stop();
    ctx.out.progress(msg::worker_begins(ctx.out.lang));
    work(&ctx.app, ctx.out, until_idle, stopped).await?;
    ctx.out.document(&json!({"ok": true}));
    Ok(Exit::Done)
}

/// Runs `serve`.
pub(crate) async fn serve(ctx: &Ctx<'_>, listen: &str) -> Result<Exit, AppError> {
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| AppError::io(&error, listen))?;
    let address = listener.local_addr().map_err(|error| AppError::io(&error, listen))?;
    ctx.out.line(msg::serve_listening(ctx.out.lang, address));
    ctx.out.document(&json!({"address": address.to_string()}));
    let stopped = asked_to_stop();
    let app = Arc::new(ctx.app.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let app = app.clone();
            tokio::spawn(async move { health(stream, &app).await });
        }
    });
    work(&ctx.app, ctx.out, false, stopped).await?;
    Ok(Exit::Done)
}

/// Becomes true when the process is asked to end, from a terminal or by whoever runs services. What is under way is
/// finished first, and the lease is given back.
pub(crate) fn asked_to_stop() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let terminated = async {
            #[cfg(unix)]
            if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            {
                signal.recv().await;
                return;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
        let _ = stop.send(true);
    });
    stopped
}

/// One answer: `GET /health` says how long the journal is; anything else is not there.
async fn health(mut stream: tokio::net::TcpStream, app: &App) {
    let mut buffer = [0; 1024];
    let Ok(read) = stream.read(&mut buffer).await else { return };
    let asked = buffer.get(..read).unwrap_or_default().starts_with(b"GET /health ");
    let (status, body) = match (asked, app.journal.store.next_due().await) {
        (true, Ok(next)) => ("200 OK", json!({"ok": true, "next_due": next}).to_string()),
        (true, Err(_)) => ("503 Service Unavailable", json!({"ok": false}).to_string()),
        (false, _) => ("404 Not Found", json!({"ok": false}).to_string()),
    };
    let reply = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // Whoever asked may be gone already.
    let _ = stream.write_all(reply.as_bytes()).await;
}

async fn work(
    app: &App,
    out: Out,
    until_idle: bool,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), AppError> {
    let owner = format!("worker {}", std::process::id());
    let mut worker: Option<Worker> = None;
    loop {
        if *stopped.borrow() {
            break;
        }
        if worker.is_none() {
            worker = Worker::take(app.clone(), &owner, CONCURRENCY).await?;
        }
        let now = app.clock.now();
        if let Some(holder) = &mut worker {
            match holder.pass().await {
                Ok(pass) if until_idle && pass.worked == 0 && pass.next.is_none_or(|next| next > now) => {
                    break;
                }
                Ok(_) => {}
                // The lease went to somebody else: try again later.
                Err(error) if error.code() == "journal.conflict" => worker = None,
                Err(error) => {
                    out.error(&error);
                }
            }
        }
        let next = app.journal.store.next_due().await?.unwrap_or_else(|| now.plus_secs(LOOK_S));
        let nap = app.clock.sleep_until(next.min(now.plus_secs(LOOK_S)));
        tokio::select! {
            () = nap => {}
            _ = stopped.changed() => {}
        }
    }
    if let Some(worker) = worker {
        worker.release().await?;
    }
    Ok(())
}
