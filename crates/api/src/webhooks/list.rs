//! `GET /webhooks`: the configured addresses, and how far each has been told.

use adjourn_app::AppError;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Webhooks;

/// An address.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Its name in the configuration.
    name: String,
    /// Kinds of events that it is told; all of them if empty.
    events: Vec<String>,
    /// How far it has been told, why it failed last, and since when it is given up; as `adjourn webhook list --json`.
    #[schema(value_type = Object)]
    cursor: Value,
}

/// All of them.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhooks)]
pub(crate) struct All {
    webhooks: Vec<Webhook>,
}

impl Endpoint for Webhooks {
    const DECLARED: Declared = Declared {
        about: "Where they are, and what signs for them, is told nobody.",
        ..Declared::get("webhooks.list", "/webhooks", "List webhooks")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = All;

    async fn answer(call: &Call, _: Asked<Self>) -> Result<All, AppError> {
        let mut webhooks = Vec::new();
        for (name, events) in call.desk.house.webhooks() {
            let cursor = json!(call.app().hook_cursor(&name).await?.unwrap_or_default());
            webhooks.push(Webhook { name, events, cursor });
        }
        Ok(All { webhooks })
    }
}
