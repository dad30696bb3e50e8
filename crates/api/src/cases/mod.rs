//! Cases: the plan, its review, its run.

use adjourn_app::AppError;
use adjourn_app::review::missing;
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Mounted;
use crate::call::Call;

mod apply;
mod approve;
mod confirm;
mod events;
mod list;
mod pause;
mod plan;
mod plan_show;
mod reject;
mod resume;
mod show;
mod submit;
mod undo;
mod withdraw;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<plan::Draw>(),
        crate::mounted::<plan_show::Show>(),
        crate::mounted::<list::List>(),
        crate::mounted::<show::Show>(),
        crate::mounted::<submit::Submit>(),
        crate::mounted::<approve::Approve>(),
        crate::mounted::<reject::Reject>(),
        crate::mounted::<withdraw::Withdraw>(),
        crate::mounted::<confirm::Confirm>(),
        crate::mounted::<apply::Apply>(),
        crate::mounted::<pause::Pause>(),
        crate::mounted::<resume::Resume>(),
        crate::mounted::<undo::Undo>(),
        crate::mounted::<events::Events>(),
    ]
}

/// What a review still misses.
#[derive(Serialize, ToSchema)]
pub(crate) struct Missing {
    role: String,
    count: u32,
}

/// Where a case stands after an act.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseNow {
    case: String,
    /// `planned`, `in_review`, `rejected`, `approved`, `stale`, `running`, `ended`, `closed`.
    status: String,
    /// SHA-256 of the plan's canonical bytes; what is approved is this.
    plan_hash: Option<String>,
    /// What the review still misses.
    missing: Vec<Missing>,
}

impl From<&CaseState> for CaseNow {
    fn from(case: &CaseState) -> Self {
        Self {
            case: case.id.to_string(),
            status: case.status.slug().to_owned(),
            plan_hash: case.plan_hash().map(|hash| hash.to_hex()),
            missing: missing(case)
                .into_iter()
                .map(|rule| Missing { role: rule.role, count: rule.count })
                .collect(),
        }
    }
}

/// The plan that somebody has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRead {
    /// Hash of the plan that you have read. Another one is refused.
    plan_hash: String,
}

/// The hash of a plan that somebody has read; it has to be the case's.
///
/// # Errors
/// `plan.edited` for another one, or for what is no hash; `case.unknown`.
pub(crate) async fn read_plan(call: &Call, case: &CaseId, hash: &str) -> Result<Hash, AppError> {
    let current = call.app().journal.known_case(case).await?.plan_hash();
    Hash::from_hex(hash)
        .filter(|read| current.as_ref() == Some(read))
        .ok_or_else(|| AppError::new("plan.edited").with("case", case))
}

/// What became of a wish about a running case.
#[derive(Serialize, ToSchema)]
pub(crate) struct Steered {
    case: String,
    status: String,
    /// Number of groups that it concerned.
    groups: usize,
}

impl Steered {
    async fn of(call: &Call, id: &CaseId, groups: usize) -> Result<Self, AppError> {
        let case = call.app().journal.known_case(id).await?;
        Ok(Self { case: id.to_string(), status: case.status.slug().to_owned(), groups })
    }
}
