//! What a directory answers: a `ListResponse` (RFC 7644, 3.4.2) of `User` resources, or one of them (RFC 7643, 4.1).
//!
//! Who has `active` false has left. Who has no `active` at all is a problem: nobody is taken for a leaver by silence.
//! Names of attributes are case-insensitive (RFC 7643, 2.1).

use adjourn_domain::canonical::Hash;
use serde_json::{Map, Value};

use super::{Leaver, Leavers, MAX_PEOPLE, problem};
use crate::ledger::{LedgerError, MAX_BYTES};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Addresses and numbers of one person that are read, at most.
const MAX_CONTACTS: usize = 20;
/// Longest text that is read, in characters.
const MAX_TEXT: usize = 500;

pub(super) fn read(text: &[u8], sha256: Hash) -> Result<Leavers, LedgerError> {
    if text.len() > MAX_BYTES {
        return Err(LedgerError::Size(format!("{} bytes", text.len())));
    }
    let form = |says: String| LedgerError::Form(says);
    let value: Value = serde_json::from_slice(text).map_err(|error| form(error.to_string()))?;
    let top = value.as_object().ok_or_else(|| form("not a SCIM resource".to_owned()))?;
    let one = [value.clone()];
    let (users, total): (&[Value], u64) = if says(top, LIST) {
        let total = get(top, "totalResults").and_then(Value::as_u64);
        let total = total.ok_or_else(|| form("totalResults is missing".to_owned()))?;
        match get(top, "Resources") {
            Some(Value::Array(users)) => (users, total),
            // Nobody was found, or nobody was asked for (RFC 7644, 3.4.2).
            None => (&[], total),
            Some(_) => return Err(form("Resources is no list".to_owned())),
        }
    } else if says(top, USER) {
        (&one, 1)
    } else {
        return Err(form("schemas names neither ListResponse nor User".to_owned()));
    };
    if users.len() > MAX_PEOPLE {
        return Err(LedgerError::Size(format!("more than {MAX_PEOPLE} people")));
    }
    let unlisted = total.saturating_sub(users.len() as u64);
    let mut read =
        Leavers { sha256, form: "scim", people: Vec::new(), active: 0, unlisted, problems: Vec::new() };
    for (at, user) in users.iter().enumerate() {
        let line = at as u64 + 1;
        match user.as_object().filter(|user| says(user, USER)) {
            None => read.problems.push(problem(line, "leavers-resource")),
            Some(user) => match get(user, "active").and_then(truth) {
                Some(true) => read.active += 1,
                None => read.problems.push(problem(line, "leavers-active")),
                Some(false) => match person(line, user) {
                    person if person.names.is_empty() => {
                        read.problems.push(problem(line, "leavers-nameless"));
                    }
                    person => read.people.push(person),
                },
            },
        }
    }
    Ok(read)
}

fn person(line: u64, user: &Map<String, Value>) -> Leaver {
    let text = |of: &Map<String, Value>, name: &str| get(of, name).and_then(plain_text);
    let mut names: Vec<String> = text(user, "displayName").into_iter().collect();
    if let Some(name) = get(user, "name").and_then(Value::as_object) {
        names.extend(text(name, "formatted"));
        if let Some((family, given)) = text(name, "familyName").zip(text(name, "givenName")) {
            // As a ledger has it depends on the language: nothing between them in Chinese.
            names.extend([
                format!("{family}{given}"),
                format!("{given} {family}"),
                format!("{family} {given}"),
            ]);
        }
    }
    let mut contacts = Vec::new();
    for many in ["emails", "phoneNumbers"] {
        for entry in get(user, many).and_then(Value::as_array).into_iter().flatten().take(MAX_CONTACTS) {
            let value = entry.as_object().and_then(|entry| text(entry, "value"));
            // A telephone number may be a URI (RFC 3966).
            contacts.extend(value.map(|value| value.strip_prefix("tel:").unwrap_or(&value).to_owned()));
        }
    }
    let accounts: Vec<String> =
        ["userName", "externalId"].iter().filter_map(|name| text(user, name)).collect();
    contacts.extend(accounts.iter().filter(|account| account.contains('@')).cloned());
    for list in [&mut names, &mut contacts] {
        let mut once = std::collections::BTreeSet::new();
        list.retain(|text| once.insert(text.clone()));
    }
    Leaver { line, names, contacts, accounts, platform: None, left_on: None }
}

/// Whether a resource says that it is of this schema.
fn says(resource: &Map<String, Value>, schema: &str) -> bool {
    let schemas = get(resource, "schemas").and_then(Value::as_array);
    schemas
        .is_some_and(|all| all.iter().filter_map(Value::as_str).any(|said| said.eq_ignore_ascii_case(schema)))
}

fn get<'a>(of: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    of.get(name)
        .or_else(|| of.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        .filter(|value| !value.is_null())
}

/// True or false. Some directories write them as text.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A text that can be shown.
fn plain_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let plain = !text.is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
    plain.then(|| text.to_owned())
}
