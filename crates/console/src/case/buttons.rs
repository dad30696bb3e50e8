//! The acts that a case is open to at its place. What somebody may not do is there and locked, with the reason.

use adjourn_app::AppError;
use adjourn_app::asked::ReviewView;
use adjourn_app::confirmation::confirms_apply;
use adjourn_domain::case::{CaseState, CaseStatus, MAX_QUESTION};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::plan::Plan;
use adjourn_domain::run::{GroupState, Phase, Run};
use adjourn_i18n::msg;
use adjourn_web::wording;

use crate::desk::{Desk, Reader};
use crate::passkey::form::PasskeyForm;
use crate::typed::Typed;

/// What somebody may do on a case's page.
#[derive(Default)]
pub(super) struct Button {
    pub(super) act: &'static str,
    pub(super) text: String,
    /// Why it is locked.
    pub(super) locked: Option<String>,
    /// What is to be known about it.
    pub(super) note: Option<String>,
    pub(super) danger: bool,
    /// What has to be written: the field's name, what it is called, and the most characters.
    pub(super) words: Option<(&'static str, String, usize)>,
    pub(super) password: bool,
    /// Something that may be chosen besides: the field's name, and what it is called.
    pub(super) tick: Option<(&'static str, String)>,
    pub(super) typed: Option<Typed>,
}

impl Button {
    fn new(act: &'static str, text: String) -> Self {
        Self { act, text, ..Self::default() }
    }
}

/// The acts.
pub(super) async fn buttons(
    desk: &Desk,
    reader: &Reader,
    case: &CaseState,
    plan: &Plan,
    groups: &[GroupState],
    review: &ReviewView,
    passkeys: &[PasskeyForm],
) -> Result<Vec<Button>, AppError> {
    let lang = reader.lang;
    let me = &reader.session.principal.id;
    let asks = || match passkeys {
        [] => msg::passkey_review_none(lang),
        _ => msg::passkey_review_asks(lang),
    };
    let confirms = case.head.as_ref().is_some_and(|head| head.review.passkey_confirm);
    let mine = case.head.as_ref().is_some_and(|head| head.requester == *me);
    let withdraw = || Button {
        locked: (!mine).then(|| msg::case_locked_requester(lang)),
        words: Some(("reason", msg::console_reason(lang), MAX_QUESTION)),
        ..Button::new("withdraw", msg::case_withdraw(lang))
    };
    Ok(match case.status {
        CaseStatus::Planned => {
            let blocked = plan.blockers().next().is_some();
            let locked = blocked.then(|| msg::console_locked_blocked(lang));
            vec![Button { locked, ..Button::new("submit", msg::console_submit(lang)) }, withdraw()]
        }
        CaseStatus::InReview => {
            let typed = case.head.as_ref().is_some_and(|head| head.review.typed_confirmation);
            let mut all = Vec::new();
            if typed && mine && !case.confirmed {
                all.push(Button {
                    typed: Some(typed_for(desk, reader, plan).await?),
                    locked: confirms.then(asks),
                    danger: true,
                    ..Button::new("confirm", msg::console_confirm(lang))
                });
            }
            if plan.review.has_reviewers() {
                let asks = case.head.as_ref().is_some_and(|head| head.review.passkey).then(asks);
                all.extend(reviewing(reader, case, review, mine, asks));
            }
            all.push(withdraw());
            all
        }
        CaseStatus::Approved => {
            let typed =
                if confirms_apply(case, plan) { Some(typed_for(desk, reader, plan).await?) } else { None };
            let locked = confirms.then(asks);
            vec![
                Button { danger: true, typed, locked, ..Button::new("apply", msg::console_apply(lang)) },
                withdraw(),
            ]
        }
        CaseStatus::Running => {
            takes_over(reader, case, groups).into_iter().chain(steering(reader, case, groups)).collect()
        }
        CaseStatus::Rejected
        | CaseStatus::Withdrawn
        | CaseStatus::Stale
        | CaseStatus::Ended
        | CaseStatus::Closed => Vec::new(),
    })
}

fn reviewing(
    reader: &Reader,
    case: &CaseState,
    review: &ReviewView,
    mine: bool,
    asks: Option<String>,
) -> Vec<Button> {
    let lang = reader.lang;
    let me = &reader.session.principal.id;
    let own = mine.then(|| msg::console_locked_own(lang));
    let approved = case.counted(Some(reader.now)).any(|(said, _)| said.statement.principal == *me);
    let asked = review.asked.iter().any(|one| one.principal == *me);
    let locked = own.clone().or_else(|| match (approved, asked) {
        (true, _) => Some(msg::case_locked_approved(lang)),
        (false, false) => Some(msg::case_locked_role(lang)),
        (false, true) => asks,
    });
    vec![
        Button { locked, password: true, ..Button::new("approve", msg::console_approve(lang)) },
        Button {
            locked: own.clone(),
            words: Some(("reason", msg::console_reason(lang), MAX_QUESTION)),
            password: true,
            danger: true,
            ..Button::new("reject", msg::console_reject(lang))
        },
        Button {
            locked: own,
            note: Some(msg::case_ask_note(lang)),
            words: Some(("text", msg::case_ask_what(lang), MAX_QUESTION)),
            ..Button::new("ask", msg::case_ask(lang))
        },
    ]
}

/// The nominee's word, while groups of the case wait for it.
fn takes_over(reader: &Reader, case: &CaseState, groups: &[GroupState]) -> Option<Button> {
    let lang = reader.lang;
    let mut asked = groups.iter().filter_map(|group| waits_for_nominee(case, group)).peekable();
    asked.peek()?;
    let mine = asked.any(|nominee| *nominee == reader.session.principal.id);
    Some(Button {
        note: Some(msg::case_take_over_note(lang)),
        locked: (!mine).then(|| msg::case_locked_nominee(lang)),
        ..Button::new("take-over", msg::case_take_over(lang))
    })
}

/// Who has to accept the handover of a group of this case and has not.
pub(super) fn waits_for_nominee<'a>(case: &CaseState, group: &'a GroupState) -> Option<&'a PrincipalId> {
    group.run.as_ref().filter(|run| run.case == case.id)?;
    adjourn_app::inventory::waits_for_nominee(group)
}

fn steering(reader: &Reader, case: &CaseState, groups: &[GroupState]) -> Vec<Button> {
    let lang = reader.lang;
    let runs: Vec<&Run> =
        groups.iter().filter_map(|group| group.run.as_ref()).filter(|run| run.case == case.id).collect();
    let any = |phase: Phase| runs.iter().any(|run| run.phase == phase);
    let moves = any(Phase::Active) || any(Phase::Paused);
    let past = runs.iter().any(|run| run.past_return());
    let mut all = Vec::new();
    if any(Phase::Active) {
        all.push(Button::new("pause", msg::console_pause(lang)));
    }
    if any(Phase::Paused) {
        all.push(Button::new("resume", msg::console_resume(lang)));
    }
    if moves {
        all.push(Button {
            danger: true,
            note: Some(if past { msg::case_undo_past(lang) } else { msg::case_undo_before(lang) }),
            tick: past.then(|| ("rebuild", msg::case_rebuild(lang))),
            ..Button::new("undo", msg::console_undo(lang))
        });
    }
    all
}

pub(super) async fn typed_for(desk: &Desk, reader: &Reader, plan: &Plan) -> Result<Typed, AppError> {
    let lang = reader.lang;
    let confirmation = desk.app.confirmation_of_plan(plan).await?;
    let waits: u64 = plan.groups.iter().map(super::review::waits_s).min().unwrap_or_default();
    let back = super::review::given_back(reader, plan).unwrap_or_default();
    let last = msg::case_last_return(lang, back, wording::duration(reader.say, waits));
    Ok(Typed::of(reader, &confirmation, msg::case_effect(lang, plan.groups.len() as u64), last))
}
