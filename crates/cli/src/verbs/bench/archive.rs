//! `bench archive`: the whole way of an archive, on a corpus that is generated in the run.

use adjourn_app::AppError;
use adjourn_archive::bench::{ArchiveOptions, archive};
use adjourn_store::bench::machine::Usage;
use serde_json::json;

use crate::args::CorpusArgs;
use crate::compose::Places;
use crate::out::{Exit, Out};

/// Runs it.
pub(crate) fn run(out: Out, places: &Places, args: &CorpusArgs) -> Result<Exit, AppError> {
    let CorpusArgs { messages, seed, threads } = args;
    let threads = threads.map_or_else(super::super::redact::processors, usize::from);
    let options = ArchiveOptions { seed: *seed, messages: messages.clone(), threads };
    let dir = places.data.join("bench-archive");
    std::fs::create_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
    let before = Usage::now();
    let figures = archive(&dir, &options);
    let strangers = before.and_then(|before| Some(Usage::now()?.since(&before).strangers));
    let _ = std::fs::remove_dir_all(&dir);
    let mut value = serde_json::to_value(figures.map_err(super::super::redact::refused)?)?;
    if let Some(value) = value.as_object_mut() {
        value.insert("strangers".to_owned(), json!(strangers));
        value.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    }
    out.document(&value);
    out.line(serde_json::to_string_pretty(&value)?);
    Ok(Exit::Done)
}
