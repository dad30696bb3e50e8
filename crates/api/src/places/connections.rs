//! `GET /connections`: connections to platforms. Their secrets are elsewhere and are told to nobody.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_domain::event::Connection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct Connections;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// An identity of a connection.
#[derive(Serialize, ToSchema)]
pub(crate) struct Identity {
    id: String,
    /// Whether it only looks, and proves what the other one did.
    witness: bool,
}

/// A connection.
#[derive(Serialize, ToSchema)]
#[schema(as = Connection)]
pub(crate) struct Row {
    id: String,
    platform: String,
    settings: BTreeMap<String, String>,
    identities: Vec<Identity>,
    /// Class of its groups.
    class: String,
    /// Whether it is a drill's.
    drill: bool,
}

impl From<Connection> for Row {
    fn from(connection: Connection) -> Self {
        let identities = connection.identities.into_iter();
        Self {
            id: connection.id.0,
            platform: connection.platform.0,
            settings: connection.settings,
            identities: identities.map(|one| Identity { id: one.id.0, witness: one.witness }).collect(),
            class: connection.class,
            drill: connection.drill,
        }
    }
}

impl Endpoint for Connections {
    const DECLARED: Declared = Declared {
        errors: &["cursor.invalid"],
        ..Declared::get("connections.list", "/connections", "List connections to platforms")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Row>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Row>, AppError> {
        let connections = call.app().journal.org().await?.connections;
        let rows: Vec<Row> = connections.into_values().map(Row::from).collect();
        Page::of(rows, |row| row.id.clone(), asked.query.after.as_deref(), asked.query.limit)
    }
}
