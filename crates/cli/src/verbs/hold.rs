//! `hold`: legal holds.

use adjourn_app::AppError;
use adjourn_app::review::Held;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::HoldVerb;
use crate::out::Exit;

/// Runs `hold`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: HoldVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    match verb {
        HoldVerb::Add { group, matter } => {
            let signer = ctx.signer()?;
            let group = ctx.app.resolve(&group).await?;
            let Held { hold, in_flight } = ctx.app.add_hold(&group, &matter, &signer).await?;
            out.line(msg::hold_added(out.lang, &group, &hold));
            if let Some(op) = in_flight {
                out.line(msg::hold_in_flight(out.lang, out.word("step", op.slug())));
            }
            out.next("adjourn hold ls");
            out.document(&json!({"hold": hold, "group": group, "in_flight": in_flight}));
        }
        HoldVerb::Lift { hold, confirm } => {
            let signer = ctx.signer()?;
            let hold = hold.into();
            let lifted = ctx.app.sign_lifting(&hold, confirm.as_deref(), &signer).await?;
            if lifted {
                out.line(msg::hold_lifted(out.lang, &hold));
            } else {
                out.line(msg::hold_lift_asked(out.lang, &hold));
                out.next(format!("adjourn hold lift {hold} --confirm NAME --key SECOND_KEY"));
            }
            out.document(&json!({"hold": hold, "lifted": lifted}));
            if !lifted {
                return Ok(Exit::Approval);
            }
        }
        HoldVerb::Ls => {
            let org = ctx.app.journal.org().await?;
            let mut rows = Vec::new();
            for card in ctx.app.held().await? {
                let state = ctx.app.journal.group(&card.group).await?;
                for (id, hold) in &state.holds {
                    out.line(format!(
                        "{id}  {}  {}  {}  {}",
                        card.label(),
                        hold.matter,
                        org.name(&hold.by),
                        hold.at
                    ));
                    rows.push(json!({
                        "hold": id,
                        "group": card.group,
                        "name": card.label(),
                        "matter": hold.matter,
                        "by": hold.by,
                        "at": hold.at,
                        "lift_asked_by": hold.lift_asked_by,
                    }));
                }
            }
            if rows.is_empty() {
                out.line(msg::hold_none(out.lang));
            }
            out.document(&json!({"holds": rows}));
        }
    }
    Ok(Exit::Done)
}
