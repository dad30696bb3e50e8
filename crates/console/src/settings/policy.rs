//! The policy of each class as it counts now, and where it is set: in the configuration file, by whoever has it, and never by a click.

use adjourn_app::AppError;
use adjourn_domain::policy::ClassPolicy;
use adjourn_i18n::msg;
use adjourn_web::{records, wording};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::views;
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};

struct Class {
    name: String,
    slug: String,
    lines: Vec<(String, String)>,
    /// What nobody could meet as things are.
    lack: Option<String>,
}

#[derive(Template)]
#[template(path = "settings/policy.html")]
struct Page {
    frame: Frame,
    views: Vec<Choice>,
    classes: Vec<Class>,
    data: String,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Settings, policy(&desk, &reader).await)
}

async fn policy(desk: &Desk, reader: &Reader) -> Result<Page, AppError> {
    let lacks = desk.app.unmeetable().await?;
    let class = |(slug, policy): (&String, &ClassPolicy)| Class {
        name: reader.say.word("class", slug),
        slug: slug.clone(),
        lines: lines(reader, policy),
        lack: lacks
            .iter()
            .find(|(class, _)| class == slug)
            .map(|(_, lack)| adjourn_web::refusal::words(reader.lang, lack).0),
    };
    Ok(Page {
        frame: reader.frame(Place::Settings),
        views: views(reader, "/settings/policy"),
        classes: desk.app.policy.0.iter().map(class).collect(),
        data: desk.tools.configured.data.clone(),
    })
}

fn lines(reader: &Reader, policy: &ClassPolicy) -> Vec<(String, String)> {
    let (say, lang) = (reader.say, reader.lang);
    let long = |seconds| wording::duration(say, seconds);
    let review = &policy.review;
    let yes = |yes: bool| if yes { msg::places_yes(lang) } else { msg::places_no(lang) };
    let who =
        if review.has_reviewers() { records::rules(say, review) } else { msg::settings_no_reviewers(lang) };
    vec![
        (msg::settings_reviewers(lang), who),
        (msg::settings_passkey(lang), yes(review.passkey)),
        (msg::settings_typed(lang), yes(review.typed_confirmation)),
        (msg::settings_cooling_off(lang), long(policy.cooling_off_s)),
        (msg::settings_notice(lang), long(policy.notice_s)),
        (msg::settings_observation(lang), long(policy.observation_s)),
        (msg::settings_human(lang), format!("{} · {}", long(policy.human_deadline_s), policy.human_people)),
        (msg::settings_party(lang), long(policy.party_s)),
        (msg::settings_joint(lang), long(policy.joint_patience_s)),
        (msg::settings_drift(lang), format!("{} %", policy.members_drift_percent)),
        (msg::settings_objections(lang), policy.open_objections.to_string()),
    ]
}
