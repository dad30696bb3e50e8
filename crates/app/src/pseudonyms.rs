//! Destroying the key of a group's pseudonyms, by two people: the journal says it first, whoever holds the key removes it then, and does so again after a
//! crash in between.

use adjourn_domain::approval::DualAct;
use adjourn_domain::canonical::Hash;
use adjourn_domain::destruction::Signed;
use adjourn_domain::ids::GroupId;
use adjourn_domain::pseudonyms::{ACT, PseudonymsAct, subject};
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::Signer;

/// What became of a request to destroy the key of a group's pseudonyms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PseudonymsKeyEnd {
    /// Asked for; a second person has to sign for the same key and the same copy.
    Asked,
    /// Destroyed, as the journal says.
    Destroyed {
        /// When.
        at: Time,
        /// By whom.
        acts: Vec<Signed>,
        /// Whether the group's own key went with it.
        with_the_group: bool,
    },
}

impl App {
    /// What the journal says about the end of the key; `None` where nobody has destroyed it.
    ///
    /// # Errors
    /// `io`, `journal.corrupt`.
    pub async fn pseudonyms_end(&self, group: &GroupId) -> Result<Option<PseudonymsKeyEnd>, AppError> {
        let org = self.journal.org().await?;
        if let Some(end) = org.destructions.get(group) {
            let acts = [&end.grounds.asked, &end.confirmed];
            let acts = acts.map(|act| signed(&org, &act.statement, &act.signature)).into_iter().flatten();
            return Ok(Some(PseudonymsKeyEnd::Destroyed {
                at: end.at,
                acts: acts.collect(),
                with_the_group: true,
            }));
        }
        if org.destroyed.contains(group) {
            return Err(AppError::new("key.destroyed").with("group", group));
        }
        let state = self.journal.group(group).await?;
        Ok(state.pseudonyms.destroyed.map(|(at, acts)| PseudonymsKeyEnd::Destroyed {
            at,
            acts: acts.iter().filter_map(|act| signed(&org, &act.statement, &act.signature)).collect(),
            with_the_group: false,
        }))
    }

    /// Asks to destroy the key of a group's pseudonyms, or, as the second person, says in the journal that it is destroyed. Removing it is the caller's.
    ///
    /// # Errors
    /// `principal.unknown`, `group.unknown`, `run.active`, `hold.active`, `approval.self`.
    pub async fn destroy_pseudonyms(
        &self,
        group: &GroupId,
        key: &str,
        copy: Hash,
        signer: &dyn Signer,
    ) -> Result<PseudonymsKeyEnd, AppError> {
        if let Some(end) = self.pseudonyms_end(group).await? {
            return Ok(end);
        }
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        let state = self.journal.group(group).await?;
        let now = self.clock.now();
        let statement = DualAct::new(ACT, &subject(group, key, copy), &principal.id, now);
        let bytes = statement.bytes()?;
        let signature = signer.sign(&bytes);
        if !self.journal.keys.check(&principal.public_key, &bytes, &signature) {
            return Err(AppError::new("approval.signature").with("principal", &principal.name));
        }
        let events =
            state.decide_pseudonyms(PseudonymsAct { statement, signature, key: key.to_owned(), copy })?;
        let mut tx = self.journal.begin(now, &principal.id);
        tx.group(state, &events)?;
        tx.commit().await?;
        Ok(self.pseudonyms_end(group).await?.unwrap_or(PseudonymsKeyEnd::Asked))
    }
}

/// A statement with the key that its signature holds under; `None` for a principal without one.
fn signed(org: &Org, statement: &DualAct, signature: &str) -> Option<Signed> {
    let public_key = org.principals.get(&statement.principal)?.public_key.clone();
    Some(Signed { statement: statement.clone(), signature: signature.to_owned(), public_key })
}
