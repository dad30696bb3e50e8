//! Robots and notices: who speaks in a group, and what was said.

use adjourn_connector_kit::transport::Request;
use adjourn_domain::capability::Op;
use adjourn_domain::group::LinkKind;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde_json::{Value, json};

use super::asked::{ListNotices, OneNotice, Only, PostNotice, RemoveRobot, SaidRequest, Say};
use super::{Answer, DingTalkSim, MAX_KEPT, No, Notice, body, no, query, robot_account};

/// Longest parameter of a robot's message, in bytes.
const MAX_PARAM: usize = 15_000;

impl DingTalkSim {
    pub(super) fn robot_of(&self, request: &Request) -> Answer {
        let asked = query(request, &["openConversationId", "robotCode"])?;
        let field = |name: &str| asked.get(name).map_or("", String::as_str);
        self.scene(field("openConversationId"))?;
        let group = self.open(field("openConversationId"), "group.disbanded")?;
        // A custom robot belongs to its webhook; the template does not know it.
        let robot = self.robot(&group.links, field("robotCode")).filter(|link| link.kind == LinkKind::Bot);
        let robot = robot.ok_or(No { status: 400, code: "robot.notExist" })?;
        Ok(json!({ "success": true, "result": { "userId": robot_account(robot), "unionId": "" } }))
    }

    pub(super) fn robots(&self, request: &Request) -> Answer {
        let Only { open_conversation_id: id } = body(request)?;
        let group = self.open(&id, "group.disbanded")?;
        let robots = group.links.iter().filter(|link| matches!(link.kind, LinkKind::Bot | LinkKind::Webhook));
        let list: Vec<Value> = robots
            .map(|link| {
                let kind = if link.kind == LinkKind::Bot { 1 } else { 2 };
                json!({
                    "robotCode": self.code(link),
                    "name": link.name,
                    "downloadIconURL": "",
                    "openRobotType": kind,
                })
            })
            .collect();
        Ok(json!({ "chatbotInstanceVOList": list }))
    }

    pub(super) fn remove_robot(&mut self, request: &Request) -> Answer {
        let RemoveRobot { chat_bot_user_id: account, open_conversation_id: id } = body(request)?;
        let group = self.open(&id, "group.disbanded")?;
        let robot = group.links.iter().find(|link| robot_account(link) == account);
        let robot = robot.map(|link| link.id.clone()).ok_or(No { status: 400, code: "robot.notExist" })?;
        let owner = self.owner(&id)?;
        self.world.unlink(&id, &owner, &robot).or(no(500, "system.error"))?;
        Ok(json!({ "chatBotUserId": account }))
    }

    pub(super) fn say(&mut self, at: Time, request: &Request) -> Answer {
        let Say { msg_key, msg_param, open_conversation_id: id, robot_code, .. } = body(request)?;
        let words: Option<Value> = serde_json::from_str(&msg_param).ok();
        let words = words.as_ref().and_then(|words| words.get("content")?.as_str());
        let (Some(words), "sampleText", true) = (words, msg_key.as_str(), msg_param.len() <= MAX_PARAM)
        else {
            return no(400, "invalid.msgParam");
        };
        let group = self.open(&id, "group.disbanded")?;
        if self.robot(&group.links, &robot_code).is_none() {
            return no(400, "robot.notInGroup");
        }
        let words = words.to_owned();
        let group = self.world.group_mut(&id).or(no(500, "system.error"))?;
        group.push(at, &robot_code, RecordKind::Message, Some(words)).or(no(400, "send.too.fast"))?;
        self.world.count(Op::Announce, &id);
        let key = format!("sim-key-{}", self.next());
        if self.said.len() >= MAX_KEPT {
            return no(400, "send.too.fast");
        }
        self.said.insert(key.clone(), id);
        Ok(json!({ "processQueryKey": key }))
    }

    pub(super) fn said(&self, request: &Request) -> Answer {
        let asked: SaidRequest = body(request)?;
        if self.said.get(&asked.process_query_key) != Some(&asked.open_conversation_id) {
            return no(400, "invalid.processQueryKey");
        }
        Ok(json!({ "sendStatus": "SUCCESS", "readUserIds": [], "hasMore": false }))
    }

    pub(super) fn post_notice(&mut self, at: Time, request: &Request) -> Answer {
        let asked: PostNotice = body(request)?;
        let id = asked.open_conversation_id;
        let group = self.open(&id, "group.disbanded")?;
        if !self.manages(&asked.user_id, Some(group)) || self.notices.len() >= MAX_KEPT {
            return no(400, "permession.checkFailed");
        }
        let owner = self.owner(&id)?;
        self.world.announce(at, &id, &owner, asked.content.clone(), None).or(no(500, "system.error"))?;
        let data = format!("sim-notice-{}", self.next());
        let content = asked.content;
        self.notices.push(Notice { group: id, id: data.clone(), user: asked.user_id, content, at });
        Ok(json!({ "success": true, "dataId": data }))
    }

    pub(super) fn one_notice(&self, request: &Request) -> Answer {
        let asked: OneNotice = body(request)?;
        self.open(&asked.open_conversation_id, "group.disbanded")?;
        self.reads(&asked.user_id, &asked.open_conversation_id)?;
        let of = |notice: &&Notice| notice.group == asked.open_conversation_id && notice.id == asked.data_id;
        let found = self.notices.iter().find(of).ok_or(No { status: 400, code: "paramIllegal" })?;
        Ok(json!({ "success": true, "result": self.notice(found) }))
    }

    pub(super) fn list_notices(&self, request: &Request) -> Answer {
        let asked: ListNotices = body(request)?;
        self.open(&asked.open_conversation_id, "group.disbanded")?;
        self.reads(&asked.user_id, &asked.open_conversation_id)?;
        let from: usize = match &asked.next_page_cursor {
            None => 0,
            Some(cursor) => cursor.parse().or(no(400, "paramIllegal"))?,
        };
        let all = self.notices.iter().rev().filter(|notice| notice.group == asked.open_conversation_id);
        let all: Vec<&Notice> = all.collect();
        let page: Vec<Value> =
            all.iter().skip(from).take(asked.page_size).map(|notice| self.notice(notice)).collect();
        let next = from + page.len();
        Ok(json!({
            "success": true,
            "hasMore": next < all.len(),
            "nextPageCursor": next.to_string(),
            "blackboardList": page,
        }))
    }

    /// Refuses whoever is neither in the group nor an administrator.
    fn reads(&self, user: &str, id: &str) -> Result<(), No> {
        let group = self.group(id)?;
        let may = group.members.contains_key(user) || self.manages(user, None);
        if may { Ok(()) } else { no(400, "permession.checkFailed") }
    }

    fn notice(&self, notice: &Notice) -> Value {
        json!({
            "dataId": notice.id,
            "title": "",
            "content": notice.content,
            "userId": notice.user,
            "userName": self.world.name_of(&notice.user),
            "gmtCreate": notice.at.as_millis(),
            "gmtModified": notice.at.as_millis(),
            "readCount": 0,
            "sticky": true,
        })
    }
}
