//! `GET /platforms/{platform}/facts`: what is known about a platform, each with source, date and confidence, and what the organisation says instead.

use adjourn_app::AppError;
use adjourn_domain::ids::PlatformId;
use adjourn_web::shapes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Facts;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfPlatform {
    /// The platform's slug.
    #[param(example = "dingtalk")]
    platform: String,
}

/// What is known, as `adjourn facts PLATFORM --json` writes it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Facts)]
pub(crate) struct Known {
    platform: String,
    /// Its name, in both languages.
    #[schema(value_type = Object)]
    name: Value,
    /// Days after which a fact has to be looked at again.
    stale_days: u64,
    /// Each with `id`, `key`, `value`, what it says in both languages, source, date, confidence, whether it is stale, and under which rules it acts.
    facts: Vec<Value>,
    /// What the organisation says instead: `key`, `value`, `reason`, `by`, `at`.
    overrides: Vec<Value>,
}

impl Endpoint for Facts {
    const DECLARED: Declared = Declared {
        errors: &["facts.unknown", "platform.unknown"],
        ..Declared::get(
            "platforms.facts",
            "/platforms/{platform}/facts",
            "Show what is known about a platform",
        )
    };
    type Path = OfPlatform;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Known;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Known, AppError> {
        let name = asked.path.platform;
        if !call.desk.house.platforms().contains(&name) {
            return Err(AppError::new("platform.unknown").with("platform", name));
        }
        let known = call.app().knowledge(&PlatformId(name)).await?;
        let (now, stale_days) = (call.app().clock.now(), call.desk.house.stale_days());
        Ok(serde_json::from_value(shapes::facts(&known, None, now, stale_days, |_| true))?)
    }
}
