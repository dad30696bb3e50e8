//! Reads: who, which groups, one group.

use adjourn_connector_kit::{ConnectorError, Context, GroupRef, IdentityInfo, Kind, Page};
use adjourn_domain::group::{Activity, Kind as GroupKind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::ids::NativeId;

use super::PLATFORM;
use super::api::Api;
use crate::qq::errors::{self, Asks};
use crate::qq::wire::files::seconds;
use crate::qq::wire::replies::{self, MAX_NAME, Role};
use crate::qq::{auth, descriptor};

/// Detail of a snapshot: the role of the account that looked.
const ROLE: &str = "role";
/// Detail of a snapshot: whether everybody is muted.
const FROZEN: &str = "frozen";

pub(super) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let api = Api::new(cx)?;
    let recovery_s = auth::recovery(cx)?;
    let (implementation, version) = api.implementation().await?;
    let account = api.account().await?;
    let mut capabilities = descriptor::effective(implementation, recovery_s);
    if api.groups().await?.is_empty() {
        capabilities = descriptor::without_groups(capabilities);
    }
    let server = name(&format!("{} {}", version.app_name, version.app_version))?;
    Ok(IdentityInfo { account, server, capabilities })
}

/// All groups at once: the protocol knows no pages of them.
pub(super) async fn list(cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    if cursor.is_some() {
        return Err(ConnectorError::new(Kind::Invalid, "the listing has one page"));
    }
    let groups = Api::new(cx)?.groups().await?.into_iter();
    let items = groups
        .map(|group| Ok(GroupRef { native: group.id.native(), name: name(&group.name)? }))
        .collect::<Result<_, ConnectorError>>()?;
    Ok(Page { items, next: None })
}

pub(super) async fn get(cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
    let api = Api::new(cx)?;
    let account = api.account().await?;
    let found = api.group(group).await?;
    let members = api.members(group).await?;
    let bots = auth::bots(cx);
    let own = members.iter().find(|member| member.user_id.as_str() == account.as_str());
    // Who is in the list of groups and not in the list of members looks at two different moments.
    let role =
        own.ok_or_else(|| errors::protocol("a group without the account that looks", Asks::Read))?.role;
    let last = members.iter().filter_map(|member| member.last_sent_time).max().filter(|&last| last > 0);
    let members = members
        .into_iter()
        .map(|member| {
            let bot = member.is_robot || bots.contains(member.user_id.as_str());
            let shown = member.card.as_deref().filter(|card| !card.is_empty()).unwrap_or(&member.nickname);
            Ok(Member {
                id: member.user_id.native(),
                name: name(shown)?.unwrap_or_default(),
                standing: member.role.standing(),
                bot,
            })
        })
        .collect::<Result<Vec<_>, ConnectorError>>()?;
    let owners = members.iter().filter(|member| member.standing == Standing::Owner);
    let links = members.iter().filter(|member| member.bot);
    let frozen = found.all_shut.map_or("unknown", |shut| if shut == 0 { "false" } else { "true" });
    let snapshot = Snapshot {
        platform: PLATFORM.into(),
        connection: cx.connection.clone(),
        native: group.clone(),
        name: name(&found.name)?,
        alias: None,
        kind: GroupKind::Ordinary,
        owners: owners.map(|member| member.id.clone()).collect(),
        links: links.map(|bot| link(bot, &account)).collect(),
        members,
        encrypted: false,
        activity: last.map_or(Activity::Unknown, |last| Activity::At(seconds(last.into()))),
        events: None,
        details: [(ROLE, role.slug()), (FROZEN, frozen)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        seen_by: cx.identity.clone(),
        seen_at: cx.now,
    };
    Ok(snapshot.sorted())
}

/// The role of the account that took a snapshot; a snapshot that does not tell is a plain member's.
pub(super) fn role_of(group: &Snapshot) -> Role {
    let told = group.details.get(ROLE).map(String::as_str);
    [Role::Owner, Role::Admin].into_iter().find(|role| told == Some(role.slug())).unwrap_or(Role::Member)
}

/// Whether a group says that everybody is muted.
pub(super) fn is_frozen(group: &replies::Group) -> Option<bool> {
    group.all_shut.map(|shut| shut != 0)
}

/// A bot is a member, and it is put out like one.
fn link(bot: &Member, account: &NativeId) -> Link {
    Link { id: bot.id.clone(), kind: LinkKind::Bot, name: bot.name.clone(), own: bot.id == *account }
}

/// Takes a name over, if it is of a length that a name can have; an empty one is none.
fn name(text: &str) -> Result<Option<String>, ConnectorError> {
    if text.len() > MAX_NAME {
        return Err(errors::protocol("a name that is too long", Asks::Read));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}
