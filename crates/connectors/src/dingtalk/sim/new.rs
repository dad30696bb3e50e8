//! The new API's door.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::{Activity, LinkKind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Answer, DingTalkSim, MAX_KEPT, No, Notice, body, chat_id, done, no, query, reply, robot_account,
};

/// Longest parameter of a robot's message, in bytes.
const MAX_PARAM: usize = 15_000;
/// Most rows that a page of the inventory has.
const MAX_PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenRequest {
    app_key: String,
    app_secret: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfGroup {
    open_conversation_id: String,
    #[serde(default)]
    #[expect(dead_code, reason = "documented; groups of this world have no cool app")]
    cool_app_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Only {
    open_conversation_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MembersRequest {
    open_conversation_id: String,
    max_results: usize,
    #[serde(default)]
    next_token: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "documented; groups of this world have no cool app")]
    cool_app_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneUpdate {
    open_conversation_id: String,
    #[serde(default)]
    owner_user_id: Option<String>,
    #[serde(default)]
    management_options: Option<SceneOptions>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneOptions {
    chat_banned_type: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChatUpdate {
    chatid: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default, rename = "ownerType")]
    owner_type: Option<String>,
    #[serde(default, rename = "managementOptions")]
    options: Option<ChatOptions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChatOptions {
    chat_banned_type: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RemoveRobot {
    chat_bot_user_id: String,
    open_conversation_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Say {
    msg_key: String,
    msg_param: String,
    open_conversation_id: String,
    robot_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SaidRequest {
    open_conversation_id: String,
    #[expect(dead_code, reason = "documented and required; keys of this world are unique")]
    robot_code: String,
    process_query_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PostNotice {
    open_conversation_id: String,
    user_id: String,
    content: String,
    #[expect(dead_code, reason = "required; what it does is not documented")]
    unique_id: String,
    #[serde(default, rename = "sticky")]
    _sticky: bool,
    #[serde(default, rename = "sendDing")]
    _send_ding: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OneNotice {
    open_conversation_id: String,
    user_id: String,
    data_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListNotices {
    open_conversation_id: String,
    user_id: String,
    page_size: usize,
    #[serde(default)]
    next_page_cursor: Option<String>,
}

impl DingTalkSim {
    pub(super) fn new_door(&mut self, at: Time, request: &Request, path: &[&str]) -> Reply {
        match self.new_api(at, request, path) {
            Ok(body) => reply(200, &body),
            Err(No { status, code }) => {
                let id = format!("SIM-{:08}", self.next());
                let mut body = json!({ "code": code, "message": code, "requestid": id });
                if let (Some(fields), 403) = (body.as_object_mut(), status) {
                    fields
                        .insert("accessdenieddetail".to_owned(), json!({ "requiredScopes": [scope(path)] }));
                }
                reply(status, &body)
            }
        }
    }

    fn new_api(&mut self, at: Time, request: &Request, path: &[&str]) -> Answer {
        let post = request.method() == Method::POST;
        if post && path == ["oauth2", "accessToken"] {
            let TokenRequest { app_key, app_secret } = body(request)?;
            let token = self.issue(at, &app_key, &app_secret);
            let token = token.ok_or(No { status: 400, code: "invalidClientIdOrSecret" })?;
            return Ok(json!({ "accessToken": token, "expireIn": super::TOKEN_S }));
        }
        let header =
            request.headers().get("x-acs-dingtalk-access-token").and_then(|value| value.to_str().ok());
        let app = self.app(at, header).flatten().ok_or(No { status: 401, code: "InvalidAuthentication" })?;
        let denied = No { status: 403, code: "Forbidden.AccessDenied.AccessTokenPermissionDenied" };
        let wanted = match scope(path) {
            "" => return no(404, "InvalidAction.NotFound"),
            "qyapi_chat_manage" => "manage",
            "Custom.Group.Read" => "read",
            _ => "post",
        };
        if !self.may(&app, wanted) || (path.first() == Some(&"exclusive") && !self.exclusive) {
            return Err(denied);
        }
        match (request.method(), path) {
            (&Method::POST, ["im", "sceneGroups", "query"]) => self.query_scene(request),
            (&Method::POST, ["im", "sceneGroups", "members", "batchQuery"]) => self.members(request),
            (&Method::POST, ["im", "chat", "scenegroup", "disband"]) => self.disband(at, request),
            (&Method::POST, ["im", "sceneGroup", "update"]) => self.update_scene(request),
            (&Method::POST, ["im", "group", "update"]) => self.update_chat(request),
            (&Method::POST, ["im", "chat", chat, "convertToOpenConversationId"]) => {
                let id = self.of_chat(chat).ok_or(No { status: 400, code: "group.nonexist" })?;
                Ok(json!({ "openConversationId": id }))
            }
            (&Method::GET, ["im", "sceneGroups", "templates", "robots"]) => self.robot_of(request),
            (&Method::GET, ["im", "chats", "sceneGroups", "templates", template, "lists"]) => {
                self.of_template(request, template)
            }
            (&Method::POST, ["robot", "groups", "robots", "query"]) => self.robots(request),
            (&Method::POST, ["im", "conversations", "robots", "remove"]) => self.remove_robot(request),
            (&Method::POST, ["robot", "groupMessages", "send"]) => self.say(at, request),
            (&Method::POST, ["robot", "groupMessages", "query"]) => self.said(request),
            (&Method::POST, ["groupBlackboard", "blackboards", "create"]) => self.post_notice(at, request),
            (&Method::POST, ["groupBlackboard", "blackboards", "get"]) => self.one_notice(request),
            (&Method::POST, ["groupBlackboard", "blackboards", "list"]) => self.list_notices(request),
            (&Method::GET, ["exclusive", "securities", "orgGroupInfos"]) => self.inventory(request),
            _ => no(404, "InvalidAction.NotFound"),
        }
    }

    fn query_scene(&self, request: &Request) -> Answer {
        let OfGroup { open_conversation_id: id, .. } = body(request)?;
        let group = self.scene(&id)?;
        Ok(json!({
            "success": true,
            "openConversationId": id,
            "templateId": "sim-template",
            "title": group.name,
            "ownerUserId": group.owner(),
            "icon": "",
            "groupUrl": "",
            "status": if group.ended.is_some() { 2 } else { 1 },
        }))
    }

    fn members(&self, request: &Request) -> Answer {
        let asked: MembersRequest = body(request)?;
        self.scene(&asked.open_conversation_id)?;
        let group = self.open(&asked.open_conversation_id, "group.diaband")?;
        let from: usize = match &asked.next_token {
            None => 0,
            Some(token) => token.parse().or(no(400, "paramIllegal"))?,
        };
        if asked.max_results == 0 || asked.max_results > 1000 {
            return no(400, "paramIllegal");
        }
        let people: Vec<&String> = self.people(group).collect();
        let page: Vec<&&String> = people.iter().skip(from).take(asked.max_results).collect();
        let names: serde_json::Map<String, Value> =
            page.iter().map(|user| ((**user).clone(), self.world.name_of(user).into())).collect();
        let next = from + page.len();
        Ok(json!({
            "success": true,
            "memberUserIds": page,
            "unionIdList": [],
            "staffIdNickMap": names,
            "unionIdNickMap": {},
            "hasMore": next < people.len(),
            "nextToken": next.to_string(),
        }))
    }

    fn disband(&mut self, at: Time, request: &Request) -> Answer {
        let Only { open_conversation_id: id } = body(request)?;
        self.scene(&id).map_err(|_| No { status: 400, code: "paramIllegal" })?;
        self.open(&id, "paramIllegal")?;
        let owner = self.owner(&id)?;
        self.world.end(at, &id, &owner).or(no(500, "system.error"))?;
        done()
    }

    fn update_scene(&mut self, request: &Request) -> Answer {
        let asked: SceneUpdate = body(request)?;
        let id = asked.open_conversation_id;
        self.scene(&id)?;
        self.open(&id, "groupDisbang")?;
        self.update(&id, asked.owner_user_id, asked.management_options.map(|it| it.chat_banned_type))
    }

    fn update_chat(&mut self, request: &Request) -> Answer {
        let asked: ChatUpdate = body(request)?;
        let id = self.of_chat(&asked.chatid).cloned().ok_or(No { status: 400, code: "group.nonexist" })?;
        self.open(&id, "group.diaband")?;
        if asked.owner_type.is_some_and(|kind| kind != "emp") {
            return no(400, "paramIllegal");
        }
        self.update(&id, asked.owner, asked.options.map(|it| it.chat_banned_type))
    }

    fn update(&mut self, id: &str, owner: Option<String>, banned: Option<u8>) -> Answer {
        let present = self.owner(id)?;
        if let Some(to) = owner {
            self.world.transfer(id, &present, &to).or(no(400, "paramIllegal"))?;
        }
        match banned {
            Some(banned @ (0 | 1)) => {
                let owner = self.owner(id)?;
                self.world.freeze(id, &owner, banned == 1).or(no(500, "system.error"))?;
            }
            Some(_) => return no(400, "paramIllegal"),
            None => {}
        }
        done()
    }

    fn robot_of(&self, request: &Request) -> Answer {
        let asked = query(request, &["openConversationId", "robotCode"])?;
        let field = |name: &str| asked.get(name).map_or("", String::as_str);
        self.scene(field("openConversationId"))?;
        let group = self.open(field("openConversationId"), "group.disbanded")?;
        // A custom robot belongs to its webhook; the template does not know it.
        let robot = self.robot(&group.links, field("robotCode")).filter(|link| link.kind == LinkKind::Bot);
        let robot = robot.ok_or(No { status: 400, code: "robot.notExist" })?;
        Ok(json!({ "success": true, "result": { "userId": robot_account(robot), "unionId": "" } }))
    }

    fn of_template(&self, request: &Request, template: &str) -> Answer {
        let asked = query(request, &["pageNumber", "pageSize"])?;
        let number = |name: &str| asked.get(name).and_then(|text| text.parse::<usize>().ok());
        let (Some(page), Some(size)) = (number("pageNumber"), number("pageSize")) else {
            return no(400, "paramIllegal");
        };
        if template != "sim-template" || page == 0 || size == 0 {
            return no(400, "paramIllegal");
        }
        let open = self.scenes.iter().filter(|id| self.group(id).is_ok_and(|group| group.ended.is_none()));
        let ids: Vec<&String> = open.skip((page - 1).saturating_mul(size)).take(size).collect();
        Ok(json!({ "success": true, "openConversationIds": ids }))
    }

    fn robots(&self, request: &Request) -> Answer {
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

    fn remove_robot(&mut self, request: &Request) -> Answer {
        let RemoveRobot { chat_bot_user_id: account, open_conversation_id: id } = body(request)?;
        let group = self.open(&id, "group.disbanded")?;
        let robot = group.links.iter().find(|link| robot_account(link) == account);
        let robot = robot.map(|link| link.id.clone()).ok_or(No { status: 400, code: "robot.notExist" })?;
        let owner = self.owner(&id)?;
        self.world.unlink(&id, &owner, &robot).or(no(500, "system.error"))?;
        Ok(json!({ "chatBotUserId": account }))
    }

    fn say(&mut self, at: Time, request: &Request) -> Answer {
        let Say { msg_key, msg_param, open_conversation_id: id, robot_code } = body(request)?;
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

    fn said(&self, request: &Request) -> Answer {
        let asked: SaidRequest = body(request)?;
        if self.said.get(&asked.process_query_key) != Some(&asked.open_conversation_id) {
            return no(400, "invalid.processQueryKey");
        }
        Ok(json!({ "sendStatus": "SUCCESS", "readUserIds": [], "hasMore": false }))
    }

    fn post_notice(&mut self, at: Time, request: &Request) -> Answer {
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

    fn one_notice(&self, request: &Request) -> Answer {
        let asked: OneNotice = body(request)?;
        self.open(&asked.open_conversation_id, "group.disbanded")?;
        self.reads(&asked.user_id, &asked.open_conversation_id)?;
        let of = |notice: &&Notice| notice.group == asked.open_conversation_id && notice.id == asked.data_id;
        let found = self.notices.iter().find(of).ok_or(No { status: 400, code: "paramIllegal" })?;
        Ok(json!({ "success": true, "result": self.notice(found) }))
    }

    fn list_notices(&self, request: &Request) -> Answer {
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

    fn inventory(&self, request: &Request) -> Answer {
        let asked = query(request, &["operatorUserId", "uuid", "pageStart", "pageSize", "groupName"])?;
        let number = |name: &str| asked.get(name).and_then(|text| text.parse::<usize>().ok());
        let (Some(page), Some(size)) = (number("pageStart"), number("pageSize")) else {
            return no(400, "paramIllegal");
        };
        let operator = asked.get("operatorUserId").map_or("", String::as_str);
        if page == 0 || size == 0 || size > MAX_PAGE || !asked.contains_key("uuid") {
            return no(400, "paramIllegal");
        }
        if !self.manages(operator, None) {
            return no(403, "Forbidden.AccessDenied.AccessTokenPermissionDenied");
        }
        let name = asked.get("groupName");
        let named = |group: &adjourn_world::Group| {
            name.is_none_or(|name| group.name.as_ref().is_some_and(|it| it.contains(name)))
        };
        let all: Vec<_> = self.world.groups.iter().filter(|(_, group)| named(group)).collect();
        let items: Vec<Value> = all
            .iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .map(|(id, group)| self.inventory_row(id, group))
            .collect();
        Ok(json!({ "itemCount": items.len(), "totalCount": all.len(), "items": items }))
    }

    fn inventory_row(&self, id: &str, group: &adjourn_world::Group) -> Value {
        let people = self.people(group).count();
        let status = match () {
            () if group.ended.is_some() => -1,
            () if people == 0 => 0,
            () => 1,
        };
        let active = match group.last_activity() {
            Activity::At(at) => at.as_millis(),
            Activity::Unknown => 0,
        };
        let admins = group.members.values().filter(|member| member.standing == Standing::Admin).count();
        let template = if self.scenes.contains(id) { "sim-template" } else { "" };
        json!({
            "openConversationId": id,
            "groupName": group.name,
            "groupOwner": group.owner().map(|owner| self.world.name_of(owner)),
            "groupOwnerUserId": group.owner(),
            "groupMembersCount": people,
            "groupAdminsCount": admins,
            "groupCreateTime": group.messages.first().map_or(0, |message| message.at.as_millis()),
            "groupLastActiveTime": active,
            "syncToDingpan": u8::from(self.world.rules.keeps_files()),
            "usedQuota": group.files.values().map(String::len).sum::<usize>(),
            "templateId": template,
            "status": status,
            "extensions": { "chatid": chat_id(id) },
        })
    }
}

/// The permission that a path needs; empty for a path that there is not.
fn scope(path: &[&str]) -> &'static str {
    match path {
        ["im", "conversations" | "group" | "sceneGroup" | "sceneGroups" | "chat" | "chats", ..] => {
            "qyapi_chat_manage"
        }
        ["robot", ..] => "qyapi_robot_sendmsg",
        ["groupBlackboard", ..] => "qyapi_group_blackboard",
        ["exclusive", ..] => "Custom.Group.Read",
        _ => "",
    }
}
