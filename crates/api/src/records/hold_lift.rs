//! `POST /holds/{hold}/lift`: asks to lift a hold, or lifts it as the second person.

use adjourn_app::AppError;
use adjourn_domain::ids::HoldId;
use adjourn_domain::token::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Lift;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfHold {
    /// The hold, `h-…`.
    hold: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LiftWish)]
pub(crate) struct Wish {
    /// For the second person: the short code or the group's name. For the first: nothing.
    typed: Option<String>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = HoldLifted)]
pub(crate) struct Lifted {
    hold: String,
    /// Whether it is lifted; if not, another person has to agree.
    lifted: bool,
}

impl Endpoint for Lift {
    const DECLARED: Declared = Declared {
        errors: &[
            "hold.unknown",
            "hold.self_lift",
            "confirm.needed",
            "confirm.mismatch",
            "approval.signature",
        ],
        about: "It takes two people: the first call asks, the second, by somebody else who types the code of exactly this hold, lifts.",
        ..Declared::post("holds.lift", "/holds/{hold}/lift", Scope::Records, "Lift a legal hold")
    };
    type Path = OfHold;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Lifted;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Lifted, AppError> {
        let hold = HoldId(asked.path.hold);
        let lifted = call.app().sign_lifting(&hold, asked.body.typed.as_deref(), call.signer()).await?;
        Ok(Lifted { hold: hold.0, lifted })
    }
}
