//! What reviewers ask whoever asked for a case, the answers, and taking a case back before anything began.

use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::ids::CaseId;

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

impl App {
    /// Asks whoever asked for the case. Nothing is decided by that.
    ///
    /// # Errors
    /// `case.state` out of review, `approval.self` for whoever asked for it, `question.text`, `question.many`.
    pub async fn ask(&self, case: &CaseId, text: &str, signer: &dyn Signer) -> Result<CaseState, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        self.change_case(case, CaseCommand::Ask { by, text: text.to_owned() }, signer, None).await
    }

    /// Answers a question, from 0. Only whoever asked for the case does.
    ///
    /// # Errors
    /// `approval.role`, `question.unknown`, `question.answered`, `question.text`.
    pub async fn answer(
        &self,
        case: &CaseId,
        question: u32,
        text: &str,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        let answer = CaseCommand::Answer { by, question, text: text.to_owned() };
        self.change_case(case, answer, signer, None).await
    }

    /// Takes a case back before it began. Only whoever asked for it does.
    ///
    /// # Errors
    /// `approval.role`, `case.state` once it began, `question.text` without a reason.
    pub async fn withdraw(
        &self,
        case: &CaseId,
        reason: &str,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        self.change_case(case, CaseCommand::Withdraw { by, reason: reason.to_owned() }, signer, None).await
    }
}
