//! `archive anonymise`: a de-identified copy becomes an anonymised one when nobody is told apart by what it says of its members, and the key of its
//! pseudonyms is gone.
//!
//! In this order: count, write a new copy where one was asked for and count again in it, write the statement beside the copy under a name that does not
//! count, destroy the key, give the statement its name. A kill in between leaves a copy that is called de-identified, and the same command goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::keys::{FileKeys, Tombstone, destroy_key_file, key_in_file};
use adjourn_adapters::rng::SystemRng;
use adjourn_app::AppError;
use adjourn_app::ports::{Clock as _, Signer};
use adjourn_app::pseudonyms::PseudonymsKeyEnd;
use adjourn_archive::anonymise::{
    Assessment, Change, Destroyed, FORMAT, KeyKind, KeyNamed, Keys, Level, Proof, Signed, Statement, Subject,
    Table, key_id, look, place, write,
};
use adjourn_archive::deidentify::file::write_whole;
use adjourn_archive::read::hash;
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::destruction;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use self::state::{Kept, MadeOf, Report};
use super::reading;
use super::redact::refused;
use super::{Ctx, Environment};
use crate::args::{AnonymiseArgs, Global};
use crate::compose::{Places, signer};
use crate::config::Config;
use crate::out::{Exit, Out};

pub(crate) mod state;

/// Classes that are shown one by one.
const SHOWN: usize = 10;
/// Characters of a key's id that are typed.
const CODE: usize = 8;

/// A copy whose members were counted.
struct Counted {
    /// The copy that the statement is about.
    copy: PathBuf,
    sha256: Hash,
    bytes: u64,
    /// Its members; nobody of them is in a small class.
    found: Assessment,
    made_of: Option<MadeOf>,
    report: Report,
    key: String,
}

/// The end of a key.
struct End {
    at: Time,
    method: Destroyed,
    acts: Vec<destruction::Signed>,
}

/// Whether a copy was made for a group, so that the journal is asked.
pub(crate) fn is_of_group(copy: &Path) -> bool {
    Report::of(copy).is_some_and(|report| report.group().is_some())
}

/// Whether a file is a copy: the report beside it is about exactly this content.
pub(crate) fn is_copy(places: &Places, file: &Path) -> Result<bool, AppError> {
    let Some(report) = Report::of(file) else { return Ok(false) };
    let sha256 = hash(file).map_err(|error| reading::no_index(file, error))?;
    Ok(state::of(places, file, Some(&report), sha256) != "unknown")
}

/// Anonymises a copy whose key is its owner's alone.
pub(crate) fn alone(
    out: Out,
    places: &Places,
    global: &Global,
    environment: &Environment,
    args: &AnonymiseArgs,
) -> Result<Exit, AppError> {
    let k = Config::read(global.config.as_deref(), &places.data)?.archive.k(args.k)?;
    let Some(counted) = prepare(out, places, args, k)? else { return Ok(Exit::Done) };
    let signer = signer(global, environment.key.as_deref())?;
    let lay = match counted.report.key_kind {
        Some(KeyKind::File) => Lay::File(args.key_file.as_deref()),
        _ => Lay::Scope(&counted.report.scope),
    };
    let pending = pending(&counted.copy);
    let begun = state::proof(&pending, counted.sha256, &counted.key);
    let end = match (lay.is_here(places, &counted.key)?, &begun, state::kept(places, &counted.report)) {
        (true, _, _) => End { at: SystemClock.now(), method: lay.method(), acts: Vec::new() },
        // It was stopped between the key's end and the statement's name.
        (false, Some(begun), _) => {
            End { at: begun.statement.destroyed_at, method: lay.method(), acts: Vec::new() }
        }
        (false, None, Kept::Gone(Some(stone))) if stone.key == counted.key => {
            End { at: stone.at, method: lay.method(), acts: Vec::new() }
        }
        // That a key is not where somebody looks proves nothing.
        _ => return Err(AppError::new("anonymise.key_missing").with("key", &counted.key)),
    };
    let begin = statement(&counted, &end);
    keep(&pending, &begin, &signer, end.acts)?;
    lay.destroy(places, &Tombstone { key: counted.key.clone(), at: end.at })?;
    finish(out, &counted, &begin, end.method)
}

/// Anonymises a copy of a group: one person asks, another one destroys the key.
pub(crate) async fn for_group(ctx: &Ctx<'_>, args: &AnonymiseArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let k = ctx.config.archive.k(args.k)?;
    let Some(counted) = prepare(out, &ctx.places, args, k)? else { return Ok(Exit::Done) };
    let group = counted.report.group().ok_or_else(|| no_report(&counted.copy))?;
    let signer = ctx.signer()?;
    let end = ctx.app.destroy_pseudonyms(&group, &counted.key, counted.sha256, &signer).await?;
    let end = match end {
        PseudonymsKeyEnd::Asked => {
            out.document(&document(&counted, false, None));
            out.line(msg::anonymise_asked(out.lang, group.as_str()));
            let (copy, code) = (counted.copy.display(), code(&counted.key));
            out.next(format!("adjourn archive anonymise {copy} --k {k} --confirm {code} --key SECOND_KEY"));
            return Ok(Exit::Approval);
        }
        PseudonymsKeyEnd::Destroyed { at, acts, with_the_group: true } => {
            End { at, method: Destroyed::WithGroup, acts }
        }
        PseudonymsKeyEnd::Destroyed { at, acts, with_the_group: false } => {
            End { at, method: Destroyed::UnderGroup, acts }
        }
    };
    // The journal has said it: it is carried out, also after a kill in between.
    let stone = Tombstone { key: counted.key.clone(), at: end.at };
    let keys = FileKeys::open(&ctx.places.keys, Arc::new(SystemRng))?;
    keys.destroy_group_pseudonyms(&group, &stone)?;
    let begin = statement(&counted, &end);
    keep(&pending(&counted.copy), &begin, &signer, end.acts)?;
    finish(out, &counted, &begin, end.method)
}

/// Where a key lies.
#[derive(Clone, Copy)]
enum Lay<'a> {
    Scope(&'a str),
    File(Option<&'a Path>),
}

impl Lay<'_> {
    fn method(self) -> Destroyed {
        match self {
            Self::Scope(_) => Destroyed::UnderRoot,
            Self::File(_) => Destroyed::InClear,
        }
    }

    /// Whether the key is there. Another one is refused before anything is destroyed.
    fn is_here(self, places: &Places, key: &str) -> Result<bool, AppError> {
        let bytes = match self {
            Self::Scope(scope) if FileKeys::pseudonyms_path(&places.keys, scope).exists() => {
                FileKeys::open(&places.keys, Arc::new(SystemRng))?.pseudonyms(scope)?.0
            }
            Self::File(Some(path)) if path.exists() => key_in_file(path, &SystemRng)?.0,
            _ => return Ok(false),
        };
        if key_id(&bytes) == key { Ok(true) } else { Err(AppError::new("anonymise.key").with("key", key)) }
    }

    fn destroy(self, places: &Places, stone: &Tombstone) -> Result<(), AppError> {
        match self {
            Self::Scope(scope) => {
                FileKeys::open(&places.keys, Arc::new(SystemRng))?.destroy_pseudonyms(scope, stone)
            }
            Self::File(path) => path.map_or(Ok(()), destroy_key_file),
        }
    }
}

/// Counts, and writes the new copy where one was asked for; `None` when that is all that was asked for.
fn prepare(out: Out, places: &Places, args: &AnonymiseArgs, k: u32) -> Result<Option<Counted>, AppError> {
    let report = Report::of(&args.copy).ok_or_else(|| no_report(&args.copy))?;
    let Some(key) = report.key_id.clone() else { return Err(no_report(&args.copy)) };
    let unread = |error| reading::no_index(&args.copy, error);
    let sha256 = hash(&args.copy).map_err(unread)?;
    if report.out.sha256 != sha256 {
        return Err(no_report(&args.copy));
    }
    if state::of(places, &args.copy, Some(&report), sha256) == "anonymised" {
        out.document(&json!({"copy": args.copy, "state": "anonymised", "statement": place(&args.copy)}));
        out.line(msg::anonymise_known(out.lang, args.copy.display()));
        return Ok(None);
    }
    let keys = Keys::with(&args.attribute);
    let table = look(&args.copy, &keys).map_err(refused)?;
    let levels = levels(&table, &args.generalise)?;
    let merged = if args.suppress { table.to_merge(k, &levels) } else { BTreeSet::new() };
    let found = table.assess(k, &levels, &merged);
    tell(out, &found, merged.len());
    let suppressed = merged.len() as u64 + report.made_of.as_ref().map_or(0, |made| made.suppressed);
    if !found.holds() && (suppressed == 0 || found.small > 0) {
        out.document(&json!({"copy": args.copy, "state": "de-identified", "counted": found}));
        return Err(small(&found));
    }
    if args.dry_run {
        out.document(
            &json!({"copy": args.copy, "state": "de-identified", "counted": found, "suppressed": suppressed}),
        );
        out.line(msg::anonymise_dry(out.lang));
        return Ok(None);
    }
    if args.confirm.as_deref() != Some(code(&key)) {
        return Err(AppError::new("anonymise.confirm").with("code", code(&key)).with("key", &key));
    }
    let bytes =
        std::fs::metadata(&args.copy).map_err(|error| AppError::io(&error, args.copy.display()))?.len();
    let made_of = report.made_of.clone();
    let Some(to) = args.out.as_ref().filter(|_| !levels.is_empty() || !merged.is_empty()) else {
        return Ok(Some(Counted { copy: args.copy.clone(), sha256, bytes, found, made_of, report, key }));
    };
    let pseudonyms = table.pseudonyms_of(&merged);
    let change = Change { keys: &keys, levels: &levels, merged: &merged, pseudonyms: &pseudonyms };
    let written = write(&args.copy, to, false, &change).map_err(refused)?;
    let mut generalised: BTreeMap<String, String> = made_of.map(|made| made.generalised).unwrap_or_default();
    generalised.extend(levels.iter().map(|(name, level)| (name.clone(), level.slug().to_owned())));
    let made = MadeOf { sha256, generalised, suppressed };
    new_report(&args.copy, to, &made, written.sha256, written.bytes)?;
    // What counts is what stands in the new copy.
    let again = look(to, &keys).map_err(refused)?.assess(k, &BTreeMap::new(), &BTreeSet::new());
    if again.small > 0 {
        return Err(small(&again));
    }
    out.line(msg::anonymise_written(out.lang, written.changed, to.display()));
    let report = Report::of(to).ok_or_else(|| no_report(to))?;
    let (copy, sha256, bytes) = (to.clone(), written.sha256, written.bytes);
    Ok(Some(Counted { copy, sha256, bytes, found: again, made_of: Some(made), report, key }))
}

/// The report of a new copy is that of the old one, about the new content.
fn new_report(from: &Path, to: &Path, made: &MadeOf, sha256: Hash, bytes: u64) -> Result<(), AppError> {
    let mut report = Report::whole(from).ok_or_else(|| no_report(from))?;
    if let Some(fields) = report.as_object_mut() {
        fields.insert("out".to_owned(), json!({"sha256": sha256, "bytes": bytes}));
        fields.insert("made_of".to_owned(), serde_json::to_value(made)?);
    }
    let text = format!("{}\n", serde_json::to_string_pretty(&report)?);
    write_whole(&state::report_path(to), text.as_bytes()).map_err(refused)
}

/// What is asked for: each attribute has to be there.
fn levels(table: &Table, typed: &[String]) -> Result<BTreeMap<String, Level>, AppError> {
    let known = table.attributes();
    let mut levels = BTreeMap::new();
    for typed in typed {
        let (name, level) = typed.split_once('=').unwrap_or((typed, "none"));
        let name = name.to_lowercase();
        let level = Level::named(level).filter(|_| known.contains(name.as_str())).ok_or_else(|| {
            let known: Vec<&str> = known.iter().copied().collect();
            AppError::new("anonymise.attribute").with("typed", typed).with("known", known.join(", "))
        })?;
        levels.insert(name, level);
    }
    Ok(levels)
}

fn statement(counted: &Counted, end: &End) -> Statement {
    let Counted { found, made_of, report, .. } = counted;
    let suppressed = made_of.as_ref().map_or(0, |made| made.suppressed);
    Statement {
        adjourn: FORMAT.to_owned(),
        copy: Subject {
            sha256: counted.sha256,
            bytes: counted.bytes,
            made_of: made_of.as_ref().map(|made| made.sha256),
        },
        key: KeyNamed {
            id: counted.key.clone(),
            kind: report.key_kind.unwrap_or(KeyKind::Scope),
            name: report.scope.clone(),
            method: end.method.says().to_owned(),
        },
        destroyed_at: end.at,
        k: found.k,
        people: found.people as u64 + suppressed,
        classes: found.classes as u64 + u64::from(suppressed > 0),
        smallest: [found.smallest as u64, suppressed].into_iter().filter(|size| *size > 0).min().unwrap_or(0),
        attributes: found.attributes.clone(),
        generalised: made_of.as_ref().map(|made| made.generalised.clone()).unwrap_or_default(),
        suppressed,
        not_covered: Statement::gaps(),
    }
}

/// Writes the statement under a name that does not count yet.
fn keep(
    pending: &Path,
    statement: &Statement,
    signer: &dyn Signer,
    acts: Vec<destruction::Signed>,
) -> Result<(), AppError> {
    let signature = Signed {
        principal: signer.principal().to_string(),
        public_key: signer.public_key(),
        signature: signer.sign(&statement.bytes()?),
    };
    let proof = Proof { statement: statement.clone(), acts, signatures: vec![signature] };
    write_whole(pending, &canonical_json(&proof)?).map_err(refused)
}

/// Only now is it true.
fn finish(out: Out, counted: &Counted, statement: &Statement, method: Destroyed) -> Result<Exit, AppError> {
    let path = place(&counted.copy);
    std::fs::rename(pending(&counted.copy), &path).map_err(|error| AppError::io(&error, path.display()))?;
    if let Some(mut report) = Report::whole(&counted.copy) {
        if let Some(fields) = report.as_object_mut() {
            fields.insert("state".to_owned(), json!("anonymised"));
            fields.insert("key".to_owned(), json!("destroyed"));
        }
        let text = format!("{}\n", serde_json::to_string_pretty(&report)?);
        write_whole(&state::report_path(&counted.copy), text.as_bytes()).map_err(refused)?;
    }
    out.document(&document(counted, true, Some((statement, method))));
    let how = out.word("key-end", method.slug());
    out.line(msg::anonymise_done(out.lang, counted.copy.display(), how, &counted.key));
    out.line(msg::anonymise_statement(out.lang, path.display()));
    out.line(msg::anonymise_residual(out.lang));
    if counted.made_of.is_some() {
        out.line(msg::anonymise_old(out.lang));
    }
    out.next("adjourn archive ls");
    Ok(Exit::Done)
}

fn document(counted: &Counted, done: bool, statement: Option<(&Statement, Destroyed)>) -> Value {
    json!({
        "copy": counted.copy,
        "sha256": counted.sha256,
        "state": if done { "anonymised" } else { "de-identified" },
        "counted": counted.found,
        "suppressed": counted.made_of.as_ref().map_or(0, |made| made.suppressed),
        "key_id": counted.key,
        "statement": statement.map(|_| place(&counted.copy)),
        "destroyed_at": statement.map(|(statement, _)| statement.destroyed_at),
        "method": statement.map(|(_, method)| method.slug()),
    })
}

fn tell(out: Out, found: &Assessment, merged: usize) {
    let (classes, people) = (found.classes as u64, found.people as u64);
    out.line(msg::anonymise_counted(
        out.lang,
        found.attributes.join(", "),
        classes,
        people,
        found.smallest as u64,
    ));
    if merged > 0 {
        out.line(msg::anonymise_merged(out.lang, merged as u64));
    }
    for class in found.listed.iter().take(SHOWN) {
        let values: Vec<String> =
            class.masked.iter().map(|(name, value)| format!("{name}={value}")).collect();
        out.line(format!("  ✗ {}", msg::anonymise_class(out.lang, class.people as u64, values.join(" "))));
    }
    let more = found.small.saturating_sub(SHOWN.min(found.listed.len())) as u64;
    if more > 0 {
        out.line(format!("    {}", msg::redact_faults_more(out.lang, more)));
    }
}

fn small(found: &Assessment) -> AppError {
    if found.people < found.k as usize {
        return AppError::new("anonymise.few").with("k", found.k).with("people", found.people);
    }
    AppError::new("anonymise.small")
        .with("classes", found.small)
        .with("k", found.k)
        .with("people", found.people_in_small)
}

fn no_report(copy: &Path) -> AppError {
    AppError::new("anonymise.report").with("file", copy.display())
}

fn code(key: &str) -> &str {
    key.get(..CODE).unwrap_or(key)
}

/// The statement's name until the key is gone.
fn pending(copy: &Path) -> PathBuf {
    let mut name = place(copy).into_os_string();
    name.push(".pending");
    name.into()
}
