//! The new API's door.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::group::{Activity, Standing};
use adjourn_domain::time::Time;
use adjourn_world::Group;
use http::Method;
use serde_json::{Value, json};

use super::asked::{MembersRequest, OfGroup, Only, TokenRequest};
use super::{Answer, Caller, DingTalkSim, No, body, chat_id, done, no, query, reply};

/// The one template of this organisation.
pub(super) const TEMPLATE: &str = "sim-template";
/// Most rows that a page of the inventory has.
const MAX_PAGE: usize = 100;

impl DingTalkSim {
    pub(super) fn new_door(&mut self, at: Time, request: &Request, path: &[&str]) -> Reply {
        match self.new_api(at, request, path) {
            Ok(body) => reply(200, &body),
            Err(No { status, code }) => {
                if matches!(code, "InvalidAction.NotFound" | "paramError") {
                    self.surprised(request, code);
                }
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
        if post && path == ["gateway", "connections", "open"] {
            return self.gate(at, request);
        }
        let header =
            request.headers().get("x-acs-dingtalk-access-token").and_then(|value| value.to_str().ok());
        let Caller::App(app) = self.caller(at, header) else { return no(401, "InvalidAuthentication") };
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
            (&Method::POST, ["im", "sceneGroup", "create"]) => self.create_scene(request),
            (&Method::POST, ["im", "sceneGroup", "update"]) => self.update_scene(request),
            (&Method::POST, ["im", "sceneGroup", "member", "add"]) => self.scene_members(request, true),
            (&Method::POST, ["im", "sceneGroup", "member", "delete"]) => self.scene_members(request, false),
            (&Method::GET, ["im", "sceneGroups", "muteSettings"]) => self.mute_settings(request),
            (&Method::POST, ["im", "group", "create"]) => self.create_chat(request),
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
            "templateId": TEMPLATE,
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

    fn of_template(&self, request: &Request, template: &str) -> Answer {
        let asked = query(request, &["pageNumber", "pageSize"])?;
        let number = |name: &str| asked.get(name).and_then(|text| text.parse::<usize>().ok());
        let (Some(page), Some(size)) = (number("pageNumber"), number("pageSize")) else {
            return no(400, "paramIllegal");
        };
        if template != TEMPLATE || page == 0 || size == 0 {
            return no(400, "paramIllegal");
        }
        let open = self.scenes.iter().filter(|id| self.group(id).is_ok_and(|group| group.ended.is_none()));
        let ids: Vec<&String> = open.skip((page - 1).saturating_mul(size)).take(size).collect();
        Ok(json!({ "success": true, "openConversationIds": ids }))
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
        let named =
            |group: &Group| name.is_none_or(|name| group.name.as_ref().is_some_and(|it| it.contains(name)));
        let all: Vec<_> = self.world.groups.iter().filter(|(_, group)| named(group)).collect();
        let items: Vec<Value> = all
            .iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .map(|(id, group)| self.inventory_row(id, group))
            .collect();
        Ok(json!({ "itemCount": items.len(), "totalCount": all.len(), "items": items }))
    }

    fn inventory_row(&self, id: &str, group: &Group) -> Value {
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
        let template = if self.scenes.contains(id) { TEMPLATE } else { "" };
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
