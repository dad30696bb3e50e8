//! `handover`, `rescue` and `leave`: another owner for a group, with the owner's hand and without it; and an account that
//! goes while the group stays.

use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::acts::ActWish;
use adjourn_domain::plan::{Act, ReasonKind};

use super::Ctx;
use super::plan::show_plan;
use super::steer::read_evidence;
use crate::args::{ActArgs, LeaveArgs};
use crate::out::Exit;

/// Runs `handover` and `rescue`: draws the plan.
pub(crate) async fn run(ctx: &Ctx<'_>, act: Act, args: ActArgs) -> Result<Exit, AppError> {
    let proof = args.proof.iter().map(|path| read_evidence(path)).collect::<Result<Vec<_>, _>>()?;
    let wish = ActWish {
        act,
        group: ctx.app.resolve(&args.group).await?,
        to: Some(args.to.as_str().into()),
        account: None,
        proof,
        reason: args.reason,
        reason_kind: ReasonKind::FunctionChange,
    };
    drawn(ctx, wish, args.out.as_deref()).await
}

/// Runs `leave`: a plan for each group, each a case of its own.
pub(crate) async fn leave(ctx: &Ctx<'_>, args: LeaveArgs) -> Result<Exit, AppError> {
    let groups = ctx.app.resolve_all(&args.groups).await?;
    if groups.len() > 1 && args.out.is_some() {
        return Err(AppError::new("usage").with("says", "--out: a file is for one group's plan"));
    }
    let mut exit = Exit::Planned;
    for group in groups {
        let wish = ActWish {
            act: Act::Leave,
            group,
            to: None,
            account: args.account.as_deref().map(Into::into),
            proof: Vec::new(),
            reason: args.reason.clone(),
            reason_kind: ReasonKind::FunctionChange,
        };
        if drawn(ctx, wish, args.out.as_deref()).await? == Exit::Blocked {
            exit = Exit::Blocked;
        }
    }
    Ok(exit)
}

async fn drawn(ctx: &Ctx<'_>, wish: ActWish, file: Option<&Path>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let (plan, hash) = Box::pin(ctx.app.plan_act(wish, &ctx.signer()?)).await?;
    if let Some(path) = file {
        std::fs::write(path, plan.bytes()?).map_err(|error| AppError::io(&error, path.display()))?;
    }
    show_plan(out, &plan, hash);
    out.document(&adjourn_web::shapes::plan(&plan, hash));
    if plan.blockers().count() > 0 {
        out.next(format!("adjourn why {}", plan.case));
        return Ok(Exit::Blocked);
    }
    out.next(format!("adjourn submit {}", plan.case));
    Ok(Exit::Planned)
}
