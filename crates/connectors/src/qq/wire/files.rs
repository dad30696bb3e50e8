//! The file area of a group.

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Record, RecordKind};
use adjourn_domain::time::Time;
use serde::Deserialize;
use serde_json::Value;

use super::ids::Id;

/// `get_group_file_system_info`.
#[derive(Debug, Deserialize)]
pub(crate) struct FileSystem {
    pub(crate) file_count: u32,
}

/// A folder's content. Files stay raw, because the export keeps the platform's own bytes.
#[derive(Debug, Deserialize)]
pub(crate) struct Folder {
    #[serde(default)]
    pub(crate) files: Option<Vec<Value>>,
    #[serde(default)]
    pub(crate) folders: Option<Vec<FolderRef>>,
}

/// A folder in another one.
/// Two names of one thing; NapCat gives both.
#[derive(Debug, Deserialize)]
pub(crate) struct FolderRef {
    #[serde(default)]
    folder_id: Option<String>,
    #[serde(default)]
    folder: Option<String>,
}

impl FolderRef {
    pub(crate) fn id(self) -> Option<String> {
        self.folder_id.or(self.folder)
    }
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "file_id")]
    id: String,
    #[serde(rename = "file_name", default)]
    name: String,
    #[serde(rename = "file_size", default)]
    bytes: Option<Id>,
    #[serde(default)]
    size: Option<Id>,
    #[serde(default)]
    upload_time: u32,
    #[serde(default)]
    uploader: Option<Id>,
    #[serde(default)]
    busid: Option<Id>,
}

/// A file as a record of its own; `None` when it makes no sense. go-cqhttp needs `busid` to find a file again.
pub(crate) fn record(raw: &Value, with_busid: bool) -> Option<Record> {
    let file: File = serde_json::from_value(raw.clone()).ok()?;
    let bytes = file.bytes.or(file.size).and_then(|size| size.number());
    let id = match file.busid.filter(|_| with_busid) {
        Some(busid) => with_bus(&file.id, busid.as_str()),
        None => file.id.clone(),
    };
    Some(Record {
        attachments: vec![Attachment { id: NativeId(id), name: file.name, bytes, media_type: None }],
        raw: raw.clone(),
        ..Record::new(
            NativeId(format!("file:{}", file.id)),
            RecordKind::Other,
            seconds(file.upload_time.into()),
            file.uploader.map_or_else(|| NativeId::from(""), |uploader| uploader.native()),
        )
    })
}

/// What separates a file's id from its `busid` in an attachment's id.
const BUS: &str = "?busid=";

/// The id of an attachment that needs a `busid`.
pub(crate) fn with_bus(file: &str, busid: &str) -> String {
    format!("{file}{BUS}{busid}")
}

/// An attachment's id, taken apart.
pub(crate) fn without_bus(id: &str) -> (&str, Option<&str>) {
    id.split_once(BUS).map_or((id, None), |(file, busid)| (file, Some(busid)))
}

/// A time in whole seconds. The wire's seconds fit into 32 bits; what does not is cut off there.
pub(crate) fn seconds(seconds: u64) -> Time {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Time::from_millis(i64::from(seconds) * 1000)
}
