//! What the new API can be asked, field by field: what is not here is refused.

use serde::Deserialize;

/// A request for a token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenRequest {
    pub(super) app_key: String,
    pub(super) app_secret: String,
}

/// A group, in which a cool app may be installed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfGroup {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    #[expect(dead_code, reason = "documented; groups of this world have no cool app")]
    pub(super) cool_app_code: Option<String>,
}

/// A group.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Only {
    pub(super) open_conversation_id: String,
}

/// A page of members.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MembersRequest {
    pub(super) open_conversation_id: String,
    pub(super) max_results: usize,
    #[serde(default)]
    pub(super) next_token: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "documented; groups of this world have no cool app")]
    pub(super) cool_app_code: Option<String>,
}

/// A scene group to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateScene {
    pub(super) title: String,
    pub(super) template_id: String,
    pub(super) owner_user_id: String,
    #[serde(default)]
    pub(super) user_ids: Vec<String>,
    #[serde(default)]
    pub(super) subadmin_ids: Vec<String>,
    #[serde(default, rename = "uuid")]
    pub(super) _uuid: String,
    #[serde(default, rename = "icon")]
    pub(super) _icon: String,
    #[serde(default)]
    pub(super) management_options: Option<SceneOptions>,
}

/// What changes in a scene group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SceneUpdate {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    pub(super) owner_user_id: Option<String>,
    #[serde(default)]
    pub(super) management_options: Option<SceneOptions>,
}

/// Its switches.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SceneOptions {
    pub(super) chat_banned_type: u8,
}

/// What changes in an ordinary group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatUpdate {
    pub(super) chatid: String,
    #[serde(default)]
    pub(super) owner: Option<String>,
    #[serde(default, rename = "ownerType")]
    pub(super) owner_type: Option<String>,
    #[serde(default, rename = "managementOptions")]
    pub(super) options: Option<ChatOptions>,
}

/// Its switches.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChatOptions {
    pub(super) chat_banned_type: u8,
}

/// A robot that is to go.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RemoveRobot {
    pub(super) chat_bot_user_id: String,
    pub(super) open_conversation_id: String,
}

/// What a robot is to say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Say {
    pub(super) msg_key: String,
    pub(super) msg_param: String,
    pub(super) open_conversation_id: String,
    pub(super) robot_code: String,
}

/// Something that a robot said.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SaidRequest {
    pub(super) open_conversation_id: String,
    #[expect(dead_code, reason = "documented and required; keys of this world are unique")]
    pub(super) robot_code: String,
    pub(super) process_query_key: String,
}

/// A notice to post.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PostNotice {
    pub(super) open_conversation_id: String,
    pub(super) user_id: String,
    pub(super) content: String,
    #[expect(dead_code, reason = "required; what it does is not documented")]
    pub(super) unique_id: String,
    #[serde(default, rename = "sticky")]
    pub(super) _sticky: bool,
    #[serde(default, rename = "sendDing")]
    pub(super) _send_ding: bool,
}

/// A notice.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the platform's")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneNotice {
    pub(super) open_conversation_id: String,
    pub(super) user_id: String,
    pub(super) data_id: String,
}

/// A page of notices.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListNotices {
    pub(super) open_conversation_id: String,
    pub(super) user_id: String,
    pub(super) page_size: usize,
    #[serde(default)]
    pub(super) next_page_cursor: Option<String>,
}
