//! `bench search`: an index over a generated corpus, built and asked.

use adjourn_app::AppError;

use crate::args::SearchBenchArgs;
use crate::compose::Places;
use crate::out::{Exit, Out};
use crate::verbs::reading;

/// Runs `bench search`.
pub(crate) fn run(out: Out, places: &Places, args: &SearchBenchArgs) -> Result<Exit, AppError> {
    let dir = places.data.join("bench-search");
    std::fs::create_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
    let figures = adjourn_archive::read::bench::bench(&dir, args.messages, args.seed);
    let _ = std::fs::remove_dir_all(&dir);
    let figures = serde_json::to_value(figures.map_err(|error| reading::no_index(&dir, error))?)?;
    out.document(&figures);
    out.line(serde_json::to_string_pretty(&figures)?);
    Ok(Exit::Done)
}
