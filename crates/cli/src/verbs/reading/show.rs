//! `archive show`.

use std::fs::File;
use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::ports::Contents;
use adjourn_archive::model::Reader;
use adjourn_archive::read::{BadLines, Index, Place, Row, Rows, page};
use adjourn_domain::reading::How;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::{
    Elsewhere, LONE_OFFSET, Source, bad_lines, bag, document, line, no_index, of_bag, one_of, originals,
    refuse_sealed, time, unknown, unreadable,
};
use crate::args::ShowArgs;
use crate::out::{Exit, Out};
use crate::verbs::Ctx;

/// Shows a page of a file, without a journal.
pub(super) fn file(out: Out, args: &ShowArgs) -> Result<Exit, AppError> {
    let path = Path::new(&args.archive);
    let Some(bag) = bag(path)? else { return of_file(out, args, path, LONE_OFFSET) };
    let inside = of_bag(path, &bag, &one_of(path, &bag)?)?;
    let reader = Reader::new(inside).map_err(|error| unreadable(&error, path))?;
    of_stream(out, args, &args.archive, reader, &place(args, LONE_OFFSET)?)
}

/// Runs `archive show`.
pub(super) async fn run(ctx: &Ctx<'_>, args: &ShowArgs) -> Result<Exit, AppError> {
    let originals = originals(&ctx.places)?;
    let offset = ctx.app.utc_offset_minutes();
    match Source::of(&ctx.places, &originals, &args.archive)? {
        Source::File(path) => of_file(ctx.out, args, &path, offset),
        Source::Bag(path) => {
            let place = place(args, offset)?;
            let bag = Elsewhere::of(&ctx.places, &path)?.ok_or_else(|| unknown(&path))?;
            let opened = bag.read(ctx, &bag.one()?, Contents::Messages, How::Show, None).await?;
            let reader = Reader::new(opened).map_err(|error| unreadable(&error, &path))?;
            of_stream(ctx.out, args, &args.archive, reader, &place)
        }
        Source::Original(original) => {
            let place = place(args, offset)?;
            let signer = ctx.signer()?;
            let opened = ctx
                .app
                .read_original(&originals, &original, Contents::Messages, How::Show, None, &signer)
                .await?;
            let name = original.to_string();
            let reader = Reader::new(opened).map_err(|error| unreadable(&error, Path::new(&name)))?;
            of_stream(ctx.out, args, &name, reader, &place)
        }
    }
}

fn place(args: &ShowArgs, offset: i32) -> Result<Place, AppError> {
    Ok(match (&args.around, &args.at) {
        (Some(id), _) => Place::Around(id.clone()),
        (None, Some(typed)) => Place::Time(time(typed, offset, "--at")?),
        (None, None) => Place::At(args.place.map_or(1, u64::from)),
    })
}

/// By the index where there is one; a page alone is not worth building it.
fn of_file(out: Out, args: &ShowArgs, path: &Path, offset: i32) -> Result<Exit, AppError> {
    let place = place(args, offset)?;
    refuse_sealed(path)?;
    let name = path.display().to_string();
    if let Some(index) = Index::open(path).map_err(|error| no_index(path, error))? {
        let rows = index.page(&place, args.rows).map_err(|error| no_index(path, error))?;
        return tell(out, args, &name, &rows, &place);
    }
    let file = File::open(path).map_err(|error| AppError::io(&error, path.display()))?;
    let reader = Reader::new(file).map_err(|error| unreadable(&error, path))?;
    of_stream(out, args, &name, reader, &place)
}

fn of_stream(
    out: Out,
    args: &ShowArgs,
    name: &str,
    reader: Reader<'_>,
    place: &Place,
) -> Result<Exit, AppError> {
    let mut stream = Rows::new(reader);
    let rows = page(&mut stream, place, args.rows).map_err(|error| unreadable(&error, Path::new(name)))?;
    let bad: BadLines = stream.bad();
    bad_lines(out, name, rows.len() as u64, bad)?;
    tell(out, args, name, &rows, place)
}

fn tell(out: Out, args: &ShowArgs, name: &str, rows: &[Row], place: &Place) -> Result<Exit, AppError> {
    if let (true, Place::Around(id)) = (rows.is_empty(), place) {
        return Err(AppError::new("archive.message").with("archive", name).with("id", id));
    }
    for row in rows {
        out.line(line(out, row, &row.text));
    }
    match rows.last() {
        None => out.line(msg::archive_page_empty(out.lang, name)),
        Some(last) if rows.len() as u64 == args.rows => {
            out.next(format!("adjourn archive show {name} --place {}", last.place + 1));
        }
        Some(_) => out.line(msg::archive_page_end(out.lang, name)),
    }
    let all: Vec<Value> = rows.iter().map(document).collect();
    out.document(&json!({"archive": name, "rows": all}));
    Ok(Exit::Done)
}
