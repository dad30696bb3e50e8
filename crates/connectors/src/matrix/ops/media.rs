//! Removes files that survive the room. Which ones these are has to be known before the purge: after it the server
//! no longer tells. So they come with the order, from the export.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Effect;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::super::wire::ids::{Mxc, mxc, server_of};
use super::super::wire::requests;
use super::super::{auth, errors};
use super::api::Api;

/// The verb.
pub(crate) struct RemoveMedia;

/// Most files in one order.
const MAX_FILES: usize = 100_000;

#[async_trait]
impl Verb for RemoveMedia {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let api = Api::new(cx)?;
        let files = files(order)?;
        let me = auth::account(&api).await?;
        let (mut deleted, mut missing, mut remote) = (0_u64, 0_u64, 0_u64);
        for file in files {
            // Files of other servers are theirs: here lies a copy at most.
            if server_of(&me) != Some(file.server) {
                remote += 1;
                continue;
            }
            match api.change::<Value>(&requests::delete_media(file)).await {
                Ok(_) => deleted += 1,
                Err(error) if errors::is_not_found(&error) => missing += 1,
                Err(error) if deleted > 0 => return Err(error.effect(Effect::Unknown)),
                Err(error) => return Err(error),
            }
        }
        Ok(json!({ "deleted": deleted, "missing": missing, "remote": remote }))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let api = Api::new(cx)?;
        let files = files(order)?;
        let me = auth::account(&api).await?;
        for file in files.into_iter().filter(|file| server_of(&me) == Some(file.server)) {
            match api.bytes(&requests::download(file, false)).await {
                Err(error) if errors::is_not_found(&error) => {}
                Ok(_) => return Ok(ReadBack::is(false)),
                Err(error) => return Err(error),
            }
        }
        Ok(ReadBack::is(true))
    }
}

/// The files of the order. A missing list is an error, never "no files".
fn files(order: &Order) -> Result<Vec<Mxc<'_>>, ConnectorError> {
    let wrong = || ConnectorError::new(Kind::Invalid, "parameter media");
    let list = order.params.get("media").and_then(Value::as_array).ok_or_else(wrong)?;
    if list.len() > MAX_FILES {
        return Err(wrong());
    }
    list.iter().map(|uri| uri.as_str().and_then(mxc).ok_or_else(wrong)).collect()
}
