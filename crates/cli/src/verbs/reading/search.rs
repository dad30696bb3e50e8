//! `archive search`.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::Contents;
use adjourn_archive::model::Reader;
use adjourn_archive::read::{BadLines, Found, Index, IndexError, Query, Row, Rows, Wanted, scan};
use adjourn_domain::reading::How;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::{
    Elsewhere, LONE_OFFSET, Source, bad_lines, bag, copies, document, line, no_index, of_bag, originals,
    refuse_sealed, time, told, unknown, unreadable,
};
use crate::args::SearchArgs;
use crate::out::{Exit, Out};
use crate::progress::Shown;
use crate::verbs::Ctx;

/// Characters that are shown of a text, before what was found and in all.
const BEFORE: usize = 30;
const SHOWN: usize = 160;
/// Seconds of a day.
const DAY: u64 = 24 * 3600;

/// What was found in one archive.
struct Answer {
    name: String,
    found: Found,
    rows: u64,
    indexed: bool,
}

/// Looks into files, without a journal.
pub(super) fn files(out: Out, args: &SearchArgs) -> Result<Exit, AppError> {
    let wanted = wanted(args, LONE_OFFSET)?;
    let mut answers = Vec::new();
    for name in &args.archives {
        let path = Path::new(name);
        let Some(bag) = bag(path)? else {
            answers.push(in_file(out, path, &wanted)?);
            continue;
        };
        for part in bag.names() {
            let inside = inside(path, &part);
            let reader =
                Reader::new(of_bag(path, &bag, &part)?).map_err(|error| unreadable(&error, &inside))?;
            answers.push(in_stream(out, &inside, reader, &wanted)?);
        }
    }
    Ok(tell(out, &wanted.query, &answers))
}

/// Runs `archive search`.
pub(super) async fn run(ctx: &Ctx<'_>, args: &SearchArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let wanted = wanted(args, ctx.app.utc_offset_minutes())?;
    let originals = originals(&ctx.places)?;
    let sources: Vec<Source> = if args.archives.is_empty() {
        copies(&ctx.places).into_iter().map(Source::File).collect()
    } else {
        args.archives
            .iter()
            .map(|name| Source::of(&ctx.places, &originals, name))
            .collect::<Result<_, _>>()?
    };
    if sources.is_empty() {
        return Err(
            AppError::new("archive.none").with("folder", ctx.places.bundles.join(super::COPIES).display())
        );
    }
    let mut answers = Vec::new();
    for source in &sources {
        answers.push(match source {
            Source::File(path) => in_file(out, path, &wanted)?,
            Source::Bag(path) => {
                let bag = Elsewhere::of(&ctx.places, path)?.ok_or_else(|| unknown(path))?;
                for part in bag.names() {
                    let query = Some(args.query.as_str());
                    let opened = bag.read(ctx, &part, Contents::Messages, How::Search, query).await?;
                    let inside = inside(path, &part);
                    let reader = Reader::new(opened).map_err(|error| unreadable(&error, &inside))?;
                    answers.push(in_stream(out, &inside, reader, &wanted)?);
                }
                continue;
            }
            Source::Original(original) => {
                let signer = ctx.signer()?;
                let query = Some(args.query.as_str());
                let opened = ctx
                    .app
                    .read_original(&originals, original, Contents::Messages, How::Search, query, &signer)
                    .await?;
                let name = original.to_string();
                let reader = Reader::new(opened).map_err(|error| unreadable(&error, Path::new(&name)))?;
                in_stream(out, Path::new(&name), reader, &wanted)?
            }
        });
    }
    Ok(tell(out, &wanted.query, &answers))
}

/// What a part of a bag is called.
fn inside(bag: &Path, part: &str) -> PathBuf {
    if part.is_empty() || bag.ends_with(part) { bag.to_owned() } else { bag.join(part) }
}

fn wanted(args: &SearchArgs, offset: i32) -> Result<Wanted, AppError> {
    let query = Query::parse(&args.query).ok_or_else(|| AppError::new("archive.query"))?;
    let from = args.from.as_deref().map(|typed| time(typed, offset, "--from")).transpose()?;
    let to = args.to.as_deref().map(|typed| {
        let at = time(typed, offset, "--to")?;
        // A day counts whole.
        Ok::<Time, AppError>(if typed.len() == 10 { at.plus_secs(DAY) } else { at })
    });
    let sender = args.sender.clone().filter(|sender| !sender.is_empty());
    Ok(Wanted { query, from, to: to.transpose()?, sender, limit: args.limit as usize })
}

/// By the index beside the file; where none can be written there, by reading it all.
fn in_file(out: Out, path: &Path, wanted: &Wanted) -> Result<Answer, AppError> {
    refuse_sealed(path)?;
    let shown = Shown::new(out);
    match Index::ensure(path, &mut told(&shown, path)) {
        Ok(index) => {
            let summary = index.summary();
            let name = path.display().to_string();
            bad_lines(out, &name, summary.rows, summary.bad)?;
            let found = index.search(wanted).map_err(|error| no_index(path, error))?;
            Ok(Answer { name, found, rows: summary.rows, indexed: true })
        }
        Err(IndexError::Io { path: place, source }) if place != path && not_writable(&source) => {
            out.progress(msg::archive_no_index(out.lang, place.display()));
            let file = File::open(path).map_err(|error| AppError::io(&error, path.display()))?;
            let reader = Reader::new(file).map_err(|error| unreadable(&error, path))?;
            in_stream(out, path, reader, wanted)
        }
        Err(error) => Err(no_index(path, error)),
    }
}

fn not_writable(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem | StorageFull)
}

fn in_stream(out: Out, path: &Path, reader: Reader<'_>, wanted: &Wanted) -> Result<Answer, AppError> {
    let shown = Shown::new(out);
    let mut rows = Rows::new(reader);
    let scanned =
        scan(&mut rows, wanted, &mut told(&shown, path)).map_err(|error| unreadable(&error, path))?;
    let name = path.display().to_string();
    let bad: BadLines = rows.bad();
    bad_lines(out, &name, scanned.rows, bad)?;
    Ok(Answer { name, found: scanned.found, rows: scanned.rows, indexed: false })
}

fn tell(out: Out, query: &Query, answers: &[Answer]) -> Exit {
    let mut hits: Vec<Value> = Vec::new();
    for answer in answers {
        let count = answer.found.rows.len() as u64;
        let name = &answer.name;
        out.line(if answer.found.more {
            msg::archive_found_more(out.lang, count, name, answer.rows)
        } else {
            msg::archive_found(out.lang, count, name, answer.rows)
        });
        for row in &answer.found.rows {
            let marks = marks(query, row);
            out.line(format!("  {}", line(out, row, &cut(&row.text, marks.first()))));
            let mut hit = document(row);
            if let Some(fields) = hit.as_object_mut() {
                fields.insert("archive".to_owned(), json!(name));
                fields.insert(
                    "marks".to_owned(),
                    json!(marks.iter().map(|at| [at.start, at.end]).collect::<Vec<_>>()),
                );
            }
            hits.push(hit);
        }
    }
    let shown = answers.iter().find_map(|answer| Some((answer, answer.found.rows.first()?)));
    if let Some((answer, row)) = shown {
        out.next(format!("adjourn archive show {} --around {}", answer.name, row.id));
    }
    let archives: Vec<Value> = answers
        .iter()
        .map(|answer| {
            json!({
                "archive": answer.name, "rows": answer.rows, "indexed": answer.indexed,
                "hits": answer.found.rows.len(), "more": answer.found.more,
            })
        })
        .collect();
    out.document(&json!({"archives": archives, "hits": hits}));
    Exit::Done
}

/// Where in the text of a row something was found, in bytes. What was found in the name of a file stands behind the text.
fn marks(query: &Query, row: &Row) -> Vec<Range<usize>> {
    let all = query.find(&row.searchable()).unwrap_or_default();
    all.into_iter().filter(|at| at.end <= row.text.len()).collect()
}

/// A long text around what was found in it.
fn cut(text: &str, at: Option<&Range<usize>>) -> String {
    let before = at.and_then(|at| text.get(..at.start)).map_or(0, |before| before.chars().count());
    let skipped = before.saturating_sub(BEFORE);
    let mut shown: String = text.chars().skip(skipped).take(SHOWN).collect();
    if skipped > 0 {
        shown.insert(0, '…');
    }
    if text.chars().count() > skipped + SHOWN {
        shown.push('…');
    }
    shown
}
