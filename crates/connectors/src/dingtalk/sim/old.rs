//! The old API's door: the token is in the query, and a refusal has status 200.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, DingTalkSim, MAX_KEPT, TOKEN_S, query, reply};

/// A refusal's code, and the one inside where the gateway wraps it.
type Answer = Result<Value, (i64, Option<i64>)>;

fn no<T>(code: i64) -> Result<T, (i64, Option<i64>)> {
    Err((code, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneGet {
    open_conversation_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    create_request: CreateRequest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateRequest {
    operation_userid: String,
    title: String,
    content: String,
    blackboard_receiver: Receiver,
    #[serde(default, rename = "private_level")]
    _private_level: u8,
    #[serde(default, rename = "ding")]
    _ding: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Receiver {
    userid_list: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListIds {
    query_request: ListRequest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRequest {
    operation_userid: String,
    page: usize,
    page_size: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetPost {
    operation_userid: String,
    blackboard_id: String,
}

fn body<T: serde::de::DeserializeOwned>(request: &Request) -> Result<T, (i64, Option<i64>)> {
    serde_json::from_slice(request.body()).or(no(40035))
}

impl DingTalkSim {
    pub(super) fn old_door(&mut self, at: Time, request: &Request, path: &[&str]) -> Reply {
        let answer = self.old_api(at, request, path);
        if let Err((40035, _) | (_, Some(22))) = answer {
            self.surprised(request, "unknown");
        }
        let id = format!("sim{:08}", self.next());
        let mut body = match answer {
            Ok(mut body) => {
                if let Some(fields) = body.as_object_mut() {
                    fields.insert("errcode".to_owned(), 0.into());
                    fields.insert("errmsg".to_owned(), "ok".into());
                }
                body
            }
            Err((88, Some(inner))) => json!({
                "errcode": 88, "errmsg": "ding talk error", "sub_code": inner.to_string(), "sub_msg": "refused",
            }),
            Err((code, _)) => json!({ "errcode": code, "errmsg": "refused" }),
        };
        if let Some(fields) = body.as_object_mut() {
            fields.insert("request_id".to_owned(), id.into());
        }
        reply(200, &body)
    }

    fn old_api(&mut self, at: Time, request: &Request, path: &[&str]) -> Answer {
        let get = request.method() == Method::GET;
        let asked = query(request, &["access_token", "appkey", "appsecret", "chatid"]).or(no(40035))?;
        let field = |name: &str| asked.get(name).map_or("", String::as_str);
        if get && path == ["gettoken"] {
            let token = self.issue(at, field("appkey"), field("appsecret"));
            let token = token.ok_or((40089, None))?;
            return Ok(json!({ "access_token": token, "expires_in": TOKEN_S }));
        }
        let app = match self.caller(at, asked.get("access_token").map(String::as_str)) {
            Caller::Nobody => return no(40014),
            Caller::Late => return no(42001),
            Caller::App(app) => app,
        };
        let scope = match path {
            ["chat", ..] | ["topapi", "im", ..] => "read",
            ["topapi", "blackboard", ..] => "post",
            _ => return Err((88, Some(22))),
        };
        if !self.may(&app, scope) {
            return Err((88, Some(60011)));
        }
        match (get, path) {
            (true, ["chat", "get"]) => self.chat(field("chatid")),
            (false, ["topapi", "im", "chat", "scenegroup", "get"]) => self.scene_full(request),
            (false, ["topapi", "blackboard", "create"]) => self.announce(request),
            (false, ["topapi", "blackboard", "listids"]) => self.posts(request),
            (false, ["topapi", "blackboard", "get"]) => self.post(request),
            _ => Err((88, Some(22))),
        }
    }

    fn chat(&self, chat: &str) -> Answer {
        let id = self.of_chat(chat).ok_or((34013, None))?;
        let group = self.group(id).or(no(34013))?;
        let people: Vec<&String> = self.people(group).collect();
        Ok(json!({ "chat_info": {
            "name": group.name,
            "owner": group.owner(),
            "useridlist": people,
            "conversationTag": 2,
            "chatBannedType": u8::from(group.frozen),
            "searchable": 0,
            "validationType": 0,
            "mentionAllAuthority": 0,
            "managementType": 0,
            "showHistoryType": 0,
            "icon": "",
            "status": if group.ended.is_some() { 2 } else { 1 },
        }}))
    }

    fn scene_full(&self, request: &Request) -> Answer {
        let SceneGet { open_conversation_id: id } = body(request)?;
        let group = self.scene(&id).or(no(4_000_003))?;
        let admins = group.members.iter().filter(|(_, member)| member.standing == Standing::Admin);
        let admins: Vec<&String> = admins.map(|(account, _)| account).collect();
        Ok(json!({ "success": true, "result": {
            "open_conversation_id": id,
            "template_id": "sim-template",
            "title": group.name,
            "owner_staff_id": group.owner(),
            "sub_admin_staff_ids": admins,
            "group_url": "",
            "icon": "",
            "management_options": {
                "chat_banned_type": u8::from(group.frozen).to_string(),
                "searchable": "0",
                "validation_type": "0",
                "mention_all_authority": "0",
                "management_type": "0",
                "show_history_type": "0",
            },
        }}))
    }

    fn announce(&mut self, request: &Request) -> Answer {
        let Create { create_request: asked } = body(request)?;
        let to = &asked.blackboard_receiver.userid_list;
        if !self.manages(&asked.operation_userid, None) || self.posts.len() >= MAX_KEPT {
            return no(50002);
        }
        if to.is_empty() || to.len() > 1000 || asked.title.is_empty() {
            return no(40035);
        }
        self.posts.push((asked.title, asked.content));
        Ok(json!({}))
    }

    fn posts(&self, request: &Request) -> Answer {
        let ListIds { query_request: asked } = body(request)?;
        if !self.manages(&asked.operation_userid, None) {
            return no(50002);
        }
        if asked.page == 0 || asked.page_size == 0 || asked.page_size > 30 {
            return no(40035);
        }
        let newest_first = (0..self.posts.len()).rev().map(|n| format!("sim-post-{n}"));
        let page: Vec<String> = newest_first
            .skip((asked.page - 1).saturating_mul(asked.page_size))
            .take(asked.page_size)
            .collect();
        Ok(json!({ "success": true, "result": page }))
    }

    fn post(&self, request: &Request) -> Answer {
        let GetPost { operation_userid, blackboard_id } = body(request)?;
        if !self.manages(&operation_userid, None) {
            return no(50002);
        }
        let n = blackboard_id.strip_prefix("sim-post-").and_then(|n| n.parse::<usize>().ok());
        let (title, content) = n.and_then(|n| self.posts.get(n)).ok_or((400_002, None))?;
        Ok(json!({ "result": { "id": blackboard_id, "title": title, "content": content } }))
    }
}
