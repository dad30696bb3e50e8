//! Reads: who, which groups, one group, its history.

use adjourn_connector_kit::{
    ConnectorError, Context, CountPage, ExportPage, Exporter, GroupRef, IdentityInfo, Kind, Page,
};
use adjourn_domain::export::{BadItem, Reason};
use adjourn_domain::group::{Link, Member, Snapshot, Standing};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Record};
use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value};

use super::call;
use crate::reference::{auth, descriptor, errors, wire};

pub(super) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let rules = auth::rules(cx)?;
    let me: wire::Me = wire::read(&call(cx, wire::request(cx, Method::GET, &["me"], &[], None)?).await?)?;
    wire::name(&me.account)?;
    Ok(IdentityInfo {
        account: me.account.into(),
        server: Some(me.server),
        capabilities: descriptor::effective(&rules, &me.scopes),
    })
}

pub(super) async fn list(cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    let query: Vec<(&str, &str)> = cursor.map(|after| ("after", after)).into_iter().collect();
    let reply = call(cx, wire::request(cx, Method::GET, &["groups"], &query, None)?).await?;
    let page: wire::Groups = wire::read(&reply)?;
    goes_on(cursor, page.next.as_deref())?;
    let items = page.groups.into_iter().map(|line| {
        wire::name(line.name.as_deref().unwrap_or_default())?;
        Ok(GroupRef { native: line.id.into(), name: line.name })
    });
    Ok(Page { items: items.collect::<Result<_, ConnectorError>>()?, next: page.next })
}

/// A page that leads back to where it began is a page that was answered twice.
fn goes_on(cursor: Option<&str>, next: Option<&str>) -> Result<(), ConnectorError> {
    if next.is_some() && cursor == next {
        return Err(ConnectorError::protocol("a page that leads to itself"));
    }
    Ok(())
}

/// The group as the wire shows it.
pub(super) async fn view(cx: &Context<'_>, group: &NativeId) -> Result<wire::GroupView, ConnectorError> {
    let path = ["groups", group.as_str()];
    let view: wire::GroupView =
        wire::read(&call(cx, wire::request(cx, Method::GET, &path, &[], None)?).await?)?;
    if view.id != group.as_str() {
        return Err(ConnectorError::protocol("another group than was asked for"));
    }
    wire::name(view.name.as_deref().unwrap_or_default())?;
    Ok(view)
}

pub(super) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let view = view(cx, group).await?;
    let owners = view.members.iter().filter(|member| member.standing == Standing::Owner);
    let owners = owners.map(|member| NativeId(member.account.clone())).collect();
    let member = |member: wire::MemberView| Member {
        id: member.account.into(),
        name: member.name,
        standing: member.standing,
        bot: member.bot,
    };
    let link =
        |link: wire::LinkView| Link { id: link.id.into(), kind: link.kind, name: link.name, own: link.own };
    let snapshot = Snapshot {
        platform: auth::platform(cx),
        connection: cx.connection.clone(),
        native: group.clone(),
        name: view.name,
        alias: None,
        kind: view.kind,
        owners,
        members: view.members.into_iter().map(member).collect(),
        links: view.links.into_iter().map(link).collect(),
        encrypted: false,
        activity: view.last_activity,
        events: Some(view.records),
        details: [("frozen".to_owned(), view.frozen.to_string())].into(),
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    };
    Ok(snapshot.sorted())
}

/// Messages that are asked for one by one when a page can't be had, at most; the next page goes on behind them.
const PIECES: usize = 100;

/// The history.
pub(super) struct History;

#[async_trait]
impl Exporter for History {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        messages(cx, group, cursor, None).await
    }

    /// One by one: the position behind a message that can't be read is known without it.
    async fn beyond(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, ConnectorError> {
        let mut at =
            cursor.map_or(Ok(0), str::parse::<u64>).map_err(|_| ConnectorError::protocol("cursor"))?;
        let mut whole = ExportPage::new(Vec::new(), None);
        for _ in 0..PIECES {
            match messages(cx, group, Some(&at.to_string()), Some(1)).await {
                Ok(page) => {
                    whole.records.extend(page.records);
                    whole.bad.extend(page.bad);
                    let Some(next) = page.next else { return Ok(Some(whole)) };
                    at = next.parse().map_err(|_| ConnectorError::protocol("cursor"))?;
                }
                Err(error) if error.kind == Kind::Upstream => {
                    at += 1;
                    dark(&mut whole.bad, at, error.upstream);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Some(ExportPage { next: Some(at.to_string()), ..whole }))
    }

    async fn recount(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        _: Option<&str>,
    ) -> Result<Option<CountPage>, ConnectorError> {
        let path = ["groups", group.as_str(), "days"];
        let counted: wire::ByDay =
            wire::read(&call(cx, wire::request(cx, Method::GET, &path, &[], None)?).await?)?;
        Ok(Some(CountPage { days: counted.days, next: None }))
    }

    async fn media(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Bytes, ConnectorError> {
        let path = ["groups", group.as_str(), "media", id.as_str()];
        let reply = call(cx, wire::request(cx, Method::GET, &path, &[], None)?).await?;
        if !reply.status().is_success() {
            return Err(errors::read(&reply));
        }
        // Half a file looks like a file; the length tells.
        let length = reply.headers().get("x-length").and_then(|value| value.to_str().ok());
        if length.and_then(|text| text.parse::<usize>().ok()) != Some(reply.body().len()) {
            return Err(ConnectorError::protocol("a file of another length than it says"));
        }
        Ok(reply.into_body())
    }

    async fn count(&self, cx: &Context<'_>, group: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Ok(Some(view(cx, group).await?.records))
    }
}

/// A page of messages. What has not the shape of one is a bad item; its position has to be there, because it says where to go on.
async fn messages(
    cx: &Context<'_>,
    group: &NativeId,
    cursor: Option<&str>,
    limit: Option<u32>,
) -> Result<ExportPage, ConnectorError> {
    let limit = limit.map(|limit| limit.to_string());
    let mut query: Vec<(&str, &str)> = cursor.map(|after| ("after", after)).into_iter().collect();
    query.extend(limit.as_deref().map(|limit| ("limit", limit)));
    let path = ["groups", group.as_str(), "messages"];
    let page: wire::Messages =
        wire::read(&call(cx, wire::request(cx, Method::GET, &path, &query, None)?).await?)?;
    goes_on(cursor, page.next.as_deref())?;
    let mut last = cursor.and_then(|after| after.parse::<u64>().ok());
    let mut read = ExportPage::new(Vec::with_capacity(page.messages.len()), page.next);
    for raw in page.messages {
        let seq = raw.get("seq").and_then(Value::as_u64);
        let seq = seq.ok_or_else(|| ConnectorError::new(Kind::Protocol, "a message without a position"))?;
        if last.is_some_and(|last| seq <= last) {
            return Err(ConnectorError::protocol("a message out of order"));
        }
        last = Some(seq);
        let id = raw.get("id").and_then(Value::as_str).map(NativeId::from);
        match record(raw) {
            Some(record) => read.records.push(record),
            None => read.bad.push(BadItem::left_out(Reason::Shape, id, "a message of another shape")),
        }
    }
    Ok(read)
}

/// Notes that the message at a position can't be read; neighbours are one item.
fn dark(bad: &mut Vec<BadItem>, seq: u64, upstream: String) {
    if let Some(before) = bad.last_mut().filter(|item| item.reason == Reason::Page) {
        let first = before.id.as_ref().and_then(|id| id.as_str().split('-').nth(1)?.parse::<u64>().ok());
        if let Some(first) = first.filter(|first| first + before.records == seq) {
            before.records += 1;
            before.id = Some(NativeId(format!("seq-{first}-{seq}")));
            return;
        }
    }
    bad.push(BadItem::left_out(Reason::Page, Some(NativeId(format!("seq-{seq}-{seq}"))), upstream));
}

fn record(raw: Map<String, Value>) -> Option<Record> {
    let raw = Value::Object(raw);
    let view: wire::MessageView = serde_json::from_value(raw.clone()).ok()?;
    let attachment = |file: wire::FileView| Attachment {
        id: file.id.into(),
        name: file.name,
        bytes: Some(file.bytes),
        media_type: Some(file.media_type),
    };
    Some(Record {
        text: view.text,
        reply_to: view.reply_to.map(NativeId),
        target: view.target.map(NativeId),
        attachments: view.file.map(attachment).into_iter().collect(),
        raw,
        ..Record::new(view.id.into(), view.kind, view.at, view.sender.into())
    })
}
