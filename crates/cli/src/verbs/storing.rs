//! Exports that are stored by themselves (`[storage] store = "automatic"`): after `export`, after `apply`, and beside the work of `serve` and `worker`. An
//! export is whole on disk before. That the storage can't be had fails nothing: it is said, and whoever looks next tries again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use adjourn_adapters::exports::FileExports;
use adjourn_app::export::NO_CASE;
use adjourn_app::ports::{ExportBag, Exports, Signer};
use adjourn_app::storing::Form;
use adjourn_app::{App, AppError};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::stored::Stored;
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::{Ctx, reading, store};
use crate::compose::Places;
use crate::config::Config;
use crate::out::Out;

/// How often a worker looks whether something waits, in seconds.
const LOOK_S: u64 = 60;
/// Where exports become one file, in the folder of the bundles.
const PACKING: &str = "packing";
/// What stands in the way of one export alone. After anything else the others would wait in vain.
const OF_ONE: [&str; 7] = [
    "storage.clear",
    "storage.drill",
    "storage.exists",
    "storage.changed",
    "storage.size",
    "storage.damaged",
    "bundle.package",
];

/// The finished exports here.
pub(super) fn exports(places: &Places) -> Result<Arc<dyn Exports>, AppError> {
    Ok(Arc::new(FileExports::new(reading::originals(places)?, &places.bundles.join(PACKING))))
}

/// What `doctor` says about those that wait; `None` where nothing is stored by itself.
pub(super) async fn waiting(
    app: &App,
    places: &Places,
    config: &Config,
    lang: Lang,
) -> Option<Result<String, AppError>> {
    if !config.storage.automatic() {
        return None;
    }
    let counted = async {
        let waiting = app.unstored(&*exports(places)?, &mut BTreeSet::new()).await?;
        let clear = waiting.iter().filter(|bag| bag.clear).count() as u64;
        let says = msg::storage_waiting(lang, waiting.len() as u64);
        // That the storage can't be had is another row.
        let locks = match store::storage(config, places) {
            Ok(Some(storage)) if clear > 0 => storage.locks().await.unwrap_or(false),
            _ => false,
        };
        Ok(if locks { format!("{says} {}", msg::storage_held(lang, clear)) } else { says })
    };
    Some(counted.await)
}

/// Stores what `export` left in a folder that a person named, if it is to be. What became of it, for the document.
pub(super) async fn handed_over(ctx: &Ctx<'_>, group: &GroupId, path: &Path, signer: &dyn Signer) -> Value {
    let Some(storing) = Storing::of(ctx) else { return Value::Null };
    let stored = async {
        let bag = FileExports::bag(NO_CASE, group, path)?;
        storing.one(&bag, Some(signer)).await
    };
    match stored.await {
        Ok(stored) => serde_json::to_value(stored).unwrap_or_default(),
        Err(error) => {
            storing.later(&error, msg::storage_again);
            json!({"code": error.code()})
        }
    }
}

/// Stores what a case has exported until now, if it is to be.
pub(super) async fn of_case(ctx: &Ctx<'_>, case: &CaseId) {
    if let Some(mut storing) = Storing::of(ctx) {
        storing.look(Some(case)).await;
    }
}

/// Stores by itself.
struct Storing {
    app: App,
    config: Config,
    places: Places,
    out: Out,
    /// What is known to be stored.
    stored: BTreeSet<String>,
    /// The error that was said last: it is said once.
    said: Option<String>,
}

impl Storing {
    /// `None` where nothing is stored by itself.
    fn of(ctx: &Ctx<'_>) -> Option<Self> {
        ctx.config.storage.automatic().then(|| Self {
            app: ctx.app.clone(),
            config: ctx.config.clone(),
            places: ctx.places.clone(),
            out: ctx.out,
            stored: BTreeSet::new(),
            said: None,
        })
    }

    /// Stores what waits, of one case or of all. An error is said and stays behind.
    async fn look(&mut self, only: Option<&CaseId>) {
        match self.all(only).await {
            Ok(()) => self.said = None,
            // Another process is at it.
            Err(error) if error.code() == "storage.packing" => {}
            Err(error) => {
                tracing::warn!(code = error.code(), "an export was not stored");
                if self.said.as_deref() != Some(error.code()) {
                    self.later(&error, msg::storage_by_itself);
                }
                self.said = Some(error.code().to_owned());
            }
        }
    }

    async fn all(&mut self, only: Option<&CaseId>) -> Result<(), AppError> {
        let waiting = self.app.unstored(&*exports(&self.places)?, &mut self.stored).await?;
        let mut failed = Ok(());
        for bag in waiting.iter().filter(|bag| only.is_none_or(|case| case.as_str() == bag.of)) {
            match self.one(bag, None).await {
                Err(error) if OF_ONE.contains(&error.code()) => failed = failed.and(Err(error)),
                done => drop(done?),
            }
        }
        failed
    }

    /// Stores one, and says so.
    async fn one(&self, bag: &ExportBag, signer: Option<&dyn Signer>) -> Result<Stored, AppError> {
        let storage = store::storage(&self.config, &self.places)?;
        let storage = storage.ok_or_else(|| AppError::new("storage.unconfigured"))?;
        // Nobody is here to say why something in clear is to be locked.
        let form = if bag.clear { Form::Clear } else { Form::Sealed };
        form.may_go(&*storage, Path::new(&bag.name)).await?;
        if bag.clear {
            self.out.progress(msg::storage_clear(self.out.lang, &bag.name));
        }
        let (stored, already) =
            self.app.store_export(&*storage, &exports(&self.places)?, bag, &form, signer).await?;
        tracing::info!(group = %bag.group, "an export was stored");
        let says = store::says(self.out.lang, Path::new(&bag.name), &stored, already);
        self.out.event(says, &json!({ "stored": store::row(&bag.path, &stored, Some(already)) }));
        Ok(stored)
    }

    /// Says that an export is whole and not stored, and when it will be: what is in clear is never stored by itself.
    fn later(&self, error: &AppError, then: impl Fn(Lang) -> String) {
        let lang = self.out.lang;
        let says = msg::storage_later(lang, error.code(), self.out.sentence(error));
        let then = match error.code() {
            "storage.clear" => msg::storage_stays(lang),
            "storage.drill" => String::new(),
            _ => then(lang),
        };
        self.out.event(format!("{says} {then}"), &json!({"not_stored": {"code": error.code()}}));
    }
}

/// Looks beside the work of whoever holds the worker's lease.
pub(crate) struct Storer {
    storing: Option<Arc<Mutex<Storing>>>,
    next: Option<Time>,
    running: Option<JoinHandle<()>>,
}

impl Storer {
    /// The one of a process.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Self {
        let storing = Storing::of(ctx).map(|storing| Arc::new(Mutex::new(storing)));
        Self { storing, next: None, running: None }
    }

    /// Begins to store what waits, once a minute.
    pub(crate) fn look(&mut self, now: Time) {
        let early = self.next.is_some_and(|next| now < next);
        let busy = self.running.as_ref().is_some_and(|running| !running.is_finished());
        let Some(storing) = self.storing.clone().filter(|_| !early && !busy) else { return };
        self.next = Some(now.plus_secs(LOOK_S));
        self.running = Some(tokio::spawn(async move { storing.lock().await.look(None).await }));
    }

    /// Looks once more, and waits for it: for whoever works off what is there.
    pub(crate) async fn last(&mut self) {
        if let Some(storing) = &self.storing {
            storing.lock().await.look(None).await;
        }
    }

    /// Lets go of what is under way: whoever looks next goes on with it.
    pub(crate) fn end(self) {
        if let Some(running) = self.running {
            running.abort();
        }
    }
}
