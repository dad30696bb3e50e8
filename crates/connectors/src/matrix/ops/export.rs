//! Reads a room's whole history, and counts it a second time from its other end.
//!
//! A server admin reads it without joining. The admin API answers an empty page, not an error, for a room that does
//! not exist; so the last page is followed by the question whether the room is there, and a room that vanished in the
//! middle of an export is never taken for its end. An empty page is the usual end of a history, and what a broken server
//! says of any: so the end has to be the room's latest event, asked for from the other side.

use adjourn_connector_kit::{ConnectorError, Context, CountPage, ExportPage, Exporter, Kind};
use adjourn_domain::export::{BadItem, Days, Reason};
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;

use super::super::wire::{events, ids, requests};
use super::api::Api;
use super::around::{Around, Gap};
use super::history::{History, PAGE, Place, failed, id_of, sent_at};

/// The exporter. Cursors are [`Place`]s.
pub(crate) struct Export;

#[async_trait]
impl Exporter for Export {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let from = cursor.map(Place::parse).transpose()?;
        let history = History::open(cx, group, from.as_ref()).await?;
        let page = history.read(true, PAGE, from.as_ref().map(|from| from.token.as_str())).await?;
        let next = Place::behind(&page, history.admin, from.as_ref());
        if next.is_none() {
            let before = from.as_ref().and_then(|from| from.last.as_deref());
            history.ends_with(true, page.chunk.last().and_then(id_of).or(before)).await?;
        }
        Ok(taken(&page.chunk, next.as_ref(), None))
    }

    /// In smaller pieces, and past an event that can't be had by time.
    async fn beyond(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, ConnectorError> {
        let from = cursor.map(Place::parse).transpose()?;
        let history = History::open(cx, group, from.as_ref()).await?;
        let around = history.around(true, from.as_ref()).await?;
        Ok(around.map(|Around { events, next, gap }| taken(&events, next.as_ref(), gap)))
    }

    /// From the latest event to the first. A page that can't be had is stepped over here as well: what is missing is on the receipt already.
    async fn recount(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<CountPage>, ConnectorError> {
        let from = cursor.map(Place::parse).transpose()?;
        let history = History::open(cx, group, from.as_ref()).await?;
        let page = match history.read(false, PAGE, from.as_ref().map(|from| from.token.as_str())).await {
            Err(error) if failed(&error) => {
                let Some(around) = history.around(false, from.as_ref()).await? else { return Err(error) };
                return Ok(Some(counted(&around.events, around.next.as_ref())));
            }
            other => other?,
        };
        let next = Place::behind(&page, history.admin, from.as_ref());
        if next.is_none() {
            let before = from.as_ref().and_then(|from| from.last.as_deref());
            history.ends_with(false, page.chunk.last().and_then(id_of).or(before)).await?;
        }
        Ok(Some(counted(&page.chunk, next.as_ref())))
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

/// Events as records. One that has not the shape of an event is a bad item; a gap stands where it was met.
fn taken(events: &[Value], next: Option<&Place>, gap: Option<Gap>) -> ExportPage {
    let mut read = ExportPage::new(Vec::with_capacity(events.len()), next.map(Place::cursor));
    for event in events {
        if let Some(record) = events::record(event) {
            read.records.push(record);
        } else {
            let id = id_of(event).map(NativeId::from);
            read.bad.push(BadItem::left_out(Reason::Shape, id, "it lacks what every event has"));
        }
    }
    if let Some(Gap { after, before, says }) = gap {
        read.bad.push(BadItem { after, before, ..BadItem::left_out(Reason::Page, None, says) });
    }
    read
}

/// Events by day.
fn counted(events: &[Value], next: Option<&Place>) -> CountPage {
    let mut days = Days::default();
    for at in events.iter().filter_map(sent_at) {
        days.count(Time::from_millis(at));
    }
    CountPage { days, next: next.map(Place::cursor) }
}
