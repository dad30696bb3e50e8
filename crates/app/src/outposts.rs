//! Outposts in the journal: who may connect, who was cut off, which key signs, what was not obeyed, what they said.

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::{GroupEvent, OrgEvent};
use adjourn_domain::ids::{GroupId, PrincipalId};
use adjourn_domain::instruction::{Authority, Refused};
use adjourn_domain::reply::{Doubt, OutpostSaid};
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::journal::Journal;
use crate::org::Org;
use crate::ports::Signer;

/// Who writes what outposts report.
const ACTOR: &str = "channel";
/// Attempts to write beside somebody else.
const MAX_CONFLICTS: usize = 20;

impl App {
    /// Who may change the channel: an administrator. Asked before anything is written.
    pub async fn channel_admin(&self, by: &dyn Signer) -> Result<PrincipalId, AppError> {
        self.journal.org().await?.admin(Some(by))
    }

    /// Refuses a name that an outpost has.
    ///
    /// # Errors
    /// `outpost.exists`: two outposts of one name could not be told apart. A name that was cut off is free.
    pub async fn outpost_is_free(&self, name: &str) -> Result<(), AppError> {
        match self.journal.org().await?.outposts.get(name) {
            Some(known) if known.revoked.is_none() => {
                Err(AppError::new("outpost.exists").with("outpost", name))
            }
            _ => Ok(()),
        }
    }

    /// Adds an outpost with the certificate that it was given, and the key (hex) that its replies are signed with.
    pub async fn add_outpost(
        &self,
        name: &str,
        certificate: Hash,
        key: &str,
        by: &dyn Signer,
    ) -> Result<(), AppError> {
        self.outpost_is_free(name).await?;
        let by = self.channel_admin(by).await?;
        let event = OrgEvent::OutpostAdded {
            outpost: name.to_owned(),
            certificate,
            key: Some(key.to_owned()),
            by: by.clone(),
        };
        self.write(&event, &by).await
    }

    /// Cuts an outpost off, for good.
    ///
    /// # Errors
    /// `outpost.unknown` when there is none of that name that is not cut off.
    pub async fn revoke_outpost(&self, name: &str, reason: &str, by: &dyn Signer) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let by = org.admin(Some(by))?;
        let known = org.outposts.get(name).filter(|known| known.revoked.is_none());
        let known = known.ok_or_else(|| AppError::new("outpost.unknown").with("outpost", name))?;
        let event = OrgEvent::OutpostRevoked {
            outpost: name.to_owned(),
            certificate: known.certificate,
            reason: reason.to_owned(),
            by: by.clone(),
        };
        self.write(&event, &by).await
    }

    /// Says that another key signs.
    pub async fn rotated(
        &self,
        key: &str,
        old: &str,
        old_until: Time,
        by: &dyn Signer,
    ) -> Result<(), AppError> {
        let by = self.channel_admin(by).await?;
        let event = OrgEvent::InstructionKeyRotated {
            key: key.to_owned(),
            old: old.to_owned(),
            old_until,
            by: by.clone(),
        };
        self.write(&event, &by).await
    }

    async fn write(&self, event: &OrgEvent, by: &PrincipalId) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let mut tx = self.journal.begin(self.clock.now(), by);
        tx.org(&org, event)?;
        tx.commit().await
    }
}

impl Journal {
    /// Writes down that an outpost did not obey or answer.
    pub async fn instruction_refused(
        &self,
        at: Time,
        outpost: &str,
        why: Refused,
        under: Option<&Authority>,
        instruction: Hash,
    ) -> Result<(), AppError> {
        let (outpost, under) = (outpost.to_owned(), under.cloned());
        self.report(at, &OrgEvent::InstructionRefused { outpost, why, under, instruction }).await
    }

    /// Writes down that somebody who dialled in was sent away.
    pub async fn outpost_sent_away(
        &self,
        at: Time,
        code: &str,
        outpost: Option<&str>,
        from: &str,
    ) -> Result<(), AppError> {
        let (code, outpost, from) = (code.to_owned(), outpost.map(ToOwned::to_owned), from.to_owned());
        self.report(at, &OrgEvent::OutpostSentAway { code, outpost, from }).await
    }

    /// Writes down that what came as an outpost's reply was not believed.
    pub async fn reply_refused(
        &self,
        at: Time,
        outpost: &str,
        why: Doubt,
        under: Option<&Authority>,
        instruction: Hash,
    ) -> Result<(), AppError> {
        let (outpost, under) = (outpost.to_owned(), under.cloned());
        self.report(at, &OrgEvent::ReplyRefused { outpost, why, under, instruction }).await
    }

    /// Keeps what an outpost said about a group on the group's stream. A group that is not known has none.
    ///
    /// # Errors
    /// When it can't be kept; what was said may not be used then.
    pub async fn outpost_said(&self, at: Time, group: &GroupId, said: OutpostSaid) -> Result<(), AppError> {
        let event = GroupEvent::OutpostSaid(Box::new(said));
        for _ in 0..MAX_CONFLICTS {
            let version = self.group(group).await?.version;
            if version == 0 {
                return Ok(());
            }
            let mut tx = self.begin(at, ACTOR);
            tx.group_rows(group, version, std::slice::from_ref(&event))?;
            match tx.commit().await {
                Err(error) if error.code() == "journal.conflict" => {}
                done => return done,
            }
        }
        Err(AppError::new("journal.conflict"))
    }

    async fn report(&self, at: Time, event: &OrgEvent) -> Result<(), AppError> {
        for _ in 0..MAX_CONFLICTS {
            let org: Org = self.org().await?;
            let mut tx = self.begin(at, ACTOR);
            tx.org(&org, event)?;
            match tx.commit().await {
                Err(error) if error.code() == "journal.conflict" => {}
                done => return done,
            }
        }
        Err(AppError::new("journal.conflict"))
    }
}
