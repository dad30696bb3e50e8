//! `POST /cases/{case}/submit`: hands the plan to the reviewers.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;

use super::CaseNow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Submit;

impl Endpoint for Submit {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "case.state", "plan.blocked", "policy.unmeetable", "key.destroyed"],
        ..Declared::post("cases.submit", "/cases/{case}/submit", Scope::Plan, "Hand a plan to the reviewers")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let case = call.app().submit(&CaseId(asked.path.case), call.signer()).await?;
        Ok(CaseNow::from(&case))
    }
}
