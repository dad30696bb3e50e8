//! The month's restores of a platform account, counted over every group of its connection.

use adjourn_domain::event::Connection;
use adjourn_domain::ids::{ConnectionId, GroupId};
use adjourn_domain::plan::StepOp;
use adjourn_domain::quota::{FACT, Quota, clock_of, restores};
use adjourn_domain::run::GroupState;

use crate::App;
use crate::error::AppError;

impl App {
    /// What of its quota of restores a connection's account has used this month; nothing where no fact names one.
    pub async fn restore_quota(&self, connection: &ConnectionId) -> Result<Option<Quota>, AppError> {
        let org = self.journal.org().await?;
        let connection: &Connection = org.connection(connection)?;
        let known = self.known(&org, &connection.platform)?;
        let rules = self.rules_of(connection);
        let of = known.as_ref().and_then(|known| known.acting(FACT, rules)?.value().as_u64());
        // No restores at all is no quota: the window says so.
        let Some(of) = of.filter(|of| *of > 0) else { return Ok(None) };
        let mut times = Vec::new();
        for card in self.recorded().await?.into_iter().filter(|card| card.connection == connection.id) {
            times.extend(restores(&self.journal.group_events(&card.group).await?));
        }
        let clock = clock_of(connection.platform.as_str());
        Ok(Some(Quota::of(of, &times, self.clock.now(), clock)))
    }

    /// Groups of an undo whose restore the month's quota has no room for, each with the quota.
    pub(crate) async fn spent(&self, groups: &[GroupState]) -> Result<Vec<(GroupId, Quota)>, AppError> {
        let mut spent = Vec::new();
        let mut asked: Vec<(ConnectionId, u64)> = Vec::new();
        for group in groups {
            let Some(run) = group.run.as_ref().filter(|run| run.restorable_until().is_some()) else {
                continue;
            };
            let connection = &run.part.connection;
            let Some(quota) = self.restore_quota(connection).await? else { continue };
            // The groups of one undo count one after the other.
            let before = asked.iter_mut().find(|(of, _)| of == connection);
            let ahead = before.as_ref().map_or(0, |(_, count)| *count);
            match before {
                Some((_, count)) => *count += 1,
                None => asked.push((connection.clone(), 1)),
            }
            let quota = Quota { used: quota.used + ahead, ..quota };
            if quota.is_spent() {
                spent.push((group.id.clone(), quota));
            }
        }
        Ok(spent)
    }

    /// The quotas that the groups of a plan with a dissolve share, one for each connection.
    pub async fn quotas(
        &self,
        plan: &adjourn_domain::plan::Plan,
    ) -> Result<Vec<(ConnectionId, Quota)>, AppError> {
        let mut quotas: Vec<(ConnectionId, Quota)> = Vec::new();
        for part in &plan.groups {
            let back = |step: &adjourn_domain::plan::Step| {
                step.op == StepOp::Dissolve && step.params.contains_key("restore")
            };
            if !part.steps.iter().any(back) || quotas.iter().any(|(of, _)| *of == part.connection) {
                continue;
            }
            let quota = self.restore_quota(&part.connection).await?;
            quotas.extend(quota.map(|quota| (part.connection.clone(), quota)));
        }
        Ok(quotas)
    }
}
