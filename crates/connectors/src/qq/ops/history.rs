//! The history, oldest first, from an interface that begins with the newest.
//!
//! The first page walks back to the beginning and leaves anchors on the way: ids of messages with which a page ends.
//! Every later page takes the oldest anchor off. The cursor carries the anchors, and the last message that was taken,
//! so that nothing is kept here and a resumed export reads the same pages. When the anchors are too many, every other one
//! is left out, and the gap is walked when its turn comes. The file area follows as a page of its own; whoever comes back
//! to that page later gets what was said in the meantime first.
//!
//! A page that goes back ends with its anchor, or holds nothing that was seen; anything else is a page that was answered
//! twice, and an error. The walk stops when nothing older comes.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, ExportPage, Exporter, Kind};
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use bytes::Bytes;

use super::api::Api;
use super::files;
use crate::qq::errors::{self, Asks};
use crate::qq::wire::files::without_bus;
use crate::qq::wire::ids;
use crate::qq::wire::implementation::Paging;
use crate::qq::wire::messages::Message;
use crate::qq::wire::replies::{FileUrl, History as Reply};
use crate::qq::wire::requests;

/// Most anchors in a cursor.
const MAX_ANCHORS: usize = 256;
/// Most pages of one walk: half a million messages.
const MAX_WALK: usize = 10_000;
/// Most messages that a page may hold, whatever was asked for.
const MAX_PAGE: usize = 1000;

/// The history.
pub(super) struct History {
    /// Most anchors in a cursor.
    anchors: usize,
}

impl History {
    /// With the usual number of anchors.
    pub(super) const USUAL: Self = Self { anchors: MAX_ANCHORS };
}

#[async_trait]
impl Exporter for History {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let api = Api::new(cx)?;
        let number = ids::number(group)?;
        let at = if let Some(text) = cursor {
            Cursor::parse(text)?
        } else {
            let paging = api.implementation().await?.0.paging();
            // Some implementations answer for groups that one has left, with whatever they have kept.
            api.group(group).await?;
            Cursor { paging, until: None, anchors: Vec::new() }
        };
        let mut walk = Walk { api: &api, group: number, anchors: self.anchors, at };
        let records = walk.take().await?;
        if records.is_empty() {
            return files::page(&api, number, walk.at.paging).await;
        }
        let paging = walk.at.paging;
        let records = records.into_iter().map(|message| message.record(paging)).collect();
        Ok(ExportPage::new(records, Some(walk.at.text())))
    }

    async fn media(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Bytes, ConnectorError> {
        let api = Api::new(cx)?;
        if id.as_str().starts_with("http://") || id.as_str().starts_with("https://") {
            return api.fetch(id.as_str()).await;
        }
        let (file, busid) = without_bus(id.as_str());
        let found: FileUrl = api.ask(&requests::file_url(ids::number(group)?, file, busid)).await?;
        api.fetch(&found.url).await
    }

    /// Nobody tells how many there are.
    async fn count(&self, cx: &Context<'_>, group: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Api::new(cx)?.group(group).await.map(|_| None)
    }
}

/// Where an export stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cursor {
    paging: Paging,
    /// The last message that was taken, and its time.
    until: Option<(String, u32)>,
    /// Pages still to be taken, the oldest last. Below them all is the newest page, which has no anchor.
    anchors: Vec<String>,
}

impl Cursor {
    fn parse(text: &str) -> Result<Self, ConnectorError> {
        let invalid = || ConnectorError::new(Kind::Invalid, "the cursor is not one of ours");
        let parts: Vec<&str> = text.split(';').collect();
        let [paging, until, anchors] = parts.as_slice() else { return Err(invalid()) };
        let number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let anchors: Vec<String> =
            anchors.split(',').filter(|anchor| !anchor.is_empty()).map(str::to_owned).collect();
        if !anchors.iter().all(|anchor| number(anchor)) || anchors.len() > MAX_ANCHORS {
            return Err(invalid());
        }
        let (id, time) = until.split_once('@').ok_or_else(invalid)?;
        let time = time.parse().map_err(|_| invalid())?;
        if !number(id) {
            return Err(invalid());
        }
        let paging = Paging::of_letter(paging).ok_or_else(invalid)?;
        Ok(Self { paging, until: Some((id.to_owned(), time)), anchors })
    }

    fn text(&self) -> String {
        let (id, time) = self.until.clone().unwrap_or_default();
        format!("{};{id}@{time};{}", self.paging.letter(), self.anchors.join(","))
    }

    /// Leaves out every other anchor when there are too many, but not the oldest.
    fn thin(&mut self, most: usize) {
        if self.anchors.len() <= most {
            return;
        }
        let kept = self.anchors.iter().rev().step_by(2).cloned();
        self.anchors = kept.collect();
        self.anchors.reverse();
    }
}

/// A walk through the history of one group.
struct Walk<'a> {
    api: &'a Api<'a>,
    group: &'a str,
    anchors: usize,
    at: Cursor,
}

impl Walk<'_> {
    /// Takes the next messages; none when the newest was taken.
    async fn take(&mut self) -> Result<Vec<Message>, ConnectorError> {
        let mut steps = 0;
        loop {
            let mut anchor = self.at.anchors.pop();
            let mut page = self.fetch(anchor.as_deref()).await?;
            while !self.reaches(&page) {
                steps += 1;
                if steps > MAX_WALK {
                    return Err(errors::protocol("a history without end", Asks::Read));
                }
                let Some(oldest) = page.first().and_then(|message| self.id(message)) else { break };
                let oldest = oldest.to_owned();
                let older = self.fetch(Some(&oldest)).await?;
                let seen: BTreeSet<&str> = page.iter().filter_map(|message| self.id(message)).collect();
                let fresh = older.iter().filter(|message| self.id(message) != Some(&oldest));
                if fresh.clone().any(|message| self.id(message).is_some_and(|id| seen.contains(id))) {
                    return Err(errors::protocol("a page of history that came again", Asks::Read));
                }
                let taken = self.at.until.as_ref().map(|(id, _)| id.as_str());
                let continues = taken.is_some() && older.last().and_then(|last| self.id(last)) == taken;
                // Nothing older: this is the beginning. Or what is older was taken, up to here.
                if fresh.count() == 0 || continues {
                    break;
                }
                self.at.anchors.extend(anchor.replace(oldest));
                self.at.thin(self.anchors);
                page = older;
            }
            let messages = self.untaken(page);
            if let Some(last) = messages.last() {
                let id = self.id(last).unwrap_or_default().to_owned();
                self.at.until = Some((id, last.head.time));
            }
            if anchor.is_none() || !messages.is_empty() {
                return Ok(messages);
            }
        }
    }

    /// A page that ends with `anchor`, or the newest one; oldest first.
    async fn fetch(&self, anchor: Option<&str>) -> Result<Vec<Message>, ConnectorError> {
        let call = requests::history(self.at.paging, self.group, anchor);
        let reply = match self.api.ask::<Reply>(&call).await {
            Err(error) if anchor.is_none() && errors::is_no_message(&error) => return Ok(Vec::new()),
            reply => reply?,
        };
        if reply.messages.len() > MAX_PAGE {
            return Err(errors::protocol("a page of history without end", Asks::Read));
        }
        let strange = || errors::protocol("a message of another shape", Asks::Read);
        let mut page = Vec::with_capacity(reply.messages.len());
        let mut seen = BTreeSet::new();
        for raw in reply.messages {
            let message = Message::read(raw).ok_or_else(strange)?;
            if seen.insert(self.id(&message).ok_or_else(strange)?.to_owned()) {
                page.push(message);
            }
        }
        let placed = page.iter().all(|message| message.place(self.at.paging).is_some());
        if placed {
            page.sort_by_key(|message| message.place(self.at.paging));
        } else if page.first().map(|first| first.head.time) > page.last().map(|last| last.head.time) {
            page.reverse();
        }
        let at = page.iter().position(|message| self.id(message) == anchor);
        if anchor.is_some() && at.is_some_and(|at| at + 1 != page.len()) {
            return Err(errors::protocol("a page of history that does not end where it should", Asks::Read));
        }
        Ok(page)
    }

    fn id<'m>(&self, message: &'m Message) -> Option<&'m str> {
        message.anchor(self.at.paging)
    }

    /// Whether a page goes back as far as what was taken.
    fn reaches(&self, page: &[Message]) -> bool {
        let Some((id, time)) = &self.at.until else { return page.is_empty() };
        let earlier = page.first().is_some_and(|first| first.head.time < *time);
        page.is_empty() || earlier || page.iter().any(|message| self.id(message) == Some(id))
    }

    /// What of a page was not taken yet. A message that was taken may have been recalled since; its time then tells.
    fn untaken(&self, mut page: Vec<Message>) -> Vec<Message> {
        let Some((id, time)) = &self.at.until else { return page };
        if let Some(at) = page.iter().position(|message| self.id(message) == Some(id)) {
            return page.split_off(at + 1);
        }
        page.retain(|message| message.head.time >= *time);
        page
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// With very few anchors.
    pub(in crate::qq::ops) const FEW: History = History { anchors: 8 };

    #[test]
    fn a_cursor_survives_its_text_and_a_strange_one_is_refused() {
        let cursor = Cursor {
            paging: Paging::UpToNumber,
            until: Some(("-7".to_owned(), 9)),
            anchors: vec!["1".to_owned(), "2".to_owned()],
        };
        assert_eq!(Cursor::parse(&cursor.text()).unwrap(), cursor);
        for bad in ["", "r;;", "x;1@1;", "r;1;", "r;1@x;", "r;1@1;a", "r;1@1;1;2"] {
            assert_eq!(Cursor::parse(bad).unwrap_err().kind, Kind::Invalid, "{bad}");
        }
    }

    #[test]
    fn anchors_are_thinned_and_the_oldest_stays() {
        let anchors: Vec<String> = (0..=MAX_ANCHORS).map(|n| n.to_string()).collect();
        let mut cursor = Cursor { paging: Paging::UpToId, until: None, anchors: anchors.clone() };
        cursor.thin(MAX_ANCHORS);
        assert_eq!(cursor.anchors.len(), MAX_ANCHORS / 2 + 1);
        assert_eq!(cursor.anchors.last(), anchors.last());
        assert_eq!(cursor.anchors.first(), anchors.first());
    }
}
