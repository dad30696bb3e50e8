//! Counting: which approvals count, what is missing, who may still speak.
//!
//! Invariants: the person who signs counts, once; a voice that was lent counts once, whoever uses it; an approval that has
//! expired counts for nothing until its person approves again; nothing is approved by silence.

use std::collections::BTreeSet;

use super::{CaseState, CaseStatus};
use crate::approval::{Approval, Decision, Principal};
use crate::canonical::Hash;
use crate::event::{CaseEvent, PlanHead};
use crate::passkey::Proof;
use crate::refusal::Refusal;
use crate::time::Time;

impl CaseState {
    /// The approvals that count at a time, newest first; with no time, those of people who have not approved again since.
    pub fn counted(&self, at: Option<Time>) -> impl Iterator<Item = &(Approval, String)> {
        let (mut speakers, mut voices) = (BTreeSet::new(), BTreeSet::new());
        self.approvals.iter().rev().filter(move |(approval, _)| {
            let expired = at.is_some_and(|at| self.until(approval).is_some_and(|until| until <= at));
            let said = &approval.statement;
            !expired && speakers.insert(&said.principal) && voices.insert(said.voice())
        })
    }

    /// Until when an approval counts, where that ends.
    pub fn until(&self, approval: &Approval) -> Option<Time> {
        let ttl = self.head.as_ref()?.review.approval_ttl_s?;
        Some(approval.statement.at.plus_secs(ttl))
    }

    /// What is still missing, way by way: role and number of approvals. Empty when a way is met, or when there is no plan.
    pub fn open_ways(&self, at: Option<Time>) -> Vec<Vec<(String, u32)>> {
        let Some(head) = &self.head else { return Vec::new() };
        let counted: Vec<&String> = self.counted(at).map(|(_, role)| role).collect();
        let have = |role: &str| {
            u32::try_from(counted.iter().filter(|of| of.as_str() == role).count()).unwrap_or(u32::MAX)
        };
        let open = |way: crate::review::Way| -> Vec<(String, u32)> {
            way.into_iter()
                .map(|(role, count)| (count.saturating_sub(have(&role)), role))
                .filter(|(count, _)| *count > 0)
                .map(|(count, role)| (role, count))
                .collect()
        };
        let ways: Vec<_> = head.review.ways().into_iter().map(open).collect();
        if ways.iter().any(Vec::is_empty) { Vec::new() } else { ways }
    }

    /// What is still missing, by the shortest way.
    pub fn missing(&self) -> Vec<(String, u32)> {
        self.missing_at(None)
    }

    /// The same, when what has expired at a time does not count.
    pub fn missing_at(&self, at: Option<Time>) -> Vec<(String, u32)> {
        let total = |way: &Vec<(String, u32)>| way.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
        self.open_ways(at).into_iter().min_by_key(total).unwrap_or_default()
    }

    /// Whether everybody who has to agree has agreed to exactly this plan, and the plan holds. Whether their approvals still
    /// count is [`CaseState::still_counts`].
    pub fn cleared(&self, plan_hash: Hash) -> bool {
        self.plan_hash() == Some(plan_hash)
            && self.missing().is_empty()
            && (self.confirmed || !self.head.as_ref().is_some_and(|head| head.review.typed_confirmation))
            && matches!(self.status, CaseStatus::Approved | CaseStatus::Running)
    }

    /// Refuses when approvals that the plan needs have expired.
    ///
    /// # Errors
    /// `approval.expired` says which roles have to approve again.
    pub fn still_counts(&self, now: Time) -> Result<(), Refusal> {
        let missing = self.missing_at(Some(now));
        if missing.is_empty() {
            return Ok(());
        }
        Err(Refusal::new("approval.expired").with("case", &self.id).with("missing", list(&missing)))
    }

    /// When somebody has to be told that nobody answered; nothing when that is done, or not owed.
    pub fn escalation_due(&self) -> Option<Time> {
        self.review_by.filter(|_| self.status == CaseStatus::InReview && !self.escalated)
    }

    pub(super) fn settle_review(&mut self, at: Option<Time>) {
        let typed = self.head.as_ref().is_some_and(|head| head.review.typed_confirmation);
        let complete = self.missing_at(at).is_empty() && (self.confirmed || !typed);
        if self.status == CaseStatus::InReview && complete {
            self.status = CaseStatus::Approved;
        }
    }

    /// Whoever confirms shows a passkey where the policy asks for it, and no answer is used twice.
    pub(super) fn proven(&self, head: &PlanHead, proof: Option<&Proof>) -> Result<(), Refusal> {
        match proof {
            None if head.review.passkey_confirm => {
                Err(Refusal::new("approval.passkey").with("case", &self.id))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn decide_review(
        &self,
        head: &PlanHead,
        approval: Approval,
        principal: Principal,
        reason: String,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let said = &approval.statement;
        if self.status == CaseStatus::Stale {
            return Err(Refusal::new("plan.stale")
                .with("case", &self.id)
                .with("differences", self.differences.join(", ")));
        }
        // What has expired can be said again, also while a run waits for it; nothing else can.
        let at = Some(said.at);
        let again = said.decision == Decision::Approve
            && matches!(self.status, CaseStatus::Approved | CaseStatus::Running)
            && !self.missing_at(at).is_empty();
        if self.status != CaseStatus::InReview && !again {
            return Err(self.wrong_state());
        }
        if said.principal != principal.id || said.case != self.id || said.plan_hash != head.plan_hash {
            return Err(Refusal::new("approval.signature").with("principal", &principal.name));
        }
        // Nor does anybody speak for whoever asks.
        if principal.id == head.requester || *said.voice() == head.requester {
            return Err(Refusal::new("approval.self").with("principal", &principal.name));
        }
        if said.decision == Decision::Reject {
            return Ok(vec![CaseEvent::Rejected { approval, reason }]);
        }
        let twice = self.counted(at).any(|(earlier, _)| {
            earlier.statement.principal == principal.id || earlier.statement.voice() == said.voice()
        });
        if twice || self.approvals.iter().any(|(earlier, _)| earlier.statement.nonce == said.nonce) {
            return Err(Refusal::new("approval.duplicate").with("principal", &principal.name));
        }
        if !self.open_ways(at).iter().flatten().any(|(role, _)| *role == principal.role) {
            return Err(Refusal::new("approval.role").with("role", &principal.role));
        }
        if head.review.passkey && approval.passkey.is_none() {
            return Err(Refusal::new("approval.passkey").with("case", &self.id));
        }
        Ok(vec![CaseEvent::Approved { approval, role: principal.role }])
    }

    pub(super) fn approval_needed(&self) -> Refusal {
        let typed = self.head.as_ref().is_some_and(|head| head.review.typed_confirmation && !self.confirmed);
        if typed && self.missing().is_empty() && self.status == CaseStatus::InReview {
            return Refusal::new("confirm.needed").with("case", &self.id);
        }
        Refusal::new("approval.needed").with("case", &self.id).with("missing", list(&self.missing()))
    }
}

fn list(missing: &[(String, u32)]) -> String {
    missing.iter().map(|(role, count)| format!("{role} × {count}")).collect::<Vec<_>>().join(", ")
}
