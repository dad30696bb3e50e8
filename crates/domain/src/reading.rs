//! Who looked at an original: messages as people wrote them, before anything was taken out (requirements G11, C1).
//!
//! It is noted before the first message is handed out. What was looked for is noted as a keyed mark: the same words have the same mark in one
//! installation, and nobody reads them from it.

use serde::{Deserialize, Serialize};

use crate::event::GroupEvent;
use crate::ids::PrincipalId;
use crate::refusal::Refusal;
use crate::run::GroupState;

/// What somebody did with an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Looked for words in it.
    Search,
    /// Read a page of it.
    Show,
    /// Took all of it out.
    Open,
}

impl How {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Show => "show",
            Self::Open => "open",
        }
    }
}

/// What was looked for, unreadable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// A keyed mark of the words, in hex.
    pub mark: String,
    /// How many characters they have.
    pub characters: u64,
}

/// That somebody looked at an original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalRead {
    /// Who.
    pub by: PrincipalId,
    /// What for.
    pub how: How,
    /// Which one: case and part, as `archive ls` names it.
    pub original: String,
    /// What was looked for, in a search.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub looked: Option<Looked>,
}

impl GroupState {
    /// Notes that somebody looks at an original of the group.
    ///
    /// # Errors
    /// `group.unknown` for a group that was never seen.
    pub fn decide_reading(&self, read: OriginalRead) -> Result<Vec<GroupEvent>, Refusal> {
        if self.version == 0 {
            return Err(Refusal::new("group.unknown").with("group", &self.id));
        }
        Ok(vec![GroupEvent::OriginalRead(Box::new(read))])
    }
}
