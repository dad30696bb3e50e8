//! Webhooks: configured addresses are told what was appended to the journal. The outbox is the journal itself, with a cursor for each address that moves on only
//! after the address has taken an event: nothing is lost in a crash, an event may come twice and has the same id then, and a row of an address that can't be
//! reached holds up no other address.
//!
//! What is told is ids and slugs. Whoever wants more asks, as somebody who may.

use std::collections::BTreeSet;
use std::sync::Arc;

use adjourn_domain::event::{OrgEvent, kinds};
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::App;
use crate::error::AppError;
use crate::ports::{Hook, KeyId, NotTold, Signer, StoredRow, Told};

/// The read model with the cursors.
const TABLE: &str = "webhook";
/// The read model with what is to be told once more.
const REPLAYS: &str = "webhook_replay";
/// Rows that are looked at in one go.
const ROWS: usize = 256;
/// First pause after a failure, in seconds; each further one doubles it.
const PAUSE_S: u64 = 5;
/// Longest pause, in seconds.
const MAX_PAUSE_S: u64 = 3600;
/// Longest pause that an address gets by asking for it, in seconds.
const MAX_ASKED_S: u64 = 24 * 3600;
/// Fields of events whose values are slugs or our own ids.
const FIELDS: [&str; 8] = ["case", "step", "effect", "ending", "verdict", "stage", "decision", "webhook"];
/// Longest value, in characters.
const MAX_VALUE: usize = 64;

/// An address, and what it wants to be told.
#[derive(Clone)]
pub struct Endpoint {
    /// Its name in the configuration.
    pub name: String,
    /// Kinds of events; all of them if empty.
    pub events: BTreeSet<String>,
    /// After how long without a success it is given up, in seconds.
    pub give_up_s: u64,
    /// The address.
    pub hook: Arc<dyn Hook>,
}

/// How far an address has been told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Sequence number of the next row.
    pub next: u64,
    /// Failures in a row.
    pub failed: u32,
    /// Since when nothing was taken.
    pub failing_since: Option<Time>,
    /// When it is tried again.
    pub again_at: Option<Time>,
    /// Since when it is given up.
    pub given_up: Option<Time>,
    /// Why it failed last.
    pub says: Option<String>,
    /// Slug of that error.
    pub code: Option<String>,
}

/// Refuses a kind of events that there is none of: an address that waits for it would wait for ever.
///
/// # Errors
/// `webhook.event` with the kind that looks most like it.
pub fn check_kind(webhook: &str, kind: &str) -> Result<(), AppError> {
    if kinds().any(|known| known == kind) {
        return Ok(());
    }
    let closest = kinds().min_by_key(|known| distance(known, kind)).unwrap_or_default();
    Err(AppError::new("webhook.event").with("name", webhook).with("event", kind).with("closest", closest))
}

/// How many letters have to be put in, taken out or changed to make one word of another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(MAX_VALUE).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (done, letter) in a.chars().enumerate() {
        let mut before = done + 1;
        let mut next = vec![before];
        for (other, above) in b.iter().zip(row.windows(2)) {
            let &[corner, above] = above else { continue };
            before = (corner + usize::from(letter != *other)).min(above + 1).min(before + 1);
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

impl App {
    /// How far an address has been told; `None` before its first time.
    pub async fn hook_cursor(&self, name: &str) -> Result<Option<Cursor>, AppError> {
        let sealed = self.journal.store.view(TABLE, name).await?;
        Ok(sealed.map(|sealed| self.journal.open_view(&KeyId::Org, &sealed)).transpose()?.flatten())
    }

    /// Tells an address what is new, until it fails or everything is told. A new address begins with what comes from now on.
    ///
    /// # Errors
    /// When the journal can't be read or written; an address that takes nothing is no error.
    pub async fn tell(&self, to: &Endpoint) -> Result<(), AppError> {
        let Some(mut cursor) = self.hook_cursor(&to.name).await? else {
            let cursor = Cursor { next: self.journal.end().await?, ..Cursor::default() };
            return self.keep_cursor(&to.name, &cursor).await;
        };
        if let Some(from) = self.asked_again(&to.name).await? {
            cursor = Cursor { next: from, ..Cursor::default() };
            let mut tx = self.journal.begin(self.clock.now(), "worker");
            tx.view(TABLE, &to.name, Some(self.sealed_mark(&cursor)?));
            tx.view(REPLAYS, &to.name, None);
            tx.commit().await?;
        }
        let now = self.clock.now();
        if cursor.given_up.is_some() || cursor.again_at.is_some_and(|again| now < again) {
            return Ok(());
        }
        let rows = self.journal.store.rows(cursor.next, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        for row in &rows {
            if !to.events.is_empty() && !to.events.contains(&row.header.kind) {
                continue;
            }
            let told = self.told(row)?;
            if let Err(why) = to.hook.tell(&told, self.clock.now()).await {
                cursor.next = row.header.seq;
                return self.not_told(to, cursor, why).await;
            }
            cursor = Cursor { next: row.header.seq + 1, ..Cursor::default() };
            self.keep_cursor(&to.name, &cursor).await?;
        }
        if cursor.next <= last.header.seq {
            cursor = Cursor { next: last.header.seq + 1, ..Cursor::default() };
            self.keep_cursor(&to.name, &cursor).await?;
        }
        Ok(())
    }

    /// Tells an address something that did not happen, once, whatever its cursor says.
    ///
    /// # Errors
    /// `webhook.failed`, `webhook.private`.
    pub async fn try_hook(&self, to: &Endpoint) -> Result<(), AppError> {
        let now = self.clock.now();
        let body = json!({"type": "test", "timestamp": now, "data": {}});
        let told = Told { id: format!("test-{}", now.as_millis()), body: serde_json::to_vec(&body)? };
        to.hook
            .tell(&told, now)
            .await
            .map_err(|why| AppError::new(why.code).with("name", &to.name).with("says", why.says))
    }

    /// Tells an address everything from a sequence number on once more, also one that was given up. The wish is written down by itself: whoever tells the
    /// address just now moves its cursor, and takes the wish up at the next look.
    ///
    /// # Errors
    /// When whoever asks is no administrator.
    pub async fn replay_hook(&self, name: &str, from: u64, by: &dyn Signer) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let (from, by) = (from.max(1), org.admin(Some(by))?);
        let mut tx = self.journal.begin(self.clock.now(), &by);
        tx.org(&org, &OrgEvent::WebhookReplayed { webhook: name.to_owned(), from, by })?;
        tx.view(REPLAYS, name, Some(self.sealed_mark(&from)?));
        tx.commit().await
    }

    /// From where an address is to be told once more.
    async fn asked_again(&self, name: &str) -> Result<Option<u64>, AppError> {
        let sealed = self.journal.store.view(REPLAYS, name).await?;
        Ok(sealed.map(|sealed| self.journal.open_view(&KeyId::Org, &sealed)).transpose()?.flatten())
    }

    async fn not_told(&self, to: &Endpoint, mut cursor: Cursor, why: NotTold) -> Result<(), AppError> {
        let now = self.clock.now();
        let since = *cursor.failing_since.get_or_insert(now);
        let pause = PAUSE_S.saturating_mul(1 << cursor.failed.min(16)).min(MAX_PAUSE_S);
        let pause = pause.max(why.retry_s.unwrap_or_default().min(MAX_ASKED_S));
        cursor.failed = cursor.failed.saturating_add(1);
        cursor.again_at = Some(now.plus_secs(pause));
        cursor.says = Some(why.says);
        cursor.code = Some(why.code.to_owned());
        tracing::warn!(code = why.code, webhook = to.name, failed = cursor.failed, "an event was not taken");
        if why.gone || now.secs_since(since) >= to.give_up_s {
            cursor.given_up = Some(now);
            let org = self.journal.org().await?;
            let mut tx = self.journal.begin(now, "worker");
            tx.org(&org, &OrgEvent::WebhookGivenUp { webhook: to.name.clone() })?;
            tx.view(TABLE, &to.name, Some(self.sealed_mark(&cursor)?));
            return tx.commit().await;
        }
        self.keep_cursor(&to.name, &cursor).await
    }

    async fn keep_cursor(&self, name: &str, cursor: &Cursor) -> Result<(), AppError> {
        let mut tx = self.journal.begin(self.clock.now(), "worker");
        tx.view(TABLE, name, Some(self.sealed_mark(cursor)?));
        tx.commit().await
    }

    fn sealed_mark(&self, value: &impl Serialize) -> Result<Vec<u8>, AppError> {
        self.journal.keys.ensure(&KeyId::Org)?;
        self.journal.keys.seal(&KeyId::Org, &serde_json::to_vec(value)?)
    }

    /// What is told about a row: the same whenever it is told.
    fn told(&self, row: &StoredRow) -> Result<Told, AppError> {
        let header = &row.header;
        let payload = self.journal.open(row)?.payload.unwrap_or_default();
        let mut data = Map::from_iter([("seq".to_owned(), json!(header.seq))]);
        if let Some(group) = header.stream.group() {
            data.insert("group".to_owned(), json!(group));
        }
        if let Some(case) = header.stream.case() {
            data.insert("case".to_owned(), json!(case));
        }
        for field in FIELDS {
            if let Some(Value::String(value)) = payload.get(field).filter(|value| tells_nobody(value)) {
                data.entry(field).or_insert_with(|| json!(value));
            }
        }
        let body = json!({"type": header.kind, "timestamp": header.at, "data": data});
        let commitment: String = header.commitment.to_hex().chars().take(16).collect();
        Ok(Told { id: format!("{}-{commitment}", header.seq), body: serde_json::to_vec(&body)? })
    }
}

/// Whether a value is a slug or an id of ours, and no text.
fn tells_nobody(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.len() <= MAX_VALUE
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_ids_of_ours_are_told_and_texts_are_not() {
        for (value, told) in [
            (json!("not_applied"), true),
            (json!("c-5c7aa359"), true),
            (json!("Li Wei"), false),
            (json!("@alice:example.org"), false),
            (json!(7), false),
            (json!("a".repeat(65)), false),
        ] {
            assert_eq!(tells_nobody(&value), told, "{value}");
        }
    }

    #[test]
    fn a_misspelt_kind_is_refused_with_the_one_that_was_meant() {
        for (kind, closest) in
            [("approve_d", "approved"), ("run-ended", "run_ended"), ("GroupEnded", "group_ended")]
        {
            let error = check_kind("tickets", kind).unwrap_err();
            assert_eq!(
                (error.code(), error.0.args["closest"].as_str()),
                ("webhook.event", closest),
                "{kind}"
            );
        }
        kinds().for_each(|kind| check_kind("tickets", kind).unwrap());
        assert_eq!([distance("abc", "abc"), distance("", "abc"), distance("abcd", "bed")], [0, 3, 2]);
    }
}
