//! Compliance audits: the reports that there are, what is due, and one for a period on demand. A report is a bag of its own; its page is with the evidence.

use adjourn_app::AppError;
use adjourn_app::ports::BagKind;
use adjourn_domain::audit::Period;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;

use crate::audit;
use crate::desk::{Desk, Reader, apart};
use crate::evidence::page_of;
use crate::frame::{Frame, Place};

/// Reports that are shown, the newest.
const MAX_REPORTS: usize = 200;
/// Findings of a try that are shown.
const MAX_FINDINGS: usize = 200;

struct Row {
    /// Path of the bag.
    to: Option<String>,
    period: String,
    at: String,
    findings: u64,
}

#[derive(Template)]
#[template(path = "audits/audits.html")]
struct Audits {
    frame: Frame,
    rows: Vec<Row>,
    /// What a schedule asks for, in words.
    schedule: String,
    /// The period that is due, as a form sends it.
    due: String,
    /// What a try found: the summary, and check, subject and sentence of each finding.
    tried: Option<(String, Vec<[String; 3]>)>,
    /// Findings of the try that are not shown.
    more: u64,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Audits, audits(&desk, &reader).await)
}

async fn audits(desk: &Desk, reader: &Reader) -> Result<Audits, AppError> {
    let (app, lang) = (&desk.app, reader.lang);
    let org = app.journal.org().await?;
    let bundles = desk.tools.bundles.clone();
    let bags = apart(move || bundles.list()).await?;
    let days = |period: &Period| {
        // The last day that is in it.
        let last = adjourn_domain::time::Time::from_millis(period.until.as_millis() - 1);
        let day = |at| adjourn_domain::asset::Day::of(at, period.utc_offset_minutes).to_string();
        (day(period.from), day(last))
    };
    let row = |one: &adjourn_app::org::Audit| {
        let hash = one.report.to_hex();
        let short = hash.get(..8).unwrap_or_default();
        let bag = bags.iter().find(|bag| bag.kind == BagKind::Audit && bag.name.ends_with(short));
        let (from, until) = days(&one.period);
        Row {
            to: bag.map(|bag| page_of(bag.kind, &bag.name)),
            period: format!("{from} … {until}"),
            at: reader.time(one.at),
            findings: one.findings,
        }
    };
    let due = desk.tools.configured.every.map(|every| app.audit_due(&org, every));
    let schedule = match &due {
        None => msg::audit_no_schedule(lang),
        Some(None) => msg::audit_not_due(lang),
        Some(Some(period)) => msg::audit_due(lang, reader.time(period.from), reader.time(period.until)),
    };
    let due = due.flatten().map(|period| {
        let (from, until) = days(&period);
        format!("{from}/{until}")
    });
    Ok(Audits {
        frame: reader.frame(Place::Audits),
        rows: org.audits.iter().rev().take(MAX_REPORTS).map(row).collect(),
        schedule,
        due: due.unwrap_or_default(),
        tried: None,
        more: 0,
    })
}

/// The form of an audit.
#[derive(Deserialize)]
pub(crate) struct Wish {
    period: String,
    /// `try` writes nothing.
    act: String,
}

pub(crate) async fn run(reader: Reader, State(desk): State<Desk>, Form(form): Form<Wish>) -> Response {
    if form.act == "try" {
        return reader.answer(Place::Audits, tried(&desk, &reader, &form.period).await);
    }
    reader.onward(Place::Audits, written(&desk, &reader, &form.period).await)
}

async fn audited(desk: &Desk, reader: &Reader, text: &str) -> Result<adjourn_app::audit::Audited, AppError> {
    let app = &desk.app;
    let period = Period::parse(text.trim(), app.clock.now(), app.utc_offset_minutes())
        .ok_or_else(|| AppError::new("audit.form").with("given", text))?;
    app.audit(period, desk.tools.configured.audit, reader.session.signer.as_ref()).await
}

async fn tried(desk: &Desk, reader: &Reader, period: &str) -> Result<Audits, AppError> {
    let lang = reader.lang;
    let report = audited(desk, reader, period).await?.report;
    let finding = |finding: &adjourn_domain::audit::Finding| {
        let subject = format!("{} {}", finding.name, finding.subject.id());
        [audit::check(lang, finding.check).to_owned(), subject.trim().to_owned(), audit::says(lang, finding)]
    };
    let found = report.findings.iter().take(MAX_FINDINGS).map(finding).collect();
    let more = report.findings.len().saturating_sub(MAX_FINDINGS) as u64;
    let page = audits(desk, reader).await?;
    Ok(Audits { tried: Some((audit::summary(lang, &report), found)), more, due: period.to_owned(), ..page })
}

async fn written(desk: &Desk, reader: &Reader, period: &str) -> Result<String, AppError> {
    let audited = audited(desk, reader, period).await?;
    let info = audit::hand_over(&desk.app, reader.lang, &audited).await?;
    let name = info.path.rsplit(['/', '\\']).next().unwrap_or_default();
    Ok(page_of(BagKind::Audit, name))
}
