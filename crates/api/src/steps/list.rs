//! `GET /steps`: steps that wait for a person, of all cases that run.

use adjourn_app::AppError;
use adjourn_domain::case::CaseStatus;
use adjourn_domain::run::{Run, StepState};
use adjourn_domain::time::Time;
use adjourn_web::wording;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// Only of this case.
    case: Option<String>,
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A step that waits for a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenStep {
    case: String,
    group: String,
    /// The step's id in the plan.
    step: String,
    /// What it is, a slug.
    op: String,
    /// What to do, in the language that was asked for.
    says: String,
    /// When it is escalated.
    #[schema(value_type = Option<String>, format = DateTime)]
    deadline: Option<Time>,
    overdue: bool,
}

fn open(call: &Call, case: &str, group: &str, run: &Run) -> Option<OpenStep> {
    let at = place(run)?;
    let (step, state) = run.part.steps.get(at).zip(run.steps.get(at))?;
    (state.state == StepState::Person).then(|| OpenStep {
        case: case.to_owned(),
        group: group.to_owned(),
        step: step.id.clone(),
        op: step.op.slug().to_owned(),
        says: wording::person_note(call.say(), run, step),
        deadline: state.human.deadline,
        overdue: state.human.overdue,
    })
}

/// The step at which a run stands, forward or back.
fn place(run: &Run) -> Option<usize> {
    adjourn_web::shapes::undo_asks(run).or_else(|| run.current())
}

impl Endpoint for List {
    const DECLARED: Declared = Declared {
        errors: &["cursor.invalid"],
        about: "A step is done by handing in what shows it: `steps.done`, the console, the owner's task page, or `adjourn step done`.",
        ..Declared::get("steps.list", "/steps", "List steps that wait for a person")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<OpenStep>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<OpenStep>, AppError> {
        let app = call.app();
        let mut all = Vec::new();
        let cards = app.case_cards().await?.into_iter().filter(|card| card.status == CaseStatus::Running);
        for card in cards.filter(|card| asked.query.case.as_ref().is_none_or(|case| card.case.0 == *case)) {
            let case = app.journal.known_case(&card.case).await?;
            for group in app.groups_of(&case).await? {
                let run = group.run.as_ref();
                all.extend(run.and_then(|run| open(call, card.case.as_str(), group.id.as_str(), run)));
            }
        }
        let key = |row: &OpenStep| (row.case.clone(), row.group.clone(), row.step.clone());
        all.sort_by_key(key);
        Page::of(all, key, asked.query.after.as_deref(), asked.query.limit)
    }
}
