//! Fields of what an export says. Ids are longer than 53 bits: they are taken as text or whole numbers, never as floating point.

use adjourn_domain::time::Time;
use serde_json::{Map, Value};

/// An object's fields.
pub(super) type Fields = Map<String, Value>;

/// A text that is there and not empty.
pub(super) fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The same, owned.
pub(super) fn owned(fields: &Fields, name: &str) -> Option<String> {
    text(fields, name).map(str::to_owned)
}

/// An id, written as text or whole number.
pub(super) fn id(fields: &Fields, name: &str) -> Option<String> {
    id_of(fields.get(name)?)
}

/// A value as an id.
pub(super) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, written as number or text.
pub(super) fn whole(fields: &Fields, name: &str) -> Option<i64> {
    match fields.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A time in seconds since 1970, whole, with a fraction, or as text.
pub(super) fn seconds(fields: &Fields, name: &str) -> Option<Time> {
    seconds_of(fields.get(name)?)
}

/// A value as a time in seconds.
pub(super) fn seconds_of(value: &Value) -> Option<Time> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole: i64 = whole.parse().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let negative = text.starts_with('-');
    whole.checked_mul(1000)?.checked_add(if negative { -millis } else { millis }).map(Time::from_millis)
}

/// A time in milliseconds since 1970.
pub(super) fn millis(fields: &Fields, name: &str) -> Option<Time> {
    whole(fields, name).map(Time::from_millis)
}

/// A time in RFC 3339.
pub(super) fn time(fields: &Fields, name: &str) -> Option<Time> {
    text(fields, name).and_then(Time::parse)
}

/// An object in an object.
pub(super) fn object<'a>(fields: &'a Fields, name: &str) -> Option<&'a Fields> {
    fields.get(name)?.as_object()
}

/// The objects of a list; none where there is no list.
pub(super) fn objects<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a Fields> {
    fields.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// The ids of a list.
pub(super) fn ids(fields: &Fields, name: &str) -> Vec<String> {
    fields.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(id_of).collect()
}

/// What cards below a message say: of each the named texts and its fields, or else one other.
pub(super) fn cards<'a>(
    cards: impl Iterator<Item = &'a Fields>,
    names: &[&str],
    otherwise: &str,
) -> Option<String> {
    let mut lines: Vec<&str> = Vec::new();
    for card in cards {
        let before = lines.len();
        lines.extend(names.iter().filter_map(|name| text(card, name)));
        for field in objects(card, "fields") {
            lines.extend(["name", "title", "value"].iter().filter_map(|name| text(field, name)));
        }
        if lines.len() == before {
            lines.extend(text(card, otherwise));
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether a flag is set.
pub(super) fn flag(fields: &Fields, name: &str) -> bool {
    fields.get(name).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_ids_are_exact() {
        let value = serde_json::json!({"a": "1452837318.000002", "b": 12.25, "c": -1, "d": "x", "e": 9_007_199_254_740_993_u64});
        let fields = value.as_object().unwrap();
        let ms = |name| seconds(fields, name).map(Time::as_millis);
        assert_eq!(
            (ms("a"), ms("b"), ms("c"), ms("d")),
            (Some(1_452_837_318_000), Some(12_250), Some(-1000), None)
        );
        assert_eq!(id(fields, "e").as_deref(), Some("9007199254740993"));
    }
}
