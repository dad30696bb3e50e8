//! Connecting a platform: its connector asks, the page shows the questions, and the answers go through the use case of `connect add`. What was typed stays
//! when something is refused, but for secrets, which are never sent back.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::connecting::ConnectWish;
use adjourn_app::ports::Offer;
use adjourn_domain::ids::IdentityId;
use adjourn_i18n::msg;
use adjourn_web::refusal::words;
use adjourn_web::wording;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;

use super::connection::{Asked, secrets};
use super::locked;
use crate::desk::{Desk, Reader, encoded, see};
use crate::frame::{Frame, Place};

/// The identities that a form has room for: the one that acts, and a witness.
const ACTS: &str = "main";
const WITNESS: &str = "witness";

#[derive(Template)]
#[template(path = "settings/connect.html")]
struct Page {
    frame: Frame,
    platform: String,
    title: String,
    tier: String,
    name: String,
    /// Question and what was answered.
    settings: Vec<(Asked, String)>,
    /// Whose secrets: slug, what it is, whether they are needed.
    identities: Vec<(&'static str, String, bool)>,
    secrets: Vec<Asked>,
    /// Class, word, whether it is chosen.
    classes: Vec<(String, String, bool)>,
    failed: Option<(String, String)>,
    locked: Option<String>,
}

pub(crate) async fn ask(reader: Reader, State(desk): State<Desk>, Path(platform): Path<String>) -> Response {
    let page = offer(&desk, &platform).map(|offer| page(&desk, &reader, &offer, &[], None));
    reader.answer(Place::Settings, page)
}

fn offer(desk: &Desk, platform: &str) -> Result<Offer, AppError> {
    let unknown = || AppError::new("platform.unknown").with("platform", platform);
    desk.tools.catalogue.offer(platform).ok_or_else(unknown)
}

fn text(form: &[(String, String)], name: &str) -> String {
    form.iter().find(|(key, _)| key == name).map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
}

fn page(
    desk: &Desk,
    reader: &Reader,
    offer: &Offer,
    form: &[(String, String)],
    failed: Option<&AppError>,
) -> Page {
    let (say, lang) = (reader.say, reader.lang);
    let class = text(form, "class");
    let classes = desk.app.policy.0.keys().map(|one| (one.clone(), say.word("class", one), *one == class));
    let (asked, settings): (Vec<_>, Vec<_>) = offer.questions.iter().partition(|question| question.secret);
    Page {
        frame: reader.frame(Place::Settings),
        platform: offer.platform.to_string(),
        title: msg::settings_connect_to(lang, wording::in_language(lang, &offer.name)),
        tier: say.word("tier", offer.tier),
        name: text(form, "name"),
        settings: settings
            .into_iter()
            .map(|question| (Asked::of(reader, question), text(form, &format!("set.{}", question.name))))
            .collect(),
        identities: vec![
            (ACTS, msg::settings_acts(lang), true),
            (WITNESS, msg::settings_witness(lang), false),
        ],
        secrets: asked.into_iter().map(|question| Asked::of(reader, question)).collect(),
        classes: classes.collect(),
        failed: failed.map(|error| words(lang, error)),
        locked: locked(reader),
    }
}

pub(crate) async fn add(
    reader: Reader,
    State(desk): State<Desk>,
    Path(platform): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let offer = match offer(&desk, &platform) {
        Ok(offer) => offer,
        Err(error) => return reader.refused(Place::Settings, &error),
    };
    match connected(&desk, &reader, &offer, &form).await {
        Ok(name) => see(&format!("/settings/connection/{}", encoded(&name))),
        Err(error) => reader.answer(Place::Settings, Ok(page(&desk, &reader, &offer, &form, Some(&error)))),
    }
}

async fn connected(
    desk: &Desk,
    reader: &Reader,
    offer: &Offer,
    form: &[(String, String)],
) -> Result<String, AppError> {
    let settings: BTreeMap<String, String> = offer
        .questions
        .iter()
        .filter(|question| !question.secret)
        .map(|question| (question.name.clone(), text(form, &format!("set.{}", question.name))))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let secrets = secrets(form);
    let witness = IdentityId::from(WITNESS);
    let wish = ConnectWish {
        name: text(form, "name").into(),
        settings,
        identity: ACTS.into(),
        // There is a witness when it has a secret of its own, or was asked for.
        witnesses: if secrets.contains_key(&witness) || !text(form, "with_witness").is_empty() {
            vec![witness]
        } else {
            Vec::new()
        },
        secrets,
        class: text(form, "class"),
    };
    let (connection, _) = desk.app.connect(offer, wish, reader.session.signer.as_ref()).await?;
    Ok(connection.id.to_string())
}
