//! The frame around every page of the console: where one is, who one is, in which language.

use adjourn_i18n::{Lang, msg};
use adjourn_web::wording::Say;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::{drill, local};

pub(crate) mod line;
pub(crate) mod parts;

/// The style sheet, in the order of its layers. Dark has one list of colours, for those whose system is dark and for those who chose it.
const STYLE: &str = concat!(
    include_str!("style/tokens.css"),
    "@layer tokens { @media (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) {\n",
    include_str!("style/dark.css"),
    "} } :root[data-theme=\"dark\"] {\n",
    include_str!("style/dark.css"),
    "} }\n",
    include_str!("style/base.css"),
    include_str!("style/layout.css"),
    include_str!("style/parts.css"),
    include_str!("style/forms.css"),
    include_str!("style/case.css"),
    include_str!("style/adapt.css"),
);
const SCRIPT: &str = include_str!("console.js");

/// A place of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What is to do.
    Today,
    /// The groups.
    Groups,
    /// The cases.
    Cases,
    /// The asset register.
    Register,
    /// Bundles, holds and records.
    Evidence,
    /// Compliance audits.
    Audits,
    /// What is known about the platforms.
    Platforms,
    /// Who acts.
    People,
    /// How this installation is set up.
    Settings,
    /// One's own account.
    Account,
    /// None of them: signing in.
    Door,
}

/// One of several ways to look at a page.
pub(crate) struct Choice {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) here: bool,
}

/// What the bar of a drill shows.
pub(crate) struct Bar {
    pub(crate) time: String,
    pub(crate) password: String,
    /// Names and roles of its people.
    pub(crate) people: Vec<(String, String)>,
}

/// The frame.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Where one is.
    pub here: Place,
    /// The path of the page as a parameter, for those who change the language on it.
    pub path: String,
    /// Who is signed in, in words.
    pub person: Option<String>,
}

impl Frame {
    /// The places that there are, with their paths.
    pub fn places(&self) -> [(Place, &'static str, String); 9] {
        [
            (Place::Today, "/", msg::console_today(self.lang)),
            (Place::Groups, "/groups", msg::console_groups(self.lang)),
            (Place::Cases, "/cases", msg::console_cases(self.lang)),
            (Place::Register, "/register", msg::console_register(self.lang)),
            (Place::Evidence, "/evidence", msg::console_evidence(self.lang)),
            (Place::Audits, "/audits", msg::console_audits(self.lang)),
            (Place::Platforms, "/platforms", msg::console_platforms(self.lang)),
            (Place::People, "/people", msg::console_people(self.lang)),
            (Place::Settings, "/settings", msg::console_settings(self.lang)),
        ]
    }

    /// Whether it is one's own account.
    pub fn in_account(&self) -> bool {
        self.here == Place::Account
    }

    /// What the bar of a drill shows, in a drill.
    pub(crate) fn drill(&self) -> Option<Bar> {
        let drill = drill::here()?;
        let say = Say::new(self.lang);
        let people = drill.people().iter().map(|one| (one.name.clone(), say.word("role", &one.role)));
        Some(Bar {
            time: local::time(self.lang, drill.now(), local::BEIJING),
            password: drill.password().to_owned(),
            people: people.collect(),
        })
    }

    /// The language that the page is not in.
    pub fn other(&self) -> Lang {
        match self.lang {
            Lang::ZhCn => Lang::En,
            Lang::En => Lang::ZhCn,
        }
    }
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    asset(STYLE, "text/css; charset=utf-8")
}

/// The script. Pages do without it.
pub(crate) async fn script() -> Response {
    asset(SCRIPT, "text/javascript; charset=utf-8")
}

pub(crate) fn asset(text: &'static str, kind: &'static str) -> Response {
    let mut reply = text.into_response();
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}
