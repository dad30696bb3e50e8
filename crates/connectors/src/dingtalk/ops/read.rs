//! Reads: which app this is and what it may do, and one group.

use std::collections::BTreeMap;

use adjourn_connector_kit::{ConnectorError, Context, IdentityInfo, Kind};
use adjourn_domain::group::{Activity, Kind as GroupKind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;

use super::list;
use crate::dingtalk::PLATFORM;
use crate::dingtalk::auth::{self, Api};
use crate::dingtalk::descriptor::{self, Permitted, Way};
use crate::dingtalk::errors::{self, Asks};
use crate::dingtalk::wire::{self, InventoryRow, requests};

/// Detail of a snapshot: which kind of group.
pub(super) const KIND: &str = "group";
/// Value of [`KIND`]: made without a template.
pub(super) const ORDINARY: &str = "ordinary";
/// Value of [`KIND`]: made from a template.
pub(super) const SCENE: &str = "scene";
/// Detail of a snapshot: the second id of an ordinary group.
pub(super) const CHAT: &str = "chatid";
/// The state of a group that was dissolved.
pub(super) const DISSOLVED: i64 = 2;

/// A group that no organisation has: who may ask for it is told that it does not exist, who may not is told that.
const NOWHERE: &str = "cidAdjournProbe==";
/// Most pages of members.
const MAX_PAGES: usize = 100;

/// The app, and what its permissions let it do.
pub(super) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let api = Api::new(cx)?;
    api.groups()?;
    let way = way(cx)?;
    let groups = match api.read::<wire::Scene>(&requests::scene(NOWHERE)).await {
        Ok(_) => true,
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Invalid) => true,
        Err(error) if errors::is_not_ours(&error) => false,
        Err(error) => return Err(error),
    };
    let inventory = list::inventory(&api, 1, None).await?.is_some();
    let permitted = Permitted {
        groups,
        inventory,
        operator: api.operator().is_some(),
        template: api.template().is_some(),
    };
    Ok(IdentityInfo {
        account: api.account().into(),
        server: inventory.then(|| "DingTalk, edition with an inventory".to_owned()),
        capabilities: descriptor::effective(permitted, way),
    })
}

/// How announcements are posted.
pub(super) fn way(cx: &Context<'_>) -> Result<Way, ConnectorError> {
    Way::of(cx.settings.get(auth::ANNOUNCE))
        .ok_or_else(|| ConnectorError::new(Kind::Config, "setting announce: notice, robot or organisation"))
}

/// A group as both APIs tell it.
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) admins: Vec<String>,
    pub(super) people: Vec<(String, String)>,
    pub(super) muted: Option<bool>,
    /// The second id, if it is an ordinary group whose second id is known; `None` for a scene group.
    pub(super) chat: Option<String>,
    pub(super) scene: bool,
}

/// An open group. One that was dissolved is not found.
pub(super) async fn see(api: &Api<'_>, group: &str) -> Result<Seen, ConnectorError> {
    if let Some(chat) = api.chat_of(group)? {
        return see_chat(api, chat).await;
    }
    match scene(api, group).await {
        Ok(scene) => see_scene(api, scene).await,
        Err(error) if errors::is_no_group(&error) => match list::find(api, group, None).await? {
            Some(row) if row.status != list::GONE => Ok(see_row(row)),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// A scene group in short, dissolved or not.
pub(super) async fn scene(api: &Api<'_>, group: &str) -> Result<wire::Scene, ConnectorError> {
    let scene: wire::Scene = api.read(&requests::scene(group)).await?;
    if scene.open_conversation_id != group {
        return Err(errors::protocol("another group than was asked for", Asks::Read));
    }
    wire::name(&scene.title)?;
    Ok(scene)
}

/// An ordinary group, dissolved or not.
pub(super) async fn chat(api: &Api<'_>, chat: &str) -> Result<wire::ChatInfo, ConnectorError> {
    let info = api.read::<wire::Chat>(&requests::chat(chat)).await?.chat_info;
    wire::name(&info.name)?;
    Ok(info)
}

async fn see_chat(api: &Api<'_>, id: String) -> Result<Seen, ConnectorError> {
    let info = chat(api, &id).await?;
    open(info.status)?;
    Ok(Seen {
        name: info.name,
        owner: info.owner,
        admins: Vec::new(),
        people: info.useridlist.into_iter().map(|user| (user, String::new())).collect(),
        muted: Some(info.chat_banned_type == 1),
        chat: Some(id),
        scene: false,
    })
}

async fn see_scene(api: &Api<'_>, scene: wire::Scene) -> Result<Seen, ConnectorError> {
    open(scene.status)?;
    let group = scene.open_conversation_id.as_str();
    let full = scene_full(api, group).await?;
    Ok(Seen {
        people: people(api, group).await?,
        muted: Some(full.management_options.chat_banned_type == "1"),
        admins: full.sub_admin_staff_ids,
        name: scene.title,
        owner: scene.owner_user_id,
        chat: None,
        scene: true,
    })
}

fn see_row(row: InventoryRow) -> Seen {
    Seen {
        people: vec![(row.group_owner_user_id.clone(), String::new())],
        name: row.group_name,
        owner: row.group_owner_user_id,
        admins: Vec::new(),
        muted: None,
        chat: None,
        scene: !row.template_id.is_empty(),
    }
}

/// A scene group in full.
pub(super) async fn scene_full(api: &Api<'_>, group: &str) -> Result<wire::SceneDetail, ConnectorError> {
    let full = api.read::<wire::SceneFull>(&requests::scene_full(group)).await?.result;
    if full.open_conversation_id == group {
        Ok(full)
    } else {
        Err(errors::protocol("another group than was asked for", Asks::Read))
    }
}

/// Refuses a group whose state is not the normal one.
fn open(status: i64) -> Result<(), ConnectorError> {
    match status {
        1 => Ok(()),
        DISSOLVED => Err(ConnectorError::new(Kind::NotFound, "the group was dissolved").upstream("status 2")),
        _ => Err(errors::protocol("a state that no group has", Asks::Read)),
    }
}

/// The people of a scene group, with the names that the platform shows.
async fn people(api: &Api<'_>, group: &str) -> Result<Vec<(String, String)>, ConnectorError> {
    let mut people = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page: wire::Members = api.read(&requests::members(group, token.as_deref())).await?;
        for user in page.member_user_ids {
            let name = page.staff_id_nick_map.get(&user).cloned().unwrap_or_default();
            wire::name(&name)?;
            people.push((user, name));
        }
        match page.next_token {
            _ if !page.has_more => return Ok(people),
            Some(next) if !next.is_empty() && token.as_deref() != Some(next.as_str()) => token = Some(next),
            _ => return Err(errors::protocol("a page that leads to itself", Asks::Read)),
        }
    }
    Err(errors::protocol("members without end", Asks::Read))
}

/// The robots of a group.
pub(super) async fn robots(api: &Api<'_>, group: &str) -> Result<Vec<wire::Robot>, ConnectorError> {
    let robots = api.read::<wire::Robots>(&requests::robots(group)).await?.list;
    robots.iter().try_for_each(|robot| wire::name(&robot.name))?;
    Ok(robots)
}

/// A group with its owner, members and robots.
pub(super) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let api = Api::new(cx)?;
    let seen = see(&api, group.as_str()).await?;
    let robots = robots(&api, group.as_str()).await?;
    let row = list::find(&api, group.as_str(), Some(&seen.name)).await?;
    let standing = |user: &str| match () {
        () if user == seen.owner => Standing::Owner,
        () if seen.admins.iter().any(|admin| admin == user) => Standing::Admin,
        () => Standing::Member,
    };
    let mut members: Vec<Member> = seen
        .people
        .iter()
        .map(|(user, name)| Member {
            id: user.as_str().into(),
            name: name.clone(),
            standing: standing(user),
            bot: false,
        })
        .collect();
    members.extend(robots.iter().map(|robot| Member {
        id: robot.robot_code.as_str().into(),
        name: robot.name.clone(),
        standing: Standing::Member,
        bot: true,
    }));
    let link = |robot: wire::Robot| Link {
        own: robot.robot_code == api.robot(),
        id: robot.robot_code.into(),
        kind: LinkKind::Bot,
        name: robot.name,
    };
    let snapshot = Snapshot {
        platform: PLATFORM.into(),
        connection: cx.connection.clone(),
        native: group.clone(),
        details: details(&seen, row.as_ref()),
        name: Some(seen.name).filter(|name| !name.is_empty()),
        alias: None,
        kind: GroupKind::Enterprise,
        owners: Some(seen.owner).filter(|owner| !owner.is_empty()).map(NativeId).into_iter().collect(),
        members,
        links: robots.into_iter().map(link).collect(),
        encrypted: false,
        activity: row.as_ref().map_or(Activity::Unknown, activity),
        events: None,
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    };
    Ok(snapshot.sorted())
}

fn activity(row: &InventoryRow) -> Activity {
    let at = row.group_last_active_time.filter(|millis| *millis > 0);
    at.map_or(Activity::Unknown, |millis| Activity::At(Time::from_millis(millis)))
}

fn details(seen: &Seen, row: Option<&InventoryRow>) -> BTreeMap<String, String> {
    let kind = if seen.scene { SCENE } else { ORDINARY };
    let mut details = BTreeMap::from([(KIND.to_owned(), kind.to_owned())]);
    if let Some(chat) = &seen.chat {
        details.insert(CHAT.to_owned(), chat.clone());
    }
    if let Some(muted) = seen.muted {
        details.insert("muted".to_owned(), muted.to_string());
    }
    if let Some(row) = row {
        // What stays on the organisation's drive is decided by this switch.
        details.insert("sync_to_dingpan".to_owned(), (row.sync_to_dingpan == 1).to_string());
        details.insert("used_quota".to_owned(), row.used_quota.to_string());
    }
    details
}
