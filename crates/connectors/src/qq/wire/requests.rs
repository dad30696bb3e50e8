//! The calls that the connector makes. Ids travel as strings where the implementation reads them as such, which all of
//! them do for groups and accounts; the two that page by number get numbers.

use adjourn_connector_kit::{ConnectorError, Kind, Request};
use bytes::Bytes;
use http::{HeaderValue, Method};
use serde_json::{Map, Value, json};
use url::Url;

use super::implementation::Paging;
use crate::qq::errors::Asks;

/// Messages that are asked for at once.
pub(crate) const HISTORY_PAGE: usize = 50;

/// An action with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) action: &'static str,
    pub(crate) params: Value,
    pub(crate) asks: Asks,
}

/// Proof that a leave is meant as a dissolve: the account owns the group, and the implementation dissolves when its
/// owner leaves. Nothing else makes a call of `set_group_leave`, so a plain leave of an owner can't be built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnerLeave(());

impl OwnerLeave {
    /// # Errors
    /// `Permission` unless the account owns the group; `Unsupported` where the call would come to nothing.
    pub(crate) fn meant(role: super::replies::Role, dissolves: bool) -> Result<Self, ConnectorError> {
        if !dissolves {
            return Err(ConnectorError::unsupported(adjourn_domain::capability::Op::Dissolve));
        }
        if role != super::replies::Role::Owner {
            let says = "this account does not own the group: its leave would only be a leave";
            return Err(ConnectorError::new(Kind::Permission, says));
        }
        Ok(Self(()))
    }
}

/// Proof that a leave is only a leave: the account does not own the group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainLeave(());

impl PlainLeave {
    /// # Errors
    /// `Conflict` for an owner, whose leave dissolves the group or makes somebody else the owner.
    pub(crate) fn meant(role: super::replies::Role) -> Result<Self, ConnectorError> {
        if role == super::replies::Role::Owner {
            return Err(ConnectorError::new(Kind::Conflict, crate::leave::OWNER));
        }
        Ok(Self(()))
    }
}

impl Call {
    fn read(action: &'static str, params: Value) -> Self {
        Self { action, params, asks: Asks::Read }
    }

    fn change(action: &'static str, params: Value) -> Self {
        Self { action, params, asks: Asks::Change }
    }

    /// As a request to an implementation at `base`.
    pub(crate) fn build(&self, base: &Url, bearer: HeaderValue) -> Result<Request, ConnectorError> {
        let invalid = || ConnectorError::new(Kind::Url, "setting url");
        let mut url = base.clone();
        url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().push(self.action);
        let mut request = http::Request::builder()
            .method(Method::POST)
            .uri(url.as_str())
            .body(Bytes::from(self.params.to_string()))
            .map_err(|_| invalid())?;
        let headers = request.headers_mut();
        headers.insert(http::header::AUTHORIZATION, bearer);
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(request)
    }
}

pub(crate) fn version() -> Call {
    Call::read("get_version_info", json!({}))
}

pub(crate) fn login() -> Call {
    Call::read("get_login_info", json!({}))
}

pub(crate) fn status() -> Call {
    Call::read("get_status", json!({}))
}

/// The account's groups, asked of the platform and not of a cache.
pub(crate) fn groups() -> Call {
    Call::read("get_group_list", json!({ "no_cache": true }))
}

pub(crate) fn members(group: &str) -> Call {
    Call::read("get_group_member_list", json!({ "group_id": group, "no_cache": true }))
}

pub(crate) fn member(group: &str, account: &str) -> Call {
    let params = json!({ "group_id": group, "user_id": account, "no_cache": true });
    Call::read("get_group_member_info", params)
}

/// A page of history that ends with `anchor`, or with the newest message.
pub(crate) fn history(paging: Paging, group: &str, anchor: Option<&str>) -> Call {
    let mut params = Map::from_iter([("group_id".to_owned(), Value::from(group))]);
    let mut add = |name: &str, value: Value| {
        params.insert(name.to_owned(), value);
    };
    match paging {
        Paging::Reversed => {
            add("count", HISTORY_PAGE.into());
            // The two spellings of one parameter; the older one is required as well.
            add("reverse_order", anchor.is_some().into());
            add("reverseOrder", anchor.is_some().into());
            add("disable_get_url", false.into());
            add("parse_mult_msg", true.into());
            add("quick_reply", false.into());
            if let Some(anchor) = anchor {
                add("message_seq", anchor.into());
            }
        }
        Paging::UpToId => {
            add("count", HISTORY_PAGE.into());
            if let Some(anchor) = anchor {
                add("message_id", whole(anchor));
            }
        }
        Paging::UpToNumber => {
            if let Some(anchor) = anchor {
                add("message_seq", whole(anchor));
            }
        }
    }
    Call::read("get_group_msg_history", Value::Object(params))
}

/// A number where it is one.
fn whole(digits: &str) -> Value {
    digits.parse::<i64>().map_or_else(|_| Value::from(digits), Value::from)
}

pub(crate) fn message(id: &str) -> Call {
    Call::read("get_msg", json!({ "message_id": whole(id) }))
}

pub(crate) fn file_system(group: &str) -> Call {
    Call::read("get_group_file_system_info", json!({ "group_id": group }))
}

pub(crate) fn root_files(group: &str, count: usize) -> Call {
    Call::read("get_group_root_files", json!({ "group_id": group, "file_count": count }))
}

pub(crate) fn folder_files(group: &str, folder: &str, count: usize) -> Call {
    let params = json!({ "group_id": group, "folder_id": folder, "folder": folder, "file_count": count });
    Call::read("get_group_files_by_folder", params)
}

/// The short-lived address of a file. `busid` is go-cqhttp's.
pub(crate) fn file_url(group: &str, file: &str, busid: Option<&str>) -> Call {
    let mut params = json!({ "group_id": group, "file_id": file });
    if let (Some(busid), Some(fields)) = (busid, params.as_object_mut()) {
        fields.insert("busid".to_owned(), whole(busid));
    }
    Call::read("get_group_file_url", params)
}

pub(crate) fn notices(group: &str) -> Call {
    Call::read("_get_group_notice", json!({ "group_id": group }))
}

/// A notice. NapCat wants every parameter; the values are its defaults, without asking members to confirm.
pub(crate) fn send_notice(group: &str, text: &str) -> Call {
    let params = json!({
        "group_id": group,
        "content": text,
        "pinned": 0,
        "type": 1,
        "confirm_required": 0,
        "is_show_edit_card": 0,
        "tip_window_type": 0,
    });
    Call::change("_send_group_notice", params)
}

/// A message of plain text. As a segment, so that no character of it is read as a code.
pub(crate) fn send_message(group: &str, text: &str) -> Call {
    let segment = json!([{ "type": "text", "data": { "text": text } }]);
    Call::change("send_group_msg", json!({ "group_id": group, "message": segment }))
}

pub(crate) fn mute_everybody(group: &str, muted: bool) -> Call {
    Call::change("set_group_whole_ban", json!({ "group_id": group, "enable": muted }))
}

pub(crate) fn kick(group: &str, account: &str) -> Call {
    let params = json!({ "group_id": group, "user_id": account, "reject_add_request": false });
    Call::change("set_group_kick", params)
}

/// A plain member's leave: the group goes on.
pub(crate) fn go(group: &str, _meant: PlainLeave) -> Call {
    Call::change("set_group_leave", json!({ "group_id": group, "is_dismiss": false }))
}

/// The owner's leave, which dissolves. `is_dismiss` is what the standard asks for; no implementation looks at it.
pub(crate) fn leave(group: &str, _meant: OwnerLeave) -> Call {
    Call::change("set_group_leave", json!({ "group_id": group, "is_dismiss": true }))
}
