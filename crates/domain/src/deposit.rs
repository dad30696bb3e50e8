//! Deposits with a keeper of evidence that is not ours: it gets a digest, never content, and answers with a receipt.
//!
//! ```text
//! {"key": base64, "receipt": {"adjourn":"deposit-receipt/v1","at","digest","issuer","name","number"}, "signature": base64}
//! ```
//!
//! The signature is Ed25519 over the canonical bytes of `receipt` (RFC 8785), whatever fields it has. It is checked in the
//! evidence crate; here is only what a receipt says. The protocol is described in docs/reference/deposit.md.

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::time::Time;

/// What a receipt calls itself.
pub const RECEIPT_FORM: &str = "deposit-receipt/v1";
/// What a request calls itself.
pub const REQUEST_FORM: &str = "deposit/v1";
/// What a keeper's answer about itself calls itself.
pub const KEEPER_FORM: &str = "deposit-keeper/v1";
/// Longest number of a receipt, in bytes.
pub const MAX_NUMBER: usize = 128;
/// Longest name of a deposit or of a keeper, in characters.
pub const MAX_NAME: usize = 200;

/// What a keeper says that it has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReceipt {
    /// [`RECEIPT_FORM`].
    pub adjourn: String,
    /// When the keeper took it, by its own clock.
    pub at: Time,
    /// What was deposited. It is also the key that makes a repeated deposit the same one.
    pub digest: Hash,
    /// What the keeper calls itself.
    pub issuer: String,
    /// What the depositor called it when it came first: ids, never content.
    pub name: String,
    /// The keeper's number.
    pub number: String,
    /// Whether the keeper is simulated and proves nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

impl DepositReceipt {
    /// Whether form, number and names are what a receipt may carry.
    pub fn well_formed(&self) -> bool {
        self.adjourn == RECEIPT_FORM
            && is_number(&self.number)
            && is_name(&self.name)
            && is_name(&self.issuer)
    }
}

/// What a depositor sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRequest {
    /// [`REQUEST_FORM`].
    pub adjourn: String,
    /// What is deposited.
    pub digest: Hash,
    /// What the depositor calls it.
    pub name: String,
}

/// Who a keeper says that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeper {
    /// [`KEEPER_FORM`].
    pub adjourn: String,
    /// What it calls itself.
    pub issuer: String,
    /// Its Ed25519 public key, base64.
    pub key: String,
    /// Whether it is simulated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// Whether a text may be the number of a receipt: it becomes part of an address.
pub fn is_number(text: &str) -> bool {
    (1..=MAX_NUMBER).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && text.bytes().any(|byte| byte != b'.')
}

/// Whether a text may be a name: one line, not empty.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::canonical_json;

    fn receipt() -> DepositReceipt {
        DepositReceipt {
            adjourn: RECEIPT_FORM.to_owned(),
            at: Time::from_millis(0),
            digest: Hash([7; 32]),
            issuer: "Keeper".to_owned(),
            name: "c-1/checkpoint".to_owned(),
            number: "N-1".to_owned(),
            simulated: false,
        }
    }

    #[test]
    fn a_receipt_has_one_form_and_says_that_it_is_simulated_only_if_it_is() {
        let text = |receipt: &DepositReceipt| String::from_utf8(canonical_json(receipt).unwrap()).unwrap();
        let real = text(&receipt());
        assert!(
            real.starts_with(r#"{"adjourn":"deposit-receipt/v1","at":"1970-01-01T00:00:00.000Z","#),
            "{real}"
        );
        assert!(!real.contains("simulated"));
        let simulated = DepositReceipt { simulated: true, ..receipt() };
        assert!(text(&simulated).ends_with(r#""number":"N-1","simulated":true}"#));
        assert_eq!(serde_json::from_str::<DepositReceipt>(&real).unwrap(), receipt());
    }

    #[test]
    fn numbers_and_names_that_could_be_something_else_are_refused() {
        assert!(receipt().well_formed());
        for number in ["", "a/b", "a b", "..", ".", "\u{7fa4}", "a?b", "a%2fb", &"1".repeat(MAX_NUMBER + 1)] {
            assert!(!DepositReceipt { number: number.to_owned(), ..receipt() }.well_formed(), "{number}");
        }
        for name in ["", "a\nb", "a\u{1b}[31m", &"x".repeat(MAX_NAME + 1)] {
            assert!(!DepositReceipt { name: name.to_owned(), ..receipt() }.well_formed(), "{name}");
            assert!(!DepositReceipt { issuer: name.to_owned(), ..receipt() }.well_formed(), "{name}");
        }
        assert!(!DepositReceipt { adjourn: "deposit-receipt/v2".to_owned(), ..receipt() }.well_formed());
        assert!(is_name("\u{5b58}\u{8bc1} c-1") && is_number("2026.11-A_1"));
    }
}
