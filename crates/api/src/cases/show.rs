//! `GET /cases/{case}`: where a case stands, group by group. It is the state of everything that is delayed: review, run, observation.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::run::{Action, due};
use adjourn_web::shapes;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::CaseNow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};

pub(crate) struct Show;

/// A case.
#[derive(Serialize, ToSchema)]
pub(crate) struct Case {
    #[serde(flatten)]
    now: CaseNow,
    /// Who asked for it, a principal.
    requester: Option<String>,
    /// Approvals, as they were signed.
    approvals: Vec<Value>,
    /// Who can still answer, and until when.
    review: Value,
    /// Why the plan is stale, as codes.
    differences: Vec<String>,
    /// Where each group stands, as `adjourn why --json` writes it.
    groups: Vec<Value>,
    /// Whether the bundle is written.
    bundle: bool,
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "key.destroyed"],
        ..Declared::get("cases.show", "/cases/{case}", "Show where a case stands")
    };
    type Path = OfCase;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Case;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Case, AppError> {
        let app = call.app();
        let case = app.journal.known_case(&CaseId(asked.path.case)).await?;
        let now = app.clock.now();
        let groups = app.groups_of(&case).await?;
        let standing = groups.iter().map(|group| match due(group, &case, now) {
            Action::Blocked(refusal) => shapes::standing(group, Some(&refusal)),
            _ => shapes::standing(group, None),
        });
        Ok(Case {
            now: CaseNow::from(&case),
            requester: case.head.as_ref().map(|head| head.requester.to_string()),
            approvals: case.approvals.iter().map(|(approval, _)| json!(approval)).collect(),
            review: json!(app.review_view(&case).await?),
            differences: case.differences.clone(),
            groups: standing.collect(),
            bundle: app.vault.bundle_path(&case.id).await?.is_some(),
        })
    }
}
