//! Lending a role, and taking it back. Both are signed by whoever does it.

use adjourn_domain::approval::DualAct;
use adjourn_domain::delegation::Delegation;
use adjourn_domain::event::OrgEvent;
use adjourn_domain::ids::{DelegationId, PrincipalId};
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::org::ADMIN;
use crate::ports::Signer;

impl App {
    /// Lets somebody approve in the signer's role until a time.
    ///
    /// # Errors
    /// `principal.unknown`, `delegation.self`, `delegation.role`, `delegation.time`, `delegation.reason`.
    pub async fn delegate(
        &self,
        to: &str,
        role: &str,
        until: Time,
        reason: &str,
        signer: &dyn Signer,
    ) -> Result<Delegation, AppError> {
        let org = self.journal.org().await?;
        let from = org.principal(signer)?;
        let now = self.clock.now();
        let delegation = Delegation {
            adjourn: "delegation/v1".to_owned(),
            id: DelegationId(format!("d-{}", self.random_hex(4))),
            from: from.id.clone(),
            to: org.named(to)?,
            role: role.to_owned(),
            at: now,
            until,
            reason: reason.trim().to_owned(),
        };
        delegation.check(from, now)?;
        let signature = self.signed(&delegation.bytes()?, &from.public_key, signer)?;
        let mut tx = self.journal.begin(now, &from.id);
        tx.org(&org, &OrgEvent::Delegated { delegation: delegation.clone(), signature })?;
        tx.commit().await?;
        Ok(delegation)
    }

    /// Takes a delegation back. The delegator does, or an admin. What was approved by it before stays approved.
    ///
    /// # Errors
    /// `delegation.unknown`, also for one that was taken back; `approval.role`.
    pub async fn revoke_delegation(&self, id: &DelegationId, signer: &dyn Signer) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?;
        let lent = org
            .who
            .delegations
            .get(id)
            .filter(|lent| lent.revoked.is_none())
            .ok_or_else(|| AppError::new("delegation.unknown").with("delegation", id))?;
        if by.id != lent.delegation.from && by.role != ADMIN {
            return Err(AppError::new("approval.role").with("role", ADMIN));
        }
        let now = self.clock.now();
        let statement = DualAct::new("delegation.revoke", id.as_str(), &by.id, now);
        let signature = self.signed(&statement.bytes()?, &by.public_key, signer)?;
        let mut tx = self.journal.begin(now, &by.id);
        tx.org(&org, &OrgEvent::DelegationRevoked { delegation: id.clone(), statement, signature })?;
        tx.commit().await
    }

    /// Signs and checks that the key is the one that is known.
    pub(crate) fn signed(
        &self,
        bytes: &[u8],
        public_key: &str,
        signer: &dyn Signer,
    ) -> Result<String, AppError> {
        let signature = signer.sign(bytes);
        if !self.journal.keys.check(public_key, bytes, &signature) {
            return Err(AppError::new("approval.signature").with("principal", signer.principal()));
        }
        Ok(signature)
    }

    /// The delegation in whose name a principal may speak in one of these roles now: one whose voice has not been heard, the
    /// oldest where there are several.
    pub(crate) fn behalf(
        org: &crate::org::Org,
        principal: &PrincipalId,
        open: &[&str],
        heard: &[&PrincipalId],
        now: Time,
    ) -> Option<Delegation> {
        org.lent(now)
            .filter(|lent| lent.to == *principal && !heard.contains(&&lent.from))
            .filter(|lent| open.contains(&lent.role.as_str()))
            .min_by_key(|lent| (lent.at, &lent.id))
            .cloned()
    }
}
