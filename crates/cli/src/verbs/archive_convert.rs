//! `archive convert`: an archive in the form of another tool.

use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::AppError;
use adjourn_app::ports::Clock as _;
use adjourn_archive::export::{self, Cells, Converted, ExportError, Options, Progress, Target, Words};
use adjourn_archive::import::Zone;
use adjourn_i18n::{Lang, msg};
use adjourn_web::wording::Say;
use clap::ValueEnum as _;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::archive_import;
use super::import::findings;
use crate::args::{ArchiveConvertArgs, Form};
use crate::out::{Exit, Out};

/// Between two lines about progress; work that takes no longer has none.
const EVERY: Duration = Duration::from_secs(1);

/// Runs `archive convert`.
pub(crate) async fn run(out: Out, args: ArchiveConvertArgs) -> Result<Exit, AppError> {
    let zone = match &args.zone {
        Some(name) => Zone::named(name).ok_or_else(|| AppError::new("upload.zone").with("zone", name))?,
        None => Zone::default(),
    };
    if args.out.exists() && !args.force {
        return Err(AppError::new("archive.exists").with("path", args.out.display()));
    }
    let progress = Arc::<Progress>::default();
    let options = Options {
        conversation: args.conversation.clone().map(Into::into),
        zone,
        now: SystemClock.now(),
        words: words(out.lang),
        others: Lang::ALL.into_iter().filter(|lang| *lang != out.lang).map(words).collect(),
        cells: Cells { formulas: args.formulas, mark: args.mark },
        progress: Arc::clone(&progress),
    };
    let (from, to, target) = (args.from.clone(), args.out.clone(), target(args.to));
    let mut work = tokio::task::spawn_blocking(move || export::convert(&from, &to, target, &options));
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.reset();
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            _ = tick.tick() => match progress.written() {
                0 => out.progress(msg::archive_convert_reading(out.lang, progress.read())),
                written => out.progress(msg::archive_convert_writing(out.lang, written, progress.read())),
            },
        }
    };
    let done = done.map_err(|error| AppError::new("internal").with("says", error))?;
    let converted = done.map_err(|error| refused(&args, &error))?;
    show(out, &args, &converted);
    Ok(if converted.read.lost() { Exit::Partly } else { Exit::Done })
}

fn words(lang: Lang) -> Words {
    Words::new(lang.tag(), |slug| Say::new(lang).word("transcript", slug))
}

fn target(form: Form) -> Target {
    match form {
        Form::Csv => Target::Csv,
        Form::Chatlab => Target::Chatlab,
        Form::ChatlabJsonl => Target::ChatlabJsonl,
        Form::Eml => Target::Eml,
        Form::Html => Target::Html,
        Form::Jsonl => Target::Jsonl,
        Form::Rsmf => Target::Rsmf,
    }
}

fn show(out: Out, args: &ArchiveConvertArgs, converted: &Converted) {
    let lang = out.lang;
    let read = &converted.read;
    let form = args.to.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    out.document(&json!({ "converted": {
        "from": args.from,
        "out": args.out,
        "to": form,
        "rows": read.rows,
        "records": converted.written,
        "left_out": converted.left_out,
        "files": converted.files,
        "lost": read.lost(),
        "unreadable": read.findings.unreadable,
        "noticed": read.findings.total,
        "findings": read.findings.first,
    }}));
    out.line(msg::archive_convert_read(lang, args.from.display(), read.records));
    if converted.left_out > 0 {
        out.line(msg::archive_convert_left_out(lang, converted.left_out));
    }
    archive_import::show_lost(out, read);
    let first = read.findings.first.iter().map(|finding| (finding.row, finding.code.as_str()));
    findings(out, first, read.findings.total);
    out.line(msg::archive_convert_written(lang, args.out.display(), converted.written));
    if args.out.is_dir() {
        out.line(msg::archive_convert_files(lang, converted.files));
    }
}

fn refused(args: &ArchiveConvertArgs, error: &ExportError) -> AppError {
    let coded = AppError::new(error.code()).with("file", args.from.display());
    match error {
        ExportError::Import(error) => archive_import::refused(&args.from, error),
        ExportError::Write { path, source } => AppError::io(source, path.display()),
        ExportError::Several { of, first } => coded.with("count", of).with("says", first),
        ExportError::Conversation { id, first } => coded.with("id", id).with("says", first),
        ExportError::Foreign(path) => coded.with("path", path.display()),
        ExportError::Form(says) => coded.with("says", says),
    }
}
