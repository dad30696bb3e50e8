//! `GET /audits/{report}`: a report as it was frozen.

use adjourn_app::AppError;
use adjourn_domain::canonical::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Show;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfReport {
    /// SHA-256 of the report, in hex.
    report: String,
}

/// A report.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditReport)]
pub(crate) struct Shown {
    /// SHA-256 of the report's canonical bytes (RFC 8785).
    sha256: String,
    /// The report: period, coverage, checks, findings.
    #[schema(value_type = Object)]
    report: Value,
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["audit.unknown"],
        ..Declared::get("audits.show", "/audits/{report}", "Show an audit's report")
    };
    type Path = OfReport;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Shown;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Shown, AppError> {
        let name = asked.path.report;
        let unknown = || AppError::new("audit.unknown").with("report", &name);
        let hash = Hash::from_hex(&name).ok_or_else(unknown)?;
        let report = call.app().audit_report(&hash).await?.ok_or_else(unknown)?;
        Ok(Shown { sha256: hash.to_hex(), report: json!(report) })
    }
}
