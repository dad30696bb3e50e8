//! What the pages need besides the use cases: it comes from the composition root, as no page opens a file or knows a connector.

use std::pin::Pin;
use std::sync::Arc;

use adjourn_app::health::Check;
use adjourn_app::ports::{Bundles, Catalogue, Tables};
use adjourn_app::{App, AppError};
use adjourn_domain::audit::{Every, Limits};
use adjourn_domain::claims::Checked;
use adjourn_domain::passkey::Relying;
use adjourn_i18n::Lang;

/// Marks the claims of a text by what is known.
pub type CheckText = Arc<dyn Fn(&str) -> Result<Vec<Checked>, AppError> + Send + Sync>;

/// Looks at what the use cases have no part in: the storage, and how many exports wait for it. As `doctor` does.
pub type LookOutside =
    Arc<dyn Fn(Arc<App>, Lang) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send>> + Send + Sync>;

/// The tools.
#[derive(Clone)]
pub struct Tools {
    /// Bundles, reports and certificates as they lie there.
    pub bundles: Arc<dyn Bundles>,
    /// Readers of ledgers and lists.
    pub tables: Arc<dyn Tables>,
    /// The connectors.
    pub catalogue: Arc<dyn Catalogue>,
    /// The facts check.
    pub check: CheckText,
    /// The checks of what lies outside the use cases.
    pub outside: LookOutside,
    /// Whose passkeys the pages use.
    pub relying: Relying,
    /// What the configuration file says.
    pub configured: Configured,
}

/// What the configuration file says and the settings page shows.
#[derive(Debug, Clone)]
pub struct Configured {
    /// The data folder, where the file lies unless another one is named.
    pub data: String,
    /// Address of the time stamp authority.
    pub timestamp: Option<String>,
    /// Address of the keeper of evidence.
    pub deposit: Option<String>,
    /// When something is late, for audits.
    pub audit: Limits,
    /// How often an audit is due.
    pub every: Option<Every>,
    /// Days after which a fact has to be checked again.
    pub stale_days: u64,
}
