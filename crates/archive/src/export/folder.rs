//! Formats of many files: a folder with a file for each slice, and `index.csv`, which lists them with their hashes.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use adjourn_domain::canonical::Hash;

use super::cast::{Cast, Talk};
use super::place::Folder;
use super::slices::{Slice, Slices};
use super::sorted::Sorted;
use super::{ExportError, Options, WriteError, csv};

/// The list of files.
pub(super) const INDEX: &str = "index.csv";
/// Its columns.
pub(super) const COLUMNS: [&str; 9] =
    ["file", "conversation", "name", "day", "part", "records", "first", "last", "sha256"];

/// Makes one file of a slice.
pub(super) type Make = fn(&Slice, &Talk, &Cast, &Options) -> Result<Vec<u8>, WriteError>;

/// Writes the folder; gives the number of records and of files.
pub(super) fn write(
    to: &Path,
    ending: &str,
    make: Make,
    cast: &Cast,
    sorted: Sorted,
    options: &Options,
) -> Result<(u64, u64), ExportError> {
    let at = |source| ExportError::Write { path: to.to_owned(), source };
    let place = Folder::new(to)?;
    let mut index = ::csv::Writer::from_path(place.part().join(INDEX)).map_err(|error| at(csv::of_disk(error)))?;
    index.write_record(COLUMNS).map_err(|error| at(csv::of_disk(error)))?;
    let mut slices = Slices::new(sorted, &options.zone).map_err(at)?;
    let (mut records, mut files) = (0, 0);
    while let Some(slice) = slices.next().map_err(at)? {
        let Some(talk) = cast.talk(slice.number) else { continue };
        let bytes = make(&slice, talk, cast, options).map_err(|error| error.at(to))?;
        let name = format!("{}.{ending}", slice.name(talk));
        let path = place.part().join(&name);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .map_err(at)?;
        let time = |record: Option<&adjourn_domain::message::Record>| {
            record.map(|record| record.at.to_string()).unwrap_or_default()
        };
        let row = [
            name,
            guarded(talk.about.id.as_str()),
            guarded(talk.name()),
            slice.day.clone(),
            slice.part.to_string(),
            slice.records.len().to_string(),
            time(slice.records.first()),
            time(slice.records.last()),
            Hash::of(&bytes).to_hex(),
        ];
        index.write_record(&row).map_err(|error| at(csv::of_disk(error)))?;
        records += slice.records.len() as u64;
        files += 1;
        for _ in &slice.records {
            options.progress.wrote();
        }
    }
    let index = index.into_inner().map_err(|error| at(error.into_error()))?;
    index.sync_all().map_err(at)?;
    place.keep()?;
    Ok((records, files))
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(text: &str) -> String {
    if csv::acts(text) { format!("'{text}") } else { text.to_owned() }
}
