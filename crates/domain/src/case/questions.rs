//! What reviewers ask before they decide, what whoever asked for the case answers, and that they may take it back.
//!
//! A question decides nothing and holds nobody up: who approves with a question open has seen it. Questions stay with the case when its plan is
//! drawn again, which may be the answer.

use super::{CaseState, CaseStatus};
use crate::canonical::Hash;
use crate::event::{CaseEvent, PlanHead};
use crate::ids::PrincipalId;
use crate::refusal::Refusal;
use crate::time::Time;

/// Longest question, answer or reason, in characters.
pub const MAX_QUESTION: usize = 2000;
/// Questions of a case, at most.
pub const MAX_QUESTIONS: usize = 50;

/// A reviewer's question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who asked.
    pub by: PrincipalId,
    /// About which plan.
    pub plan_hash: Hash,
    /// When.
    pub at: Time,
    /// What.
    pub text: String,
    /// What was answered, by whom and when.
    pub answer: Option<(String, PrincipalId, Time)>,
}

impl CaseState {
    /// Questions that nobody has answered.
    pub fn open_questions(&self) -> usize {
        self.questions.iter().filter(|question| question.answer.is_none()).count()
    }

    pub(super) fn note_question(&mut self, event: &CaseEvent) {
        match event {
            CaseEvent::QuestionAsked { by, plan_hash, at, text } => self.questions.push(Question {
                by: by.clone(),
                plan_hash: *plan_hash,
                at: *at,
                text: text.clone(),
                answer: None,
            }),
            CaseEvent::QuestionAnswered { by, question, at, text } => {
                if let Some(asked) = self.questions.get_mut(*question as usize) {
                    asked.answer = Some((text.clone(), by.clone(), *at));
                }
            }
            _ => {}
        }
    }

    pub(super) fn decide_ask(
        &self,
        head: &PlanHead,
        by: PrincipalId,
        text: &str,
        now: Time,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        if self.status != CaseStatus::InReview {
            return Err(self.wrong_state());
        }
        if by == head.requester {
            return Err(Refusal::new("approval.self").with("principal", &by));
        }
        if self.questions.len() >= MAX_QUESTIONS {
            return Err(Refusal::new("question.many").with("limit", MAX_QUESTIONS));
        }
        let text = checked(text)?;
        Ok(vec![CaseEvent::QuestionAsked { by, plan_hash: head.plan_hash, at: now, text }])
    }

    pub(super) fn decide_answer(
        &self,
        head: &PlanHead,
        by: PrincipalId,
        question: u32,
        text: &str,
        now: Time,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        if by != head.requester {
            return Err(Refusal::new("approval.role").with("role", "requester"));
        }
        match self.questions.get(question as usize) {
            None => Err(Refusal::new("question.unknown").with("question", question.saturating_add(1))),
            Some(asked) if asked.answer.is_some() => {
                Err(Refusal::new("question.answered").with("question", question.saturating_add(1)))
            }
            Some(_) => {
                let text = checked(text)?;
                Ok(vec![CaseEvent::QuestionAnswered { by, question, at: now, text }])
            }
        }
    }

    pub(super) fn decide_withdraw(
        &self,
        head: &PlanHead,
        by: PrincipalId,
        reason: &str,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        if by != head.requester {
            return Err(Refusal::new("approval.role").with("role", "requester"));
        }
        match self.status {
            CaseStatus::Planned | CaseStatus::InReview | CaseStatus::Approved | CaseStatus::Stale => {
                let reason = checked(reason)?;
                Ok(vec![CaseEvent::Withdrawn { by, plan_hash: head.plan_hash, reason }])
            }
            // What has begun is taken back, not withdrawn.
            _ => Err(self.wrong_state()),
        }
    }
}

fn checked(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        1..=MAX_QUESTION => Ok(text.to_owned()),
        count => Err(Refusal::new("question.text").with("count", count).with("limit", MAX_QUESTION)),
    }
}
