//! Shapes of JSON that the API and the command line's `--json` share. Fields may be added, never renamed: scripts rely on them.

use adjourn_domain::canonical::Hash;
use adjourn_domain::fact::{Fact, Rules};
use adjourn_domain::knowledge::Knowledge;
use adjourn_domain::plan::{Plan, StepOp};
use adjourn_domain::refusal::Refusal;
use adjourn_domain::retention::Standing;
use adjourn_domain::run::{GroupState, Phase, Run, StepRun, StepState};
use adjourn_domain::time::Time;
use serde_json::{Value, json};

/// A plan: counts, blockers, steps in a row, and the plan itself.
pub fn plan(plan: &Plan, hash: Hash) -> Value {
    let steps: Vec<Value> = plan
        .groups
        .iter()
        .flat_map(|group| {
            group.steps.iter().map(move |step| {
                let mut value = json!(step);
                if let Some(map) = value.as_object_mut() {
                    map.insert("group".to_owned(), json!(group.group));
                    map.insert("irreversible".to_owned(), json!(step.op.irreversible()));
                    map.insert("past_return".to_owned(), json!(step.op.past_return()));
                }
                value
            })
        })
        .collect();
    let count = |op: StepOp| steps.iter().filter(|step| step.get("op") == Some(&json!(op))).count();
    let blockers: Vec<Value> =
        plan.blockers().map(|(group, note)| json!({"group": group.group, "blocker": note})).collect();
    json!({
        "case": plan.case,
        "act": plan.act,
        "hash": hash,
        "counts": {
            "groups": plan.groups.len(),
            "dissolve": count(StepOp::Dissolve),
            "unlink": count(StepOp::Unlink),
            "announce": count(StepOp::Announce),
            "steps": steps.len(),
        },
        "blockers": blockers,
        "announcement_sha256": plan.announcement_sha256,
        "steps": steps,
        "plan": plan,
    })
}

/// Where one group of a case stands.
pub fn standing(group: &GroupState, blocked: Option<&Refusal>) -> Value {
    let run = group.run.as_ref();
    let current = run.and_then(|run| {
        let at = undo_asks(run).or_else(|| run.current())?;
        run.part.steps.get(at).zip(run.steps.get(at))
    });
    json!({
        "group": group.id,
        "name": group.snapshot.as_ref().map(adjourn_domain::group::Snapshot::label),
        "platform": group.snapshot.as_ref().map(|snapshot| &snapshot.platform),
        "state": adjourn_app::inventory::place(group),
        "verdict": run.and_then(|run| run.verdict),
        "ending": run.and_then(|run| match run.phase {
            Phase::Ended(ending) => Some(ending),
            _ => None,
        }),
        "step": current.map(|(step, _)| &step.id),
        "step_op": current.map(|(step, _)| step.op),
        "attempts": current.map(|(_, state)| state.attempts),
        "error": current.and_then(|(_, state)| state.error.as_ref()),
        "deadline": current
            .filter(|(_, state)| state.state == StepState::Person)
            .and_then(|(_, state)| state.human.deadline),
        "heartbeat": current.and_then(|(_, state)| state.heartbeat),
        "blocked": blocked.map(|refusal| json!({"code": refusal.code, "args": refusal.args})),
        "receipt": run.and_then(|run| run.receipt.as_ref()),
        "probes": run.map(|run| run.probes.len()),
        "observation_s": run.map(|run| run.part.policy.observation_s),
        "clocks": run.map(adjourn_domain::clocks::windows),
    })
}

/// What is kept of a group until when, and what somebody decided.
pub fn retention(standing: &Standing) -> Value {
    let periods: Vec<Value> = standing
        .periods
        .iter()
        .map(|period| {
            json!({
                "law": period.law,
                "class": period.class,
                "from": period.from,
                "until": period.until,
                "runs": period.runs(standing.today),
                "keeps_key": period.blocks(standing.today),
                "held_in": period.held_in,
                "basis": period.basis,
                "binds": period.binds,
            })
        })
        .collect();
    json!({
        "completed": standing.completed,
        "today": standing.today,
        "periods": periods,
        "review": standing.review,
        "due": standing.due(),
    })
}

/// The step that a person was asked to take back.
pub fn undo_asks(run: &Run) -> Option<usize> {
    let asked = |step: &StepRun| step.undoing && step.state == StepState::Person;
    run.steps.iter().position(asked).filter(|_| run.phase == Phase::Undoing)
}

/// What is known about a platform: the facts that `shows` lets through, and what the organisation says instead of them.
pub fn facts(
    known: &Knowledge,
    rules: Option<Rules>,
    now: Time,
    stale_days: u64,
    shows: impl Fn(&Fact) -> bool,
) -> Value {
    let facts: Vec<&Fact> = known.profile.facts.iter().filter(|fact| shows(fact)).collect();
    let rows: Vec<Value> = facts.iter().map(|one| fact(known, one, rules, now, stale_days)).collect();
    let overridden = known.overrides.iter().filter(|(key, _)| facts.iter().any(|fact| fact.key == **key));
    let overrides: Vec<Value> = overridden
        .map(|(key, says)| {
            json!({"key": key, "value": says.value, "reason": says.reason, "by": says.by, "at": says.at})
        })
        .collect();
    json!({
        "platform": known.profile.platform,
        "name": known.profile.name,
        "stale_days": stale_days,
        "facts": rows,
        "overrides": overrides,
    })
}

/// A fact, with whether it has to be looked at again and under which rules it acts.
pub fn fact(known: &Knowledge, fact: &Fact, rules: Option<Rules>, now: Time, stale_days: u64) -> Value {
    let mut row = serde_json::to_value(fact).unwrap_or_default();
    if let Some(row) = row.as_object_mut() {
        row.insert("stale".to_owned(), fact.stale(now, stale_days).into());
        row.insert("acts".to_owned(), acts(known, fact, rules).into());
    }
    row
}

/// Rules under which a finding acts, by slug; of both, or of those that are asked for.
pub fn acts(known: &Knowledge, fact: &Fact, rules: Option<Rules>) -> Vec<&'static str> {
    let both = [(Rules::Declared, "declared"), (Rules::Confirmed, "confirmed")];
    let asked = both.into_iter().filter(|(of, _)| rules.is_none_or(|only| only == *of));
    asked.filter(|(rules, _)| known.acts(fact, *rules)).map(|(_, slug)| slug).collect()
}
