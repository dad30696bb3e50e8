//! Leaving a group, as far as it is the same everywhere: the answer of the call proves nothing, a list of members that
//! somebody else reads does, and it proves that the account is out, never that the group is gone.

use adjourn_connector_kit::{ConnectorError, Kind, Order, ReadBack};
use adjourn_domain::group::Snapshot;

/// How long to wait before a read-back that could not tell is tried again.
const AGAIN_S: u64 = 60;

/// Why an owner's leave is refused.
pub(crate) const OWNER: &str = "this account owns the group: its leave would be more than a leave";
/// Why the leave of another account is refused.
pub(crate) const OTHER: &str = "only the account that acts can be taken out, and the plan names another";

/// Whether the account is out, by what `seen` says of the members. A group that nobody sees, or whose members nobody
/// tells, says nothing.
///
/// # Errors
/// Those of the look, and of an order without an account.
pub(crate) fn read_back(
    seen: Result<Snapshot, ConnectorError>,
    order: &Order,
) -> Result<ReadBack, ConnectorError> {
    let account = order.text("account")?;
    match seen {
        Ok(seen) if seen.members_unknown() => Ok(ReadBack::later(AGAIN_S)),
        Ok(seen) => Ok(ReadBack::is(seen.members.iter().all(|member| member.id.as_str() != account))),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Permission) => Ok(ReadBack::later(AGAIN_S)),
        Err(error) => Err(error),
    }
}
