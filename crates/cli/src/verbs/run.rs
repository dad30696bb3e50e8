//! `apply`: works on a case until it has ended or waits for somebody, and tells what happens.

use std::collections::BTreeMap;

use adjourn_app::running::Applied;
use adjourn_app::{App, AppError};
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::event::Ending;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::passkey::Purpose;
use adjourn_domain::plan::{Step, StepOp};
use adjourn_domain::refusal::Refusal;
use adjourn_domain::run::{Action, GroupState, Phase, Run, StepRun, StepState, due, person_instead};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;
use adjourn_i18n::msg;
use adjourn_worker::Worker;
use serde_json::{Value, json};

use super::{Ctx, passkey, plan, storing};
use crate::out::{Exit, Out};
use adjourn_web::shapes::undo_asks;
use adjourn_web::{shapes, wording};

/// How often a waiting command looks again, in seconds.
pub(super) const LOOK_S: u64 = 1;
/// Attempts after which `apply` gives a failing step back to the person.
const PATIENT_ATTEMPTS: u32 = 6;
/// Errors that trying again does not heal.
const HOPELESS: [&str; 12] = [
    "disk.full",
    "io",
    "connection.auth",
    "connection.expired",
    "connection.permission",
    "connection.tls",
    "connection.url",
    "config.missing",
    "capability.unsupported",
    "timestamp.failed",
    "deposit.failed",
    "deposit.receipt",
];

/// Runs `apply`.
pub(crate) async fn apply(
    ctx: &Ctx<'_>,
    id: &CaseId,
    confirm: Option<&str>,
    with_passkey: bool,
    detach: bool,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    if let Some(typed) = confirm
        && ctx.app.journal.known_case(id).await?.status == CaseStatus::InReview
    {
        let signed = signed(ctx, id, with_passkey).await?;
        let confirmed =
            ctx.app.confirm_with(id, typed, signed.as_ref().map(|signed| &signed.proof), &signer).await;
        told(ctx, signed, confirmed).await?;
    }
    let approved = ctx.app.journal.known_case(id).await?.status == CaseStatus::Approved;
    // A typed confirmation was one already.
    let signed = signed(ctx, id, with_passkey && confirm.is_none() && approved).await?;
    let applied = ctx.app.apply_with(id, signed.as_ref().map(|signed| &signed.proof), &signer).await;
    match told(ctx, signed, applied).await? {
        Applied::Stale(drifts) => {
            plan::show_drift(out, id, &drifts);
            let says: Vec<_> =
                drifts.iter().flat_map(|drift| &drift.differences).map(|note| note.code.clone()).collect();
            let error = AppError::new("plan.stale").with("case", id).with("differences", says.join(", "));
            out.document(&json!({"case": id, "status": "stale", "groups": drifts}));
            return Ok(out.error(&error));
        }
        Applied::Running | Applied::Over => {}
    }
    if detach {
        out.document(&json!({"case": id, "status": "running", "detached": true}));
        out.next(format!("adjourn watch {id}"));
        return Ok(Exit::Done);
    }
    let mut seen = Seen::default();
    let blocked = drive(&ctx.app, out, id, &mut seen).await?;
    storing::of_case(ctx, id).await;
    finish(&ctx.app, out, id, &blocked).await
}

/// The confirmer's passkey, if it is wanted.
async fn signed(ctx: &Ctx<'_>, id: &CaseId, wanted: bool) -> Result<Option<passkey::Signed>, AppError> {
    if !wanted {
        return Ok(None);
    }
    passkey::sign(ctx, id, Purpose::Confirmation, None).await.map(Some)
}

/// Tells the page, if there is one, what came of it.
async fn told<T>(
    ctx: &Ctx<'_>,
    signed: Option<passkey::Signed>,
    outcome: Result<T, AppError>,
) -> Result<T, AppError> {
    match signed {
        Some(signed) => signed.page.end(ctx, outcome).await,
        None => outcome,
    }
}

/// What was shown already: how many events of each group, and the last line.
#[derive(Default)]
pub(crate) struct Seen(BTreeMap<GroupId, (usize, String)>);

/// Works on a case until it has ended or waits for somebody; where another worker has the lease, watches it.
pub(crate) async fn drive(
    app: &App,
    out: Out,
    id: &CaseId,
    seen: &mut Seen,
) -> Result<BTreeMap<GroupId, Refusal>, AppError> {
    let owner = format!("apply {}", std::process::id());
    let began = app.clock.now();
    let mut worker: Option<Worker> = None;
    let mut told = false;
    let mut blocked = BTreeMap::new();
    let result = loop {
        // Whoever had the lease may have ended, or died, with this case undone.
        if worker.is_none() {
            worker = Worker::take(app.clone(), &owner, 4).await?;
            if worker.is_none() && !std::mem::replace(&mut told, true) {
                out.line(msg::apply_other_worker(out.lang));
            }
        }
        if let Some(worker) = &mut worker {
            match worker.pass().await {
                Ok(pass) => {
                    if pass.worked > 0 {
                        blocked = pass.blocked;
                    }
                }
                Err(error) => break Err(error),
            }
        }
        let case = app.journal.known_case(id).await?;
        let groups = app.groups_of(&case).await?;
        // Also what another worker found, and what was found before somebody else's group was worked on.
        let now = app.clock.now();
        for group in &groups {
            if let Action::Blocked(refusal) = due(group, &case, now) {
                blocked.insert(group.id.clone(), refusal);
            }
        }
        news(app, out, &groups, seen).await?;
        let stands = |group: &GroupState| {
            // An error of an earlier time stops nobody who asks to go on: it is tried again first.
            let tried = group.run.as_ref().and_then(|run| run.steps.get(run.current()?)?.heartbeat);
            stands(group, &blocked) && !(tried.is_some_and(|last| last < began) && is_stuck(group))
        };
        if over(&case) || (!groups.is_empty() && (groups.iter().all(stands) || all_wait(&groups, stands))) {
            break Ok(blocked);
        }
        let next = app.journal.store.next_due().await?.unwrap_or_else(|| now.plus_secs(LOOK_S));
        // What is due and not ours to do is looked at as often as all else.
        let next = if worker.is_some() { next } else { now.plus_secs(LOOK_S) };
        app.clock.sleep_until(next.min(now.plus_secs(LOOK_S))).await;
    };
    if let Some(worker) = worker {
        worker.release().await?;
    }
    result
}

/// Whether nothing is left to do for a case.
pub(super) fn over(case: &CaseState) -> bool {
    match case.status {
        CaseStatus::Closed => true,
        CaseStatus::Ended => !case.ended.values().any(|(ending, _)| *ending == Ending::Observed),
        _ => false,
    }
}

/// Whether a group waits for somebody, or has ended.
pub(super) fn stands(group: &GroupState, blocked: &BTreeMap<GroupId, Refusal>) -> bool {
    let Some(run) = &group.run else { return true };
    match run.phase {
        // An ended group waits for the others, or for the bundle, which is the worker's.
        Phase::Ended(ending) => ending != Ending::Observed,
        Phase::Paused => true,
        Phase::Undoing => undo_asks(run).is_some(),
        Phase::Active => {
            blocked.contains_key(&group.id)
                || current(run).is_some_and(|(spec, step)| match step.state {
                    StepState::Person => true,
                    StepState::Pending { .. } => stuck(spec, step),
                    _ => false,
                })
        }
    }
}

/// Whether nothing is left to do before somebody has done something: each group waits for a person or has ended, or waits
/// for one that waits for a person.
fn all_wait(groups: &[GroupState], stands: impl Fn(&GroupState) -> bool) -> bool {
    let open = |group: &GroupState| {
        group
            .run
            .as_ref()
            .is_some_and(|run| matches!(run.phase, Phase::Active | Phase::Paused | Phase::Undoing))
    };
    let ended =
        |group: &GroupState| group.run.as_ref().is_some_and(|run| matches!(run.phase, Phase::Ended(_)));
    groups.iter().any(|group| open(group) && stands(group))
        && groups.iter().all(|group| stands(group) || ended(group) || waits_for_others(group))
}

/// Whether a group waits for the others of its case.
fn waits_for_others(group: &GroupState) -> bool {
    let run = group.run.as_ref().filter(|run| run.phase == Phase::Active);
    run.and_then(|run| {
        let at = run.current()?;
        Some(
            run.part.steps.get(at)?.op == StepOp::Join
                && matches!(run.steps.get(at)?.state, StepState::Waiting { .. }),
        )
    })
    .unwrap_or(false)
}

/// Whether a group waits with a step that failed, and whose next attempt nobody hopes for.
fn is_stuck(group: &GroupState) -> bool {
    let run = group.run.as_ref().filter(|run| run.phase == Phase::Active);
    run.and_then(current)
        .is_some_and(|(spec, step)| matches!(step.state, StepState::Pending { .. }) && stuck(spec, step))
}

/// The step that a run stands at.
fn current(run: &Run) -> Option<(&Step, &StepRun)> {
    let at = run.current()?;
    run.part.steps.get(at).zip(run.steps.get(at))
}

/// Whether nobody hopes for the next attempt; where a person is asked in its place, somebody does.
fn stuck(spec: &Step, step: &StepRun) -> bool {
    !person_instead(spec, step)
        && step.error.as_deref().is_some_and(|error| {
            (step.attempts >= 1 && HOPELESS.contains(&error)) || step.attempts >= PATIENT_ATTEMPTS
        })
}

/// Shows what happened since the last look. What is found again and again is told once.
pub(crate) async fn news(
    app: &App,
    out: Out,
    groups: &[GroupState],
    seen: &mut Seen,
) -> Result<(), AppError> {
    if out.json {
        return Ok(());
    }
    let org = app.journal.org().await?;
    for group in groups {
        let events = app.journal.group_events(&group.id).await?;
        let start = || (run_start(&events), String::new());
        let (from, mut last) = seen.0.remove(&group.id).unwrap_or_else(start);
        let name = name(out, group);
        let run = group.run.as_ref();
        for (at, event) in events.iter().skip(from).filter(|(_, event)| wording::is_news(event)) {
            let said = wording::event(out.say(), &wording::utc, Time::default(), event, run);
            if said != last {
                let line = format!("{name}  {}", wording::event(out.say(), &wording::utc, *at, event, run));
                // People are known by their names.
                let people = org.principals.values();
                out.line(people.fold(line, |line, person| line.replace(person.id.as_str(), &person.name)));
            }
            last = said;
        }
        seen.0.insert(group.id.clone(), (events.len(), last));
    }
    Ok(())
}

/// A group's name behind its platform's.
pub(super) fn name(out: Out, group: &GroupState) -> String {
    let Some(snapshot) = &group.snapshot else { return group.id.to_string() };
    format!("{} {}", out.word("platform", snapshot.platform.as_str()), snapshot.label())
}

fn run_start(events: &[(Time, adjourn_domain::event::GroupEvent)]) -> usize {
    events
        .iter()
        .rposition(|(_, event)| matches!(event, adjourn_domain::event::GroupEvent::RunStarted { .. }))
        .unwrap_or(events.len())
}

/// The end of `apply`: what became of every group, the exit code, and what to type next.
pub(crate) async fn finish(
    app: &App,
    out: Out,
    id: &CaseId,
    blocked: &BTreeMap<GroupId, Refusal>,
) -> Result<Exit, AppError> {
    let case = app.journal.known_case(id).await?;
    let groups = app.groups_of(&case).await?;
    let bundle = app.vault.bundle_path(id).await?.filter(|_| case.status == CaseStatus::Closed);
    let (exit, error) = ending(&case, &groups, blocked);
    let documents: Vec<Value> =
        groups.iter().map(|group| shapes::standing(group, blocked.get(&group.id))).collect();
    out.document(&json!({
        "case": id,
        "status": case.status,
        "groups": documents,
        "bundle": bundle,
        "exit": exit as u8,
    }));
    for group in &groups {
        let verdict = group.run.as_ref().and_then(|run| run.verdict);
        let state = verdict.map_or_else(
            || out.word("state", adjourn_app::inventory::place(group)),
            |verdict| out.word("verdict", verdict.slug()),
        );
        let name = name(out, group);
        out.line(format!("{name}: {state}"));
    }
    if let Some(error) = error {
        out.error(&error);
    }
    match (&bundle, exit) {
        (Some(bundle), _) => {
            out.line(msg::bundle_at(out.lang, bundle));
            out.next(format!("adjourn verify {bundle}"));
        }
        (None, Exit::Human) => out.next(format!("adjourn why {id}")),
        (None, _) => out.next(format!("adjourn apply {id}")),
    }
    Ok(exit)
}

pub(super) fn ending(
    case: &CaseState,
    groups: &[GroupState],
    blocked: &BTreeMap<GroupId, Refusal>,
) -> (Exit, Option<AppError>) {
    let runs = || groups.iter().filter_map(|group| group.run.as_ref());
    if let Some(refusal) = blocked.values().next() {
        let error = AppError::from(refusal.clone());
        return (crate::out::exit_of(error.code()), Some(error));
    }
    let active = || runs().filter(|run| run.phase == Phase::Active);
    if let Some((_, step)) = active().filter_map(current).find(|(spec, step)| stuck(spec, step)) {
        let code = step.error.as_deref().unwrap_or("internal");
        return (Exit::Error, Some(coded(code)));
    }
    let asked = active().filter_map(current).any(|(_, step)| step.state == StepState::Person);
    if asked || runs().any(|run| undo_asks(run).is_some()) {
        return (Exit::Human, Some(AppError::new("run.human").with("case", &case.id)));
    }
    if runs().any(|run| run.phase == Phase::Paused) {
        return (Exit::Partly, None);
    }
    let verdicts: Vec<Verdict> = case.ended.values().filter_map(|(_, verdict)| *verdict).collect();
    if let Some(verdict) = verdicts.iter().find(|verdict| **verdict != Verdict::Gone) {
        let error = AppError::new("observed.not_gone").with("case", &case.id).with("verdict", verdict.slug());
        return (Exit::NotGone, Some(error));
    }
    let cant = |run: &Run| run.steps.iter().any(|step| step.human.cant.is_some());
    if runs().any(|run| run.phase == Phase::Ended(Ending::Stopped) && cant(run)) {
        return (Exit::Stale, Some(AppError::new("step.cant").with("case", &case.id)));
    }
    if case.ended.values().any(|(ending, _)| *ending == Ending::Stopped) {
        let error =
            AppError::new("plan.stale").with("case", &case.id).with("differences", stop_reasons(groups));
        return (Exit::Stale, Some(error));
    }
    if case.ended.values().any(|(ending, _)| *ending == Ending::Undone) {
        return (Exit::Partly, None);
    }
    (Exit::Done, None)
}

fn stop_reasons(groups: &[GroupState]) -> String {
    let codes: Vec<_> = groups
        .iter()
        .filter_map(|group| group.run.as_ref())
        .flat_map(|run| &run.differences)
        .map(|note| note.code.clone())
        .collect();
    codes.join(", ")
}

/// An error by its slug, as it was written into the journal.
fn coded(code: &str) -> AppError {
    let known = HOPELESS.into_iter().chain([
        "party.channel",
        "party.unknown",
        "connection.network",
        "connection.protocol",
        "connection.rate_limited",
        "seal.failed",
        "export.incomplete",
        "group.unknown",
    ]);
    AppError::new(known.into_iter().find(|known| *known == code).unwrap_or("internal")).with("says", code)
}
