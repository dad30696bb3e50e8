//! Fields of a JSON element. Ids are longer than 53 bits: they are taken as integers or text, never as floating point.

use serde_json::{Map, Value};

/// A field's text; `None` when it is there with another type. A missing one is empty.
pub(crate) fn text<'a>(element: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    match element.get(name) {
        None | Some(Value::Null) => Some(""),
        Some(value) => value.as_str(),
    }
}

/// A field's whole number, written as number or text.
pub(crate) fn whole(element: &Map<String, Value>, name: &str) -> Option<i64> {
    match element.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A field's digits, written as number or text.
pub(crate) fn digits(element: &Map<String, Value>, name: &str) -> Option<String> {
    match element.get(name)? {
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
