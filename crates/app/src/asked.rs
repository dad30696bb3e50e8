//! Who was asked to review a case, who answered, what is missing, until when: the same for whoever asked and whoever was asked.

use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::ids::{DelegationId, PrincipalId};
use adjourn_domain::policy::RoleRule;
use adjourn_domain::review::Shortfall;
use adjourn_domain::time::Time;
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::org::Org;

/// Where the review of a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// Whoever has been asked and has not answered; nobody once the review is complete.
    pub asked: Vec<Asked>,
    /// Whoever has answered.
    pub answered: Vec<Answered>,
    /// What is missing, way by way: any one of them is enough.
    pub missing: Vec<Vec<RoleRule>>,
    /// Until when an answer is wanted.
    pub review_by: Option<Time>,
    /// Whether that time is over.
    pub overdue: bool,
    /// The roles that are told when it is.
    pub escalate_to: Vec<String>,
    /// Whether they were told.
    pub escalated: bool,
    /// Whether every approval needs a user-verified passkey.
    pub passkey: bool,
    /// What nobody can ever give.
    pub unmeetable: Vec<Shortfall>,
}

/// Somebody who has been asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Who.
    pub principal: PrincipalId,
    /// The person's name.
    pub name: String,
    /// In which role.
    pub role: String,
    /// By which delegation, and whose.
    pub lent_by: Option<(DelegationId, String)>,
    /// Whether they have a passkey, where one is needed.
    pub has_passkey: bool,
}

/// Somebody who has approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// Who.
    pub principal: PrincipalId,
    /// The person's name.
    pub name: String,
    /// In which role.
    pub role: String,
    /// When.
    pub at: Time,
    /// Until when it counts, where that ends.
    pub until: Option<Time>,
    /// Whether it counts now.
    pub counts: bool,
    /// In whose place.
    pub in_place_of: Option<String>,
    /// Whether with a user-verified passkey.
    pub passkey: bool,
}

impl App {
    /// Where the review of a case stands now.
    pub async fn review_view(&self, case: &CaseState) -> Result<ReviewView, AppError> {
        let org = self.journal.org().await?;
        Ok(view(&org, case, self.clock.now()))
    }

    /// The classes whose review nobody can ever meet, as things are: each as a refusal with class, role and numbers.
    pub async fn unmeetable(&self) -> Result<Vec<(String, AppError)>, AppError> {
        let org = self.journal.org().await?;
        let holders = org.holders(None);
        let lacks = self.policy.unmeetable(&holders).filter_map(|(class, lacks)| {
            let lack = lacks.first()?;
            Some((class.to_owned(), crate::review::unmeetable(class, lack)))
        });
        Ok(lacks.collect())
    }
}

fn view(org: &Org, case: &CaseState, now: Time) -> ReviewView {
    let review = case.head.as_ref().map(|head| head.review.clone()).unwrap_or_default();
    let requester = case.head.as_ref().map(|head| head.requester.clone());
    let waits = matches!(case.status, CaseStatus::InReview | CaseStatus::Approved | CaseStatus::Running);
    let ways = if waits { case.open_ways(Some(now)) } else { Vec::new() };
    let counted: Vec<(&PrincipalId, &PrincipalId, Time)> = case
        .counted(Some(now))
        .map(|(said, _)| (&said.statement.principal, said.statement.voice(), said.statement.at))
        .collect();
    let heard = |who: &PrincipalId| {
        Some(who) == requester.as_ref() || counted.iter().any(|(by, voice, _)| *by == who || *voice == who)
    };
    let mut roles: Vec<&str> = ways.iter().flatten().map(|(role, _)| role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut asked = Vec::new();
    for role in roles {
        let own = org.holding(role).map(|who| (who, None));
        let lent = org.lent(now).filter(|lent| lent.role == role && !heard(&lent.from)).filter_map(|lent| {
            let to = org.principals.get(&lent.to)?;
            Some((to, Some((lent.id.clone(), org.name(&lent.from)))))
        });
        for (who, lent_by) in own.chain(lent).filter(|(who, _)| !heard(&who.id)) {
            asked.push(Asked {
                principal: who.id.clone(),
                name: who.name.clone(),
                role: role.to_owned(),
                lent_by,
                has_passkey: org.passkeys_of(&who.id).next().is_some(),
            });
        }
    }
    let answered = case.approvals.iter().map(|(approval, role)| {
        let said = &approval.statement;
        Answered {
            principal: said.principal.clone(),
            name: org.name(&said.principal),
            role: role.clone(),
            at: said.at,
            until: case.until(approval),
            counts: counted.iter().any(|(by, _, at)| **by == said.principal && *at == said.at),
            in_place_of: said.on_behalf.as_ref().map(|behalf| org.name(&behalf.of)),
            passkey: approval.passkey.is_some(),
        }
    });
    let rules = |way: &Vec<(String, u32)>| {
        way.iter().map(|(role, count)| RoleRule { role: role.clone(), count: *count }).collect()
    };
    let unmeetable = if matches!(case.status, CaseStatus::Planned | CaseStatus::InReview) {
        review.shortfall(&org.holders(requester.as_ref()))
    } else {
        Vec::new()
    };
    ReviewView {
        answered: answered.collect(),
        missing: ways.iter().map(rules).collect(),
        review_by: case.review_by,
        overdue: case.status == CaseStatus::InReview && case.review_by.is_some_and(|by| by <= now),
        escalate_to: review.escalate_to,
        escalated: case.escalated,
        passkey: review.passkey,
        unmeetable,
        asked,
    }
}
