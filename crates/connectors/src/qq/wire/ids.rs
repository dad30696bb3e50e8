//! Ids on the wire: numbers or strings, never floats. Numbers of groups and accounts are kept as their digits, so that
//! none loses its end beyond 53 bits.

use std::fmt;

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::ids::NativeId;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Most characters of an id; 64 bits have 20.
const MAX: usize = 20;

/// An id as it came, a number or its digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(String);

impl Id {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn native(&self) -> NativeId {
        NativeId(self.0.clone())
    }

    /// As a number to order by.
    pub(crate) fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;

        impl Visitor<'_> for Digits {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id: a whole number or its digits")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Id, E> {
                Ok(Id(value.to_string()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Id, E> {
                Ok(Id(value.to_string()))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Id, E> {
                let digits = value.strip_prefix('-').unwrap_or(value);
                let fits = !digits.is_empty() && value.len() <= MAX;
                if fits && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    Ok(Id(value.to_owned()))
                } else {
                    Err(E::custom("an id that is no number"))
                }
            }
        }

        deserializer.deserialize_any(Digits)
    }
}

/// The number of a group or account, for a request.
///
/// # Errors
/// `NotFound` for what can't be one: there is no such group, and nobody has to be asked.
pub(crate) fn number(id: &NativeId) -> Result<&str, ConnectorError> {
    let text = id.as_str();
    let digits = !text.is_empty() && text.len() <= MAX && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && !text.starts_with('0') {
        Ok(text)
    } else {
        Err(ConnectorError::new(Kind::NotFound, "no group or account of QQ has such a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<String> {
        serde_json::from_str::<Id>(json).ok().map(|id| id.0)
    }

    #[test]
    fn an_id_keeps_every_digit_and_is_never_a_float() {
        assert_eq!(read("9007199254740993").as_deref(), Some("9007199254740993"));
        assert_eq!(read("\"18446744073709551615\"").as_deref(), Some("18446744073709551615"));
        assert_eq!(read("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(read("-2147483648").as_deref(), Some("-2147483648"));
        for bad in ["1.0", "1e3", "18446744073709551616", "\"\"", "\"-\"", "\"1 2\"", "null", "[1]", "true"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_number_is_no_group() {
        assert_eq!(number(&"123456".into()).unwrap(), "123456");
        for bad in ["", "0", "012", "12zz", "-5", "123456789012345678901"] {
            assert_eq!(number(&bad.into()).unwrap_err().kind, Kind::NotFound, "{bad}");
        }
    }
}
