//! Destroying a group's key: afterwards nothing of its payloads can be read, and the log still verifies. Two people
//! sign: one asks, another one confirms. A hold forbids it, and so does a legal period that runs, or a record that nobody
//! released. A hold that comes between the two signatures, lifted or not, makes the first one void, and so does another
//! decision about the record. What is left is a certificate with both signatures, as data and as a page.

use adjourn_domain::approval::DualAct;
use adjourn_domain::case::CaseState;
use adjourn_domain::destruction::{ACT, Certificate, Grounds, SignedAct};
use adjourn_domain::event::{GroupEvent, OrgEvent};
use adjourn_domain::ids::GroupId;
use adjourn_domain::run::{GroupState, RunCommand};

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{BundleInfo, KeyId, ReportInput, Signer};

/// What became of a request to destroy a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destroyed {
    /// Asked for; a second person has to confirm.
    Asked,
    /// Done, with the certificate. A key that was destroyed before there were certificates has none.
    Done(Option<BundleInfo>),
}

impl App {
    /// Asks to destroy a group's key, or, as the second person, destroys it.
    ///
    /// # Errors
    /// `group.unknown`, `run.active`, `hold.active`, `approval.self`; `retention.running` while a legal period runs,
    /// `retention.kept` and `retention.undecided` where no person released the record.
    pub async fn destroy_key(&self, group: &GroupId, signer: &dyn Signer) -> Result<Destroyed, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        if org.destroyed.contains(group) {
            return self.finish_destruction(group, &org).await;
        }
        let state = self.journal.group(group).await?;
        if state.version == 0 {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let now = self.clock.now();
        let statement = DualAct::new(ACT, group.as_str(), &principal.id, now);
        let bytes = statement.bytes()?;
        let signature = signer.sign(&bytes);
        if !self.journal.keys.check(&principal.public_key, &bytes, &signature) {
            return Err(AppError::new("approval.signature").with("principal", &principal.name));
        }
        let command =
            RunCommand::AskKeyDestroy { statement: statement.clone(), signature: signature.clone() };
        // Decided for both people: a hold, a run or a period forbids the second signature as well.
        let asked = state.decide(&CaseState::new("c-none".into()), command, now)?;
        let standing = self.standing(&state, now)?;
        standing.may_destroy(&state)?;
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
                let grounds = Grounds::of(&standing, self.first_statement(&state).await?).map(Box::new);
                let event = OrgEvent::KeyDestroyed { group: group.clone(), statement, signature, grounds };
                // The group's stream is named, so that a hold in the same moment wins.
                let mut tx = self.journal.begin(now, &principal.id);
                tx.org(&org, &event)?;
                tx.group(state, &[])?;
                tx.view("group", group, None);
                tx.commit().await?;
                let org = self.journal.org().await?;
                self.finish_destruction(group, &org).await
            }
        }
    }

    /// What the first person signed.
    async fn first_statement(&self, group: &GroupState) -> Result<SignedAct, AppError> {
        let events = self.journal.group_events(&group.id).await?;
        let asked = events.into_iter().rev().find_map(|(_, event)| match event {
            GroupEvent::KeyDestroyAsked { statement, signature } => Some(SignedAct { statement, signature }),
            _ => None,
        });
        asked.ok_or_else(|| AppError::new("key.not_asked").with("group", &group.id))
    }

    /// The part outside the journal; done again after a crash by asking again.
    async fn finish_destruction(&self, group: &GroupId, org: &Org) -> Result<Destroyed, AppError> {
        self.points.hit("destroy.before");
        self.journal.keys.destroy(&KeyId::Group(group.clone()))?;
        for card in self.case_cards().await? {
            if card.groups.contains(group) {
                self.vault.forget(&card.case, group).await?;
            }
        }
        self.inbox.forget(group)?;
        self.journal.store.scrub().await?;
        // Only now is it true.
        let certificate = self.certify(group, org).await?;
        self.points.hit("destroy.after");
        Ok(Destroyed::Done(certificate))
    }

    /// Writes the certificate, once.
    async fn certify(&self, group: &GroupId, org: &Org) -> Result<Option<BundleInfo>, AppError> {
        let Some(destruction) = org.destructions.get(group) else { return Ok(None) };
        let key_of = |id: &_| org.principals.get(id).map(|principal| principal.public_key.clone());
        let Some(certificate) = Certificate::of(destruction, key_of) else { return Ok(None) };
        let page = self.around.words.destruction(&certificate, self.utc_offset_minutes());
        let input = ReportInput {
            kind: "destroyed",
            name: group.to_string(),
            now: destruction.at,
            report: certificate.bytes()?,
            files: vec![("certificate.html".to_owned(), page.into_bytes())],
            leaves: self.journal.store.leaves().await?,
        };
        self.vault.write_report(input).await.map(Some)
    }
}
