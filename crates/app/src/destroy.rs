//! Destroying a group's key: afterwards nothing of its payloads can be read, and the log still verifies. Two people
//! sign: one asks, another one confirms. A hold forbids it, and so does a legal period that runs, or a record that nobody
//! released.

use adjourn_domain::approval::DualAct;
use adjourn_domain::case::CaseState;
use adjourn_domain::event::OrgEvent;
use adjourn_domain::ids::GroupId;
use adjourn_domain::run::RunCommand;

use crate::App;
use crate::error::AppError;
use crate::ports::{KeyId, Signer};

/// What became of a request to destroy a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destroyed {
    /// Asked for; a second person has to confirm.
    Asked,
    /// Done.
    Done,
}

impl App {
    /// Asks to destroy a group's key, or, as the second person, destroys it.
    pub async fn destroy_key(&self, group: &GroupId, signer: &dyn Signer) -> Result<Destroyed, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        if org.destroyed.contains(group) {
            return self.finish_destruction(group).await;
        }
        let state = self.journal.group(group).await?;
        if state.version == 0 {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let now = self.clock.now();
        let statement = DualAct::new("key.destroy", group.as_str(), &principal.id, now);
        let bytes = statement.bytes()?;
        let signature = signer.sign(&bytes);
        if !self.journal.keys.check(&principal.public_key, &bytes, &signature) {
            return Err(AppError::new("approval.signature").with("principal", &principal.name));
        }
        let command =
            RunCommand::AskKeyDestroy { statement: statement.clone(), signature: signature.clone() };
        // Decided for both people: a hold or a run forbids the second signature as well.
        let asked = state.decide(&CaseState::new("c-none".into()), command, now)?;
        self.standing(&state, now)?.may_destroy(&state)?;
        match &state.key_destroy_asked_by {
            None => {
                let mut tx = self.journal.begin(now, &principal.id);
                tx.group(state, &asked)?;
                tx.commit().await?;
                Ok(Destroyed::Asked)
            }
            Some(first) if *first == principal.id => {
                Err(AppError::new("approval.self").with("principal", &principal.name))
            }
            Some(_) => {
                // The group's stream is named, so that a hold in the same moment wins.
                let mut tx = self.journal.begin(now, &principal.id);
                tx.org(&org, &OrgEvent::KeyDestroyed { group: group.clone(), statement, signature })?;
                tx.group(state, &[])?;
                tx.view("group", group, None);
                tx.commit().await?;
                self.finish_destruction(group).await
            }
        }
    }

    /// The part outside the journal; done again after a crash by asking again.
    async fn finish_destruction(&self, group: &GroupId) -> Result<Destroyed, AppError> {
        self.points.hit("destroy.before");
        self.journal.keys.destroy(&KeyId::Group(group.clone()))?;
        for card in self.case_cards().await? {
            if card.groups.contains(group) {
                self.vault.forget(&card.case, group).await?;
            }
        }
        self.inbox.forget(group)?;
        self.journal.store.scrub().await?;
        self.points.hit("destroy.after");
        Ok(Destroyed::Done)
    }
}
