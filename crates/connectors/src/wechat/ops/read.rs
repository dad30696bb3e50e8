//! Reads: who, which groups, one group.

use adjourn_connector_kit::{ConnectorError, Context, GroupRef, IdentityInfo, Page};
use adjourn_domain::group::{Activity, Kind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::ids::NativeId;

use super::{call, files};
use crate::wechat::{auth, descriptor, wire};

pub(super) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let me: wire::Me = wire::read(&call(cx, wire::get(cx, &["me"], &[])?).await?)?;
    wire::name(&me.account)?;
    Ok(IdentityInfo {
        account: me.account.into(),
        server: None,
        capabilities: descriptor::effective(&me.scopes),
    })
}

pub(super) async fn list(cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    let query: Vec<(&str, &str)> = cursor.map(|after| ("after", after)).into_iter().collect();
    let page: wire::Groups = wire::read(&call(cx, wire::get(cx, &["groups"], &query)?).await?)?;
    if page.next.is_some() && cursor == page.next.as_deref() {
        return Err(ConnectorError::protocol("a page that leads to itself"));
    }
    let items = page.groups.into_iter().map(|line| {
        wire::name(line.name.as_deref().unwrap_or_default())?;
        Ok(GroupRef { native: line.id.into(), name: line.name })
    });
    Ok(Page { items: items.collect::<Result<_, ConnectorError>>()?, next: page.next })
}

/// What the inbox knows of the group.
pub(super) async fn view(cx: &Context<'_>, group: &NativeId) -> Result<wire::GroupView, ConnectorError> {
    let path = ["groups", group.as_str()];
    let view: wire::GroupView = wire::read(&call(cx, wire::get(cx, &path, &[])?).await?)?;
    if view.id != group.as_str() {
        return Err(ConnectorError::protocol("another group than was asked for"));
    }
    wire::name(view.name.as_deref().unwrap_or_default())?;
    Ok(view)
}

/// What hangs on the group: bots among its members, and what was registered by hand.
pub(super) fn links(cx: &Context<'_>, view: &wire::GroupView) -> Vec<Link> {
    let bots = auth::bots(cx);
    let members = view.members.iter().flatten().filter(|member| bots.contains(&member.account));
    let bots = members.map(|bot| Link {
        id: NativeId(bot.account.clone()),
        kind: LinkKind::Bot,
        name: bot.name.clone(),
        own: false,
    });
    let registered = view.links.iter().map(|link| Link {
        id: NativeId(link.id.clone()),
        kind: link.kind,
        name: link.name.clone(),
        own: false,
    });
    bots.chain(registered).collect()
}

pub(super) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let view = view(cx, group).await?;
    let newest = files::newest(cx, group).await?;
    let bots = auth::bots(cx);
    let told = |known: bool| if known { "told" } else { "unknown" }.to_owned();
    let mut details: std::collections::BTreeMap<String, String> = [
        ("owner".to_owned(), told(view.owner.is_some())),
        ("members".to_owned(), told(view.members.is_some())),
        ("uploads".to_owned(), view.uploads.to_string()),
    ]
    .into();
    details.extend(view.listed_at.map(|at| ("listed_at".to_owned(), at.to_string())));
    let member = |member: &wire::MemberView| Member {
        id: NativeId(member.account.clone()),
        name: member.name.clone(),
        standing: if view.owner.as_ref() == Some(&member.account) {
            Standing::Owner
        } else {
            Standing::Member
        },
        bot: bots.contains(&member.account),
    };
    let mut members: Vec<Member> = view.members.iter().flatten().map(member).collect();
    if let Some(owner) =
        view.owner.as_ref().filter(|owner| members.iter().all(|one| one.id.as_str() != *owner))
    {
        // Lists as CSV name the owner and count the members.
        let owner = wire::MemberView { account: owner.clone(), name: String::new() };
        members.push(member(&owner));
    }
    let snapshot = Snapshot {
        platform: "wechat".into(),
        connection: cx.connection.clone(),
        native: group.clone(),
        name: view.name.clone(),
        alias: None,
        kind: Kind::Ordinary,
        owners: view.owner.iter().cloned().map(NativeId).collect(),
        members,
        links: links(cx, &view),
        encrypted: false,
        activity: newest.as_ref().and_then(|upload| upload.last_at).map_or(Activity::Unknown, Activity::At),
        events: newest.map(|upload| upload.records),
        details,
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    };
    Ok(snapshot.sorted())
}
