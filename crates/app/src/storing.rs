//! Storing archives: what belongs to a group or a case lies under its id, and stands in its journal once it was read back. Who brings it back stands
//! there before the file is handed out.

use std::path::Path;

use adjourn_domain::event::{CaseEvent, GroupEvent};
use adjourn_domain::ids::{CaseId, GroupId, PrincipalId};
use adjourn_domain::stored::{ArchiveFetched, ArchiveStored, Stored};

use crate::App;
use crate::error::AppError;
use crate::ports::{Signer, Stage, Storage};

mod exports;

/// Longest key, in bytes, as S3 has it; less some room for a prefix.
const MAX_KEY: usize = 900;

/// Longest reason, in characters.
const MAX_WHY: usize = 1000;

/// Attempts to note something while others write.
const MAX_CONFLICTS: usize = 20;

/// What is noted of a file.
#[derive(Debug, Clone)]
enum Noted {
    Stored(ArchiveStored),
    Fetched(ArchiveFetched),
}

impl Noted {
    fn by(&self) -> &PrincipalId {
        match self {
            Self::Stored(noted) => &noted.by,
            Self::Fetched(noted) => &noted.by,
        }
    }
}

/// What a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Nothing that the journal knows.
    Nothing,
    /// A group.
    Group(GroupId),
    /// A case.
    Case(CaseId),
}

impl Of {
    /// The key of a file with this name.
    ///
    /// # Errors
    /// `storage.name` for a name that can't be a part of a key.
    pub fn key(&self, file: &Path) -> Result<String, AppError> {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let key = match self {
            Self::Nothing => name.to_owned(),
            Self::Group(id) => format!("{id}/{name}"),
            Self::Case(id) => format!("{id}/{name}"),
        };
        if is_key(&key) { Ok(key) } else { Err(AppError::new("storage.name").with("file", file.display())) }
    }

    /// What a key tells about it.
    pub fn of_key(key: &str) -> Self {
        match key.split_once('/') {
            Some((id, _)) if id.starts_with("g-") => Self::Group(GroupId::from(id)),
            Some((id, _)) if id.starts_with("c-") => Self::Case(CaseId::from(id)),
            _ => Self::Nothing,
        }
    }
}

/// How a file is, for whoever may lock it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Sealed: it goes with its key, whatever is locked.
    Sealed,
    /// A de-identified copy.
    Copy,
    /// In clear.
    Clear,
    /// In clear, and somebody says why it is to be locked all the same.
    ClearBecause(String),
}

impl Form {
    /// That of something in clear.
    ///
    /// # Errors
    /// As [`why_in_clear`].
    pub fn clear(because: Option<&str>) -> Result<Self, AppError> {
        Ok(why_in_clear(because)?.map_or(Self::Clear, Self::ClearBecause))
    }

    /// Whether anybody who has it can read the original.
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear | Self::ClearBecause(_))
    }

    /// Refuses to lock what is in clear: no key ends it, and nobody removes it.
    ///
    /// # Errors
    /// `storage.clear`; `storage.*` where the bucket has to be asked.
    pub async fn may_go(&self, storage: &dyn Storage, file: &Path) -> Result<(), AppError> {
        if *self == Self::Clear && storage.locks().await? {
            return Err(AppError::new("storage.clear").with("file", file.display()));
        }
        Ok(())
    }
}

/// Why something has to be in clear, as a person typed it.
///
/// # Errors
/// `archive.reason` for a reason that says nothing, or too much.
pub fn why_in_clear(typed: Option<&str>) -> Result<Option<String>, AppError> {
    match typed.map(str::trim) {
        Some(why) if why.is_empty() || why.chars().count() > MAX_WHY => {
            Err(AppError::new("archive.reason").with("limit", MAX_WHY))
        }
        why => Ok(why.map(str::to_owned)),
    }
}

/// Whether a text can be a key: a path of plain names.
pub fn is_key(text: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    text.len() <= MAX_KEY
        && text.split('/').all(plain)
        && !text.contains(|c: char| c.is_control() || c == '\\')
}

impl App {
    /// Stores a file, and notes it where it belongs to something; the second value says whether the same lay there already.
    ///
    /// # Errors
    /// As [`Storage::put`] and [`Form::may_go`]; `principal.*`, `group.unknown`, `case.unknown`, `key.destroyed`, `storage.name`.
    pub async fn store_archive(
        &self,
        storage: &dyn Storage,
        file: &Path,
        of: &Of,
        form: &Form,
        signer: Option<&dyn Signer>,
    ) -> Result<(Stored, bool), AppError> {
        let by = self.who(of, signer).await?;
        form.may_go(storage, file).await?;
        self.store_by(storage, file, of, form, by).await
    }

    /// The same for somebody who is known.
    async fn store_by(
        &self,
        storage: &dyn Storage,
        file: &Path,
        of: &Of,
        form: &Form,
        by: Option<PrincipalId>,
    ) -> Result<(Stored, bool), AppError> {
        let key = of.key(file)?;
        self.can_note(of).await?;
        let (stored, already) = storage.put(file, &key, &self.telling(&key)).await?;
        self.points.hit("storage.stored");
        if let Some(by) = by {
            let in_clear = match form {
                Form::ClearBecause(why) => Some(why.clone()),
                Form::Sealed | Form::Copy | Form::Clear => None,
            };
            let noted = ArchiveStored { by, stored: stored.clone(), in_clear, copy: *form == Form::Copy };
            self.note(of, Noted::Stored(noted)).await?;
        }
        Ok((stored, already))
    }

    /// Brings a file back, and notes first who has it where it belongs to something that the journal knows. The second value says whether its hash is
    /// the one in the journal.
    ///
    /// # Errors
    /// As [`Storage::get`]; `storage.name`, `principal.*`, `key.destroyed`. Nothing is noted of what neither journal nor storage knows.
    pub async fn fetch_archive(
        &self,
        storage: &dyn Storage,
        key: &str,
        to: &Path,
        signer: Option<&dyn Signer>,
    ) -> Result<(Stored, bool), AppError> {
        if !is_key(key) {
            return Err(AppError::new("storage.name").with("file", key));
        }
        if to.symlink_metadata().is_ok() {
            return Err(AppError::new("archive.exists").with("path", to.display()));
        }
        let of = Of::of_key(key);
        // After a disaster the storage may be all that is left: a journal that never heard of it has nothing to note.
        let of = match self.can_note(&of).await {
            Err(error) if matches!(error.code(), "group.unknown" | "case.unknown") => Of::Nothing,
            noted => noted.map(|()| of)?,
        };
        let by = self.who(&of, signer).await?;
        let known = self.stored(&of).await?;
        let known = known.into_iter().rev().find(|noted| ends_with(&noted.stored.key, key));
        let copy = known.as_ref().is_some_and(|noted| noted.copy);
        let known = known.as_ref().map(|noted| &noted.stored);
        if let Some(by) = by {
            let there = storage.find(key).await?;
            if let Some(Stored { bucket, key, sha256, .. }) = known.or(there.as_ref()).cloned() {
                self.note(&of, Noted::Fetched(ArchiveFetched { by, bucket, key, sha256, copy })).await?;
            }
        }
        let stored = storage.get(key, known, to, &self.telling(key)).await?;
        Ok((stored, known.is_some()))
    }

    /// Who acts, where it has to be noted.
    async fn who(&self, of: &Of, signer: Option<&dyn Signer>) -> Result<Option<PrincipalId>, AppError> {
        match (of, signer) {
            (Of::Nothing, _) => Ok(None),
            (_, Some(signer)) => Ok(Some(self.journal.org().await?.principal(signer)?.id.clone())),
            (_, None) => Err(AppError::new("principal.missing")),
        }
    }

    /// What stands in the journal about stored files.
    async fn stored(&self, of: &Of) -> Result<Vec<ArchiveStored>, AppError> {
        let mut noted = Vec::new();
        match of {
            Of::Nothing => {}
            Of::Group(id) => {
                for (_, event) in self.journal.group_events(id).await? {
                    if let GroupEvent::ArchiveStored(stored) = event {
                        noted.push(*stored);
                    }
                }
            }
            Of::Case(id) => {
                for (_, event) in self.journal.case_events(id).await? {
                    if let CaseEvent::ArchiveStored(stored) = event {
                        noted.push(*stored);
                    }
                }
            }
        }
        Ok(noted)
    }

    /// Refuses what nothing can be noted of, before anything is sent.
    async fn can_note(&self, of: &Of) -> Result<(), AppError> {
        match of {
            Of::Nothing => Ok(()),
            Of::Group(id) => {
                if self.journal.org().await?.destroyed.contains(id) {
                    return Err(AppError::new("key.destroyed").with("group", id));
                }
                match self.journal.group(id).await?.version {
                    0 => Err(AppError::new("group.unknown").with("group", id)),
                    _ => Ok(()),
                }
            }
            Of::Case(id) => match self.journal.case(id).await?.version {
                0 => Err(AppError::new("case.unknown").with("case", id)),
                _ => Ok(()),
            },
        }
    }

    /// Notes it. Whoever stores the same again adds nothing; every time that somebody brings a file back counts.
    async fn note(&self, of: &Of, noted: Noted) -> Result<(), AppError> {
        for _ in 1..MAX_CONFLICTS {
            match self.note_once(of, noted.clone()).await {
                // Somebody else wrote in the same moment, such as a worker.
                Err(error) if error.code() == "journal.conflict" => {}
                done => return done,
            }
        }
        self.note_once(of, noted).await
    }

    async fn note_once(&self, of: &Of, noted: Noted) -> Result<(), AppError> {
        if let Noted::Stored(noted) = &noted
            && self.stored(of).await?.iter().any(|before| before.stored == noted.stored)
        {
            return Ok(());
        }
        let mut tx = self.journal.begin(self.clock.now(), noted.by());
        match of {
            Of::Nothing => return Ok(()),
            Of::Group(id) => {
                let state = self.journal.group(id).await?;
                let events = match noted {
                    Noted::Stored(noted) => state.decide_storing(noted)?,
                    Noted::Fetched(noted) => state.decide_fetching(noted)?,
                };
                tx.group(state, &events)?;
            }
            Of::Case(id) => {
                let state = self.journal.case(id).await?;
                let events = match noted {
                    Noted::Stored(noted) => state.decide_storing(noted)?,
                    Noted::Fetched(noted) => state.decide_fetching(noted)?,
                };
                tx.case(state, &events)?;
            }
        }
        tx.commit().await
    }

    /// Progress, in MiB.
    fn telling(&self, key: &str) -> impl Fn(Stage, u64, u64) + Send + Sync {
        const MIB: u64 = 1024 * 1024;
        let (progress, points, id) = (self.progress.clone(), self.points.clone(), GroupId::from(key));
        move |stage, done, of| {
            points.hit(stage.slug());
            progress.count(&id, stage.slug(), done / MIB, Some(of.div_ceil(MIB)));
        }
    }
}

/// Whether a key with a prefix is `key`.
fn ends_with(whole: &str, key: &str) -> bool {
    whole.strip_suffix(key).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_nowhere_else() {
        for good in ["a.age", "g-1/a b.zst", "c-1/x/\u{7fa4}"] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "/a", "a/", "a//b", "../a", "a/./b", "a\nb", "a\\b", &"a".repeat(901)] {
            assert!(!is_key(bad), "{bad}");
        }
        assert_eq!(Of::of_key("g-12/a"), Of::Group("g-12".into()));
        assert_eq!(Of::of_key("g-12"), Of::Nothing);
        assert!(
            ends_with("p/g-1/a", "g-1/a") && ends_with("g-1/a", "g-1/a") && !ends_with("xg-1/a", "g-1/a")
        );
        assert_eq!(Of::Nothing.key(Path::new("..")).unwrap_err().code(), "storage.name");
    }
}
