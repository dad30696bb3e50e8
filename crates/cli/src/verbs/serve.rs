//! `serve` and `worker`: workers, and beside them what is answered on a socket. Pages come later.

use adjourn_app::{App, AppError};
use adjourn_i18n::msg;
use adjourn_worker::Worker;
use serde_json::json;
use tokio::sync::watch;

use super::{Ctx, door};
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
    tokio::spawn(door::open(listener, ctx.app.clone()));
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
