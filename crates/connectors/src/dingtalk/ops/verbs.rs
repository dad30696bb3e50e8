//! Verbs: what changes something. Each is done once and read back as often as needed.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::{list, read};
use crate::dingtalk::auth::Api;
use crate::dingtalk::errors::{self, Asks};
use crate::dingtalk::wire::{self, requests};

/// How long to wait before a read-back that could not tell is tried again.
pub(super) const AGAIN_S: u64 = 60;

/// A call whose success is `{"success":true}`.
async fn plain(api: &Api<'_>, call: &wire::Call) -> Result<Memo, ConnectorError> {
    let done: wire::Done = api.change(call).await?;
    if done.success { Ok(Value::Null) } else { Err(errors::protocol("a success that says no", Asks::Change)) }
}

/// Lets nobody but owner and administrators speak, and takes that back. The platform mutes single members too
/// (`muteMembers/set`), but only those who are in the group at that moment, 999 at a time; the switch of the group
/// also holds for who comes later, and gives every member back exactly what they had.
pub(super) struct Freeze;

#[async_trait]
impl Verb for Freeze {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let group = order.group.as_str();
        let call = match api.chat_of(group)? {
            Some(chat) => requests::chat_mute(&chat, !order.undo),
            None => requests::scene_mute(group, !order.undo),
        };
        plain(&api, &call).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let group = order.group.as_str();
        let muted = match api.chat_of(group)? {
            Some(chat) => read::chat(&api, &chat).await?.chat_banned_type == 1,
            None => read::scene_full(&api, group).await?.management_options.chat_banned_type == "1",
        };
        Ok(ReadBack::is(muted != order.undo))
    }
}

/// Takes one robot out of a scene group. A custom robot (webhook) has no account there: its owner removes it.
pub(super) struct Unlink;

#[async_trait]
impl Verb for Unlink {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let group = order.group.as_str();
        if api.chat_of(group)?.is_some() {
            return Err(ConnectorError::unsupported(Op::Unlink));
        }
        let robot = order.text("link")?;
        let account = match api.read::<wire::RobotAccount>(&requests::robot_account(group, robot)).await {
            Ok(account) => account.result.user_id,
            // The template does not know it: a custom robot, which only a person removes.
            Err(error) if error.kind == Kind::Invalid => {
                return Err(ConnectorError::unsupported(Op::Unlink).upstream(error.upstream));
            }
            Err(error) => return Err(error),
        };
        let removed: wire::RobotRemoved = api.change(&requests::remove_robot(group, &account)).await?;
        if removed.chat_bot_user_id == account {
            Ok(Value::Null)
        } else {
            Err(errors::protocol("another robot than was asked for", Asks::Change))
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let robot = order.text("link")?;
        match read::robots(&api, order.group.as_str()).await {
            Ok(robots) => Ok(ReadBack::is(robots.iter().all(|found| found.robot_code != robot))),
            // Nothing hangs on a group that was dissolved.
            Err(error) if errors::is_gone(&error) => Ok(ReadBack::is(true)),
            Err(error) => Err(error),
        }
    }
}

/// Gives the group another owner, a present member. The old one stays as a plain member.
pub(super) struct Transfer;

#[async_trait]
impl Verb for Transfer {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let (group, to) = (order.group.as_str(), order.text("to")?);
        let seen = read::see(&api, group).await?;
        if seen.owner == to {
            return Ok(json!({ "already": true }));
        }
        if seen.people.iter().all(|(user, _)| user != to) {
            return Err(ConnectorError::new(Kind::Invalid, "the new owner is not in the group"));
        }
        let call = match &seen.chat {
            Some(chat) => requests::chat_owner(chat, to),
            None if seen.scene => requests::scene_owner(group, to),
            None => return Err(ConnectorError::unsupported(Op::Transfer)),
        };
        plain(&api, &call).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let to = order.text("to")?;
        let group = order.group.as_str();
        let owner = match api.chat_of(group)? {
            Some(chat) => read::chat(&api, &chat).await?.owner,
            None => read::see(&api, group).await?.owner,
        };
        Ok(ReadBack::is(owner == to))
    }
}

/// Ends a scene group for everyone. An ordinary group is ended by a person; its state is read here all the same.
pub(super) struct Dissolve;

#[async_trait]
impl Verb for Dissolve {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let group = order.group.as_str();
        if api.chat_of(group)?.is_some() {
            return Err(ConnectorError::unsupported(Op::Dissolve));
        }
        let scene = read::scene(&api, group).await?;
        if scene.status == read::DISSOLVED {
            let done = ConnectorError::new(Kind::NotFound, "the group was dissolved before");
            return Err(done.upstream("status 2"));
        }
        plain(&api, &requests::disband(group)).await
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        state(&api, order.group.as_str()).await
    }
}

/// Whether the group is dissolved, as far as this app is told.
async fn state(api: &Api<'_>, group: &str) -> Result<ReadBack, ConnectorError> {
    let status = match api.chat_of(group)? {
        Some(chat) => read::chat(api, &chat).await.map(|info| info.status),
        None => read::scene(api, group).await.map(|scene| scene.status),
    };
    match status {
        Ok(read::DISSOLVED) => Ok(ReadBack::is(true)),
        Ok(1) => Ok(ReadBack::is(false)),
        Ok(_) => Ok(ReadBack::later(AGAIN_S)),
        Err(error) if errors::is_gone(&error) => Ok(ReadBack::is(true)),
        // No such group (dissolved, never made, or not this app's), or an app that may only read the inventory.
        Err(error) if errors::is_no_group(&error) || errors::is_not_ours(&error) => {
            match list::find(api, group, None).await? {
                Some(row) => Ok(ReadBack::is(row.status == list::GONE)),
                None if errors::is_not_ours(&error) => Err(error),
                None => Ok(ReadBack::later(AGAIN_S)),
            }
        }
        Err(error) => Err(error),
    }
}
