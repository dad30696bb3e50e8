//! `GET /refreshes/{refresh}`: how a look at the platform goes.

use adjourn_app::AppError;
use serde::Deserialize;
use utoipa::IntoParams;

use super::refresh::Look;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Refreshed;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfLook {
    /// The look, `r-…`.
    refresh: String,
}

impl Endpoint for Refreshed {
    const DECLARED: Declared = Declared {
        errors: &["refresh.unknown"],
        ..Declared::get("refreshes.show", "/refreshes/{refresh}", "Show how a look goes")
    };
    type Path = OfLook;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Look;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Look, AppError> {
        let id = &asked.path.refresh;
        call.desk.refreshes.find(id).ok_or_else(|| AppError::new("refresh.unknown").with("refresh", id))
    }
}
