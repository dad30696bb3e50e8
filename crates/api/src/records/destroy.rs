//! `POST /groups/{group}/destruction`: asks to destroy a group's key, or destroys it as the second person.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use serde::Deserialize;
use utoipa::ToSchema;

use super::destruction::Destruction;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Destroy;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DestructionWish)]
pub(crate) struct Wish {
    /// For the second person: the short code or the group's name. For the first: nothing.
    typed: Option<String>,
}

impl Endpoint for Destroy {
    const DECLARED: Declared = Declared {
        errors: &[
            "group.unknown",
            "group.ambiguous",
            "confirm.needed",
            "confirm.mismatch",
            "key.not_asked",
            "approval.self",
            "approval.signature",
            "run.active",
            "hold.active",
            "retention.running",
            "retention.kept",
            "retention.undecided",
        ],
        about: "It takes two people: the first call asks, the second, by somebody else who types the code of exactly this record, destroys. \
                What is destroyed can't be brought back.",
        ..Declared::post(
            "destructions.sign",
            "/groups/{group}/destruction",
            Scope::Records,
            "Destroy the key of a group's record",
        )
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Destruction;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Destruction, AppError> {
        let group = call.app().resolve_record(&asked.path.group).await?;
        call.app().sign_destruction(&group, asked.body.typed.as_deref(), call.signer()).await?;
        Destruction::of(call, &group).await
    }
}
