//! `POST /cases/{case}/confirm`: the typed confirmation of a personal case.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::CaseNow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Confirm;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Confirmation)]
pub(crate) struct Wish {
    /// The groups' names as the plan shows them, joined by a comma and a space.
    typed: String,
}

impl Endpoint for Confirm {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "case.state", "confirm.mismatch", "approval.passkey", "key.destroyed"],
        ..Declared::post(
            "cases.confirm",
            "/cases/{case}/confirm",
            Scope::Review,
            "Confirm a personal case by the groups' names",
        )
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Wish;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let case = call.app().confirm(&CaseId(asked.path.case), &asked.body.typed, call.signer()).await?;
        Ok(CaseNow::from(&case))
    }
}
