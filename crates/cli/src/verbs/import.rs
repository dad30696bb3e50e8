//! `import`: a person hands in a file.

use adjourn_app::AppError;
use adjourn_app::inbox::{Import, Imported};
use adjourn_app::ports::FileKind;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::ImportArgs;
use crate::out::{Exit, Out};

/// Findings that are shown one by one.
const SHOWN: usize = 10;

/// Runs `import`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: &ImportArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let wish = Import {
        file: &args.file,
        group: args.group.as_deref(),
        connection: args.connection.as_deref(),
        identity: &args.identity,
        zone: args.zone.as_deref(),
        dry_run: args.dry_run,
    };
    let imported = ctx.app.import(wish, &signer).await?;
    show(out, &imported, args);
    out.document(&json!({ "import": imported }));
    match (&imported.group, imported.kept) {
        (_, false) => {}
        (Some(group), true) => out.next(format!("adjourn show {group}")),
        (None, true) => out.next(format!("adjourn scan {}", imported.connection)),
    }
    Ok(Exit::Done)
}

fn show(out: Out, imported: &Imported, args: &ImportArgs) {
    let upload = &imported.upload;
    let file = args.file.display();
    let format = out.word("format", &upload.format);
    match imported.kind {
        FileKind::Image => out.line(msg::import_image(out.lang, file, format)),
        FileKind::Groups => out.line(msg::import_groups(out.lang, upload.records, file, format)),
        FileKind::Archive => {
            let groups = imported.groups.len() as u64;
            out.line(msg::import_archive(out.lang, groups, file, format, upload.records));
            if let Some(left_out) = imported.left_out.filter(|count| *count > 0) {
                out.line(msg::import_left_out(out.lang, left_out as u64));
            }
        }
        FileKind::Messages | FileKind::People => {
            out.line(msg::import_messages(out.lang, upload.records, file, format));
        }
    }
    if let (Some(first), Some(last)) = (upload.first, upload.last) {
        let zone = if upload.zone.is_empty() { "UTC" } else { &upload.zone };
        out.line(msg::import_span(out.lang, first, last, zone));
    }
    out.line(msg::import_hash(out.lang, upload.bytes, upload.sha256));
    if upload.original.is_some() {
        out.line(msg::import_stripped(out.lang));
    }
    if upload.ended > 0 {
        out.line(msg::import_ended(out.lang, &upload.identity));
    }
    if upload.unreadable > 0 {
        out.line(msg::import_unreadable(out.lang, upload.unreadable));
    }
    let first = upload.findings.iter().map(|finding| (finding.row, finding.code.as_str()));
    findings(out, first, upload.noticed);
    out.line(if imported.kept { msg::import_kept(out.lang) } else { msg::import_dry(out.lang) });
}

/// The first things that were noticed about a file, by row; 0 is the file itself. `noticed` is how many there are.
pub(super) fn findings<'a>(out: Out, first: impl Iterator<Item = (u64, &'a str)>, noticed: u64) {
    let mut shown = 0;
    for (row, code) in first.take(SHOWN) {
        shown += 1;
        let says = out.word("finding", code);
        let says = if row == 0 { says } else { msg::import_finding(out.lang, row, says) };
        out.line(format!("  · {says}"));
    }
    if noticed > shown {
        out.line(msg::import_more(out.lang, noticed - shown));
    }
}
