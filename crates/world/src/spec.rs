//! A world as data: what a test or a drill starts from. Everything that is not spelled out follows from counters.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use adjourn_domain::group::{Kind, LinkKind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::group::{Group, Link, Membership};
use crate::past::{Past, PastSpec};

/// Seconds between two messages of a world that has just been made.
const PACE_S: u64 = 90;

static WORLDS: LazyLock<BTreeMap<String, WorldSpec>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/worlds.json")).unwrap_or_default());

/// An account's role in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// None.
    #[default]
    Member,
    /// Main administrator.
    MainAdmin,
    /// Administrator.
    OrgAdmin,
    /// Super administrator, who agrees to what the others do.
    SuperAdmin,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSpec {
    /// Its id.
    pub id: String,
    /// The name that others see.
    pub name: String,
    /// Role in the organisation.
    pub role: Role,
    /// Whether it is a bot.
    pub bot: bool,
    /// Whether it is from outside the organisation.
    pub external: bool,
}

/// A token, and what it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSpec {
    /// The token.
    pub token: String,
    /// Its account.
    pub account: String,
    /// `read`, `post`, `manage`.
    pub scopes: Vec<String>,
    /// Whether it has expired.
    pub expired: bool,
}

/// Something that hangs on a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// Its kind.
    pub kind: LinkKind,
    /// Its name.
    pub name: String,
    /// Whether it is the connection's own bot.
    #[serde(default)]
    pub own: bool,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupSpec {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Account of the owner.
    pub owner: String,
    /// Accounts of administrators.
    pub admins: Vec<String>,
    /// Accounts of plain members.
    pub members: Vec<String>,
    /// Accounts, out of all of these, that are not online.
    pub offline: Vec<String>,
    /// What hangs on it; ids are `l-1`, `l-2` … in this order.
    pub links: Vec<LinkSpec>,
    /// Number of records. The first is the group's creation; `lines` follow, again and again.
    pub records: u32,
    /// Whether the last records are an edit, a redaction, a reaction and a file.
    pub mixed: bool,
    /// A long history before these records, which only the reference platform's API shows.
    pub past: Option<PastSpec>,
}

/// A world.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorldSpec {
    /// The platform that it plays.
    pub platform: String,
    /// When its history begins.
    pub start: Time,
    /// Accounts.
    pub accounts: Vec<AccountSpec>,
    /// Tokens.
    pub tokens: Vec<TokenSpec>,
    /// Groups.
    pub groups: Vec<GroupSpec>,
    /// What members say.
    pub lines: Vec<String>,
    /// Name of the file that a mixed history carries.
    pub file: String,
}

impl WorldSpec {
    /// The world of a platform: `reference` for the suite, `wechat`, `qq`, `dingtalk` and `wecom` for drills. It has
    /// the tokens `PLATFORM-owner`, `PLATFORM-witness`, `PLATFORM-powerless` and `PLATFORM-expired`.
    pub fn of(platform: &str) -> Option<Self> {
        WORLDS.get(platform).cloned()
    }
}

/// Makes a group with its history.
pub(crate) fn group(world: &WorldSpec, spec: &GroupSpec) -> Group {
    let member = |standing: Standing| {
        move |account: &String| {
            (account.clone(), Membership { standing, online: !spec.offline.contains(account) })
        }
    };
    let links = spec.links.iter().zip(1_u32..).map(|(link, n)| Link {
        id: format!("l-{n}"),
        kind: link.kind,
        name: link.name.clone(),
        own: link.own,
    });
    let mut members: BTreeMap<String, Membership> =
        spec.members.iter().map(member(Standing::Member)).collect();
    members.extend(spec.admins.iter().map(member(Standing::Admin)));
    members.extend([&spec.owner].into_iter().map(member(Standing::Owner)));
    let mut group = Group {
        name: spec.name.clone(),
        kind: spec.kind,
        members,
        links: links.collect(),
        ..Group::default()
    };
    group.past = spec.past.clone().map(|past| {
        let bots: Vec<&String> =
            world.accounts.iter().filter(|account| account.bot).map(|account| &account.id).collect();
        let people = group.members.keys().filter(|account| !bots.contains(account)).cloned();
        Past::new(past, world.start, people.collect(), world.lines.clone())
    });
    history(&mut group, world, spec);
    group
}

fn history(group: &mut Group, world: &WorldSpec, spec: &GroupSpec) {
    let bots: Vec<&String> =
        world.accounts.iter().filter(|account| account.bot).map(|account| &account.id).collect();
    let people: Vec<String> =
        group.members.keys().filter(|account| !bots.contains(account)).cloned().collect();
    let mut say = |n: u32, kind: RecordKind, text: Option<String>, target: Option<u32>| {
        let at = world.start.plus_secs(u64::from(n) * PACE_S);
        let sender = if n == 0 { Some(&spec.owner) } else { people.get(n as usize % people.len().max(1)) };
        let sender = sender.cloned().unwrap_or_default();
        let file = (kind == RecordKind::Message && target.is_some())
            .then(|| group.attach("f-1", &world.file, &world.lines.join("\n")));
        // A world is far smaller than the limit, whose refusal is for clients.
        if let Ok(message) = group.push(at, &sender, kind, text) {
            message.target = target.filter(|_| file.is_none()).map(|n| format!("m-{n:05}"));
            message.file = file;
        }
    };
    if spec.records > 0 {
        say(0, RecordKind::System, None, None);
    }
    let mixed = if spec.mixed { 4 } else { 0 };
    let plain = spec.records.saturating_sub(mixed);
    for n in 1..plain {
        let line = world.lines.get((n as usize - 1) % world.lines.len().max(1));
        say(n, RecordKind::Message, line.cloned(), None);
    }
    if spec.mixed {
        let last = world.lines.last().cloned();
        say(plain, RecordKind::Edit, last.clone(), Some(2));
        say(plain + 1, RecordKind::Redaction, None, Some(3));
        say(plain + 2, RecordKind::Reaction, Some("+1".to_owned()), Some(4));
        say(plain + 3, RecordKind::Message, last, Some(0));
        // What was redacted has lost its words.
        if let Some(message) = group.messages.iter_mut().find(|message| message.seq == 3) {
            message.text = None;
        }
    }
}
