//! `POST /holds`: puts a hold on a group. Nothing under one is dissolved.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Place;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HoldWish)]
pub(crate) struct Wish {
    /// The group: our id, the platform's id, the alias, or the name.
    group: String,
    /// What it is about.
    #[schema(min_length = 1)]
    matter: String,
}

/// A hold that was placed.
#[derive(Serialize, ToSchema)]
#[schema(as = HoldPlaced)]
pub(crate) struct Placed {
    hold: String,
    group: String,
    /// The call that was committed before it and can't be stopped any more, a slug.
    in_flight: Option<String>,
}

impl Endpoint for Place {
    const DECLARED: Declared = Declared {
        status: StatusCode::CREATED,
        errors: &["group.unknown", "group.ambiguous", "key.destroyed"],
        about: "`in_flight` names a call that was on its way already: the hold did not stop that one.",
        ..Declared::post("holds.create", "/holds", Scope::Records, "Put a legal hold on a group")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Placed;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Placed, AppError> {
        let matter = asked.body.matter.trim();
        if matter.is_empty() {
            return Err(AppError::new("request.form").with("says", "matter"));
        }
        let group = call.app().resolve(&asked.body.group).await?;
        let held = call.app().add_hold(&group, matter, call.signer()).await?;
        let in_flight = held.in_flight.map(|op| op.slug().to_owned());
        Ok(Placed { hold: held.hold.0, group: group.0, in_flight })
    }

    fn location(_: &Placed) -> Option<String> {
        Some(format!("{BASE}/holds"))
    }
}
