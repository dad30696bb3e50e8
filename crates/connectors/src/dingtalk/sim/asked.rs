//! What the new API can be asked, field by field: what is not here is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// The switches of a group by their documented names, in either spelling.
pub(super) type Switches = BTreeMap<String, i64>;

/// Every switch that the documents have. Only the mute has an effect in this world.
const SWITCHES: [&str; 17] = [
    "addfriendforbidden",
    "allmemberscancreatecalendar",
    "allmemberscancreatemcsconf",
    "chatbannedtype",
    "groupemaildisabled",
    "groupliveswitch",
    "managementtype",
    "memberstoadminchat",
    "mentionallauthority",
    "notquitwhenempleave",
    "onlyadmincanaddmem",
    "onlyadmincanding",
    "onlyadmincansetmsgtop",
    "plugincustomizeverify",
    "searchable",
    "showhistorytype",
    "validationtype",
];

/// Whether plain members are muted by these switches; `None` when that is not among them.
///
/// # Errors
/// A switch that there is not, or a value that it does not have.
pub(super) fn muted(switches: &Switches) -> Result<Option<bool>, ()> {
    let mut muted = None;
    for (name, value) in switches {
        let name: String = name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
        match (SWITCHES.contains(&name.as_str()), name.as_str(), value) {
            (true, "chatbannedtype", 0 | 1) => muted = Some(*value == 1),
            (true, "chatbannedtype", _) | (false, ..) => return Err(()),
            (true, ..) => {}
        }
    }
    Ok(muted)
}

/// A list of ids, as an array or separated by commas: the documents show both.
fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Array(Vec<String>),
        Text(String),
    }
    Ok(match Either::deserialize(from)? {
        Either::Array(ids) => ids,
        Either::Text(text) => text.split(',').map(str::to_owned).collect(),
    })
}

/// A request for a token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenRequest {
    pub(super) app_key: String,
    pub(super) app_secret: String,
}

/// A request for a ticket. `extras` is in no document; the platform's own SDK for Go sends it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OpenStream {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) subscriptions: Vec<Subscription>,
    #[serde(default, rename = "ua")]
    _ua: Option<String>,
    #[serde(default, rename = "localIp")]
    _local_ip: Option<String>,
    #[serde(default, rename = "extras")]
    _extras: Option<serde_json::Value>,
}

/// What a stream is opened for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    pub(super) r#type: String,
    pub(super) topic: String,
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
    #[serde(default, deserialize_with = "list")]
    pub(super) user_ids: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) subadmin_ids: Vec<String>,
    #[serde(default)]
    pub(super) uuid: String,
    #[serde(default, rename = "icon")]
    pub(super) _icon: String,
    #[serde(default)]
    pub(super) management_options: Switches,
}

/// Members of a scene group who come or go.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SceneMembers {
    pub(super) open_conversation_id: String,
    #[serde(deserialize_with = "list")]
    pub(super) user_ids: Vec<String>,
}

/// What changes in a scene group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SceneUpdate {
    pub(super) open_conversation_id: String,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default, rename = "icon")]
    pub(super) _icon: String,
    #[serde(default)]
    pub(super) owner_user_id: Option<String>,
    #[serde(default)]
    pub(super) management_options: Switches,
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
    pub(super) options: Switches,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) add_useridlist: Vec<String>,
    #[serde(default)]
    pub(super) del_useridlist: Vec<String>,
    #[serde(default, rename = "icon")]
    pub(super) _icon: String,
}

/// An ordinary group to make.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateChat {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) useridlist: Vec<String>,
    #[serde(default, rename = "ownerType")]
    pub(super) owner_type: Option<String>,
    #[serde(default, rename = "conversationTag")]
    pub(super) _conversation_tag: i64,
    #[serde(default, rename = "icon")]
    pub(super) _icon: String,
    #[serde(default)]
    pub(super) management_options: Switches,
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
    #[serde(default, rename = "coolAppCode")]
    pub(super) _cool_app_code: String,
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
