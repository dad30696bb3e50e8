//! The wire, pure: build a request, read a reply. The names of fields are the platform's, misspellings included.

pub(super) mod events;
pub(super) mod requests;
pub(super) mod stream;

use std::collections::BTreeMap;

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Request, Secret, SecretQuery};
use bytes::Bytes;
use http::{HeaderValue, Method};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::errors::{self, Asks};

pub(super) use requests::token;

/// Longest name that is taken over.
const MAX_NAME: usize = 1024;

/// Which of the two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// `/v1.0/…`, token in a header.
    New,
    /// Token in the query; refusals have status 200.
    Old,
}

/// A call before it has an address and a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) door: Door,
    pub(super) method: Method,
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
}

/// The answer to a request for a token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    pub(super) access_token: String,
    pub(super) expire_in: u64,
}

/// `{"success":true}`.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    pub(super) success: bool,
}

/// A scene group in short.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scene {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) owner_user_id: String,
    /// 1 normal, 2 dissolved.
    pub(super) status: i64,
}

/// A scene group in full, from the old API.
#[derive(Debug, Deserialize)]
pub(super) struct SceneFull {
    pub(super) result: SceneDetail,
}

/// What of it is used.
#[derive(Debug, Deserialize)]
pub(super) struct SceneDetail {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    pub(super) sub_admin_staff_ids: Vec<String>,
    pub(super) management_options: SceneOptions,
}

/// Switches of a scene group. They come as text.
#[derive(Debug, Deserialize)]
pub(super) struct SceneOptions {
    #[serde(deserialize_with = "text")]
    pub(super) chat_banned_type: String,
}

/// A page of members.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Members {
    pub(super) member_user_ids: Vec<String>,
    #[serde(default)]
    pub(super) staff_id_nick_map: BTreeMap<String, String>,
    pub(super) has_more: bool,
    #[serde(default)]
    pub(super) next_token: Option<String>,
}

/// The robots of a group.
#[derive(Debug, Deserialize)]
pub(super) struct Robots {
    #[serde(rename = "chatbotInstanceVOList")]
    pub(super) list: Vec<Robot>,
}

/// A robot.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Robot {
    pub(super) robot_code: String,
    #[serde(default)]
    pub(super) name: String,
}

/// Whose account a robot has in a scene group.
#[derive(Debug, Deserialize)]
pub(super) struct RobotAccount {
    pub(super) result: UserId,
}

/// An account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserId {
    pub(super) user_id: String,
}

/// The robot that was removed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RobotRemoved {
    pub(super) chat_bot_user_id: String,
}

/// A page of the organisation's inventory.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inventory {
    pub(super) items: Vec<InventoryRow>,
    pub(super) item_count: u64,
    pub(super) total_count: u64,
}

/// A group in the inventory.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InventoryRow {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    pub(super) group_name: String,
    #[serde(default)]
    pub(super) group_owner_user_id: String,
    #[serde(default)]
    pub(super) group_last_active_time: Option<i64>,
    #[serde(default)]
    pub(super) sync_to_dingpan: i64,
    #[serde(default)]
    pub(super) used_quota: i64,
    #[serde(default)]
    pub(super) template_id: String,
    /// -1 dissolved, 0 without members, 1 normal.
    pub(super) status: i64,
}

/// Groups of a template.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfTemplate {
    pub(super) open_conversation_ids: Vec<String>,
    pub(super) success: bool,
}

/// A scene group that was made; this call spells its fields in its own way.
#[derive(Debug, Deserialize)]
pub(super) struct SceneMade {
    pub(super) open_conversation_id: String,
}

/// An ordinary group that was made.
#[derive(Debug, Deserialize)]
pub(super) struct ChatMade {
    #[serde(rename = "openConversationId")]
    pub(super) open_conversation_id: String,
    pub(super) chatid: String,
}

/// An ordinary group, from the old API.
#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) chat_info: ChatInfo,
}

/// What of it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatInfo {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) owner: String,
    #[serde(default)]
    pub(super) useridlist: Vec<String>,
    #[serde(default)]
    pub(super) chat_banned_type: i64,
    /// 1 normal, 2 dissolved.
    pub(super) status: i64,
}

/// The id of the notice that was posted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NoticeMade {
    pub(super) data_id: String,
    pub(super) success: bool,
}

/// A page of notices.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notices {
    pub(super) blackboard_list: Vec<Notice>,
    pub(super) has_more: bool,
    #[serde(default)]
    pub(super) next_page_cursor: Option<String>,
}

/// One notice.
#[derive(Debug, Deserialize)]
pub(super) struct NoticeFull {
    pub(super) result: Notice,
}

/// What of it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notice {
    pub(super) data_id: String,
    pub(super) content: String,
    #[serde(default)]
    pub(super) user_id: String,
}

/// The key of a message that the robot said.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    pub(super) process_query_key: String,
}

/// What became of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SaidState {
    pub(super) send_status: String,
}

/// Ids of the organisation's announcements.
#[derive(Debug, Deserialize)]
pub(super) struct PostIds {
    pub(super) result: Vec<String>,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) result: PostBody,
}

/// Its words.
#[derive(Debug, Deserialize)]
pub(super) struct PostBody {
    pub(super) title: String,
    pub(super) content: String,
}

/// The old API's success without more.
#[derive(Debug, Deserialize)]
pub(super) struct OldDone {
    pub(super) errcode: i64,
}

/// A request to the path of these segments. Ids go through the percent encoding of paths, whatever is in them.
pub(super) fn build(call: &Call, base: &Url, token: Option<&Secret>) -> Result<Request, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Url, "the request has no valid address");
    let mut url = base.clone();
    url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(&call.path);
    if let (Door::Old, Some(token)) = (call.door, token) {
        url.query_pairs_mut().append_pair("access_token", token.expose());
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(call.query.iter().map(|(name, value)| (*name, value.as_str())));
    }
    let bytes = call.body.as_ref().map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let request = http::Request::builder().method(call.method.clone()).uri(url.as_str());
    let mut request = request.body(bytes).map_err(|_| wrong())?;
    if let (Door::New, Some(token)) = (call.door, token) {
        let mut value = HeaderValue::from_str(token.expose())
            .map_err(|_| ConnectorError::new(Kind::Protocol, "a token that no header can hold"))?;
        value.set_sensitive(true);
        request.headers_mut().insert("x-acs-dingtalk-access-token", value);
    }
    if call.door == Door::Old {
        request.extensions_mut().insert(SecretQuery(&["access_token"]));
    }
    if call.body.is_some() {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(http::header::CONTENT_TYPE, json);
    }
    Ok(request)
}

/// Reads a success of this shape. Everything else is an error.
pub(super) fn read<T: DeserializeOwned>(reply: &Reply, door: Door, asks: Asks) -> Result<T, ConnectorError> {
    if let Some(error) = errors::refusal(reply, asks) {
        return Err(error);
    }
    let kind = reply.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json")) {
        return Err(errors::stranger(reply, asks));
    }
    if door == Door::Old {
        // What has no code of success is not the old API.
        let done: Result<OldDone, _> = serde_json::from_slice(reply.body());
        if !done.is_ok_and(|done| done.errcode == 0) {
            return Err(errors::protocol("a reply without the code of success", asks));
        }
    }
    serde_json::from_slice(reply.body()).map_err(|_| errors::protocol("a reply of another shape", asks))
}

/// Takes a name over, if it is of a length that a name can have.
pub(super) fn name(text: &str) -> Result<(), ConnectorError> {
    if text.len() <= MAX_NAME { Ok(()) } else { Err(errors::protocol("a name that is too long", Asks::Read)) }
}

/// A number or a text, as a text.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("neither a number nor a text")),
    }
}

#[cfg(test)]
mod tests;
