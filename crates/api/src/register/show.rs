//! `GET /groups/{group}/register`: what the register says about a group.

use adjourn_app::AppError;
use adjourn_app::register::Entry;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Show;

/// A group's entry of the register.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterEntry)]
pub(crate) struct Shown {
    group: String,
    class: String,
    /// Owner, deputy, purpose, unit, what it holds, its last day, how it is to end; null when the register does not name the group.
    register: Value,
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["group.unknown", "group.ambiguous", "key.destroyed"],
        ..Declared::get("register.show", "/groups/{group}/register", "Show a group's entry of the register")
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Shown;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Shown, AppError> {
        let id = call.app().resolve(&asked.path.group).await?;
        let state = call.app().journal.group(&id).await?;
        Ok(Shown { group: id.0, class: state.class.clone(), register: json!(Entry::of(&state)) })
    }
}
