//! `webhook`: addresses that are told what happens.

use adjourn_app::AppError;
use adjourn_app::hooks::{Cursor, Endpoint};
use adjourn_i18n::{Lang, msg};
use serde_json::json;

use super::Ctx;
use crate::args::WebhookVerb;
use crate::out::Exit;

/// Runs a `webhook` verb.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: WebhookVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    match verb {
        WebhookVerb::List => {
            let mut rows = Vec::new();
            for (name, webhook) in &ctx.config.webhook {
                let cursor = ctx.app.hook_cursor(name).await?.unwrap_or_default();
                out.line(line(out.lang, name, &cursor));
                rows.push(json!({"name": name, "events": webhook.events(), "cursor": cursor}));
            }
            if rows.is_empty() {
                out.line(msg::webhook_none(out.lang));
            }
            out.document(&json!({"webhooks": rows}));
        }
        WebhookVerb::Test { name } => {
            ctx.app.try_hook(&named(ctx, &name)?).await?;
            out.line(msg::webhook_tested(out.lang, &name));
            out.document(&json!({"ok": true, "name": name}));
        }
        WebhookVerb::Replay { name, from } => {
            named(ctx, &name)?;
            ctx.app.replay_hook(&name, from, &ctx.signer()?).await?;
            out.line(msg::webhook_replay(out.lang, from, &name));
            out.document(&json!({"ok": true, "name": name, "from": from}));
        }
    }
    Ok(Exit::Done)
}

/// How far an address has been told, or why it is not.
pub(crate) fn line(lang: Lang, name: &str, cursor: &Cursor) -> String {
    match (&cursor.given_up, &cursor.says) {
        (Some(at), says) => msg::webhook_given_up(lang, at, name, says.as_deref().unwrap_or_default()),
        (None, Some(says)) => msg::webhook_failing(lang, u64::from(cursor.failed), name, says),
        (None, None) => msg::webhook_line(lang, name, cursor.next),
    }
}

fn named(ctx: &Ctx<'_>, name: &str) -> Result<Endpoint, AppError> {
    let webhook = ctx.config.webhook.get(name);
    webhook.ok_or_else(|| AppError::new("webhook.unknown").with("name", name))?.open(name, &ctx.config.http.private_hosts)
}
