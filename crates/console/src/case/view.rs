//! What a case's page shows.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::compare::Compared;
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::ids::CaseId;
use adjourn_domain::plan::{Plan, StepOp};
use adjourn_domain::run::GroupState;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;

use super::Look;
use super::buttons::{Button, buttons};
use super::changes::{self, Changed, changed};
use super::part::{Part, part};
use super::passkeys::passkeys;
use super::review::{Review, given_back, review};
use super::run::{Total, total};
use crate::desk::{Desk, Reader, encoded};
use crate::frame::{Frame, Place};
use crate::groups::pick;
use crate::links::{self, LinksPart};
use crate::passkey::form::PasskeyForm;

/// Groups that are shown in full; of more the page shows the lines, and one in full.
const MAX_PARTS: usize = 20;

/// The plan, as page and paper show it.
struct Head {
    id: String,
    state: String,
    reason: String,
    counts: Vec<String>,
    hash: String,
    valid: Vec<String>,
    drill: bool,
    announcement: Option<String>,
}

#[derive(Template)]
#[template(path = "case/case.html")]
pub(super) struct Case {
    frame: Frame,
    head: Head,
    notice: Option<String>,
    differences: Vec<String>,
    bundle: Option<String>,
    review: Option<Review>,
    total: Option<Total>,
    buttons: Vec<Button>,
    passkeys: Vec<PasskeyForm>,
    links: LinksPart,
    parts: Vec<Part>,
    /// Groups that are not shown in full.
    others: Vec<(String, String)>,
    changes: Vec<Changed>,
    /// Where the plan is drawn again, or the command for it.
    redraw: Option<Result<String, String>>,
    history: Vec<String>,
}

#[derive(Template)]
#[template(path = "case/paper.html")]
pub(super) struct Paper {
    frame: Frame,
    head: Head,
    review: Review,
    parts: Vec<Part>,
    changes: Vec<Changed>,
}

/// What both are made of.
struct Read {
    case: CaseState,
    plan: Plan,
    groups: Vec<GroupState>,
    org: adjourn_app::org::Org,
}

async fn read(desk: &Desk, id: &CaseId) -> Result<Read, AppError> {
    let case = desk.app.journal.known_case(id).await?;
    let plan = desk.app.load_plan(&case).await?;
    let groups = desk.app.groups_of(&case).await?;
    let org = desk.app.journal.org().await?;
    Ok(Read { case, plan, groups, org })
}

pub(super) async fn case(desk: &Desk, reader: &Reader, id: &CaseId, look: &Look) -> Result<Case, AppError> {
    let say = reader.say;
    let Read { case, plan, groups, org } = read(desk, id).await?;
    let asked = desk.app.review_view(&case).await?;
    let passkeys = passkeys(desk, reader, &case, &plan).await?;
    let before = matches!(
        case.status,
        CaseStatus::Planned
            | CaseStatus::InReview
            | CaseStatus::Approved
            | CaseStatus::Rejected
            | CaseStatus::Withdrawn
            | CaseStatus::Stale
    );
    let compared = if before { desk.app.compared(&plan).await? } else { Vec::new() };
    let events = desk.app.journal.case_events(id).await?;
    let clock = |at| reader.time(at);
    let many = plan.groups.len() > MAX_PARTS;
    // Of many the first one is shown until somebody chooses another.
    let first = plan.groups.first().map(|group| group.group.as_str()).unwrap_or_default();
    let wanted = if look.group.is_empty() && many { first } else { look.group.as_str() };
    let chosen = |group: &str| wanted.is_empty() || group == wanted;
    let parts = plan.groups.iter().filter(|of| chosen(of.group.as_str()));
    let parts = parts.map(|of| {
        let state = groups.iter().find(|group| group.id == of.group);
        part(desk, reader, &case, of, state, plan.drill)
    });
    let others = plan.groups.iter().filter(|of| !chosen(of.group.as_str()));
    let others = others.map(|of| (format!("/case/{id}?group={}", of.group), of.name.clone()));
    let running = matches!(case.status, CaseStatus::Running | CaseStatus::Ended | CaseStatus::Closed);
    Ok(Case {
        frame: reader.frame(Place::Cases),
        notice: look.notice(reader),
        differences: changes::world(reader, &case, &plan, &groups),
        bundle: case.bundle.map(|hash| hash.to_hex()),
        review: before.then(|| review(reader, &org, &case, &plan, &groups, &asked)),
        total: running.then(|| total(reader, &case, &plan, &groups)),
        buttons: buttons(desk, reader, &case, &plan, &groups, &asked, &passkeys).await?,
        passkeys,
        links: links::part(desk, reader, id).await?,
        parts: parts.collect(),
        others: others.collect(),
        changes: compared.iter().map(|one| changed(reader, one)).collect(),
        redraw: redraw(reader, &case, &plan),
        history: events
            .iter()
            .rev()
            .map(|(at, event)| wording::case_event(say, &org, &clock, *at, event))
            .collect(),
        head: head(reader, &case, &plan, &groups)?,
    })
}

pub(super) async fn paper(desk: &Desk, reader: &Reader, id: &CaseId) -> Result<Paper, AppError> {
    let Read { case, plan, groups, org } = read(desk, id).await?;
    let asked = desk.app.review_view(&case).await?;
    let compared: Vec<Compared> = desk.app.compared(&plan).await?;
    let parts = plan.groups.iter().map(|of| part(desk, reader, &case, of, None, plan.drill));
    Ok(Paper {
        frame: reader.frame(Place::Cases),
        review: review(reader, &org, &case, &plan, &groups, &asked),
        parts: parts.collect(),
        changes: compared.iter().map(|one| changed(reader, one)).collect(),
        head: head(reader, &case, &plan, &groups)?,
    })
}

fn head(reader: &Reader, case: &CaseState, plan: &Plan, groups: &[GroupState]) -> Result<Head, AppError> {
    let lang = reader.lang;
    let mut valid = vec![msg::case_valid(lang)];
    if let Some(ttl) = plan.review.approval_ttl_s {
        valid.push(msg::plan_review_ttl(lang, ttl / 3600));
    }
    Ok(Head {
        id: case.id.to_string(),
        state: reader.say.word("state", case.status.slug()),
        reason: plan.reason.clone(),
        counts: counts(reader, plan, groups),
        hash: plan.hash()?.to_hex(),
        valid,
        drill: plan.drill,
        announcement: plan.announcement_sha256.map(|hash| msg::plan_announcement_hash(lang, hash)),
    })
}

/// The plan in a line: what ends, what is taken off, what money is open, how much is exported, what can be taken back.
fn counts(reader: &Reader, plan: &Plan, groups: &[GroupState]) -> Vec<String> {
    let (say, lang) = (reader.say, reader.lang);
    if !plan.act.is_dissolve() {
        return vec![msg::plan_act(lang, say.word("step", plan.act.slug()))];
    }
    let steps = || plan.groups.iter().flat_map(|group| &group.steps);
    let count = |op: StepOp| steps().filter(|step| step.op == op).count() as u64;
    let mut line =
        vec![msg::plan_counts(lang, count(StepOp::Announce), count(StepOp::Dissolve), count(StepOp::Unlink))];
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for link in plan.groups.iter().flat_map(|group| &group.way.links) {
        *kinds.entry(link.kind.slug()).or_default() += 1;
    }
    line.extend(kinds.iter().map(|(kind, count)| format!("{} × {count}", say.word("link", kind))));
    let money = plan.blockers().filter(|(_, note)| note.code == "blocker-money").count() as u64;
    if money > 0 {
        line.push(msg::case_money(lang, money));
    }
    // What no platform tells of is not counted as nothing.
    let told: Vec<u64> = groups.iter().filter_map(|group| group.snapshot.as_ref()?.events).collect();
    if !told.is_empty() && told.len() == groups.len() {
        line.push(msg::case_records(lang, told.iter().sum()));
    }
    line.extend(given_back(reader, plan));
    let cooling =
        steps().filter(|step| step.op == StepOp::CoolingOff).filter_map(|step| step.number("seconds"));
    if let Some(seconds) = cooling.min() {
        line.push(format!(
            "{} {}",
            say.word("step", StepOp::CoolingOff.slug()),
            wording::duration(say, seconds)
        ));
    }
    line
}

/// Where a plan is drawn again that has not begun. What the groups' kinds need is asked for on the command line only.
fn redraw(reader: &Reader, case: &CaseState, plan: &Plan) -> Option<Result<String, String>> {
    let again = matches!(
        case.status,
        CaseStatus::Planned | CaseStatus::Rejected | CaseStatus::Withdrawn | CaseStatus::Stale
    );
    if !again || !plan.act.is_dissolve() {
        return None;
    }
    let way = |group: &adjourn_domain::plan::GroupPlan| {
        group.way.judicial.is_some() || group.way.not_before.is_some()
    };
    if plan.groups.len() > pick::MOST || plan.groups.iter().any(way) {
        let command = format!("adjourn plan GROUP… --case {} --reason TEXT", case.id);
        return Some(Err(msg::case_redraw_command(reader.lang, command)));
    }
    let groups: Vec<String> = plan.groups.iter().map(|group| format!("&group={}", group.group)).collect();
    let reason = encoded(&plan.reason);
    let nominee = plan.groups.iter().find_map(|group| group.way.nominee.as_ref());
    let nominee = nominee.map(|who| format!("&nominee={who}")).unwrap_or_default();
    Some(Ok(format!("/groups/plan?case={}&reason={reason}{nominee}{}", case.id, groups.concat())))
}
