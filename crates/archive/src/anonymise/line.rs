//! Whom a line of a copy is about, and what it says about them.
//!
//! Inside an object that is a person (`participant`, or a sender that is an object) everything that is no pseudonym is an attribute. Beside a message only
//! those keys are whose meaning is known, or that whoever checks names: the rest of a message is what was said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::token;

/// Which keys are which, as people and tools write them.
static KNOWN: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/attributes.json")).unwrap_or_default());

/// Keys that are looked at.
#[derive(Debug, Clone)]
pub struct Keys {
    people: Vec<String>,
    names: BTreeSet<String>,
    attributes: BTreeSet<String>,
}

impl Keys {
    /// The known ones, and further attributes that a person names.
    pub fn with(further: &[String]) -> Self {
        let of = |slug: &str| KNOWN.get(slug).cloned().unwrap_or_default();
        let further = further.iter().map(|key| key.to_lowercase());
        Self {
            people: of("person"),
            names: of("name").into_iter().collect(),
            attributes: of("attribute").into_iter().chain(further).collect(),
        }
    }

    fn is_attribute(&self, key: &str) -> bool {
        self.attributes.contains(key.to_lowercase().as_str())
    }
}

/// Whom a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    /// The pseudonym.
    pub(super) who: String,
    /// Whether it is a message of theirs.
    pub(super) message: bool,
    /// Pseudonyms of their names.
    pub(super) names: BTreeSet<String>,
}

/// Looks at a line; `None` where it is about nobody.
pub(super) fn about(line: &Map<String, Value>, keys: &Keys) -> Option<About> {
    let mut names = BTreeSet::new();
    if let Some(Value::Object(person)) = line.get("participant") {
        let who = of_object(person, &mut names)?;
        return Some(About { who, message: false, names });
    }
    let (_, value) = person_key(line, keys)?;
    let who = match value {
        Value::Object(person) => of_object(person, &mut names)?,
        other => other.as_str().map(str::to_owned)?,
    };
    for (key, value) in line {
        if keys.names.contains(key.to_lowercase().as_str()) {
            names.extend(value.as_str().and_then(token::whole).map(str::to_owned));
        }
    }
    let kind = line.get("_type").and_then(Value::as_str);
    Some(About { who, message: kind.is_none_or(|kind| kind == "message"), names })
}

/// Gives each attribute that a line has to `take`, which may change it.
pub(super) fn attributes(line: &mut Map<String, Value>, keys: &Keys, take: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(Value::Object(person)) = line.get_mut("participant") {
        return of_person(person, keys, take);
    }
    let sender = person_key(line, keys).map(|(key, _)| key.to_owned());
    if let Some(Value::Object(person)) = sender.and_then(|key| line.get_mut(&key)) {
        of_person(person, keys, take);
    }
    for (key, value) in line.iter_mut().filter(|(key, _)| keys.is_attribute(key)) {
        take(key, value);
    }
}

fn of_person(person: &mut Map<String, Value>, keys: &Keys, take: &mut dyn FnMut(&str, &mut Value)) {
    for (key, value) in person.iter_mut() {
        let pseudonym = match &*value {
            Value::Null => true,
            Value::String(text) => token::whole(text).is_some(),
            Value::Array(values) => {
                values.iter().all(|value| value.as_str().is_some_and(|text| token::whole(text).is_some()))
            }
            _ => false,
        };
        // A department under a pseudonym is still the same department for all who are in it.
        if !pseudonym || keys.is_attribute(key) {
            take(key, value);
        }
    }
}

/// The key under which a line says whom it is of: the first that has a pseudonym.
fn person_key<'a>(line: &'a Map<String, Value>, keys: &Keys) -> Option<(&'a str, &'a Value)> {
    keys.people.iter().find_map(|wanted| {
        let (key, value) = line.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        let fits = match value {
            Value::String(text) => token::whole(text).is_some(),
            Value::Object(person) => of_object(person, &mut BTreeSet::new()).is_some(),
            _ => false,
        };
        fits.then_some((key.as_str(), value))
    })
}

/// The pseudonym of a person who is an object: the id's, else the first one.
fn of_object(person: &Map<String, Value>, names: &mut BTreeSet<String>) -> Option<String> {
    let of = |value: &Value| value.as_str().and_then(token::whole).map(str::to_owned);
    names.extend(person.values().filter_map(of));
    let lists = person.values().filter_map(Value::as_array).flatten();
    names.extend(lists.filter_map(of));
    let id = ["id", "uid", "user_id", "platformId"].into_iter().find_map(|key| person.get(key).and_then(of));
    id.or_else(|| person.values().find_map(of))
}
