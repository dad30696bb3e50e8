//! A page of a room's history. What an event is as a record: [`adjourn_formats::matrix`].

use serde::Deserialize;
use serde_json::Value;

pub(crate) use adjourn_formats::matrix::record;

/// The event closest to a time.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Its id.
    pub(crate) event_id: String,
    /// When it was sent, in milliseconds since 1970.
    pub(crate) origin_server_ts: i64,
}

/// An event and the places on its both sides.
#[derive(Debug, Deserialize)]
pub(crate) struct Surroundings {
    /// The event.
    pub(crate) event: Value,
    /// The place before it.
    pub(crate) start: String,
    /// The place behind it.
    pub(crate) end: String,
}

/// A page of events.
#[derive(Debug, Deserialize)]
pub(crate) struct MessagesPage {
    /// The events, in the asked direction.
    pub(crate) chunk: Vec<Value>,
    /// Where the next page begins; missing at the end.
    #[serde(default)]
    pub(crate) end: Option<String>,
}
