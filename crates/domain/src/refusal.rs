//! Why a command was refused: a coded answer that every surface turns into a sentence and a hint.

use std::collections::BTreeMap;
use std::fmt;

/// A refused command. The code is a slug (`plan.stale`) with a page under docs/errors; the arguments fill
/// the sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Error slug.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: BTreeMap<&'static str, String>,
}

impl Refusal {
    /// A refusal without arguments.
    pub fn new(code: &'static str) -> Self {
        Self { code, args: BTreeMap::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
