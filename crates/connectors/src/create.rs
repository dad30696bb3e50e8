//! Making a group, as far as it is the same everywhere: what is wished for, what is remembered, and what a look at the
//! new group proves.
//!
//! The group of an order is empty: there is none yet. `params` has `name`, and may have `owner` (an account; the account
//! that acts if absent), `members` (a list of accounts) and `kind`. What is remembered is `{"group": "<native id>"}`.

use adjourn_connector_kit::{ConnectorError, Kind, Memo, Order, ReadBack};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use serde_json::{Value, json};

/// Field of the memo with the new group's id.
const GROUP: &str = "group";
/// Most members that are named at once. Platforms have limits of their own, which they tell.
const MAX_MEMBERS: usize = 500;

/// What is wished for.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    /// The group's name.
    pub(crate) name: &'a str,
    /// Account of its owner; the account that acts if `None`.
    pub(crate) owner: Option<&'a str>,
    /// Accounts of members, without the owner and without repetitions.
    pub(crate) members: Vec<&'a str>,
}

impl<'a> Wish<'a> {
    /// Reads the parameters of an order. A name has at least one visible character, no control characters, and at most
    /// `longest` characters.
    ///
    /// # Errors
    /// `Invalid`, before any request.
    pub(crate) fn of(order: &'a Order, longest: usize) -> Result<Self, ConnectorError> {
        let invalid = |says: &'static str| ConnectorError::new(Kind::Invalid, says);
        let name = order.text("name")?;
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(invalid("the name is empty or has control characters"));
        }
        if name.chars().count() > longest {
            return Err(invalid("the name is longer than the platform takes"));
        }
        let owner = order.params.get("owner").and_then(Value::as_str).filter(|owner| !owner.is_empty());
        let mut members = Vec::new();
        for member in order.params.get("members").and_then(Value::as_array).into_iter().flatten() {
            let member = member.as_str().filter(|member| !member.is_empty());
            let member = member.ok_or_else(|| invalid("parameter members: a list of accounts"))?;
            if Some(member) != owner && !members.contains(&member) {
                members.push(member);
            }
        }
        if members.len() > MAX_MEMBERS {
            return Err(invalid("parameter members: too many at once"));
        }
        Ok(Self { name, owner, members })
    }
}

/// What is remembered of a group that is there.
pub(crate) fn memo(group: &str) -> Memo {
    json!({ GROUP: group })
}

/// The group that was remembered.
pub(crate) fn remembered(order: &Order) -> Option<NativeId> {
    order.memo.get(GROUP).and_then(Value::as_str).filter(|id| !id.is_empty()).map(NativeId::from)
}

/// That the group with this id is the one of the order.
pub(crate) fn found(group: &str) -> ReadBack {
    ReadBack { memo: memo(group), ..ReadBack::is(true) }
}

/// Whether the group that was remembered is there, by a look at it.
///
/// # Errors
/// Those of the look, except that there is no such group.
pub(crate) fn seen(
    look: Result<Snapshot, ConnectorError>,
    group: &NativeId,
) -> Result<ReadBack, ConnectorError> {
    match look {
        Ok(_) => Ok(found(group.as_str())),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Permission) => Ok(ReadBack::is(false)),
        Err(error) => Err(error),
    }
}

/// Whether the group that a person made and named is there, under the name that was asked for: any other group with this
/// id is another group.
///
/// # Errors
/// Those of the look, except that there is no such group.
pub(crate) fn named(
    look: Result<Snapshot, ConnectorError>,
    group: &NativeId,
    order: &Order,
) -> Result<ReadBack, ConnectorError> {
    let name = order.text("name")?;
    match look {
        Ok(snapshot) if snapshot.name.as_deref() != Some(name) => Ok(ReadBack::is(false)),
        look => seen(look, group),
    }
}

/// A platform's alphabet of ids: the order's key in letters and digits, at most `longest` of them, always the same for the
/// same key and never the same for two keys that differ.
pub(crate) fn id_of_key(key: &str, longest: usize) -> String {
    let hash = adjourn_domain::canonical::Hash::of_parts(&[b"adjourn-create\0", key.as_bytes()]);
    let hex = adjourn_domain::canonical::hex(&hash.0);
    hex.get(..longest.min(hex.len())).unwrap_or(&hex).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::capability::{Effect, Op};

    fn order(params: &Value, memo: Memo) -> Order {
        let params = params.as_object().cloned().unwrap();
        Order { op: Op::Create, group: "".into(), key: "n-1:create".into(), undo: false, params, memo }
    }

    #[test]
    fn a_wish_names_everybody_once_and_the_owner_not_among_the_members() {
        let order = order(&json!({"name": "A", "owner": "o", "members": ["a", "o", "a", "b"]}), Value::Null);
        let wish = Wish::of(&order, 10).unwrap();
        assert_eq!((wish.name, wish.owner, wish.members), ("A", Some("o"), vec!["a", "b"]));
    }

    #[test]
    fn names_and_members_that_make_no_sense_are_invalid() {
        for params in [
            json!({}),
            json!({"name": " "}),
            json!({"name": "a\u{0}"}),
            json!({"name": "elevenchars"}),
            json!({"name": "a", "members": [1]}),
            json!({"name": "a", "members": [""]}),
        ] {
            let order = order(&params, Value::Null);
            assert_eq!(Wish::of(&order, 10).unwrap_err().kind, Kind::Invalid, "{:?}", order.params);
        }
    }

    #[test]
    fn a_group_that_is_not_seen_is_not_there_and_a_failed_look_says_nothing() {
        let look = |kind| seen(Err(ConnectorError::new(kind, "")), &"g".into());
        assert_eq!(look(Kind::NotFound).unwrap().effect, Effect::NotApplied);
        assert!(look(Kind::Network).is_err());
        assert_eq!(remembered(&order(&json!({}), memo("g"))), Some("g".into()));
        assert_eq!(remembered(&order(&json!({}), json!({"group": ""}))), None);
    }

    #[test]
    fn ids_of_keys_are_letters_and_digits_and_differ() {
        let (one, two) = (id_of_key("n-1:create", 32), id_of_key("n-2:create", 32));
        assert_eq!(one.len(), 32);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()) && one != two);
        assert_eq!(one, id_of_key("n-1:create", 32));
    }
}
