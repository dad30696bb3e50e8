//! `POST /audits`: audits a period and hands the sealed report over.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Run;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuditWish)]
pub(crate) struct Wish {
    /// `2026`, `2026-Q4`, `2026-11`, `2026-11-05`, `DAY/DAY`, or `DAY/now`. It has to be over.
    #[schema(example = "2026-11-01/now")]
    period: String,
}

/// An audit that was made, as `adjourn audit run --json` writes it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AuditMade)]
pub(crate) struct Made {
    /// The report: period, coverage, checks, findings.
    #[schema(value_type = Object)]
    report: Value,
    /// SHA-256 of the report's canonical bytes (RFC 8785).
    sha256: String,
    /// Folder of the sealed bag on the server.
    bundle: Option<String>,
    bag_hash: Option<String>,
}

impl Endpoint for Run {
    const DECLARED: Declared = Declared {
        status: StatusCode::CREATED,
        errors: &["audit.form", "audit.period", "timestamp.failed", "deposit.failed"],
        about: "The report is sealed into a bag beside the bundles, stamped and deposited where that is set up.",
        ..Declared::post("audits.create", "/audits", Scope::Records, "Audit a period")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Made;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Made, AppError> {
        let made = call.desk.house.audit(&asked.body.period, call.lang, call.signer()).await?;
        Ok(serde_json::from_value(made)?)
    }

    fn location(made: &Made) -> Option<String> {
        Some(format!("{BASE}/audits/{}", made.sha256))
    }
}
