//! `destroy`: the destruction of a group's key, by two people.

use adjourn_app::AppError;
use adjourn_app::destroy::Destroyed;
use adjourn_app::ports::Signer as _;
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
    if let Some(typed) = &typed
        && let Ok(state) = ctx.app.journal.group(&id).await
    {
        let name = state.snapshot.as_ref().map(|snapshot| snapshot.label().to_owned()).unwrap_or_default();
        if typed.trim() != name {
            return Err(AppError::new("confirm.mismatch").with("typed", typed.trim()));
        }
        // A hold has made the first signature void, and is what to say first.
        if state.key_destroy_asked_by.is_none() && state.holds.is_empty() {
            return Err(AppError::new("key.not_asked").with("group", &id));
        }
    }
    if typed.is_none()
        && ctx.app.journal.group(&id).await?.key_destroy_asked_by.is_some_and(|by| by != signer.principal())
    {
        return Err(AppError::new("confirm.needed").with("group", &id));
    }
    let outcome = ctx.app.destroy_key(&id, &signer).await?;
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
