//! Every question that an app can ask about a group's end, and what each answer proves.
//!
//! | question | answer | says | proof |
//! |---|---|---|---|
//! | `appchat.get` | 0 | present | yes |
//! | | 49008, 86003 or 40050: dissolved, or no such chat | gone | yes |
//! | | 86008: made by another app | nothing | no |
//! | `groupchat.get` | 0 | present | yes |
//! | | 49008, 86003 or 40050 | gone | yes |
//! | `groupchat.list` | listed | present | yes |
//! | | not listed, and `groupchat.get` says gone | gone | yes |
//! | | not listed otherwise: it may be out of the app's sight | nothing | no |
//! | `event.dismiss` | a signed callback says that the owner dissolved it | gone | yes |
//!
//! Which of 49008 and 86003 `appchat/get` answers after a dissolve in the client is not documented, so both count. Every
//! failure says nothing. A robot's address that no longer works says nothing about the group.

use std::collections::BTreeSet;

use adjourn_connector_kit::{ConnectorError, Context, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;

use super::super::errors::{self, Asks};
use super::super::wire::replies::CustomerList;
use super::super::wire::requests;
use super::api::Api;
use super::groups::{self, Chat};
use super::inbox;

/// Most pages of the listing that a probe reads.
const MAX_PAGES: usize = 1000;

/// What an answer says, whether it proves that, and the answer in short.
type Answer = (Says, bool, String);

/// All questions.
pub(in crate::wecom) struct Look;

#[async_trait]
impl Verifier for Look {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, _known: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): Answer| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let chat = match groups::id(group) {
            Ok(chat) => chat,
            Err(error) => return vec![signal("appchat.get", nothing(&error))],
        };
        let mut signals = Vec::new();
        match Api::open(cx).await {
            Ok(api) => {
                if Chat::of(cx, chat) == Chat::Customer {
                    let seen = of(groups::customer(&api, chat).await);
                    let gone = seen.0 == Says::Gone;
                    signals.push(signal("groupchat.get", seen));
                    signals.push(signal("groupchat.list", listed(&api, chat, gone).await));
                } else {
                    signals.push(signal("appchat.get", of(groups::app(&api, chat).await)));
                }
            }
            Err(error) => signals.push(signal("appchat.get", nothing(&error))),
        }
        signals.push(signal("event.dismiss", dismissed(cx, chat).await));
        signals
    }
}

fn of<T>(answer: Result<T, ConnectorError>) -> Answer {
    match answer {
        Ok(_) => (Says::Present, true, "0".to_owned()),
        Err(error) if errors::is_gone(&error) => (Says::Gone, true, error.upstream),
        Err(error) => nothing(&error),
    }
}

async fn listed(api: &Api<'_>, chat: &str, gone: bool) -> Answer {
    match in_list(api, chat).await {
        Ok(true) => (Says::Present, true, "listed".to_owned()),
        Ok(false) if gone => (Says::Gone, true, "not listed".to_owned()),
        Ok(false) => (Says::Nothing, false, "not listed".to_owned()),
        Err(error) => nothing(&error),
    }
}

async fn in_list(api: &Api<'_>, chat: &str) -> Result<bool, ConnectorError> {
    let mut seen = BTreeSet::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page: CustomerList = api.ask(&requests::customer_list(cursor.as_deref(), None)).await?;
        if page.group_chat_list.iter().any(|line| line.chat_id == chat) {
            return Ok(true);
        }
        if page.next_cursor.is_empty() {
            return Ok(false);
        }
        if !seen.insert(page.next_cursor.clone()) {
            break;
        }
        cursor = Some(page.next_cursor);
    }
    Err(errors::protocol("a list without end", Asks::Read))
}

/// Callbacks come to the organisation's receiver; those that were handed in are checked here, each by its signature.
async fn dismissed(cx: &Context<'_>, chat: &str) -> Answer {
    match inbox::changes(cx, chat).await {
        Ok(changes) if changes.iter().any(|it| it.chat == chat && it.change == "dismiss") => {
            (Says::Gone, true, "dismiss".to_owned())
        }
        Ok(_) => (Says::Nothing, false, "no event".to_owned()),
        Err(error) => nothing(&error),
    }
}

fn nothing(error: &ConnectorError) -> Answer {
    let answer =
        if error.upstream.is_empty() { error.kind.code().to_owned() } else { error.upstream.clone() };
    (Says::Nothing, false, answer)
}
