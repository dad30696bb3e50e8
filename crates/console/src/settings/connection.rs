//! One connection: what its connector declares, what its identities may do in effect, a test, and new secrets. A secret goes to the keys and is never shown.

use adjourn_app::AppError;
use adjourn_app::connecting::Secrets;
use adjourn_app::ports::{IdentityReport, Question};
use adjourn_domain::capability::Op;
use adjourn_domain::event::Connection;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_domain::plan::Note;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;

use super::locked;
use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

/// An operation: what is declared, what each identity may do in effect.
struct Row {
    op: String,
    declared: String,
    /// Permission, until when it can be taken back, proof.
    detail: String,
    /// Source and date.
    source: String,
    effective: Option<String>,
}

/// A question of a connector.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) says: String,
    pub(super) required: bool,
}

impl Asked {
    pub(super) fn of(reader: &Reader, question: &Question) -> Self {
        Self {
            name: question.name.clone(),
            says: wording::in_language(reader.lang, &question.says).to_owned(),
            required: question.required,
        }
    }
}

#[derive(Template)]
#[template(path = "settings/connection.html")]
struct Page {
    frame: Frame,
    name: String,
    platform: String,
    tier: String,
    settings: Vec<(String, String)>,
    identities: Vec<String>,
    rows: Vec<Row>,
    /// Identity, account, server of each that answered just now.
    answered: Vec<[String; 3]>,
    /// Whether it was asked just now.
    tested: bool,
    failed: Option<(String, String)>,
    secrets: Vec<Asked>,
    locked: Option<String>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(name): Path<String>) -> Response {
    reader.answer(Place::Settings, page(&desk, &reader, &name.into(), None).await)
}

/// Asks every identity who it is, as `connect test` does.
pub(crate) async fn test(reader: Reader, State(desk): State<Desk>, Path(name): Path<String>) -> Response {
    let name = ConnectionId::from(name);
    let tested = tested(&desk, &name).await;
    reader.answer(Place::Settings, page(&desk, &reader, &name, Some(tested)).await)
}

async fn tested(desk: &Desk, name: &ConnectionId) -> Result<Vec<IdentityReport>, AppError> {
    let org = desk.app.journal.org().await?;
    desk.app.test_connection(org.connection(name)?).await
}

/// Gives identities new secrets; those that are left empty stay.
pub(crate) async fn renew(
    reader: Reader,
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let name = ConnectionId::from(name);
    let secrets = secrets(&form);
    let renewed = if secrets.is_empty() {
        Err(AppError::new("page.form"))
    } else {
        desk.app.renew_connection(&name, &secrets, reader.session.signer.as_ref()).await
    };
    reader.answer(Place::Settings, page(&desk, &reader, &name, Some(renewed)).await)
}

/// The secrets of a form, whose fields are called `secret.IDENTITY.NAME`.
pub(super) fn secrets(form: &[(String, String)]) -> Secrets {
    let mut all = Secrets::new();
    for (field, text) in form.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let named = field.strip_prefix("secret.").and_then(|rest| rest.rsplit_once('.'));
        if let Some((identity, name)) = named {
            all.entry(IdentityId::from(identity))
                .or_default()
                .insert(name.to_owned(), text.trim().to_owned());
        }
    }
    all
}

async fn page(
    desk: &Desk,
    reader: &Reader,
    name: &ConnectionId,
    asked: Option<Result<Vec<IdentityReport>, AppError>>,
) -> Result<Page, AppError> {
    let (say, lang) = (reader.say, reader.lang);
    let org = desk.app.journal.org().await?;
    let connection = org.connection(name)?;
    let offer = desk.tools.catalogue.offer(connection.platform.as_str());
    let (reports, failed) = match &asked {
        Some(Ok(reports)) => (reports.as_slice(), None),
        Some(Err(error)) => (Default::default(), Some(adjourn_web::refusal::words(lang, error))),
        None => (Default::default(), None),
    };
    // What stands behind the bar is for the planner.
    let note = |code: &str| match code.split('|').next().unwrap_or_default() {
        "" => String::new(),
        code => say.note(&Note::new(code)),
    };
    let declared = offer.as_ref().map(|offer| offer.declared.0.as_slice()).unwrap_or_default();
    let rows = declared.iter().map(|row| {
        let proof = say.note(&Note::new(&format!("proof-{}", row.proof)));
        let detail =
            [row.permission.clone(), wording::reversible(say, &row.reversible), proof, note(&row.note)];
        let detail: Vec<String> = detail.into_iter().filter(|text| !text.is_empty()).collect();
        Row {
            op: say.word("op", row.op.slug()),
            declared: say.word("support", row.support.slug()),
            detail: detail.join(" · "),
            source: format!("{} · {}", row.source, msg::facts_checked(lang, &row.checked)),
            effective: (!reports.is_empty()).then(|| effective(say, reports, row.op)),
        }
    });
    Ok(Page {
        frame: reader.frame(Place::Settings),
        name: name.to_string(),
        platform: wording::platform(say, connection.platform.as_str(), connection.drill),
        tier: match &offer {
            Some(offer) if !connection.drill => say.word("tier", offer.tier),
            _ => msg::settings_drill(lang),
        },
        settings: connection.settings.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        identities: identities(connection),
        rows: rows.collect(),
        answered: reports
            .iter()
            .map(|report| {
                let server = report.info.server.clone().unwrap_or_else(|| "–".to_owned());
                [report.identity.to_string(), report.info.account.to_string(), server]
            })
            .collect(),
        tested: asked.is_some(),
        failed,
        secrets: offer
            .iter()
            .flat_map(|offer| &offer.questions)
            .filter(|question| question.secret)
            .map(|question| Asked::of(reader, question))
            .collect(),
        locked: locked(reader),
    })
}

/// What each identity may do in effect.
fn effective(say: wording::Say, reports: &[IdentityReport], op: Op) -> String {
    let of = |report: &IdentityReport| {
        format!("{} {}", report.identity, say.word("support", report.info.capabilities.support(op).slug()))
    };
    reports.iter().map(of).collect::<Vec<_>>().join(" · ")
}

fn identities(connection: &Connection) -> Vec<String> {
    connection.identities.iter().map(|identity| identity.id.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_belongs_to_the_identity_that_its_field_names() {
        let form = [
            ("secret.main.bot.token".to_owned(), " s3cret ".to_owned()),
            ("secret.witness.token".to_owned(), String::new()),
            ("name".to_owned(), "x".to_owned()),
        ];
        let secrets = secrets(&form);
        assert_eq!(secrets.len(), 1);
        let of = secrets.get(&IdentityId::from("main.bot")).unwrap();
        assert_eq!(of.get("token").map(String::as_str), Some("s3cret"));
    }
}
