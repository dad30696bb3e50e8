//! Groups: what there is.

use adjourn_app::inventory::Card;
use adjourn_domain::time::Time;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Mounted;

pub(crate) mod list;
pub(crate) mod refresh;
pub(crate) mod refreshed;
pub(crate) mod show;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<list::List>(),
        crate::mounted::<show::Show>(),
        crate::mounted::<refresh::Refresh>(),
        crate::mounted::<refreshed::Refreshed>(),
    ]
}

/// A group's line of the inventory.
#[derive(Serialize, ToSchema)]
pub(crate) struct GroupRow {
    /// Our id, `g-…`.
    pub(crate) group: String,
    platform: String,
    connection: String,
    /// The platform's id.
    native: String,
    /// Null when it has none.
    name: Option<String>,
    alias: Option<String>,
    /// Accounts of the platform that own it.
    owners: Vec<String>,
    /// Whether nobody has told who owns it.
    owner_unknown: bool,
    /// Number of members; of those that are known, when `members_unknown`.
    members: usize,
    members_unknown: bool,
    /// Number of applications, bots and links that hang on it.
    links: usize,
    encrypted: bool,
    /// When somebody last did something: `{"at": …}`, or `unknown`.
    activity: Value,
    class: String,
    /// Its place on the way, a slug.
    state: String,
    /// The case that it is in.
    case: Option<String>,
    /// What the observation found, a slug.
    verdict: Option<String>,
    /// Number of legal holds.
    holds: usize,
    /// When it was last looked at.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Time,
    /// By which identity of the connection.
    seen_by: String,
    /// What the register says; null when it does not name the group.
    register: Value,
    /// Successors that are owed.
    owed: Vec<Value>,
}

impl From<Card> for GroupRow {
    fn from(card: Card) -> Self {
        Self {
            group: card.group.0,
            platform: card.platform,
            connection: card.connection.0,
            native: card.native.0,
            name: card.name,
            alias: card.alias,
            owners: card.owners.into_iter().map(|owner| owner.0).collect(),
            owner_unknown: card.owner_unknown,
            members: card.members,
            members_unknown: card.members_unknown,
            links: card.links,
            encrypted: card.encrypted,
            activity: json!(card.activity),
            class: card.class,
            state: card.state,
            case: card.case,
            verdict: card.verdict.map(|verdict| verdict.slug().to_owned()),
            holds: card.holds,
            seen_at: card.seen_at,
            seen_by: card.seen_by,
            register: json!(card.register),
            owed: card.owed.iter().map(|owed| json!(owed)).collect(),
        }
    }
}
