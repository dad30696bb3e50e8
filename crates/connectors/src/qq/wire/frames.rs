//! Frames of a WebSocket, from both sides: `{"action","params","echo"}` one way, replies with the same `echo` and events
//! the other way.

use adjourn_connector_kit::ConnectorError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A call in a frame.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The action.
    pub(crate) action: String,
    /// Its parameters.
    #[serde(default)]
    pub(crate) params: Map<String, Value>,
    /// What comes back with the reply.
    #[serde(default)]
    pub(crate) echo: Value,
}

/// A frame that came from an implementation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Came {
    /// The reply to a call.
    Reply {
        /// What the call said.
        echo: Value,
        /// The reply without it, in the envelope of every reply.
        body: Value,
    },
    /// An event.
    Event,
}

/// A call as a frame.
#[cfg(test)]
pub(crate) fn ask(call: &super::requests::Call, echo: &str) -> String {
    json!({ "action": call.action, "params": call.params, "echo": echo }).to_string()
}

/// A reply with the `echo` of its call.
pub(crate) fn answer(mut body: Value, echo: &Value) -> String {
    if let Some(fields) = body.as_object_mut() {
        fields.insert("echo".to_owned(), echo.clone());
    }
    body.to_string()
}

/// Reads a frame of a client.
///
/// # Errors
/// The reply that says why not: 1400.
pub(crate) fn asked(bytes: &[u8]) -> Result<Asked, Value> {
    serde_json::from_slice(bytes).map_err(|_| json!({ "status": "failed", "retcode": 1400, "data": null }))
}

/// Tells a reply from an event.
///
/// # Errors
/// `Protocol` for what is neither.
pub(crate) fn came(bytes: &[u8]) -> Result<Came, ConnectorError> {
    let neither = || {
        ConnectorError::protocol("a frame that is neither reply nor event")
            .effect(adjourn_domain::capability::Effect::NotApplied)
    };
    let Value::Object(mut fields) = serde_json::from_slice(bytes).map_err(|_| neither())? else {
        return Err(neither());
    };
    if fields.contains_key("post_type") {
        return Ok(Came::Event);
    }
    if !fields.contains_key("retcode") {
        return Err(neither());
    }
    let echo = fields.remove("echo").unwrap_or(Value::Null);
    Ok(Came::Reply { echo, body: Value::Object(fields) })
}
