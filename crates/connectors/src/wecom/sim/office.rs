//! What lies around the groups: apps, approvals in the console, group robots.

use adjourn_connector_kit::transport::Request;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_world::{Handed, Link};
use serde::Deserialize;
use serde_json::{Value, json};

use super::appchat::{cut, said};
use super::{Answer, Caller, Refused, WecomSim, body, query};

/// The form on which a handover is approved.
pub(super) const TEMPLATE: &str = "3TmHandoverBeforeDissolve";
/// Longest span of a search for approvals, in seconds.
const SPAN_S: i64 = 31 * 86_400;
/// Messages of a robot within a minute.
const ROBOT_A_MINUTE: u32 = 20;

/// An approved handover.
#[derive(Debug, Clone)]
pub(super) struct Approval {
    number: String,
    at: Time,
    pub(super) chat: String,
    from: String,
    pub(super) to: String,
    by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    starttime: String,
    endtime: String,
    #[serde(default, rename = "new_cursor")]
    _cursor: String,
    size: usize,
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Detail {
    sp_no: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Room {
    roomid: String,
}

/// Kinds of messages that a robot posts.
const KINDS: [&str; 8] =
    ["text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"];

/// The app behind the token.
pub(super) fn agents(caller: &Caller) -> Value {
    let name = format!("app {}", caller.agent);
    json!({ "agentlist": [{ "agentid": caller.agent, "name": name, "square_logo_url": "" }] })
}

/// The key of a robot's address.
pub(super) fn robot_key(chat: &str, link: &Link) -> String {
    format!("{chat}-{}-693axxx6", link.id)
}

impl WecomSim {
    /// A handover was approved in the console.
    pub(super) fn approve(&mut self, at: Time, chat: &str, handed: Handed) {
        let Handed { from, to, by } = handed;
        let number = format!("{:012}", 202_611_250_000 + self.approvals.len() + 1);
        let approval = Approval { number, at, chat: chat.to_owned(), from, to, by };
        self.approvals.push(approval);
    }

    pub(super) fn approvals(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 48002)?;
        let Search { starttime, endtime, size, filters, .. } = body(request)?;
        let second = |text: &str| text.parse::<i64>().or(Err(301_025));
        let (from, to) = (second(&starttime)?, second(&endtime)?);
        if from > to || to - from > SPAN_S || !(1..=100).contains(&size) {
            return Err(301_025);
        }
        let fits = |filter: &Filter| match filter.key.as_str() {
            "template_id" => Ok(filter.value == TEMPLATE),
            "sp_status" => Ok(filter.value == "2"),
            _ => Err(301_025),
        };
        let all =
            filters.iter().map(fits).collect::<Result<Vec<bool>, Refused>>()?.into_iter().all(|fits| fits);
        let within = |it: &&Approval| (from..=to).contains(&it.at.as_millis().div_euclid(1000));
        let found = self.approvals.iter().filter(within).filter(|_| all).map(|it| it.number.clone());
        Ok(json!({ "sp_no_list": found.take(size).collect::<Vec<_>>(), "new_next_cursor": "" }))
    }

    pub(super) fn approval(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 48002)?;
        let Detail { sp_no } = body(request)?;
        let it = self.approvals.iter().find(|it| it.number == sp_no).ok_or(301_025)?;
        let at = it.at.as_millis().div_euclid(1000);
        let detail = |user: &str| json!({ "approver": { "userid": user }, "speech": "", "sp_status": 2, "sptime": at });
        let node = |user: &str| json!({ "sp_status": 2, "approverattr": 1, "details": [detail(user)] });
        let control =
            |control: &str, value: Value| json!({ "control": control, "id": control, "value": value });
        Ok(json!({ "info": {
            "sp_no": it.number,
            "sp_name": "handover",
            "sp_status": 2,
            "template_id": TEMPLATE,
            "apply_time": at,
            "applyer": { "userid": it.from, "partyid": "1" },
            "sp_record": [node(&it.to), node(&it.by)],
            "notifyer": [],
            "apply_data": { "contents": [
                control("Text", json!({ "text": it.chat })),
                control("Contact", json!({ "members": [{ "userid": it.to, "name": self.world.name_of(&it.to) }] })),
            ]},
            "comments": [],
        }}))
    }

    /// A member, as the contacts have them.
    pub(super) fn user(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 60011)?;
        let user = query(request, "userid").ok_or(40063)?;
        if !self.works_here(&user) {
            return Err(60111);
        }
        Ok(json!({ "userid": user, "name": self.world.name_of(&user), "department": [1], "status": 1 }))
    }

    /// An internal group, as the archive of messages knows it.
    pub(super) fn room(&self, caller: &Caller, request: &Request) -> Answer {
        caller.may("read", 48002)?;
        let Room { roomid } = body(request)?;
        let group = self.world.groups.get(&roomid).filter(|group| group.ended.is_none()).ok_or(86003)?;
        let start = group.messages.first().map_or(0, |message| message.at.as_millis().div_euclid(1000));
        let members = group.members.keys().map(|user| json!({ "memberid": user, "jointime": start }));
        Ok(json!({
            "roomname": group.name.as_deref().unwrap_or_default(),
            "creator": group.owner().map_or("", String::as_str),
            "room_create_time": start,
            "notice": "",
            "members": members.collect::<Vec<_>>(),
        }))
    }

    /// A robot posts. Its address is all it needs.
    pub(super) fn robot(&mut self, at: Time, request: &Request) -> Answer {
        let key = query(request, "key").ok_or(93000)?;
        let open = self.world.groups.iter().filter(|(_, group)| group.ended.is_none());
        let mut robots = open.flat_map(|(id, group)| group.links.iter().map(move |link| (id, link)));
        let found = robots.find(|(id, link)| robot_key(id, link) == key);
        let (chat, name) = found.map(|(id, link)| (id.clone(), link.name.clone())).ok_or(93000)?;
        let text = said(&body(request)?, &KINDS, &[])?;
        if self.pace(at, &key) > ROBOT_A_MINUTE {
            return Err(45009);
        }
        let group = self.world.group_mut(&chat).or(Err(93000))?;
        group.push(at, &name, RecordKind::Message, Some(cut(&text))).or(Err(-1))?;
        Ok(json!({}))
    }
}
