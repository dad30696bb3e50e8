//! The files that people handed in, read row by row through byte ranges; memory does not grow with them.

use adjourn_connector_kit::{ConnectorError, Context, ExportPage, Exporter, Kind};
use adjourn_domain::ids::NativeId;
use adjourn_formats::{Item, Mark, Parser, Row, Zone};
use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::call;
use crate::wechat::{errors, wire};

/// Ranges of one file, at most: four gigabytes.
const MAX_SLICES: usize = 65_536;

/// The exports of a group, oldest first.
pub(super) async fn uploads(cx: &Context<'_>, group: &NativeId) -> Result<Vec<wire::Upload>, ConnectorError> {
    let path = ["groups", group.as_str(), "uploads"];
    let list: wire::Uploads = wire::read(&call(cx, wire::get(cx, &path, &[])?).await?)?;
    if !list.uploads.is_sorted_by_key(|upload| upload.received_at) {
        return Err(ConnectorError::protocol("exports out of order"));
    }
    Ok(list.uploads)
}

/// The newest export: the identity's own, else anybody's.
pub(super) async fn newest(
    cx: &Context<'_>,
    group: &NativeId,
) -> Result<Option<wire::Upload>, ConnectorError> {
    let mut uploads = uploads(cx, group).await?;
    let own = uploads.iter().rposition(|upload| upload.own);
    let at = own.or_else(|| uploads.len().checked_sub(1));
    Ok(at.map(|at| uploads.swap_remove(at)))
}

/// A file that is being read.
pub(super) struct Reading {
    file: File,
    parser: Parser,
    next: u64,
}

/// Which file, and what is needed to go on in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    bytes: u64,
    zone: String,
}

/// Where the next page begins.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    file: File,
    mark: Mark,
}

impl Reading {
    /// From the beginning.
    pub(super) fn start(upload: &wire::Upload) -> Result<Self, ConnectorError> {
        let file = File { id: upload.id.clone(), bytes: upload.bytes, zone: upload.zone.clone() };
        let parser = Parser::new(zone(&file)?);
        Ok(Self { file, parser, next: 0 })
    }

    /// From a cursor of an earlier page.
    fn resume(cursor: &str) -> Result<Self, ConnectorError> {
        let cursor: Cursor = serde_json::from_str(cursor)
            .map_err(|_| ConnectorError::new(Kind::Invalid, "a cursor that is none of ours"))?;
        let parser = Parser::resume(zone(&cursor.file)?, &cursor.mark);
        Ok(Self { next: cursor.mark.offset, file: cursor.file, parser })
    }

    fn done(&self) -> bool {
        self.next >= self.file.bytes
    }

    fn cursor(&self) -> Result<Option<String>, ConnectorError> {
        if self.done() {
            return Ok(None);
        }
        let wrong = || ConnectorError::new(Kind::Protocol, "a file without a format");
        let mark = self.parser.mark().ok_or_else(wrong)?;
        let cursor = Cursor { file: self.file.clone(), mark };
        serde_json::to_string(&cursor).map(Some).map_err(|_| wrong())
    }

    /// Reads the next range, and gives the rows of `group` that it completes.
    async fn step(&mut self, cx: &Context<'_>, group: &NativeId) -> Result<Vec<Row>, ConnectorError> {
        let reply = call(cx, wire::range(cx, &self.file.id, self.next)?).await?;
        let bytes = wire::slice(reply, self.next, self.file.bytes)?;
        let mut items = Vec::new();
        let refused = |error: adjourn_formats::Refused| {
            ConnectorError::new(Kind::Protocol, error.to_string()).upstream(error.code())
        };
        self.parser.feed(&bytes, &mut items).map_err(refused)?;
        self.next += bytes.len() as u64;
        if self.done() {
            self.parser.finish(&mut items).map_err(refused)?;
        }
        let ours = |item| match item {
            Item::Row(row) if row.group.as_ref().is_none_or(|of| of == group) => Some(*row),
            _ => None,
        };
        Ok(items.into_iter().filter_map(ours).collect())
    }

    /// Reads the whole file.
    pub(super) async fn each(
        mut self,
        cx: &Context<'_>,
        group: &NativeId,
        mut take: impl FnMut(&Row) + Send,
    ) -> Result<(), ConnectorError> {
        for _ in 0..MAX_SLICES {
            if self.done() {
                return Ok(());
            }
            for row in self.step(cx, group).await? {
                take(&row);
            }
        }
        Err(ConnectorError::protocol("a file without end"))
    }
}

fn zone(file: &File) -> Result<Zone, ConnectorError> {
    Zone::named(&file.zone).ok_or_else(|| ConnectorError::protocol("a zone that nobody knows"))
}

/// The history: the newest export, page by page.
pub(super) struct History;

#[async_trait]
impl Exporter for History {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let mut reading = match cursor {
            Some(cursor) => Reading::resume(cursor)?,
            None => Reading::start(&newest(cx, group).await?.ok_or_else(errors::no_export)?)?,
        };
        for _ in 0..MAX_SLICES {
            let rows = if reading.done() { Vec::new() } else { reading.step(cx, group).await? };
            if !rows.is_empty() || reading.done() {
                let records = rows.into_iter().map(|row| row.record).collect();
                return Ok(ExportPage::new(records, reading.cursor()?));
            }
        }
        Err(ConnectorError::protocol("a file without end"))
    }

    async fn media(&self, _: &Context<'_>, _: &NativeId, _: &NativeId) -> Result<Bytes, ConnectorError> {
        Err(ConnectorError::new(Kind::NotFound, "the tools leave files out"))
    }

    async fn count(&self, cx: &Context<'_>, group: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Ok(newest(cx, group).await?.map(|upload| upload.records))
    }
}
