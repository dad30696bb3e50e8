//! Replies about identities and rooms.

use serde::Deserialize;

/// `/versions`.
#[derive(Debug, Deserialize)]
pub(crate) struct Versions {
    versions: Vec<String>,
}

impl Versions {
    /// The newest version of the protocol that the server names.
    pub(crate) fn latest(&self) -> Option<String> {
        let number = |version: &&String| {
            let (major, minor) = version.strip_prefix('v')?.split_once('.')?;
            Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
        };
        self.versions.iter().max_by_key(number).map(|version| format!("Matrix {version}"))
    }
}

/// `/account/whoami`.
#[derive(Debug, Deserialize)]
pub(crate) struct Whoami {
    /// The account.
    pub(crate) user_id: String,
}

/// `/server_version`.
#[derive(Debug, Deserialize)]
pub(crate) struct ServerVersion {
    /// Synapse's version.
    pub(crate) server_version: String,
}

/// A room in the server's list.
#[derive(Debug, Deserialize)]
pub(crate) struct ListedRoom {
    /// Its id.
    pub(crate) room_id: String,
    /// Its name; null or empty when it has none.
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// A page of the server's list of rooms.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomsPage {
    /// The rooms.
    pub(crate) rooms: Vec<ListedRoom>,
    /// Where the next page begins.
    #[serde(default)]
    pub(crate) next_batch: Option<u64>,
}

/// A room as a server admin sees it.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomDetails {
    /// Its name.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Its main alias.
    #[serde(default)]
    pub(crate) canonical_alias: Option<String>,
    /// Version of the room.
    #[serde(default)]
    pub(crate) version: Option<String>,
    /// Joined members of all servers.
    pub(crate) joined_members: u64,
    /// Joined members of this server.
    #[serde(default)]
    pub(crate) joined_local_members: Option<u64>,
}

/// Joined members as a server admin sees them.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomMembers {
    /// Their ids.
    pub(crate) members: Vec<String>,
}

/// Whether a room is blocked.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomBlock {
    /// The answer.
    pub(crate) block: bool,
}

/// Rooms that the identity has joined.
#[derive(Debug, Deserialize)]
pub(crate) struct JoinedRooms {
    /// Their ids.
    pub(crate) joined_rooms: Vec<String>,
}

/// Aliases of a room on this server.
#[derive(Debug, Deserialize)]
pub(crate) struct Aliases {
    /// The aliases.
    pub(crate) aliases: Vec<String>,
}

/// The id of a new event.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    /// The event.
    pub(crate) event_id: String,
}

/// A user in the server's list of users.
#[derive(Debug, Deserialize)]
pub(crate) struct ListedUser {
    /// The account.
    pub(crate) name: String,
    /// `bot`, `support`, or nothing.
    #[serde(default)]
    pub(crate) user_type: Option<String>,
}

/// A page of the server's list of users.
#[derive(Debug, Deserialize)]
pub(crate) struct UsersPage {
    /// The users.
    pub(crate) users: Vec<ListedUser>,
    /// Where the next page begins.
    #[serde(default)]
    pub(crate) next_token: Option<String>,
}

/// A room's id, as its making and its alias tell it.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomId {
    /// The id.
    pub(crate) room_id: String,
}
