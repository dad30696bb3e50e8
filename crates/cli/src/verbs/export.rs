//! `export`: a group's history into a folder, outside a case.

use std::fs::{File, TryLockError};
use std::path::Path;

use adjourn_adapters::exports::FileExports;
use adjourn_app::export::{HandedOver, NO_CASE};
use adjourn_app::storing::why_in_clear;
use adjourn_app::{App, AppError};
use adjourn_domain::event::{Mark, Receipt};
use adjourn_domain::export::BadItem;
use adjourn_i18n::msg;
use serde_json::json;

use super::{Ctx, storing};
use crate::args::ExportArgs;
use crate::compose;
use crate::out::{Exit, Out};

/// Items and gaps that are shown one by one.
const SHOWN: usize = 10;

/// Runs `export`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: &ExportArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let in_clear = why_in_clear(args.in_clear.as_deref())?;
    let vault = compose::vault(&ctx.places, &ctx.config, &args.out, in_clear.is_some())?;
    let _alone = alone(&args.out)?;
    let app = App { vault, ..ctx.app.clone() };
    let done = app.export_history(&args.group, in_clear, &signer).await?;
    let HandedOver { group, receipt, seal } = &done;
    let path = args.out.join(group.as_str());
    show(out, receipt);
    let clear = FileExports::bag(NO_CASE, group, &path)?.clear;
    out.line(msg::export_lies(out.lang, seal.bag_hash, seal.bytes, path.display()));
    out.line(if clear { msg::export_clear(out.lang) } else { msg::export_sealed(out.lang) });
    let stored = storing::handed_over(ctx, group, &path, &signer).await;
    out.document(&json!({ "export": {
        "group": group, "path": path.display().to_string(), "bag_hash": seal.bag_hash, "bytes": seal.bytes, "files": seal.files,
        "sealed": !clear,
        "receipt": receipt, "stored": stored,
    } }));
    if !clear {
        out.next(format!("adjourn archive open {} --out messages.jsonl.zst", path.display()));
    }
    if receipt.complete {
        return Ok(Exit::Done);
    }
    out.line(msg::export_partly(out.lang));
    Ok(Exit::Partly)
}

/// Two exports into one folder would write over each other.
fn alone(dir: &Path) -> Result<File, AppError> {
    let path = dir.join(format!("{NO_CASE}.lock"));
    let file = File::create(&path).map_err(|error| AppError::io(&error, path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AppError::new("export.busy").with("folder", dir.display())),
        Err(TryLockError::Error(error)) => Err(AppError::io(&error, path.display())),
    }
}

/// Where an item is: its id, or the times between which it lies.
fn place(item: &BadItem) -> String {
    if let Some(id) = &item.id {
        return id.to_string();
    }
    let time = |mark: &Option<Mark>| mark.as_ref().map_or_else(|| "?".to_owned(), |mark| mark.at.to_string());
    match (&item.after, &item.before) {
        (None, None) => "?".to_owned(),
        (after, before) => format!("{} … {}", time(after), time(before)),
    }
}

fn show(out: Out, receipt: &Receipt) {
    let says = receipt.platform_says.map_or_else(|| "?".to_owned(), |says| says.to_string());
    out.line(msg::export_taken(out.lang, receipt.media, receipt.total, says));
    let dark = receipt.undecryptable.len() as u64 + receipt.undecryptable_more;
    if dark > 0 {
        out.line(msg::export_undecryptable(out.lang, dark));
    }
    if receipt.repeated > 0 {
        out.line(msg::export_repeated(out.lang, receipt.repeated));
    }
    out.line(if receipt.compared {
        msg::export_compared(out.lang)
    } else {
        msg::export_not_compared(out.lang)
    });
    for gap in receipt.gaps.iter().take(SHOWN) {
        out.line(format!("  · {}", out.note(gap)));
    }
    for item in receipt.bad.iter().take(SHOWN) {
        let place = place(item);
        let cursor = item.cursor.as_deref().unwrap_or("-");
        let why = out.word("export-reason", item.reason.slug());
        out.line(format!("  · {}", msg::export_item(out.lang, item.records, cursor, place, why)));
    }
    let listed = receipt.gaps.len().saturating_sub(SHOWN) + receipt.bad.len().saturating_sub(SHOWN);
    let more = listed as u64 + receipt.bad_more;
    if more > 0 {
        out.line(msg::export_more(out.lang, more));
    }
}
