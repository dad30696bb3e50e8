//! `POST /groups/refresh`: looks afresh which groups a connection has. It takes as long as the platform takes, so the reply is where to look.
//!
//! A look changes nothing on a platform and can be asked for again at any time: how it goes is known to this process alone, and a restart forgets it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::AppError;
use adjourn_app::inventory::ScanReport;
use adjourn_domain::ids::ConnectionId;
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Refresh;

/// Looks that are remembered; the oldest make room.
const REMEMBERED: usize = 100;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefreshWish)]
pub(crate) struct Wish {
    /// The connection.
    #[schema(example = "ref")]
    connection: String,
}

/// A look at a connection's groups.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Refresh)]
pub(crate) struct Look {
    /// Its id.
    pub(crate) refresh: String,
    connection: String,
    /// `running`, `done`, or `failed`.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    since: Time,
    /// What was found, as `adjourn scan --json` says it; null before the end.
    report: Value,
    /// Code of the error, when it failed.
    code: Option<&'static str>,
}

/// Looks of this process, newest last.
#[derive(Clone, Default)]
pub(crate) struct Refreshes(Arc<Mutex<VecDeque<Look>>>);

impl Refreshes {
    pub(crate) fn find(&self, id: &str) -> Option<Look> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().find(|look| look.refresh == id).cloned()
    }

    /// The look at a connection that goes on, or a new one. Says whether it is new.
    fn begin(&self, new: Look) -> (Look, bool) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |look: &&Look| look.connection == new.connection && look.status == "running";
        if let Some(running) = looks.iter().find(same) {
            return (running.clone(), false);
        }
        if looks.len() >= REMEMBERED {
            looks.pop_front();
        }
        looks.push_back(new.clone());
        (new, true)
    }

    fn end(&self, id: &str, found: Result<ScanReport, AppError>) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(look) = looks.iter_mut().find(|look| look.refresh == id) else { return };
        match found {
            Ok(report) => (look.status, look.report) = ("done", json!(report)),
            Err(error) => (look.status, look.code) = ("failed", Some(error.code())),
        }
    }
}

impl Endpoint for Refresh {
    const DECLARED: Declared = Declared {
        status: StatusCode::ACCEPTED,
        errors: &["connection.unknown"],
        about: "One look at a connection at a time: while one goes on, it is the one that is answered. A restart of the server forgets looks, \
                not what they found.",
        ..Declared::post(
            "groups.refresh",
            "/groups/refresh",
            Scope::Plan,
            "Look afresh which groups there are",
        )
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Look;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Look, AppError> {
        let connection = ConnectionId(asked.body.connection);
        call.app().journal.org().await?.connection(&connection)?;
        let new = Look {
            refresh: format!("r-{}", call.app().random_hex(8)),
            connection: connection.0.clone(),
            status: "running",
            since: call.app().clock.now(),
            report: Value::Null,
            code: None,
        };
        let (look, fresh) = call.desk.refreshes.begin(new);
        if fresh {
            let (app, refreshes, id) =
                (call.desk.app.clone(), call.desk.refreshes.clone(), look.refresh.clone());
            tokio::spawn(async move {
                let found = app.scan(&connection).await;
                refreshes.end(&id, found);
            });
        }
        Ok(look)
    }

    fn location(look: &Look) -> Option<String> {
        Some(format!("{BASE}/refreshes/{}", look.refresh))
    }
}
