//! The group's file area, as the last page of an export: every file of the root and of the folders is a record of its
//! own, by the time at which it was uploaded. Files may expire and their addresses soon do, so they are fetched at once.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, ExportPage};
use adjourn_domain::message::Record;
use serde_json::Value;

use super::api::Api;
use crate::qq::errors::{self, Asks};
use crate::qq::wire::files::{FileSystem, Folder, FolderRef, record};
use crate::qq::wire::implementation::Paging;
use crate::qq::wire::requests;

/// Most folders that are opened.
const MAX_FOLDERS: usize = 500;
/// Most files that are taken.
const MAX_FILES: usize = 20_000;

/// The page. Implementations without a file area have none.
pub(super) async fn page(api: &Api<'_>, group: &str, paging: Paging) -> Result<ExportPage, ConnectorError> {
    let end = |records| Ok(ExportPage::new(records, None));
    let system: FileSystem = match api.ask(&requests::file_system(group)).await {
        Err(error) if errors::is_no_action(&error) => return end(Vec::new()),
        system => system?,
    };
    let count = usize::try_from(system.file_count).unwrap_or(MAX_FILES).clamp(1, MAX_FILES);
    let root: Folder = api.ask(&requests::root_files(group, count)).await?;
    let mut found = Found { paging, records: Vec::new(), ids: BTreeSet::new() };
    let mut folders = found.take(root)?;
    let mut opened = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        if !opened.insert(folder.clone()) {
            continue;
        }
        if opened.len() > MAX_FOLDERS {
            return Err(errors::protocol("folders without end", Asks::Read));
        }
        let inside: Folder = api.ask(&requests::folder_files(group, &folder, count)).await?;
        folders.extend(found.take(inside)?);
    }
    found.records.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    end(found.records)
}

struct Found {
    paging: Paging,
    records: Vec<Record>,
    ids: BTreeSet<String>,
}

impl Found {
    /// Takes a folder's files, and gives the folders in it.
    fn take(&mut self, folder: Folder) -> Result<Vec<String>, ConnectorError> {
        for raw in folder.files.unwrap_or_default() {
            self.file(&raw)?;
        }
        Ok(folder.folders.unwrap_or_default().into_iter().filter_map(FolderRef::id).collect())
    }

    fn file(&mut self, raw: &Value) -> Result<(), ConnectorError> {
        let strange = || errors::protocol("a file of another shape", Asks::Read);
        let record = record(raw, self.paging == Paging::UpToNumber).ok_or_else(strange)?;
        if self.ids.insert(record.id.to_string()) {
            self.records.push(record);
        }
        if self.records.len() > MAX_FILES {
            return Err(errors::protocol("files without end", Asks::Read));
        }
        Ok(())
    }
}
