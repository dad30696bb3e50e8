//! `redact`: a de-identified copy of JSON lines, and the report on what may be left in it.
//!
//! The copy is called de-identified as long as its key exists. Nothing that is printed here, and nothing in the report, is an identifier: counts, places
//! and masked surroundings only.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use adjourn_adapters::keys::{FileKeys, key_in_file};
use adjourn_adapters::originals;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::AppError;
use adjourn_app::ports::{Progress as _, Rng as _};
use adjourn_archive::anonymise::{KeyKind, key_id};
use adjourn_archive::deidentify::Deidentify;
use adjourn_archive::deidentify::exported::{self, Outcome};
use adjourn_archive::deidentify::file::{self, FileError, Made, Opened, Original, Place};
use adjourn_archive::deidentify::roster::Roster;
use adjourn_archive::import::{Bag, Format, ImportError, Imported, Options};
use adjourn_archive::sealed::Recipient;
use adjourn_domain::canonical::hex;
use adjourn_domain::ids::GroupId;
use adjourn_i18n::msg;
use adjourn_redact::{Detector, Fault, Fields, Labels, Members, NAME_THRESHOLD, Pseudonyms};
use serde_json::{Value, json};

use super::{Ctx, reading};
use crate::args::{Names, RedactArgs};
use crate::compose::Places;
use crate::out::{Exit, Out};
use crate::progress::Shown;

/// Faults that are shown one by one.
const SHOWN: usize = 10;
/// Largest list of members, in bytes.
const MAX_LIST: u64 = 64 * 1024 * 1024;

/// Where a key lies, and whether it was made just now.
struct Key {
    bytes: [u8; 32],
    path: PathBuf,
    kind: KeyKind,
    scope: String,
    new: bool,
}

/// Runs `redact` of what has originals of ours in it: who does stands in the journal first.
pub(crate) async fn noted(ctx: &Ctx<'_>, args: &RedactArgs) -> Result<Exit, AppError> {
    if let Some(Place::File(path)) = args.out.as_deref().map(place) {
        file::check_new(&args.input, &path, args.force).map_err(refused)?;
    }
    reading::note_taken(ctx, &args.input).await?;
    run(ctx.out, &ctx.places, args)
}

/// Runs `redact`.
pub(crate) fn run(out: Out, places: &Places, args: &RedactArgs) -> Result<Exit, AppError> {
    let input = place(&args.input);
    let output = match &args.out {
        Some(path) if !args.dry_run => place(path),
        _ => Place::Nowhere,
    };
    if out.json && output == Place::Standard {
        return Err(AppError::new("usage").with("says", "--json, --out -"));
    }
    if let Place::File(path) = &output {
        file::check_new(&args.input, path, args.force).map_err(refused)?;
    }
    let recipients = recipients(args)?;
    let original = args.original.as_deref().map(|path| Original { path, recipients: &recipients });
    let mut roster = args.members.as_deref().map(roster).transpose()?.unwrap_or_default();
    let read = Arc::new(AtomicU64::new(0));
    let source = Source::of(&input, &output, args)?;
    if input != Place::Standard {
        // What comes through a pipe is there once.
        let (first, outcome) = source.open(Arc::default())?;
        let words = Detector::new(Members::new());
        file::learn(first, &mut roster, &words).map_err(|error| source.refused(error, &outcome))?;
    }
    let (opened, outcome) = source.open(read.clone())?;
    let key = key(places, args)?;
    let members = roster.members.clone();
    let labels = if out.lang == adjourn_i18n::Lang::ZhCn { Labels::Chinese } else { Labels::English };
    let pseudonyms = Pseudonyms::new(key.bytes, &key.scope, labels).with_members(&members);
    let pseudonyms = if args.keep_format { pseudonyms.keeping_format() } else { pseudonyms };
    let threshold = threshold(args.names);
    let detector = Detector::new(members.clone()).with_name_threshold(threshold);
    let size = if source.export { 0 } else { std::fs::metadata(&args.input).map_or(0, |meta| meta.len()) };
    let shown = Shown::new(out);
    let told = |lines: u64| {
        let read = read.load(Ordering::Relaxed);
        let total = (size > 0 && read > 0).then(|| {
            u64::try_from(u128::from(lines) * u128::from(size) / u128::from(read)).unwrap_or(u64::MAX)
        });
        shown.count(&"".into(), "redact", lines, total.map(|total| total.max(lines)));
    };
    let how = Deidentify {
        detector: &detector,
        members: &members,
        pseudonyms: &pseudonyms,
        fields: &Fields::chat(),
        threads: args.threads.map_or_else(processors, usize::from),
        compress: false,
        told: &told,
    };
    let copied = file::copy(opened, &output, original.as_ref(), args.force, &how);
    let made = copied.map_err(|error| source.refused(error, &outcome))?;
    let imported = imported(&outcome);
    let mut document = document(&made, args, &key, &roster, threshold);
    if let (Some(document), Some((format, of))) = (document.as_object_mut(), &imported) {
        document.insert("import".to_owned(), import_document(*format, of));
    }
    if let Some(path) = &args.report {
        let text = serde_json::to_string_pretty(&document)?;
        file::write_whole(path, format!("{text}\n").as_bytes()).map_err(refused)?;
    }
    out.document(&document);
    tell(out, args, &made, &key, &roster);
    if let Some((format, of)) = &imported {
        let line = |text: String| {
            if args.out.as_deref() == Some(Path::new("-")) { out.progress(text) } else { out.line(text) }
        };
        line(msg::redact_imported(
            out.lang,
            out.word("format", format.slug()),
            of.records,
            of.rows,
            of.findings.unreadable,
        ));
    }
    match made.copied.left_out {
        0 if imported.is_some_and(|(_, of)| of.lost()) => Ok(Exit::Partly),
        0 => Ok(Exit::Done),
        count => Ok(out.error(&AppError::new("redact.partly").with("count", count))),
    }
}

/// What is read: lines, the archive in a bag, or another tool's export.
struct Source<'a> {
    input: &'a Place,
    path: &'a Path,
    bag: Option<Bag>,
    export: bool,
    options: Options,
    compressed: bool,
}

impl<'a> Source<'a> {
    fn of(input: &'a Place, output: &Place, args: &'a RedactArgs) -> Result<Self, AppError> {
        let bag = match input {
            Place::File(path) => reading::bag(path)?,
            _ => None,
        };
        let export = bag.is_none() && *input != Place::Standard && exported::format(&args.input).is_some();
        if bag.is_none() && !export && args.input.is_dir() {
            return Err(AppError::new("redact.form").with("says", "folder"));
        }
        let options =
            Options { zone: super::archive_import::zone(args.zone.as_deref())?, ..Options::default() };
        let compressed =
            matches!(output, Place::File(path) if path.extension().is_some_and(|end| end == "zst"));
        Ok(Self { input, path: &args.input, bag, export, options, compressed })
    }

    fn open(&self, read: Arc<AtomicU64>) -> Result<(Opened, Outcome), AppError> {
        if self.export {
            return Ok(Opened::export(self.path, self.options.clone(), self.compressed));
        }
        if let Some(bag) = &self.bag {
            let inside = reading::of_bag(self.path, bag, &reading::one_of(self.path, bag)?)?;
            let opened = Opened::of(Box::new(inside), self.path.to_owned(), read).map_err(refused)?;
            return Ok((opened, Outcome::default()));
        }
        Ok((Opened::open(self.input, read).map_err(refused)?, Outcome::default()))
    }

    /// Why there is no copy. Of an export it is what its importer says, without what stands in the export.
    fn refused(&self, error: FileError, outcome: &Outcome) -> AppError {
        match &*outcome.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Err(ImportError::Io { path, source })) => AppError::io(source, path.display()),
            Some(Err(error)) => {
                AppError::new("redact.export").with("file", self.path.display()).with("says", error.code())
            }
            _ => refused(error),
        }
    }
}

/// What was imported, when an export was read to its end.
fn imported(outcome: &Outcome) -> Option<(Format, Imported)> {
    outcome.lock().unwrap_or_else(PoisonError::into_inner).take()?.ok()
}

/// Of the import: counts, and rows by their number. Names of files and what stands in rows are not in it.
fn import_document(format: Format, of: &Imported) -> Value {
    json!({
        "format": format.slug(), "rows": of.rows, "records": of.records, "conversations": of.conversations,
        "participants": of.participants, "lost": of.lost(), "unreadable": of.findings.unreadable,
        "noticed": of.findings.total, "findings": of.findings.first,
    })
}

/// Who can open the original.
fn recipients(args: &RedactArgs) -> Result<Vec<Recipient>, AppError> {
    let Some(path) = &args.original else { return Ok(Vec::new()) };
    file::check_new(&args.input, path, args.force).map_err(refused)?;
    let parsed = args.recipient.iter().map(|text| Recipient::parse(text));
    parsed.collect::<Result<_, _>>().map_err(|error| originals::refused(error, path))
}

fn place(path: &Path) -> Place {
    if path == Path::new("-") { Place::Standard } else { Place::File(path.to_owned()) }
}

pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// From which score a stretch of text is a name.
fn threshold(names: Names) -> Option<i32> {
    match names {
        Names::Off => None,
        Names::Strict => Some(NAME_THRESHOLD + 40),
        Names::Balanced => Some(NAME_THRESHOLD),
        Names::Wide => Some(NAME_THRESHOLD - 40),
    }
}

fn roster(path: &Path) -> Result<Roster, AppError> {
    let size = std::fs::metadata(path).map_err(|error| AppError::io(&error, path.display()))?.len();
    if size > MAX_LIST {
        return Err(AppError::new("redact.members").with("says", format!("{size} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?;
    Roster::read(&bytes).map_err(|error| AppError::new("redact.members").with("says", error))
}

/// The key: of a file, of a scope, or of this copy alone. A look that writes nothing makes none.
fn key(places: &Places, args: &RedactArgs) -> Result<Key, AppError> {
    let mut chance = [0; 32];
    SystemRng.fill(&mut chance);
    let dry = |path: PathBuf, kind, scope| Ok(Key { bytes: chance, path, kind, scope, new: false });
    if let Some(path) = &args.key_file {
        if args.dry_run && !path.exists() {
            return dry(path.clone(), KeyKind::File, String::new());
        }
        let (bytes, new) = key_in_file(path, &SystemRng)?;
        return Ok(Key { bytes, path: path.clone(), kind: KeyKind::File, scope: "file".to_owned(), new });
    }
    if let Some(group) = &args.group {
        let group = GroupId(group.clone());
        let path = FileKeys::group_pseudonyms_path(&places.keys, &group);
        if args.dry_run && !path.exists() {
            return dry(path, KeyKind::Group, group.0);
        }
        let (bytes, new) = FileKeys::open(&places.keys, Arc::new(SystemRng))?.group_pseudonyms(&group)?;
        return Ok(Key { bytes, path, kind: KeyKind::Group, scope: group.0, new });
    }
    let scope = args.scope.clone().unwrap_or_else(|| {
        let mut name = [0; 6];
        SystemRng.fill(&mut name);
        format!("copy-{}", hex(&name))
    });
    let path = FileKeys::pseudonyms_path(&places.keys, &scope);
    if args.dry_run && !path.exists() {
        return dry(path, KeyKind::Scope, scope);
    }
    let (bytes, new) = FileKeys::open(&places.keys, Arc::new(SystemRng))?.pseudonyms(&scope)?;
    Ok(Key { bytes, path, kind: KeyKind::Scope, scope, new })
}

pub(super) fn refused(error: FileError) -> AppError {
    let file = |code, path: &Path| AppError::new(code).with("file", path.display());
    match error {
        FileError::Io { path, source } => AppError::io(&source, path.display()),
        FileError::Exists(path) => file("redact.exists", &path),
        FileError::Same(path) => file("redact.same", &path),
        FileError::Busy(path) => file("redact.busy", &path),
        FileError::Form(form) => AppError::new("redact.form").with("says", form),
        FileError::Compressed(source) => AppError::new("redact.compressed").with("says", source),
        FileError::Seal(error) => originals::refused(error, Path::new("--recipient")),
        FileError::Thread => AppError::new("internal").with("says", "thread"),
    }
}

/// The report: what was found, with what, what may be left, and which copy it is about.
fn document(made: &Made, args: &RedactArgs, key: &Key, roster: &Roster, threshold: Option<i32>) -> Value {
    let mut document = serde_json::to_value(&made.copied.report).unwrap_or_default();
    let faults: Vec<Value> =
        made.copied.faults.iter().map(|(line, fault)| json!({"line": line, "fault": fault.slug()})).collect();
    let more = json!({
        "state": "de-identified",
        "lines": made.copied.lines,
        "left_out": made.copied.left_out,
        "faults": faults,
        "compressed": made.compressed,
        "out": if args.dry_run { Value::Null } else { json!({"sha256": made.sha256, "bytes": made.bytes}) },
        "names": {"mode": format!("{:?}", args.names).to_lowercase(), "threshold": threshold},
        "members": {
            "people": roster.people, "learned": roster.learned, "shared_names": roster.shared, "unusable": roster.unusable,
        },
        "format_kept": args.keep_format.then_some("invented"),
        "original": made.sealed.map(|sealed| json!({
            "file": args.original, "sha256": sealed.plain, "bytes": sealed.bytes,
            "lines_blake3": made.copied.blake3.map(|hash| hex(&hash)), "lines_bytes": made.copied.bytes,
        })),
        "scope": key.scope,
        "key": if args.dry_run { "not used" } else { "exists" },
        "key_kind": key.kind,
        "key_id": if args.dry_run { Value::Null } else { json!(key_id(&key.bytes)) },
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    document
}

fn tell(out: Out, args: &RedactArgs, made: &Made, key: &Key, roster: &Roster) {
    // What goes to standard output is the copy and nothing else.
    let standard = args.out.as_deref() == Some(Path::new("-")) && !args.dry_run;
    let line = |text: String| if standard { out.progress(text) } else { out.line(text) };
    let report = &made.copied.report;
    if args.dry_run {
        line(msg::redact_dry(out.lang, made.copied.lines, report.messages_touched));
    } else {
        let to = args.out.as_deref().unwrap_or(Path::new("")).display();
        line(msg::redact_done(out.lang, made.copied.lines, to, report.messages_touched));
    }
    for row in report.kinds.iter().filter(|row| row.found + row.rejected > 0) {
        let name = out.word("redact-kind", row.kind);
        let rest = (row.certain, row.distinct, row.found, row.likely, row.rejected);
        let (certain, distinct, found, likely, rejected) = rest;
        line(format!("  · {}", msg::redact_kind(out.lang, certain, distinct, found, likely, name, rejected)));
    }
    if report.whole_values > 0 {
        line(format!("  · {}", msg::redact_whole(out.lang, report.whole_values)));
    }
    if report.dropped_values > 0 {
        line(format!("  · {}", msg::redact_dropped(out.lang, report.dropped_values)));
    }
    line(format!("  ? {}", msg::redact_left(out.lang, report.long_numbers_left)));
    for (number, fault) in made.copied.faults.iter().take(SHOWN) {
        line(format!("  ✗ {}", msg::redact_fault(out.lang, *number, fault_word(out, *fault))));
    }
    let more = made.copied.left_out.saturating_sub(SHOWN as u64);
    if more > 0 {
        line(format!("    {}", msg::redact_faults_more(out.lang, more)));
    }
    let Roster { people, learned, shared, unusable, .. } = roster;
    line(msg::redact_members(out.lang, u64::from(*learned), u64::from(*people), *shared, *unusable));
    if args.members.is_none() {
        line(msg::redact_no_members(out.lang));
    }
    line(msg::redact_not_covered(out.lang));
    for gap in &report.not_covered {
        line(format!("  · {}", out.word("redact-gap", gap)));
    }
    if args.keep_format {
        line(msg::redact_format_kept(out.lang));
    }
    if !args.dry_run {
        let path = key.path.display();
        line(if key.new {
            msg::redact_key_new(out.lang, path)
        } else {
            msg::redact_key_known(out.lang, path)
        });
    }
    if let Some(path) = &args.original {
        line(msg::redact_original(out.lang, args.recipient.len() as u64, path.display()));
    }
    if let Some(path) = &args.report {
        line(msg::redact_report_written(out.lang, path.display()));
    }
}

fn fault_word(out: Out, fault: Fault) -> String {
    out.word("redact-fault", fault.slug())
}
