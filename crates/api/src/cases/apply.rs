//! `POST /cases/{case}/apply`: begins to apply an approved plan. Workers do it; the case is where it is seen.

use adjourn_app::AppError;
use adjourn_app::running::Applied;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;

use super::{CaseNow, PlanRead, read_plan};
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};
use crate::openapi::BASE;

pub(crate) struct Apply;

impl Endpoint for Apply {
    const DECLARED: Declared = Declared {
        status: StatusCode::ACCEPTED,
        errors: &[
            "case.unknown",
            "case.state",
            "plan.edited",
            "plan.stale",
            "approval.needed",
            "approval.expired",
            "approval.passkey",
            "confirm.needed",
            "hold.active",
            "run.active",
            "connection.network",
            "connection.auth",
            "key.destroyed",
        ],
        about: "The world is compared with the plan first; where it differs, nothing is done, the approvals are void, and the answer is \
                `plan.stale`. A case that runs already goes on.",
        ..Declared::post("cases.apply", "/cases/{case}/apply", Scope::Run, "Apply an approved plan")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = PlanRead;
    type Reply = CaseNow;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<CaseNow, AppError> {
        let id = CaseId(asked.path.case);
        read_plan(call, &id, &asked.body.plan_hash).await?;
        if let Applied::Stale(drifts) = call.app().apply(&id, call.signer()).await? {
            let notes = drifts.iter().flat_map(|drift| &drift.differences);
            let codes: Vec<_> = notes.map(|note| note.code.as_str()).collect();
            return Err(AppError::new("plan.stale").with("case", &id).with("differences", codes.join(", ")));
        }
        Ok(CaseNow::from(&call.app().journal.known_case(&id).await?))
    }

    fn location(now: &CaseNow) -> Option<String> {
        Some(format!("{BASE}/cases/{}", now.case))
    }
}
