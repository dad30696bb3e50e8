//! `archive`: what lies where, looking into it, sealing and opening.
//!
//! A file that a person names is read as it is. An original is named by case and group, needs the key of the one who reads, and the reading stands in the
//! journal before the first message is shown.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::originals::FileOriginals;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::ports::{Contents, KeptOriginal, Original, Originals as _, Part, Progress as _};
use adjourn_app::{AppError, UTC_OFFSET_MINUTES};
use adjourn_archive::import::Bag;
use adjourn_archive::read::{BadLines, IndexError, Row};
use adjourn_archive::sealed;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::reading::How;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::{Ctx, archive_import};
use crate::args::ReadVerb;
use crate::compose::Places;
use crate::out::{Exit, Out};
use crate::progress::Shown;

mod elsewhere;
mod ls;
mod seal;
mod search;
mod show;

use elsewhere::Elsewhere;

/// Where copies lie in the folder of the bundles.
const COPIES: &str = "copies";

/// Runs what needs no journal; `None` when the verb needs one.
pub(crate) fn alone(out: Out, places: &Places, verb: &ReadVerb) -> Option<Result<Exit, AppError>> {
    let file = |name: &String| {
        let path = Path::new(name);
        is_lone(places, path) && !elsewhere::is_claimed(places, path)
    };
    match verb {
        ReadVerb::Ls(args) if !args.archives.is_empty() => Some(ls::named(out, places, &args.archives)),
        ReadVerb::Seal(args) if args.group.is_none() => Some(seal::seal(out, args, Vec::new())),
        ReadVerb::Open(args) if file(&args.archive) => Some(seal::open_file(out, args)),
        ReadVerb::Search(args) if !args.archives.is_empty() && args.archives.iter().all(file) => {
            Some(search::files(out, args))
        }
        ReadVerb::Show(args) if file(&args.archive) => Some(show::file(out, args)),
        _ => None,
    }
}

/// Runs `archive`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: ReadVerb) -> Result<Exit, AppError> {
    match verb {
        ReadVerb::Ls(_) => ls::run(ctx).await,
        ReadVerb::Search(args) => search::run(ctx, &args).await,
        ReadVerb::Show(args) => show::run(ctx, &args).await,
        ReadVerb::Seal(args) => seal::seal_for_group(ctx, &args).await,
        ReadVerb::Open(args) => seal::open(ctx, &args).await,
    }
}

/// What somebody wants to look into.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// A file.
    File(PathBuf),
    /// An original.
    Original(Original),
    /// A bag that lies elsewhere.
    Bag(PathBuf),
}

impl Source {
    /// What `name` is: an original in the folder of the bundles, also where its file is named, a bag elsewhere, or a file.
    fn of(places: &Places, originals: &FileOriginals, name: &str) -> Result<Self, AppError> {
        let path = Path::new(name);
        if elsewhere::is_claimed(places, path) {
            return Ok(Self::Bag(path.to_owned()));
        }
        if path.is_file() {
            let real = path.canonicalize().map_err(|error| AppError::io(&error, name))?;
            let same = |kept: &str| Path::new(kept).canonicalize().is_ok_and(|kept| kept == real);
            let original = originals.list()?.into_iter().find(|kept| same(&kept.path));
            return Ok(original.map_or(Self::File(path.to_owned()), |kept| Self::Original(kept.original)));
        }
        let mut parts = name.split('/');
        let (case, group, part) = (parts.next(), parts.next(), parts.next());
        let part = match part {
            None => Some(Part::Main),
            Some("tail") => Some(Part::Tail),
            Some(_) => None,
        };
        match (case, group, part, parts.next()) {
            (Some(case), Some(group), Some(part), None) if case.starts_with("c-") => {
                Ok(Self::Original(Original { case: CaseId(case.into()), group: GroupId(group.into()), part }))
            }
            _ => Err(unknown(path)),
        }
    }
}

/// A file or a bag that is no part of a bundle here, so that nobody has to be asked about it.
fn is_lone(places: &Places, path: &Path) -> bool {
    // What is named behind a bag is a part of it.
    let there = path.ancestors().take(3).any(Path::exists);
    let bag = || matches!(Bag::whole(path), Ok(Some(_)) | Err(_));
    there && !is_within(places, path) && (path.is_file() || bag())
}

/// Whether a path, or what it is named behind, lies in the folder of the bundles.
fn is_within(places: &Places, path: &Path) -> bool {
    let there = path.ancestors().take(3).find(|path| path.exists());
    let (Some(Ok(real)), Ok(bundles)) = (there.map(Path::canonicalize), places.bundles.canonicalize()) else {
        return false;
    };
    real.starts_with(bundles)
}

/// The bag that a name means, with what is sealed in it; `None` where it is none.
fn whole_bag(path: &Path) -> Result<Option<Bag>, AppError> {
    Bag::whole(path).map_err(|error| archive_import::refused(path, &error))
}

/// The bag that a name means, and which of its archives are read; `None` where it is none.
pub(super) fn bag(path: &Path) -> Result<Option<Bag>, AppError> {
    Bag::find(path).map_err(|error| archive_import::refused(path, &error))
}

/// The one archive of a bag: a tail is read where it is named.
pub(super) fn one_of(path: &Path, bag: &Bag) -> Result<String, AppError> {
    let names = bag.names();
    let main: Vec<&String> =
        names.iter().filter(|name| names.len() == 1 || !name.ends_with("/tail")).collect();
    match main.as_slice() {
        [one] => Ok((*one).clone()),
        _ => {
            Err(AppError::new("archive.parts").with("archive", path.display()).with("says", names.join(", ")))
        }
    }
}

/// Messages of a bag, after their hash was found to be the manifest's.
pub(super) fn of_bag(path: &Path, bag: &Bag, name: &str) -> Result<impl Read + Send + use<>, AppError> {
    bag.messages(name).map_err(|error| archive_import::refused(path, &error))
}

pub(super) fn originals(places: &Places) -> Result<FileOriginals, AppError> {
    let keys = Arc::new(FileKeys::open(&places.keys, Arc::new(SystemRng))?);
    Ok(FileOriginals::new(&places.bundles, keys))
}

/// Whether a path may hold originals of ours in clear, so that whoever reads it has to be noted.
pub(super) fn may_hold(places: &Places, path: &Path) -> Result<bool, AppError> {
    Ok(elsewhere::is_claimed(places, path) || !kept_in(places, path)?.is_empty())
}

/// The originals in clear that a path in the folder of the bundles holds: whoever reads it reads them.
fn kept_in(places: &Places, path: &Path) -> Result<Vec<Original>, AppError> {
    let (Ok(real), Ok(bundles)) = (path.canonicalize(), places.bundles.canonicalize()) else {
        return Ok(Vec::new());
    };
    if real == bundles || !real.starts_with(&bundles) {
        return Ok(Vec::new());
    }
    let within = |kept: &KeptOriginal| {
        !kept.sealed && Path::new(&kept.path).canonicalize().is_ok_and(|kept| kept.starts_with(&real))
    };
    Ok(originals(places)?.list()?.into_iter().filter(within).map(|kept| kept.original).collect())
}

/// Notes who takes all of these originals out, as `open` does.
pub(super) async fn note_taken(ctx: &Ctx<'_>, path: &Path) -> Result<(), AppError> {
    let kept = kept_in(&ctx.places, path)?;
    if !kept.is_empty() {
        let (all, signer) = (originals(&ctx.places)?, ctx.signer()?);
        for original in kept {
            ctx.app.read_original(&all, &original, Contents::Messages, How::Open, None, &signer).await?;
        }
        return Ok(());
    }
    let Some(bag) = Elsewhere::of(&ctx.places, path)? else { return Ok(()) };
    for name in bag.names().iter().filter(|name| !bag.is_sealed(name)) {
        bag.read(ctx, name, Contents::Messages, How::Open, None).await?;
    }
    Ok(())
}

/// Copies in the folder of the bundles, by name.
fn copies(places: &Places) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(places.bundles.join(COPIES)).into_iter().flatten().flatten();
    let lines = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        path.is_file()
            && !name.starts_with('.')
            && [".jsonl", ".jsonl.zst"].iter().any(|&ending| name.ends_with(ending))
    };
    let mut copies: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(lines).collect();
    copies.sort();
    copies
}

/// Says on standard error how many rows were read.
fn told<'a>(shown: &'a Shown, path: &'a Path) -> impl FnMut(u64) + 'a {
    let name = path.display().to_string();
    move |rows| shown.count(&GroupId(name.clone()), "index", rows, None)
}

/// A time that a person typed: a day, on the organisation's clock, or a time with its offset.
fn time(typed: &str, offset_minutes: i32, flag: &'static str) -> Result<Time, AppError> {
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let offset = format!("{sign}{:02}:{:02}", offset_minutes.abs() / 60, offset_minutes.abs() % 60);
    let whole = if typed.len() == 10 { format!("{typed}T00:00:00{offset}") } else { typed.to_owned() };
    Time::parse(&whole).ok_or_else(|| AppError::new("archive.time").with("flag", flag).with("typed", typed))
}

/// The clock of a person who reads a file without an installation.
const LONE_OFFSET: i32 = UTC_OFFSET_MINUTES;

/// An index of `copy` that could not be built or asked.
pub(super) fn no_index(copy: &Path, error: IndexError) -> AppError {
    let file = |code, path: &Path| AppError::new(code).with("file", path.display());
    match error {
        IndexError::Io { path, source } => unreadable(&source, &path),
        IndexError::Busy(path) => file("archive.busy", &path),
        IndexError::Changed(path) => file("archive.changed", &path),
        IndexError::NoRows(line) => file("archive.form", copy).with("line", line),
        IndexError::Sql(error) => AppError::new("archive.index").with("says", error),
        IndexError::Form(says) => AppError::new("archive.index").with("says", says),
    }
}

fn unknown(path: &Path) -> AppError {
    AppError::new("archive.unknown").with("archive", path.display())
}

/// A file that can't be read: by the disk, or because it is cut off or damaged.
fn unreadable(error: &std::io::Error, path: &Path) -> AppError {
    match error.raw_os_error() {
        Some(_) => AppError::io(error, path.display()),
        None => AppError::new("archive.broken").with("file", path.display()).with("says", error),
    }
}

/// Lines that were passed over. Where there is nothing else, it is no archive.
fn bad_lines(out: Out, name: &str, rows: u64, bad: BadLines) -> Result<(), AppError> {
    match bad {
        BadLines { count: 0, .. } => Ok(()),
        BadLines { first, .. } if rows == 0 => {
            Err(AppError::new("archive.form").with("file", name).with("line", first))
        }
        BadLines { count, first } => {
            out.progress(msg::archive_bad_lines(out.lang, count, first, name));
            Ok(())
        }
    }
}

/// Whether a file is sealed.
pub(super) fn is_sealed(path: &Path) -> Result<bool, AppError> {
    let mut head = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(sealed::BEGINS.len() as u64).read_to_end(&mut head))
        .map_err(|error| AppError::io(&error, path.display()))?;
    Ok(head == sealed::BEGINS)
}

fn refuse_sealed(path: &Path) -> Result<(), AppError> {
    if is_sealed(path)? { Err(AppError::new("archive.sealed").with("file", path.display())) } else { Ok(()) }
}

/// A row as a line: time, who, what.
fn line(out: Out, row: &Row, text: &str) -> String {
    use adjourn_domain::message::RecordKind;
    let mut parts = vec![format!("{}  {}:", row.at, row.who())];
    if row.kind != RecordKind::Message {
        let slug = serde_json::to_value(row.kind).ok().and_then(|slug| slug.as_str().map(str::to_owned));
        parts.push(format!("[{}]", out.word("record", &slug.unwrap_or_default())));
    }
    if let Some(to) = &row.reply_to {
        parts.push(format!("↩ {to}"));
    }
    let flat = text.replace(['\n', '\r', '\t'], " ");
    parts.extend((!flat.is_empty()).then_some(flat));
    parts.extend(row.files.iter().map(|file| format!("[{file}]")));
    if row.edited {
        parts.push(format!("({})", msg::archive_edited(out.lang)));
    }
    if row.recalled {
        parts.push(format!("({})", msg::archive_recalled(out.lang)));
    }
    format!("{}  #{}", parts.join(" "), row.place)
}

/// A row as JSON.
fn document(row: &Row) -> Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("place".to_owned(), json!(row.place));
        fields.entry("kind").or_insert(json!("message"));
        fields.entry("text").or_insert(json!(""));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_organisations_clock() {
        let at = |typed, offset| time(typed, offset, "--from").map(|time| time.to_string());
        assert_eq!(at("2026-03-01", 480).unwrap(), "2026-02-28T16:00:00.000Z");
        assert_eq!(at("2026-03-01", -90).unwrap(), "2026-03-01T01:30:00.000Z");
        assert_eq!(at("2026-03-01T10:00:00Z", 480).unwrap(), "2026-03-01T10:00:00.000Z");
        assert_eq!(at("yesterday", 480).unwrap_err().code(), "archive.time");
    }
}
