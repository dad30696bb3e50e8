//! `POST /plans`: looks at the groups and draws a plan. It changes nothing on any platform.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::planning::PlanWish;
use adjourn_domain::group::Kind;
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::{Note, ReasonKind, StepOp};
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use adjourn_i18n::msg;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::openapi::BASE;

pub(crate) struct Draw;

/// Groups of a plan.
const MAX_GROUPS: usize = 1000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanWish)]
pub(crate) struct Wish {
    /// The groups: our id, the platform's id, the alias, or the name.
    #[schema(min_items = 1, max_items = 1000, example = json!(["g-6"]))]
    groups: Vec<String>,
    /// Why, in words.
    #[schema(min_length = 1, example = "project ended")]
    reason: String,
    /// Why, by kind: `project_ended` (where nothing is said), `function_change`, `privacy`, `relations_changed`, `law`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    kind: ReasonKind,
    /// What members read; a standard text where nothing is said. The legal statement and the technical note are put behind it.
    announcement: Option<String>,
    /// Languages of what is put behind it, `zh-CN`, `en`; what the platform takes where nothing is said.
    #[serde(default)]
    languages: Vec<String>,
    /// Kind of all groups, if somebody says it.
    #[schema(value_type = Option<String>)]
    group_kind: Option<Kind>,
    /// Kinds of single groups, by the names given in `groups`.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    group_kinds: BTreeMap<String, Kind>,
    /// The end is not before.
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Time>,
    /// Links that stay on, by id or name: the plan leaves the step out and says so. Bots, webhooks and apps only.
    #[serde(default)]
    without: Vec<String>,
    /// Why they stay on.
    #[serde(default)]
    without_reason: String,
    /// A case whose plan is drawn again.
    case: Option<String>,
}

/// A plan that was drawn.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanDrawn)]
pub(crate) struct Drawn {
    case: String,
    /// SHA-256 of the plan's canonical bytes.
    hash: String,
    /// How many groups, and steps of each kind that tells.
    counts: Value,
    /// What stands in the way: `group`, and `blocker` with its `code`. A blocked plan can't be submitted.
    blockers: Vec<Value>,
    /// Where the whole plan is.
    plan: String,
}

impl Endpoint for Draw {
    const DECLARED: Declared = Declared {
        status: StatusCode::CREATED,
        errors: &[
            "plan.form",
            "plan.empty",
            "plan.step_needed",
            "step.reason",
            "group.unknown",
            "group.ambiguous",
            "case.unknown",
            "case.state",
            "run.active",
            "announcement.too_long",
            "connection.network",
            "connection.auth",
            "capability.unsupported",
            "key.destroyed",
            "config.invalid",
        ],
        about: "Every group is looked at afresh, so this takes as long as the platforms take.",
        ..Declared::post("plans.create", "/plans", Scope::Plan, "Draw a plan")
    };
    type Path = Nothing;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Drawn;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Drawn, AppError> {
        let body = asked.body;
        if body.groups.is_empty() || body.groups.len() > MAX_GROUPS || body.reason.trim().is_empty() {
            return Err(AppError::new("plan.form"));
        }
        let groups = call.app().resolve_all(&body.groups).await?;
        let mut kinds =
            KindWish { kind: body.group_kind, not_before: body.not_before, ..KindWish::default() };
        for (group, kind) in body.group_kinds {
            kinds.kinds.insert(call.app().resolve(&group).await?, kind);
        }
        kinds.without = call.app().left_out(&groups, &body.without, &body.without_reason).await?;
        let wish = PlanWish {
            groups,
            reason: body.reason,
            reason_kind: body.kind,
            announcement: body.announcement.unwrap_or_else(|| msg::announcement_standard(call.lang)),
            languages: body.languages,
            kinds,
            case: body.case.map(Into::into),
        };
        let (plan, hash) = call.app().plan(wish, call.signer()).await?;
        let count = |op: StepOp| {
            plan.groups.iter().flat_map(|group| &group.steps).filter(|step| step.op == op).count()
        };
        let blocker = |(group, note): (&adjourn_domain::plan::GroupPlan, &Note)| json!({"group": group.group, "blocker": note, "says": call.say().note(note)});
        Ok(Drawn {
            case: plan.case.to_string(),
            hash: hash.to_hex(),
            counts: json!({
                "groups": plan.groups.len(),
                "dissolve": count(StepOp::Dissolve),
                "unlink": count(StepOp::Unlink),
                "announce": count(StepOp::Announce),
            }),
            blockers: plan.blockers().map(blocker).collect(),
            plan: format!("{BASE}/cases/{}/plan", plan.case),
        })
    }

    fn location(drawn: &Drawn) -> Option<String> {
        Some(format!("{BASE}/cases/{}", drawn.case))
    }
}
