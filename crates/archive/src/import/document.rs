//! One JSON document with a few values about the whole at its top and one array of rows: the shape that most tools write.

use std::io::Read;

use serde_json::Value;

use super::ImportError;
use super::fields::Fields;
use super::json::{self, Event};
use super::out::Out;

/// Which values are about the whole, and which array holds the rows.
pub(super) struct Shape<'a> {
    /// Keys of what is kept until the rows begin; other values may be large and are passed over.
    pub(super) heads: &'a [&'a str],
    /// The key of the rows.
    pub(super) rows: &'a str,
}

/// Reads a document. `begin` gets what was said before the rows, `take` each row. What is said behind the rows comes too late for either.
pub(super) fn read<S>(
    input: impl Read,
    shape: &Shape<'_>,
    out: &mut Out<'_>,
    mut begin: impl FnMut(Fields, &mut Out<'_>) -> Result<S, ImportError>,
    mut take: impl FnMut(&mut S, Fields, &mut Out<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut heads = Fields::new();
    let mut state = None;
    let end = json::walk(
        input,
        |path| path.is_empty() || path == [shape.rows],
        |path, event| match (path, event) {
            ([key], Event::Open) if *key == shape.rows => {
                if state.is_none() {
                    state = Some(begin(std::mem::take(&mut heads), out)?);
                }
                Ok(())
            }
            ([key], Event::Value(bytes)) if shape.heads.contains(key) => {
                if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                    heads.insert((*key).to_owned(), value);
                }
                Ok(())
            }
            ([key, "*"], event) if *key == shape.rows => {
                let fields = out.object(&event);
                match (&mut state, fields) {
                    (Some(state), Some(fields)) => take(state, fields, out),
                    _ => Ok(()),
                }
            }
            ([key] | [key, _], event) if *key == shape.rows => {
                out.no_list(&event);
                Ok(())
            }
            _ => Ok(()),
        },
    )?;
    if state.is_none() {
        begin(heads, out)?;
    }
    out.ended(end);
    Ok(())
}

/// Takes an object out of what was said about the whole.
pub(super) fn taken(heads: &mut Fields, key: &str) -> Fields {
    match heads.remove(key) {
        Some(Value::Object(fields)) => fields,
        _ => Fields::new(),
    }
}
