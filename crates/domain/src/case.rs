//! A case: plan, review, and what became of its groups.
//!
//! `decide` is the one place where approvals are counted, for every entry (command line, API, page).
//! Invariants: approvals bind to one plan hash and are void when the plan is drawn again or stale; the requester
//! never counts; nobody counts twice; nothing is applied before the review is complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::approval::{Approval, Principal};
use crate::canonical::Hash;
use crate::event::{CaseEvent, Ending, PlanHead};
use crate::ids::{CaseId, GroupId, OwnerId, PrincipalId};
use crate::joint::Stage;
use crate::passkey::Proof;
use crate::refusal::Refusal;
use crate::register::{TaskLink, TaskLinks};
use crate::time::Time;
use crate::verdict::Verdict;

mod questions;
mod review;

pub use questions::{MAX_QUESTION, MAX_QUESTIONS, Question};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// A plan is drawn.
    #[default]
    Planned,
    /// The reviewers have it.
    InReview,
    /// A reviewer refused it.
    Rejected,
    /// Whoever asked for it does not want it any more.
    Withdrawn,
    /// All approvals are there.
    Approved,
    /// The world changed; draw a new plan.
    Stale,
    /// It is being applied.
    Running,
    /// All groups have ended.
    Ended,
    /// The bundle is written.
    Closed,
}

impl CaseStatus {
    /// The status's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InReview => "in_review",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Approved => "approved",
            Self::Stale => "stale",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Closed => "closed",
        }
    }
}

/// The state of a case: its events folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseState {
    /// The case.
    pub id: CaseId,
    /// Events folded so far; the stream's version.
    pub version: u64,
    /// Where it stands.
    pub status: CaseStatus,
    /// The plan.
    pub head: Option<Box<PlanHead>>,
    /// Approvals of this plan, with the role of each; also those that no longer count.
    pub approvals: Vec<(Approval, String)>,
    /// Until when the reviewers are to answer, where the policy says so.
    pub review_by: Option<Time>,
    /// Whether somebody was told that they have not.
    pub escalated: bool,
    /// How often somebody wanted to review who may not.
    pub refused: u32,
    /// What reviewers asked, also about an earlier plan of the case.
    pub questions: Vec<Question>,
    /// Whether the typed confirmation was given.
    pub confirmed: bool,
    /// Why the plan is stale.
    pub differences: Vec<String>,
    /// How far each group has come, where they wait for each other.
    pub reached: BTreeMap<GroupId, Stage>,
    /// The task links of owners.
    pub tasks: TaskLinks,
    /// How each group ended.
    pub ended: BTreeMap<GroupId, (Ending, Option<Verdict>)>,
    /// Hash of the case bag.
    pub bundle: Option<Hash>,
}

/// A wish about a case.
#[derive(Debug, Clone)]
pub enum CaseCommand {
    /// Draw a plan, or draw it again.
    Draw(PlanHead),
    /// Hand it to the reviewers.
    Submit(PrincipalId),
    /// Approve or reject. Signature, delegation and passkey have been checked; the principal's role is the one in which it
    /// speaks.
    Review {
        /// The signed statement.
        approval: Box<Approval>,
        /// The principal who signed.
        principal: Principal,
        /// Why, when rejected.
        reason: String,
    },
    /// A reviewer asks whoever asks for the case.
    Ask {
        /// Who.
        by: PrincipalId,
        /// What, in words.
        text: String,
    },
    /// Answer a question.
    Answer {
        /// Who.
        by: PrincipalId,
        /// Which question, from 0.
        question: u32,
        /// What, in words.
        text: String,
    },
    /// Whoever asked for the case does not want it any more.
    Withdraw {
        /// Who.
        by: PrincipalId,
        /// Why, in words.
        reason: String,
    },
    /// The typed confirmation of a personal case was right. The passkey's answer, if there is one, has been checked.
    Confirm(PrincipalId, Option<Box<Proof>>),
    /// Nobody has answered in time.
    Escalate,
    /// The world differs.
    Stale(Vec<String>),
    /// Apply the plan. The passkey's answer, if there is one, has been checked.
    Apply(PrincipalId, Option<Box<Proof>>),
    /// A group has come to a place where it waits for the others.
    Reach {
        /// The group.
        group: GroupId,
        /// The place.
        stage: Stage,
    },
    /// Give owners a link each.
    IssueTasks {
        /// Who.
        by: PrincipalId,
        /// When.
        at: Time,
        /// The end of each owner's link.
        owners: BTreeMap<OwnerId, Time>,
        /// The groups of each owner in the case.
        groups: BTreeMap<OwnerId, Vec<GroupId>>,
    },
    /// Remind owners.
    Remind {
        /// Who.
        by: PrincipalId,
        /// When.
        at: Time,
        /// The owners.
        owners: Vec<OwnerId>,
    },
    /// A group's run ended.
    End {
        /// The group.
        group: GroupId,
        /// How.
        ending: Ending,
        /// Its verdict.
        verdict: Option<Verdict>,
    },
    /// The bundle was written and verified.
    Bundle {
        /// Hash of the case bag.
        bag_hash: Hash,
        /// Groups that got a certificate.
        certified: Vec<GroupId>,
    },
}

impl CaseState {
    /// A case of which nothing is known yet.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            version: 0,
            status: CaseStatus::Planned,
            head: None,
            approvals: Vec::new(),
            review_by: None,
            escalated: false,
            refused: 0,
            questions: Vec::new(),
            confirmed: false,
            differences: Vec::new(),
            reached: BTreeMap::new(),
            tasks: TaskLinks::new(),
            ended: BTreeMap::new(),
            bundle: None,
        }
    }

    /// Folds events.
    pub fn fold<'a>(id: CaseId, events: impl IntoIterator<Item = &'a CaseEvent>) -> Self {
        events.into_iter().fold(Self::new(id), Self::evolve)
    }

    /// The plan's hash.
    pub fn plan_hash(&self) -> Option<Hash> {
        self.head.as_ref().map(|head| head.plan_hash)
    }

    /// Applies one event.
    #[must_use]
    pub fn evolve(mut self, event: &CaseEvent) -> Self {
        self.version += 1;
        match event {
            CaseEvent::PlanDrawn(head) => {
                self = Self {
                    version: self.version,
                    head: Some(Box::new(head.clone())),
                    questions: self.questions,
                    ..Self::new(self.id)
                };
            }
            CaseEvent::Submitted { review_by, .. } => {
                self.status = CaseStatus::InReview;
                self.review_by = *review_by;
                self.settle_review(None);
            }
            CaseEvent::ReviewEscalated { .. } => self.escalated = true,
            CaseEvent::ReviewRefused { .. } => self.refused += 1,
            CaseEvent::Approved { approval, role } => {
                self.approvals.push((approval.clone(), role.clone()));
                self.settle_review(Some(approval.statement.at));
            }
            CaseEvent::Rejected { .. } => {
                self.approvals.clear();
                self.status = CaseStatus::Rejected;
            }
            CaseEvent::QuestionAsked { .. } | CaseEvent::QuestionAnswered { .. } => self.note_question(event),
            CaseEvent::Withdrawn { .. } => {
                self.approvals.clear();
                self.confirmed = false;
                self.status = CaseStatus::Withdrawn;
            }
            CaseEvent::Confirmed { .. } => {
                self.confirmed = true;
                self.settle_review(None);
            }
            CaseEvent::Staled { differences, .. } => {
                self.approvals.clear();
                self.confirmed = false;
                self.differences.clone_from(differences);
                self.status = CaseStatus::Stale;
            }
            CaseEvent::Applied { .. } => self.status = CaseStatus::Running,
            CaseEvent::GroupReached { group, stage } => {
                self.reached.insert(group.clone(), *stage);
            }
            CaseEvent::TasksIssued { at, owners, groups, .. } => {
                for (owner, expires_at) in owners {
                    let groups = groups.get(owner).cloned();
                    match self.tasks.get_mut(owner) {
                        Some(link) if link.expires_at == *expires_at => link.groups = groups,
                        _ => {
                            self.tasks.insert(owner.clone(), TaskLink::new(*at, *expires_at, groups));
                        }
                    }
                }
            }
            CaseEvent::Reminded { at, owners, .. } => {
                for owner in owners {
                    if let Some(link) = self.tasks.get_mut(owner) {
                        link.reminded.push(*at);
                    }
                }
            }
            CaseEvent::GroupEnded { group, ending, verdict } => {
                self.ended.insert(group.clone(), (*ending, *verdict));
                let all = self.head.as_ref().is_some_and(|head| head.groups.len() == self.ended.len());
                if all {
                    self.status = CaseStatus::Ended;
                }
            }
            CaseEvent::Bundled { bag_hash, .. } => {
                self.bundle = Some(*bag_hash);
                self.status = CaseStatus::Closed;
            }
            // Said for those who look later.
            CaseEvent::ArchiveStored(_) | CaseEvent::ArchiveFetched(_) => {}
        }
        self
    }

    /// Turns a wish into events.
    ///
    /// # Errors
    /// A coded refusal; nothing has changed.
    pub fn decide(&self, command: CaseCommand, now: Time) -> Result<Vec<CaseEvent>, Refusal> {
        if let CaseCommand::Draw(head) = command {
            return match self.status {
                CaseStatus::Running | CaseStatus::Ended | CaseStatus::Closed => Err(self.wrong_state()),
                _ => Ok(vec![CaseEvent::PlanDrawn(head)]),
            };
        }
        let head = self.head.as_ref().ok_or_else(|| Refusal::new("case.unknown").with("case", &self.id))?;
        let plan_hash = head.plan_hash;
        match command {
            CaseCommand::Draw(_) => Err(self.wrong_state()),
            CaseCommand::Submit(by) => match self.status {
                _ if head.blockers > 0 => {
                    Err(Refusal::new("plan.blocked").with("case", &self.id).with("count", head.blockers))
                }
                CaseStatus::Planned => {
                    let review_by = head.review.review_s.map(|seconds| now.plus_secs(seconds));
                    Ok(vec![CaseEvent::Submitted { by, plan_hash, review_by }])
                }
                _ => Err(self.wrong_state()),
            },
            CaseCommand::Review { approval, principal, reason } => {
                self.decide_review(head, *approval, principal, reason)
            }
            CaseCommand::Ask { by, text } => self.decide_ask(head, by, &text, now),
            CaseCommand::Answer { by, question, text } => self.decide_answer(head, by, question, &text, now),
            CaseCommand::Withdraw { by, reason } => self.decide_withdraw(head, by, &reason),
            CaseCommand::Escalate => match self.escalation_due() {
                Some(until) if until <= now => {
                    Ok(vec![CaseEvent::ReviewEscalated { plan_hash, to: head.review.escalate_to.clone() }])
                }
                _ => Err(self.wrong_state()),
            },
            CaseCommand::Confirm(by, proof) => {
                if !head.review.typed_confirmation || by != head.requester {
                    return Err(Refusal::new("approval.role").with("role", "requester"));
                }
                if self.status != CaseStatus::InReview {
                    return Err(self.wrong_state());
                }
                self.proven(head, proof.as_deref())?;
                Ok(vec![CaseEvent::Confirmed { by, plan_hash, proof }])
            }
            CaseCommand::Stale(differences) => match self.status {
                // Under a run its own second look decides: approvals that vanished would leave it without an end.
                CaseStatus::Running | CaseStatus::Ended | CaseStatus::Closed | CaseStatus::Stale => {
                    Err(self.wrong_state())
                }
                _ => Ok(vec![CaseEvent::Staled { plan_hash, differences }]),
            },
            CaseCommand::Apply(by, proof) => match self.status {
                CaseStatus::Approved if self.cleared(plan_hash) => {
                    self.still_counts(now)?;
                    self.proven(head, proof.as_deref())?;
                    Ok(vec![CaseEvent::Applied { by, plan_hash, proof }])
                }
                CaseStatus::InReview | CaseStatus::Planned => Err(self.approval_needed()),
                CaseStatus::Stale => Err(Refusal::new("plan.stale")
                    .with("case", &self.id)
                    .with("differences", self.differences.join(", "))),
                _ => Err(self.wrong_state()),
            },
            CaseCommand::Reach { group, stage } => {
                let member = head.groups.contains(&group) && !self.ended.contains_key(&group);
                let further = self.reached.get(&group).is_none_or(|reached| *reached < stage);
                if !member || self.status != CaseStatus::Running {
                    return Err(self.wrong_state());
                }
                Ok(if further { vec![CaseEvent::GroupReached { group, stage }] } else { Vec::new() })
            }
            CaseCommand::IssueTasks { by, at, owners, groups } => match self.status {
                _ if owners.is_empty() => Err(Refusal::new("task.nobody").with("case", &self.id)),
                CaseStatus::Approved | CaseStatus::Running => {
                    Ok(vec![CaseEvent::TasksIssued { by, at, owners, groups }])
                }
                _ => Err(self.wrong_state()),
            },
            CaseCommand::Remind { by, at, owners } => match self.status {
                CaseStatus::Running if owners.iter().all(|owner| self.tasks.contains_key(owner)) => {
                    Ok(vec![CaseEvent::Reminded { by, at, owners }])
                }
                _ => Err(self.wrong_state()),
            },
            CaseCommand::End { group, ending, verdict } => {
                let fresh = head.groups.contains(&group) && !self.ended.contains_key(&group);
                if fresh && matches!(self.status, CaseStatus::Running | CaseStatus::Stale) {
                    Ok(vec![CaseEvent::GroupEnded { group, ending, verdict }])
                } else {
                    Err(self.wrong_state())
                }
            }
            CaseCommand::Bundle { bag_hash, certified } => match self.status {
                CaseStatus::Ended => Ok(vec![CaseEvent::Bundled { bag_hash, certified }]),
                _ => Err(self.wrong_state()),
            },
        }
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::new("case.state").with("case", &self.id).with("state", self.status.slug())
    }
}
