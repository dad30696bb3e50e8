//! Whether everything is as it has to be: what `doctor` and the settings page show.

use adjourn_domain::law::Pack;

use crate::App;
use crate::error::AppError;

/// What a check found that was well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// In one word or number.
    Text(String),
    /// The laws that count; with none of them no period is known.
    Laws(Vec<Pack>),
    /// A class whose review nobody could meet, and that no connection has.
    Unmeetable(AppError),
}

/// A check.
pub struct Check {
    /// What was looked at: `journal`, `connection NAME`.
    pub name: String,
    /// What was found.
    pub found: Result<Found, AppError>,
}

impl Check {
    /// Whether it is left out on purpose: nothing is wrong, and something is missing.
    pub fn unconfigured(&self) -> bool {
        match &self.found {
            Ok(Found::Laws(laws)) => laws.is_empty(),
            Err(error) => matches!(error.code(), "timestamp.unconfigured" | "deposit.unconfigured"),
            Ok(_) => false,
        }
    }
}

impl App {
    /// Looks at everything that the use cases need. Nothing is deposited for it; the time stamp authority stamps a few bytes.
    ///
    /// # Errors
    /// Only what makes every check pointless: a journal that can't be read.
    pub async fn health(&self) -> Result<Vec<Check>, AppError> {
        let text = |found: Result<String, AppError>| found.map(Found::Text);
        let mut checks = Vec::new();
        let mut add = |name: String, found| checks.push(Check { name, found });
        add("clock".to_owned(), text(Ok(self.clock.now().to_string())));
        let leaves = self.journal.store.leaves().await;
        add("journal".to_owned(), text(leaves.map(|leaves| leaves.len().to_string()).map_err(Into::into)));
        let org = self.journal.org().await?;
        add("principals".to_owned(), text(Ok(org.principals.len().to_string())));
        add("timestamp".to_owned(), text(self.check_stamps().await));
        let keeper = self.deposits.keeper().await.map(|keeper| keeper.issuer.clone());
        add("deposit".to_owned(), text(keeper.map_err(Into::into)));
        for connection in org.connections.values() {
            let tested = self.test_connection(connection).await.map(|reports| {
                let accounts: Vec<_> = reports.iter().map(|report| report.info.account.to_string()).collect();
                accounts.join(", ")
            });
            add(format!("connection {}", connection.id), text(tested));
        }
        for (class, lack) in self.unmeetable().await? {
            let used = org.connections.values().any(|connection| connection.class == class);
            // A class that nothing uses blocks nobody yet.
            add(format!("policy {class}"), if used { Err(lack) } else { Ok(Found::Unmeetable(lack)) });
        }
        add("law".to_owned(), self.profiles.laws().map(Found::Laws));
        Ok(checks)
    }

    async fn check_stamps(&self) -> Result<String, AppError> {
        if !self.stamps.configured() {
            return Err(AppError::new("timestamp.unconfigured"));
        }
        self.stamps.stamp(b"adjourn doctor").await.map(|_| String::new())
    }
}
