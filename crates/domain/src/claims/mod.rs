//! Claims about platforms in a how-to text, found by patterns over the facts' own words and held against the facts.
//!
//! The patterns are data ([`Book`]); the code knows lines, sentences, clauses, tables and quantities, and no platform.
//! A text that says nothing about what is recorded gives no claim.
//!
//! ```text
//! line ─► sentences ─► clauses ─► rules of the book ─► claims ─► facts of the platform ─► marks
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

mod find;
mod judge;
mod quantity;
mod text;

pub use find::find;
pub use judge::{Checked, Known, Mark, check};
pub use quantity::Unit;
pub use text::Pattern;

/// Most bytes of a text that are looked at.
pub const MAX_TEXT: usize = 4 * 1024 * 1024;
/// Most claims that are reported.
pub const MAX_CLAIMS: usize = 10_000;

/// The patterns, as data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Names of each platform in texts.
    pub platforms: BTreeMap<String, Vec<Pattern>>,
    /// Characters that are read as others: the same number of each.
    pub fold: Fold,
    /// What is looked for.
    #[serde(rename = "claim")]
    pub rules: Vec<Rule>,
}

/// Characters that are read as others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// As written.
    pub from: String,
    /// As read.
    pub to: String,
}

/// One kind of claim. A pattern is a text; `*` stands for a few characters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The facts' key.
    pub key: String,
    /// Only claims about these platforms; what names no platform counts for the only one.
    #[serde(default)]
    pub platforms: Vec<String>,
    /// Whether it is about a law, which is the same for all platforms.
    #[serde(default)]
    pub law: bool,
    /// One of each list stands in the sentence, or in what it stands under.
    #[serde(default)]
    pub about: Vec<Vec<Pattern>>,
    /// One of each list stands in the clause.
    #[serde(default)]
    pub here: Vec<Vec<Pattern>>,
    /// None of these stands in the clause.
    #[serde(default)]
    pub not: Vec<Pattern>,
    /// Values by words; the first that fits counts.
    #[serde(default, rename = "value")]
    pub values: Vec<ValueRule>,
    /// The value is a number of this unit in the clause.
    #[serde(default)]
    pub number: Option<Unit>,
    /// The number may stand in the clause before.
    #[serde(default)]
    pub borrows: bool,
    /// Claims of one topic that affirm and deny contradict each other, whatever their keys.
    #[serde(default)]
    pub topic: String,
    /// Several values may hold at once: different ones contradict nothing.
    #[serde(default)]
    pub many: bool,
}

/// A value and the words that say it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRule {
    /// The value.
    pub value: Value,
    /// One of these stands in the clause.
    pub says: Vec<Pattern>,
    /// None of these does.
    #[serde(default)]
    pub not: Vec<Pattern>,
    /// Only for these platforms.
    #[serde(default)]
    pub platforms: Vec<String>,
}

/// A claim that a text makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The sentence.
    pub text: String,
    /// The platform; `None` when it names none, `law` for a law.
    pub platform: Option<String>,
    /// The facts' key.
    pub key: String,
    /// What it says.
    pub value: Value,
    /// Its topic, for contradictions across keys.
    #[serde(skip)]
    topic: String,
    /// Whether other values may hold as well.
    #[serde(skip)]
    many: bool,
}
