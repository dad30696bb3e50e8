//! `renew`: a group is needed for longer.

use adjourn_app::AppError;
use adjourn_app::register::Until;
use adjourn_archive::ledger;
use adjourn_domain::asset::Length;
use adjourn_domain::run::Expiry;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::RenewArgs;
use crate::out::Exit;

/// Runs `renew`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: RenewArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let until = match (&args.until, &args.length) {
        (Some(text), _) => Until::Day(ledger::day(text).map_err(|note| {
            AppError::new("register.flag").with("flag", "--until").with("why", out.note(&note))
        })?),
        (None, length) => {
            let text = length.as_deref().unwrap_or_default();
            let length =
                Length::read(text).ok_or_else(|| AppError::new("renew.length").with("given", text))?;
            Until::For(length)
        }
    };
    let group = ctx.app.resolve(&args.group).await?;
    let rules = ctx.config.register_rules();
    let state = ctx.app.renew(&group, until, args.answer, &rules, &signer).await?;
    let until = state.expiry().map(Expiry::day);
    if let Some(day) = until {
        out.line(msg::renew_done(out.lang, &group, day));
    }
    out.document(&json!({"group": group, "until": until}));
    out.next("adjourn ls --view expiring");
    Ok(Exit::Done)
}
