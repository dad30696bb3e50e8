//! A drill in the console: a bar on every page with the virtual clock and the ways to let it go on, the drill's people at the door, and a list of what to do
//! first. The same pages and the same use cases as in earnest; only the clock and the platforms are not. Outside of a drill nothing of this is there.

use std::sync::Arc;

use adjourn_app::accounts::{Seat, SignedIn};
use adjourn_app::ports::Token;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_domain::event::SessionEnd;
use adjourn_domain::time::Time;
use adjourn_web::session::shown;
use axum::Router;
use axum::extract::{Form, Query, Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::post;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::desk::{self, Desk, Reader, lang, own_path, refused, see};
use crate::door::with_cookie;
use crate::frame::Place;
use crate::tools::Tools;

mod guide;

pub(crate) use guide::{Guide, guide};

/// How far the virtual clock goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// To what happens next.
    Next,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// Somebody of a drill.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name with which they sign in.
    pub name: String,
    /// Their role, a slug.
    pub role: String,
}

/// A drill that is under way.
pub trait Drill: Send + Sync {
    /// What the virtual clock shows.
    fn now(&self) -> Time;
    /// Who is in it.
    fn people(&self) -> &[Person];
    /// The password of all of them. It protects nothing.
    fn password(&self) -> &str;
    /// Lets the clock go on; comes back when everything is done that was due until then.
    fn go_on(&self, pace: Pace) -> BoxFuture<'_, Result<(), AppError>>;
}

tokio::task_local! {
    /// The drill in which a request is answered.
    static HERE: Arc<dyn Drill>;
}

/// The drill in which a page is made, if it is one.
pub(crate) fn here() -> Option<Arc<dyn Drill>> {
    HERE.try_with(Clone::clone).ok()
}

/// The console in a drill.
pub fn router(app: Arc<App>, rules: Rules, tools: Tools, drill: Arc<dyn Drill>) -> Router {
    let pages = desk::router(app.clone(), rules, tools.clone());
    Router::new()
        .route("/drill/go", post(go_on))
        .route("/drill/enter", post(enter))
        .layer(from_fn(desk::from_here))
        .with_state(Desk::new(app, rules, tools))
        .merge(pages)
        .layer(from_fn(move |request: Request, next: Next| HERE.scope(drill.clone(), next.run(request))))
}

/// Where one comes from.
#[derive(Deserialize)]
struct Back {
    back: Option<String>,
}

/// The form of the bar.
#[derive(Deserialize)]
struct Steer {
    pace: Pace,
}

async fn go_on(
    reader: Reader,
    State(desk): State<Desk>,
    Query(at): Query<Back>,
    Form(form): Form<Steer>,
) -> Response {
    let Some(drill) = here() else { return reader.refused(Place::Today, &AppError::new("page.unknown")) };
    if let Err(error) = drill.go_on(form.pace).await {
        return reader.refused(Place::Today, &error);
    }
    // A session ends after two hours; on this clock they pass at a click.
    let again = entered(&desk, &reader.session.principal.name, drill.as_ref()).await.ok();
    let page = see(own_path(at.back.as_deref()));
    if again.is_some() { with_cookie(page, again.as_ref()) } else { page }
}

/// A session of one of the drill's people. Nobody there has a passkey.
async fn entered(desk: &Desk, name: &str, drill: &dyn Drill) -> Result<Token, AppError> {
    match desk.app.sign_in(name, drill.password(), &Seat::default()).await? {
        SignedIn::Session(token) => Ok(token),
        SignedIn::Second(_) => Err(AppError::new("sign_in.refused")),
    }
}

/// The form of whoever plays somebody.
#[derive(Deserialize)]
struct Enter {
    name: String,
    next: Option<String>,
}

async fn enter(State(desk): State<Desk>, headers: HeaderMap, Form(form): Form<Enter>) -> Response {
    let token = match here() {
        Some(drill) if drill.people().iter().any(|person| person.name == form.name) => {
            entered(&desk, &form.name, drill.as_ref()).await
        }
        _ => Err(AppError::new("sign_in.refused")),
    };
    match token {
        Ok(token) => {
            if let Some(old) = shown(&headers) {
                let _ = desk.app.sign_out(&old, SessionEnd::SignedInAgain).await;
            }
            with_cookie(see(own_path(form.next.as_deref())), Some(&token))
        }
        Err(error) => refused(lang(&headers), Place::Door, None, &error),
    }
}
