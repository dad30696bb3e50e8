//! Listing rooms, and looking at one.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, GroupRef, Kind, Page};
use adjourn_domain::group::{Activity, Kind as GroupKind, Link, LinkKind, Snapshot};
use adjourn_domain::ids::{NativeId, PlatformId};
use serde_json::Value;

use super::super::errors::{self, Asks};
use super::super::wire::events::{self, MessagesPage};
use super::super::wire::rooms::{JoinedRooms, RoomDetails, RoomsPage, UsersPage};
use super::super::wire::state::{AdminState, RoomState, StateEvent};
use super::super::wire::{ids, requests};
use super::super::{PLATFORM, auth};
use super::api::Api;

/// Rooms in one page of the list.
const PAGE: u32 = 100;
/// Most pages of bot accounts that are read.
const MAX_BOT_PAGES: usize = 20;

/// Rooms of the server for a server admin, else rooms that the identity has joined.
pub(crate) async fn list(cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    let api = Api::new(cx)?;
    let from = match cursor {
        Some(text) => Some(text.parse::<u64>().map_err(|_| ConnectorError::new(Kind::Invalid, "cursor"))?),
        None => None,
    };
    let page: RoomsPage = match api.read(&requests::rooms(PAGE, from, None)).await {
        Ok(page) => page,
        Err(error) if errors::is_no_admin(&error) && from.is_none() => return joined(&api).await,
        Err(error) => return Err(error),
    };
    if page.next_batch.is_some_and(|next| next <= from.unwrap_or(0)) {
        return Err(errors::protocol("the list of rooms does not advance", Asks::Read));
    }
    let items = page
        .rooms
        .into_iter()
        .map(|room| GroupRef { native: room.room_id.into(), name: filled(room.name) })
        .collect();
    Ok(Page { items, next: page.next_batch.map(|next| next.to_string()) })
}

async fn joined(api: &Api<'_>) -> Result<Page<GroupRef>, ConnectorError> {
    let rooms: JoinedRooms = api.read(&requests::joined_rooms()).await?;
    let items =
        rooms.joined_rooms.into_iter().map(|room| GroupRef { native: room.into(), name: None }).collect();
    Ok(Page { items, next: None })
}

/// A room with its owners, members and links.
pub(crate) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let api = Api::new(cx)?;
    let room = ids::room(group)?;
    let seen = see(&api, room).await?;
    let me = auth::account(&api).await?;
    let state = &seen.state;
    let bots = bots(&api, state, seen.details.is_some()).await?;
    // An identity that came in only to freeze or to announce is no member of the group that is being ended.
    let entered = state.has_entered(&me);
    let mut members = state.members(&bots);
    members.retain(|member| !entered || member.id.as_str() != me);
    let power = state.power();
    let mut links = state.links();
    links.extend(account_links(cx, &members, &me));
    let mut details = state.details();
    if let Some(found) = &seen.details {
        let remote =
            found.joined_members.saturating_sub(found.joined_local_members.unwrap_or(found.joined_members));
        details.insert("remote_members".to_owned(), remote.to_string());
        // A closed room has no state any more, and would look like one of version 1.
        details.extend(found.version.clone().map(|version| ("room_version".to_owned(), version)));
        details.insert("joined_members".to_owned(), found.joined_members.to_string());
    }
    if entered {
        details.insert("entered".to_owned(), me.clone());
    }
    let name = seen.details.as_ref().and_then(|found| found.name.clone());
    let alias = seen.details.as_ref().and_then(|found| found.canonical_alias.clone());
    let own_text = |kind, field| state.text(kind, field).map(str::to_owned);
    Ok(Snapshot {
        platform: PlatformId::from(PLATFORM),
        connection: cx.connection.clone(),
        native: group.clone(),
        name: filled(name).or_else(|| own_text("m.room.name", "name")),
        alias: filled(alias).or_else(|| own_text("m.room.canonical_alias", "alias")),
        kind: GroupKind::Ordinary,
        owners: members
            .iter()
            .filter(|member| power.of(member.id.as_str()) >= super::super::wire::power::Power::OWNER)
            .map(|member| member.id.clone())
            .collect(),
        members,
        links,
        encrypted: state.content("m.room.encryption", "").is_some(),
        activity: activity(&api, room, seen.details.is_some()).await?,
        events: None,
        details,
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    }
    .sorted())
}

/// A room's state, with the server's details where the identity is a server admin.
pub(crate) struct Seen {
    /// What a server admin sees.
    pub(crate) details: Option<RoomDetails>,
    /// The state.
    pub(crate) state: RoomState,
}

/// Looks at a room: as a server admin, else as a member.
pub(crate) async fn see(api: &Api<'_>, room: &str) -> Result<Seen, ConnectorError> {
    match api.read::<RoomDetails>(&requests::room(room)).await {
        Ok(details) => {
            let state: AdminState = api.read(&requests::room_state(room)).await?;
            Ok(Seen { details: Some(details), state: state.state.into() })
        }
        Err(error) if errors::is_no_admin(&error) => {
            let state: Vec<StateEvent> = api.read(&requests::state(room)).await?;
            Ok(Seen { details: None, state: state.into() })
        }
        Err(error) => Err(error),
    }
}

/// Accounts of the settings (user ids or local parts), and those that the server calls bots.
async fn bots(api: &Api<'_>, state: &RoomState, admin: bool) -> Result<BTreeSet<String>, ConnectorError> {
    let configured = configured(api.context(), "bots");
    let mut bots: BTreeSet<String> = state
        .with_membership("join")
        .filter(|user| is_configured(&configured, user))
        .map(str::to_owned)
        .collect();
    let mut from: Option<String> = None;
    for _ in 0..MAX_BOT_PAGES {
        if !admin {
            break;
        }
        let page: UsersPage = api.read(&requests::bot_users(from.as_deref())).await?;
        // A server that does not know the filter sends everybody: the type decides.
        let typed = page.users.into_iter().filter(|user| user.user_type.as_deref() == Some("bot"));
        bots.extend(typed.map(|user| user.name));
        match page.next_token {
            Some(next) if from.as_ref() != Some(&next) => from = Some(next),
            _ => break,
        }
    }
    Ok(bots)
}

/// Bots and webhooks among the members: accounts that hang on the room.
fn account_links(cx: &Context<'_>, members: &[adjourn_domain::group::Member], me: &str) -> Vec<Link> {
    let webhooks = configured(cx, "webhooks");
    let mut links = Vec::new();
    for member in members {
        let user = member.id.as_str();
        let (prefix, kind) = if is_configured(&webhooks, user) {
            ("webhook", LinkKind::Webhook)
        } else if member.bot {
            ("bot", LinkKind::Bot)
        } else {
            continue;
        };
        let name = if member.name.is_empty() { user } else { &member.name };
        links.push(Link {
            id: format!("{prefix}:{user}").into(),
            kind,
            name: name.to_owned(),
            own: user == me,
        });
    }
    links
}

fn configured(cx: &Context<'_>, name: &str) -> BTreeSet<String> {
    let text = cx.settings.get(name).map(String::as_str).unwrap_or_default();
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

fn is_configured(entries: &BTreeSet<String>, user: &str) -> bool {
    let local = user.strip_prefix('@').and_then(|rest| rest.split(':').next());
    entries.contains(user) || local.is_some_and(|local| entries.contains(local))
}

/// The time of the last event.
async fn activity(api: &Api<'_>, room: &str, admin: bool) -> Result<Activity, ConnectorError> {
    let page: MessagesPage = match api.read(&requests::messages(admin, room, false, 1, None)).await {
        Ok(page) => page,
        Err(error) if matches!(error.kind, Kind::Permission | Kind::NotFound) => {
            return Ok(Activity::Unknown);
        }
        Err(error) => return Err(error),
    };
    let last = page.chunk.first().and_then(|event: &Value| events::record(event));
    Ok(last.map_or(Activity::Unknown, |record| Activity::At(record.at)))
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
