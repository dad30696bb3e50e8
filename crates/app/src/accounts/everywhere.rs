//! Signing somebody out of every browser: one's own sessions, or, by an administrator, those of somebody whose telephone is gone.

use adjourn_domain::event::{OrgEvent, SessionEnd};
use adjourn_domain::ids::PrincipalId;

use super::{Opens, Record};
use crate::App;
use crate::error::AppError;
use crate::ports::{Shelf, Signer};

/// Attempts to write beside somebody else.
const MAX_CONFLICTS: usize = 20;

impl App {
    /// Ends every session of a principal. Returns how many there were.
    ///
    /// # Errors
    /// `principal.unknown`; `approval.role` when it is somebody else and the signer is no administrator.
    pub async fn sign_out_everywhere(&self, who: &PrincipalId, by: &dyn Signer) -> Result<usize, AppError> {
        let org = self.journal.org().await?;
        let me = org.principal(by)?.id.clone();
        if me != *who {
            org.named(who.as_str())?;
            org.admin(Some(by))?;
        }
        let mut ended = 0;
        for name in self.accounts.names(Shelf::Token)? {
            let record = self.record::<Record>(Shelf::Token, &name)?;
            let theirs = record.is_some_and(
                |record| matches!(&record.opens, Opens::Session { principal, .. } if principal == who),
            );
            // Of two who end the same session at once, one has removed it.
            if theirs && self.accounts.remove(Shelf::Token, &name)? {
                ended += 1;
            }
        }
        self.sessions_ended(who, SessionEnd::Everywhere, ended, &me).await?;
        Ok(ended)
    }

    /// Writes down that sessions were ended, if any were. They are over already: whoever can't write keeps nobody signed in.
    pub(super) async fn sessions_ended(
        &self,
        who: &PrincipalId,
        why: SessionEnd,
        ended: usize,
        by: &PrincipalId,
    ) -> Result<(), AppError> {
        if ended == 0 {
            return Ok(());
        }
        let (principal, by, sessions) = (who.clone(), by.clone(), ended as u64);
        let event = OrgEvent::SessionsEnded { principal, why, sessions, by: by.clone() };
        for _ in 1..MAX_CONFLICTS {
            match self.org_event(&by, event.clone()).await {
                Err(error) if error.code() == "journal.conflict" => {}
                other => return other,
            }
        }
        self.org_event(&by, event).await
    }
}
