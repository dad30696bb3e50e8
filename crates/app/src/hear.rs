//! What a platform tells by itself, pushed or streamed: believed by its connector, and noted on the group's stream, where
//! the state, the evidence and the next call's context have it from.

use adjourn_domain::call::Heard;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::{ConnectionId, GroupId, IdentityId, NativeId};
use adjourn_domain::run::RunCommand;
use async_trait::async_trait;

use crate::error::AppError;
use crate::ports::{Delivery, Hearing, Kept};
use crate::{App, Journal};

/// Attempts at a commit that the worker got in the way of.
const MAX_CONFLICTS: usize = 20;

impl App {
    /// Takes one delivery for an identity, as [`App::hear_told`] takes what it says.
    ///
    /// # Errors
    /// `event.forged` when it is not proved to come from the platform; nothing of it is kept then.
    pub async fn hear(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<usize, AppError> {
        let told = {
            let org = self.journal.org().await?;
            self.platforms.pushed(org.connection(connection)?, identity, delivery)?
        };
        self.hear_told(connection, identity, told).await
    }

    /// Opens the stream of an identity's events. What comes over it is given to [`App::hear_told`].
    ///
    /// # Errors
    /// `capability.unsupported` where the platform has none; whatever keeps it from being opened.
    pub async fn listen(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
    ) -> Result<Box<dyn Hearing>, AppError> {
        let org = self.journal.org().await?;
        Ok(self.platforms.stream(org.connection(connection)?, identity).await?)
    }

    /// Keeps what an identity was told; gives the number of events that were news. What is about no group that we know, and
    /// what says nothing about a group's end, is not kept.
    ///
    /// # Errors
    /// When it can't be kept; nobody may be told then that it is.
    pub async fn hear_told(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        told: Vec<Heard>,
    ) -> Result<usize, AppError> {
        // Most of what is told is messages and heartbeats: nothing is looked up for them.
        let told: Vec<Heard> = told.into_iter().filter(|heard| heard.what.of_an_end()).collect();
        if told.is_empty() {
            return Ok(0);
        }
        let org = self.journal.org().await?;
        let mut news = 0;
        for heard in told {
            let Some(native) = &heard.group else { continue };
            let id = self.journal.keys.group_id(connection.as_str(), native)?;
            if !org.destroyed.contains(&id) {
                news += self.note_heard(&id, identity, &heard).await?;
            }
        }
        Ok(news)
    }

    /// What to answer a platform that asks whether an identity's endpoint is who it should be.
    ///
    /// # Errors
    /// `event.forged` when the question is not proved to come from the platform.
    pub async fn greeted(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<u8>, AppError> {
        let org = self.journal.org().await?;
        Ok(self.platforms.greeted(org.connection(connection)?, identity, delivery)?)
    }

    async fn note_heard(
        &self,
        id: &GroupId,
        identity: &IdentityId,
        heard: &Heard,
    ) -> Result<usize, AppError> {
        for attempt in 1.. {
            match self.try_note_heard(id, identity, heard).await {
                Err(error) if error.code() == "journal.conflict" && attempt < MAX_CONFLICTS => {}
                other => return other,
            }
        }
        Err(AppError::new("journal.conflict"))
    }

    async fn try_note_heard(
        &self,
        id: &GroupId,
        identity: &IdentityId,
        heard: &Heard,
    ) -> Result<usize, AppError> {
        let group = self.journal.group(id).await?;
        if group.version == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let none = CaseState::new("c-none".into());
        let hear = RunCommand::Hear { identity: identity.clone(), heard: Box::new(heard.clone()) };
        let events = group.decide(&none, hear, now)?;
        let mut tx = self.journal.begin(now, "platform");
        tx.group_rows(id, group.version, &events)?;
        tx.commit().await?;
        Ok(events.len())
    }
}

/// The groups' streams are where it is kept.
#[async_trait]
impl Kept for Journal {
    async fn of(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        group: &NativeId,
    ) -> Result<Vec<Heard>, AppError> {
        let id = self.keys.group_id(connection.as_str(), group)?;
        let mut heard: Vec<Heard> = self
            .group(&id)
            .await?
            .heard
            .into_iter()
            .filter(|(who, _)| who == identity)
            .map(|(_, heard)| heard)
            .collect();
        heard.sort_by_key(|heard| heard.at);
        Ok(heard)
    }
}
