//! `POST /cases/{case}/pause`: pauses a case.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;

use super::Steered;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Pause;

impl Endpoint for Pause {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "case.state", "key.destroyed"],
        ..Declared::post("cases.pause", "/cases/{case}/pause", Scope::Run, "Pause a case")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Steered;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Steered, AppError> {
        let id = CaseId(asked.path.case);
        let groups = call.app().pause(&id, call.signer()).await?;
        Steered::of(call, &id, groups).await
    }
}
