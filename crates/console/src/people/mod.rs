//! Who acts: the principals, and the link with which a new one chooses a password.

use adjourn_app::AppError;
use adjourn_app::accounts::ROLES;
use adjourn_i18n::msg;
use adjourn_web::refusal::words;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, page};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "people/people.html")]
struct People {
    frame: Frame,
    rows: Vec<(String, String, String)>,
    roles: Vec<(&'static str, String)>,
    /// The link of whoever was just invited, with their name.
    link: Option<(String, String)>,
    failed: Option<(String, String)>,
}

/// The form of an invitation.
#[derive(Deserialize)]
pub(crate) struct Invitation {
    name: String,
    role: String,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    shown(&desk, &reader, None, None).await
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
    match invited {
        Ok((principal, token)) => {
            // The address under which this browser sees us is the one that others are sent.
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
            let origin = origin.map_or_else(|| format!("http://{host}"), str::to_owned);
            let link = (principal.name, format!("{origin}/welcome/{}", token.text()));
            shown(&desk, &reader, Some(link), None).await
        }
        Err(error) => shown(&desk, &reader, None, Some(&error)).await,
    }
}

async fn shown(
    desk: &Desk,
    reader: &Reader,
    link: Option<(String, String)>,
    failed: Option<&AppError>,
) -> Response {
    let org = match desk.app.journal.org().await {
        Ok(org) => org,
        Err(error) => return reader.refused(Place::People, &error),
    };
    let rows = org.principals.values().map(|principal| {
        let by = principal.added_by.as_ref().map(|by| org.name(by)).unwrap_or_default();
        (principal.name.clone(), reader.say.word("role", &principal.role), by)
    });
    page(&People {
        frame: reader.frame(Place::People),
        rows: rows.collect(),
        roles: ROLES.map(|role| (role, reader.say.word("role", role))).to_vec(),
        link,
        failed: failed.map(|error| words(reader.lang, error)),
    })
}
