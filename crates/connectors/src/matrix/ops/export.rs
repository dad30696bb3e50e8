//! Reads a room's whole history.
//!
//! A server admin reads it without joining. The admin API answers an empty page, not an error, for a room that does
//! not exist; so the last page is followed by the question whether the room is there, and a room that vanished in the
//! middle of an export is never taken for its end. An empty page is the usual end of a history, and what a broken server
//! says of any: so the end has to be the room's latest event, asked for from the other side.

use adjourn_connector_kit::{ConnectorError, Context, ExportPage, Exporter, Kind};
use adjourn_domain::export::{BadItem, Reason};
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

/// The exporter. A cursor is `a` or `c` for the API that gave it, the server's token, and after a space the event that
/// came last.
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
        let from = cursor.map(read_cursor).transpose()?;
        let (admin, page): (bool, MessagesPage) = match &from {
            Some(From { admin, token, .. }) => {
                (*admin, api.read(&requests::messages(*admin, room, true, PAGE, Some(token))).await?)
            }
            None => match api.read(&requests::messages(true, room, true, PAGE, None)).await {
                Ok(page) => (true, page),
                Err(error) if errors::is_no_admin(&error) => {
                    (false, api.read(&requests::messages(false, room, true, PAGE, None)).await?)
                }
                Err(error) => return Err(error),
            },
        };
        if page.end.is_some() && page.end.as_deref() == from.as_ref().map(|from| from.token) {
            return Err(errors::protocol("the history does not advance", Asks::Read));
        }
        let last = page.chunk.last().and_then(id_of).or(from.and_then(|from| from.last));
        let next = page.end.as_ref().map(|end| {
            let api = if admin { 'a' } else { 'c' };
            last.map_or_else(|| format!("{api}{end}"), |last| format!("{api}{end} {last}"))
        });
        if next.is_none() {
            if admin {
                api.read::<Value>(&requests::room(room)).await?;
            }
            ends_with(&api, admin, room, last).await?;
        }
        let mut read = ExportPage::new(Vec::with_capacity(page.chunk.len()), next);
        for event in &page.chunk {
            match events::record(event) {
                Some(record) => read.records.push(record),
                // Without an id it may be no event at all, and the page is not believed.
                None if id_of(event).is_none() => {
                    return Err(errors::protocol("an event lacks what every event has", Asks::Read));
                }
                None => {
                    let id = id_of(event).map(NativeId::from);
                    read.bad.push(BadItem::left_out(Reason::Shape, id, "it lacks what every event has"));
                }
            }
        }
        Ok(read)
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

/// Whether the history's end is the room's latest event. It may not be for a moment, when somebody has just said
/// something: the page is then read again.
async fn ends_with(api: &Api<'_>, admin: bool, room: &str, last: Option<&str>) -> Result<(), ConnectorError> {
    let page: MessagesPage = api.read(&requests::messages(admin, room, false, 1, None)).await?;
    match page.chunk.first().and_then(id_of) {
        Some(latest) if last == Some(latest) => Ok(()),
        // The latest event may be one that this identity is not shown.
        None if last.is_some() && page.end.is_some() => Ok(()),
        _ => Err(errors::protocol("the history does not end with the room's latest event", Asks::Read)),
    }
}

fn id_of(event: &Value) -> Option<&str> {
    event.get("event_id")?.as_str()
}

/// Where a page begins.
struct From<'a> {
    admin: bool,
    token: &'a str,
    last: Option<&'a str>,
}

fn read_cursor(cursor: &str) -> Result<From<'_>, ConnectorError> {
    let (admin, rest) = cursor
        .strip_prefix('a')
        .map(|rest| (true, rest))
        .or_else(|| cursor.strip_prefix('c').map(|rest| (false, rest)))
        .ok_or_else(|| ConnectorError::new(Kind::Invalid, "cursor"))?;
    let (token, last) = rest.split_once(' ').map_or((rest, None), |(token, last)| (token, Some(last)));
    Ok(From { admin, token, last })
}
