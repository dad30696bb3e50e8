//! `POST /cases/{case}/steps/{group}/{step}/cant`: a person says that a step can't be done.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OfStep;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Cant;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CantWish)]
pub(crate) struct Wish {
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// What was noted.
#[derive(Serialize, ToSchema)]
#[schema(as = CantDone)]
pub(crate) struct Done {
    case: String,
    group: String,
    step: String,
}

impl Endpoint for Cant {
    const DECLARED: Declared = Declared {
        errors: &[
            "case.unknown",
            "step.unknown",
            "step.ambiguous",
            "step.reason",
            "run.active",
            "key.destroyed",
        ],
        about: "Before the point of no return the run ends and planning is open again; after it the step stays.",
        ..Declared::post(
            "steps.cant",
            "/cases/{case}/steps/{group}/{step}/cant",
            Scope::Run,
            "Say that a human step can't be done",
        )
    };
    type Path = OfStep;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Done;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Done, AppError> {
        let OfStep { case, group, step } = asked.path;
        let id = CaseId(case);
        let named = format!("{group}/{step}");
        let (group, step) = call.app().find_person_step(&id, &named).await?;
        call.app().person_cant(&group, &step, &asked.body.reason, call.signer()).await?;
        Ok(Done { case: id.0, group: group.0, step })
    }
}
