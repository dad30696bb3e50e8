//! Whether a de-identified copy can become an anonymised one: k-anonymity over what the copy says about its members.
//!
//! A pseudonym hides a name. It does not hide that somebody is the only one of a department, or writes a hundred times as much as anybody else. So before
//! the key of the pseudonyms is destroyed, members are counted in classes of equal attributes ([`Table`]); a class of fewer than k is one in which
//! somebody can be found by what is known about them from elsewhere. Attributes are made coarser, or members of small classes get one common
//! pseudonym ([`Change`]); both make a new copy. What was checked and done is a [`Statement`] beside the copy.
//!
//! Only the attributes of members are looked at. What people write is not, and the statement says so.

use std::collections::{BTreeMap, BTreeSet};

mod change;
mod classes;
mod file;
mod line;
mod statement;
mod token;

pub use change::{Change, Level};
pub use classes::{Assessment, SmallClass};
pub use file::{Written, look, write};
pub use line::Keys;
pub use statement::{Destroyed, FORMAT, KeyKind, KeyNamed, Proof, Signed, Statement, Subject, key_id, place};

/// How many people a class has to have where nobody says otherwise: what is usual within an organisation.
pub const DEFAULT_K: u32 = 5;
/// Most people of a copy.
const MAX_PEOPLE: usize = 2_000_000;
/// Most values that are kept of one attribute of one person; further ones make no class smaller than it is.
const MAX_VALUES: usize = 16;
/// The attribute that nobody writes down: how much somebody wrote, as a power of ten.
pub const MESSAGES: &str = "messages";

/// What a copy says about its members.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// By pseudonym.
    people: BTreeMap<String, Person>,
}

/// What a copy says about somebody.
#[derive(Debug, Clone, Default)]
struct Person {
    attributes: BTreeMap<String, BTreeSet<String>>,
    messages: u64,
    /// Further pseudonyms, of names.
    names: BTreeSet<String>,
}

impl Table {
    /// How many people there are.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// The attributes that anybody has.
    pub fn attributes(&self) -> BTreeSet<&str> {
        self.people.values().flat_map(|person| person.attributes.keys()).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests;
