//! Settings and secrets, and who an identity is. An identity is an app of the organisation, by its secret.
//!
//! The platform wants tokens kept, not fetched for each call; the host keeps them (`ops/api.rs`).

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, IdentityInfo, Kind, Secret};
use url::Url;

use super::descriptor;
use super::errors;
use super::ops::api::Api;
use super::wire::callback::Receiver;
use super::wire::replies::{Agents, AppChat, CustomerList};
use super::wire::requests;

/// Setting with the address of the API.
pub(super) const URL: &str = "url";
/// Setting with the organisation's id.
pub(super) const CORPID: &str = "corpid";
/// Setting with the ids of the groups that the app made.
pub(super) const APPCHATS: &str = "appchats";
/// Setting with members that are programs.
pub(super) const BOTS: &str = "bots";
/// Setting with the id of the form on which a handover is approved.
pub(super) const HANDOVER: &str = "handover_template";
/// The app's secret.
pub(super) const SECRET: &str = "secret";
/// Secret list of group robots.
pub(super) const ROBOTS: &str = "robots";
/// The callback's token.
pub(super) const CALLBACK_TOKEN: &str = "callback_token";
/// The callback's EncodingAESKey.
pub(super) const CALLBACK_KEY: &str = "callback_key";

/// A group robot, as the connection names it: there is no call that lists them.
pub(super) struct Robot {
    /// Its name.
    pub(super) name: String,
    /// The key of its address.
    pub(super) key: String,
}

/// Where the API is.
pub(super) fn base(cx: &Context<'_>) -> Result<Url, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Url, "setting url");
    let url = Url::parse(cx.setting(URL)?.trim()).map_err(|_| wrong())?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && bare { Ok(url) } else { Err(wrong()) }
}

/// The groups that the app made.
pub(super) fn app_chats(cx: &Context<'_>) -> Vec<String> {
    list(cx, APPCHATS)
}

/// Members that are programs.
pub(super) fn bots(cx: &Context<'_>) -> BTreeSet<String> {
    list(cx, BOTS).into_iter().collect()
}

fn list(cx: &Context<'_>, name: &str) -> Vec<String> {
    let text = cx.settings.get(name).map_or("", String::as_str);
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The robots of a group: `CHATID NAME KEY` each, separated by commas or lines.
pub(super) fn robots(cx: &Context<'_>, chat: &str) -> Result<Vec<Robot>, ConnectorError> {
    let text = cx.secrets.get(ROBOTS).map_or("", Secret::expose);
    let mut all = Vec::new();
    for entry in text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let parts: Vec<&str> = entry.split_whitespace().collect();
        let [of, name, key] = parts.as_slice() else {
            return Err(ConnectorError::new(Kind::Config, "secret robots"));
        };
        if *of == chat {
            all.push(Robot { name: (*name).to_owned(), key: (*key).to_owned() });
        }
    }
    Ok(all)
}

/// The receiver of callbacks.
pub(super) fn receiver(cx: &Context<'_>) -> Result<Receiver, ConnectorError> {
    let (token, key) = (cx.secret(CALLBACK_TOKEN)?, cx.secret(CALLBACK_KEY)?);
    let receiver = Receiver::new(token.expose(), key.expose(), cx.setting(CORPID)?);
    receiver.ok_or_else(|| ConnectorError::new(Kind::Config, "secret callback_key"))
}

/// Who the identity is and what it may do: both kinds of groups are tried with a read.
pub(super) async fn whoami(cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
    let api = Api::open(cx).await?;
    let agents: Agents = api.ask(&requests::agents()).await?;
    // A token that is not an app's (that of customer contact) has no app behind it.
    let app =
        agents.agentlist.first().map_or_else(|| "customer-contact".to_owned(), |it| it.agentid.to_string());
    let account = format!("{}/{app}", cx.setting(CORPID)?);
    let apps = match app_chats(cx).first() {
        Some(chat) => may(api.ask::<AppChat>(&requests::app_chat(chat)).await)?,
        None => false,
    };
    let customers = may(api.ask::<CustomerList>(&requests::customer_list(None, Some(1))).await)?;
    Ok(IdentityInfo {
        account: account.into(),
        server: None,
        capabilities: descriptor::effective(apps, customers, handover_form(cx).is_some()),
    })
}

/// The form on which a handover is approved.
pub(super) fn handover_form<'a>(cx: &Context<'a>) -> Option<&'a str> {
    cx.settings.get(HANDOVER).map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Whether a call may be made at all. A group that is gone or another app's is an answer too; a platform that fails is
/// none.
fn may<T>(answer: Result<T, ConnectorError>) -> Result<bool, ConnectorError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if errors::number(&error) == Some(errors::NOT_OURS) => Ok(true),
        Err(error) if errors::is_gone(&error) => Ok(true),
        Err(error) if error.kind == Kind::Permission => Ok(false),
        Err(error) => Err(error),
    }
}
