//! The work handover (requirement S1): a person has it approved on the platform, and the approval is read.
//!
//! The organisation names the form in `handover_template`; a text field of the form holds the group's id. Without that
//! setting nothing can be read, and the plan says that the step rests on people's word.

use adjourn_connector_kit::{ConnectorError, Context, Memo, Order, ReadBack, Verb};
use adjourn_domain::capability::Op;
use async_trait::async_trait;
use serde_json::json;

use super::super::auth;
use super::super::errors::{self, Asks};
use super::super::wire::replies::{Approval, Approvals};
use super::super::wire::requests;
use super::api::Api;
use super::groups;

/// How far back approvals are looked for, in seconds: the platform's longest span.
const SPAN_S: i64 = 31 * 86_400;
/// Most approvals that are opened for one look.
const MAX_APPROVALS: usize = 500;

/// The verb.
pub(in crate::wecom) struct Handover;

#[async_trait]
impl Verb for Handover {
    async fn act(&self, _cx: &Context<'_>, _order: &Order) -> Result<Memo, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Handover))
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        let chat = groups::id(&order.group)?;
        let Some(template) = auth::handover_form(cx) else {
            return Ok(ReadBack::unknowable());
        };
        let api = Api::open(cx).await?;
        let now = cx.now.as_millis().div_euclid(1000);
        let (mut cursor, mut opened) = (String::new(), 0);
        loop {
            let call = requests::approvals(template, now - SPAN_S, now, &cursor);
            let page: Approvals = api.ask(&call).await?;
            for number in &page.sp_no_list {
                opened += 1;
                let info = api.ask::<Approval>(&requests::approval(number)).await?.info;
                if info.sp_no != *number {
                    return Err(errors::protocol("another approval than was asked for", Asks::Read));
                }
                if info.grants(template, chat) {
                    let (to, by): (Vec<&str>, Vec<&str>) =
                        (info.nominees().collect(), info.approvers().collect());
                    let memo = json!({ "sp_no": number, "to": to, "approved_by": by });
                    return Ok(ReadBack { memo, ..ReadBack::is(true) });
                }
            }
            if page.new_next_cursor.is_empty() {
                return Ok(ReadBack::is(false));
            }
            if page.new_next_cursor == cursor || opened >= MAX_APPROVALS {
                return Err(errors::protocol("a list of approvals without end", Asks::Read));
            }
            cursor = page.new_next_cursor;
        }
    }
}
