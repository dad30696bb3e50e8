//! What the API asks the process that serves it: what needs the configuration, or the keeping of evidence.

use adjourn_adapters::profiles;
use adjourn_api::House;
use adjourn_app::ports::Signer;
use adjourn_app::{App, AppError};
use adjourn_domain::ids::CaseId;
use adjourn_i18n::Lang;
use adjourn_web::wording::Say;
use async_trait::async_trait;
use serde_json::Value;

use super::{Ctx, audit, cert, doctor};
use crate::compose::Places;
use crate::config::Config;

/// A process that serves.
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) places: Places,
    pub(crate) config: Config,
}

impl Served {
    /// This one.
    pub(super) fn of(ctx: &Ctx<'_>) -> Self {
        Self::new(ctx.app.clone(), ctx.places.clone(), ctx.config.clone())
    }

    /// One over these use cases, folders and configuration.
    pub(crate) fn new(app: App, places: Places, config: Config) -> Self {
        Self { app, places, config }
    }
}

#[async_trait]
impl House for Served {
    async fn doctor(&self, lang: Lang) -> Result<Value, AppError> {
        doctor::document(&self.app, &self.places, &self.config, Say::new(lang)).await
    }

    async fn audit(&self, period: &str, lang: Lang, signer: &dyn Signer) -> Result<Value, AppError> {
        let period = audit::period(&self.app, period)?;
        let audited = self.app.audit(period, self.config.audit.limits()?, signer).await?;
        let written = adjourn_console::audit::hand_over(&self.app, lang, &audited).await?;
        Ok(audit::told(&audited, Some(&written)))
    }

    async fn certificates(&self, case: &CaseId) -> Result<Vec<Value>, AppError> {
        cert::of_case(&self.app, &self.places, case).await
    }

    fn webhooks(&self) -> Vec<(String, Vec<String>)> {
        let webhooks = self.config.webhook.iter();
        webhooks.map(|(name, webhook)| (name.clone(), webhook.events().to_vec())).collect()
    }

    fn platforms(&self) -> Vec<String> {
        profiles::platforms().map(str::to_owned).collect()
    }

    fn stale_days(&self) -> u64 {
        self.config.facts.stale_days
    }
}
