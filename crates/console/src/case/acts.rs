//! What is done on a case's page. Each act is done once: who sends a form twice is told that it was done already, whoever sends one that lay open while
//! the plan was drawn again gets the new plan to read, and what was typed is never lost.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_domain::approval::Decision;
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::event::Ending;
use adjourn_domain::ids::{CaseId, GroupId, PrincipalId};
use adjourn_domain::passkey::{Proof, Purpose};
use adjourn_domain::plan::StepOp;
use adjourn_domain::run::{GroupState, Phase, Run};
use adjourn_domain::time::Time;
use adjourn_web::refusal::status;
use askama::Template as _;
use axum::extract::{Form, Path, State};
use axum::response::Response;

use super::{FRESH, Look, view};
use crate::desk::{Desk, Reader, html, see};
use crate::frame::Place;
use crate::kept::{self, Fields};

/// The form of an act.
struct Act<'a> {
    act: &'a str,
    fields: &'a Fields,
}

impl Act<'_> {
    /// A field's text; empty when it was not sent.
    fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, text)| text.trim()).unwrap_or_default()
    }

    /// Hash of the plan that was on the page: nobody approves another one than they saw.
    fn read(&self) -> Option<Hash> {
        Hash::from_hex(self.text("plan"))
    }

    fn group(&self) -> GroupId {
        GroupId::from(self.text("group"))
    }

    fn question(&self) -> Option<u32> {
        self.text("question").parse().ok()
    }
}

pub(crate) async fn act(
    reader: Reader,
    State(desk): State<Desk>,
    Path((id, act)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    let id = CaseId::from(id);
    let back = format!("/case/{id}");
    let form = Act { act: &act, fields: &fields };
    let error = match done(&desk, &reader, &id, &form).await {
        Ok(Done::Now) => return see(&back),
        Ok(Done::Before) => return see(&format!("{back}?said=already")),
        Err(error) => error,
    };
    // Of two that came at once, the second one was done by the first.
    if matches!(already(&desk, &reader, &id, &form).await, Ok(true)) {
        return see(&format!("{back}?said=already"));
    }
    again(&desk, &reader, &id, &act, fields, &error).await
}

/// The page of a case after an act that came to nothing, with what was typed in its form again.
pub(super) async fn again(
    desk: &Desk,
    reader: &Reader,
    id: &CaseId,
    act: &str,
    fields: Fields,
    error: &AppError,
) -> Response {
    let mut look = Look::default();
    if error.code() == "plan.edited" {
        FRESH.clone_into(&mut look.said);
    }
    let page = match view::case(desk, reader, id, &look).await {
        Ok(page) => page.render().map_err(|error| AppError::new("internal").with("says", error)),
        Err(error) => Err(error),
    };
    match page {
        Ok(page) => {
            let back = format!("/case/{id}");
            let page = kept::again(reader.lang, &page, &back, &format!("{back}/{act}"), fields, error);
            html(status(error.code()), page)
        }
        // There is no page to come back to.
        Err(_) => reader.refused(Place::Cases, error),
    }
}

/// What came of an act.
enum Done {
    Now,
    /// It was done when the form came.
    Before,
}

async fn done(desk: &Desk, reader: &Reader, id: &CaseId, form: &Act<'_>) -> Result<Done, AppError> {
    if already(desk, reader, id, form).await? {
        return Ok(Done::Before);
    }
    let (app, signer) = (&desk.app, reader.session.signer.as_ref());
    let read = form.read();
    // What somebody does to a plan, they do to the one that they have read.
    let about_plan = ["submit", "approve", "reject", "confirm", "withdraw", "ask"].contains(&form.act);
    if about_plan && (read.is_none() || app.journal.known_case(id).await?.plan_hash() != read) {
        return Err(AppError::new("plan.edited").with("case", id));
    }
    match form.act {
        "submit" => app.submit(id, signer).await.map(drop),
        "approve" | "reject" => {
            let decision = if form.act == "approve" { Decision::Approve } else { Decision::Reject };
            if decision == Decision::Reject && form.text("reason").is_empty() {
                return Err(AppError::new("plan.form"));
            }
            if let Some(proof) = proof(desk, reader, id, Purpose::Approval, form)? {
                let reason = form.text("reason");
                return app
                    .review_with(id, decision, reason, read, Some(proof), signer)
                    .await
                    .map(|_| Done::Now);
            }
            // Who agrees to what can't be taken back says once more who they are.
            app.step_up(&reader.session, form.text("password")).await?;
            app.review(id, decision, form.text("reason"), read, signer).await.map(drop)
        }
        "ask" => app.ask(id, form.text("text"), signer).await.map(drop),
        "answer" => {
            let question = form.question().ok_or_else(|| AppError::new("page.form"))?;
            app.answer(id, question, form.text("text"), signer).await.map(drop)
        }
        "withdraw" => app.withdraw(id, form.text("reason"), signer).await.map(drop),
        "confirm" => {
            let proof = proof(desk, reader, id, Purpose::Confirmation, form)?;
            app.confirm_with(id, form.text("typed"), proof.as_ref(), signer).await.map(drop)
        }
        "apply" => {
            let proof = proof(desk, reader, id, Purpose::Confirmation, form)?;
            let typed = form.text("typed");
            app.apply_confirmed_with(id, read, typed, proof.as_ref(), signer).await.map(drop)
        }
        "pause" => app.pause(id, signer).await.map(drop),
        "resume" => app.resume(id, signer).await.map(drop),
        "undo" => app.undo(id, form.text("rebuild") == "yes", signer).await.map(drop),
        "accept" => accept(desk, reader, id, &form.group()).await,
        "take-over" => app.accept_handover(id, signer).await.map(drop),
        act => Err(AppError::new("usage").with("says", act)),
    }?;
    Ok(Done::Now)
}

/// What a passkey answered, where one did: it says who is there as a password does.
fn proof(
    desk: &Desk,
    reader: &Reader,
    id: &CaseId,
    purpose: Purpose,
    form: &Act<'_>,
) -> Result<Option<Proof>, AppError> {
    match form.text("answer") {
        "" => Ok(None),
        answer => desk.app.plan_answer(id, purpose, &reader.session, form.text("ticket"), answer).map(Some),
    }
}

/// Accepts that the main export of a group has something missing: the gaps were shown.
async fn accept(desk: &Desk, reader: &Reader, id: &CaseId, group: &GroupId) -> Result<(), AppError> {
    let state = desk.app.journal.group(group).await?;
    let export = state.run.as_ref().filter(|run| run.case == *id && run.receipt_open()).and_then(|run| {
        run.part.steps.iter().find(|step| step.op == StepOp::Export).map(|step| step.id.clone())
    });
    let export = export.ok_or_else(|| AppError::new("step.unknown").with("step", StepOp::Export.slug()))?;
    let signer = reader.session.signer.as_ref();
    desk.app.person_done(id, group, &export, &[], BTreeMap::new(), signer).await
}

async fn already(desk: &Desk, reader: &Reader, id: &CaseId, form: &Act<'_>) -> Result<bool, AppError> {
    let case = desk.app.journal.known_case(id).await?;
    let groups = desk.app.groups_of(&case).await?;
    Ok(was_done(&case, &groups, &reader.session.principal.id, form, reader.now))
}

/// Whether what a form asks for is the case already.
fn was_done(case: &CaseState, groups: &[GroupState], me: &PrincipalId, form: &Act<'_>, now: Time) -> bool {
    let runs = || groups.iter().filter_map(|group| group.run.as_ref()).filter(|run| run.case == case.id);
    let any = |phase: fn(&Run) -> bool| runs().any(phase);
    match form.act {
        "submit" => matches!(
            case.status,
            CaseStatus::InReview
                | CaseStatus::Approved
                | CaseStatus::Running
                | CaseStatus::Ended
                | CaseStatus::Closed
        ),
        "approve" => case.counted(Some(now)).any(|(said, _)| said.statement.principal == *me),
        "reject" => case.status == CaseStatus::Rejected,
        "withdraw" => case.status == CaseStatus::Withdrawn,
        "confirm" => case.confirmed,
        "apply" => matches!(case.status, CaseStatus::Running | CaseStatus::Ended | CaseStatus::Closed),
        "take-over" => {
            let asked = || runs().filter(|run| run.part.way.nominee.as_ref() == Some(me));
            asked().next().is_some() && asked().all(|run| run.accepted_at.is_some())
        }
        "pause" => any(|run| run.phase == Phase::Paused) && !any(|run| run.phase == Phase::Active),
        "resume" => any(|run| run.phase == Phase::Active) && !any(|run| run.phase == Phase::Paused),
        "undo" => any(|run| matches!(run.phase, Phase::Undoing | Phase::Ended(Ending::Undone))),
        "accept" => {
            let of = form.group();
            groups.iter().filter(|group| group.id == of).any(|group| {
                group.run.as_ref().is_some_and(|run| run.case == case.id && run.receipt_accepted)
            })
        }
        "ask" => case
            .questions
            .last()
            .is_some_and(|last| last.by == *me && last.text == form.text("text") && last.answer.is_none()),
        "answer" => form
            .question()
            .and_then(|n| case.questions.get(n as usize)?.answer.as_ref())
            .is_some_and(|(text, ..)| text == form.text("text")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::case::Question;

    #[test]
    fn what_is_the_case_already_is_not_done_again() {
        let mut case = CaseState::new("c-1".into());
        let me = PrincipalId::from("p-1");
        let fields = vec![("text".to_owned(), " why? ".to_owned()), ("question".to_owned(), "0".to_owned())];
        let done = |case: &CaseState, act: &str| {
            was_done(case, &[], &me, &Act { act, fields: &fields }, Time::from_millis(0))
        };
        for act in [
            "submit",
            "approve",
            "reject",
            "withdraw",
            "confirm",
            "apply",
            "pause",
            "undo",
            "ask",
            "take-over",
        ] {
            assert!(!done(&case, act), "{act} is still to do");
        }
        case.status = CaseStatus::Running;
        assert!(done(&case, "submit") && done(&case, "apply") && !done(&case, "reject"));
        case.questions.push(Question {
            by: me.clone(),
            plan_hash: Hash::of(b"plan"),
            at: Time::from_millis(0),
            text: "why?".to_owned(),
            answer: None,
        });
        assert!(done(&case, "ask") && !done(&case, "answer"));
        case.questions[0].answer = Some(("why?".to_owned(), me.clone(), Time::from_millis(1)));
        assert!(!done(&case, "ask") && done(&case, "answer"), "an answered question may be asked again");
    }
}
