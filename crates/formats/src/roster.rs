//! chatlog's lists of chatrooms and contacts.

use adjourn_domain::ids::NativeId;
use serde_json::{Map, Value};

use crate::item::{Chatroom, Contact};
use crate::json::text;
use crate::parser::Read;

/// Members of a group that are read, at most. The platform allows 500.
const MAX_USERS: usize = 5000;

pub(crate) fn chatroom(fields: &[&str], number: u64) -> Read<Chatroom> {
    let [id, remark, nick_name, owner, count] = fields else { return Err("row.columns") };
    Ok(Chatroom {
        number,
        id: named(id)?,
        remark: (*remark).to_owned(),
        nick_name: (*nick_name).to_owned(),
        owner: named(owner).ok(),
        users: Vec::new(),
        user_count: count.trim().parse().ok(),
    })
}

pub(crate) fn chatroom_json(element: &Map<String, Value>, number: u64) -> Read<Chatroom> {
    let field = |name: &str| text(element, name).ok_or("row.type");
    let list = match element.get("users") {
        None | Some(Value::Null) => &[][..],
        Some(users) => users.as_array().ok_or("row.type")?.as_slice(),
    };
    if list.len() > MAX_USERS {
        return Err("row.users");
    }
    let mut users = Vec::with_capacity(list.len());
    for user in list {
        let user = user.as_object().ok_or("row.type")?;
        let name = text(user, "displayName").ok_or("row.type")?;
        users.push((named(text(user, "userName").ok_or("row.type")?)?, name.to_owned()));
    }
    Ok(Chatroom {
        number,
        id: named(field("name")?)?,
        remark: field("remark")?.to_owned(),
        nick_name: field("nickName").or_else(|_| field("nickname"))?.to_owned(),
        owner: named(field("owner")?).ok(),
        user_count: (!users.is_empty()).then_some(users.len() as u64),
        users,
    })
}

pub(crate) fn contact(fields: &[&str], number: u64) -> Read<Contact> {
    let [id, alias, remark, nick_name] = fields else { return Err("row.columns") };
    Ok(Contact {
        number,
        id: named(id)?,
        alias: (*alias).to_owned(),
        remark: (*remark).to_owned(),
        nick_name: (*nick_name).to_owned(),
    })
}

fn named(id: &str) -> Read<NativeId> {
    if id.trim().is_empty() { Err("row.id") } else { Ok(NativeId(id.to_owned())) }
}
