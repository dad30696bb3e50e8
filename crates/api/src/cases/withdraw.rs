//! `POST /cases/{case}/withdraw`: whoever asked for a case takes it back before it begins.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::CaseNow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Withdraw;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Withdrawal)]
pub(crate) struct Wish {
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

impl Endpoint for Withdraw {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "case.state", "approval.role", "question.text", "key.destroyed"],
        ..Declared::post("cases.withdraw", "/cases/{case}/withdraw", Scope::Plan, "Take a case back before it begins")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Wish;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let case = CaseId(asked.path.case);
        let case = call.app().withdraw(&case, &asked.body.reason, call.signer()).await?;
        Ok(CaseNow::from(&case))
    }
}
