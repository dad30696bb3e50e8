//! The door: a one-time link becomes an account, a name and a password become a session.

use adjourn_app::AppError;
use adjourn_app::accounts::ceremony::Asked;
use adjourn_app::accounts::{Invited, MIN_PASSWORD, Seat, SignedIn};
use adjourn_app::ports::Token;
use adjourn_domain::event::SessionEnd;
use adjourn_i18n::msg;
use adjourn_web::limits::Peer;
use adjourn_web::refusal::words;
use adjourn_web::session::{cookie, shown};
use adjourn_web::wording::Say;
use askama::Template;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, lang, own_path, page, refused, see};
use crate::frame::{Frame, Place};
use crate::kept::{ACTION, Fields, PREFIX, carried};
use crate::passkey::form::{PasskeyForm, elsewhere};

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct SignIn {
    frame: Frame,
    next: String,
    /// Where a form was sent to without a session, and what was typed in it.
    kept: Option<(String, Fields)>,
    name: String,
    /// Why the last try failed, and what to do.
    failed: Option<(String, String)>,
    /// Whether an account was just made.
    fresh: bool,
    /// The way in with a passkey, where this browser has one.
    passkey: Option<PasskeyForm>,
}

#[derive(Template)]
#[template(path = "door/second.html")]
struct Second {
    frame: Frame,
    name: String,
    failed: Option<(String, String)>,
    passkey: PasskeyForm,
}

#[derive(Template)]
#[template(path = "door/welcome.html")]
struct Welcome {
    frame: Frame,
    /// Name and role of whoever was invited; nobody is for the first administrator.
    invited: Option<(String, String)>,
    name: String,
    failed: Option<(String, String)>,
    min: usize,
}

#[derive(Deserialize)]
pub(crate) struct Where {
    next: Option<String>,
    fresh: Option<String>,
}

/// The form of signing in.
struct Credentials {
    name: String,
    password: String,
    next: Option<String>,
}

impl Credentials {
    fn of(fields: &Fields) -> Option<Self> {
        let text =
            |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        Some(Self { name: text("name")?, password: text("password")?, next: text("next") })
    }
}

/// The form of signing in with a passkey, alone or behind the password.
#[derive(Deserialize)]
pub(crate) struct Answered {
    ticket: String,
    answer: String,
    #[serde(default)]
    secret: String,
    next: Option<String>,
}

/// Somebody whose password was right, and whose passkey is due.
struct Due {
    name: String,
    next: String,
    /// Stands for the password.
    pending: Token,
    /// Where a form was sent to without a session, and what was typed in it.
    kept: Option<(String, Fields)>,
}

/// The form behind a link.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    name: String,
    password: String,
    again: String,
}

fn frame(headers: &HeaderMap, path: &str) -> Frame {
    Frame { lang: lang(headers), here: Place::Door, path: path.to_owned(), person: None }
}

pub(crate) async fn sign_in_page(
    State(desk): State<Desk>,
    Query(at): Query<Where>,
    headers: HeaderMap,
) -> Response {
    let next = own_path(at.next.as_deref()).to_owned();
    door(&desk, &headers, next, String::new(), None, at.fresh.is_some())
}

fn door(
    desk: &Desk,
    headers: &HeaderMap,
    next: String,
    name: String,
    failed: Option<&AppError>,
    fresh: bool,
) -> Response {
    let frame = frame(headers, "/sign-in");
    let failed = failed.map(|error| words(frame.lang, error));
    let here = elsewhere(&desk.tools.relying, headers).is_none();
    let asked = here.then(|| desk.app.ask_sign_in(&desk.tools.relying)).and_then(Result::ok);
    let passkey = asked.map(|asked| {
        let button = msg::sign_in_passkey(frame.lang);
        let form = PasskeyForm::sign(frame.clone(), "/sign-in/passkey".to_owned(), asked, button);
        PasskeyForm { secret: true, fields: vec![("next".to_owned(), next.clone())], ..form }
    });
    page(&SignIn { frame, next, kept: None, name, failed, fresh, passkey })
}

/// Asks whoever sent a form without a session to sign in, and carries along what was typed.
pub(crate) fn asked_again(headers: &HeaderMap, next: String, action: String, fields: Fields) -> Response {
    let frame = frame(headers, &next);
    let mut reply = page(&SignIn {
        frame,
        next,
        kept: Some((action, fields)),
        name: String::new(),
        failed: None,
        fresh: false,
        // A passkey's form carries nothing along.
        passkey: None,
    });
    *reply.status_mut() = StatusCode::UNAUTHORIZED;
    reply
}

/// Where somebody sits.
fn seat(headers: &HeaderMap, peer: Option<Extension<Peer>>) -> Seat {
    let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let address = peer.map(|Extension(Peer(address))| address.to_string()).unwrap_or_default();
    Seat::new(browser, &address)
}

/// Lets somebody in.
async fn enters(desk: &Desk, headers: &HeaderMap, next: &str, token: &Token) -> Response {
    // An older session of the same browser ends: a new one has a new token.
    if let Some(old) = shown(headers) {
        let _ = desk.app.sign_out(&old, SessionEnd::SignedInAgain).await;
    }
    with_cookie(see(next), Some(token))
}

pub(crate) async fn sign_in_by_passkey(
    State(desk): State<Desk>,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    Form(form): Form<Answered>,
) -> Response {
    let next = own_path(form.next.as_deref()).to_owned();
    let seat = seat(&headers, peer);
    match desk.app.sign_in_by_passkey(&form.ticket, &form.answer, &form.secret, &seat).await {
        Ok(token) => enters(&desk, &headers, &next, &token).await,
        Err(error) => door(&desk, &headers, next, String::new(), Some(&error), false),
    }
}

pub(crate) async fn sign_in_second(
    State(desk): State<Desk>,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    Form(all): Form<Fields>,
) -> Response {
    let text = |wanted: &str| {
        all.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let next = own_path(Some(text("next"))).to_owned();
    let seat = seat(&headers, peer);
    let Some(pending) = Token::read(text("token")) else {
        let over = AppError::new("session.over");
        return door(&desk, &headers, next, text("name").to_owned(), Some(&over), false);
    };
    match desk.app.sign_in_second(&pending, text("ticket"), text("answer"), &seat).await {
        Ok(token) => enters(&desk, &headers, &next, &token).await,
        Err(error) => {
            let due = Due { name: text("name").to_owned(), next, pending, kept: carried(&all) };
            second(&desk, &headers, due, Some(&error)).await
        }
    }
}

/// The page that asks for the passkey behind a password.
async fn second(desk: &Desk, headers: &HeaderMap, due: Due, failed: Option<&AppError>) -> Response {
    let frame = frame(headers, "/sign-in");
    let lang = frame.lang;
    let Due { name, next, pending, kept } = due;
    let asked: Asked = match desk.app.ask_second(&pending, &desk.tools.relying).await {
        Ok(asked) => asked,
        // Too long ago: the password is asked for once more, and what was typed goes along.
        Err(error) => match kept {
            Some(kept) => return again(frame, next, name, kept, &error),
            None => return door(desk, headers, next, name, Some(&error), false),
        },
    };
    let mut fields: Fields = vec![
        ("next".to_owned(), next),
        ("token".to_owned(), pending.text()),
        ("name".to_owned(), name.clone()),
    ];
    if let Some((action, typed)) = kept {
        fields.push((ACTION.to_owned(), action));
        fields.extend(typed.into_iter().map(|(name, value)| (format!("{PREFIX}{name}"), value)));
    }
    let passkey = PasskeyForm {
        fields,
        ..PasskeyForm::sign(frame.clone(), "/sign-in/second".to_owned(), asked, msg::sign_in_second(lang))
    };
    page(&Second { frame, name, failed: failed.map(|error| words(lang, error)), passkey })
}

pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    Form(all): Form<Fields>,
) -> Response {
    let Some(form) = Credentials::of(&all) else {
        return refused(lang(&headers), Place::Door, None, &AppError::new("page.form"));
    };
    let next = own_path(form.next.as_deref()).to_owned();
    match desk.app.sign_in(&form.name, &form.password, &seat(&headers, peer)).await {
        Ok(SignedIn::Session(token)) => enters(&desk, &headers, &next, &token).await,
        Ok(SignedIn::Second(pending)) => {
            let due = Due { name: form.name, next, pending, kept: carried(&all) };
            second(&desk, &headers, due, None).await
        }
        // What was typed stays, but for the password.
        Err(error) => match carried(&all) {
            None => door(&desk, &headers, next, form.name, Some(&error), false),
            Some(kept) => again(frame(&headers, "/sign-in"), next, form.name, kept, &error),
        },
    }
}

/// The page of signing in after a try that failed, with what was typed in another form.
fn again(frame: Frame, next: String, name: String, kept: (String, Fields), error: &AppError) -> Response {
    let failed = Some(words(frame.lang, error));
    page(&SignIn { frame, next, kept: Some(kept), name, failed, fresh: false, passkey: None })
}

pub(crate) async fn sign_out(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    if let Some(token) = shown(&headers)
        && let Err(error) = desk.app.sign_out(&token, SessionEnd::SignedOut).await
    {
        return refused(lang(&headers), Place::Door, None, &error);
    }
    with_cookie(see("/sign-in"), None)
}

pub(crate) async fn welcome(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    offer(&desk, &token, &headers, String::new(), None).await
}

async fn offer(
    desk: &Desk,
    token: &str,
    headers: &HeaderMap,
    name: String,
    failed: Option<&AppError>,
) -> Response {
    let frame = frame(headers, &format!("/welcome/{token}"));
    let invited = match Token::read(token) {
        Some(token) => desk.app.invited(&token).await,
        None => Err(AppError::new("link.unknown")),
    };
    let say = Say::new(frame.lang);
    let invited = match invited {
        Ok(Invited::First) => None,
        Ok(Invited::Principal(principal)) => Some((principal.name, say.word("role", &principal.role))),
        Err(error) => return refused(frame.lang, Place::Door, None, &error),
    };
    let failed = failed.map(|error| words(frame.lang, error));
    page(&Welcome { frame, invited, name, failed, min: MIN_PASSWORD })
}

pub(crate) async fn accept(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Chosen>,
) -> Response {
    let done = if form.password == form.again {
        match Token::read(&token) {
            Some(token) => desk.app.accept_invitation(&token, &form.name, &form.password).await,
            None => Err(AppError::new("link.unknown")),
        }
    } else {
        Err(AppError::new("account.again"))
    };
    match done {
        Ok(_) => see("/sign-in?fresh=1"),
        Err(error) => offer(&desk, &token, &headers, form.name, Some(&error)).await,
    }
}

/// A reply that gives a browser its session, or ends it.
pub(crate) fn with_cookie(mut reply: Response, token: Option<&Token>) -> Response {
    if let Some(value) = cookie(token) {
        reply.headers_mut().insert(header::SET_COOKIE, value);
    }
    reply
}
