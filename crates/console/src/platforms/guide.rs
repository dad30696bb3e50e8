//! The personal guide as a form: the questions of `adjourn guide`, and its printable page and calendar as answers. Nothing that is answered is kept.

use std::str::FromStr;

use adjourn_app::AppError;
use adjourn_domain::fact::Rules;
use adjourn_domain::guide::{Answers, Button, Guide, Hanging, Holds, Keep, Owner, guide};
use adjourn_domain::ids::PlatformId;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::parts;
use crate::desk::{Desk, Reader, encoded};
use crate::evidence::{download, standalone};
use crate::frame::{Choice, Frame, Place};
use crate::guide::{PLATFORMS, View, html, ics, typed_time};

/// What a browser sends.
type Sent = Query<Vec<(String, String)>>;

/// A question: name of its field, text, whether several answers go, and the choices: slug, text, whether it is chosen.
struct Question {
    name: &'static str,
    text: String,
    several: bool,
    choices: Vec<(&'static str, String, bool)>,
}

#[derive(Template)]
#[template(path = "platforms/guide.html")]
struct Page {
    frame: Frame,
    parts: Vec<Choice>,
    questions: Vec<Question>,
    at: String,
    /// Outcome, path of the page, path of the calendar.
    done: Option<(String, String, String)>,
}

pub(crate) async fn ask(reader: Reader, State(desk): State<Desk>, Query(sent): Sent) -> Response {
    reader.answer(Place::Platforms, page(&desk, &reader, &sent))
}

fn page(desk: &Desk, reader: &Reader, sent: &[(String, String)]) -> Result<Page, AppError> {
    let lang = reader.lang;
    let chosen = |name: &str, slug: &str| sent.iter().any(|(key, value)| key == name && value == slug);
    let question = |name, text, several, family: &str, slugs: Vec<&'static str>| Question {
        name,
        text,
        several,
        choices: slugs
            .iter()
            .enumerate()
            .map(|(at, slug)| {
                // Where one answer is needed, the first is chosen until somebody answers.
                let first = !several && at == 0 && !sent.iter().any(|(key, _)| key == name);
                (*slug, reader.say.word(family, slug), first || chosen(name, slug))
            })
            .collect(),
    };
    let slugs = |all: &[Owner]| all.iter().map(|one| one.slug()).collect();
    let questions = vec![
        question("platform", msg::console_platform(lang), false, "platform", PLATFORMS.to_vec()),
        question("owner", msg::guide_ask_owner(lang), false, "guide-owner", slugs(Owner::ALL)),
        question(
            "holds",
            msg::guide_ask_holds(lang),
            true,
            "guide-holds",
            Holds::ALL.iter().map(|one| one.slug()).collect(),
        ),
        question(
            "links",
            msg::guide_ask_links(lang),
            true,
            "guide-links",
            Hanging::ALL.iter().map(|one| one.slug()).collect(),
        ),
        question(
            "keep",
            msg::guide_ask_keep(lang),
            true,
            "guide-keep",
            Keep::ALL.iter().map(|one| one.slug()).collect(),
        ),
        question(
            "button",
            msg::guide_ask_button(lang),
            false,
            "guide-button",
            Button::ALL.iter().map(|one| one.slug()).collect(),
        ),
    ];
    let at = sent.iter().find(|(key, _)| key == "at").map(|(_, at)| at.clone()).unwrap_or_default();
    let done = if sent.iter().any(|(key, _)| key == "owner") {
        let (document, view) = drawn(desk, reader, sent)?;
        let pairs: Vec<String> =
            sent.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
        let query = pairs.join("&");
        let outcome = view.word("guide-outcome", &document.outcome.slug().replace('_', "-"));
        Some((
            outcome,
            format!("/platforms/guide/page?{query}"),
            format!("/platforms/guide/calendar?{query}"),
        ))
    } else {
        None
    };
    Ok(Page {
        frame: reader.frame(Place::Platforms),
        parts: parts(reader, "/platforms/guide"),
        questions,
        at,
        done,
    })
}

/// The guide that the answers give.
fn drawn(desk: &Desk, reader: &Reader, sent: &[(String, String)]) -> Result<(Guide, View), AppError> {
    let one = |name: &str| sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let platform = one("platform").unwrap_or_default();
    let unknown =
        || AppError::new("guide.platform").with("platform", platform).with("choices", PLATFORMS.join(", "));
    if !PLATFORMS.contains(&platform) {
        return Err(unknown());
    }
    let profile = desk.app.profiles.profile(&PlatformId::from(platform))?.ok_or_else(unknown)?;
    let answers = Answers {
        owner: answer(sent, "owner")?.unwrap_or(Owner::Me),
        holds: several::<Holds>(sent, "holds")?.into_iter().collect(),
        links: several::<Hanging>(sent, "links")?.into_iter().collect(),
        keep: several::<Keep>(sent, "keep")?.into_iter().collect(),
        button: answer(sent, "button")?.unwrap_or(Button::Present),
    };
    let now = desk.app.clock.now();
    let (at, offset) = match one("at").filter(|text| !text.is_empty()) {
        Some(text) => typed_time(text).ok_or_else(|| AppError::new("guide.time").with("given", text))?,
        None => (now, reader.offset),
    };
    let document = guide(&profile, &answers, Rules::Confirmed, at);
    Ok((document, View { lang: reader.lang, offset, now }))
}

fn answer<T: FromStr>(sent: &[(String, String)], name: &'static str) -> Result<Option<T>, AppError> {
    Ok(several(sent, name)?.into_iter().next())
}

fn several<T: FromStr>(sent: &[(String, String)], name: &'static str) -> Result<Vec<T>, AppError> {
    let given = sent.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
    given.map(|text| text.parse().map_err(|_| AppError::new("page.form"))).collect()
}

/// The printable page.
pub(crate) async fn paper(reader: Reader, State(desk): State<Desk>, Query(sent): Sent) -> Response {
    match drawn(&desk, &reader, &sent) {
        Ok((document, view)) => standalone(html::render(&document, view)),
        Err(error) => reader.refused(Place::Platforms, &error),
    }
}

/// The calendar.
pub(crate) async fn calendar(reader: Reader, State(desk): State<Desk>, Query(sent): Sent) -> Response {
    match drawn(&desk, &reader, &sent) {
        Ok((document, view)) => {
            let name = format!("adjourn-{}.ics", document.platform);
            download(ics::render(&document, view), "text/calendar; charset=utf-8", &name)
        }
        Err(error) => reader.refused(Place::Platforms, &error),
    }
}
