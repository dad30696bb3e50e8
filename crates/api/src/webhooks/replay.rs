//! `POST /webhooks/{webhook}/replay`: tells an address once more what is in the journal, also one that was given up.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Replay;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfWebhook {
    /// Its name in the configuration.
    webhook: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplayWish)]
pub(crate) struct Wish {
    /// Sequence number of the first event; the first one of all where nothing is said.
    #[schema(minimum = 1)]
    from: Option<u64>,
}

/// What is done from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Replayed {
    name: String,
    from: u64,
}

impl Endpoint for Replay {
    const DECLARED: Declared = Declared {
        status: StatusCode::ACCEPTED,
        role: Some("admin"),
        errors: &["webhook.unknown"],
        about: "It is done by the process that tells; who asked is in the journal (`webhook_replayed`).",
        ..Declared::post(
            "webhooks.replay",
            "/webhooks/{webhook}/replay",
            Scope::Admin,
            "Tell a webhook everything once more",
        )
    };
    type Path = OfWebhook;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Replayed;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Replayed, AppError> {
        let name = asked.path.webhook;
        if !call.desk.house.webhooks().iter().any(|(known, _)| *known == name) {
            return Err(AppError::new("webhook.unknown").with("name", &name));
        }
        let from = asked.body.from.unwrap_or(1).max(1);
        call.app().replay_hook(&name, from, call.signer()).await?;
        Ok(Replayed { name, from })
    }

    fn location(_: &Replayed) -> Option<String> {
        Some(format!("{BASE}/webhooks"))
    }
}
