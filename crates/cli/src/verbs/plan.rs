//! `plan`, `diff`, `submit`, `approve`, `reject`, and `show` of a case.

use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::planning::{GroupDrift, PlanWish};
use adjourn_app::ports::Signer as _;
use adjourn_app::review::missing;
use adjourn_domain::approval::Decision;
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::group::Kind;
use adjourn_domain::ids::CaseId;
use adjourn_domain::kinds::KindWish;
use adjourn_domain::passkey::Purpose;
use adjourn_domain::plan::{Plan, ReasonKind, StepOp};
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::records::rules;
use serde_json::{Value, json};

use super::{Ctx, passkey, reviewers};
use crate::args::PlanArgs;
use crate::describe;
use crate::out::{Exit, Out};
use adjourn_web::{shapes, wording};

/// Largest plan file, in bytes.
const MAX_PLAN: u64 = 256 * 1024 * 1024;

/// Runs `plan`.
pub(crate) async fn draw(ctx: &Ctx<'_>, args: PlanArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let groups = ctx.app.resolve_all(&args.groups).await?;
    let reason_kind: ReasonKind = serde_json::from_value(Value::from(args.kind.as_str()))
        .map_err(|error| AppError::new("usage").with("says", error))?;
    let languages = match args.announce_lang.as_deref() {
        None | Some("both") => vec!["zh-CN".to_owned(), "en".to_owned()],
        Some(one) => vec![one.to_owned()],
    };
    let mut kinds = kinds(ctx, &args).await?;
    let why = args.without_reason.as_deref().unwrap_or_default();
    kinds.without = ctx.app.left_out(&groups, &args.without, why).await?;
    let wish = PlanWish {
        groups,
        reason: args.reason,
        reason_kind,
        announcement: args.announce.unwrap_or_else(|| msg::announcement_standard(out.lang)),
        languages,
        kinds,
        case: args.case.map(Into::into),
    };
    let (plan, hash) = match ctx.app.plan(wish.clone(), &signer).await {
        // Nobody asked for both languages: where a platform can't take them, one of them is said there and everywhere.
        Err(error) if error.code() == "announcement.too_long" && args.announce_lang.is_none() => {
            let drawn = ctx.app.plan(PlanWish { languages: Vec::new(), ..wish }, &signer).await?;
            out.progress(msg::plan_one_language(out.lang));
            drawn
        }
        drawn => drawn?,
    };
    if let Some(path) = &args.out {
        std::fs::write(path, plan.bytes()?).map_err(|error| AppError::io(&error, path.display()))?;
    }
    show_plan(out, &plan, hash);
    quotas(ctx, &plan).await?;
    let unmeetable = reviewers::warn(ctx, &plan).await?;
    let blockers = plan.blockers().count();
    let mut value = shapes::plan(&plan, hash);
    if let Some(map) = value.as_object_mut() {
        map.insert("unmeetable".to_owned(), json!(unmeetable));
    }
    out.document(&value);
    if blockers > 0 {
        out.next(format!("adjourn why {}", plan.case));
        return Ok(Exit::Blocked);
    }
    out.next(format!("adjourn submit {}", plan.case));
    Ok(Exit::Planned)
}

/// What the groups' kinds need to know.
async fn kinds(ctx: &Ctx<'_>, args: &PlanArgs) -> Result<KindWish, AppError> {
    let usage = |says: String| AppError::new("usage").with("says", says);
    let mut wish = KindWish { judicial: args.judicial.clone(), ..KindWish::default() };
    for given in &args.group_kind {
        // Ids may have the sign in them, kinds have not.
        let (group, slug) =
            given.rsplit_once('=').map_or((None, given.as_str()), |(of, slug)| (Some(of), slug));
        let kind: Kind = serde_json::from_value(Value::from(slug))
            .map_err(|error| usage(format!("--group-kind {given}: {error}")))?;
        match group {
            Some(group) => drop(wish.kinds.insert(ctx.app.resolve(group).await?, kind)),
            None => wish.kind = Some(kind),
        }
    }
    wish.judicial_groups = ctx.app.resolve_all(&args.judicial_group).await?.into_iter().collect();
    if let Some(name) = &args.nominee {
        wish.nominee = Some(ctx.app.journal.org().await?.named(name)?);
    }
    if let Some(text) = &args.not_before {
        let at = Time::parse(text).ok_or_else(|| usage("--not-before: RFC 3339".to_owned()))?;
        wish.not_before = Some(at);
    }
    Ok(wish)
}

/// The plan in words.
pub(crate) fn show_plan(out: Out, plan: &Plan, hash: Hash) {
    out.line(msg::plan_title(out.lang, &plan.case, hash));
    if plan.drill {
        out.line(msg::plan_drill(out.lang));
    }
    out.line(msg::plan_reason(out.lang, &plan.reason));
    let count = |op: StepOp| {
        plan.groups.iter().flat_map(|group| &group.steps).filter(|step| step.op == op).count() as u64
    };
    if let Some(hash) = plan.announcement_sha256 {
        out.line(msg::plan_announcement_hash(out.lang, hash));
    }
    if plan.act.is_dissolve() {
        out.line(msg::plan_counts(
            out.lang,
            count(StepOp::Announce),
            count(StepOp::Dissolve),
            count(StepOp::Unlink),
        ));
    } else {
        out.line(msg::plan_act(out.lang, out.word("step", plan.act.slug())));
    }
    for part in &plan.groups {
        describe::part(out, part, plan.drill);
        describe::way(out, &part.way);
    }
    out.line("");
    if plan.review.has_reviewers() {
        out.line(msg::plan_review(out.lang, rules(out.say(), &plan.review)));
    } else {
        out.line(msg::plan_review_typed(out.lang));
    }
    if let Some(ttl) = plan.review.approval_ttl_s {
        out.line(msg::plan_review_ttl(out.lang, ttl / 3600));
    }
}

/// How many of the month's restores are used, for the accounts that a plan's groups would be brought back with.
pub(crate) async fn quotas(ctx: &Ctx<'_>, plan: &Plan) -> Result<(), AppError> {
    for (connection, quota) in ctx.app.quotas(plan).await? {
        let (used, of) = (quota.used, quota.of);
        ctx.out.line(msg::restore_quota(ctx.out.lang, connection, of, quota.again_at, used));
    }
    Ok(())
}

/// Runs `show` for a case.
pub(crate) async fn show(ctx: &Ctx<'_>, id: &CaseId) -> Result<Exit, AppError> {
    let out = ctx.out;
    let case = ctx.app.journal.known_case(id).await?;
    let plan = ctx.app.load_plan(&case).await?;
    let hash = plan.hash()?;
    show_plan(out, &plan, hash);
    quotas(ctx, &plan).await?;
    status_line(out, &case);
    let org = ctx.app.journal.org().await?;
    for (at, event) in ctx.app.journal.case_events(id).await? {
        out.line(format!("  {}", wording::case_event(out.say(), &org, &wording::utc, at, &event)));
    }
    let mut value = shapes::plan(&plan, hash);
    if let Some(map) = value.as_object_mut() {
        map.insert("status".to_owned(), json!(case.status));
        map.insert("approvals".to_owned(), json!(case.approvals.iter().map(|(a, _)| a).collect::<Vec<_>>()));
        map.insert("missing".to_owned(), json!(missing(&case)));
    }
    out.document(&value);
    Ok(Exit::Done)
}

fn status_line(out: Out, case: &CaseState) {
    let missing: Vec<_> =
        case.missing().iter().map(|(role, count)| format!("{} × {count}", out.word("role", role))).collect();
    out.line(msg::case_status(out.lang, &case.id, out.word("state", case.status.slug())));
    if !missing.is_empty() {
        out.line(msg::case_missing(out.lang, missing.join(" + ")));
    }
}

/// Runs `diff`.
pub(crate) async fn diff(ctx: &Ctx<'_>, id: &CaseId) -> Result<Exit, AppError> {
    let case = ctx.app.journal.known_case(id).await?;
    let drifts = ctx.app.drift(&case).await?;
    show_drift(ctx.out, id, &drifts);
    ctx.out.document(&json!({"case": id, "stale": !drifts.is_empty(), "groups": drifts}));
    Ok(if drifts.is_empty() { Exit::Done } else { Exit::Stale })
}

/// What differs from a plan, in words.
pub(crate) fn show_drift(out: Out, case: &CaseId, drifts: &[GroupDrift]) {
    if drifts.is_empty() {
        out.line(msg::drift_none(out.lang, case));
    }
    for drift in drifts {
        out.line(format!("{} ({})", drift.name, drift.group));
        for note in &drift.differences {
            out.line(format!("  ~ {}", out.note(note)));
        }
    }
}

/// Runs `submit`.
pub(crate) async fn submit(ctx: &Ctx<'_>, id: &CaseId) -> Result<Exit, AppError> {
    let signer = ctx.signer()?;
    let case = ctx.app.submit(id, &signer).await?;
    Ok(after_review(ctx, &case))
}

/// Runs `approve`.
pub(crate) async fn approve(
    ctx: &Ctx<'_>,
    id: &CaseId,
    file: Option<&Path>,
    with_passkey: bool,
) -> Result<Exit, AppError> {
    let signer = ctx.signer()?;
    let hash = file.map(|path| plan_file_hash(path, id)).transpose()?;
    let case = if with_passkey {
        let passkey::Signed { proof, page } = passkey::sign(ctx, id, Purpose::Approval, hash).await?;
        let case = ctx.app.review_with(id, Decision::Approve, "", hash, Some(proof), &signer).await;
        page.end(ctx, case).await?
    } else {
        ctx.app.review(id, Decision::Approve, "", hash, &signer).await?
    };
    // Whoever spoke in somebody's place is told so.
    if let Some((approval, role)) = case.approvals.last()
        && let Some(behalf) = &approval.statement.on_behalf
    {
        let org = ctx.app.journal.org().await?;
        let (said, role) = (&approval.statement, ctx.out.word("role", role));
        let (from, name) = (org.name(&behalf.of), org.name(&said.principal));
        ctx.out.line(msg::review_answered_lent(ctx.out.lang, said.at, from, name, role));
    }
    Ok(after_review(ctx, &case))
}

/// Runs `reject`.
pub(crate) async fn reject(ctx: &Ctx<'_>, id: &CaseId, reason: &str) -> Result<Exit, AppError> {
    let signer = ctx.signer()?;
    let case = ctx.app.review(id, Decision::Reject, reason, None, &signer).await?;
    status_line(ctx.out, &case);
    ctx.out.document(&json!({"case": id, "status": case.status}));
    Ok(Exit::Done)
}

/// The hash of a plan file: of its bytes, which must be the canonical form.
fn plan_file_hash(path: &Path, case: &CaseId) -> Result<Hash, AppError> {
    let edited = |says: String| AppError::new("plan.edited").with("case", case).with("says", says);
    let size = std::fs::metadata(path).map_err(|error| AppError::io(&error, path.display()))?.len();
    if size > MAX_PLAN {
        return Err(edited(format!("{size} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| edited(error.to_string()))?;
    if canonical_json(&value)? != bytes {
        return Err(edited("not canonical".to_owned()));
    }
    Ok(Hash::of(&bytes))
}

fn after_review(ctx: &Ctx<'_>, case: &CaseState) -> Exit {
    let out = ctx.out;
    status_line(out, case);
    out.document(&json!({
        "case": case.id,
        "status": case.status,
        "plan_hash": case.plan_hash(),
        "missing": missing(case),
        "by": ctx.signer().map(|signer| signer.principal().to_string()).unwrap_or_default(),
    }));
    match case.status {
        CaseStatus::Approved => {
            out.next(format!("adjourn apply {}", case.id));
            Exit::Done
        }
        _ if case
            .head
            .as_ref()
            .is_some_and(|head| head.review.typed_confirmation && !head.review.has_reviewers()) =>
        {
            out.next(format!("adjourn apply {} --confirm NAME", case.id));
            Exit::Approval
        }
        _ => {
            out.next(format!("adjourn approve {}", case.id));
            Exit::Approval
        }
    }
}
