//! Requests that are sent again: a request with a key is answered once, and its repetition gets the same answer.
//!
//! What a script does not know after a broken connection is whether its request was done. With a key of its own choice it asks again and can't do
//! the same thing twice (draft-ietf-httpapi-idempotency-key-header). The record is durable before anything is done, so a crash in between is
//! seen: then nobody knows, and a person looks.

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;
use crate::ports::KeyId;

/// The read model with the answers.
const VIEW: &str = "once";
/// How long an answer is kept, in seconds.
const KEPT_S: u64 = 86_400;
/// Answers that are kept for a principal; the oldest make room.
const KEPT: usize = 200;
/// Largest answer that is kept, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// An answer: status code and body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text; `None` when it held a secret that is shown once, or was too large to be kept.
    pub body: Option<String>,
    /// Where what was made or goes on can be looked at.
    pub location: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    principal: PrincipalId,
    /// SHA-256 of what was asked.
    asked: Hash,
    at: Time,
    /// `None` while it is not known what became of it.
    answer: Option<Answer>,
}

/// A place for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    name: String,
    principal: PrincipalId,
    asked: Hash,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is to be done now, and its answer kept.
    New(Once),
    /// It was done.
    Done(Answer),
}

impl App {
    /// Looks whether a principal has used a key before, and takes it.
    ///
    /// # Errors
    /// `request.reused` for a key that was used for something else, `request.unfinished` for one whose request was cut off.
    pub async fn once(&self, principal: &PrincipalId, key: &str, asked: Hash) -> Result<Known, AppError> {
        let hash =
            Hash::of_parts(&[b"adjourn once v1\0", principal.as_str().as_bytes(), b"\0", key.as_bytes()]);
        let name = format!("{principal}.{}", hash.to_hex());
        let now = self.clock.now();
        if let Some(record) = self.once_record(&name).await?
            && now.secs_since(record.at) < KEPT_S
        {
            if record.asked != asked || record.principal != *principal {
                return Err(AppError::new("request.reused"));
            }
            let answer = record.answer.ok_or_else(|| AppError::new("request.unfinished"))?;
            return Ok(Known::Done(answer));
        }
        let mut tx = self.journal.begin(now, principal);
        for stale in self.once_stale(principal, now).await? {
            tx.view(VIEW, &stale, None);
        }
        let record = Record { principal: principal.clone(), asked, at: now, answer: None };
        tx.view(VIEW, &name, Some(self.journal.seal_view(&KeyId::Org, &record)?));
        tx.commit().await?;
        Ok(Known::New(Once { name, principal: principal.clone(), asked }))
    }

    /// Keeps the answer.
    pub async fn once_done(&self, once: &Once, mut answer: Answer) -> Result<(), AppError> {
        answer.body = answer.body.filter(|body| body.len() <= MAX_ANSWER);
        let now = self.clock.now();
        let record =
            Record { principal: once.principal.clone(), asked: once.asked, at: now, answer: Some(answer) };
        let mut tx = self.journal.begin(now, &once.principal);
        tx.view(VIEW, &once.name, Some(self.journal.seal_view(&KeyId::Org, &record)?));
        tx.commit().await
    }

    /// Gives a key free: what was asked was refused, and changed nothing.
    pub async fn once_refused(&self, once: &Once) -> Result<(), AppError> {
        let mut tx = self.journal.begin(self.clock.now(), &once.principal);
        tx.view(VIEW, &once.name, None);
        tx.commit().await
    }

    async fn once_record(&self, name: &str) -> Result<Option<Record>, AppError> {
        match self.journal.store.view(VIEW, name).await? {
            Some(sealed) => self.journal.open_view(&KeyId::Org, &sealed),
            None => Ok(None),
        }
    }

    /// What is too old, and the principal's oldest where there are too many.
    async fn once_stale(&self, principal: &PrincipalId, now: Time) -> Result<Vec<String>, AppError> {
        let mut stale = Vec::new();
        let mut theirs = Vec::new();
        for (name, sealed) in self.journal.store.views(VIEW).await? {
            match self.journal.open_view::<Record>(&KeyId::Org, &sealed)? {
                Some(record) if now.secs_since(record.at) < KEPT_S => {
                    if record.principal == *principal {
                        theirs.push((record.at, name));
                    }
                }
                _ => stale.push(name),
            }
        }
        theirs.sort();
        let over = (theirs.len() + 1).saturating_sub(KEPT);
        stale.extend(theirs.into_iter().take(over).map(|(_, name)| name));
        Ok(stale)
    }
}
