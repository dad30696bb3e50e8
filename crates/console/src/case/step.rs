//! A human step on a case's page: what to do, what to bring back, and a way to say that it can't be done. Files go the way of the command line's.

use adjourn_app::AppError;
use adjourn_domain::event::{Ending, EvidenceRef};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::kinds::LinkPlan;
use adjourn_domain::left_out::of_a_kind_that_may_stay;
use adjourn_domain::plan::{Step, StepOp};
use adjourn_domain::run::{GroupState, Phase, Run, StepState};
use adjourn_domain::task::confirm;
use adjourn_i18n::msg;
use adjourn_web::limits::MAX_FILE;
use adjourn_web::wording;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;

use super::acts::again;
use crate::desk::{Desk, Reader, encoded, see};
use crate::frame::Place;
use crate::frame::parts::Moment;
use crate::kept::Fields;
use crate::task::Form;

/// A step that waits for a person.
pub(super) struct Hand {
    pub(super) step: String,
    /// What it is.
    pub(super) text: String,
    /// What to do.
    pub(super) how: String,
    /// Until when.
    pub(super) deadline: Option<Moment>,
    /// What the platform asks for once more, a slug.
    pub(super) confirm: String,
    /// Whether another plan may do without it.
    pub(super) skip: bool,
}

/// The link that a step takes off, where another plan may leave it on.
fn skippable<'a>(run: &'a Run, step: &Step) -> Option<&'a LinkPlan> {
    let link = step.text("link").filter(|_| step.op == StepOp::Unlink && !run.past_return())?;
    let of = |plan: &&LinkPlan| plan.link.as_str() == link && of_a_kind_that_may_stay(plan.kind);
    run.part.way.links.iter().find(of)
}

/// Where a plan is drawn without the step at which a run ended, because somebody could not do it or wanted it skipped.
pub(super) fn without(group: &GroupState, run: &Run) -> Option<String> {
    if run.phase != Phase::Ended(Ending::Stopped) {
        return None;
    }
    let mut steps = run.part.steps.iter().zip(&run.steps);
    let (link, why) = steps.find_map(|(step, state)| {
        let (_, why) = state.human.cant.as_ref().filter(|_| state.state != StepState::Done)?;
        Some((skippable(run, step)?, why))
    })?;
    let reason = group.part.as_ref().map(|(_, _, reason, _)| encoded(reason)).unwrap_or_default();
    let nominee = run.part.way.nominee.as_ref().map(|who| format!("&nominee={who}")).unwrap_or_default();
    let left = encoded(&format!("{} {}", group.id, link.link));
    let why = encoded(why);
    Some(format!("/groups/plan?group={}&reason={reason}{nominee}&without={left}&why={why}", group.id))
}

/// The step of a run that waits for a person, if one does.
pub(super) fn hand(reader: &Reader, run: &Run) -> Option<Hand> {
    let at = run.current()?;
    let (step, state) = run.part.steps.get(at).zip(run.steps.get(at))?;
    (state.state == StepState::Person).then(|| Hand {
        step: step.id.clone(),
        text: wording::headline(reader.say, step),
        how: wording::person_note(reader.say, run, step),
        deadline: state.human.deadline.map(|at| reader.moment(at)),
        // Whoever brings a group back is asked for nothing that ends one.
        confirm: confirm(step).filter(|_| !state.undoing).unwrap_or_default(),
        skip: !state.undoing && skippable(run, step).is_some(),
    })
}

/// What people handed in in a run, with the hashes by which anybody can tell it later.
pub(super) fn handed(reader: &Reader, run: &Run) -> Vec<String> {
    let files = run.steps.iter().flat_map(|step| &step.human.handed);
    let line = |(_, file): &(_, EvidenceRef)| {
        let kept = format!("{} {}", msg::task_handed(reader.lang, &file.name), file.sha256);
        match file.original {
            Some(original) => format!("{kept} · {} {original}", msg::task_handed_cleaned(reader.lang)),
            None => kept,
        }
    };
    files.map(line).collect()
}

/// Takes what somebody brings back.
pub(crate) async fn answer(
    reader: Reader,
    State(desk): State<Desk>,
    Path(id): Path<String>,
    form: Multipart,
) -> Response {
    let id = CaseId::from(id);
    let form = match Form::read(form, MAX_FILE).await {
        Ok(form) => form,
        Err(error) => return reader.refused(Place::Cases, &error),
    };
    let fields: Fields = form.texts.clone().into_iter().collect();
    let (group, step) =
        (GroupId(form.texts.get("group").cloned().unwrap_or_default()), form.texts.get("step"));
    let said = was_said(&desk, &reader, &group, step.map_or("", String::as_str)).await;
    match take(&desk, &reader, &id, form).await {
        Ok(()) => see(&format!("/case/{id}")),
        Err(_) if matches!(said, Ok(true)) => see(&format!("/case/{id}?said=already")),
        Err(error) => again(&desk, &reader, &id, "step", fields, &error).await,
    }
}

/// Whether whoever looks has said already that a step is done, and nobody asks them once more.
async fn was_said(desk: &Desk, reader: &Reader, group: &GroupId, step: &str) -> Result<bool, AppError> {
    let state = desk.app.journal.group(group).await?;
    let stand = state.run.as_ref().and_then(|run| run.find(step));
    Ok(stand.is_some_and(|(_, _, stand)| stand.human.done_by.contains(&reader.session.principal.id)))
}

async fn take(desk: &Desk, reader: &Reader, id: &CaseId, mut form: Form) -> Result<(), AppError> {
    let (group, step) = (GroupId(form.text("group")), form.text("step"));
    let reason = form.text("reason");
    let signer = reader.session.signer.as_ref();
    if form.text("answer") == "cant" {
        return desk.app.person_cant(&group, &step, &reason, signer).await;
    }
    desk.app.person_done(id, &group, &step, &form.files, form.texts, signer).await
}
