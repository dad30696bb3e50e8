//! `demo --serve`: the console over the drill's platforms. People at browsers choose, plan, review and apply; the virtual clock stands still until one of
//! them lets it go on. Then the worker works, and scripted people do what a platform wants from a person.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::profiles;
use adjourn_adapters::signer::KeySigner;
use adjourn_app::accounts::TokenWish;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_console::drill::{self, Drill, Pace, Person};
use adjourn_domain::case::CaseStatus;
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use adjourn_i18n::msg;
use adjourn_web::limits::MAX_FILE;
use adjourn_worker::Worker;
use axum::Router;
use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::stage::{DrillClock, Stage};
use super::{Cast, MAX_PASSES};
use crate::compose::{Places, tools};
use crate::config::Config;
use crate::out::{Exit, Out};
use crate::verbs::house::Served;
use crate::verbs::serve::asked_to_stop;

/// Everybody's password. It is printed, shown on every page, and protects nothing.
const PASSWORD: &str = "this is a drill";
/// How often the worker looks whether somebody did something, in milliseconds.
const LOOK_MS: u64 = 300;
/// Wishes that may wait.
const WISHES: usize = 8;
/// How long open answers may take after the process was asked to end.
const GRACE: Duration = Duration::from_secs(5);

/// Somebody wants the clock to go on, and waits until it has.
type Wish = (Pace, oneshot::Sender<Result<(), AppError>>);

/// Serves the console over a stage until the process is asked to end.
pub(super) async fn serve(
    stage: &Stage,
    dir: &Path,
    seed: u64,
    listen: &str,
    out: Out,
) -> Result<Exit, AppError> {
    let app = Arc::new(stage.app.clone());
    let cast = Cast::new(&app, out).await?;
    let people = accounts(&app, &cast).await?;
    for connection in stage.connections() {
        app.add_connection(connection.clone(), &stage.secrets(&connection.id), Some(&cast.admin)).await?;
        app.scan(&connection.id).await?;
    }
    let io = |error| AppError::io(&error, listen);
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(io)?;
    let address = format!("http://{}", listener.local_addr().map_err(io)?);
    out.line(msg::demo_serve_listening(out.lang, &address, seed));
    for person in &people {
        out.line(msg::demo_serve_person(out.lang, &person.name, out.word("role", &person.role)));
    }
    out.line(msg::demo_serve_password(out.lang, PASSWORD));
    let wish = TokenWish { name: "demo".to_owned(), scopes: Scope::ALL.into(), ends: None };
    let (_, token) = app.create_token(wish, &cast.requester.open_key(), None).await?;
    let requester = msg::demo_person_requester(out.lang);
    out.line(msg::demo_serve_api(out.lang, &address, requester, token.text()));
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    out.document(
        &json!({"address": address, "people": names, "password": PASSWORD, "seed": seed, "simulated": true, "token": token.text()}),
    );
    let (wishes, wanted) = mpsc::channel(WISHES);
    let drill = Arc::new(Steered { clock: stage.clock.clone(), people, wishes });
    let router = router(app, dir, drill)?;
    let stopped = asked_to_stop();
    let mut closing = stopped.clone();
    let pages = tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = closing.wait_for(|stopped| *stopped).await;
            })
            .await
    });
    work(stage, &cast, wanted, stopped, out).await?;
    let _ = tokio::time::timeout(GRACE, pages).await;
    Ok(Exit::Done)
}

/// Everything that `serve` answers to people and scripts, in a drill.
pub(super) fn router(app: Arc<App>, dir: &Path, drill: Arc<dyn Drill>) -> Result<Router, AppError> {
    let (rules, places, config) = (Rules::default(), Places::drill(dir), Config::default());
    let tools = tools(&places, &config)?;
    let facts: adjourn_console::task::Profiles = Arc::new(|platform| profiles::profile(platform).ok());
    let house = Served { app: App::clone(&app), places, config };
    Ok(adjourn_api::router(app.clone(), rules, Arc::new(house))
        .merge(adjourn_console::renewal::router(app.clone(), rules))
        .merge(adjourn_console::notice::router(app.clone()))
        .merge(adjourn_console::task::router(app.clone(), facts, MAX_FILE))
        .merge(drill::router(app, rules, tools, drill)))
}

/// Gives the drill's people an account each.
async fn accounts(app: &App, cast: &Cast) -> Result<Vec<Person>, AppError> {
    let mut people = Vec::new();
    for signer in [&cast.requester, &cast.business, &cast.compliance, &cast.admin] {
        let link = app.account_link(&KeySigner::open_key(signer)).await?;
        let person = app.accept_invitation(&link, "", PASSWORD).await?;
        people.push(Person { name: person.name, role: person.role });
    }
    Ok(people)
}

/// The drill as the console sees it.
struct Steered {
    clock: Arc<DrillClock>,
    people: Vec<Person>,
    wishes: mpsc::Sender<Wish>,
}

impl Drill for Steered {
    fn now(&self) -> Time {
        self.clock.0.now()
    }

    fn people(&self) -> &[Person] {
        &self.people
    }

    fn password(&self) -> &str {
        PASSWORD
    }

    fn go_on(&self, pace: Pace) -> BoxFuture<'_, Result<(), AppError>> {
        Box::pin(async move {
            let gone = || AppError::new("internal").with("says", "the drill ends");
            let (done, answer) = oneshot::channel();
            self.wishes.send((pace, done)).await.map_err(|_| gone())?;
            answer.await.map_err(|_| gone())?
        })
    }
}

/// Works off what is due, and lets the clock go on when somebody wants it.
async fn work(
    stage: &Stage,
    cast: &Cast,
    mut wanted: mpsc::Receiver<Wish>,
    mut stopped: tokio::sync::watch::Receiver<bool>,
    out: Out,
) -> Result<(), AppError> {
    let worker = Worker::take(stage.app.clone(), "demo", 1).await?;
    let worker = worker.ok_or_else(|| AppError::new("journal.conflict").with("says", "lease"))?;
    let mut show = Show { stage, cast, worker, out };
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return show.worker.release().await,
            wish = wanted.recv() => {
                let Some((pace, done)) = wish else { return show.worker.release().await };
                // Whoever waited may have gone.
                let _ = done.send(show.go_on(pace).await);
            }
            () = nap() => {
                if let Err(error) = show.settle().await {
                    out.error(&error);
                }
            }
        }
    }
}

/// Waits for the next look.
#[expect(clippy::disallowed_methods, reason = "on the machine's clock: the drill's stands still")]
async fn nap() {
    tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
}

/// What is under way.
pub(super) struct Show<'a> {
    pub(super) stage: &'a Stage,
    pub(super) cast: &'a Cast,
    pub(super) worker: Worker,
    pub(super) out: Out,
}

impl Show<'_> {
    /// Works until nothing is due any more at the time that it is.
    async fn settle(&mut self) -> Result<(), AppError> {
        for _ in 0..MAX_PASSES {
            if self.worker.pass().await?.worked == 0 {
                return Ok(());
            }
        }
        Err(AppError::new("internal").with("says", "the drill does not come to rest"))
    }

    /// Lets the clock go on, from one thing that is due to the next, with everything that happens on the way.
    pub(super) async fn go_on(&mut self, pace: Pace) -> Result<(), AppError> {
        let clock = &self.stage.clock.0;
        let until = match pace {
            Pace::Next => None,
            Pace::Hour => Some(clock.now().plus_secs(3600)),
            Pace::Day => Some(clock.now().plus_secs(86_400)),
        };
        for _ in 0..MAX_PASSES {
            let acted = self.people().await?;
            self.settle().await?;
            if acted {
                if until.is_none() {
                    return Ok(());
                }
                continue;
            }
            match (self.stage.app.journal.store.next_due().await?, until) {
                (Some(next), Some(until)) if next < until => clock.advance_to(next),
                (_, Some(until)) => {
                    clock.advance_to(until);
                    return self.settle().await;
                }
                (Some(next), None) => {
                    clock.advance_to(next);
                    self.stage.hand_in();
                    return self.settle().await;
                }
                (None, None) => return Ok(()),
            }
        }
        Err(AppError::new("internal").with("says", "the drill does not come to rest"))
    }

    /// Scripted people do what is asked of somebody. Returns whether somebody did something.
    async fn people(&self) -> Result<bool, AppError> {
        self.stage.hand_in();
        let app = &self.stage.app;
        let mut acted = false;
        for card in app.case_cards().await? {
            if card.status == CaseStatus::Running {
                let groups = app.groups_of(&app.journal.known_case(&card.case).await?).await?;
                let (one, other) = (&self.cast.requester, &self.cast.business);
                acted |= self.stage.people_act(&groups, &card.case, one, other, self.out).await?;
            }
        }
        Ok(acted)
    }
}

/// The folder of a drill, whole: what is shown to type works from anywhere.
pub(super) fn whole(dir: &Path) -> Result<std::path::PathBuf, AppError> {
    std::path::absolute(dir).map_err(|error| AppError::io(&error, dir.display()))
}
