//! A ledger or a list of leavers: looked at first, row by row, and taken only then, the very same bytes.

use adjourn_app::AppError;
use adjourn_app::ports::{LeaversTable, LedgerTable};
use adjourn_domain::canonical::Hash;
use adjourn_i18n::msg;
use adjourn_web::register::{departures, registered};
use askama::Template;
use axum::extract::{Form, Multipart, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};
use crate::task;

/// Largest table, in bytes.
const MAX_TABLE: usize = 32 * 1024 * 1024;
/// Largest form, in bytes.
pub(crate) const MAX_UPLOAD: usize = MAX_TABLE + 64 * 1024;
/// Lines that are shown.
const MAX_LINES: usize = 1000;
/// What may be imported.
const KINDS: [&str; 2] = ["ledger", "leavers"];

#[derive(Template)]
#[template(path = "register/import.html")]
struct Import {
    frame: Frame,
    kind: &'static str,
    /// SHA-256 of what was looked at and may be taken; nothing when it was taken.
    take: Option<String>,
    lines: Vec<String>,
    more: u64,
}

/// Looks at a table and writes nothing.
pub(crate) async fn look(reader: Reader, State(desk): State<Desk>, form: Multipart) -> Response {
    reader.answer(Place::Register, looked(&desk, &reader, form).await)
}

async fn looked(desk: &Desk, reader: &Reader, form: Multipart) -> Result<Import, AppError> {
    let mut form = task::Form::read(form, MAX_TABLE).await?;
    let kind = kind_of(&form.text("kind"))?;
    let (_, bytes) = form.files.pop().ok_or_else(|| AppError::new("page.form"))?;
    let lines = run(desk, reader, kind, &bytes, true).await?;
    let sha256 = desk.uploads.keep(&reader.session.principal.id, kind, bytes);
    Ok(page(reader, kind, Some(sha256), lines))
}

/// What is taken.
#[derive(Deserialize)]
pub(crate) struct Take {
    kind: String,
    sha256: String,
}

/// Takes what was looked at.
pub(crate) async fn take(reader: Reader, State(desk): State<Desk>, Form(form): Form<Take>) -> Response {
    reader.answer(Place::Register, taken(&desk, &reader, &form).await)
}

async fn taken(desk: &Desk, reader: &Reader, form: &Take) -> Result<Import, AppError> {
    let kind = kind_of(&form.kind)?;
    let bytes = Hash::from_hex(&form.sha256)
        .and_then(|sha256| desk.uploads.find(&reader.session.principal.id, kind, sha256))
        .ok_or_else(|| AppError::new("register.again"))?;
    let lines = run(desk, reader, kind, &bytes, false).await?;
    Ok(page(reader, kind, None, lines))
}

fn kind_of(slug: &str) -> Result<&'static str, AppError> {
    KINDS.into_iter().find(|kind| *kind == slug).ok_or_else(|| AppError::new("page.form"))
}

async fn run(
    desk: &Desk,
    reader: &Reader,
    kind: &str,
    bytes: &[u8],
    dry: bool,
) -> Result<Vec<String>, AppError> {
    let (say, signer) = (reader.say, reader.session.signer.as_ref());
    let tables = &desk.tools.tables;
    if kind == "leavers" {
        let LeaversTable { sha256, form, people, active, unlisted, problems } =
            tables.leavers(bytes, &|note| say.note(note))?;
        let mut done = desk.app.leavers(&people, sha256, &desk.rules, dry, signer).await?;
        done.problems.extend(problems);
        done.problems.sort_by_key(|problem| problem.line);
        let mut lines = departures(say, form, &done, MAX_LINES);
        if active > 0 {
            lines.push(msg::leavers_active(reader.lang, active as u64));
        }
        if unlisted > 0 {
            lines.push(msg::leavers_unlisted(reader.lang, unlisted));
        }
        return Ok(lines);
    }
    let LedgerTable { sha256, form, rows, problems } = tables.ledger(bytes, &|note| say.note(note))?;
    let total = rows.len() + problems.len();
    let mut done = desk.app.register(&rows, sha256, &[], dry, signer).await?;
    done.problems.extend(problems);
    done.problems.sort_by_key(|problem| problem.line);
    Ok(registered(say, form, total, &done))
}

fn page(reader: &Reader, kind: &'static str, take: Option<Hash>, mut lines: Vec<String>) -> Import {
    let more = lines.len().saturating_sub(MAX_LINES) as u64;
    lines.truncate(MAX_LINES);
    Import { frame: reader.frame(Place::Register), kind, take: take.map(|hash| hash.to_hex()), lines, more }
}
