//! Ids of Matrix, checked before they go into a path.

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::ids::NativeId;

/// Longest id that Matrix allows, in bytes.
const MAX: usize = 255;

/// A room id. Something that can't be one names no room: `NotFound`, without asking the server.
pub(crate) fn room(id: &NativeId) -> Result<&str, ConnectorError> {
    sigil(id.as_str(), '!').ok_or_else(|| ConnectorError::new(Kind::NotFound, "not a room id"))
}

/// An event id, if it can be one.
pub(crate) fn event(id: &str) -> Option<&str> {
    sigil(id, '$')
}

/// A user id, if it can be one.
pub(crate) fn user(id: &str) -> Option<&str> {
    sigil(id, '@')
}

fn sigil(id: &str, first: char) -> Option<&str> {
    let fits = id.len() > 1 && id.len() <= MAX && !id.chars().any(char::is_control);
    (fits && id.starts_with(first)).then_some(id)
}

/// The parts of an `mxc://server/id` URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mxc<'a> {
    /// The server that has the file.
    pub(crate) server: &'a str,
    /// The file's id on that server.
    pub(crate) id: &'a str,
}

/// Reads an `mxc://` URI.
pub(crate) fn mxc(uri: &str) -> Option<Mxc<'_>> {
    let (server, id) = uri.strip_prefix("mxc://")?.split_once('/')?;
    let id_fits = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let server_fits = server.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    let dots = server.chars().all(|c| c == '.');
    (id_fits && server_fits && !dots && !id.is_empty() && uri.len() <= MAX).then_some(Mxc { server, id })
}

/// Whether the domain of a user id is `server`.
pub(crate) fn server_of(user: &str) -> Option<&str> {
    user.split_once(':').map(|(_, server)| server)
}
