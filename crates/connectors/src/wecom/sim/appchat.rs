//! Groups that an app makes. There is no call that lists them, and none that dissolves them.

use std::collections::BTreeMap;

use adjourn_connector_kit::transport::Request;
use adjourn_domain::capability::Op;
use adjourn_domain::group::{Kind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_world::{Group, Membership};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::wire::requests::MAX_TEXT;
use super::{Answer, Caller, Refused, WecomSim, body, day, query};

/// Longest name, in characters; the rest is cut off.
const MAX_NAME: usize = 50;
/// Fewest and most members.
const MEMBERS: std::ops::RangeInclusive<usize> = 2..=2000;
/// Groups that an organisation's apps make in a day.
const MADE_A_DAY: u32 = 1000;
/// Messages that a member gets in a minute; what is over it is dropped, and nobody is told.
const GOT_A_MINUTE: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    userlist: Vec<String>,
    #[serde(default)]
    chatid: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    chatid: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    add_user_list: Vec<String>,
    #[serde(default)]
    del_user_list: Vec<String>,
}

/// Kinds of messages that an app posts to its groups.
const KINDS: [&str; 9] =
    ["text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown"];

impl WecomSim {
    /// A group of the app, that has not ended.
    fn app_chat(&self, caller: &Caller, chat: &str) -> Result<&Group, Refused> {
        let ours = self.made_groups(caller);
        if self.doubts.owner_first && !ours {
            return Err(86008);
        }
        let group = self.world.groups.get(chat).ok_or(86003)?;
        if group.ended.is_some() {
            return Err(self.gone());
        }
        if ours && group.kind != Kind::ExternalCustomer { Ok(group) } else { Err(86008) }
    }

    fn app_group(&mut self, chat: &str) -> Result<&mut Group, Refused> {
        self.world.group_mut(chat).or(Err(86003))
    }

    pub(super) fn app_get(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 48002)?;
        let chat = query(request, "chatid").filter(|chat| !chat.is_empty()).ok_or(86201)?;
        let group = self.app_chat(caller, &chat)?;
        let users = group.members.keys();
        let users = users.filter(|user| self.world.accounts.get(*user).is_none_or(|it| !it.external));
        Ok(json!({ "chat_info": {
            "chatid": chat,
            "name": group.name.as_deref().unwrap_or_default(),
            "owner": group.owner().map_or("", String::as_str),
            "userlist": users.collect::<Vec<_>>(),
            "chat_type": 0,
        }}))
    }

    pub(super) fn app_create(&mut self, at: Time, caller: &Caller, request: &Request) -> Answer {
        caller.may("manage", 48002)?;
        let Create { name, owner, userlist, chatid } = body(request)?;
        if !MEMBERS.contains(&userlist.len()) {
            return Err(86006);
        }
        if userlist.iter().any(|user| !self.works_here(user)) {
            return Err(86007);
        }
        let owner = owner.or_else(|| userlist.first().cloned()).ok_or(86203)?;
        if !userlist.contains(&owner) {
            return Err(86207);
        }
        let fresh = format!("chat{}{:04}", day(at), self.world.groups.len());
        let chat = chatid.filter(|chat| !chat.is_empty()).unwrap_or(fresh);
        if chat.len() > 32 {
            return Err(86205);
        }
        if !chat.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(86001);
        }
        if self.world.groups.contains_key(&chat) {
            return Err(86215);
        }
        let made = self.made.entry(day(at)).or_insert(0);
        if *made >= MADE_A_DAY {
            return Err(45009);
        }
        *made += 1;
        let member = |user: String| {
            let standing = if user == owner { Standing::Owner } else { Standing::Member };
            (user, Membership { standing, online: true })
        };
        let members: BTreeMap<_, _> = userlist.into_iter().map(member).collect();
        let name = Some(name.chars().take(MAX_NAME).collect());
        let group = Group { name, kind: Kind::Enterprise, members, ..Group::default() };
        self.world.groups.insert(chat.clone(), group);
        self.world.count(Op::Create, &chat);
        Ok(json!({ "chatid": chat }))
    }

    /// Everything is checked before anything is changed.
    pub(super) fn app_update(&mut self, caller: &Caller, request: &Request) -> Answer {
        caller.may("manage", 48002)?;
        let Update { chatid, name, owner, add_user_list, del_user_list } = body(request)?;
        let group = self.app_chat(caller, &chatid)?;
        let known = |user: &String| self.works_here(user);
        if !add_user_list.iter().all(known) {
            return Err(86007);
        }
        let staying = group.members.keys().filter(|user| !del_user_list.contains(user));
        let mut after: Vec<&String> = staying.chain(&add_user_list).collect();
        after.sort();
        after.dedup();
        let moves = !add_user_list.is_empty() || !del_user_list.is_empty();
        if moves && !MEMBERS.contains(&after.len()) {
            return Err(86006);
        }
        if let Some(owner) = &owner {
            if !known(owner) {
                return Err(86005);
            }
            if !after.contains(&owner) {
                return Err(86207);
            }
        }
        let now = group.owner().cloned();
        let group = self.app_group(&chatid)?;
        if let Some(name) = name {
            group.name = Some(name.chars().take(MAX_NAME).collect());
        }
        for user in add_user_list {
            group.members.entry(user).or_insert(Membership { standing: Standing::Member, online: true });
        }
        if let (Some(from), Some(to)) = (now, owner) {
            self.world.transfer(&chatid, &from, &to).or(Err(86005))?;
        }
        let group = self.app_group(&chatid)?;
        group.members.retain(|user, _| !del_user_list.contains(user));
        Ok(json!({}))
    }

    pub(super) fn app_send(&mut self, at: Time, caller: &Caller, request: &Request) -> Answer {
        caller.may("post", 48002)?;
        let fields: Map<String, Value> = body(request)?;
        let chatid = fields.get("chatid").and_then(Value::as_str).ok_or(86201)?.to_owned();
        let text = said(&fields, &KINDS, &["chatid", "safe"])?;
        self.app_chat(caller, &chatid)?;
        // Success, whether anybody gets it or not.
        if self.pace(at, &chatid) <= GOT_A_MINUTE {
            let sender = format!("app{}", caller.agent);
            let text = cut(&text);
            let group = self.app_group(&chatid)?;
            group.push(at, &sender, RecordKind::Message, Some(text)).or(Err(-1))?;
            self.world.count(Op::Announce, &chatid);
        }
        Ok(json!({}))
    }
}

/// What a message says: its text, or for the other kinds their title or kind. Fields that no document has are refused.
pub(super) fn said(fields: &Map<String, Value>, kinds: &[&str], beside: &[&str]) -> Result<String, Refused> {
    let kind =
        fields.get("msgtype").and_then(Value::as_str).filter(|kind| kinds.contains(kind)).ok_or(40008)?;
    let known = |name: &String| name == "msgtype" || name == kind || beside.contains(&name.as_str());
    if !fields.keys().all(known) {
        return Err(40058);
    }
    let content = fields.get(kind).and_then(Value::as_object).ok_or(40058)?;
    let text = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
    if matches!(kind, "text" | "markdown") {
        return text("content").filter(|text| !text.is_empty()).ok_or(44004);
    }
    Ok(text("title").unwrap_or_else(|| format!("[{kind}]")))
}

/// A text as long as messages are; the rest is cut off, and nobody is told.
pub(super) fn cut(text: &str) -> String {
    let end = (0..=MAX_TEXT.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}
