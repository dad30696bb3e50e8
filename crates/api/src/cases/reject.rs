//! `POST /cases/{case}/reject`: rejects a plan, with a reason.

use adjourn_app::AppError;
use adjourn_domain::approval::Decision;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CaseNow, read_plan};
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Reject;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rejection)]
pub(crate) struct Wish {
    /// Hash of the plan that you have read. Another one is refused.
    plan_hash: String,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// In a session: your password once more. With a token: nothing.
    password: Option<String>,
}

impl Endpoint for Reject {
    const DECLARED: Declared = Declared {
        errors: &[
            "case.unknown",
            "case.state",
            "plan.edited",
            "plan.form",
            "approval.self",
            "approval.role",
            "approval.duplicate",
            "approval.passkey",
            "sign_in.refused",
            "sign_in.locked",
            "key.destroyed",
        ],
        ..Declared::post("cases.reject", "/cases/{case}/reject", Scope::Review, "Reject a plan")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Wish;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let (case, body) = (CaseId(asked.path.case), asked.body);
        if body.reason.trim().is_empty() {
            return Err(AppError::new("plan.form"));
        }
        let read = read_plan(call, &case, &body.plan_hash).await?;
        call.step_up(body.password.as_deref()).await?;
        let case =
            call.app().review(&case, Decision::Reject, &body.reason, Some(read), call.signer()).await?;
        Ok(CaseNow::from(&case))
    }
}
