//! Facts about platforms as the organisation knows them: profiles, and what it says instead.

use adjourn_domain::clocks::{PlanFacts, plan_facts};
use adjourn_domain::event::{Connection, OrgEvent};
use adjourn_domain::fact::Rules;
use adjourn_domain::group::{Link, Snapshot};
use adjourn_domain::ids::PlatformId;
use adjourn_domain::kinds::{Fates, fates};
use adjourn_domain::knowledge::Knowledge;
use serde_json::Value;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::Signer;

impl App {
    /// What is known about a platform, with the organisation's overrides.
    pub async fn knowledge(&self, platform: &PlatformId) -> Result<Knowledge, AppError> {
        let org = self.journal.org().await?;
        self.known(&org, platform)?.ok_or_else(|| AppError::new("facts.unknown").with("platform", platform))
    }

    pub(crate) fn known(&self, org: &Org, platform: &PlatformId) -> Result<Option<Knowledge>, AppError> {
        let overrides = org.overrides.get(platform).cloned().unwrap_or_default();
        Ok(self.profiles.profile(platform)?.map(|profile| Knowledge { profile, overrides }))
    }

    /// Whose rules a connection acts on: a real one on what is confirmed.
    pub fn rules_of(&self, connection: &Connection) -> Rules {
        if connection.drill { self.drill_rules } else { Rules::Confirmed }
    }

    /// What the facts about its platform mean for a group; nothing for a platform that nothing is recorded about.
    pub(crate) fn plan_facts(
        &self,
        org: &Org,
        connection: &Connection,
        snapshot: &Snapshot,
    ) -> Result<PlanFacts, AppError> {
        let links: Vec<_> = snapshot.links.iter().map(|Link { kind, .. }| *kind).collect();
        let known = self.known(org, &connection.platform)?;
        Ok(known.map(|known| plan_facts(&known, self.rules_of(connection), &links)).unwrap_or_default())
    }

    /// What the platform makes of links, kind by kind.
    pub(crate) fn fates(&self, org: &Org, connection: &Connection) -> Result<Fates, AppError> {
        let known = self.known(org, &connection.platform)?;
        Ok(known.map(|known| fates(&known, self.rules_of(connection))).unwrap_or_default())
    }

    /// Says something else about a platform than its profile; an admin does, with a reason. `value` is as typed.
    ///
    /// # Errors
    /// `facts.unknown`, `facts.value`, `usage`, `approval.role`.
    pub async fn override_fact(
        &self,
        platform: &PlatformId,
        key: &str,
        value: &str,
        reason: &str,
        by: &dyn Signer,
    ) -> Result<Value, AppError> {
        let org = self.journal.org().await?;
        let by = org.admin(Some(by))?;
        let known = self
            .known(&org, platform)?
            .ok_or_else(|| AppError::new("facts.unknown").with("platform", platform))?;
        let value = known.typed(key, value);
        known.check_override(key, &value, reason)?;
        let event = OrgEvent::FactOverridden {
            platform: platform.clone(),
            key: key.to_owned(),
            value: value.clone(),
            reason: reason.to_owned(),
            by: by.clone(),
        };
        let mut tx = self.journal.begin(self.clock.now(), &by);
        tx.org(&org, &event)?;
        tx.commit().await?;
        Ok(value)
    }

    /// Takes an override back; the findings act again.
    ///
    /// # Errors
    /// `facts.unknown`, `facts.not_overridden`, `usage`, `approval.role`.
    pub async fn retract_fact(
        &self,
        platform: &PlatformId,
        key: &str,
        reason: &str,
        by: &dyn Signer,
    ) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let by = org.admin(Some(by))?;
        let known = self
            .known(&org, platform)?
            .ok_or_else(|| AppError::new("facts.unknown").with("platform", platform))?;
        known.check_retract(key, reason)?;
        let event = OrgEvent::FactRetracted {
            platform: platform.clone(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            by: by.clone(),
        };
        let mut tx = self.journal.begin(self.clock.now(), &by);
        tx.org(&org, &event)?;
        tx.commit().await
    }
}
