//! `GET /platforms`: platforms about which something is known.

use adjourn_app::AppError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Platforms;

/// Platforms.
#[derive(Serialize, ToSchema)]
#[schema(as = Platforms)]
pub(crate) struct Known {
    /// Their slugs.
    platforms: Vec<String>,
}

impl Endpoint for Platforms {
    const DECLARED: Declared =
        Declared::get("platforms.list", "/platforms", "List platforms about which something is known");
    type Path = Nothing;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Known;

    async fn answer(call: &Call, _: Asked<Self>) -> Result<Known, AppError> {
        Ok(Known { platforms: call.desk.house.platforms() })
    }
}
