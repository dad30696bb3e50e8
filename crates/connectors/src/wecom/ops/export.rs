//! The history, from archives of decrypted records that people handed in. The platform has no call for it that an app could
//! make: records come out of a native library of the platform, within about five days, and the organisation decrypts
//! them.
//!
//! Records come in the order of `seq`, over all uploads; what one upload repeats of another is passed over.

use adjourn_connector_kit::{ConnectorError, Context, ExportPage, Exporter, Kind, Retry};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_formats::MAX_ROW;
use adjourn_formats::archive::{self, Broken, Row};
use async_trait::async_trait;
use bytes::Bytes;

use super::super::errors::{self, Asks};
use super::groups;
use super::inbox::{self, Upload};

/// Bytes that are read for a page.
const WINDOW: u64 = 64 * 1024;
/// Most gaps that are named one by one.
const MAX_GAPS: usize = 20;
/// Largest file that is read whole.
const MAX_FILE: u64 = 256 * 1024 * 1024;

/// Where a page begins: number of the upload, bytes before it, the highest number of the uploads before, and the last
/// number of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    upload: usize,
    offset: u64,
    high: Option<u64>,
    last: Option<u64>,
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let mut part = || parts.next();
        let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        let (upload, offset) = (part()?.parse().ok()?, part()?.parse().ok()?);
        let place = Self { upload, offset, high: number(part()?)?, last: number(part()?)? };
        part().is_none().then_some(place)
    }

    fn text(self) -> String {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        format!("{}:{}:{}:{}", self.upload, self.offset, number(self.high), number(self.last))
    }
}

/// The history.
pub(in crate::wecom) struct History;

#[async_trait]
impl Exporter for History {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let room = groups::id(group)?;
        let place = cursor.map_or(Some(Place::default()), Place::parse);
        let place =
            place.ok_or_else(|| ConnectorError::new(Kind::Invalid, "not a cursor of this platform"))?;
        let archives = archives(cx, room).await?;
        let Some(upload) = archives.get(place.upload) else {
            return Ok(ExportPage::new(Vec::new(), None));
        };
        let (rows, next) = step(cx, upload, place).await?;
        let ours = rows.into_iter().filter(|row| row.room.as_deref() == Some(room));
        let records = ours.filter_map(|row| row.record).collect();
        let next = Some(next).filter(|next| next.upload < archives.len());
        Ok(ExportPage::new(records, next.map(Place::text)))
    }

    /// The platform gives files by the same library; those that were handed in are named by their hash.
    async fn media(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Bytes, ConnectorError> {
        let upload =
            inbox::list(cx, groups::id(group)?).await?.into_iter().find(|upload| upload.name == id.as_str());
        let upload =
            upload.ok_or_else(|| ConnectorError::new(Kind::NotFound, "the file was not handed in"))?;
        if upload.bytes > MAX_FILE {
            return Err(ConnectorError::new(Kind::Protocol, "the file is larger than what can be read"));
        }
        inbox::range(cx, &upload, 0, upload.bytes).await
    }

    /// The archive does not say how many records a group has.
    async fn count(&self, _cx: &Context<'_>, _group: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Ok(None)
    }

    /// Numbers that no upload has. The archive counts over all chats, so nobody can say whose records they were.
    async fn gaps(&self, cx: &Context<'_>, group: &NativeId) -> Result<Vec<Note>, ConnectorError> {
        let archives = archives(cx, groups::id(group)?).await?;
        let (mut notes, mut more) = (Vec::new(), 0_u64);
        let mut place = Place::default();
        while let Some(upload) = archives.get(place.upload) {
            let before = place.last.max(place.high);
            let (rows, next) = step(cx, upload, place).await?;
            for (first, last) in archive::gaps(before, &rows) {
                if notes.len() < MAX_GAPS {
                    notes.push(Note::new("gap-archive").with("first", first).with("last", last));
                } else {
                    more += 1;
                }
            }
            place = next;
        }
        if more > 0 {
            notes.push(Note::new("gap-archive-more").with("n_more", more));
        }
        Ok(notes)
    }
}

/// The message of a group, not older than `since`, that holds these words, if an archive that was handed in has it.
pub(super) async fn holds(
    cx: &Context<'_>,
    room: &str,
    words: &str,
    since: Option<Time>,
) -> Result<Option<NativeId>, ConnectorError> {
    let wanted = squeezed(words);
    let archives = archives(cx, room).await?;
    let mut place = Place::default();
    while let Some(upload) = archives.get(place.upload) {
        let (rows, next) = step(cx, upload, place).await?;
        let ours = rows.into_iter().filter(|row| row.room.as_deref() == Some(room));
        let found = ours.filter_map(|row| row.record).find(|record| {
            let new = since.is_none_or(|since| record.at >= since);
            let said = record.text.as_deref().map(squeezed).unwrap_or_default();
            record.kind == RecordKind::Message && new && said.contains(&wanted)
        });
        if let Some(record) = found {
            return Ok(Some(record.id));
        }
        place = next;
    }
    Ok(None)
}

/// Words without white space: clients break lines in their own way.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whole records from a place on, without those that an earlier upload had, and the place after them.
async fn step(cx: &Context<'_>, upload: &Upload, place: Place) -> Result<(Vec<Row>, Place), ConnectorError> {
    let mut window = WINDOW;
    let (rows, used) = loop {
        let bytes = inbox::range(cx, upload, place.offset, window).await?;
        let end = place.offset + bytes.len() as u64 >= upload.bytes;
        // Within an upload numbers only rise; an upload may repeat what another one had.
        let portion = archive::read(&bytes, place.last).map_err(broken)?;
        match (portion.cut, end) {
            (true, true) => return Err(broken(Broken::CutOff)),
            (true, false) if portion.rows.is_empty() && window > MAX_ROW as u64 => {
                return Err(broken(Broken::TooLong));
            }
            (true, false) if portion.rows.is_empty() => window *= 2,
            _ => break (portion.rows, portion.used),
        }
    };
    let last = rows.last().map_or(place.last, |row| Some(row.seq));
    let fresh = rows.into_iter().filter(|row| place.high.is_none_or(|high| row.seq > high)).collect();
    let offset = place.offset + used as u64;
    let next = if offset < upload.bytes && used > 0 {
        Place { offset, last, ..place }
    } else {
        Place { upload: place.upload + 1, offset: 0, high: last.max(place.high), last: None }
    };
    Ok((fresh, next))
}

async fn archives(cx: &Context<'_>, room: &str) -> Result<Vec<Upload>, ConnectorError> {
    let all: Vec<Upload> = inbox::list(cx, room).await?.into_iter().filter(Upload::is_archive).collect();
    // Without an archive there is no history to be had, which is not the same as an empty one.
    if all.is_empty() {
        let says = "no archive of messages was handed in";
        return Err(ConnectorError::new(Kind::Conflict, says).retry(Retry::Backoff));
    }
    Ok(all)
}

fn broken(why: Broken) -> ConnectorError {
    errors::protocol(why.says(), Asks::Read)
}
