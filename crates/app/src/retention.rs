//! Retention: what of which group is kept until when, what is due for a decision, and the decision.

use adjourn_domain::ids::GroupId;
use adjourn_domain::retention::{Disposition, Review, Standing};
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::inventory::Card;
use crate::ports::Signer;

/// A group with what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its line of the inventory.
    pub card: Card,
    /// Where its record stands.
    pub standing: Standing,
}

impl App {
    /// Every group of which there is a record to keep and that can be read, with what is kept of it until when.
    pub async fn retention(&self) -> Result<Vec<Kept>, AppError> {
        let mut all = Vec::new();
        for card in self.recorded().await? {
            let standing = self.standing(&self.journal.group(&card.group).await?, self.clock.now())?;
            all.push(Kept { card, standing });
        }
        Ok(all)
    }

    /// Decides what becomes of a group's record. It destroys nothing.
    ///
    /// # Errors
    /// `group.unknown`; `run.active`, `hold.active`, `retention.running`, `retention.until`, `retention.reason`.
    pub async fn review_retention(
        &self,
        group: &GroupId,
        disposition: Disposition,
        reason: &str,
        signer: &dyn Signer,
    ) -> Result<Standing, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        if org.destroyed.contains(group) {
            return Err(AppError::new("key.destroyed").with("group", group));
        }
        let state = self.journal.group(group).await?;
        if state.version == 0 {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let now = self.clock.now();
        let standing = self.standing(&state, now)?;
        let review = Review { disposition, reason: reason.trim().to_owned(), by: by.clone() };
        let events = state.decide_retention(review, &standing)?;
        let mut tx = self.journal.begin(now, &by);
        let after = tx.group(state, &events)?;
        self.put_card(&mut tx, &after)?;
        tx.commit().await?;
        self.standing(&after, now)
    }

    /// Where a group's record stands at `now`.
    pub fn standing(&self, group: &GroupState, now: Time) -> Result<Standing, AppError> {
        let offset = self.utc_offset_minutes();
        Ok(Standing::of(group, &self.profiles.laws()?, now, offset))
    }
}
