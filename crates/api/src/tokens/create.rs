//! `POST /tokens`: gives a script a token that acts as whoever asks.

use adjourn_app::AppError;
use adjourn_app::accounts::{Given, TokenWish};
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Known;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Create;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenWish)]
pub(crate) struct Wish {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, example = "nightly report")]
    name: String,
    /// `read`, `plan`, `review`, `run`, `records`, `admin`.
    #[schema(value_type = Vec<String>, min_items = 1, example = json!(["read"]))]
    scopes: Vec<Scope>,
    /// From when on it opens nothing.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends: Option<Time>,
    /// In a session: your password once more. With a token: nothing.
    password: Option<String>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenCreated {
    #[serde(flatten)]
    token: Known,
    /// What goes behind `Authorization: Bearer`. It is shown once.
    secret: String,
}

impl Endpoint for Create {
    const DECLARED: Declared = Declared {
        status: StatusCode::CREATED,
        errors: &["token.form", "token.many", "token.wider", "sign_in.refused", "sign_in.locked"],
        about: "A token acts as you and never as anybody else; a scope never gives what your role lacks. A token can only give tokens with scopes \
                of its own, that end no later. A session is asked for the password once more, because a token with the scope `review` may \
                approve.",
        secret: true,
        ..Declared::post("tokens.create", "/tokens", Scope::Admin, "Make a service token")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = TokenCreated;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<TokenCreated, AppError> {
        let Wish { name, scopes, ends, password } = asked.body;
        call.step_up(password.as_deref()).await?;
        let wish = TokenWish { name, scopes: scopes.into_iter().collect(), ends };
        let since = call.app().clock.now();
        let (token, bearer) = call.app().create_token(wish, call.session.key(), call.token.as_ref()).await?;
        let given = Given { token, since, revoked: None };
        Ok(TokenCreated { token: Known::from(&given), secret: bearer.text() })
    }

    fn location(_: &TokenCreated) -> Option<String> {
        Some(format!("{BASE}/tokens"))
    }
}
