//! Posts the announcement once, and reads it back: as the group's notice, by the app's robot, or as the organisation's
//! announcement to the members of the group.
//!
//! None of the three takes a documented idempotency key. A notice and an announcement of the organisation can be
//! found again by their words, so they are probed before they are posted a second time; what a robot said can't be read, only
//! that it was sent, and in doubt a person looks.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::read::{self, way};
use super::verbs::AGAIN_S;
use crate::copy;
use crate::dingtalk::auth::Api;
use crate::dingtalk::descriptor::{MAX_ANNOUNCEMENT, Way};
use crate::dingtalk::errors::{self, Asks};
use crate::dingtalk::wire::{self, requests};

/// Longest parameter of a robot's message, in bytes.
const MAX_PARAM: usize = 15_000;
/// Longest title of an announcement of the organisation, in characters.
const MAX_TITLE: usize = 60;
/// Most people whom an announcement of the organisation names.
const MAX_RECEIVERS: usize = 1000;
/// Most pages that are searched for an announcement whose id is not known.
const MAX_PAGES: u64 = 3;

/// The verb.
pub(super) struct Announce;

#[async_trait]
impl Verb for Announce {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let text = order.text("text")?;
        let too_long = || ConnectorError::new(Kind::Invalid, "the announcement is too long");
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return Err(too_long());
        }
        let api = Api::new(cx)?;
        let group = order.group.as_str();
        match way(cx)? {
            Way::Notice => {
                let id = mark(order);
                let call = requests::post_notice(group, api.need_operator()?, text, &id);
                let made: wire::NoticeMade = api.change(&call).await?;
                if !made.success || made.data_id.is_empty() || made.data_id.len() > 256 {
                    return Err(errors::protocol("a notice without an id", Asks::Change));
                }
                Ok(json!({ "notice": made.data_id }))
            }
            Way::Robot => {
                let words = requests::robot_words(text);
                if words.len() > MAX_PARAM {
                    return Err(too_long());
                }
                let said: wire::Said = api.change(&requests::say(group, api.robot(), &words)).await?;
                Ok(json!({ "said": said.process_query_key }))
            }
            Way::Organisation => {
                let operator = api.need_operator()?;
                let seen = read::see(&api, group).await?;
                let to: Vec<String> = seen.people.into_iter().map(|(user, _)| user).collect();
                if to.is_empty() || to.len() > MAX_RECEIVERS {
                    let says = "an announcement of the organisation goes to 1 to 1000 people";
                    return Err(ConnectorError::new(Kind::Invalid, says));
                }
                let title = title(&seen.name, order);
                let call = requests::announce(operator, &title, text, &to);
                let _: wire::OldDone = api.change(&call).await?;
                Ok(json!({ "title": title }))
            }
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let text = order.text("text")?;
        match way(cx)? {
            Way::Notice => notice(&api, order, text).await,
            Way::Robot => robot(&api, order).await,
            Way::Organisation => organisation(&api, order, text).await,
        }
    }
}

/// The notice by its id, or by its words where the id is not known.
async fn notice(api: &Api<'_>, order: &Order, text: &str) -> Result<ReadBack, ConnectorError> {
    let (group, operator) = (order.group.as_str(), api.need_operator()?);
    if let Some(id) = order.memo.get("notice").and_then(Value::as_str) {
        let found: wire::NoticeFull = api.read(&requests::notice(group, operator, id)).await?;
        if found.result.data_id != id {
            return Err(errors::protocol("another notice than was asked for", Asks::Read));
        }
        return Ok(copy::read_back(text, &found.result.content, json!({ "notice": id })));
    }
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page: wire::Notices = api.read(&requests::notices(group, operator, cursor.as_deref())).await?;
        let own = page.blackboard_list.iter().filter(|notice| notice.user_id == operator);
        if let Some((id, found)) =
            copy::best(text, own.map(|notice| (&notice.data_id, notice.content.clone())))
        {
            let memo = copy::noted(&found, json!({ "notice": id }));
            return Ok(ReadBack { memo, ..ReadBack::is(found.holds()) });
        }
        match page.next_page_cursor {
            Some(next) if page.has_more && cursor.as_deref() != Some(next.as_str()) => cursor = Some(next),
            _ if page.has_more => return Err(errors::protocol("a page that leads to itself", Asks::Read)),
            _ => return Ok(ReadBack::is(false)),
        }
    }
    // Newer notices hide it, or it was never posted.
    Ok(ReadBack::later(AGAIN_S))
}

/// Whether what the robot said was sent. Without its key nobody knows.
async fn robot(api: &Api<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
    let Some(key) = order.memo.get("said").and_then(Value::as_str) else {
        return Ok(ReadBack::later(AGAIN_S));
    };
    let state: wire::SaidState = api.read(&requests::said(order.group.as_str(), api.robot(), key)).await?;
    Ok(match state.send_status.as_str() {
        "SUCCESS" => ReadBack::is(true),
        "FAILED" | "RECALLED" => ReadBack::is(false),
        _ => ReadBack::later(AGAIN_S),
    })
}

/// The announcement among the latest of the organisation.
async fn organisation(api: &Api<'_>, order: &Order, text: &str) -> Result<ReadBack, ConnectorError> {
    let operator = api.need_operator()?;
    let mut before: Vec<String> = Vec::new();
    for page in 1..=MAX_PAGES {
        let ids = api.read::<wire::PostIds>(&requests::posts(operator, page)).await?.result;
        if ids.is_empty() {
            return Ok(ReadBack::is(false));
        }
        if ids == before || ids.len() > 30 {
            return Err(errors::protocol("a page that comes again", Asks::Read));
        }
        for id in &ids {
            let post = api.read::<wire::Post>(&requests::read_post(operator, id)).await?.result;
            if post.title.ends_with(&tag(order)) {
                return Ok(copy::read_back(text, &post.content, Value::Null));
            }
        }
        before = ids;
    }
    Ok(ReadBack { effect: Effect::Unknown, ..ReadBack::later(AGAIN_S) })
}

/// A title that names the group and tells this announcement from another one with the same words.
fn title(name: &str, order: &Order) -> String {
    let short: String = name.chars().take(MAX_TITLE - 12).collect();
    format!("{short}{}", tag(order))
}

fn tag(order: &Order) -> String {
    format!(" [{}]", mark(order).get(..8).unwrap_or_default())
}

/// The start of the hash of the order's key, which tells members nothing.
fn mark(order: &Order) -> String {
    Hash::of(order.key.as_bytes()).to_hex().chars().take(32).collect()
}
