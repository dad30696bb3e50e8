//! `POST /principals/{principal}/sign-out`: ends every session of somebody whose telephone is gone, or one's own.

use adjourn_app::AppError;
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::token::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct SignOut;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfPrincipal {
    /// The principal, `p-…`.
    principal: String,
}

/// What was ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedOut {
    principal: String,
    /// Number of sessions.
    sessions: usize,
}

impl Endpoint for SignOut {
    const DECLARED: Declared = Declared {
        errors: &["principal.unknown", "approval.role"],
        about: "One's own sessions, or, by an administrator, somebody else's. Service tokens go on: those are taken back one by one.",
        ..Declared::post(
            "principals.sign_out",
            "/principals/{principal}/sign-out",
            Scope::Admin,
            "End all sessions of somebody",
        )
    };
    type Path = OfPrincipal;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = SignedOut;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<SignedOut, AppError> {
        let id = PrincipalId(asked.path.principal);
        let sessions = call.app().sign_out_everywhere(&id, call.signer()).await?;
        Ok(SignedOut { principal: id.0, sessions })
    }
}
