//! What people hand in to show that something was done. One way for command line, pages and links: the file is cleaned, both hashes are kept, and the
//! original is sealed where the group's policy wants it.

use adjourn_domain::event::EvidenceRef;
use adjourn_domain::ids::{CaseId, GroupId};

use crate::App;
use crate::error::AppError;
use crate::tasks::MAX_FILES;

impl App {
    /// Takes in what a person hands in about a group of a case of this class.
    ///
    /// # Errors
    /// `step.evidence` for too many, empty or too large files, `upload.active`, `upload.picture`, `upload.kind`. Nothing is kept then.
    pub(crate) async fn hand_in(
        &self,
        case: &CaseId,
        group: &GroupId,
        class: &str,
        files: &[(String, Vec<u8>)],
    ) -> Result<Vec<EvidenceRef>, AppError> {
        if files.len() > MAX_FILES {
            return Err(AppError::new("step.evidence").with("says", format!("{} files", files.len())));
        }
        if files.is_empty() {
            return Ok(Vec::new());
        }
        // A class that is not in the policy any more keeps the less.
        let originals = self.policy.of(class).is_ok_and(|policy| policy.keep_originals);
        self.vault.take_in(case, group, files, originals).await
    }
}
