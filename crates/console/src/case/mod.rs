//! A case: the plan, its review, its run and its observation on one page, with the acts that are open to whoever looks. An act that is not theirs is
//! shown and locked, with the reason.

use adjourn_app::AppError;
use adjourn_domain::approval::Decision;
use adjourn_domain::case::CaseStatus;
use adjourn_domain::ids::CaseId;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

mod part;
pub(crate) mod step;
mod view;

#[derive(Template)]
#[template(path = "case/cases.html")]
struct Cases {
    frame: Frame,
    rows: Vec<(String, String, u64, String, String)>,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Cases, cases(&desk, &reader).await)
}

async fn cases(desk: &Desk, reader: &Reader) -> Result<Cases, AppError> {
    let cards = desk.app.case_cards().await?;
    let rows = cards.into_iter().map(|card| {
        let missing = card
            .missing
            .iter()
            .map(|rule| format!("{} × {}", reader.say.word("role", &rule.role), rule.count));
        let drawn = card.drawn_at.map(|at| reader.time(at)).unwrap_or_default();
        let state = reader.say.word("state", card.status.slug());
        (
            card.case.to_string(),
            state,
            card.groups.len() as u64,
            drawn,
            missing.collect::<Vec<_>>().join(" + "),
        )
    });
    Ok(Cases { frame: reader.frame(Place::Cases), rows: rows.collect() })
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Cases, view::case(&desk, &reader, &id.into()).await)
}

/// The form of an act.
#[derive(Deserialize)]
pub(crate) struct Act {
    #[serde(default)]
    reason: String,
    /// Hash of the plan that was on the page: nobody approves another one than they saw.
    #[serde(default)]
    plan: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    typed: String,
}

pub(crate) async fn act(
    reader: Reader,
    State(desk): State<Desk>,
    Path((id, act)): Path<(String, String)>,
    Form(form): Form<Act>,
) -> Response {
    let id = CaseId::from(id);
    let done = done(&desk, &reader, &id, &act, &form).await;
    reader.onward(Place::Cases, done.map(|()| format!("/case/{id}")))
}

async fn done(desk: &Desk, reader: &Reader, id: &CaseId, act: &str, form: &Act) -> Result<(), AppError> {
    let (app, signer) = (&desk.app, reader.session.signer.as_ref());
    let read = adjourn_domain::canonical::Hash::from_hex(&form.plan);
    match act {
        "submit" => app.submit(id, signer).await.map(drop),
        "approve" | "reject" => {
            let read = read.ok_or_else(|| AppError::new("plan.edited").with("case", id))?;
            let decision = if act == "approve" { Decision::Approve } else { Decision::Reject };
            if decision == Decision::Reject && form.reason.trim().is_empty() {
                return Err(AppError::new("plan.form"));
            }
            // Who agrees to what can't be taken back says once more who they are.
            app.step_up(&reader.session, &form.password).await?;
            app.review(id, decision, &form.reason, Some(read), signer).await.map(drop)
        }
        "confirm" => app.confirm(id, &form.typed, signer).await.map(drop),
        "apply" => {
            let case = app.journal.known_case(id).await?;
            if read.is_none() || case.plan_hash() != read {
                return Err(AppError::new("plan.edited").with("case", id));
            }
            app.apply(id, signer).await.map(drop)
        }
        "pause" => app.pause(id, signer).await.map(drop),
        "resume" => app.resume(id, signer).await.map(drop),
        "undo" => app.undo(id, false, signer).await.map(drop),
        _ => Err(AppError::new("usage").with("says", act)),
    }
}

/// What somebody may do on a case's page.
struct Button {
    act: &'static str,
    text: String,
    /// Why it is locked.
    locked: Option<String>,
    danger: bool,
    /// What has to be filled in.
    reason: bool,
    password: bool,
    typed: Option<String>,
}

impl Button {
    fn new(act: &'static str, text: String) -> Self {
        Self { act, text, locked: None, danger: false, reason: false, password: false, typed: None }
    }
}

/// The acts that a case is open to at its place.
fn buttons(reader: &Reader, case: &adjourn_domain::case::CaseState, blocked: bool) -> Vec<Button> {
    let lang = reader.lang;
    let me = &reader.session.principal;
    let mine = case.head.as_ref().is_some_and(|head| head.requester == me.id);
    match case.status {
        CaseStatus::Planned => {
            let locked = blocked.then(|| msg::console_locked_blocked(lang));
            vec![Button { locked, ..Button::new("submit", msg::console_submit(lang)) }]
        }
        CaseStatus::InReview => {
            let locked = mine.then(|| msg::console_locked_own(lang));
            let typed =
                case.head.as_ref().is_some_and(|head| head.review.typed_confirmation) && !case.confirmed;
            if typed && mine {
                let typed = Some(msg::console_typed(lang));
                return vec![Button {
                    typed,
                    danger: true,
                    ..Button::new("confirm", msg::console_confirm(lang))
                }];
            }
            vec![
                Button {
                    locked: locked.clone(),
                    password: true,
                    ..Button::new("approve", msg::console_approve(lang))
                },
                Button {
                    locked,
                    reason: true,
                    password: true,
                    danger: true,
                    ..Button::new("reject", msg::console_reject(lang))
                },
            ]
        }
        CaseStatus::Approved => {
            vec![Button { danger: true, ..Button::new("apply", msg::console_apply(lang)) }]
        }
        CaseStatus::Running => vec![
            Button::new("pause", msg::console_pause(lang)),
            Button::new("resume", msg::console_resume(lang)),
            Button { danger: true, ..Button::new("undo", msg::console_undo(lang)) },
        ],
        CaseStatus::Rejected | CaseStatus::Stale | CaseStatus::Ended | CaseStatus::Closed => Vec::new(),
    }
}
