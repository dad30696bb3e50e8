//! `POST /cases/{case}/approve`: approves exactly this plan.
//!
//! Who agrees to what can't be taken back is asked once more who they are: in a session by the password, with a token by its scope `review`, which
//! nobody gets without the key file or the password. A plan that asks for a passkey can't be approved here: `approval.passkey`.

use adjourn_app::AppError;
use adjourn_domain::approval::Decision;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CaseNow, read_plan};
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Approve;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Approval)]
pub(crate) struct Wish {
    /// Hash of the plan that you have read. Another one is refused.
    plan_hash: String,
    /// In a session: your password once more. With a token: nothing.
    password: Option<String>,
}

impl Endpoint for Approve {
    const DECLARED: Declared = Declared {
        errors: &[
            "case.unknown",
            "case.state",
            "plan.edited",
            "approval.self",
            "approval.role",
            "approval.duplicate",
            "approval.passkey",
            "sign_in.refused",
            "sign_in.locked",
            "key.destroyed",
        ],
        about: "The approval is signed with the key of whoever asks, and bound to this hash. A refusal because of who you are is kept in the \
                journal (`review_refused`). A plan whose policy asks for a passkey is refused with `approval.passkey`; approve it in the \
                console or with `adjourn approve --passkey`.",
        ..Declared::post("cases.approve", "/cases/{case}/approve", Scope::Review, "Approve exactly this plan")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Wish;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let case = CaseId(asked.path.case);
        let read = read_plan(call, &case, &asked.body.plan_hash).await?;
        call.step_up(asked.body.password.as_deref()).await?;
        let case = call.app().review(&case, Decision::Approve, "", Some(read), call.signer()).await?;
        Ok(CaseNow::from(&case))
    }
}
