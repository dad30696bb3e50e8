//! Gives a room another owner, whoever dissolves it or leaves it or not.
//!
//! One call, so that a lost reply leaves no half of it: an identity with the power for it sets the levels, the new
//! owner's and the old owners' together; a server admin without has the server pass on the power of the strongest
//! local member, and enters nothing. What can't be taken away is told: a creator's power since room version 12, and
//! that of an owner as strong as whoever acts.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::auth;
use super::super::wire::power::{Power, handed};
use super::super::wire::rooms::Sent;
use super::super::wire::state::RoomState;
use super::super::wire::{ids, requests};
use super::api::Api;
use super::power::ownerless;
use super::rooms::see;

/// The verb.
pub(crate) struct Transfer;

const LEVELS: &str = "m.room.power_levels";

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(&order.group)?;
        let (to, from) = (new_owner(order)?, old_owners(order)?);
        let seen = see(&api, room).await?;
        let state = &seen.state;
        if !state.is_joined(to) {
            return Err(ConnectorError::new(Kind::Invalid, "the new owner is not in the room"));
        }
        let power = state.power();
        let emulated = state.with_membership("join").any(|user| user != to && power.is_sovereign(user));
        if emulated && order.params.get("support").and_then(Value::as_str) == Some("native") {
            let says = "in a room of this version its creator keeps power above the new owner";
            return Err(ConnectorError::new(Kind::Conflict, says));
        }
        let me = auth::account(&api).await?;
        let change = Change::new(state, &me, to, &from)?;
        if change.raise || !change.lower.is_empty() {
            change.make(&api, room, seen.details.is_some()).await?;
        }
        Ok(memo(state, to, &change.lower))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let to = new_owner(order)?;
        let state = see(&api, ids::room(&order.group)?).await?.state;
        let owns = state.is_joined(to) && state.power().of(to) >= Power::OWNER;
        let memo = if owns { memo(&state, to, &[]) } else { Value::Null };
        Ok(ReadBack { memo, ..ReadBack::is(owns) })
    }
}

/// What has to change, and through whom.
struct Change<'a> {
    state: &'a RoomState,
    levels: &'a Value,
    me: &'a str,
    to: &'a str,
    /// Whether the new owner has not the power yet.
    raise: bool,
    /// Old owners whose power this identity may take.
    lower: Vec<&'a str>,
    /// Whether this identity may set the levels as they have to be.
    own: bool,
}

impl<'a> Change<'a> {
    fn new(state: &'a RoomState, me: &'a str, to: &'a str, from: &[&'a str]) -> Result<Self, ConnectorError> {
        let levels = state.content(LEVELS, "").filter(|content| content.is_object());
        let levels =
            levels.ok_or_else(|| ConnectorError::new(Kind::Conflict, "the room has no power levels"))?;
        let power = state.power();
        let mine = power.of(me);
        let raise = power.of(to) < Power::OWNER;
        let needed = power.for_state(LEVELS).max(if raise { Power::OWNER } else { 0 });
        let own = state.is_joined(me) && mine >= needed;
        let may_lower = |user: &&str| {
            let owns = *user != to && power.of(user) >= Power::OWNER && !power.is_sovereign(user);
            own && owns && (*user == me || power.of(user) < mine)
        };
        let lower = from.iter().copied().filter(may_lower).collect();
        Ok(Self { state, levels, me, to, raise, lower, own })
    }

    async fn make(&self, api: &Api<'_>, room: &str, admin: bool) -> Result<(), ConnectorError> {
        if self.own {
            let levels = handed(self.levels, self.raise.then_some(self.to), &self.lower);
            api.change::<Sent>(&requests::put_state(room, LEVELS, "", levels)).await?;
            return Ok(());
        }
        let refuse = |says: &str| Err(ConnectorError::new(Kind::Permission, says));
        if !admin {
            return refuse("power level 100, and that for setting the levels, is needed");
        }
        // The server passes on the power of the strongest local member: less than an owner's would be no transfer.
        let power = self.state.power();
        let ours = ids::server_of(self.me);
        let mut local = self.state.with_membership("join").filter(|user| ids::server_of(user) == ours);
        if !local.any(|user| power.of(user) >= Power::OWNER) {
            return refuse("nobody on this server owns the room, so no ownership can be passed on");
        }
        match api.change::<Value>(&requests::make_room_admin(room, self.to)).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind == Kind::Invalid => Err(ownerless(error)),
            Err(error) => Err(error),
        }
    }
}

/// Who else has an owner's power afterwards, and whether that makes it less than a transfer.
fn memo(state: &RoomState, to: &str, lowered: &[&str]) -> Memo {
    let power = state.power();
    let keeps: Vec<&str> = state
        .with_membership("join")
        .filter(|user| *user != to && power.of(user) >= Power::OWNER && !lowered.contains(user))
        .collect();
    let support = if keeps.iter().any(|user| power.is_sovereign(user)) { "emulated" } else { "native" };
    json!({ "to": to, "keeps": keeps, "support": support })
}

fn new_owner(order: &Order) -> Result<&str, ConnectorError> {
    ids::user(order.text("to")?).ok_or_else(|| ConnectorError::new(Kind::Invalid, "parameter to: no user id"))
}

/// The old owners who are to be plain members; nobody when it is not said.
fn old_owners(order: &Order) -> Result<Vec<&str>, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Invalid, "parameter from: a list of user ids");
    let Some(from) = order.params.get("from").filter(|from| !from.is_null()) else { return Ok(Vec::new()) };
    let from = from.as_array().ok_or_else(wrong)?;
    from.iter().map(|user| user.as_str().and_then(ids::user).ok_or_else(wrong)).collect()
}
