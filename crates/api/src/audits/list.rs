//! `GET /audits`: audits that were made, oldest first.

use adjourn_app::AppError;
use adjourn_app::org::Audit;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// An audit.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditRow {
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// `from`, `until`, and the distance of the organisation's clock from UTC in minutes.
    #[schema(value_type = Object)]
    period: Value,
    /// SHA-256 of the report, by which it is shown.
    report: String,
    /// Number of findings.
    findings: u64,
}

impl Endpoint for List {
    const DECLARED: Declared =
        Declared { errors: &["cursor.invalid"], ..Declared::get("audits.list", "/audits", "List audits") };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<AuditRow>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<AuditRow>, AppError> {
        let audits = call.app().journal.org().await?.audits;
        let key = |audit: &Audit| (audit.at, audit.report);
        let page = Page::of(audits, key, asked.query.after.as_deref(), asked.query.limit)?;
        Ok(page.map(|audit| AuditRow {
            at: audit.at,
            period: json!(audit.period),
            report: audit.report.to_hex(),
            findings: audit.findings,
        }))
    }
}
