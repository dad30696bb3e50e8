//! `POST /principals`: adds a principal, who chooses a password by a link that opens once.

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Person;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

pub(crate) struct Invite;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Invitation)]
pub(crate) struct Wish {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// A role that the policy knows: `requester`, `business`, `compliance`, `admin`.
    role: String,
}

/// Somebody who was invited.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    principal: Person,
    /// Path of the link on this host; it opens once, within seven days, and is shown once.
    path: String,
}

impl Endpoint for Invite {
    const DECLARED: Declared = Declared {
        status: StatusCode::CREATED,
        role: Some("admin"),
        errors: &["account.name", "principal.exists"],
        secret: true,
        ..Declared::post("principals.create", "/principals", Scope::Admin, "Invite somebody")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Invited;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Invited, AppError> {
        let Wish { name, role } = asked.body;
        if !adjourn_app::accounts::ROLES.contains(&role.as_str()) {
            return Err(AppError::new("request.form").with("says", "role"));
        }
        let (principal, link) = call.app().invite(&name, &role, call.signer()).await?;
        Ok(Invited { principal: Person::from(&principal), path: format!("/welcome/{}", link.text()) })
    }

    fn location(_: &Invited) -> Option<String> {
        Some(format!("{}/principals", crate::openapi::BASE))
    }
}
