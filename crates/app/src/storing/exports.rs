//! Storing what exports left: each archive bag as one file under its group. An export is finished before, and nothing here can fail it: what could not
//! be stored waits, and whoever looks again finds it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use adjourn_domain::ids::PrincipalId;
use adjourn_domain::stored::Stored;

use super::{Form, Of, ends_with};
use crate::App;
use crate::error::AppError;
use crate::ports::{ExportBag, Exports, Signer, Storage};

/// Who stores by itself, as the journal calls it.
const WORKER: &str = "worker";

impl App {
    /// Finished exports that stand in no journal as stored. Left out are those of groups that this journal does not know, or whose key was destroyed:
    /// nothing could be noted of them. `stored` has names of those that are known to be stored, and gets those that are found to be.
    ///
    /// # Errors
    /// What the journal or the disk says.
    pub async fn unstored(
        &self,
        exports: &dyn Exports,
        stored: &mut BTreeSet<String>,
    ) -> Result<Vec<ExportBag>, AppError> {
        let destroyed = self.journal.org().await?.destroyed;
        let mut waiting = Vec::new();
        for bag in exports.list()? {
            let key = format!("{}/{}", bag.group, bag.name);
            if stored.contains(&key) || destroyed.contains(&bag.group) {
                continue;
            }
            let noted = self.stored(&Of::Group(bag.group.clone())).await?;
            if noted.iter().any(|noted| ends_with(&noted.stored.key, &key)) {
                stored.insert(key);
            } else if self.journal.group(&bag.group).await?.version > 0 {
                waiting.push(bag);
            }
        }
        Ok(waiting)
    }

    /// Stores a finished export, for a person or by itself, and notes it; the second value says whether the same lay there already.
    ///
    /// # Errors
    /// As [`App::store_archive`] and [`Exports::pack`]. The export stays as it is, and is not packed when it may not go.
    pub async fn store_export(
        &self,
        storage: &dyn Storage,
        exports: &Arc<dyn Exports>,
        bag: &ExportBag,
        form: &Form,
        signer: Option<&dyn Signer>,
    ) -> Result<(Stored, bool), AppError> {
        let of = Of::Group(bag.group.clone());
        let by = match signer {
            Some(signer) => self.journal.org().await?.principal(signer)?.id.clone(),
            None => PrincipalId::from(WORKER),
        };
        self.can_note(&of).await?;
        form.may_go(storage, Path::new(&bag.name)).await?;
        let (exports, bag) = (exports.clone(), bag.clone());
        let packed = tokio::task::spawn_blocking(move || exports.pack(&bag)).await;
        let packed = packed.map_err(|error| AppError::new("internal").with("says", error)).flatten()?;
        self.store_by(storage, packed.path(), &of, form, Some(by)).await
    }
}
