//! Every call that is made, one function each.

use http::Method;
use serde_json::{Value, json};

use super::{Call, Door};

/// Groups of the inventory on a page.
pub(in crate::dingtalk) const INVENTORY_PAGE: u64 = 20;
/// Members, notices or announcements on a page.
const PAGE: u64 = 30;

fn post(path: &[&str], body: Value) -> Call {
    call(Door::New, Method::POST, path, Vec::new(), Some(body))
}

fn get(path: &[&str], query: Vec<(&'static str, String)>) -> Call {
    call(Door::New, Method::GET, path, query, None)
}

fn old(path: &[&str], body: Value) -> Call {
    call(Door::Old, Method::POST, path, Vec::new(), Some(body))
}

fn call(
    door: Door,
    method: Method,
    path: &[&str],
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
) -> Call {
    Call { door, method, path: path.iter().map(|part| (*part).to_owned()).collect(), query, body }
}

/// A token for both APIs.
pub(in crate::dingtalk) fn token(key: &str, secret: &str) -> Call {
    post(&["v1.0", "oauth2", "accessToken"], json!({ "appKey": key, "appSecret": secret }))
}

/// A ticket for a stream of all events that are ticked in the developer console: there is no other topic for events.
pub(in crate::dingtalk) fn gate(key: &str, secret: &str) -> Call {
    let body = json!({
        "clientId": key,
        "clientSecret": secret,
        "subscriptions": [{ "type": "EVENT", "topic": "*" }],
        "ua": concat!("adjourn-sdk-rust/", env!("CARGO_PKG_VERSION")),
    });
    post(&["v1.0", "gateway", "connections", "open"], body)
}

/// A scene group in short.
pub(in crate::dingtalk) fn scene(group: &str) -> Call {
    post(&["v1.0", "im", "sceneGroups", "query"], json!({ "openConversationId": group }))
}

/// A scene group in full.
pub(in crate::dingtalk) fn scene_full(group: &str) -> Call {
    old(&["topapi", "im", "chat", "scenegroup", "get"], json!({ "open_conversation_id": group }))
}

/// A page of a scene group's members.
pub(in crate::dingtalk) fn members(group: &str, token: Option<&str>) -> Call {
    let mut body = json!({ "openConversationId": group, "maxResults": 1000 });
    if let (Some(fields), Some(token)) = (body.as_object_mut(), token) {
        fields.insert("nextToken".to_owned(), token.into());
    }
    post(&["v1.0", "im", "sceneGroups", "members", "batchQuery"], body)
}

/// A group's robots.
pub(in crate::dingtalk) fn robots(group: &str) -> Call {
    post(&["v1.0", "robot", "groups", "robots", "query"], json!({ "openConversationId": group }))
}

/// The account that a robot has in a scene group.
pub(in crate::dingtalk) fn robot_account(group: &str, robot: &str) -> Call {
    let query = vec![("openConversationId", group.to_owned()), ("robotCode", robot.to_owned())];
    get(&["v1.0", "im", "sceneGroups", "templates", "robots"], query)
}

/// Takes a robot out of a group.
pub(in crate::dingtalk) fn remove_robot(group: &str, account: &str) -> Call {
    let body = json!({ "openConversationId": group, "chatBotUserId": account });
    post(&["v1.0", "im", "conversations", "robots", "remove"], body)
}

/// Makes a scene group; the same key makes it once.
pub(in crate::dingtalk) fn create_scene(
    template: &str,
    name: &str,
    owner: &str,
    members: &[&str],
    key: &str,
) -> Call {
    let body = json!({
        "title": name,
        "template_id": template,
        "owner_user_id": owner,
        "user_ids": members.join(","),
        "uuid": key,
    });
    post(&["v1.0", "im", "sceneGroup", "create"], body)
}

/// Makes an ordinary group.
pub(in crate::dingtalk) fn create_chat(name: &str, owner: &str, members: &[&str]) -> Call {
    let body = json!({
        "name": name,
        "owner": owner,
        "ownerType": "emp",
        "useridlist": members,
        "conversationTag": 2,
    });
    post(&["v1.0", "im", "group", "create"], body)
}

/// Ends a scene group.
pub(in crate::dingtalk) fn disband(group: &str) -> Call {
    post(&["v1.0", "im", "chat", "scenegroup", "disband"], json!({ "openConversationId": group }))
}

/// Makes a member the owner of a scene group.
pub(in crate::dingtalk) fn scene_owner(group: &str, to: &str) -> Call {
    let body = json!({ "open_conversation_id": group, "owner_user_id": to });
    post(&["v1.0", "im", "sceneGroup", "update"], body)
}

/// Lets nobody but owner and administrators speak in a scene group, or everybody.
pub(in crate::dingtalk) fn scene_mute(group: &str, muted: bool) -> Call {
    let options = json!({ "chat_banned_type": u8::from(muted) });
    let body = json!({ "open_conversation_id": group, "management_options": options });
    post(&["v1.0", "im", "sceneGroup", "update"], body)
}

/// An ordinary group.
pub(in crate::dingtalk) fn chat(chat: &str) -> Call {
    call(Door::Old, Method::GET, &["chat", "get"], vec![("chatid", chat.to_owned())], None)
}

/// Makes a member the owner of an ordinary group.
pub(in crate::dingtalk) fn chat_owner(chat: &str, to: &str) -> Call {
    post(&["v1.0", "im", "group", "update"], json!({ "chatid": chat, "owner": to, "ownerType": "emp" }))
}

/// The same as [`scene_mute`], in an ordinary group.
pub(in crate::dingtalk) fn chat_mute(chat: &str, muted: bool) -> Call {
    let options = json!({ "chatBannedType": u8::from(muted) });
    post(&["v1.0", "im", "group", "update"], json!({ "chatid": chat, "managementOptions": options }))
}

/// A page of the organisation's inventory, from 1; `uuid` is the same for all pages of one reading.
pub(in crate::dingtalk) fn inventory(operator: &str, uuid: &str, page: u64, name: Option<&str>) -> Call {
    let mut query = vec![
        ("operatorUserId", operator.to_owned()),
        ("uuid", uuid.to_owned()),
        ("pageStart", page.to_string()),
        ("pageSize", INVENTORY_PAGE.to_string()),
    ];
    query.extend(name.map(|name| ("groupName", name.to_owned())));
    get(&["v1.0", "exclusive", "securities", "orgGroupInfos"], query)
}

/// A page of the groups of a template, from 1.
pub(in crate::dingtalk) fn of_template(template: &str, page: u64) -> Call {
    let path = ["v1.0", "im", "chats", "sceneGroups", "templates", template, "lists"];
    get(&path, vec![("pageNumber", page.to_string()), ("pageSize", INVENTORY_PAGE.to_string())])
}

/// Posts a notice in a group.
pub(in crate::dingtalk) fn post_notice(group: &str, operator: &str, text: &str, id: &str) -> Call {
    let body = json!({
        "openConversationId": group,
        "userId": operator,
        "content": text,
        "sticky": true,
        "sendDing": false,
        "uniqueId": id,
    });
    post(&["v1.0", "groupBlackboard", "blackboards", "create"], body)
}

/// One notice.
pub(in crate::dingtalk) fn notice(group: &str, operator: &str, id: &str) -> Call {
    let body = json!({ "openConversationId": group, "userId": operator, "dataId": id });
    post(&["v1.0", "groupBlackboard", "blackboards", "get"], body)
}

/// A page of notices.
pub(in crate::dingtalk) fn notices(group: &str, operator: &str, cursor: Option<&str>) -> Call {
    let mut body = json!({ "openConversationId": group, "userId": operator, "pageSize": PAGE });
    if let (Some(fields), Some(cursor)) = (body.as_object_mut(), cursor) {
        fields.insert("nextPageCursor".to_owned(), cursor.into());
    }
    post(&["v1.0", "groupBlackboard", "blackboards", "list"], body)
}

/// What the app's robot says, as the platform wants it: JSON in a JSON string.
pub(in crate::dingtalk) fn robot_words(text: &str) -> String {
    json!({ "content": text }).to_string()
}

/// Has the app's robot say something.
pub(in crate::dingtalk) fn say(group: &str, robot: &str, words: &str) -> Call {
    let body = json!({
        "openConversationId": group,
        "robotCode": robot,
        "msgKey": "sampleText",
        "msgParam": words,
    });
    post(&["v1.0", "robot", "groupMessages", "send"], body)
}

/// What became of what the robot said.
pub(in crate::dingtalk) fn said(group: &str, robot: &str, key: &str) -> Call {
    let body = json!({ "openConversationId": group, "robotCode": robot, "processQueryKey": key });
    post(&["v1.0", "robot", "groupMessages", "query"], body)
}

/// Posts an announcement of the organisation to these people.
pub(in crate::dingtalk) fn announce(operator: &str, title: &str, text: &str, to: &[String]) -> Call {
    let request = json!({
        "operation_userid": operator,
        "title": title,
        "content": text,
        "private_level": 0,
        "ding": false,
        "blackboard_receiver": { "userid_list": to },
    });
    old(&["topapi", "blackboard", "create"], json!({ "create_request": request }))
}

/// A page of the organisation's announcements, from 1.
pub(in crate::dingtalk) fn posts(operator: &str, page: u64) -> Call {
    let request = json!({ "operation_userid": operator, "page": page, "page_size": PAGE });
    old(&["topapi", "blackboard", "listids"], json!({ "query_request": request }))
}

/// One announcement of the organisation.
pub(in crate::dingtalk) fn read_post(operator: &str, id: &str) -> Call {
    old(&["topapi", "blackboard", "get"], json!({ "operation_userid": operator, "blackboard_id": id }))
}
