//! Service tokens. Whose they are sees them, and an administrator; for everybody else there are none.

use adjourn_app::accounts::Given;
use adjourn_domain::time::Time;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Mounted;

mod create;
mod list;
mod revoke;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<list::List>(),
        crate::mounted::<create::Create>(),
        crate::mounted::<revoke::Revoke>(),
    ]
}

/// A token, as far as anybody may know it.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct Known {
    /// Its id, `t-…`. It opens nothing.
    id: String,
    /// In whose name it acts.
    principal: String,
    name: String,
    scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    since: Time,
    /// From when on it opens nothing; null for until somebody takes it back.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends: Option<Time>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked: Option<Time>,
}

impl From<&Given> for Known {
    fn from(given: &Given) -> Self {
        let token = &given.token;
        Self {
            id: token.id.to_string(),
            principal: token.principal.to_string(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|scope| scope.slug().to_owned()).collect(),
            since: given.since,
            ends: token.ends,
            revoked: given.revoked,
        }
    }
}
