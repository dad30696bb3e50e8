//! The forms in which the reader's passkey agrees to, confirms or applies a case's plan, as its place has it.

use adjourn_app::AppError;
use adjourn_app::confirmation::confirms_apply;
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::passkey::Purpose;
use adjourn_domain::plan::Plan;
use adjourn_i18n::msg;

use super::buttons::typed_for;
use crate::desk::{Desk, Reader};
use crate::frame::Place;
use crate::passkey::form::PasskeyForm;

/// The forms; none where a passkey has nothing to say, or the reader has none for these pages.
pub(super) async fn passkeys(
    desk: &Desk,
    reader: &Reader,
    case: &CaseState,
    plan: &Plan,
) -> Result<Vec<PasskeyForm>, AppError> {
    let (Some(head), lang) = (&case.head, reader.lang) else { return Ok(Vec::new()) };
    let me = &reader.session.principal.id;
    let mine = head.requester == *me;
    let approved = case.counted(Some(reader.now)).any(|(said, _)| said.statement.principal == *me);
    let personal = head.review.typed_confirmation && !case.confirmed;
    let (purpose, act, button, typed) = match case.status {
        CaseStatus::InReview if personal && mine && head.review.passkey_confirm => {
            (Purpose::Confirmation, "confirm", msg::passkey_button_confirm(lang), true)
        }
        CaseStatus::InReview if plan.review.has_reviewers() && !mine && !approved => {
            (Purpose::Approval, "approve", msg::passkey_button_approve(lang), false)
        }
        CaseStatus::Approved if head.review.passkey_confirm => {
            (Purpose::Confirmation, "apply", msg::passkey_button_apply(lang), confirms_apply(case, plan))
        }
        _ => return Ok(Vec::new()),
    };
    let Some(asked) = desk.app.ask_plan(case, purpose, &desk.tools.relying, &reader.session).await? else {
        return Ok(Vec::new());
    };
    let hash = case.plan_hash().map(|hash| hash.to_hex()).unwrap_or_default();
    let action = format!("/case/{}/{act}", case.id);
    let form = PasskeyForm::sign(reader.frame(Place::Cases), action, asked, button);
    let typed = if typed { Some(typed_for(desk, reader, plan).await?) } else { None };
    Ok(vec![PasskeyForm { fields: vec![("plan".to_owned(), hash)], typed, ..form }])
}
