//! Listing and reading: groups that an app made, and customer groups.

use adjourn_connector_kit::{ConnectorError, Context, GroupRef, Kind, Page};
use adjourn_domain::group::{Activity, Kind as GroupKind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::ids::NativeId;

use super::super::errors::{self, Asks};
use super::super::wire::replies::{self, AppChat, AppChatInfo, CustomerChat, CustomerChatInfo, CustomerList};
use super::super::wire::requests;
use super::super::{PLATFORM, auth};
use super::api::Api;
use super::unlink;

/// Groups of the app that are looked at for one page: there is no call that lists them.
const APPS_PAGE: usize = 20;
/// Longest id of a chat that is asked for.
const MAX_ID: usize = 128;
/// How a cursor into the app's groups begins.
const AT_APP: &str = "app:";
/// How a cursor into the customer groups begins.
const AT_CUSTOMER: &str = "customer:";
/// Detail that tells the two kinds apart.
pub(in crate::wecom) const CHAT_KIND: &str = "chat";

/// What kind of group an id names, as far as that is known without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wecom) enum Chat {
    /// Made by the app.
    App,
    /// A customer group, or one of the app's that the settings forgot.
    Customer,
}

impl Chat {
    /// Ids that the settings name are the app's; of the others it shows when they are read.
    pub(in crate::wecom) fn of(cx: &Context<'_>, id: &str) -> Self {
        if auth::app_chats(cx).iter().any(|chat| chat == id) { Self::App } else { Self::Customer }
    }
}

/// A group as it was read.
pub(in crate::wecom) enum Seen {
    /// One of the app's.
    App(AppChatInfo),
    /// A customer group.
    Customer(CustomerChatInfo),
}

/// The id, if it can be one.
pub(in crate::wecom) fn id(group: &NativeId) -> Result<&str, ConnectorError> {
    let id = group.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(plain) {
        Ok(id)
    } else {
        Err(ConnectorError::new(Kind::NotFound, "not an id of this platform"))
    }
}

/// Reads a group. An id that may be a customer group's and is none is looked for among the app's.
pub(in crate::wecom) async fn see(api: &Api<'_>, chat: &str) -> Result<Seen, ConnectorError> {
    if Chat::of(api.context(), chat) == Chat::App {
        return app(api, chat).await.map(Seen::App);
    }
    match customer(api, chat).await {
        Ok(seen) => Ok(Seen::Customer(seen)),
        Err(error) if is_elsewhere(&error) => match app(api, chat).await {
            Ok(seen) => Ok(Seen::App(seen)),
            // What the customer side said is the better answer where the other side has nothing to say.
            Err(other) if other.kind == Kind::Permission => Err(error),
            Err(other) => Err(other),
        },
        Err(error) => Err(error),
    }
}

/// Whether the customer side said that the group is not one of its own, or that nobody may ask there.
fn is_elsewhere(error: &ConnectorError) -> bool {
    error.kind == Kind::Permission || errors::number(error) == Some(errors::NOT_CUSTOMER)
}

/// A group that the app made.
pub(in crate::wecom) async fn app(api: &Api<'_>, chat: &str) -> Result<AppChatInfo, ConnectorError> {
    let info = api.ask::<AppChat>(&requests::app_chat(chat)).await?.chat_info;
    replies::sized(&info.name, info.userlist.len())?;
    same(&info.chatid, chat)?;
    Ok(info)
}

/// A customer group.
pub(in crate::wecom) async fn customer(
    api: &Api<'_>,
    chat: &str,
) -> Result<CustomerChatInfo, ConnectorError> {
    let info = api.ask::<CustomerChat>(&requests::customer_chat(chat)).await?.group_chat;
    replies::sized(&info.name, info.member_list.len())?;
    same(&info.chat_id, chat)?;
    Ok(info)
}

fn same(is: &str, asked: &str) -> Result<(), ConnectorError> {
    if is == asked { Ok(()) } else { Err(errors::protocol("another group than was asked for", Asks::Read)) }
}

/// A page: first the app's groups, as the settings name them, then the customer groups, as the platform lists them.
pub(in crate::wecom) async fn list(
    cx: &Context<'_>,
    cursor: Option<&str>,
) -> Result<Page<GroupRef>, ConnectorError> {
    let api = Api::open(cx).await?;
    if let Some(at) = cursor.and_then(|cursor| cursor.strip_prefix(AT_CUSTOMER)) {
        return customers(&api, Some(at).filter(|at| !at.is_empty())).await;
    }
    let at = cursor.map_or(Some(0), |cursor| cursor.strip_prefix(AT_APP)?.parse().ok());
    let at: usize = at.ok_or_else(|| ConnectorError::new(Kind::Invalid, "not a cursor of this platform"))?;
    apps(&api, at).await
}

async fn apps(api: &Api<'_>, at: usize) -> Result<Page<GroupRef>, ConnectorError> {
    let all = auth::app_chats(api.context());
    if all.is_empty() {
        return customers(api, None).await;
    }
    let mut items = Vec::new();
    for chat in all.iter().skip(at).take(APPS_PAGE) {
        match app(api, chat).await {
            Ok(info) => items.push(GroupRef { native: chat.as_str().into(), name: named(info.name) }),
            // The settings may name groups that have ended since, or that another app made.
            Err(error) if errors::is_gone(&error) || errors::number(&error) == Some(errors::NOT_OURS) => {}
            Err(error) => return Err(error),
        }
    }
    let seen = at.saturating_add(APPS_PAGE);
    let next = if seen < all.len() { format!("{AT_APP}{seen}") } else { AT_CUSTOMER.to_owned() };
    Ok(Page { items, next: Some(next) })
}

async fn customers(api: &Api<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    let page: CustomerList = match api.ask(&requests::customer_list(cursor, None)).await {
        Ok(page) => page,
        // An app that may not see customer groups has none.
        Err(error) if cursor.is_none() && has_apps(api) && error.kind == Kind::Permission => {
            return Ok(Page { items: Vec::new(), next: None });
        }
        Err(error) => return Err(error),
    };
    let next = Some(page.next_cursor).filter(|next| !next.is_empty());
    if next.is_some() && next.as_deref() == cursor {
        return Err(errors::protocol("a page that leads to itself", Asks::Read));
    }
    let items = page.group_chat_list.into_iter();
    let items = items.map(|line| GroupRef { native: line.chat_id.into(), name: None }).collect();
    Ok(Page { items, next: next.map(|next| format!("{AT_CUSTOMER}{next}")) })
}

fn has_apps(api: &Api<'_>) -> bool {
    !auth::app_chats(api.context()).is_empty()
}

fn named(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

/// A group with its owner, members and robots.
pub(in crate::wecom) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let chat = id(group)?;
    let api = Api::open(cx).await?;
    let seen = see(&api, chat).await?;
    let mut links = Vec::new();
    for robot in auth::robots(cx, chat)? {
        if unlink::is_there(cx, &robot).await? {
            let id = unlink::link_id(&robot).into();
            links.push(Link { id, kind: LinkKind::Bot, name: robot.name, own: false });
        }
    }
    let bots = auth::bots(cx);
    let (name, owner, kind, details, members) = match seen {
        Seen::App(info) => {
            let member = |user: String| Member {
                standing: if user == info.owner { Standing::Owner } else { Standing::Member },
                bot: bots.contains(&user),
                name: String::new(),
                id: user.into(),
            };
            let members: Vec<Member> = info.userlist.into_iter().map(member).collect();
            (info.name, info.owner, GroupKind::Enterprise, "app", members)
        }
        Seen::Customer(info) => {
            let standing = |user: &str| match user {
                user if user == info.owner => Standing::Owner,
                user if info.admin_list.iter().any(|admin| admin.userid == user) => Standing::Admin,
                _ => Standing::Member,
            };
            let member = |member: replies::CustomerMember| Member {
                standing: standing(&member.userid),
                bot: member.kind == 1 && bots.contains(&member.userid),
                name: member.name,
                id: member.userid.into(),
            };
            let members = info.member_list.into_iter().map(member).collect();
            (info.name, info.owner.clone(), GroupKind::ExternalCustomer, "customer", members)
        }
    };
    // A group whose owner has resigned and left it has none that could act.
    let owners = members.iter().filter(|member| member.id.as_str() == owner).map(|owner| owner.id.clone());
    let snapshot = Snapshot {
        platform: PLATFORM.into(),
        connection: cx.connection.clone(),
        native: group.clone(),
        name: named(name),
        alias: None,
        kind,
        owners: owners.collect(),
        members,
        links,
        encrypted: false,
        activity: Activity::Unknown,
        events: None,
        details: [(CHAT_KIND.to_owned(), details.to_owned())].into(),
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    };
    Ok(snapshot.sorted())
}
