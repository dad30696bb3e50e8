//! Bags outside the folder of the bundles: an export in a folder of somebody's, a bag that was brought back from storage, one that came from anywhere.
//!
//! A bag says of which group it is. Where the journal here knows that group, its messages are an original of ours: whoever reads them needs a key and is noted
//! first, as with one that lies in the bundles. Any other bag is read as it is.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::originals::{checked, media_of, refused};
use adjourn_adapters::rng::SystemRng;
use adjourn_app::AppError;
use adjourn_app::ports::{Contents, KeptOriginal, Medium, Original, Originals, Part};
use adjourn_archive::import::{Bag, ImportError};
use adjourn_archive::sealed::{self, Identity};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::reading::How;
use adjourn_evidence::layout::{MEDIA, MEDIA_INDEX, MEMBERS, MESSAGES};

use super::{is_within, one_of, whole_bag};
use crate::compose::Places;
use crate::verbs::{Ctx, archive_import};

/// What stands for a case, and for a group, that a bag does not name.
const NO_NAME: &str = "elsewhere";

/// A bag.
pub(super) struct Elsewhere {
    bag: Bag,
    path: PathBuf,
    keys: Option<Arc<FileKeys>>,
    identities: Vec<Identity>,
}

/// Whether a path outside says that it is an original of a group, so that the journal here has to be asked whether it knows the group.
pub(super) fn is_claimed(places: &Places, path: &Path) -> bool {
    if !places.database().exists() || is_within(places, path) {
        return false;
    }
    let bag = Elsewhere::at(path).ok().flatten();
    bag.is_some_and(|bag| bag.names().iter().any(|name| bag.bag.origin(name).is_some()))
}

impl Elsewhere {
    /// The bag that a path means, also where it is the file with the messages in it; `None` where it is none.
    pub(super) fn at(path: &Path) -> Result<Option<Self>, AppError> {
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let around =
            path.parent().and_then(Path::parent).filter(|_| file.starts_with(MESSAGES) && path.is_file());
        let path = around.unwrap_or(path);
        let bag = whole_bag(path)?;
        Ok(bag.map(|bag| Self { bag, path: path.to_owned(), keys: None, identities: Vec::new() }))
    }

    /// The same for somebody at an installation, whose groups' keys open what is sealed.
    pub(super) fn of(places: &Places, path: &Path) -> Result<Option<Self>, AppError> {
        if is_within(places, path) {
            return Ok(None);
        }
        let Some(bag) = Self::at(path)? else { return Ok(None) };
        let keys = Arc::new(FileKeys::open(&places.keys, Arc::new(SystemRng))?);
        Ok(Some(Self { keys: Some(keys), ..bag }))
    }

    /// The same, opened with identities that somebody names, if there are any.
    pub(super) fn with(self, identities: Vec<Identity>) -> Self {
        Self { identities, ..self }
    }

    /// The names of its parts.
    pub(super) fn names(&self) -> Vec<String> {
        self.bag.names()
    }

    /// Whether a part is sealed.
    pub(super) fn is_sealed(&self, name: &str) -> bool {
        self.bag.is_sealed(name)
    }

    /// The one that is read.
    pub(super) fn one(&self) -> Result<String, AppError> {
        one_of(&self.path, &self.bag)
    }

    /// What a part is called: as the bag says, or by its place in it.
    pub(super) fn original(&self, name: &str) -> Original {
        let part = if name.ends_with("/tail") { Part::Tail } else { Part::Main };
        let (case, group) = self.bag.origin(name).unwrap_or_else(|| {
            let group = name.strip_suffix("/tail").unwrap_or(name);
            (NO_NAME.to_owned(), if group.is_empty() { NO_NAME } else { group }.to_owned())
        });
        Original { case: CaseId(case), group: GroupId(group), part }
    }

    /// The original that a part is, where the journal knows its group.
    pub(super) async fn known(&self, ctx: &Ctx<'_>, name: &str) -> Result<Option<Original>, AppError> {
        if self.bag.origin(name).is_none() {
            return Ok(None);
        }
        let original = self.original(name);
        let there = ctx.app.journal.group(&original.group).await?.version > 0;
        Ok(there.then_some(original))
    }

    /// Something of a part for whoever reads: noted first where it is an original of ours.
    pub(super) async fn read(
        &self,
        ctx: &Ctx<'_>,
        name: &str,
        what: Contents,
        how: How,
        query: Option<&str>,
    ) -> Result<Box<dyn Read + Send>, AppError> {
        match self.known(ctx, name).await? {
            Some(original) => ctx.app.read_original(self, &original, what, how, query, &ctx.signer()?).await,
            None => self.open(&self.original(name), what),
        }
    }

    /// A file of an original, open.
    fn file(&self, original: &Original, file: &str) -> Result<Box<dyn Read + Send>, AppError> {
        let without = || AppError::new("archive.without").with("archive", original);
        let name = self.names().into_iter().find(|name| self.original(name) == *original);
        let name = name.ok_or_else(|| AppError::new("archive.unknown").with("archive", original))?;
        let inside = self.bag.beside(&name, file).map_err(|error| match error {
            ImportError::Missing(_) => without(),
            error => archive_import::refused(&self.path, &error),
        })?;
        if !self.is_sealed(&name) {
            return Ok(Box::new(inside));
        }
        // Only a group that the bag names can have a key here.
        let keys = self.keys.as_ref().filter(|_| self.bag.origin(&name).is_some());
        let own = match (self.identities.as_slice(), keys) {
            ([], None) => return Err(AppError::new("archive.identity").with("file", self.path.display())),
            ([], Some(keys)) => Some(keys.original_identity(&original.group)?),
            _ => None,
        };
        let identities = own.as_ref().map_or(self.identities.as_slice(), std::slice::from_ref);
        let opened = sealed::open(inside, identities).map_err(|error| refused(error, &self.path))?;
        Ok(Box::new(opened))
    }
}

impl Originals for Elsewhere {
    /// Nothing lies here.
    fn list(&self) -> Result<Vec<KeptOriginal>, AppError> {
        Ok(Vec::new())
    }

    fn open(&self, original: &Original, what: Contents) -> Result<Box<dyn Read + Send>, AppError> {
        self.file(
            original,
            match what {
                Contents::Messages => MESSAGES,
                Contents::Members => MEMBERS,
                Contents::MediaIndex => MEDIA_INDEX,
            },
        )
    }

    fn media(&self, original: &Original, index: &[u8]) -> Result<Vec<Medium>, AppError> {
        media_of(original, index)
    }

    fn medium(&self, original: &Original, medium: &Medium) -> Result<Box<dyn Read + Send>, AppError> {
        let sealed = self.names().iter().any(|name| self.is_sealed(name) && self.original(name) == *original);
        let name = if sealed {
            format!("{MEDIA}/{:06}", medium.number)
        } else {
            format!("{MEDIA}/{}", medium.sha256)
        };
        Ok(Box::new(checked(self.file(original, &name)?, medium.sha256)))
    }
}
