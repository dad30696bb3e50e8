//! Where a review stands, in words: who was asked, who answered, what is missing, until when.

use adjourn_app::AppError;
use adjourn_app::asked::{Answered, Asked, ReviewView};
use adjourn_domain::case::CaseState;
use adjourn_domain::plan::Plan;
use adjourn_domain::review::Shortfall;
use adjourn_i18n::msg;
use adjourn_web::records::ways;

use super::Ctx;
use crate::out::Out;

/// Prints it, and gives it for `--json`.
pub(crate) async fn show(ctx: &Ctx<'_>, case: &CaseState) -> Result<ReviewView, AppError> {
    let out = ctx.out;
    let view = ctx.app.review_view(case).await?;
    for one in &view.answered {
        answered(out, one);
    }
    if !view.missing.is_empty() {
        out.line(msg::case_missing(out.lang, ways(out.say(), &view.missing)));
    }
    if !view.asked.is_empty() {
        let people: Vec<String> = view.asked.iter().map(|one| asked(out, one, view.passkey)).collect();
        out.line(msg::review_asked(out.lang, people.join("; ")));
    }
    if let Some(until) = view.review_by.filter(|_| !view.missing.is_empty()) {
        let roles: Vec<String> = view.escalate_to.iter().map(|role| out.word("role", role)).collect();
        let roles = roles.join(", ");
        if view.overdue {
            let escalated = if view.escalated { "yes" } else { "no" };
            out.line(msg::review_overdue(out.lang, escalated, roles, until));
        } else {
            out.line(msg::review_by(out.lang, roles, until));
        }
    }
    if view.passkey && !view.missing.is_empty() {
        out.line(msg::review_needs_passkey(out.lang, &case.id));
    }
    unmeetable(out, &view.unmeetable);
    Ok(view)
}

fn answered(out: Out, one: &Answered) {
    let role = out.word("role", &one.role);
    let mut line = match &one.in_place_of {
        Some(from) => msg::review_answered_lent(out.lang, one.at, from, &one.name, role),
        None => msg::review_answered(out.lang, one.at, &one.name, role),
    };
    if one.passkey {
        line = format!("{line} · {}", msg::review_passkey(out.lang));
    }
    match one.until {
        Some(until) if one.counts => line = format!("{line} · {}", msg::review_until(out.lang, until)),
        Some(until) => line = format!("{line} · {}", msg::review_expired(out.lang, &one.name, until)),
        None => {}
    }
    out.line(format!("  {line}"));
}

fn asked(out: Out, one: &Asked, needs_passkey: bool) -> String {
    let role = out.word("role", &one.role);
    let person = match &one.lent_by {
        Some((_, from)) => msg::review_asked_lent(out.lang, from, &one.name, role),
        None => msg::review_asked_one(out.lang, &one.name, role),
    };
    if needs_passkey && !one.has_passkey { msg::review_asked_no_passkey(out.lang, person) } else { person }
}

/// Says when the review of a plan can never be met, before anybody waits for it.
pub(crate) async fn warn(ctx: &Ctx<'_>, plan: &Plan) -> Result<Vec<Shortfall>, AppError> {
    let org = ctx.app.journal.org().await?;
    let lacks = plan.review.shortfall(&org.holders(Some(&plan.requester)));
    unmeetable(ctx.out, &lacks);
    Ok(lacks)
}

fn unmeetable(out: Out, lacks: &[Shortfall]) {
    for lack in lacks {
        let (have, need) = (u64::from(lack.have), u64::from(lack.need));
        out.line(msg::plan_review_unmeetable(out.lang, have, need, out.word("role", &lack.role)));
    }
}
