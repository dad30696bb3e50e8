//! `archive ls`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read as _};
use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::ports::{KeptOriginal, Originals as _};
use adjourn_archive::read::{Index, Summary};
use adjourn_domain::canonical::Hash;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{copies, originals};
use crate::compose::Places;
use crate::out::{Exit, Out};
use crate::verbs::Ctx;

/// Largest report that is read, in bytes.
const MAX_REPORT: u64 = 16 * 1024 * 1024;

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

/// What a report says of a copy.
#[derive(Deserialize)]
struct Report {
    state: String,
    scope: String,
    out: ReportOut,
}

#[derive(Deserialize)]
struct ReportOut {
    sha256: Hash,
}

fn copy(out: Out, places: &Places, path: &Path) -> Result<Value, AppError> {
    let bytes = fs::metadata(path).map_err(|error| AppError::io(&error, path.display()))?.len();
    let index =
        Index::open(path).map_err(|error| super::no_index(path, error))?.map(|index| index.summary().clone());
    let state = state(places, path, index.as_ref())?;
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

/// What is known of a copy: what the report beside it (`COPY.report.json`) says, as long as it is about this content. It is de-identified while the key of
/// its pseudonyms exists, and anonymised once that was destroyed.
fn state(places: &Places, path: &Path, index: Option<&Summary>) -> Result<&'static str, AppError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".report.json");
    let read = File::open(Path::new(&name))
        .ok()
        .and_then(|file| serde_json::from_reader::<_, Report>(BufReader::new(file.take(MAX_REPORT))).ok());
    let Some(report) = read else { return Ok("unknown") };
    let sha256 = match index {
        Some(summary) => summary.sha256,
        None => adjourn_archive::read::hash(path).map_err(|error| super::no_index(path, error))?,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let gone = !report.scope.is_empty()
        && report.scope.bytes().all(plain)
        && places.keys.join("p").join(format!("{}.gone", report.scope)).exists();
    Ok(match (report.out.sha256 == sha256, report.state.as_str()) {
        (false, _) => "unknown",
        (true, "de-identified") if gone => "anonymised",
        (true, "de-identified") => "deidentified",
        (true, "anonymised") => "anonymised",
        (true, _) => "unknown",
    })
}
