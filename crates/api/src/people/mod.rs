//! Principals: who acts.

use adjourn_domain::approval::Principal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Mounted;

mod invite;
mod list;
mod me;
mod sign_out;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<list::List>(),
        crate::mounted::<invite::Invite>(),
        crate::mounted::<sign_out::SignOut>(),
        crate::mounted::<me::Me>(),
    ]
}

/// A principal.
#[derive(Serialize, ToSchema)]
#[schema(as = Principal)]
pub(crate) struct Person {
    /// The id, `p-…`.
    id: String,
    name: String,
    role: String,
    /// The public key that checks their signatures, in hex.
    public_key: String,
    /// Who added them; null for the first one.
    added_by: Option<String>,
}

impl From<&Principal> for Person {
    fn from(principal: &Principal) -> Self {
        Self {
            id: principal.id.to_string(),
            name: principal.name.clone(),
            role: principal.role.clone(),
            public_key: principal.public_key.clone(),
            added_by: principal.added_by.as_ref().map(ToString::to_string),
        }
    }
}
