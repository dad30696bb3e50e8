//! The phones of the people in a world: what each of them sees in the platform's own app, page by page, and what each
//! button does. Pages are data; whoever serves them draws them. Buttons end in [`ClientAct`]s, so that a page can do
//! nothing that the rules forbid.
//!
//! A phone also has what is on the device alone: which chats are hidden, which records were cleared. The world's groups
//! know nothing of that, which is the difference between hiding, clearing, leaving and dissolving.
//!
//! [`ClientAct`]: crate::ClientAct

mod ended;
mod export;
mod page;
#[cfg(test)]
mod tests;
mod touch;
mod view;
mod words;

use std::collections::BTreeMap;

use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;

pub use page::{Bubble, Field, FieldKind, Form, Page, Row, Section, Shown, Side, Weight};

use crate::group::Group;
use crate::spec::Role;
use crate::world::{Refusal, World, refuse};
use view::View;
use words::Words;

/// What is on devices, and what people have asked of each other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phones {
    devices: BTreeMap<String, Device>,
    asks: BTreeMap<String, Ask>,
    statements: BTreeMap<String, String>,
}

/// What is on one person's device only.
#[derive(Debug, Clone, Default)]
struct Device {
    /// The last message of each group when its chat was hidden; a newer one brings it back.
    hidden: BTreeMap<String, u64>,
    /// The last message of each group that was cleared.
    cleared: BTreeMap<String, u64>,
}

/// A dissolve or a handover under way, by group.
#[derive(Debug, Clone, Default)]
struct Ask {
    by: String,
    scanned: bool,
    verified: bool,
    agreed: Option<String>,
    nominee: Option<String>,
    accepted: bool,
}

impl Phones {
    /// The owner's own words for the notice of the end, used once.
    pub(crate) fn statement(&mut self, group: &str) -> Option<String> {
        self.statements.remove(group)
    }
}

impl World {
    /// A page of somebody's phone: `path` is what follows `/phone`, `query` may carry `lang` and `before`.
    ///
    /// # Errors
    /// `unknown_account`, `unknown_group`, `not_in`, `no_endpoint`.
    pub fn phone(&self, at: Time, query: Option<&str>, path: &[&str]) -> Result<Shown, Refusal> {
        let asked = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let words = Words::of(&self.platform, asked("lang").as_deref().unwrap_or("zh-CN"));
        let Some((who, rest)) = path.split_first() else { return Ok(view::people(self, at, words).into()) };
        if self.accounts.get(*who).is_none_or(|account| account.bot) {
            return refuse("unknown_account");
        }
        let view = View { world: self, at, who, words };
        match rest {
            [] => Ok(view.chats().into()),
            ["hidden"] => Ok(view.hidden().into()),
            ["inbox"] => Ok(view.inbox().into()),
            ["scan"] => Ok(view.scan().into()),
            ["console"] => view.console().map(Shown::from),
            ["chat", id] => view.chat(id, asked("before").and_then(|seq| seq.parse().ok())).map(Shown::from),
            ["chat", id, "info"] => view.info(id).map(Shown::from),
            ["chat", id, "manage"] => view.manage(id).map(Shown::from),
            ["chat", id, "dissolve"] => view.dissolve(id).map(Shown::from),
            ["chat", id, "export"] => export::export(&view, id),
            _ => refuse("no_endpoint"),
        }
    }

    fn role(&self, account: &str) -> Role {
        self.accounts.get(account).map_or(Role::Member, |account| account.role)
    }

    /// Whether the app shows the dissolve to `who` at all.
    fn offered(&self, id: &str, who: &str) -> bool {
        let may = self.may_dissolve(id, who);
        self.group(id).is_ok_and(|group| group.ended.is_none())
            && (may.is_ok() || may.is_err_and(|refusal| refusal.code == "handover_needed"))
    }

    /// The group as it is on the phone of somebody who was in it, ended or not.
    fn on_phone(&self, id: &str, who: &str) -> Result<&Group, Refusal> {
        let group = self.group(id)?;
        if group.members.contains_key(who) { Ok(group) } else { refuse("not_in") }
    }

    /// The first account with a role.
    fn with_role(&self, role: Role) -> Option<&str> {
        self.accounts.values().find(|account| account.role == role).map(|account| account.id.as_str())
    }

    fn manages(&self, id: &str, who: &str) -> bool {
        let group = self.group(id);
        group.is_ok_and(|group| group.members.contains_key(who) && group.standing(who) != Standing::Member)
    }
}

/// Six digits that follow from what they are for. They are no secret: a page shows them.
fn code(purpose: &str, group: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in purpose.bytes().chain([0]).chain(group.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{:06}", (hash >> 20) % 1_000_000)
}
