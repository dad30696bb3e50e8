//! A new group of the app, under an id of our own that follows from the order's key: made twice is refused (86215), and a
//! look at that id tells whether it is there, whatever became of the reply.
//!
//! An app has no place in a group: its owner is a member of the organisation, the first one that is named if nobody is
//! said to be.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::{Effect, Op};
use async_trait::async_trait;

use super::super::auth;
use super::super::errors::{self, Asks};
use super::super::wire::replies::AppChatMade;
use super::super::wire::requests;
use super::api::Api;
use super::groups;
use crate::create::{self, Wish};

/// Longest name, in characters. The platform cuts off the rest.
const MAX_NAME: usize = 50;
/// Longest id of a group that an app gives.
const MAX_ID: usize = 32;

/// The verb.
pub(in crate::wecom) struct Create;

#[async_trait]
impl Verb for Create {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        // As the capabilities say: an app whose settings name no group of its own makes none.
        if auth::app_chats(cx).is_empty() {
            return Err(ConnectorError::unsupported(Op::Create));
        }
        let wish = Wish::of(order, MAX_NAME)?;
        let users: Vec<&str> = wish.owner.into_iter().chain(wish.members).collect();
        let (Some(owner), true) = (users.first(), users.len() >= 2) else {
            return Err(ConnectorError::new(Kind::Invalid, "a group of an app has two members at least"));
        };
        let chat = create::id_of_key(&order.key, MAX_ID);
        let api = Api::open(cx).await?;
        let made: AppChatMade = api.ask(&requests::app_create(&chat, wish.name, owner, &users)).await?;
        if made.chatid == chat {
            Ok(create::memo(&chat))
        } else {
            Err(errors::protocol("another group than was asked for", Asks::Change))
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        // What a person named is looked for first: where the app may make no groups, that is all there is.
        if let Some(group) = create::remembered(order) {
            let look = groups::get(cx, &group).await;
            let found = create::named(look, &group, order)?;
            if found.effect == Effect::Applied {
                return Ok(found);
            }
        }
        let chat = create::id_of_key(&order.key, MAX_ID);
        let api = Api::open(cx).await?;
        match groups::app(&api, &chat).await {
            Ok(_) => Ok(create::found(&chat)),
            Err(error) if errors::is_gone(&error) => Ok(ReadBack::is(false)),
            // An app that made no groups is told that this is not one of its own before it is told that there is none.
            Err(error) if errors::number(&error) == Some(errors::NOT_OURS) => Ok(ReadBack::is(false)),
            Err(error) if error.kind == Kind::Permission => Ok(ReadBack::is(false)),
            Err(error) => Err(error),
        }
    }
}
