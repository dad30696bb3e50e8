//! Probes. The platform tells former members that a group was dissolved, except the one who left it: from that
//! account, leaving and dissolving look the same.

use adjourn_connector_kit::{ConnectorError, Context, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;
use http::Method;

use super::{call, read};
use crate::reference::wire;

/// Most pages of the listing that a probe reads.
const MAX_PAGES: usize = 1000;

/// All questions.
pub(super) struct Look;

#[async_trait]
impl Verifier for Look {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): (Says, bool, String)| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let view = view(cx, group).await;
        let seen = view.0;
        let mut signals = vec![signal("group.view", view)];
        signals.push(signal("list.uncached", listed(cx, group, seen).await));
        if let Some(known) = known {
            signals.push(signal("message.known", message(cx, group, known).await));
        }
        signals
    }
}

async fn view(cx: &Context<'_>, group: &NativeId) -> (Says, bool, String) {
    match read::view(cx, group).await {
        Ok(_) => (Says::Present, true, "200".to_owned()),
        Err(error) if error.upstream == "410 dissolved" => (Says::Gone, true, error.upstream),
        Err(error) if error.upstream == "403 not_in" => (Says::NotIn, false, error.upstream),
        Err(error) => nothing(error),
    }
}

/// Absence from the list is proof for whom the group was dissolved, and only for them.
async fn listed(cx: &Context<'_>, group: &NativeId, seen: Says) -> (Says, bool, String) {
    match in_list(cx, group).await {
        Ok(true) => (Says::Present, true, "listed".to_owned()),
        Ok(false) if seen == Says::Gone => (Says::Gone, true, "not listed".to_owned()),
        Ok(false) => (Says::NotIn, false, "not listed".to_owned()),
        Err(error) => nothing(error),
    }
}

async fn in_list(cx: &Context<'_>, group: &NativeId) -> Result<bool, ConnectorError> {
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = read::list(cx, cursor.as_deref()).await?;
        if page.items.iter().any(|item| item.native == *group) {
            return Ok(true);
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(false),
        }
    }
    Err(ConnectorError::protocol("a list without end"))
}

/// History that roams after the end says nothing about the group; a message of an open group does.
async fn message(cx: &Context<'_>, group: &NativeId, known: &NativeId) -> (Says, bool, String) {
    let path = ["groups", group.as_str(), "messages", known.as_str()];
    let read = match wire::request(cx, Method::GET, &path, &[], None) {
        Ok(request) => call(cx, request).await,
        Err(error) => Err(error),
    };
    let reply = match read {
        Ok(reply) => reply,
        Err(error) => return nothing(error),
    };
    let roams = reply.headers().contains_key("x-roaming");
    match wire::read::<wire::MessageView>(&reply) {
        Ok(_) if roams => (Says::Kept, false, "200 roaming".to_owned()),
        Ok(_) => (Says::Present, true, "200".to_owned()),
        Err(error) if error.upstream == "410 dissolved" => (Says::Gone, true, error.upstream),
        Err(error) if error.upstream == "403 not_in" => (Says::NotIn, false, error.upstream),
        Err(error) => nothing(error),
    }
}

fn nothing(error: ConnectorError) -> (Says, bool, String) {
    let answer = if error.upstream.is_empty() { error.kind.code().to_owned() } else { error.upstream };
    (Says::Nothing, false, answer)
}
