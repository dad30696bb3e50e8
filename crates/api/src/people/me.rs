//! `GET /me`: who asks, and what a token may be used for.

use adjourn_app::AppError;
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use super::Person;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Me;

/// Who asks.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
pub(crate) struct Shown {
    principal: Person,
    /// The token; null for a session of the console.
    token: Option<String>,
    /// What may be asked for; a session may ask for everything that the role lets.
    scopes: Vec<String>,
    /// From when on it opens nothing; null for until somebody takes it back.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends: Option<Time>,
}

impl Endpoint for Me {
    const DECLARED: Declared = Declared::get("me.show", "/me", "Show who asks");
    type Path = Nothing;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Shown;

    async fn answer(call: &Call, _: Asked<Self>) -> Result<Shown, AppError> {
        let scopes: Vec<Scope> = match &call.token {
            Some(token) => token.scopes.iter().copied().collect(),
            None => Scope::ALL.to_vec(),
        };
        Ok(Shown {
            principal: Person::from(&call.session.principal),
            token: call.token.as_ref().map(|token| token.id.to_string()),
            scopes: scopes.into_iter().map(|scope| scope.slug().to_owned()).collect(),
            ends: call.session.ends,
        })
    }
}
