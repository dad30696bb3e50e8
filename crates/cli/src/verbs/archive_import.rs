//! `archive import`: what another tool exported becomes an archive.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adjourn_app::AppError;
use adjourn_archive::import::{self, Format, ImportError, Imported, Options, Progress, Zone};
use adjourn_i18n::msg;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::import::findings;
use crate::args::ArchiveImportArgs;
use crate::out::{Exit, Out};

/// Between two lines about progress; work that takes no longer has none.
const EVERY: Duration = Duration::from_secs(1);
/// What progress counts in.
const MIB: u64 = 1 << 20;

/// Runs `archive import`.
pub(crate) async fn run(out: Out, args: ArchiveImportArgs) -> Result<Exit, AppError> {
    let zone = zone(args.zone.as_deref())?;
    refuse_existing(&args)?;
    let to = args.out.clone().filter(|_| !args.dry_run);
    let progress = Arc::<Progress>::default();
    let options = Options { zone, progress: Arc::clone(&progress) };
    let from = args.from.clone();
    let done = watched(out, &progress, move || match to {
        Some(to) => import::to_file(&from, &to, &options),
        None => import::read(&from, &options, |_| Ok(())),
    })
    .await?;
    let (format, imported) = done.map_err(|error| refused(&args.from, &error))?;
    show(out, &args, format, &imported);
    Ok(if imported.lost() { Exit::Partly } else { Exit::Done })
}

/// What is there stays, unless it is to go.
pub(super) fn refuse_existing(args: &ArchiveImportArgs) -> Result<(), AppError> {
    match args.out.as_deref().filter(|to| !args.dry_run && to.exists() && !args.force) {
        Some(to) => Err(AppError::new("archive.exists").with("path", to.display())),
        None => Ok(()),
    }
}

/// The zone of a name.
pub(super) fn zone(name: Option<&str>) -> Result<Zone, AppError> {
    match name {
        Some(name) => Zone::named(name).ok_or_else(|| AppError::new("upload.zone").with("zone", name)),
        None => Ok(Zone::default()),
    }
}

/// Works on a thread of its own, and tells how far it is.
pub(super) async fn watched<T: Send + 'static>(
    out: Out,
    progress: &Progress,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let mut work = tokio::task::spawn_blocking(work);
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.reset();
    let mut shown = 0;
    loop {
        tokio::select! {
            done = &mut work => return done.map_err(|error| AppError::new("internal").with("says", error)),
            _ = tick.tick() => {
                let (read, of) = (progress.read() / MIB, progress.of().max(progress.read()) / MIB);
                if std::mem::replace(&mut shown, read) != read {
                    out.progress(msg::archive_import_progress(out.lang, of, read));
                }
            }
        }
    }
}

fn show(out: Out, args: &ArchiveImportArgs, format: Format, imported: &Imported) {
    let lang = out.lang;
    let findings_found = &imported.findings;
    let written = args.out.as_deref().filter(|_| !args.dry_run);
    out.document(&json!({ "archive": {
        "from": args.from,
        "out": written,
        "format": format.slug(),
        "rows": imported.rows,
        "records": imported.records,
        "conversations": imported.conversations,
        "participants": imported.participants,
        "lost": imported.lost(),
        "unreadable": findings_found.unreadable,
        "noticed": findings_found.total,
        "findings": findings_found.first,
    }}));
    let word = out.word("format", format.slug());
    out.line(msg::archive_import_read(lang, args.from.display(), word, imported.rows));
    out.line(msg::archive_import_counts(
        lang,
        imported.conversations,
        imported.participants,
        imported.records,
    ));
    if findings_found.unreadable > 0 {
        out.line(msg::archive_import_unreadable(lang, findings_found.unreadable));
    }
    if imported.cut {
        out.line(msg::archive_import_cut(lang));
    }
    let first = findings_found.first.iter().map(|finding| (finding.row, finding.code.as_str()));
    findings(out, first, findings_found.total);
    if let Some(path) = written {
        out.line(msg::archive_import_written(lang, path.display()));
        out.next(format!("zstd -dc {} | head -n 3", path.display()));
    } else {
        out.line(msg::archive_import_dry(lang));
        out.next(format!("adjourn archive import {} --out FILE", args.from.display()));
    }
}

/// What is wrong with an export, as users see it.
pub(super) fn refused(from: &Path, error: &ImportError) -> AppError {
    match error {
        ImportError::Io { path, source } => AppError::io(source, path.display()),
        ImportError::Stream(source) if error.code() == "io" => AppError::io(source, from.display()),
        ImportError::Format { found } => described(error, from, found).with("expected", import::expected()),
        ImportError::Refused(refused) => {
            described(error, from, refused.detail()).with("expected", import::expected())
        }
        ImportError::Packed(form) => described(error, from, form),
        ImportError::Missing(name)
        | ImportError::Place(name)
        | ImportError::Altered(name)
        | ImportError::Sealed(name) => described(error, from, name),
        other => described(error, from, other),
    }
}

fn described(error: &ImportError, from: &Path, says: impl std::fmt::Display) -> AppError {
    AppError::new(error.code()).with("file", from.display()).with("says", says)
}
