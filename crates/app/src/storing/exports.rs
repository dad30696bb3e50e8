//! Storing what exports left: each archive bag as one file under its group. An export is finished before, and nothing here can fail it: what could not
//! be stored waits, and whoever looks again finds it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use adjourn_domain::ids::PrincipalId;
use adjourn_domain::run::GroupState;
use adjourn_domain::stored::Stored;

use super::{Form, Of, ends_with};
use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{ExportBag, Exports, Signer, Storage};

/// Who stores by itself, as the journal calls it.
const WORKER: &str = "worker";

impl App {
    /// Finished exports that stand in no journal as stored. Left out are those of groups that this journal does not know, or whose key was destroyed:
    /// nothing could be noted of them. So are those of drills: what is simulated lies in no storage but by a person's hand. `stored` has names of those that are
    /// known to be stored, and gets those that are found to be.
    ///
    /// # Errors
    /// What the journal or the disk says.
    pub async fn unstored(
        &self,
        exports: &dyn Exports,
        stored: &mut BTreeSet<String>,
    ) -> Result<Vec<ExportBag>, AppError> {
        let org = self.journal.org().await?;
        let mut waiting = Vec::new();
        for bag in exports.list()? {
            let key = format!("{}/{}", bag.group, bag.name);
            if stored.contains(&key) || org.destroyed.contains(&bag.group) {
                continue;
            }
            let noted = self.stored(&Of::Group(bag.group.clone())).await?;
            if noted.iter().any(|noted| ends_with(&noted.stored.key, &key)) {
                stored.insert(key);
                continue;
            }
            let state = self.journal.group(&bag.group).await?;
            if state.version > 0 && !is_drill(&org, &state) {
                waiting.push(bag);
            }
        }
        Ok(waiting)
    }

    /// Stores a finished export, for a person or by itself, and notes it; the second value says whether the same lay there already.
    ///
    /// # Errors
    /// `storage.drill`; as [`App::store_archive`] and [`Exports::pack`]. The export stays as it is, and is not packed when it may not go.
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
        let (org, state) = (self.journal.org().await?, self.journal.group(&bag.group).await?);
        if is_drill(&org, &state) {
            return Err(AppError::new("storage.drill").with("group", &bag.group));
        }
        form.may_go(storage, Path::new(&bag.name)).await?;
        let (exports, bag) = (exports.clone(), bag.clone());
        let packed = tokio::task::spawn_blocking(move || exports.pack(&bag)).await;
        let packed = packed.map_err(|error| AppError::new("internal").with("says", error)).flatten()?;
        self.store_by(storage, packed.path(), &of, form, Some(by)).await
    }
}

/// Whether a group is one of a simulated platform.
fn is_drill(org: &Org, state: &GroupState) -> bool {
    let seen = state.snapshot.as_ref().map(|snapshot| &snapshot.connection);
    seen.and_then(|id| org.connection(id).ok()).is_some_and(|connection| connection.drill)
}
