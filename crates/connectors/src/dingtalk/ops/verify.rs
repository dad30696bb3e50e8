//! Probes. The ladder of the documents: the group's own state, the organisation's inventory, and, where one of these says
//! that the group is gone, the app's robot, which then must not get through. A robot that does get through says in one
//! neutral sentence why it spoke, and proves that the group lives. An event that came by itself is a question of its own.

use adjourn_connector_kit::{ConnectorError, Context, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;

use super::{heard, list, read};
use crate::dingtalk::auth::Api;
use crate::dingtalk::descriptor;
use crate::dingtalk::errors;
use crate::dingtalk::wire::{self, requests};

/// All questions.
pub(super) struct Look;

/// What an answer says, whether it is proof, and the answer in short.
type Answer = (Says, bool, String);

#[async_trait]
impl Verifier for Look {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, _: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): Answer| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let api = match Api::new(cx) {
            Ok(api) => api,
            Err(error) => return vec![signal("group.state", nothing(&error))],
        };
        let (state, name) = state(&api, group.as_str()).await;
        let listed = listed(&api, group.as_str(), name.as_deref()).await;
        let gone = [&state, &listed].into_iter().any(|(says, proof, _)| *proof && *says == Says::Gone);
        let mut signals = vec![signal("group.state", state), signal("org.inventory", listed)];
        if gone {
            signals.push(signal("robot.send", robot(&api, group.as_str()).await));
        }
        if heard::told(cx, group) {
            signals.push(signal("event.chat_disband", (Says::Gone, true, "chat_disband".to_owned())));
        }
        signals
    }
}

/// The group's own state, and its name for the search in the inventory.
async fn state(api: &Api<'_>, group: &str) -> (Answer, Option<String>) {
    let found = match api.chat_of(group) {
        Ok(Some(chat)) => read::chat(api, &chat).await.map(|info| (info.status, info.name)),
        Ok(None) => read::scene(api, group).await.map(|scene| (scene.status, scene.title)),
        Err(error) => Err(error),
    };
    match found {
        Ok((status, name)) => {
            let says = match status {
                1 => (Says::Present, true),
                read::DISSOLVED => (Says::Gone, true),
                _ => (Says::Nothing, false),
            };
            ((says.0, says.1, format!("status {status}")), Some(name).filter(|name| !name.is_empty()))
        }
        Err(error) => (refused(&error), None),
    }
}

/// The group's row in the organisation's inventory. A group that is not listed may be another organisation's: absence
/// proves nothing.
async fn listed(api: &Api<'_>, group: &str, name: Option<&str>) -> Answer {
    match list::find(api, group, name).await {
        Ok(Some(row)) => {
            let (says, proof) = match row.status {
                list::GONE => (Says::Gone, true),
                0 => (Says::Empty, true),
                1 => (Says::Present, true),
                _ => (Says::Nothing, false),
            };
            (says, proof, format!("status {}", row.status))
        }
        Ok(None) => (Says::Nothing, false, "not listed".to_owned()),
        Err(error) => nothing(&error),
    }
}

async fn robot(api: &Api<'_>, group: &str) -> Answer {
    let words = requests::robot_words(&descriptor::probe_words());
    match api.change::<wire::Said>(&requests::say(group, api.robot(), &words)).await {
        Ok(_) => (Says::Present, true, "200".to_owned()),
        Err(error) => refused(&error),
    }
}

/// A refusal that says "dissolved" is proof. One that says "no such group" fits a group that never was, and one that is
/// not this app's, as well: it says nothing.
fn refused(error: &ConnectorError) -> Answer {
    match () {
        () if errors::is_gone(error) => (Says::Gone, true, error.upstream.clone()),
        () => nothing(error),
    }
}

fn nothing(error: &ConnectorError) -> Answer {
    let known = error.upstream.is_empty();
    let answer = if known { error.kind.code().to_owned() } else { error.upstream.clone() };
    (Says::Nothing, false, answer)
}
