//! `archive ls`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::{KeptOriginal, Originals as _};
use adjourn_archive::import::Listed;
use adjourn_archive::read::Index;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::{copies, originals, whole_bag};
use crate::compose::Places;
use crate::out::{Exit, Out};
use crate::verbs::anonymise::state;
use crate::verbs::{Ctx, archive_import};

/// Runs `archive ls`.
pub(super) async fn run(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let cards: BTreeMap<String, (String, String)> = ctx
        .app
        .cards()
        .await?
        .into_iter()
        .map(|card| (card.group.to_string(), (card.label().to_owned(), card.platform)))
        .collect();
    let destroyed = ctx.app.journal.org().await?.destroyed;
    let mut rows = Vec::new();
    for kept in originals(&ctx.places)?.list()? {
        let (name, platform) = cards.get(kept.original.group.as_str()).cloned().unwrap_or_default();
        let state = match (kept.sealed, destroyed.contains(&kept.original.group)) {
            (true, true) => "unreadable",
            (true, false) => "original_sealed",
            (false, _) => "original_plain",
        };
        rows.push(original(out, &kept, &name, &platform, state));
    }
    for path in copies(&ctx.places) {
        rows.push(copy(out, &ctx.places, &path)?);
    }
    if rows.is_empty() {
        out.line(msg::archive_ls_none(out.lang, ctx.places.bundles.display()));
    } else {
        out.next("adjourn archive search WORDS");
    }
    out.document(&json!({"archives": rows}));
    Ok(Exit::Done)
}

/// Lists what lies in files and bags that somebody names, without a journal.
pub(super) fn named(out: Out, places: &Places, paths: &[PathBuf]) -> Result<Exit, AppError> {
    let mut rows = Vec::new();
    for path in paths {
        match whole_bag(path)? {
            Some(bag) => {
                let listed = bag.list().map_err(|error| archive_import::refused(path, &error))?;
                rows.extend(listed.iter().map(|part| in_bag(out, path, part)));
            }
            None if path.is_file() => rows.push(copy(out, places, path)?),
            None => return Err(AppError::new("archive.unknown").with("archive", path.display())),
        }
    }
    if let Some(first) = rows.first().and_then(|row| row["archive"].as_str()) {
        out.next(format!("adjourn archive show {first}"));
    }
    out.document(&json!({"archives": rows}));
    Ok(Exit::Done)
}

/// An archive in a bag.
fn in_bag(out: Out, bag: &Path, part: &Listed) -> Value {
    let name =
        if part.name.is_empty() || bag.ends_with(&part.name) { bag.to_owned() } else { bag.join(&part.name) };
    let state = if part.sealed { "original_sealed" } else { "original_plain" };
    let receipt = part.receipt.as_ref();
    let span_of = receipt.and_then(|receipt| Some((receipt.first.as_ref()?.at, receipt.last.as_ref()?.at)));
    let count = receipt.map_or_else(|| "?".to_owned(), |receipt| receipt.total.to_string());
    out.line(format!("{}  {}", name.display(), out.word("archive-state", state)));
    out.line(format!("  {}", msg::archive_ls_row(out.lang, count, part.bytes, span(span_of))));
    json!({
        "archive": name,
        "state": state,
        "messages": receipt.map(|receipt| receipt.total),
        "first": span_of.map(|(first, _)| first),
        "last": span_of.map(|(_, last)| last),
        "bytes": part.bytes,
        "path": bag,
    })
}

fn original(out: Out, kept: &KeptOriginal, name: &str, platform: &str, state: &str) -> Value {
    let count = kept.messages.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let said = out.word("archive-state", state);
    out.line(format!("{}  {name}  {platform}  {said}", kept.original));
    out.line(format!("  {}", msg::archive_ls_row(out.lang, count, kept.bytes, span(kept.span))));
    json!({
        "archive": kept.original.to_string(),
        "group": kept.original.group,
        "case": kept.original.case,
        "name": name,
        "platform": platform,
        "state": state,
        "messages": kept.messages,
        "first": kept.span.map(|(first, _)| first),
        "last": kept.span.map(|(_, last)| last),
        "bytes": kept.bytes,
        "path": kept.path,
    })
}

fn span(span: Option<(Time, Time)>) -> String {
    span.map_or_else(|| "?".to_owned(), |(first, last)| format!("{first} … {last}"))
}

fn copy(out: Out, places: &Places, path: &Path) -> Result<Value, AppError> {
    let bytes = fs::metadata(path).map_err(|error| AppError::io(&error, path.display()))?.len();
    let index =
        Index::open(path).map_err(|error| super::no_index(path, error))?.map(|index| index.summary().clone());
    let report = state::Report::of(path);
    let sha256 = match (&report, &index) {
        (None, _) => None,
        (_, Some(summary)) => Some(summary.sha256),
        _ => Some(adjourn_archive::read::hash(path).map_err(|error| super::no_index(path, error))?),
    };
    let state = sha256.map_or("unknown", |sha256| state::of(places, path, report.as_ref(), sha256));
    let summary = index.as_ref();
    let name = summary.map(|summary| summary.conversations.join(", ")).unwrap_or_default();
    let platform = summary.and_then(|summary| summary.platform.clone()).unwrap_or_default();
    let count = summary.map_or_else(|| "?".to_owned(), |summary| summary.rows.to_string());
    out.line(format!("{}  {name}  {platform}  {}", path.display(), out.word("archive-state", state)));
    let span_of = summary.and_then(|summary| summary.span);
    out.line(format!("  {}", msg::archive_ls_row(out.lang, count, bytes, span(span_of))));
    Ok(json!({
        "archive": path,
        "name": name,
        "platform": platform,
        "state": state,
        "messages": summary.map(|summary| summary.rows),
        "first": span_of.map(|(first, _)| first),
        "last": span_of.map(|(_, last)| last),
        "bytes": bytes,
        "path": path,
        "indexed": summary.is_some(),
    }))
}
