//! My account: passkeys, sessions, password. Each change asks for the password once more, and the session goes on under another token.

use adjourn_app::AppError;
use adjourn_app::accounts::MIN_PASSWORD;
use adjourn_app::accounts::by_passkey::Mine;
use adjourn_app::accounts::sessions::Sitting;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};
use crate::passkey::form::{PasskeyForm, elsewhere};

/// How much of a credential is shown, in hex digits.
const SHOWN: usize = 16;

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account {
    frame: Frame,
    person: String,
    done: Option<String>,
    keys: Vec<Key>,
    /// Where a passkey can be added, when it can't be here.
    elsewhere: Option<String>,
    add: Option<PasskeyForm>,
    second: bool,
    sessions: Vec<Row>,
    min: usize,
}

struct Key {
    credential: String,
    start: String,
    does: String,
    about: String,
}

struct Row {
    id: String,
    place: String,
    since: String,
    seen: String,
    ends: String,
    here: bool,
}

#[derive(Deserialize)]
pub(crate) struct Done {
    done: Option<String>,
}

pub(crate) async fn show(
    reader: Reader,
    State(desk): State<Desk>,
    Query(query): Query<Done>,
    headers: HeaderMap,
) -> Response {
    reader.answer(Place::Account, account(&desk, &reader, query.done.as_deref(), &headers).await)
}

async fn account(
    desk: &Desk,
    reader: &Reader,
    done: Option<&str>,
    headers: &HeaderMap,
) -> Result<Account, AppError> {
    let (app, lang, session) = (&desk.app, reader.lang, &reader.session);
    let passkeys = app.my_passkeys(session).await?;
    let elsewhere = elsewhere(&desk.tools.relying, headers);
    let add = match elsewhere {
        None => app
            .ask_my_passkey(session, &desk.tools.relying)
            .await?
            .map(|asked| PasskeyForm::add(reader, asked)),
        Some(_) => None,
    };
    Ok(Account {
        frame: reader.frame(Place::Account),
        person: reader.frame(Place::Account).person.unwrap_or_default(),
        // Only what we know to say: anybody can make a link.
        done: done.filter(|done| ACTS.contains(done)).map(|_| msg::account_done(lang)),
        keys: passkeys.mine.iter().map(|mine| key(reader, mine)).collect(),
        elsewhere,
        add,
        second: passkeys.second,
        sessions: app.sittings(session)?.into_iter().map(|sitting| row(reader, sitting)).collect(),
        min: MIN_PASSWORD,
    })
}

fn key(reader: &Reader, mine: &Mine) -> Key {
    let passkey = &mine.held.passkey;
    let lang = reader.lang;
    let state = if mine.held.suspect > 0 { "suspect" } else { "fine" };
    Key {
        start: passkey.credential.get(..SHOWN).unwrap_or(&passkey.credential).to_owned(),
        credential: passkey.credential.clone(),
        does: if mine.opens { msg::account_opens(lang) } else { msg::account_signs(lang) },
        about: format!(
            "{} · {} · {} · {}",
            passkey.algorithm.slug(),
            passkey.rp_id,
            reader.time(passkey.at),
            reader.say.word("passkey", state)
        ),
    }
}

fn row(reader: &Reader, sitting: Sitting) -> Row {
    let seat = &sitting.seat;
    Row {
        place: format!(
            "{} · {}",
            browser(&seat.browser).unwrap_or_else(|| msg::account_unknown(reader.lang)),
            seat.address
        ),
        since: reader.time(sitting.since),
        seen: reader.time(sitting.seen),
        ends: reader.time(sitting.ends),
        id: sitting.id,
        here: sitting.here,
    }
}

/// A browser and a system by their names, as far as what a browser says of itself tells: it says what it likes.
fn browser(said: &str) -> Option<String> {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    let name = first(&[
        ("MicroMessenger", "WeChat"),
        ("DingTalk", "DingTalk"),
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ])?;
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    Some(system.map_or_else(|| name.to_owned(), |system| format!("{name} · {system}")))
}

/// The acts of the page.
const ACTS: [&str; 5] = ["passkey", "remove", "second", "session", "password"];

/// The form of an act.
#[derive(Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    second: String,
    id: Option<String>,
}

pub(crate) async fn act(
    reader: Reader,
    State(desk): State<Desk>,
    Path(act): Path<String>,
    Form(wish): Form<Wish>,
) -> Response {
    let done = done(&desk, &reader, &act, &wish).await;
    reader.onward(Place::Account, done.map(|()| format!("/account?done={act}")))
}

pub(crate) async fn remove(reader: Reader, State(desk): State<Desk>, Form(wish): Form<Wish>) -> Response {
    let done = done(&desk, &reader, "remove", &wish).await;
    reader.onward(Place::Account, done.map(|()| "/account?done=remove".to_owned()))
}

async fn done(desk: &Desk, reader: &Reader, act: &str, wish: &Wish) -> Result<(), AppError> {
    let (app, session, password) = (&desk.app, &reader.session, wish.password.as_str());
    match act {
        "passkey" => {
            let given = (wish.ticket.as_str(), wish.answer.as_str(), wish.secret.as_str());
            app.add_my_passkey(session, password, &desk.tools.relying, given).await.map(drop)
        }
        "remove" => app.remove_my_passkey(session, password, &wish.credential).await,
        "second" => app.ask_for_second(session, password, wish.second == "yes", &desk.tools.relying).await,
        "session" => app.end_sittings(session, wish.id.as_deref()).await,
        "password" if wish.new != wish.again => Err(AppError::new("account.again")),
        "password" => app.change_password(session, password, &wish.new).await,
        _ => Err(AppError::new("page.unknown")),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome).as_deref(), Some("Chrome · Linux"));
        let wechat = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50";
        assert_eq!(browser(wechat).as_deref(), Some("WeChat · iPhone"));
        assert_eq!(browser("curl/8"), None);
    }
}
