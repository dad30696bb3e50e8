//! Signing somebody out of every browser: one's own sessions, or, by an administrator, those of somebody whose telephone is gone.

use adjourn_domain::ids::PrincipalId;

use super::{Opens, Record};
use crate::App;
use crate::error::AppError;
use crate::ports::{Shelf, Signer};

impl App {
    /// Ends every session of a principal. Returns how many there were.
    ///
    /// # Errors
    /// `principal.unknown`; `approval.role` when it is somebody else and the signer is no administrator.
    pub async fn sign_out_everywhere(&self, who: &PrincipalId, by: &dyn Signer) -> Result<usize, AppError> {
        let org = self.journal.org().await?;
        if org.principal(by)?.id != *who {
            org.admin(Some(by))?;
            org.named(who.as_str())?;
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
        Ok(ended)
    }
}
