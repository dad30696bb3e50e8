//! Customer groups: listed, read and transferred.

use adjourn_connector_kit::transport::Request;
use adjourn_domain::group::{Kind, Standing};
use adjourn_domain::time::Time;
use adjourn_world::{Group, Membership};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Caller, Refused, WecomSim, body, day};

/// Groups on a page, whatever was wished for: a wish is no promise.
const PAGE: usize = 2;
/// Groups of one owner that are transferred in a day.
const TRANSFERS_A_DAY: u32 = 300;
/// Transfers of one group whose owner is in post, and within how many seconds they are counted.
const TRANSFERS: (usize, u64) = (2, 90 * 86_400);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    status_filter: u8,
    #[serde(default)]
    owner_filter: Option<Owners>,
    #[serde(default)]
    cursor: Option<String>,
    limit: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owners {
    userid_list: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Get {
    chat_id: String,
    #[serde(default)]
    need_name: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    chat_id_list: Vec<String>,
    new_owner: String,
}

impl WecomSim {
    /// A customer group that has not ended.
    fn customer_chat(&self, chat: &str) -> Result<&Group, Refused> {
        let group = self.world.groups.get(chat).ok_or(86003)?;
        if group.kind != Kind::ExternalCustomer {
            return Err(90501);
        }
        if group.ended.is_some() { Err(self.gone()) } else { Ok(group) }
    }

    fn is_resigned(&self, group: &Group) -> bool {
        group.owner().is_some_and(|owner| self.resigned.contains(owner))
    }

    pub(super) fn customer_list(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 84074)?;
        let List { status_filter, owner_filter, cursor, limit } = body(request)?;
        if !(1..=1000).contains(&limit) || status_filter > 3 {
            return Err(40058);
        }
        let owners = owner_filter.map(|filter| filter.userid_list);
        if owners.as_ref().is_some_and(|owners| owners.is_empty() || owners.len() > 100) {
            return Err(40058);
        }
        let after = match cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            Some(cursor) => Some(cursor.strip_prefix("after-").ok_or(40058)?),
            None => None,
        };
        let wanted = |group: &Group| {
            let owner = group.owner();
            let owned =
                owners.as_ref().is_none_or(|owners| owner.is_some_and(|owner| owners.contains(owner)));
            owned && (status_filter == 0 || (status_filter == 1 && self.is_resigned(group)))
        };
        let open = self.world.groups.iter().filter(|(id, group)| {
            let open = group.kind == Kind::ExternalCustomer && group.ended.is_none();
            open && after.is_none_or(|after| id.as_str() > after) && wanted(group)
        });
        let mut rest = open.peekable();
        let line = |(id, group): (&String, &Group)| json!({ "chat_id": id, "status": u8::from(self.is_resigned(group)) });
        let mut last = String::new();
        let page: Vec<Value> =
            rest.by_ref().take(limit.min(PAGE)).inspect(|(id, _)| last.clone_from(id)).map(line).collect();
        let next = rest.peek().map_or_else(String::new, |_| format!("after-{last}"));
        Ok(json!({ "group_chat_list": page, "next_cursor": next }))
    }

    pub(super) fn customer_get(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 84074)?;
        let Get { chat_id, need_name } = body(request)?;
        let group = self.customer_chat(&chat_id)?;
        let start = group.messages.first().map_or(0, |message| message.at.as_millis().div_euclid(1000));
        let member = |(user, _): (&String, &Membership)| {
            let outside = self.world.accounts.get(user).is_some_and(|account| account.external);
            let kind = if outside { 2 } else { 1 };
            let mut member = json!({ "userid": user, "type": kind, "join_time": start, "join_scene": 1, "group_nickname": "" });
            if let (1, Some(fields)) = (need_name, member.as_object_mut()) {
                fields.insert("name".to_owned(), self.world.name_of(user).into());
            }
            member
        };
        let admins = group.members.iter().filter(|(_, member)| member.standing == Standing::Admin);
        Ok(json!({ "group_chat": {
            "chat_id": chat_id,
            "name": group.name.as_deref().unwrap_or_default(),
            "owner": group.owner().map_or("", String::as_str),
            "create_time": start,
            "notice": "",
            "member_list": group.members.iter().map(member).collect::<Vec<_>>(),
            "admin_list": admins.map(|(user, _)| json!({ "userid": user })).collect::<Vec<_>>(),
            "member_version": format!("v{}", group.members.len()),
        }}))
    }

    /// Refused group by group; what is refused of one group says nothing about another.
    pub(super) fn customer_transfer(
        &mut self,
        at: Time,
        caller: &Caller,
        request: &Request,
        resigned: bool,
    ) -> Answer {
        caller.may("manage", 48002)?;
        let Transfer { chat_id_list, new_owner } = body(request)?;
        if !(1..=100).contains(&chat_id_list.len()) {
            return Err(40058);
        }
        if !self.works_here(&new_owner) || self.world.is_bot(&new_owner) {
            return Err(46004);
        }
        let mut failed = Vec::new();
        for chat in chat_id_list {
            if let Err(code) = self.transfer_one(at, &chat, &new_owner, resigned) {
                failed.push(json!({ "chat_id": chat, "errcode": code, "errmsg": "refused" }));
            }
        }
        Ok(json!({ "failed_chat_list": failed }))
    }

    fn transfer_one(&mut self, at: Time, chat: &str, to: &str, resigned: bool) -> Result<(), Refused> {
        let group = self.customer_chat(chat)?;
        let from = group.owner().cloned().ok_or(90504)?;
        match (resigned, self.is_resigned(group)) {
            (true, false) => return Err(90500),
            (false, true) => return Err(90502),
            _ => {}
        }
        if from == to {
            return Err(90504);
        }
        let today = (from.clone(), day(at));
        if self.given.get(&today).copied().unwrap_or(0) >= TRANSFERS_A_DAY {
            return Err(45009);
        }
        let (most, within) = TRANSFERS;
        let times = self.transferred.get(chat).map_or(&[][..], Vec::as_slice);
        if !resigned && times.iter().filter(|then| at.secs_since(**then) < within).count() >= most {
            return Err(40128);
        }
        let joins = Membership { standing: Standing::Member, online: true };
        let group = self.world.group_mut(chat).or(Err(86003))?;
        group.members.entry(to.to_owned()).or_insert(joins);
        self.world.transfer(chat, &from, to).or(Err(90504))?;
        *self.given.entry(today).or_insert(0) += 1;
        self.transferred.entry(chat.to_owned()).or_default().push(at);
        Ok(())
    }
}
