//! `audit`: compliance audits.

use adjourn_app::audit::Audited;
use adjourn_app::ports::BundleInfo;
use adjourn_app::{App, AppError};
use adjourn_console::audit::{self as page, hand_over};
use adjourn_console::local::time;
use adjourn_domain::audit::{Every, Period, Report, Subject};
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::Ctx;
use crate::args::AuditVerb;
use crate::config;
use crate::out::{Exit, Out};

/// Findings that are shown on a terminal.
const SHOWN: usize = 40;
/// How often a schedule is looked at, in seconds.
const LOOK_S: u64 = 3600;

/// Runs `audit`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: AuditVerb) -> Result<Exit, AppError> {
    match verb {
        AuditVerb::Run { period, dry_run } => audit(ctx, period.as_deref(), dry_run).await,
        AuditVerb::Ls => list(ctx).await,
    }
}

async fn audit(ctx: &Ctx<'_>, period: Option<&str>, dry_run: bool) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let limits = ctx.config.audit.limits()?;
    let Some(period) = wanted(ctx, period).await? else {
        out.line(msg::audit_not_due(out.lang));
        out.document(&json!({"due": null}));
        return Ok(Exit::Done);
    };
    let audited = ctx.app.audit(period, limits, &signer).await?;
    let written = if dry_run { None } else { Some(hand_over(&ctx.app, out.lang, &audited).await?) };
    show(out, &ctx.app, &audited.report);
    match &written {
        Some(info) => {
            out.line(msg::audit_written(out.lang, format!("{}/data", info.path)));
            out.next(format!("adjourn verify {}", info.path));
        }
        None => out.line(msg::audit_dry(out.lang)),
    }
    out.document(&told(&audited, written.as_ref()));
    Ok(Exit::Done)
}

/// An audit and where it lies, as JSON.
pub(super) fn told(audited: &Audited, written: Option<&BundleInfo>) -> Value {
    json!({
        "report": audited.report,
        "sha256": audited.sha256,
        "bundle": written.map(|info| &info.path),
        "bag_hash": written.map(|info| info.bag_hash),
    })
}

/// The period that is named, or the one that the schedule asks for.
async fn wanted(ctx: &Ctx<'_>, named: Option<&str>) -> Result<Option<Period>, AppError> {
    if let Some(text) = named {
        return period(&ctx.app, text).map(Some);
    }
    let every = ctx.config.audit.every.ok_or_else(|| AppError::new("audit.schedule"))?;
    Ok(ctx.app.audit_due(&ctx.app.journal.org().await?, every))
}

/// The period that somebody names.
pub(super) fn period(app: &App, text: &str) -> Result<Period, AppError> {
    let period = Period::parse(text, app.clock.now(), app.utc_offset_minutes());
    period.ok_or_else(|| AppError::new("audit.form").with("given", text))
}

/// Makes the audits that the configuration asks for, beside the work: whoever holds the worker's lease looks once an hour.
pub(crate) struct Schedule {
    app: App,
    config: config::Audit,
    out: Out,
    next: Option<Time>,
    running: Option<JoinHandle<()>>,
}

impl Schedule {
    /// The schedule of a process.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Self {
        let (app, config) = (ctx.app.clone(), ctx.config.audit.clone());
        Self { app, config, out: ctx.out, next: None, running: None }
    }

    /// Begins what is due.
    pub(crate) fn look(&mut self, now: Time) {
        let early = self.next.is_some_and(|next| now < next);
        let busy = self.running.as_ref().is_some_and(|running| !running.is_finished());
        let Some(every) = self.config.every.filter(|_| !early && !busy) else { return };
        self.next = Some(now.plus_secs(LOOK_S));
        let (app, config, out) = (self.app.clone(), self.config.clone(), self.out);
        self.running = Some(tokio::spawn(async move {
            match due(&app, &config, every, out.lang).await {
                Ok(Some(info)) => {
                    let says = msg::audit_written(out.lang, format!("{}/data", info.path));
                    out.event(says, &json!({"audit": {"bundle": info.path, "bag_hash": info.bag_hash}}));
                }
                Ok(None) => {}
                Err(error) => {
                    out.error(&error);
                }
            }
        }));
    }

    /// Waits for a report that is being written.
    pub(crate) async fn end(self) {
        if let Some(running) = self.running {
            let _ = running.await;
        }
    }
}

async fn due(
    app: &App,
    config: &config::Audit,
    every: Every,
    lang: Lang,
) -> Result<Option<BundleInfo>, AppError> {
    let Some(period) = app.audit_due(&app.journal.org().await?, every) else { return Ok(None) };
    let audited = app.audit_scheduled(period, config.limits()?).await?;
    Ok(Some(hand_over(app, lang, &audited).await?))
}

fn show(out: Out, app: &App, report: &Report) {
    let at = |moment: Time| time(out.lang, moment, app.utc_offset_minutes());
    out.line(msg::audit_period(out.lang, at(report.period.from), at(report.period.until)));
    out.line(page::summary(out.lang, report));
    for row in report.checked.iter().filter(|row| row.found > 0) {
        out.line(format!(
            "{}  {} / {}  ({})",
            page::check(out.lang, row.check),
            row.found,
            row.looked_at,
            page::grade(out.lang, row.grade)
        ));
    }
    for finding in report.findings.iter().take(SHOWN) {
        let name = if matches!(finding.subject, Subject::Group(_)) { finding.name.as_str() } else { "" };
        let says = page::says(out.lang, finding);
        out.line(format!(
            "  {}  {}  {name}  {says}",
            page::check(out.lang, finding.check),
            finding.subject.id()
        ));
    }
    if report.findings.len() > SHOWN {
        out.line(format!("  … {}", report.findings.len() - SHOWN));
    }
    let compared = &report.compared;
    if compared.last.is_none() {
        out.line(msg::audit_compared_none(out.lang));
    } else {
        let settled = compared.settled.len() as u64;
        out.line(msg::audit_compared_row(out.lang, compared.new, compared.same, settled));
    }
}

async fn list(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let at = |moment: Time| time(out.lang, moment, ctx.app.utc_offset_minutes());
    let mut rows = Vec::new();
    for audit in &org.audits {
        let (from, until) = (at(audit.period.from), at(audit.period.until));
        let (when, sha256) = (at(audit.at), audit.report.to_hex());
        out.line(msg::audit_row(out.lang, when, from, audit.findings, sha256, until));
        rows.push(json!({
            "at": audit.at, "period": audit.period, "report": audit.report, "findings": audit.findings,
        }));
    }
    if rows.is_empty() {
        out.line(msg::audit_none(out.lang));
    }
    let due = ctx.config.audit.every.and_then(|every| ctx.app.audit_due(&org, every));
    match (ctx.config.audit.every, due) {
        (None, _) => out.line(msg::audit_no_schedule(out.lang)),
        (Some(_), None) => out.line(msg::audit_not_due(out.lang)),
        (Some(_), Some(period)) => {
            out.line(msg::audit_due(out.lang, at(period.from), at(period.until)));
            out.next("adjourn audit run");
        }
    }
    out.document(&json!({"audits": rows, "due": due}));
    Ok(Exit::Done)
}
