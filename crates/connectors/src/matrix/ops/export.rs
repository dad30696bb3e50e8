//! Reads a room's whole history.
//!
//! A server admin reads it without joining. The admin API answers an empty page, not an error, for a room that does
//! not exist; so the first page and the last one are followed by the question whether the room is there, and a room
//! that vanished in the middle of an export is never taken for its end.

use adjourn_connector_kit::{ConnectorError, Context, ExportPage, Exporter, Kind};
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;

use super::super::errors::{self, Asks};
use super::super::wire::events::{self, MessagesPage};
use super::super::wire::{ids, requests};
use super::api::Api;

/// Events in one page. Synapse on SQLite takes up to 10 ms for each, so that a page stays within seconds.
const PAGE: u32 = 250;

/// The exporter. A cursor is `a` or `c` for the API that gave it, and the server's token.
pub(crate) struct Export;

#[async_trait]
impl Exporter for Export {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let api = Api::new(cx)?;
        let room = ids::room(group)?;
        let (admin, page): (bool, MessagesPage) = match cursor {
            Some(cursor) => {
                let (admin, from) = read_cursor(cursor)?;
                (admin, api.read(&requests::messages(admin, room, true, PAGE, Some(from))).await?)
            }
            None => match api.read(&requests::messages(true, room, true, PAGE, None)).await {
                Ok(page) => (true, page),
                Err(error) if errors::is_no_admin(&error) => {
                    (false, api.read(&requests::messages(false, room, true, PAGE, None)).await?)
                }
                Err(error) => return Err(error),
            },
        };
        let next = page.end.map(|end| format!("{}{end}", if admin { 'a' } else { 'c' }));
        if next.is_some() && next.as_deref() == cursor {
            return Err(errors::protocol("the history does not advance", Asks::Read));
        }
        if next.is_none() && admin {
            api.read::<Value>(&requests::room(room)).await?;
        }
        let records = page
            .chunk
            .iter()
            .map(events::record)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| errors::protocol("an event lacks what every event has", Asks::Read))?;
        Ok(ExportPage { records, next })
    }

    async fn media(&self, cx: &Context<'_>, _: &NativeId, id: &NativeId) -> Result<Bytes, ConnectorError> {
        let api = Api::new(cx)?;
        let file = ids::mxc(id.as_str())
            .ok_or_else(|| ConnectorError::new(Kind::NotFound, "not the address of a file"))?;
        match api.bytes(&requests::download(file, false)).await {
            // Before Matrix 1.11 files were read without authentication, under another path.
            Err(error) if error.kind == Kind::Unsupported => api.bytes(&requests::download(file, true)).await,
            other => other,
        }
    }

    async fn count(&self, _: &Context<'_>, _: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Ok(None)
    }
}

fn read_cursor(cursor: &str) -> Result<(bool, &str), ConnectorError> {
    cursor
        .strip_prefix('a')
        .map(|from| (true, from))
        .or_else(|| cursor.strip_prefix('c').map(|from| (false, from)))
        .ok_or_else(|| ConnectorError::new(Kind::Invalid, "cursor"))
}
