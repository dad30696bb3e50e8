//! Replies about the deletion of rooms, which Synapse does in the background.

use serde::Deserialize;
use serde_json::{Value, json};

/// The reply to a request for deletion: accepted, which proves nothing.
#[derive(Debug, Deserialize)]
pub(crate) struct Accepted {
    /// The id of the task.
    pub(crate) delete_id: String,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Under way; survives a restart of the server, and goes on minutes later.
    Active,
    /// Waiting to begin.
    Scheduled,
    /// The older spellings of "under way".
    #[serde(alias = "shutting_down", alias = "purging")]
    Running,
    /// Done, which proves nothing: deleting a room that never was ends so too.
    Complete,
    /// Given up.
    Failed,
    /// Given up by somebody.
    Cancelled,
}

/// Who was put out of the room, and who could not be.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shutdown {
    /// Members that could not be put out.
    #[serde(default)]
    pub(crate) failed_to_kick_users: Vec<String>,
}

/// One task.
#[derive(Debug, Deserialize)]
pub(crate) struct Task {
    /// Its id.
    #[serde(default)]
    pub(crate) delete_id: String,
    /// How far it is.
    pub(crate) status: Status,
    /// What it has done to the members so far.
    #[serde(default)]
    pub(crate) shutdown_room: Option<Shutdown>,
}

/// All tasks of a room.
#[derive(Debug, Deserialize)]
pub(crate) struct Tasks {
    /// The tasks.
    pub(crate) results: Vec<Task>,
}

impl Task {
    /// Whether it is not over yet.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status, Status::Active | Status::Scheduled | Status::Running)
    }

    /// What the journal remembers of it.
    pub(crate) fn memo(&self) -> Value {
        let failed = self.shutdown_room.as_ref().map_or(&[][..], |shutdown| &shutdown.failed_to_kick_users);
        json!({
            "delete_id": self.delete_id,
            "status": if self.status == Status::Failed { "failed" } else { "seen" },
            "failed_to_kick_users": failed,
        })
    }
}
