//! What a case's page shows.

use adjourn_app::AppError;
use adjourn_app::review::missing;
use adjourn_domain::ids::CaseId;
use adjourn_domain::plan::StepOp;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;

use super::part::{Part, part};
use super::{Button, buttons};
use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "case/case.html")]
pub(super) struct Case {
    frame: Frame,
    id: String,
    state: String,
    reason: String,
    requester: String,
    counts: String,
    hash: String,
    drill: bool,
    missing: Vec<String>,
    differences: Vec<String>,
    buttons: Vec<Button>,
    parts: Vec<Part>,
    history: Vec<String>,
    bundle: Option<String>,
}

pub(super) async fn case(desk: &Desk, reader: &Reader, id: &CaseId) -> Result<Case, AppError> {
    let (say, lang) = (reader.say, reader.lang);
    let case = desk.app.journal.known_case(id).await?;
    let plan = desk.app.load_plan(&case).await?;
    let groups = desk.app.groups_of(&case).await?;
    let org = desk.app.journal.org().await?;
    let count = |op: StepOp| {
        plan.groups.iter().flat_map(|group| &group.steps).filter(|step| step.op == op).count() as u64
    };
    let counts = if plan.act.is_dissolve() {
        msg::plan_counts(lang, count(StepOp::Announce), count(StepOp::Dissolve), count(StepOp::Unlink))
    } else {
        msg::plan_act(lang, say.word("step", plan.act.slug()))
    };
    let parts = plan.groups.iter().map(|of| {
        let state = groups.iter().find(|group| group.id == of.group);
        part(reader, &case, of, state, plan.drill)
    });
    let events = desk.app.journal.case_events(id).await?;
    let differences = case.differences.iter().map(|code| say.note(&adjourn_domain::plan::Note::new(code)));
    Ok(Case {
        frame: reader.frame(Place::Cases),
        id: id.to_string(),
        state: say.word("state", case.status.slug()),
        reason: plan.reason.clone(),
        requester: org.name(&plan.requester),
        counts,
        hash: plan.hash()?.to_hex(),
        drill: plan.drill,
        missing: missing(&case)
            .iter()
            .map(|rule| format!("{} × {}", say.word("role", &rule.role), rule.count))
            .collect(),
        differences: differences.collect(),
        buttons: buttons(reader, &case, plan.blockers().next().is_some()),
        parts: parts.collect(),
        history: events.iter().rev().map(|(at, event)| wording::case_event(say, &org, *at, event)).collect(),
        bundle: case.bundle.map(|hash| hash.to_hex()),
    })
}
