//! `bench redact`: finding identifiers and writing pseudonyms, on a corpus that is generated in the run.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use adjourn_app::AppError;
use adjourn_archive::bench::{RedactOptions, redact};
use adjourn_redact::corpus::Corpus;
use adjourn_store::bench::machine::Usage;
use serde_json::json;

use crate::args::{CorpusArgs, RedactBenchArgs};
use crate::out::{Exit, Out};

/// Runs it.
pub(crate) fn run(out: Out, args: &RedactBenchArgs) -> Result<Exit, AppError> {
    let RedactBenchArgs { on: CorpusArgs { messages, seed, threads }, corpus } = args;
    if let Some(path) = corpus {
        return write(path, *seed, messages.first().copied().unwrap_or(0))
            .map(|()| Exit::Done)
            .map_err(|error| AppError::io(&error, path.display()));
    }
    let threads = threads.map_or_else(super::super::redact::processors, usize::from);
    let options = RedactOptions { seed: *seed, messages: messages.clone(), threads };
    let before = Usage::now();
    let figures = redact(&options).map_err(|error| AppError::new("internal").with("says", error))?;
    let strangers = before.and_then(|before| Some(Usage::now()?.since(&before).strangers));
    let mut value = serde_json::to_value(figures)?;
    if let Some(value) = value.as_object_mut() {
        value.insert("strangers".to_owned(), json!(strangers));
        value.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    }
    out.document(&value);
    out.line(serde_json::to_string_pretty(&value)?);
    Ok(Exit::Done)
}

/// Writes the corpus: a message a line, with its labels as characters (from, to, kind).
fn write(path: &Path, seed: u64, messages: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let corpus = Corpus::new(seed);
    let members = corpus.members().to_vec();
    writeln!(file, "{}", json!({"members": members}))?;
    for message in corpus.take(usize::try_from(messages).unwrap_or(usize::MAX)) {
        let count = |bytes: usize| message.text.get(..bytes).unwrap_or_default().chars().count();
        let labels: Vec<_> = message
            .labels
            .iter()
            .map(|(start, end, kind)| json!([count(*start), count(*end), kind.slug()]))
            .collect();
        writeln!(file, "{}", json!({"text": message.text, "labels": labels}))?;
    }
    file.flush()
}
