//! Which platforms can be connected, and what their connectors ask for.

use adjourn_domain::announcement::Room;
use adjourn_domain::capability::Capabilities;
use adjourn_domain::fact::Text;
use adjourn_domain::ids::PlatformId;

/// Something that a connector asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its name, as in configuration files.
    pub name: String,
    /// What it is.
    pub says: Text,
    /// Whether it is a secret, one for each identity.
    pub secret: bool,
    /// Whether it must be there.
    pub required: bool,
}

/// A connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its platform.
    pub platform: PlatformId,
    /// The platform's name.
    pub name: Text,
    /// How far it has been tried, a slug.
    pub tier: &'static str,
    /// What it asks for.
    pub questions: Vec<Question>,
    /// What it can do on the full set of permissions.
    pub declared: Capabilities,
    /// How long an announcement its platform takes.
    pub room: Room,
}

/// The connectors.
pub trait Catalogue: Send + Sync {
    /// All of them.
    fn offers(&self) -> Vec<Offer>;

    /// The connector of a platform.
    fn offer(&self, platform: &str) -> Option<Offer> {
        self.offers().into_iter().find(|offer| offer.platform.as_str() == platform)
    }
}
