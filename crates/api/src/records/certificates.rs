//! `GET /cases/{case}/certificates`: certificates, out of a bundle in which every check holds right now.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Certificates;

/// Certificates of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Certificates)]
pub(crate) struct Papers {
    case: String,
    /// As they lie in the bundle: what was probed, when, by whom, and what came of it.
    certificates: Vec<Value>,
}

impl Endpoint for Certificates {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "cert.none", "verify.failed", "key.destroyed"],
        about: "The bundle is verified before each answer; nothing is told out of one that does not hold.",
        ..Declared::get("certificates.list", "/cases/{case}/certificates", "Show the certificates of a case")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Papers;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Papers, AppError> {
        let id = CaseId(asked.path.case);
        call.app().journal.known_case(&id).await?;
        let certificates = call.desk.house.certificates(&id).await?;
        Ok(Papers { case: id.0, certificates })
    }
}
