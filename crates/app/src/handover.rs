//! The nominee's word: a handover counts when the person who takes the work over has signed that they do.

use adjourn_domain::approval::DualAct;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::run::RunCommand;

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

impl App {
    /// The nominee accepts the handover of the groups of a case that name them. Returns these groups.
    ///
    /// # Errors
    /// `handover.nominee` when no group of the case names this person.
    pub async fn accept_handover(
        &self,
        case: &CaseId,
        signer: &dyn Signer,
    ) -> Result<Vec<GroupId>, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        let case = self.journal.known_case(case).await?;
        let mut accepted = Vec::new();
        for state in self.groups_of(&case).await? {
            let run = state.run.as_ref().filter(|run| run.case == case.id);
            if run.and_then(|run| run.part.way.nominee.as_ref()) != Some(&principal.id) {
                continue;
            }
            let statement =
                DualAct::new("handover.accept", state.id.as_str(), &principal.id, self.clock.now());
            let bytes = statement.bytes()?;
            let signature = signer.sign(&bytes);
            if !self.journal.keys.check(&principal.public_key, &bytes, &signature) {
                return Err(AppError::new("approval.signature").with("principal", &principal.name));
            }
            self.change_group(&state.id, RunCommand::AcceptHandover { statement, signature }, signer).await?;
            accepted.push(state.id);
        }
        if accepted.is_empty() {
            return Err(AppError::new("handover.nominee").with("principal", &principal.name));
        }
        Ok(accepted)
    }
}
