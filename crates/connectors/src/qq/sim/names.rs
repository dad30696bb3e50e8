//! Numbers for what a world calls by name: on this wire every group and account is a number. A person at the phone may
//! use either.

use std::collections::BTreeMap;

use adjourn_connector_kit::transport::Request;
use adjourn_world::{WorldSpec, unescaped};
use bytes::Bytes;
use serde_json::Value;

/// First number of an account, and of a group, that has a name in its world.
const ACCOUNTS: u64 = 700_000_001;
/// The same for groups.
const GROUPS: u64 = 710_000_001;

/// Names and their numbers; empty for a world of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Gives numbers to a world.
    pub(super) fn numbered(spec: &WorldSpec) -> (Self, WorldSpec) {
        let accounts = spec.accounts.iter().map(|account| &account.id).zip(ACCOUNTS..);
        let groups = spec.groups.iter().map(|group| &group.id).zip(GROUPS..);
        let named = accounts.chain(groups).filter(|(id, _)| !is_number(id));
        let names = Self(named.map(|(id, number)| (id.clone(), number.to_string())).collect());
        let mut spec = spec.clone();
        if names.0.is_empty() {
            return (names, spec);
        }
        for account in &mut spec.accounts {
            names.replace(&mut account.id);
        }
        for token in &mut spec.tokens {
            names.replace(&mut token.account);
        }
        for group in &mut spec.groups {
            names.replace(&mut group.id);
            names.replace(&mut group.owner);
            let lists = [&mut group.admins, &mut group.members, &mut group.offline];
            lists.into_iter().flatten().for_each(|id| names.replace(id));
        }
        (names, spec)
    }

    fn replace(&self, id: &mut String) {
        if let Some(number) = self.0.get(id) {
            number.clone_into(id);
        }
    }

    /// The number behind an id of the world.
    pub(super) fn number<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// A person's request with numbers for names; `None` where it is no person's, or nothing is to be replaced.
    pub(super) fn at_the_phone(&self, request: &Request) -> Option<Request> {
        let path = request.uri().path();
        if self.0.is_empty() || !path.starts_with("/client/") {
            return None;
        }
        let segments = path
            .split('/')
            .map(|segment| self.0.get(&unescaped(segment)).map_or_else(|| segment.to_owned(), Clone::clone));
        let path = segments.collect::<Vec<String>>().join("/");
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let body = match serde_json::from_slice::<Value>(request.body()) {
            Ok(Value::Object(mut fields)) => {
                for value in fields.values_mut() {
                    if let Some(number) = value.as_str().and_then(|name| self.0.get(name)) {
                        *value = number.as_str().into();
                    }
                }
                Bytes::from(Value::Object(fields).to_string())
            }
            _ => request.body().clone(),
        };
        let mut replaced = http::Request::builder().method(request.method()).uri(format!("{path}{query}"));
        if let Some(headers) = replaced.headers_mut() {
            headers.clone_from(request.headers());
        }
        replaced.body(body).ok()
    }
}

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_of_names_becomes_one_of_numbers_and_a_person_may_use_either() {
        let spec = WorldSpec::of("qq").unwrap();
        let (names, numbered) = Names::numbered(&spec);
        assert!(numbered.groups.iter().all(|group| is_number(&group.id) && is_number(&group.owner)));
        assert!(numbered.accounts.iter().all(|account| is_number(&account.id)));
        let uri = "http://x/client/groups/qq-1?a=b";
        let request =
            http::Request::post(uri).body(Bytes::from(r#"{"as":"u-owner","act":"leave"}"#)).unwrap();
        let replaced = names.at_the_phone(&request).unwrap();
        assert_eq!(replaced.uri(), "/client/groups/710000001?a=b");
        let body: Value = serde_json::from_slice(replaced.body()).unwrap();
        assert_eq!((&body["as"], &body["act"]), (&"700000001".into(), &"leave".into()));
        let other = http::Request::post("http://x/get_status").body(Bytes::new()).unwrap();
        assert!(names.at_the_phone(&other).is_none());
        assert!(Names::numbered(&numbered).0.at_the_phone(&request).is_none());
    }
}
