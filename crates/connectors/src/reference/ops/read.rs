//! Reads: who, which groups, one group, its history.

use adjourn_connector_kit::{
    ConnectorError, Context, ExportPage, Exporter, GroupRef, IdentityInfo, Kind, Page,
};
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
        let query: Vec<(&str, &str)> = cursor.map(|after| ("after", after)).into_iter().collect();
        let path = ["groups", group.as_str(), "messages"];
        let page: wire::Messages =
            wire::read(&call(cx, wire::request(cx, Method::GET, &path, &query, None)?).await?)?;
        goes_on(cursor, page.next.as_deref())?;
        let mut last = cursor.and_then(|after| after.parse::<u64>().ok());
        let mut records = Vec::with_capacity(page.messages.len());
        for raw in page.messages {
            let (seq, record) = record(raw)?;
            if last.is_some_and(|last| seq <= last) {
                return Err(ConnectorError::protocol("a message out of order"));
            }
            last = Some(seq);
            records.push(record);
        }
        Ok(ExportPage { records, next: page.next })
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

fn record(raw: Map<String, Value>) -> Result<(u64, Record), ConnectorError> {
    let raw = Value::Object(raw);
    let view: wire::MessageView = serde_json::from_value(raw.clone())
        .map_err(|_| ConnectorError::new(Kind::Protocol, "a message of another shape"))?;
    let attachment = |file: wire::FileView| Attachment {
        id: file.id.into(),
        name: file.name,
        bytes: Some(file.bytes),
        media_type: Some(file.media_type),
    };
    let record = Record {
        text: view.text,
        reply_to: view.reply_to.map(NativeId),
        target: view.target.map(NativeId),
        attachments: view.file.map(attachment).into_iter().collect(),
        raw,
        ..Record::new(view.id.into(), view.kind, view.at, view.sender.into())
    };
    Ok((view.seq, record))
}
