//! `handover` and `rescue`: another owner for a group, with the owner's hand and without it.

use adjourn_app::AppError;
use adjourn_app::acts::ActWish;
use adjourn_domain::plan::{Act, ReasonKind};

use super::Ctx;
use super::plan::{document, show_plan};
use super::steer::read_evidence;
use crate::args::ActArgs;
use crate::out::Exit;

/// Runs `handover` and `rescue`: draws the plan.
pub(crate) async fn run(ctx: &Ctx<'_>, act: Act, args: ActArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let proof = args.proof.iter().map(|path| read_evidence(path)).collect::<Result<Vec<_>, _>>()?;
    let wish = ActWish {
        act,
        group: ctx.app.resolve(&args.group).await?,
        to: args.to.as_str().into(),
        proof,
        reason: args.reason,
        reason_kind: ReasonKind::FunctionChange,
    };
    let (plan, hash) = ctx.app.plan_act(wish, &signer).await?;
    if let Some(path) = &args.out {
        std::fs::write(path, plan.bytes()?).map_err(|error| AppError::io(&error, path.display()))?;
    }
    show_plan(out, &plan, hash);
    out.document(&document(&plan, hash));
    if plan.blockers().count() > 0 {
        out.next(format!("adjourn why {}", plan.case));
        return Ok(Exit::Blocked);
    }
    out.next(format!("adjourn submit {}", plan.case));
    Ok(Exit::Planned)
}
