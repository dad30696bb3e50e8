//! What a reviewer has to know before they say yes: why, who asks, what can't be taken back, when, whether the groups are idle, what members say, who
//! else was asked, what is still missing.

use adjourn_app::asked::{Answered, Asked, ReviewView};
use adjourn_app::org::Org;
use adjourn_domain::capability::Reversible;
use adjourn_domain::case::{CaseState, CaseStatus};
use adjourn_domain::group::Activity;
use adjourn_domain::plan::{GroupPlan, Plan, StepOp};
use adjourn_domain::policy::RoleRule;
use adjourn_domain::reaction::{Standing, What};
use adjourn_domain::run::GroupState;
use adjourn_i18n::msg;
use adjourn_web::wording;

use crate::desk::Reader;
use crate::frame::parts::length;

/// Reactions that are shown, the newest; the others are counted.
const MAX_REACTIONS: usize = 50;

/// What is shown to reviewers.
pub(super) struct Review {
    /// Who asks, and when the plan was drawn.
    pub(super) asks: String,
    /// What kind of reason it is.
    pub(super) kind: String,
    /// What can't be taken back, by kind of step, with the number of groups.
    pub(super) irreversible: Vec<String>,
    /// When it happens.
    pub(super) when: Vec<String>,
    /// Since when each group is idle, or that nobody knows.
    pub(super) idle: Vec<String>,
    pub(super) reactions: Vec<String>,
    pub(super) objections: u64,
    pub(super) questions: Vec<Question>,
    pub(super) answered: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) missing: String,
    pub(super) until: Option<String>,
    pub(super) lacks: Vec<String>,
}

/// A reviewer's question.
pub(super) struct Question {
    pub(super) n: usize,
    pub(super) says: String,
    pub(super) answer: Option<String>,
    /// Whether whoever looks answers it.
    pub(super) mine: bool,
}

/// Seconds from the begin of a run to its point of no return, as far as waits make them.
pub(super) fn waits_s(group: &GroupPlan) -> u64 {
    let before = group.steps.iter().take_while(|step| !step.op.past_return());
    before
        .filter(|step| matches!(step.op, StepOp::NoticePeriod | StepOp::CoolingOff))
        .map(|step| step.number("seconds").unwrap_or(0))
        .sum()
}

/// What the platform gives back after the point of no return, in words; of a plan that purges, nothing.
pub(super) fn given_back(reader: &Reader, plan: &Plan) -> Option<String> {
    let lang = reader.lang;
    let steps = || plan.groups.iter().flat_map(|group| &group.steps);
    let dissolve = steps().find(|step| step.op == StepOp::Dissolve)?;
    let purged = steps().any(|step| matches!(step.op, StepOp::Purge | StepOp::RemoveMedia));
    Some(match &dissolve.reversible {
        Reversible::Never => msg::case_back_never(lang),
        within if purged => msg::case_back_purged(lang, wording::reversible(reader.say, within)),
        within => msg::case_back(lang, wording::reversible(reader.say, within)),
    })
}

/// What is shown to reviewers of a case.
pub(super) fn review(
    reader: &Reader,
    org: &Org,
    case: &CaseState,
    plan: &Plan,
    groups: &[GroupState],
    view: &ReviewView,
) -> Review {
    let (say, lang) = (reader.say, reader.lang);
    let mine = plan.requester == reader.session.principal.id;
    let open = case.status == CaseStatus::InReview;
    let reactions: Vec<_> = groups.iter().flat_map(|group| group.reactions.values()).collect();
    let objects = |reaction: &&&adjourn_domain::reaction::Reaction| {
        reaction.what == What::Objection && reaction.standing == Standing::Open
    };
    let question = |(n, asked): (usize, &adjourn_domain::case::Question)| Question {
        n,
        says: msg::case_question(lang, reader.time(asked.at), org.name(&asked.by), &asked.text),
        answer: asked
            .answer
            .as_ref()
            .map(|(text, by, at)| msg::case_question(lang, reader.time(*at), org.name(by), text)),
        mine: mine && asked.answer.is_none(),
    };
    Review {
        asks: msg::case_asks(lang, reader.when(plan.drawn_at), org.name(&plan.requester)),
        kind: say.word("reason", crate::groups::reason_slug(plan.reason_kind)),
        irreversible: irreversible(reader, plan),
        when: when(reader, plan),
        idle: plan.groups.iter().map(|part| idle(reader, part, groups)).collect(),
        objections: reactions.iter().filter(objects).count() as u64,
        reactions: reactions
            .iter()
            .rev()
            .take(MAX_REACTIONS)
            .map(|reaction| {
                let what = say.word("reaction", reaction.what.slug());
                let standing = say.word("reaction", reaction.standing.slug());
                format!("{what} ({standing}) · {} · {}", reader.time(reaction.at), reaction.text)
            })
            .collect(),
        questions: case.questions.iter().enumerate().map(question).collect(),
        answered: view.answered.iter().map(|one| answered(reader, one)).collect(),
        asked: view.asked.iter().map(|one| asked(reader, one, view.passkey)).collect(),
        missing: ways(reader, &view.missing),
        until: view.review_by.filter(|_| open).map(|by| {
            let roles: Vec<String> = view.escalate_to.iter().map(|role| say.word("role", role)).collect();
            if view.overdue {
                let told = if view.escalated { "yes" } else { "no" };
                msg::review_overdue(lang, told, roles.join(", "), reader.when(by))
            } else {
                msg::review_by(lang, roles.join(", "), reader.when(by))
            }
        }),
        lacks: view
            .unmeetable
            .iter()
            .map(|lack| {
                let (have, need) = (u64::from(lack.have), u64::from(lack.need));
                msg::plan_review_unmeetable(lang, have, need, say.word("role", &lack.role))
            })
            .collect(),
    }
}

fn irreversible(reader: &Reader, plan: &Plan) -> Vec<String> {
    let mut all: Vec<(StepOp, u64)> = Vec::new();
    for step in plan.groups.iter().flat_map(|group| &group.steps) {
        // What is marked with ! before the point of no return can't be taken back either.
        if step.op.irreversible() || step.symbol == '!' {
            match all.iter_mut().find(|(op, _)| *op == step.op) {
                Some((_, count)) => *count += 1,
                None => all.push((step.op, 1)),
            }
        }
    }
    all.into_iter().map(|(op, count)| format!("{} × {count}", reader.say.word("step", op.slug()))).collect()
}

fn when(reader: &Reader, plan: &Plan) -> Vec<String> {
    let lang = reader.lang;
    let waits = plan.groups.iter().map(waits_s).min().unwrap_or_default();
    let mut lines = vec![msg::case_when_earliest(lang, wording::duration(reader.say, waits))];
    if let Some(at) = plan.groups.iter().filter_map(|group| group.way.not_before).max() {
        lines.push(msg::case_when_announced(lang, reader.when(at)));
    }
    let observed = plan.groups.iter().map(|group| group.policy.observation_s).max().unwrap_or_default();
    if plan.act.is_dissolve() {
        lines.push(msg::case_when_observed(lang, wording::duration(reader.say, observed)));
    }
    lines
}

/// Since when nobody did anything, seen by whom and when: that nobody knows is not that it is idle.
fn idle(reader: &Reader, part: &GroupPlan, groups: &[GroupState]) -> String {
    let lang = reader.lang;
    let seen = groups.iter().find(|group| group.id == part.group).and_then(|group| group.snapshot.as_ref());
    let Some(seen) = seen else { return msg::places_pair(lang, &part.name, msg::activity_unknown(lang)) };
    let by = msg::seen_by(lang, reader.time(seen.seen_at), &seen.seen_by);
    match seen.activity {
        Activity::At(at) => {
            let since = length(lang, reader.now.secs_since(at));
            msg::case_idle(lang, &part.name, by, since, reader.time(at))
        }
        Activity::Unknown => {
            msg::places_pair(lang, &part.name, format!("{} · {by}", msg::activity_unknown(lang)))
        }
    }
}

fn answered(reader: &Reader, one: &Answered) -> String {
    let (lang, role) = (reader.lang, reader.say.word("role", &one.role));
    let at = reader.time(one.at);
    let mut line = match &one.in_place_of {
        Some(from) => msg::review_answered_lent(lang, at, from, &one.name, role),
        None => msg::review_answered(lang, at, &one.name, role),
    };
    if one.passkey {
        line = format!("{line} · {}", msg::review_passkey(lang));
    }
    match one.until {
        Some(until) if one.counts => format!("{line} · {}", msg::review_until(lang, reader.when(until))),
        Some(until) => format!("{line} · {}", msg::review_expired(lang, &one.name, reader.time(until))),
        None => line,
    }
}

fn asked(reader: &Reader, one: &Asked, needs_passkey: bool) -> String {
    let (lang, role) = (reader.lang, reader.say.word("role", &one.role));
    let person = match &one.lent_by {
        Some((_, from)) => msg::review_asked_lent(lang, from, &one.name, role),
        None => msg::review_asked_one(lang, &one.name, role),
    };
    if needs_passkey && !one.has_passkey { msg::review_asked_no_passkey(lang, person) } else { person }
}

/// One or several ways, any of which is enough.
fn ways(reader: &Reader, ways: &[Vec<RoleRule>]) -> String {
    let rule = |rule: &RoleRule| format!("{} × {}", reader.say.word("role", &rule.role), rule.count);
    let way = |way: &Vec<RoleRule>| way.iter().map(rule).collect::<Vec<_>>().join(" + ");
    ways.iter().map(way).collect::<Vec<_>>().join(&msg::review_or(reader.lang))
}
