//! A human step on a case's page: what to do, what to bring back, and a way to say that it can't be done. Files go the way of the command line's.

use adjourn_app::AppError;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::run::{Run, StepState};
use adjourn_domain::task::confirm;
use adjourn_web::wording;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;

use crate::desk::{Desk, Reader};
use crate::frame::Place;
use crate::frame::parts::Moment;
use crate::task::Form;

/// Largest file, in bytes: a telephone's picture has a few megabytes.
const MAX_FILE: usize = 20 * 1024 * 1024;
/// Largest form, in bytes.
pub(crate) const MAX_UPLOAD: usize = 2 * MAX_FILE;

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
    })
}

/// Takes what somebody brings back.
pub(crate) async fn answer(
    reader: Reader,
    State(desk): State<Desk>,
    Path(id): Path<String>,
    form: Multipart,
) -> Response {
    let id = CaseId::from(id);
    let done = take(&desk, &reader, &id, form).await;
    reader.onward(Place::Cases, done.map(|()| format!("/case/{id}")))
}

async fn take(desk: &Desk, reader: &Reader, id: &CaseId, form: Multipart) -> Result<(), AppError> {
    let mut form = Form::read(form, MAX_FILE).await?;
    let (group, step) = (GroupId(form.text("group")), form.text("step"));
    let reason = form.text("reason");
    let signer = reader.session.signer.as_ref();
    if form.text("answer") == "cant" {
        return desk.app.person_cant(&group, &step, &reason, signer).await;
    }
    desk.app.person_done(id, &group, &step, &form.files, form.texts, signer).await
}
