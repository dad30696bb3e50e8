//! `archive put` and `archive get`: files into the configured storage and back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::AppError;
use adjourn_app::ports::{Locking, Signer, Storage};
use adjourn_app::storing::{Form, Of};
use adjourn_archive::import::Bag;
use adjourn_domain::ids::CaseId;
use adjourn_domain::stored::Stored;
use adjourn_i18n::{Lang, msg};
use serde_json::{Value, json};

use super::{Ctx, anonymise, reading, storing};
use crate::args::{GetArgs, PutArgs, StoreVerb};
use crate::compose::Places;
use crate::config::Config;
use crate::out::{Exit, Out};

/// Runs `archive put` and `archive get`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: StoreVerb) -> Result<Exit, AppError> {
    let storage = storage(&ctx.config, &ctx.places)?;
    let storage = storage.ok_or_else(|| AppError::new("storage.unconfigured"))?;
    match verb {
        StoreVerb::Put(args) => Box::pin(put(ctx, &*storage, &args)).await,
        StoreVerb::Get(args) => Box::pin(get(ctx, &*storage, &args)).await,
    }
}

/// What `doctor` says about it.
pub(super) async fn look(config: &Config, places: &Places, lang: Lang) -> Result<String, AppError> {
    let Some(storage) = storage(config, places)? else {
        return Ok(places.bundles.display().to_string());
    };
    let bucket = storage.look().await?;
    let word = |yes: Option<bool>| match yes {
        Some(true) => msg::storage_on(lang),
        Some(false) => msg::storage_off(lang),
        None => msg::storage_not_told(lang),
    };
    let locking = match bucket.locking {
        Locking::On => Some(true),
        Locking::Off => Some(false),
        Locking::Unknown => None,
    };
    Ok(msg::storage_looked(lang, bucket.at, word(locking), word(bucket.versioned)))
}

/// The configured storage; `None` for a folder.
pub(super) fn storage(config: &Config, places: &Places) -> Result<Option<Arc<dyn Storage>>, AppError> {
    config.storage.open(config.http.ca.as_deref(), &places.bundles, Arc::new(SystemClock))
}

async fn put(ctx: &Ctx<'_>, storage: &dyn Storage, args: &PutArgs) -> Result<Exit, AppError> {
    if args.all {
        return put_all(ctx, storage, args).await;
    }
    let out = ctx.out;
    let of = match (&args.group, &args.case) {
        (Some(group), _) => Of::Group(ctx.app.resolve(group).await?),
        (None, Some(case)) => Of::Case(CaseId::from(case.as_str())),
        (None, None) => Of::Nothing,
    };
    let signer = if of == Of::Nothing { None } else { Some(ctx.signer()?) };
    let mut forms = Vec::new();
    for file in &args.files {
        // What can't be stored is told before anything is sent.
        of.key(file)?;
        let form = form(&ctx.places, file, args.in_clear.as_deref())?;
        form.may_go(storage, file).await?;
        if form.is_clear() {
            out.progress(msg::storage_clear(out.lang, file.display()));
        }
        forms.push(form);
    }
    if args.dry_run {
        let files = args.files.iter().map(|file| Ok((file.as_path(), of.key(file)?)));
        return look_only(out, storage, files.collect::<Result<_, AppError>>()?).await;
    }
    let mut rows = Vec::new();
    for (file, form) in args.files.iter().zip(&forms) {
        let signer = signer.as_ref().map(|signer| signer as &dyn Signer);
        let done = ctx.app.store_archive(storage, file, &of, form, signer).await;
        let (stored, already) = match done {
            Ok(done) => done,
            Err(error) => {
                // What is stored is told also when the next file is not.
                out.document(&json!({"stored": rows}));
                return Err(error);
            }
        };
        out.line(says(out.lang, file, &stored, already));
        out.line(lock_line(ctx, &stored));
        rows.push(row(file, &stored, Some(already)));
    }
    out.document(&json!({"stored": rows}));
    if let Some(file) = args.files.first() {
        out.next(format!("adjourn archive get {} --out FILE", of.key(file)?));
    }
    Ok(Exit::Done)
}

/// How a file is. A copy is known by the report beside it, a bag by what is in it.
fn form(places: &Places, file: &Path, because: Option<&str>) -> Result<Form, AppError> {
    let clear = Form::clear(because)?;
    let bag = || {
        let bag = Bag::whole(file).ok().flatten()?;
        Some(bag.names().iter().all(|name| bag.is_sealed(name)))
    };
    Ok(if reading::is_sealed(file)? || bag() == Some(true) {
        Form::Sealed
    } else if anonymise::is_copy(places, file)? {
        Form::Copy
    } else {
        clear
    })
}

/// Stores every export that is finished and not stored yet. Those in clear that would be locked wait on, and that is an error at the end.
async fn put_all(ctx: &Ctx<'_>, storage: &dyn Storage, args: &PutArgs) -> Result<Exit, AppError> {
    let (out, exports) = (ctx.out, storing::exports(&ctx.places)?);
    let (signer, clear) = (ctx.signer()?, Form::clear(args.in_clear.as_deref())?);
    let (mut waiting, mut held) = (Vec::new(), Ok(()));
    for bag in ctx.app.unstored(&*exports, &mut BTreeSet::new()).await? {
        let form = if bag.clear { clear.clone() } else { Form::Sealed };
        match form.may_go(storage, &bag.path).await {
            Err(error) if error.code() == "storage.clear" => held = held.and(Err(error)),
            may => {
                may?;
                if bag.clear {
                    out.progress(msg::storage_clear(out.lang, bag.path.display()));
                }
                waiting.push((bag, form));
            }
        }
    }
    if args.dry_run {
        let files =
            waiting.iter().map(|(bag, _)| (bag.path.as_path(), format!("{}/{}", bag.group, bag.name)));
        let looked = look_only(out, storage, files.collect()).await?;
        return held.map(|()| looked);
    }
    let mut rows = Vec::new();
    for (bag, form) in &waiting {
        let (stored, already) = match ctx.app.store_export(storage, &exports, bag, form, Some(&signer)).await
        {
            Ok(done) => done,
            Err(error) => {
                out.document(&json!({"stored": rows}));
                return Err(error);
            }
        };
        out.line(says(out.lang, &bag.path, &stored, already));
        out.line(lock_line(ctx, &stored));
        rows.push(row(&bag.path, &stored, Some(already)));
    }
    if waiting.is_empty() && held.is_ok() {
        out.line(msg::storage_waiting(out.lang, 0));
    }
    out.document(&json!({"stored": rows}));
    held.map(|()| Exit::Done)
}

/// Says what would be done with files under keys, and sends nothing.
async fn look_only(out: Out, storage: &dyn Storage, files: Vec<(&Path, String)>) -> Result<Exit, AppError> {
    let bucket = storage.look().await?;
    let mut rows = Vec::new();
    for (file, key) in files {
        let there = storage.find(&key).await?;
        out.line(match &there {
            Some(_) => msg::storage_would_look(out.lang, &key),
            None => msg::storage_would_put(out.lang, &bucket.at, file.display(), &key),
        });
        rows.push(json!({"file": file, "key": key, "there": there.is_some()}));
    }
    out.document(&json!({"dry_run": true, "bucket": bucket.at, "files": rows}));
    Ok(Exit::Planned)
}

async fn get(ctx: &Ctx<'_>, storage: &dyn Storage, args: &GetArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    // Whoever brings back what belongs to a group or a case is noted, as readers of originals are.
    let signer = if Of::of_key(&args.stored) == Of::Nothing { None } else { Some(ctx.signer()?) };
    let signer = signer.as_ref().map(|signer| signer as &dyn Signer);
    let (stored, known) = ctx.app.fetch_archive(storage, &args.stored, &args.out, signer).await?;
    out.line(if known {
        msg::storage_got_known(out.lang, stored.bytes, args.out.display(), stored.sha256)
    } else {
        msg::storage_got(out.lang, stored.bytes, args.out.display(), stored.sha256)
    });
    let mut row = row(&args.out, &stored, None);
    if let Some(fields) = row.as_object_mut() {
        fields.insert("in_journal".to_owned(), json!(known));
    }
    out.document(&json!({ "fetched": row }));
    out.next(format!("sha256sum {}", args.out.display()));
    Ok(Exit::Done)
}

/// That a file is stored.
pub(super) fn says(lang: Lang, file: &Path, stored: &Stored, already: bool) -> String {
    let place = format!("{}/{}", stored.bucket, stored.key);
    if already {
        msg::storage_already(lang, file.display(), place)
    } else {
        msg::storage_put(lang, stored.bytes, file.display(), place)
    }
}

fn lock_line(ctx: &Ctx<'_>, stored: &Stored) -> String {
    let lang = ctx.out.lang;
    let hold = if stored.legal_hold { msg::storage_hold(lang) } else { String::new() };
    let line = match &stored.lock {
        Some(lock) => {
            msg::storage_locked(lang, ctx.out.word("lock-mode", lock.mode.slug()), stored.sha256, lock.until)
        }
        None => msg::storage_unlocked(lang, stored.sha256),
    };
    format!("{line} {hold}").trim_end().to_owned()
}

/// A stored file in a document.
pub(super) fn row(file: &Path, stored: &Stored, already: Option<bool>) -> Value {
    let mut row = serde_json::to_value(stored).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("file".to_owned(), json!(file));
        fields.extend(already.map(|already| ("already".to_owned(), json!(already))));
    }
    row
}
