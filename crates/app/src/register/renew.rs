//! A group is needed for longer.

use adjourn_domain::asset::{Day, Length};
use adjourn_domain::ids::{GroupId, PrincipalId};
use adjourn_domain::renewal::Renewal;
use adjourn_domain::run::{Expiry, GroupState, RunCommand, UpkeepCommand};

use super::Rules;
use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until the end of this day.
    Day(Day),
    /// For so long after its last day, or from today where that is over or not known.
    For(Length),
}

impl App {
    /// Renews a group on a principal's word.
    ///
    /// # Errors
    /// `renew.unregistered`, `renew.until`, `renew.answer`, `register.over`, `group.unknown`.
    pub async fn renew(
        &self,
        group: &GroupId,
        until: Until,
        answer: Option<String>,
        rules: &Rules,
        signer: &dyn Signer,
    ) -> Result<GroupState, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        self.renew_as(group, until, answer, rules, by).await
    }

    /// Renews a group on the word of somebody who has been made sure of: a principal, or the owner behind a signed link.
    pub(crate) async fn renew_as(
        &self,
        group: &GroupId,
        until: Until,
        answer: Option<String>,
        rules: &Rules,
        by: PrincipalId,
    ) -> Result<GroupState, AppError> {
        let today = rules.today(self.clock.now());
        let until = match until {
            Until::Day(day) => day,
            Until::For(length) => {
                let last = self.journal.group(group).await?.expiry().map(Expiry::day);
                let from = last.map_or(today, |last| last.max(today));
                from.later(length).ok_or_else(|| AppError::new("internal").with("says", "calendar"))?
            }
        };
        let actor = by.to_string();
        let renewal = Box::new(Renewal { by, until, answer });
        let command = RunCommand::Upkeep(UpkeepCommand::Renew { renewal, today });
        self.change_group_as(group, command, &actor).await
    }
}
