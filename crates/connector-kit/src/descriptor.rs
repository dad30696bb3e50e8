//! What a connector says about itself, as data.

use adjourn_domain::announcement::Room;
use adjourn_domain::capability::Capability;
use adjourn_domain::fact::Text;
use adjourn_domain::ids::PlatformId;
use adjourn_domain::plan::Note;

/// How far the connector has been tried. Shown to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Verified against the real platform.
    Live,
    /// Verified on recorded traffic.
    Recorded,
    /// Simulated from documents.
    Documents,
    /// Experimental.
    Experimental,
}

impl Tier {
    /// The tier's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Recorded => "recorded",
            Self::Documents => "documents",
            Self::Experimental => "experimental",
        }
    }
}

/// A setting or secret that a connection needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in configuration files.
    pub name: &'static str,
    /// What it is.
    pub says: Text,
    /// Whether it is a secret, one for each identity.
    pub secret: bool,
    /// Whether it must be there.
    pub required: bool,
}

/// A known deviation from the conformance suite. An expired one fails the suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// Name of the case.
    pub case: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Date on which it was accepted, `YYYY-MM-DD`.
    pub since: &'static str,
    /// Date on which it expires, `YYYY-MM-DD`.
    pub expires: &'static str,
}

/// A connector's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// The platform.
    pub platform: PlatformId,
    /// Its name.
    pub name: Text,
    /// How far it has been tried.
    pub tier: Tier,
    /// Settings and secrets.
    pub fields: Vec<Field>,
    /// What it can do on the full set of permissions. Every operation has a row.
    pub capabilities: Vec<Capability>,
    /// What survives a dissolve.
    pub residue: Vec<Note>,
    /// What nobody can know on this platform.
    pub unknown: Vec<Note>,
    /// Longest announcement, in characters.
    pub max_announcement: Room,
    /// Known deviations.
    pub deviations: Vec<Deviation>,
}
