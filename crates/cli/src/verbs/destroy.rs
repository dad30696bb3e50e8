//! `destroy`: the destruction of a group's key, by two people.

use adjourn_app::AppError;
use adjourn_app::destroy::Destroyed;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::DestroyVerb;
use crate::out::Exit;

/// Runs `destroy`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: DestroyVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let (group, typed) = match verb {
        DestroyVerb::Plan { group } => (group, None),
        DestroyVerb::Apply { group, confirm } => (group, Some(confirm)),
    };
    // After a crash in the middle only the id is left.
    let id = ctx.app.resolve_record(&group).await?;
    let outcome = ctx.app.sign_destruction(&id, typed.as_deref(), &signer).await?;
    let certificate = match &outcome {
        Destroyed::Done(certificate) => certificate.as_ref(),
        Destroyed::Asked => None,
    };
    out.document(&json!({
        "group": id,
        "destroyed": outcome != Destroyed::Asked,
        "certificate": certificate.map(|info| &info.path),
        "bag_hash": certificate.map(|info| info.bag_hash),
    }));
    match outcome {
        Destroyed::Asked => {
            out.line(msg::destroy_asked(out.lang, &id));
            out.next(format!("adjourn destroy apply {id} --confirm NAME --key SECOND_KEY"));
            Ok(Exit::Approval)
        }
        Destroyed::Done(certificate) => {
            out.line(msg::destroy_done(out.lang, &id));
            if let Some(info) = certificate {
                out.line(msg::destroy_certificate(out.lang, &info.path));
                out.next(format!("adjourn verify {}", info.path));
            }
            Ok(Exit::Done)
        }
    }
}
