//! What members are told: the difference between the world as it was told and as it is, as events, each implementation's
//! way. An account without a connection is told nothing, and not later either.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::simulator::Output;
use adjourn_domain::time::Time;
use adjourn_world::{Group, World};
use serde_json::{Value, json};

use super::socket::frame;
use super::{MAX_EVENTS, QqSim, history, views};
use crate::qq::wire::implementation::Implementation;

/// The world as it was told.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    groups: BTreeMap<String, Seen>,
    /// Who put whom out, until it is told.
    kicks: BTreeMap<(String, String), String>,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    ended: bool,
    messages: usize,
    members: BTreeSet<String>,
}

impl Seen {
    fn of(group: &Group) -> Self {
        Self {
            ended: group.ended.is_some(),
            messages: group.messages.len(),
            members: group.members.keys().cloned().collect(),
        }
    }

    fn is(&self, group: &Group) -> bool {
        self.ended == group.ended.is_some()
            && self.messages == group.messages.len()
            && self.members.len() == group.members.len()
    }
}

impl Known {
    pub(super) fn of(world: &World) -> Self {
        let groups = world.groups.iter().map(|(id, group)| (id.clone(), Seen::of(group)));
        Self { groups: groups.collect(), kicks: BTreeMap::new() }
    }

    /// Notes who put whom out.
    pub(super) fn kicked(&mut self, group: &str, member: &str, by: &str) {
        self.kicks.insert((group.to_owned(), member.to_owned()), by.to_owned());
    }
}

impl QqSim {
    /// Events of everything that changed since the last input, and heartbeats.
    pub(super) fn tell(&mut self, at: Time) -> Vec<Output> {
        let mut news: Vec<(String, Value)> = Vec::new();
        let changed = self
            .world
            .groups
            .iter()
            .filter(|(id, group)| self.told.groups.get(*id).is_none_or(|seen| !seen.is(group)));
        for (id, group) in changed {
            let was = self.told.groups.get(id).cloned().unwrap_or_default();
            news.extend(self.of_group(at, id, group, &was));
        }
        for (id, group) in &self.world.groups {
            if self.told.groups.get(id).is_none_or(|seen| !seen.is(group)) {
                self.told.groups.insert(id.clone(), Seen::of(group));
            }
        }
        self.told.kicks.clear();
        let mut outputs = self.beat(at);
        for (account, event) in news {
            if self.offline.contains(&account) {
                continue;
            }
            let text = event.to_string();
            let listening = self.sessions.iter().filter(|(_, open)| open.events && open.account == account);
            outputs.extend(listening.map(|(session, _)| frame(*session, &text)));
            let kept = self.events.entry(account).or_default();
            if kept.len() < MAX_EVENTS {
                kept.push(event);
            }
        }
        outputs
    }

    /// Who is told what about one group.
    fn of_group(&self, at: Time, id: &str, group: &Group, was: &Seen) -> Vec<(String, Value)> {
        let mut news = Vec::new();
        let mut tell = |account: &String, mut event: Value| {
            if let Some(fields) = event.as_object_mut() {
                fields.entry("time").or_insert_with(|| views::seconds(at).into());
                fields.insert("self_id".to_owned(), views::number(account));
                fields.insert("group_id".to_owned(), views::number(id));
            }
            news.push((account.clone(), event));
        };
        if let (Some(ended), false) = (&group.ended, was.ended) {
            for account in group.members.keys().filter(|account| **account != ended.by) {
                tell(account, self.disband(account, &ended.by));
            }
            return news;
        }
        for gone in was.members.iter().filter(|account| !group.members.contains_key(*account)) {
            let by = self.told.kicks.get(&(id.to_owned(), gone.clone()));
            let event = |sub: &str| {
                json!({
                    "post_type": "notice", "notice_type": "group_decrease", "sub_type": sub,
                    "operator_id": views::number(by.unwrap_or(gone)), "user_id": views::number(gone),
                })
            };
            for account in group.members.keys() {
                tell(account, event(if by.is_some() { "kick" } else { "leave" }));
            }
            if by.is_some() {
                tell(gone, event("kick_me"));
            }
        }
        let new = group.messages.get(was.messages..).unwrap_or_default();
        let shown: BTreeSet<u64> = history::shown(group).iter().map(|message| message.seq).collect();
        for message in new.iter().filter(|message| shown.contains(&message.seq)) {
            let view = views::message(self, id, group, message);
            for account in group.members.keys().filter(|account| **account != message.sender) {
                let mut event = view.clone();
                if let Some(fields) = event.as_object_mut() {
                    fields.insert("post_type".to_owned(), "message".into());
                }
                tell(account, event);
            }
        }
        news
    }

    /// The end, as a member's implementation shows it.
    fn disband(&self, account: &str, by: &str) -> Value {
        let decrease = |sub: &str, operator: &str| {
            json!({
                "post_type": "notice", "notice_type": "group_decrease", "sub_type": sub,
                "operator_id": views::number(operator), "user_id": views::number(account),
            })
        };
        match self.plays {
            Implementation::NapCat | Implementation::Lagrange => decrease("disband", by),
            Implementation::LlOneBot => json!({
                "post_type": "notice", "notice_type": "group_dismiss", "user_id": views::number(by),
            }),
            // It has no word for it: the account seems to have left.
            Implementation::GoCqhttp => decrease("leave", account),
            Implementation::Unknown => decrease("129", by),
        }
    }
}
