//! `webhook`: addresses that are told what happens.

use adjourn_app::AppError;
use adjourn_app::hooks::Endpoint;
use adjourn_i18n::msg;
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
                out.line(match (&cursor.given_up, &cursor.says) {
                    (Some(at), says) => {
                        msg::webhook_given_up(out.lang, at, name, says.as_deref().unwrap_or_default())
                    }
                    (None, Some(says)) => {
                        msg::webhook_failing(out.lang, u64::from(cursor.failed), name, says)
                    }
                    (None, None) => msg::webhook_line(out.lang, name, cursor.next),
                });
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
            ctx.app.replay_hook(&name, from).await?;
            out.line(msg::webhook_replay(out.lang, from, &name));
            out.document(&json!({"ok": true, "name": name, "from": from}));
        }
    }
    Ok(Exit::Done)
}

fn named(ctx: &Ctx<'_>, name: &str) -> Result<Endpoint, AppError> {
    let webhook = ctx.config.webhook.get(name);
    webhook.ok_or_else(|| AppError::new("webhook.unknown").with("name", name))?.open(name)
}
