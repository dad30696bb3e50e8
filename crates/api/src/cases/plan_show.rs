//! `GET /cases/{case}/plan`: the whole plan, as it is approved.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_web::shapes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Show;

/// A plan, as `adjourn plan --json` writes it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Plan)]
pub(crate) struct Shown {
    case: String,
    /// `dissolve`, or the act that it is instead.
    #[schema(value_type = String)]
    act: Value,
    /// SHA-256 of the canonical bytes of `plan` (RFC 8785).
    hash: String,
    /// Number of groups and of steps, by kind.
    #[schema(value_type = Object)]
    counts: Value,
    /// What stands in the way, by group.
    blockers: Vec<Value>,
    announcement_sha256: Option<String>,
    /// All steps in a row, each with its group.
    steps: Vec<Value>,
    /// The plan itself: what is hashed, approved and applied.
    #[schema(value_type = Object)]
    plan: Value,
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "key.destroyed"],
        about: "`hash` is the SHA-256 of the canonical bytes of `plan` (RFC 8785); check it before you approve.",
        ..Declared::get("plans.show", "/cases/{case}/plan", "Show the plan of a case")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Shown;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Shown, AppError> {
        let case = call.app().journal.known_case(&CaseId(asked.path.case)).await?;
        let plan = call.app().load_plan(&case).await?;
        let hash = plan.hash()?;
        Ok(serde_json::from_value(shapes::plan(&plan, hash))?)
    }
}
