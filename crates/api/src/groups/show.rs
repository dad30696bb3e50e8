//! `GET /groups/{group}`: one group, with what is known and what happened.

use adjourn_app::AppError;
use adjourn_app::inventory::Card;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::GroupRow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Show;

/// Events of a group's history that are told, newest first.
const MAX_EVENTS: usize = 500;

/// A group.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
pub(crate) struct Shown {
    /// Its line of the inventory.
    group: GroupRow,
    /// What its platform told at the last look: members, roles, links, settings.
    snapshot: Value,
    /// Legal holds: `hold`, `matter`, `at`.
    holds: Vec<Value>,
    /// What happened, newest first, at most 500 events: `at`, and `event` with its `kind`.
    history: Vec<Value>,
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["group.unknown", "group.ambiguous", "key.destroyed"],
        ..Declared::get("groups.show", "/groups/{group}", "Show a group")
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Shown;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Shown, AppError> {
        let id = call.app().resolve(&asked.path.group).await?;
        let state = call.app().journal.group(&id).await?;
        let card = Card::of(&state).ok_or_else(|| AppError::new("group.unknown").with("group", &id))?;
        let events = call.app().journal.group_events(&id).await?;
        let history = events.iter().rev().take(MAX_EVENTS);
        Ok(Shown {
            group: card.into(),
            snapshot: json!(state.snapshot),
            holds: state
                .holds
                .iter()
                .map(|(id, hold)| json!({"hold": id, "matter": hold.matter, "at": hold.at}))
                .collect(),
            history: history.map(|(at, event)| json!({"at": at, "event": event})).collect(),
        })
    }
}
