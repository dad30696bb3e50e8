//! Who acts: the principals, the link with which a new one chooses a password, and roles that are lent for a time.

use adjourn_app::AppError;
use adjourn_app::accounts::ROLES;
use adjourn_app::org::ADMIN;
use adjourn_domain::delegation::MAX_DELEGATION_S;
use adjourn_domain::ids::DelegationId;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::refusal::words;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, page};
use crate::frame::{Frame, Place};
use crate::guide::typed_time;

/// Delegations that are shown, the newest.
const MAX_LENT: usize = 200;

struct Row {
    id: String,
    name: String,
    role: String,
    by: String,
    /// Whether it is whoever looks.
    me: bool,
}

struct Lent {
    id: String,
    line: String,
    reason: String,
    state: String,
    /// Whether it can be taken back now, by whoever looks.
    open: bool,
}

#[derive(Template)]
#[template(path = "people/people.html")]
struct People {
    frame: Frame,
    rows: Vec<Row>,
    roles: Vec<(&'static str, String)>,
    lent: Vec<Lent>,
    my_role: (String, String),
    /// The link of whoever was just invited, with their name.
    link: Option<(String, String)>,
    /// What was just done.
    done: Option<String>,
    failed: Option<(String, String)>,
    locked: Option<String>,
}

/// The form of an invitation.
#[derive(Deserialize)]
pub(crate) struct Invitation {
    name: String,
    role: String,
}

/// What was just done on this page.
enum Done {
    Nothing,
    Invited { name: String, link: String },
    Said(String),
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    shown(&desk, &reader, Ok(Done::Nothing)).await
}

pub(crate) async fn invite(
    reader: Reader,
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(form): Form<Invitation>,
) -> Response {
    let known = ROLES.contains(&form.role.as_str());
    let invited = if known {
        desk.app.invite(&form.name, &form.role, reader.session.signer.as_ref()).await
    } else {
        Err(AppError::new("usage").with("says", "role"))
    };
    let done = invited.map(|(principal, token)| {
        // The address under which this browser sees us is the one that others are sent.
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let origin = origin.map_or_else(|| format!("http://{host}"), str::to_owned);
        Done::Invited { name: principal.name, link: format!("{origin}/welcome/{}", token.text()) }
    });
    shown(&desk, &reader, done).await
}

/// The form that lends a role.
#[derive(Deserialize)]
pub(crate) struct Lend {
    to: String,
    until: String,
    reason: String,
}

pub(crate) async fn lend(reader: Reader, State(desk): State<Desk>, Form(form): Form<Lend>) -> Response {
    let bad = || {
        let days = MAX_DELEGATION_S / (24 * 3600);
        AppError::new("delegation.time").with("until", &form.until).with("limit", days)
    };
    let me = &reader.session.principal;
    let lent = match moment(&form.until, reader.offset) {
        Some(until) => {
            let signer = reader.session.signer.as_ref();
            desk.app.delegate(&form.to, &me.role, until, &form.reason, signer).await
        }
        None => Err(bad()),
    };
    // Back to the page itself: sent again, the form would lend once more.
    reader.onward(Place::People, lent.map(|_| "/people".to_owned()))
}

/// A time as a browser sends it, on the reader's clock.
fn moment(text: &str, offset: i32) -> Option<Time> {
    let local = text.trim();
    let utc =
        if local.len() == "2026-10-03T14:00".len() { Time::parse(&format!("{local}:00Z")) } else { None };
    match utc {
        Some(utc) => Some(Time::from_millis(utc.as_millis() - i64::from(offset) * 60_000)),
        None => typed_time(local).map(|(time, _)| time),
    }
}

/// The form that takes a role back.
#[derive(Deserialize)]
pub(crate) struct Revoke {
    delegation: String,
}

pub(crate) async fn revoke(reader: Reader, State(desk): State<Desk>, Form(form): Form<Revoke>) -> Response {
    let id = DelegationId(form.delegation);
    let revoked = desk.app.revoke_delegation(&id, reader.session.signer.as_ref()).await;
    reader.onward(Place::People, revoked.map(|()| "/people".to_owned()))
}

/// The form that ends sessions.
#[derive(Deserialize)]
pub(crate) struct Leave {
    principal: String,
}

pub(crate) async fn sign_out(reader: Reader, State(desk): State<Desk>, Form(form): Form<Leave>) -> Response {
    let who = form.principal.into();
    let ended = desk.app.sign_out_everywhere(&who, reader.session.signer.as_ref()).await;
    let done = ended.map(|count| Done::Said(msg::people_signed_out(reader.lang, count as u64)));
    shown(&desk, &reader, done).await
}

async fn shown(desk: &Desk, reader: &Reader, done: Result<Done, AppError>) -> Response {
    let me = &reader.session.principal;
    let (say, lang) = (reader.say, reader.lang);
    let org = match desk.app.journal.org().await {
        Ok(org) => org,
        // Whose own sessions were ended has none any more; the next page says so.
        Err(error) => return reader.refused(Place::People, &error),
    };
    let rows = org.principals.values().map(|principal| Row {
        id: principal.id.to_string(),
        name: principal.name.clone(),
        role: say.word("role", &principal.role),
        by: principal.added_by.as_ref().map(|by| org.name(by)).unwrap_or_default(),
        me: principal.id == me.id,
    });
    let now = desk.app.clock.now();
    let mut delegations: Vec<_> = org.who.delegations.values().collect();
    delegations.sort_by_key(|lent| std::cmp::Reverse(lent.delegation.at));
    let lent = delegations.into_iter().take(MAX_LENT).map(|lent| {
        let one = &lent.delegation;
        let state = match lent.revoked {
            Some(_) => "revoked",
            None if one.holds(now) => "holds",
            None => "over",
        };
        let (from, to) = (org.name(&one.from), org.name(&one.to));
        let role = say.word("role", &one.role);
        Lent {
            id: one.id.to_string(),
            line: msg::delegation_line(lang, from, role, reader.time(one.at), to, reader.time(one.until)),
            reason: one.reason.clone(),
            state: say.word("lent", state),
            open: state == "holds" && (one.from == me.id || me.role == ADMIN),
        }
    });
    let lent = lent.collect();
    let (link, done, failed) = match done {
        Ok(Done::Nothing) => (None, None, None),
        Ok(Done::Invited { name, link }) => (Some((name, link)), None, None),
        Ok(Done::Said(says)) => (None, Some(says), None),
        Err(error) => (None, None, Some(words(lang, &error))),
    };
    page(&People {
        frame: reader.frame(Place::People),
        rows: rows.collect(),
        roles: ROLES.map(|role| (role, say.word("role", role))).to_vec(),
        lent,
        my_role: (me.role.clone(), say.word("role", &me.role)),
        link,
        done,
        failed,
        locked: (me.role != ADMIN).then(|| msg::places_locked_admin(lang, say.word("role", ADMIN))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_on_the_readers_clock() {
        let at = |text: &str| Time::parse(text).unwrap();
        assert_eq!(moment("2026-10-03T14:00", 8 * 60), Some(at("2026-10-03T06:00:00Z")));
        assert_eq!(moment("2026-10-03T14:00", -5 * 60), Some(at("2026-10-03T19:00:00Z")));
        assert_eq!(moment("2026-10-03T14:00:00Z", 8 * 60), Some(at("2026-10-03T14:00:00Z")));
        assert_eq!(moment("tomorrow", 0), None);
    }
}
