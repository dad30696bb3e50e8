//! `serve` and `worker`: workers, streams of events, what is answered at the door, and the pages behind task links.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_console::live::Closing;
use adjourn_i18n::msg;
use adjourn_web::limits;
use adjourn_worker::{Streams, Worker};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::{Extension, Router};
use serde_json::json;
use tokio::sync::watch;

use super::audit::Schedule;
use super::house::Served;
use super::storing::Storer;
use super::{Ctx, door, streams};
use crate::args::{ServeArgs, WorkerArgs};
use crate::compose;
use crate::out::Exit;
use crate::service::answered::Answers;
use crate::service::logs::{self, Form};
use crate::service::meters::{self, Meters};
use crate::service::ready::{self, Ready};
use crate::service::{Held, Lease, hooks};

/// How often a worker looks, in seconds.
const LOOK_S: u64 = 1;
/// Groups that are worked on at a time.
const CONCURRENCY: usize = 32;
/// Threads for the pages.
const PAGE_THREADS: usize = 2;
/// How long open answers may take after the process was asked to end.
const GRACE: Duration = Duration::from_secs(5);

/// Runs `worker`.
pub(crate) async fn worker(ctx: &Ctx<'_>, args: &WorkerArgs) -> Result<Exit, AppError> {
    let watched = Watched::begin(ctx, args.metrics.as_deref(), args.log).await?;
    let stopped = watched.stopped.clone();
    open_channel(ctx).await?;
    ctx.out.progress(msg::worker_begins(ctx.out.lang));
    // Whoever only works off what is due does not wait for events.
    let ears = (!args.until_idle)
        .then(|| streams::listen(&ctx.app, ctx.out, Arc::new(Streams::default()), stopped.clone()));
    work(ctx, args.until_idle, &watched.lease, stopped).await?;
    goodbye(ears).await;
    ctx.out.document(&json!({"ok": true}));
    Ok(Exit::Done)
}

/// Runs `serve`.
pub(crate) async fn serve(ctx: &Ctx<'_>, args: &ServeArgs) -> Result<Exit, AppError> {
    let listen = args.listen.as_str();
    // Whoever reads the log learns of it before the first review blocks.
    for (_, lack) in ctx.app.unmeetable().await? {
        ctx.out.error(&lack);
    }
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| AppError::io(&error, listen))?;
    let address = listener.local_addr().map_err(|error| AppError::io(&error, listen))?;
    let watched = Watched::begin(ctx, args.metrics.as_deref(), args.log).await?;
    ctx.out.line(msg::serve_listening(ctx.out.lang, address));
    ctx.out.line(msg::serve_streams(ctx.out.lang));
    // Whoever starts a new installation becomes its administrator.
    let first = ctx.app.first_link().await?.map(|token| format!("http://{address}/welcome/{}", token.text()));
    if let Some(link) = &first {
        ctx.out.line(msg::serve_first(ctx.out.lang, link));
    }
    let metrics = watched.address.map(|address| address.to_string());
    ctx.out.document(&json!({"address": address.to_string(), "first": first, "metrics": metrics}));
    open_channel(ctx).await?;
    let stopped = watched.stopped.clone();
    let heard = Arc::new(Streams::default());
    let router = router(ctx, &watched, heard.clone())?;
    let mut closing = stopped.clone();
    // Threads of their own: whoever opens a page does not wait until the workers have written their archives.
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(PAGE_THREADS)
        .enable_all()
        .build()
        .map_err(|error| AppError::io(&error, "runtime"))?;
    let listener = listener.into_std().map_err(|error| AppError::io(&error, listen))?;
    let pages = threads.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        limits::serve(listener, router, async move {
            let _ = closing.wait_for(|stopped| *stopped).await;
        })
        .await
    });
    // Whoever comes first does not wait until all lines of the inventory were read.
    let early = ctx.app.clone();
    threads.spawn(async move {
        if let Err(error) = early.counted().await {
            tracing::warn!(code = error.code(), "the inventory can't be read");
        }
    });
    let ears = streams::listen(&ctx.app, ctx.out, heard, stopped.clone());
    let worked = work(ctx, false, &watched.lease, stopped).await;
    goodbye(Some(ears)).await;
    // Whoever is being answered gets the answer, but nobody can hold the process up.
    let _ = tokio::time::timeout(GRACE, pages).await;
    threads.shutdown_background();
    tracing::info!("ended");
    worked?;
    Ok(Exit::Done)
}

/// Everything that is answered.
fn router(ctx: &Ctx<'_>, watched: &Watched, heard: Arc<Streams>) -> Result<Router, AppError> {
    let tools = compose::tools(&ctx.places, &ctx.config)?;
    let app = Arc::new(ctx.app.clone());
    let facts: adjourn_console::task::Profiles = Arc::new(|platform| profiles::profile(platform).ok());
    let ready = Ready {
        app: ctx.app.clone(),
        lease: watched.lease.clone(),
        folders: [&ctx.places.data, &ctx.places.keys, &ctx.places.bundles].map(Clone::clone),
        stopped: watched.stopped.clone(),
    };
    let answers = Arc::new(Answers::new(watched.meters.clone()));
    Ok(door::router(ctx.app.clone(), heard)
        .merge(ready::router(ready))
        .merge(adjourn_api::router(app.clone(), ctx.config.register_rules(), Arc::new(Served::of(ctx))))
        .merge(adjourn_console::desk::router(app.clone(), ctx.config.register_rules(), tools))
        .merge(adjourn_console::renewal::router(app.clone(), ctx.config.register_rules()))
        .merge(adjourn_console::notice::router(app.clone()))
        .merge(adjourn_console::task::router(app, facts, limits::MAX_FILE))
        .layer(Extension(Closing(watched.stopped.clone())))
        .layer(from_fn(move |request: Request, next: Next| answers.clone().answer(request, next))))
}

/// What a service is watched by.
struct Watched {
    meters: Arc<Meters>,
    lease: Arc<Lease>,
    /// Where the metrics are, if somewhere.
    address: Option<SocketAddr>,
    stopped: watch::Receiver<bool>,
}

impl Watched {
    async fn begin(ctx: &Ctx<'_>, metrics: Option<&str>, log: Option<Form>) -> Result<Self, AppError> {
        if let Some(form) = log {
            logs::begin(form)?;
        }
        let stopped = asked_to_stop();
        let lease = Arc::new(Lease::default());
        let meters = Arc::new(Meters::new(&ctx.app, &ctx.calls, lease.clone()).await);
        let address = match metrics {
            Some(at) => Some(meters::listen(ctx.app.clone(), meters.clone(), at, stopped.clone()).await?),
            None => None,
        };
        if let Some(address) = address {
            ctx.out.progress(msg::serve_metrics(ctx.out.lang, address));
        }
        hooks::begin(&ctx.app, ctx.config.webhooks()?, &lease, &stopped);
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "begun");
        Ok(Self { meters, lease, address, stopped })
    }
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

async fn work(
    ctx: &Ctx<'_>,
    until_idle: bool,
    lease: &Lease,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), AppError> {
    let (app, out) = (&ctx.app, ctx.out);
    let (mut audits, mut storer) = (Schedule::of(ctx), Storer::of(ctx));
    let owner = format!("worker {}", std::process::id());
    let mut worker: Option<Worker> = None;
    loop {
        if *stopped.borrow() {
            break;
        }
        if worker.is_none() {
            worker = Worker::take(app.clone(), &owner, CONCURRENCY).await?;
            lease.is(if worker.is_some() { Held::Here } else { Held::Elsewhere });
        }
        let now = app.clock.now();
        if let Some(holder) = &mut worker {
            audits.look(now);
            storer.look(now);
            match holder.pass().await {
                Ok(pass) if until_idle && pass.worked == 0 && pass.next.is_none_or(|next| next > now) => {
                    storer.last().await;
                    break;
                }
                Ok(_) => {}
                // The lease went to somebody else: try again later.
                Err(error) if error.code() == "journal.conflict" => worker = None,
                Err(error) => {
                    tracing::warn!(code = error.code(), "work failed");
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
    storer.end();
    if let Some(worker) = worker {
        worker.release().await?;
    }
    Ok(())
}
