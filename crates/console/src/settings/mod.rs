//! How this installation is set up: connections, the policy of each class, what members read, what is said instead of a profile, and whether all of it
//! works. What the configuration file decides is shown and not changed here.

use adjourn_app::AppError;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};

pub(crate) mod connect;
pub(crate) mod connection;
pub(crate) mod facts;
pub(crate) mod health;
pub(crate) mod policy;
pub(crate) mod texts;

/// The parts of this place.
fn views(reader: &Reader, here: &str) -> Vec<Choice> {
    let lang = reader.lang;
    let all = [
        ("/settings", msg::settings_connections(lang)),
        ("/settings/policy", msg::settings_policy(lang)),
        ("/settings/facts", msg::settings_facts(lang)),
        ("/settings/texts", msg::settings_texts(lang)),
        ("/settings/health", msg::settings_health(lang)),
    ];
    all.into_iter().map(|(to, text)| Choice { to: to.to_owned(), text, here: to == here }).collect()
}

/// Why whoever looks can't change what only an administrator changes; the use cases refuse it, too.
fn locked(reader: &Reader) -> Option<String> {
    let admin = reader.session.principal.role == adjourn_app::org::ADMIN;
    (!admin).then(|| msg::places_locked_admin(reader.lang, reader.say.word("role", adjourn_app::org::ADMIN)))
}

struct Row {
    to: String,
    name: String,
    platform: String,
    identities: String,
    class: String,
    tier: String,
}

struct Offered {
    to: String,
    name: String,
    tier: String,
}

#[derive(Template)]
#[template(path = "settings/settings.html")]
struct Settings {
    frame: Frame,
    views: Vec<Choice>,
    rows: Vec<Row>,
    offers: Vec<Offered>,
    locked: Option<String>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Settings, connections(&desk, &reader).await)
}

async fn connections(desk: &Desk, reader: &Reader) -> Result<Settings, AppError> {
    let say = reader.say;
    let org = desk.app.journal.org().await?;
    let catalogue = &desk.tools.catalogue;
    let tier = |slug: &str| say.word("tier", slug);
    let rows = org.connections.values().map(|connection| {
        let platform = connection.platform.as_str();
        let names: Vec<String> = connection
            .identities
            .iter()
            .map(|identity| {
                let role = if identity.witness { say.word("term", "witness") } else { String::new() };
                format!("{} {role}", identity.id).trim_end().to_owned()
            })
            .collect();
        let offer = catalogue.offer(platform).filter(|_| !connection.drill);
        Row {
            to: format!("/settings/connection/{}", crate::desk::encoded(connection.id.as_str())),
            name: connection.id.to_string(),
            platform: adjourn_web::wording::platform(say, platform, connection.drill),
            identities: names.join(", "),
            class: say.word("class", &connection.class),
            tier: offer.map_or_else(|| msg::settings_drill(reader.lang), |offer| tier(offer.tier)),
        }
    });
    let offers = catalogue.offers().into_iter().map(|offer| Offered {
        to: format!("/settings/connect/{}", offer.platform),
        name: adjourn_web::wording::in_language(reader.lang, &offer.name).to_owned(),
        tier: tier(offer.tier),
    });
    Ok(Settings {
        frame: reader.frame(Place::Settings),
        views: views(reader, "/settings"),
        rows: rows.collect(),
        offers: offers.collect(),
        locked: locked(reader),
    })
}
