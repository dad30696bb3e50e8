//! A new group in the world.

use std::collections::BTreeMap;

use adjourn_domain::capability::Op;
use adjourn_domain::group::{Kind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;

use crate::group::{Group, Membership};
use crate::world::{Refusal, World, refuse};

/// Longest name of a group, in characters.
const MAX_NAME: usize = 100;

/// What a new group is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Account of its owner; whoever makes it if `None`.
    pub owner: Option<String>,
    /// Accounts of plain members.
    pub members: Vec<String>,
    /// The id that the caller wants; a number of the world's own if `None`.
    pub id: Option<String>,
}

impl World {
    /// An account makes a group; the same `key` of the same account makes it once. Gives the group's id. Whoever makes a
    /// group for another owner stays in it as an administrator.
    ///
    /// # Errors
    /// `bad_name`, `unknown_account`, and `exists` when the id that is wanted is taken.
    pub fn make(
        &mut self,
        at: Time,
        who: &str,
        wanted: NewGroup,
        key: Option<String>,
    ) -> Result<String, Refusal> {
        let key = key.map(|key| (who.to_owned(), key));
        // The same key is the same creation, whatever else is in the request.
        if let Some(made) = key.as_ref().and_then(|key| self.made.get(key)) {
            return Ok(made.clone());
        }
        let NewGroup { name, kind, owner, members: others, id } = wanted;
        if name.trim().is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return refuse("bad_name");
        }
        let owner = owner.unwrap_or_else(|| who.to_owned());
        if others.iter().chain([&owner]).any(|account| !self.accounts.contains_key(account)) {
            return refuse("unknown_account");
        }
        let id = match id {
            Some(id) if self.groups.contains_key(&id) => return refuse("exists"),
            Some(id) => id,
            None => self.free_id(),
        };
        let in_it = |standing| Membership { standing, online: true };
        let mut members: BTreeMap<String, Membership> =
            others.into_iter().map(|account| (account, in_it(Standing::Member))).collect();
        members.insert(who.to_owned(), in_it(Standing::Admin));
        members.insert(owner, in_it(Standing::Owner));
        let mut group = Group { name: Some(name), kind, members, ..Group::default() };
        group.push(at, who, RecordKind::System, None)?;
        self.groups.insert(id.clone(), group);
        self.made.extend(key.map(|key| (key, id.clone())));
        self.count(Op::Create, &id);
        Ok(id)
    }

    /// The group that an account made under a key.
    ///
    /// # Errors
    /// `unknown_creation`.
    pub fn made_by(&self, who: &str, key: &str) -> Result<&str, Refusal> {
        let key = (who.to_owned(), key.to_owned());
        self.made.get(&key).map(String::as_str).ok_or(Refusal { code: "unknown_creation" })
    }

    fn free_id(&self) -> String {
        let mut number = self.groups.len() + 1;
        loop {
            let id = format!("n-{number:05}");
            if !self.groups.contains_key(&id) {
                return id;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rules, WorldSpec};

    fn world() -> World {
        World::new(Rules::default(), &WorldSpec::of("reference").unwrap())
    }

    #[test]
    fn the_same_key_makes_one_group_and_another_key_another() {
        let mut world = world();
        let accounts: Vec<String> = world.accounts.keys().cloned().collect();
        let wanted = NewGroup { name: "A".into(), owner: Some(accounts[1].clone()), ..NewGroup::default() };
        let at = Time::from_millis(0);
        let mut make = |key: &str| world.make(at, &accounts[0], wanted.clone(), Some(key.into())).unwrap();
        let (first, again, other) = (make("k"), make("k"), make("l"));
        assert!(first == again && first != other);
        assert_eq!(world.made_by(&accounts[0], "k"), Ok(first.as_str()));
        assert_eq!(world.made_by(&accounts[1], "k"), Err(Refusal { code: "unknown_creation" }));
        let group = world.group(&first).unwrap();
        assert_eq!(group.owner(), Some(&accounts[1]));
        assert_eq!(group.standing(&accounts[0]), Standing::Admin);
        assert_eq!(world.effects()[&(Op::Create, first.into())], 1);
    }

    #[test]
    fn what_can_not_be_is_refused_and_nothing_is_made() {
        let mut world = world();
        let who = world.accounts.keys().next().cloned().unwrap();
        let taken = world.groups.keys().next().cloned();
        let before = world.groups.len();
        let new = |name: &str| NewGroup { name: name.into(), ..NewGroup::default() };
        for (wanted, code) in [
            (new(" "), "bad_name"),
            (new(&"x".repeat(101)), "bad_name"),
            (NewGroup { owner: Some("nobody".into()), ..new("A") }, "unknown_account"),
            (NewGroup { id: taken, ..new("A") }, "exists"),
        ] {
            assert_eq!(world.make(Time::from_millis(0), &who, wanted, None), Err(Refusal { code }));
        }
        assert_eq!(world.groups.len(), before);
    }
}
