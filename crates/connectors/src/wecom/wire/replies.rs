//! The replies, as far as they are read. Fields that are not read may come and go.

use adjourn_connector_kit::ConnectorError;
use serde::Deserialize;

use super::super::errors::{self, Asks};

/// Longest name that is taken over.
const MAX_NAME: usize = 1024;
/// Most members of a group: an app's group has up to 2000, a customer group fewer.
const MAX_MEMBERS: usize = 10_000;

/// The access token.
#[derive(Deserialize)]
pub(crate) struct Token {
    pub(crate) access_token: String,
    /// For how many seconds it is good.
    #[serde(default)]
    pub(crate) expires_in: u64,
}

/// The apps behind a token.
#[derive(Debug, Deserialize)]
pub(crate) struct Agents {
    pub(crate) agentlist: Vec<Agent>,
}

/// An app.
#[derive(Debug, Deserialize)]
pub(crate) struct Agent {
    pub(crate) agentid: u64,
}

/// A group that the app made.
#[derive(Debug, Deserialize)]
pub(crate) struct AppChat {
    pub(crate) chat_info: AppChatInfo,
}

/// The id of a group that was made.
#[derive(Debug, Deserialize)]
pub(crate) struct AppChatMade {
    pub(crate) chatid: String,
}

/// What there is to know of it.
#[derive(Debug, Deserialize)]
pub(crate) struct AppChatInfo {
    pub(crate) chatid: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) userlist: Vec<String>,
}

/// A page of customer groups.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerList {
    pub(crate) group_chat_list: Vec<CustomerLine>,
    #[serde(default)]
    pub(crate) next_cursor: String,
}

/// A customer group in a listing.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerLine {
    pub(crate) chat_id: String,
}

/// A customer group.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerChat {
    pub(crate) group_chat: CustomerChatInfo,
}

/// What there is to know of it.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerChatInfo {
    pub(crate) chat_id: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) member_list: Vec<CustomerMember>,
    #[serde(default)]
    pub(crate) admin_list: Vec<Userid>,
}

/// A member of a customer group.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerMember {
    pub(crate) userid: String,
    /// 1 for staff, 2 for people from outside.
    #[serde(rename = "type")]
    pub(crate) kind: u8,
    #[serde(default)]
    pub(crate) name: String,
}

/// Somebody's id.
#[derive(Debug, Deserialize)]
pub(crate) struct Userid {
    pub(crate) userid: String,
}

/// What was refused of a transfer, group by group.
#[derive(Debug, Deserialize)]
pub(crate) struct Transferred {
    #[serde(default)]
    pub(crate) failed_chat_list: Vec<Failed>,
}

/// One group that was not transferred, and why.
#[derive(Debug, Deserialize)]
pub(crate) struct Failed {
    pub(crate) chat_id: String,
    pub(crate) errcode: i64,
}

/// A call that has nothing to say but its number.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

/// A page of approval numbers.
#[derive(Debug, Deserialize)]
pub(crate) struct Approvals {
    pub(crate) sp_no_list: Vec<String>,
    #[serde(default)]
    pub(crate) new_next_cursor: String,
}

/// An approval request.
#[derive(Debug, Deserialize)]
pub(crate) struct Approval {
    pub(crate) info: ApprovalInfo,
}

/// What there is to know of it.
#[derive(Debug, Deserialize)]
pub(crate) struct ApprovalInfo {
    pub(crate) sp_no: String,
    pub(crate) sp_status: u8,
    pub(crate) template_id: String,
    #[serde(default)]
    pub(crate) sp_record: Vec<ApprovalNode>,
    #[serde(default)]
    pub(crate) apply_data: ApplyData,
}

/// A node of the way that a request goes.
#[derive(Debug, Deserialize)]
pub(crate) struct ApprovalNode {
    #[serde(default)]
    pub(crate) details: Vec<ApprovalDetail>,
}

/// What one approver said: 2 is yes.
#[derive(Debug, Deserialize)]
pub(crate) struct ApprovalDetail {
    pub(crate) approver: Userid,
    pub(crate) sp_status: u8,
}

/// The form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ApplyData {
    #[serde(default)]
    pub(crate) contents: Vec<Control>,
}

/// A field of the form: of its value only text and people are read.
#[derive(Debug, Deserialize)]
pub(crate) struct Control {
    #[serde(default)]
    pub(crate) value: ControlValue,
}

/// The value of a field.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ControlValue {
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) members: Vec<Userid>,
}

impl ApprovalInfo {
    /// Whether it was granted, from this template, for this group.
    pub(crate) fn grants(&self, template: &str, chat: &str) -> bool {
        let named = self.apply_data.contents.iter().any(|control| control.value.text.trim() == chat);
        self.sp_status == 2 && self.template_id == template && named
    }

    /// Who takes the work over, as the form says.
    pub(crate) fn nominees(&self) -> impl Iterator<Item = &str> {
        let people = self.apply_data.contents.iter().flat_map(|control| &control.value.members);
        people.map(|person| person.userid.as_str())
    }

    /// Who said yes.
    pub(crate) fn approvers(&self) -> impl Iterator<Item = &str> {
        let details = self.sp_record.iter().flat_map(|node| &node.details);
        details.filter(|detail| detail.sp_status == 2).map(|detail| detail.approver.userid.as_str())
    }
}

/// Takes names and a number of members over, if they are of a size that they can have.
pub(crate) fn sized(name: &str, members: usize) -> Result<(), ConnectorError> {
    if name.len() <= MAX_NAME && members <= MAX_MEMBERS {
        Ok(())
    } else {
        Err(errors::protocol("a group that is larger than groups are", Asks::Read))
    }
}
