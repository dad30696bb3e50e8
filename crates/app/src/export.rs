//! Export outside a case: a group's history into a folder that a person names. Reads only; the same pages, working folder and receipt as a case's.

use adjourn_domain::case::CaseState;
use adjourn_domain::event::Receipt;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::run::RunCommand;

use crate::App;
use crate::error::AppError;
use crate::ports::{Part, SealInfo, Signer};
use crate::taking::Source;

/// What stands in the place of a case in the vault. No case has this id.
pub const NO_CASE: &str = "export";
/// What its progress is called.
const STEP: &str = "export";
/// Longest pause that a platform's limit is waited for at once, in seconds.
const MAX_PAUSE_S: u64 = 60;
/// Such pauses in a row without a record in between, at most.
const MAX_PAUSES: u32 = 30;

/// An export that has come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The group.
    pub group: GroupId,
    /// What was taken.
    pub receipt: Receipt,
    /// The archive bag.
    pub seal: SealInfo,
}

impl App {
    /// Exports a group's history into the vault, or goes on with that. Where it lies there already, it is read and nothing is asked for. A vault that seals seals
    /// it; `in_clear` says why it does not, where somebody had to.
    ///
    /// # Errors
    /// What the platform, the disk or the journal answers; what was written stays, and the same call goes on.
    pub async fn export_history(
        &self,
        group: &str,
        in_clear: Option<String>,
        signer: &dyn Signer,
    ) -> Result<HandedOver, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let id = self.resolve(group).await?;
        let case = CaseId::from(NO_CASE);
        let found = self.vault.sealed_receipt(&case, &id).await?;
        let (receipt, noted) = match found {
            Some((receipt, under_way)) => (receipt, !under_way),
            None => (self.take_all(&case, &id).await?, false),
        };
        let seal = self.vault.read_back(&case, &id).await?;
        let seal = seal.ok_or_else(|| AppError::new("seal.failed").with("says", "no bag"))?;
        if !noted {
            let now = self.clock.now();
            let state = self.journal.group(&id).await?;
            let command = RunCommand::HandOver {
                by: by.clone(),
                receipt: Box::new(receipt.clone()),
                bag_hash: seal.bag_hash,
                in_clear,
            };
            let events = state.decide(&CaseState::new("c-none".into()), command, now)?;
            let mut tx = self.journal.begin(now, &by);
            tx.group(state, &events)?;
            tx.commit().await?;
            self.vault.forget(&case, &id).await?;
        }
        Ok(HandedOver { group: id, receipt, seal })
    }

    /// Takes everything out and closes the bag.
    async fn take_all(&self, case: &CaseId, id: &GroupId) -> Result<Receipt, AppError> {
        let state = self.journal.group(id).await?;
        let seen = self.look(&state).await?.snapshot;
        let org = self.journal.org().await?;
        let source = Source {
            connection: org.connection(&seen.connection)?,
            native: &seen.native,
            case,
            group: id,
            part: Part::Main,
            step: STEP,
        };
        self.take_patiently(&source).await?;
        let receipt = self.receipt_of(&source).await?;
        self.vault.seal(case, id, &seen, &receipt, self.clock.now()).await?;
        Ok(receipt)
    }

    /// Waits for a platform's limit as long as there are records in between.
    async fn take_patiently(&self, source: &Source<'_>) -> Result<(), AppError> {
        let (mut pauses, mut before) = (0, 0);
        loop {
            let error = match self.take_out(source).await {
                Err(error) if error.code() == "connection.rate_limited" => error,
                other => return other,
            };
            let records = self.vault.export_state(source.case, source.group, source.part).await?.records;
            pauses = if records > before { 1 } else { pauses + 1 };
            before = records;
            if pauses > MAX_PAUSES {
                return Err(error);
            }
            self.progress.again(error.code(), MAX_PAUSE_S, pauses + 1, MAX_PAUSES);
            self.clock.sleep_until(self.clock.now().plus_secs(MAX_PAUSE_S)).await;
        }
    }
}
