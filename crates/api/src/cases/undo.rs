//! `POST /cases/{case}/undo`: takes a case back. Workers do it; the case is where it is seen.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Steered;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};
use crate::openapi::BASE;

pub(crate) struct Undo;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UndoWish)]
pub(crate) struct Wish {
    /// Where a group can't be brought back, a person makes a new one in its place (another id, no history).
    #[serde(default)]
    rebuild: bool,
}

impl Endpoint for Undo {
    const DECLARED: Declared = Declared {
        status: StatusCode::ACCEPTED,
        errors: &[
            "case.unknown",
            "case.state",
            "undo.past_return",
            "undo.window",
            "undo.quota",
            "key.destroyed",
        ],
        about: "Before the point of no return always; after it where the platform brings groups back.",
        ..Declared::post("cases.undo", "/cases/{case}/undo", Scope::Run, "Take a case back")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Steered;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Steered, AppError> {
        let id = CaseId(asked.path.case);
        let groups = call.app().undo(&id, asked.body.rebuild, call.signer()).await?;
        Steered::of(call, &id, groups).await
    }

    fn location(done: &Steered) -> Option<String> {
        Some(format!("{BASE}/cases/{}", done.case))
    }
}
