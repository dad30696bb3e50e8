//! `archive convert`: an archive as another tool reads it.

use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_archive::export::{ExportError, Exported, Target, Tongue, Wish, convert};
use adjourn_archive::import::Progress;
use adjourn_i18n::{Lang, msg};
use serde_json::json;

use super::archive_import::{refused, watched, zone};
use super::import::findings;
use crate::args::{ArchiveConvertArgs, TargetArg};
use crate::out::{Exit, Out};

/// Runs `archive convert`.
pub(crate) async fn run(out: Out, args: ArchiveConvertArgs) -> Result<Exit, AppError> {
    let zone = zone(args.zone.as_deref())?;
    refuse_existing(&args)?;
    let progress = Arc::<Progress>::default();
    let wish = Wish {
        target: target(args.to),
        conversation: args.conversation.clone(),
        zone,
        tongue: if out.lang == Lang::ZhCn { Tongue::Chinese } else { Tongue::English },
        exact: args.exact,
        progress: Arc::clone(&progress),
    };
    let (from, to) = (args.from.clone(), args.out.clone());
    let done = watched(out, &progress, move || convert(&from, &to, &wish)).await?;
    let exported = done.map_err(|error| match error {
        ExportError::Read(error) => refused(&args.from, &error),
        ExportError::Write { path, source } => AppError::io(&source, path.display()),
        ExportError::Several(names) => AppError::new("archive.several").with("says", names.join(", ")),
        ExportError::Foreign(path) => AppError::new("archive.foreign").with("path", path.display()),
        ExportError::Unknown(name) => AppError::new("archive.conversation").with("conversation", name),
    })?;
    show(out, &args, &exported);
    Ok(if exported.imported.lost() { Exit::Partly } else { Exit::Done })
}

/// What is there stays, unless it is to go.
pub(super) fn refuse_existing(args: &ArchiveConvertArgs) -> Result<(), AppError> {
    if args.out.exists() && !args.force {
        return Err(AppError::new("archive.exists").with("path", args.out.display()));
    }
    Ok(())
}

fn show(out: Out, args: &ArchiveConvertArgs, exported: &Exported) {
    let found = &exported.imported.findings;
    out.document(&json!({ "export": {
        "from": args.from,
        "out": args.out,
        "format": target(args.to).slug(),
        "records": exported.records,
        "conversations": exported.conversations,
        "files": exported.files,
        "lost": exported.imported.lost(),
        "unreadable": found.unreadable,
        "noticed": found.total,
        "findings": found.first,
    }}));
    out.line(msg::archive_convert_written(
        out.lang,
        exported.conversations,
        exported.files,
        args.out.display(),
        exported.records,
    ));
    if found.unreadable > 0 {
        out.line(msg::archive_import_unreadable(out.lang, found.unreadable));
    }
    let first = found.first.iter().map(|finding| (finding.row, finding.code.as_str()));
    findings(out, first, found.total);
}

fn target(of: TargetArg) -> Target {
    match of {
        TargetArg::Jsonl => Target::Jsonl,
        TargetArg::Csv => Target::Csv,
        TargetArg::Chatlab => Target::Chatlab,
        TargetArg::ChatlabJsonl => Target::ChatlabJsonl,
        TargetArg::Rsmf => Target::Rsmf,
        TargetArg::Eml => Target::Eml,
        TargetArg::Html => Target::Html,
        TargetArg::Parquet => Target::Parquet,
    }
}
