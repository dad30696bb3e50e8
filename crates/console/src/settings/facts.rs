//! What the organisation says about a platform instead of its profile: shown beside the findings, never in their place; said and taken back with a reason.

use adjourn_app::AppError;
use adjourn_domain::clocks::shown;
use adjourn_domain::ids::PlatformId;
use adjourn_i18n::msg;
use adjourn_web::wording::in_language;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::{locked, views};
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};
use crate::platforms::PLATFORMS;

/// Which platform.
#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    platform: String,
}

struct Said {
    key: String,
    value: String,
    says: String,
}

#[derive(Template)]
#[template(path = "settings/facts.html")]
struct Page {
    frame: Frame,
    views: Vec<Choice>,
    platforms: Vec<Choice>,
    platform: &'static str,
    said: Vec<Said>,
    /// Where what is published and what is confirmed differ: key, both values.
    differences: Vec<[String; 3]>,
    keys: Vec<String>,
    locked: Option<String>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Query(which): Query<Which>) -> Response {
    reader.answer(Place::Settings, facts(&desk, &reader, &which.platform).await)
}

fn known(slug: &str) -> &'static str {
    PLATFORMS.into_iter().find(|platform| *platform == slug).unwrap_or("wechat")
}

async fn facts(desk: &Desk, reader: &Reader, platform: &str) -> Result<Page, AppError> {
    let (app, lang) = (&desk.app, reader.lang);
    let platform = known(platform);
    let org = app.journal.org().await?;
    let knowledge = app.knowledge(&PlatformId::from(platform)).await?;
    let mut keys: Vec<String> = knowledge.profile.facts.iter().map(|fact| fact.key.clone()).collect();
    keys.sort();
    keys.dedup();
    let difference = |found: &adjourn_domain::knowledge::Difference<'_>| {
        let says = |fact: &adjourn_domain::fact::Fact| {
            format!("{} · {}", shown(&fact.value), in_language(lang, &fact.says))
        };
        [found.declared.key.clone(), says(found.declared), says(found.confirmed)]
    };
    Ok(Page {
        frame: reader.frame(Place::Settings),
        views: views(reader, "/settings/facts"),
        platforms: PLATFORMS
            .into_iter()
            .map(|one| Choice {
                to: format!("/settings/facts?platform={one}"),
                text: reader.say.word("platform", one),
                here: one == platform,
            })
            .collect(),
        platform,
        said: knowledge
            .overrides
            .iter()
            .map(|(key, says)| Said {
                key: key.clone(),
                value: shown(&says.value),
                says: msg::facts_override(
                    lang,
                    reader.time(says.at),
                    org.name(&says.by),
                    &says.reason,
                    shown(&says.value),
                ),
            })
            .collect(),
        differences: knowledge.differences().iter().map(difference).collect(),
        keys,
        locked: locked(reader),
    })
}

/// The form that says something, or takes it back when there is no value.
#[derive(Deserialize)]
pub(crate) struct Say {
    platform: String,
    key: String,
    value: Option<String>,
    reason: String,
}

pub(crate) async fn say(reader: Reader, State(desk): State<Desk>, Form(form): Form<Say>) -> Response {
    reader.onward(Place::Settings, said(&desk, &reader, &form).await)
}

async fn said(desk: &Desk, reader: &Reader, form: &Say) -> Result<String, AppError> {
    let platform = PlatformId::from(form.platform.as_str());
    let (key, reason, signer) = (form.key.trim(), form.reason.trim(), reader.session.signer.as_ref());
    match &form.value {
        Some(value) => {
            desk.app.override_fact(&platform, key, value.trim(), reason, signer).await?;
        }
        None => desk.app.retract_fact(&platform, key, reason, signer).await?,
    }
    Ok(format!("/settings/facts?platform={}", known(&form.platform)))
}
