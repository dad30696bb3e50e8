//! `DELETE /tokens/{token}`: takes a token back. Doing so again changes nothing.

use adjourn_app::AppError;
use adjourn_domain::ids::TokenId;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Known;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Revoke;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfToken {
    /// The token, `t-…`.
    token: String,
}

impl Endpoint for Revoke {
    const DECLARED: Declared = Declared {
        errors: &["token.unknown"],
        about: "Your own, or as an administrator anybody's. From the reply on it opens nothing.",
        ..Declared::delete("tokens.revoke", "/tokens/{token}", Scope::Admin, "Take a service token back")
    };
    type Path = OfToken;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Known;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Known, AppError> {
        let given = call.app().revoke_token(&TokenId(asked.path.token), call.signer()).await?;
        Ok(Known::from(&given))
    }
}
