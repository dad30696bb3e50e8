//! What a plan changes against the one that was drawn before it for the same groups.

use adjourn_domain::changes::Changes;
use adjourn_domain::event::GroupEvent;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::plan::Plan;
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;

/// A group of a plan, held against the plan before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The case of the plan before, and when it was drawn.
    pub before: (CaseId, Time),
    /// What differs.
    pub changes: Changes,
}

impl App {
    /// Holds each group of a plan against the last plan before it, of whichever case. A group that had none is not in it.
    pub async fn compared(&self, plan: &Plan) -> Result<Vec<Compared>, AppError> {
        let hash = plan.hash()?;
        let mut all = Vec::new();
        for part in &plan.groups {
            let mut before = None;
            for (at, event) in self.journal.group_events(&part.group).await? {
                match event {
                    GroupEvent::PlanPart { plan_hash, .. } if plan_hash == hash => break,
                    GroupEvent::PlanPart { case, part, .. } => before = Some((case, at, part)),
                    _ => {}
                }
            }
            if let Some((case, at, old)) = before {
                let changes = Changes::between(&old, part);
                let name = part.name.clone();
                all.push(Compared { group: part.group.clone(), name, before: (case, at), changes });
            }
        }
        Ok(all)
    }
}
