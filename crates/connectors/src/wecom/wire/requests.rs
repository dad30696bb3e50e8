//! The calls. Field names and limits are those of the documents that README.md names.

use adjourn_connector_kit::transport::SecretQuery;
use adjourn_connector_kit::{ConnectorError, Kind, Request, Secret};
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use url::Url;

use super::super::errors::Asks;

/// Longest text of a message, in bytes; the platform cuts off the rest without a word.
pub(crate) const MAX_TEXT: usize = 2048;
/// Groups on a page of customer groups.
const PAGE: u32 = 1000;
/// Approvals on a page.
const APPROVALS: u32 = 100;

/// Parameters that are never shown: each of them is a key to something.
const SECRET: SecretQuery = SecretQuery(&["corpsecret", "access_token", "key"]);

/// A call of the API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    path: &'static str,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// Whether it changes something.
    pub(crate) asks: Asks,
}

impl Call {
    fn get(path: &'static str, query: Vec<(&'static str, String)>) -> Self {
        Self { path, query, body: None, asks: Asks::Read }
    }

    /// Many reads are POST on this platform.
    fn post(path: &'static str, asks: Asks, body: Value) -> Self {
        Self { path, query: Vec::new(), body: Some(body), asks }
    }

    /// The request, with the access token where there is one. GET without a body, POST with one.
    pub(crate) fn build(&self, base: &Url, token: Option<&Secret>) -> Result<Request, ConnectorError> {
        let wrong = || ConnectorError::new(Kind::Url, "setting url");
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| wrong())?
            .pop_if_empty()
            .push("cgi-bin")
            .extend(self.path.split('/'));
        {
            let mut pairs = url.query_pairs_mut();
            if let Some(token) = token {
                pairs.append_pair("access_token", token.expose());
            }
            pairs.extend_pairs(&self.query);
        }
        let method = if self.body.is_some() { Method::POST } else { Method::GET };
        let bytes = self.body.as_ref().map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let mut request =
            http::Request::builder().method(method).uri(url.as_str()).body(bytes).map_err(|_| wrong())?;
        if self.body.is_some() {
            let json = http::HeaderValue::from_static("application/json");
            request.headers_mut().insert(http::header::CONTENT_TYPE, json);
        }
        request.extensions_mut().insert(SECRET);
        Ok(request)
    }
}

/// The access token of an app. The secret stands in the address because the platform wants it there.
pub(crate) fn token(corpid: &str, secret: &Secret) -> Call {
    let query = vec![("corpid", corpid.to_owned()), ("corpsecret", secret.expose().to_owned())];
    Call::get("gettoken", query)
}

/// The app behind the token.
pub(crate) fn agents() -> Call {
    Call::get("agent/list", Vec::new())
}

/// A group that this app made.
pub(crate) fn app_chat(chat: &str) -> Call {
    Call::get("appchat/get", vec![("chatid", chat.to_owned())])
}

/// Makes a group under an id of our own.
pub(crate) fn app_create(chat: &str, name: &str, owner: &str, users: &[&str]) -> Call {
    let body = json!({ "chatid": chat, "name": name, "owner": owner, "userlist": users });
    Call::post("appchat/create", Asks::Change, body)
}

/// Makes a member the owner of a group that this app made.
pub(crate) fn app_owner(chat: &str, owner: &str) -> Call {
    Call::post("appchat/update", Asks::Change, json!({ "chatid": chat, "owner": owner }))
}

/// Posts to a group that this app made.
pub(crate) fn app_send(chat: &str, text: &str) -> Call {
    let body = json!({ "chatid": chat, "msgtype": "text", "text": { "content": text }, "safe": 0 });
    Call::post("appchat/send", Asks::Change, body)
}

/// A page of the customer groups in the app's sight.
pub(crate) fn customer_list(cursor: Option<&str>, limit: Option<u32>) -> Call {
    let mut body = json!({ "status_filter": 0, "limit": limit.unwrap_or(PAGE) });
    if let (Some(cursor), Some(fields)) = (cursor, body.as_object_mut()) {
        fields.insert("cursor".to_owned(), cursor.into());
    }
    Call::post("externalcontact/groupchat/list", Asks::Read, body)
}

/// A customer group with the names of its members.
pub(crate) fn customer_chat(chat: &str) -> Call {
    Call::post("externalcontact/groupchat/get", Asks::Read, json!({ "chat_id": chat, "need_name": 1 }))
}

/// Gives a customer group another owner; its present one is in post, or has resigned.
pub(crate) fn customer_owner(chat: &str, owner: &str, resigned: bool) -> Call {
    let path = if resigned {
        "externalcontact/groupchat/transfer"
    } else {
        "externalcontact/groupchat/onjob_transfer"
    };
    Call::post(path, Asks::Change, json!({ "chat_id_list": [chat], "new_owner": owner }))
}

/// An empty message for a group robot. It can't be posted, so only the address is tried.
pub(crate) fn robot(key: &str) -> Call {
    let body = json!({ "msgtype": "text", "text": { "content": "" } });
    Call { query: vec![("key", key.to_owned())], ..Call::post("webhook/send", Asks::Read, body) }
}

/// A page of the numbers of approved requests made from a template within a time.
pub(crate) fn approvals(template: &str, from: i64, to: i64, cursor: &str) -> Call {
    let filter = |key: &str, value: &str| json!({ "key": key, "value": value });
    let body = json!({
        "starttime": from.to_string(),
        "endtime": to.to_string(),
        "new_cursor": cursor,
        "size": APPROVALS,
        "filters": [filter("template_id", template), filter("sp_status", "2")],
    });
    Call::post("oa/getapprovalinfo", Asks::Read, body)
}

/// One approval request.
pub(crate) fn approval(number: &str) -> Call {
    Call::post("oa/getapprovaldetail", Asks::Read, json!({ "sp_no": number }))
}
