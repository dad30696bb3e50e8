//! A page of a room's history. What an event is as a record: [`adjourn_formats::matrix`].

use serde::Deserialize;
use serde_json::Value;

pub(crate) use adjourn_formats::matrix::record;

/// A page of events.
#[derive(Debug, Deserialize)]
pub(crate) struct MessagesPage {
    /// The events, in the asked direction.
    pub(crate) chunk: Vec<Value>,
    /// Where the next page begins; missing at the end.
    #[serde(default)]
    pub(crate) end: Option<String>,
}
