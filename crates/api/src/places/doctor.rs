//! `GET /doctor`: whether the installation is as it has to be.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Doctor;

/// What was looked at, as `adjourn doctor --json` writes it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Doctor)]
pub(crate) struct Looked {
    /// Whether nothing is wrong.
    ok: bool,
    checks: Vec<Row>,
}

/// Something that was looked at.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = DoctorCheck)]
pub(crate) struct Row {
    check: String,
    ok: bool,
    says: String,
    /// The error's code, where there is one.
    code: Option<String>,
}

impl Endpoint for Doctor {
    const DECLARED: Declared = Declared {
        scope: Scope::Admin,
        role: Some("admin"),
        about: "Every connection is asked who it is, so this takes as long as the platforms take.",
        ..Declared::get("doctor.show", "/doctor", "Look whether the installation is well")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Looked;

    async fn answer(call: &Call, _: Asked<Self>) -> Result<Looked, AppError> {
        Ok(serde_json::from_value(call.desk.house.doctor(call.lang).await?)?)
    }
}
