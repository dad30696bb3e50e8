//! A group is needed for longer: who said so, until when, and in which words.

use serde::{Deserialize, Serialize};

use crate::asset::Day;
use crate::ids::PrincipalId;

/// Longest answer that is kept, in characters.
pub const MAX_ANSWER: usize = 500;
/// For how many years a renewal lasts at most.
pub const MAX_YEARS: u16 = 10;

/// A renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// Who said so.
    pub by: PrincipalId,
    /// The last day on which it is needed.
    pub until: Day,
    /// In which words; personal data, in the encrypted payload.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<String>,
}
