//! Probes. One account that is out proves nothing: it may have been put out. What proves the end is the platform's word to
//! a second account, and that account's uncached list; several witnesses who all lost the group prove it as well.
//!
//! An account without a connection is served from caches, so its answers say nothing at all. `get_group_info` is not asked:
//! NapCat answers it for groups that one has left.

use adjourn_connector_kit::{ConnectorError, Context, Heard, Told, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;
use serde_json::Value;

use super::api::Api;
use crate::qq::wire::ids;
use crate::qq::wire::replies::Status;
use crate::qq::wire::requests;

/// What a question was answered: what it says, whether that is proof, the answer in short.
type Answer = (Says, bool, String);

/// All questions.
pub(super) struct Look;

#[async_trait]
impl Verifier for Look {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): Answer| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let listed = listed(cx, group).await;
        let heard = heard(cx, group, listed.0);
        let seen = listed.0;
        let mut signals = vec![signal("list.uncached", listed), signal("event.disband", heard)];
        if let Some(known) = known {
            signals.push(signal("message.known", message(cx, known, seen).await));
        }
        signals
    }
}

/// Whether the account is connected to the platform.
pub(super) async fn online(api: &Api<'_>) -> Result<bool, ConnectorError> {
    Ok(api.ask::<Status>(&requests::status()).await?.online == Some(true))
}

/// The platform's word that the group was dissolved, if it came.
pub(super) fn told_of_the_end<'a>(cx: &Context<'a>, group: &NativeId) -> Option<&'a Heard> {
    cx.heard.iter().rev().find(|heard| heard.what == Told::Dissolved && heard.group.as_ref() == Some(group))
}

async fn listed(cx: &Context<'_>, group: &NativeId) -> Answer {
    match in_list(cx, group).await {
        Ok(Seen::Offline) => (Says::Nothing, false, "offline".to_owned()),
        Ok(Seen::Listed) => (Says::Present, true, "listed".to_owned()),
        // Every account that looks is in some group; a list without any is a list that failed.
        Ok(Seen::EmptyList) => (Says::NotIn, false, "empty list".to_owned()),
        Ok(Seen::NotListed) if cx.witness => (Says::Gone, true, "not listed".to_owned()),
        Ok(Seen::NotListed) => (Says::NotIn, false, "not listed".to_owned()),
        Err(error) => nothing(error),
    }
}

enum Seen {
    Offline,
    Listed,
    NotListed,
    EmptyList,
}

async fn in_list(cx: &Context<'_>, group: &NativeId) -> Result<Seen, ConnectorError> {
    let api = Api::new(cx)?;
    let number = ids::number(group)?;
    if !online(&api).await? {
        return Ok(Seen::Offline);
    }
    let groups = api.groups().await?;
    Ok(match groups.iter().any(|found| found.id.as_str() == number) {
        true => Seen::Listed,
        false if groups.is_empty() => Seen::EmptyList,
        false => Seen::NotListed,
    })
}

/// The word of the platform. An uncached list that shows the group is younger than any word; an account that can't be
/// asked proves nothing either way.
fn heard(cx: &Context<'_>, group: &NativeId, seen: Says) -> Answer {
    let Some(word) = told_of_the_end(cx, group) else {
        return (Says::Nothing, false, "not told".to_owned());
    };
    match seen {
        Says::Gone if cx.witness => (Says::Gone, true, word.upstream.clone()),
        Says::Present => (Says::Nothing, false, format!("{}, listed since", word.upstream)),
        _ => (Says::Nothing, false, word.upstream.clone()),
    }
}

/// A message that is still answered for. Implementations keep them, so it proves nothing.
async fn message(cx: &Context<'_>, known: &NativeId, seen: Says) -> Answer {
    // The newest record may be a file, whose id no call for messages takes.
    if known.as_str().parse::<i64>().is_err() {
        return (Says::Nothing, false, "not a message".to_owned());
    }
    let read = match Api::new(cx) {
        Ok(api) => api.ask::<Value>(&requests::message(known.as_str())).await,
        Err(error) => Err(error),
    };
    match read {
        Ok(Value::Object(_)) if seen == Says::Present => (Says::Present, false, "answered".to_owned()),
        Ok(Value::Object(_)) => (Says::Kept, false, "answered from what is kept".to_owned()),
        Ok(_) => (Says::Nothing, false, "no message".to_owned()),
        Err(error) => nothing(error),
    }
}

fn nothing(error: ConnectorError) -> Answer {
    let answer = if error.upstream.is_empty() { error.kind.code().to_owned() } else { error.upstream };
    (Says::Nothing, false, answer)
}
