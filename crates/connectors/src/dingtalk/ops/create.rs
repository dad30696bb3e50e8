//! A new group: from the template of the settings, under the order's key, or an ordinary one without.
//!
//! A scene group takes a key (`uuid`): the same call again gives the same group, which is how a lost reply is made good.
//! An ordinary group takes none and no call finds it by anything of ours: after a lost reply nobody can tell, and a
//! person looks.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::read;
use crate::create::{self, Wish};
use crate::dingtalk::auth::Api;
use crate::dingtalk::errors::{self, Asks};
use crate::dingtalk::wire::{self, requests};

/// Longest name, in characters.
const MAX_NAME: usize = 20;
/// Longest key that is sent.
const MAX_KEY: usize = 32;
/// Field of the memo with an ordinary group's second id.
const CHAT: &str = "chat";

/// The verb.
pub(super) struct Create;

#[async_trait]
impl Verb for Create {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let wish = Wish::of(order, MAX_NAME)?;
        let owner = match wish.owner {
            Some(owner) => owner,
            None => api.need_operator()?,
        };
        let made = if let Some(template) = api.template() {
            let key = create::id_of_key(&order.key, MAX_KEY);
            let call = requests::create_scene(template, wish.name, owner, &wish.members, &key);
            let made: wire::SceneMade = api.change(&call).await?;
            (made.open_conversation_id, None)
        } else {
            let made: wire::ChatMade =
                api.change(&requests::create_chat(wish.name, owner, &wish.members)).await?;
            (made.open_conversation_id, Some(made.chatid))
        };
        match made {
            (group, _) if group.is_empty() => {
                Err(errors::protocol("an answer without the group's id", Asks::Change))
            }
            (group, None) => Ok(create::memo(&group)),
            (group, Some(chat)) => Ok(json!({ "group": group, CHAT: chat })),
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let Some(group) = create::remembered(order) else { return Ok(ReadBack::unknowable()) };
        // The setting does not know the second id of a group that has just been made.
        if let Some(chat) = order.memo.get(CHAT).and_then(Value::as_str) {
            let info = read::chat(&Api::new(cx)?, chat).await?;
            let there = ReadBack { memo: order.memo.clone(), ..ReadBack::is(info.status != read::DISSOLVED) };
            return Ok(there);
        }
        seen(cx, &group).await
    }
}

async fn seen(cx: &Context<'_>, group: &NativeId) -> Result<ReadBack, ConnectorError> {
    create::seen(read::get(cx, group).await, group)
}
