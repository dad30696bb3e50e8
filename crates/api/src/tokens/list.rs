//! `GET /tokens`: one's own tokens, and an administrator everybody's.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Known;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl Endpoint for List {
    const DECLARED: Declared = Declared {
        scope: Scope::Admin,
        errors: &["cursor.invalid"],
        about: "Your own, those that were taken back too; an administrator sees everybody's.",
        ..Declared::get("tokens.list", "/tokens", "List service tokens")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Known>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Known>, AppError> {
        let tokens = call.app().tokens(call.signer()).await?;
        let tokens: Vec<Known> = tokens.iter().map(Known::from).collect();
        let key = |token: &Known| (token.since, token.id.clone());
        Page::of(tokens, key, asked.query.after.as_deref(), asked.query.limit)
    }
}
