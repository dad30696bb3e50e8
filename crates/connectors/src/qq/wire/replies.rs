//! What replies hold. Shapes are strict where we rely on them and silent about the rest.

use adjourn_domain::group::Standing;
use serde::Deserialize;
use serde_json::Value;

use super::ids::Id;

/// Longest name that is taken over.
pub(crate) const MAX_NAME: usize = 1024;

/// `get_version_info`.
#[derive(Debug, Deserialize)]
pub(crate) struct Version {
    pub(crate) app_name: String,
    #[serde(default)]
    pub(crate) app_version: String,
}

/// `get_login_info`.
#[derive(Debug, Deserialize)]
pub(crate) struct Login {
    pub(crate) user_id: Id,
}

/// `get_status`.
#[derive(Debug, Deserialize)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) online: Option<bool>,
}

/// A group of `get_group_list`.
#[derive(Debug, Deserialize)]
pub(crate) struct Group {
    #[serde(rename = "group_id")]
    pub(crate) id: Id,
    #[serde(rename = "group_name", default)]
    pub(crate) name: String,
    /// Not 0 while everybody is muted; NapCat and LLOneBot tell.
    #[serde(rename = "group_all_shut", default)]
    pub(crate) all_shut: Option<i64>,
}

/// A member's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Owner,
    Admin,
    Member,
}

impl Role {
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }

    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Owner => Standing::Owner,
            Self::Admin => Standing::Admin,
            Self::Member => Standing::Member,
        }
    }
}

/// A member.
#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    pub(crate) user_id: Id,
    #[serde(default)]
    pub(crate) nickname: String,
    #[serde(default)]
    pub(crate) card: Option<String>,
    pub(crate) role: Role,
    #[serde(default)]
    pub(crate) is_robot: bool,
    #[serde(default)]
    pub(crate) last_sent_time: Option<u32>,
}

/// `get_group_msg_history`. Messages stay raw, because the export keeps the platform's own bytes.
#[derive(Debug, Deserialize)]
pub(crate) struct History {
    pub(crate) messages: Vec<Value>,
}

/// `send_group_msg`.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(crate) message_id: Id,
}

/// A notice of `_get_group_notice`.
#[derive(Debug, Deserialize)]
pub(crate) struct Notice {
    pub(crate) sender_id: Id,
    pub(crate) message: NoticeText,
}

/// A notice's content.
#[derive(Debug, Deserialize)]
pub(crate) struct NoticeText {
    pub(crate) text: String,
}

/// `get_group_file_url`.
#[derive(Debug, Deserialize)]
pub(crate) struct FileUrl {
    pub(crate) url: String,
}
