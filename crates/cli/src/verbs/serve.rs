//! `serve` and `worker`: workers, streams of events, what is answered at the door, and the pages behind task links.

use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_i18n::msg;
use adjourn_worker::{Streams, Worker};
use serde_json::json;
use tokio::sync::watch;

use super::audit::Schedule;
use super::house::Served;
use super::{Ctx, door, streams};
use crate::out::Exit;

/// How often a worker looks, in seconds.
const LOOK_S: u64 = 1;
/// Groups that are worked on at a time.
const CONCURRENCY: usize = 32;
/// Largest file that a page takes, in bytes: a phone's screenshot has a few megabytes.
const MAX_UPLOAD: usize = 20 * 1024 * 1024;
/// Threads for the pages.
const PAGE_THREADS: usize = 2;
/// How long open answers may take after the process was asked to end.
const GRACE: Duration = Duration::from_secs(5);

/// Runs `worker`.
pub(crate) async fn worker(ctx: &Ctx<'_>, until_idle: bool) -> Result<Exit, AppError> {
    let stopped = asked_to_stop();
    open_channel(ctx).await?;
    ctx.out.progress(msg::worker_begins(ctx.out.lang));
    // Whoever only works off what is due does not wait for events.
    let ears = (!until_idle)
        .then(|| streams::listen(&ctx.app, ctx.out, Arc::new(Streams::default()), stopped.clone()));
    work(ctx, until_idle, stopped).await?;
    goodbye(ears).await;
    ctx.out.document(&json!({"ok": true}));
    Ok(Exit::Done)
}

/// Runs `serve`.
pub(crate) async fn serve(ctx: &Ctx<'_>, listen: &str) -> Result<Exit, AppError> {
    // Whoever reads the log learns of it before the first review blocks.
    for (_, lack) in ctx.app.unmeetable().await? {
        ctx.out.error(&lack);
    }
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| AppError::io(&error, listen))?;
    let address = listener.local_addr().map_err(|error| AppError::io(&error, listen))?;
    ctx.out.line(msg::serve_listening(ctx.out.lang, address));
    ctx.out.line(msg::serve_streams(ctx.out.lang));
    // Whoever starts a new installation becomes its administrator.
    let first = ctx.app.first_link().await?.map(|token| format!("http://{address}/welcome/{}", token.text()));
    if let Some(link) = &first {
        ctx.out.line(msg::serve_first(ctx.out.lang, link));
    }
    ctx.out.document(&json!({"address": address.to_string(), "first": first}));
    open_channel(ctx).await?;
    let stopped = asked_to_stop();
    let app = Arc::new(ctx.app.clone());
    let facts: adjourn_console::task::Profiles = Arc::new(|platform| profiles::profile(platform).ok());
    let heard = Arc::new(Streams::default());
    let rules = ctx.config.register_rules();
    let router = door::router(ctx.app.clone(), heard.clone())
        .merge(adjourn_api::router(app.clone(), rules, Arc::new(Served::of(ctx))))
        .merge(adjourn_console::desk::router(app.clone(), rules))
        .merge(adjourn_console::renewal::router(app.clone(), rules))
        .merge(adjourn_console::task::router(app, facts, MAX_UPLOAD));
    let mut closing = stopped.clone();
    // Threads of their own: whoever opens a page does not wait until the workers have written their archives.
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(PAGE_THREADS)
        .enable_all()
        .build()
        .map_err(|error| AppError::io(&error, "runtime"))?;
    let listener = listener.into_std().map_err(|error| AppError::io(&error, listen))?;
    let pages = threads.spawn(async move {
        axum::serve(tokio::net::TcpListener::from_std(listener)?, router)
            .with_graceful_shutdown(async move {
                let _ = closing.wait_for(|stopped| *stopped).await;
            })
            .await
    });
    let ears = streams::listen(&ctx.app, ctx.out, heard, stopped.clone());
    let worked = work(ctx, false, stopped).await;
    goodbye(Some(ears)).await;
    // Whoever is being answered gets the answer, but nobody can hold the process up.
    let _ = tokio::time::timeout(GRACE, pages).await;
    threads.shutdown_background();
    worked?;
    Ok(Exit::Done)
}

/// Lets outposts dial in, where the channel was set up.
async fn open_channel(ctx: &Ctx<'_>) -> Result<(), AppError> {
    if ctx.centre.configured() {
        let address = ctx.centre.open().await?;
        ctx.out.progress(msg::channel_listening(ctx.out.lang, address));
    }
    Ok(())
}

/// Gives streams the time to say goodbye, if they were asked to end.
async fn goodbye(ears: Option<tokio::task::JoinHandle<()>>) {
    if let Some(mut ears) = ears
        && tokio::time::timeout(GRACE, &mut ears).await.is_err()
    {
        ears.abort();
    }
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

async fn work(ctx: &Ctx<'_>, until_idle: bool, mut stopped: watch::Receiver<bool>) -> Result<(), AppError> {
    let (app, out) = (&ctx.app, ctx.out);
    let mut audits = Schedule::of(ctx);
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
            audits.look(now);
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
    audits.end().await;
    if let Some(worker) = worker {
        worker.release().await?;
    }
    Ok(())
}
