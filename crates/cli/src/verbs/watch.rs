//! `watch`: how the observation of a case stands.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_domain::case::CaseStatus;
use adjourn_domain::ids::CaseId;
use adjourn_domain::run::GroupState;
use adjourn_domain::verdict::{Probe, Verdict};
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use super::run::{LOOK_S, Seen, ending, name, news, over, stands};
use crate::out::{Exit, Out};

/// Runs `watch`.
pub(crate) async fn watch(ctx: &Ctx<'_>, id: &CaseId, once: bool) -> Result<Exit, AppError> {
    let (app, out) = (&ctx.app, ctx.out);
    let mut seen = Seen::default();
    loop {
        let case = app.journal.known_case(id).await?;
        let groups = app.groups_of(&case).await?;
        news(app, out, &groups, &mut seen).await?;
        let waits = groups.iter().all(|group| stands(group, &BTreeMap::new()));
        if once || out.json || over(&case) || waits {
            out.document(&watch_document(id, &groups));
            for group in &groups {
                watch_line(out, group);
            }
            let (exit, _) = ending(&case, &groups, &BTreeMap::new());
            return Ok(if case.status == CaseStatus::Running && exit == Exit::NotGone {
                Exit::Done
            } else {
                exit
            });
        }
        app.clock.sleep_until(app.clock.now().plus_secs(LOOK_S)).await;
    }
}

fn watch_document(id: &CaseId, groups: &[GroupState]) -> Value {
    let ends_at = groups
        .iter()
        .filter_map(|group| group.run.as_ref())
        .filter_map(|run| Some(run.observed_from?.plus_secs(run.part.policy.observation_s)))
        .max();
    let rows: Vec<Value> = groups
        .iter()
        .map(|group| {
            let run = group.run.as_ref();
            json!({
                "group": group.id,
                "name": group.snapshot.as_ref().map(adjourn_domain::group::Snapshot::label),
                "verdict": run.map(adjourn_domain::run::Run::verdict_so_far),
                "final": run.is_some_and(|run| run.verdict.is_some()),
                "probes": run.map(|run| &run.probes),
                "state": adjourn_app::inventory::place(group),
                "clocks": run.map(adjourn_domain::clocks::windows),
            })
        })
        .collect();
    json!({"case": id, "groups": rows, "ends_at": ends_at})
}

fn watch_line(out: Out, group: &GroupState) {
    let Some(run) = &group.run else { return };
    let times = run.probe_times();
    let probes = run.current_probes();
    let dots: String = times.iter().enumerate().map(|(n, _)| dot(probes.get(n))).collect();
    let state = out.word("state", adjourn_app::inventory::place(group));
    let verdict = out.word("verdict", run.verdict_so_far().slug());
    out.line(format!("{}  {state}  [{dots}]  {verdict}", name(out, group)));
    for line in adjourn_web::clocks::of_run(out.say(), run) {
        out.line(format!("  ⏱ {line}"));
    }
    if run.reopened > 0 {
        out.line(format!("    ! {}", msg::watch_reopened(out.lang, u64::from(run.reopened))));
    }
    for line in probes.last().iter().flat_map(|probe| looks(out, probe)) {
        out.line(format!("    {line}"));
    }
}

/// What each identity saw at a look, a line each: signals × identities. A star marks a witness.
fn looks(out: Out, probe: &Probe) -> Vec<String> {
    let mut by_identity: BTreeMap<(&str, bool), Vec<String>> = BTreeMap::new();
    for signal in &probe.signals {
        let says = out.word("says", signal.says.slug());
        let proof = if signal.proof { "" } else { "?" };
        by_identity
            .entry((signal.identity.as_str(), signal.witness))
            .or_default()
            .push(format!("{} {says}{proof} ({})", signal.question, signal.answer));
    }
    let line = |((identity, witness), signals): ((&str, bool), Vec<String>)| {
        format!("{identity}{}: {}", if witness { "*" } else { "" }, signals.join(" · "))
    };
    by_identity.into_iter().map(line).collect()
}

fn dot(probe: Option<&Probe>) -> char {
    match probe {
        None => '·',
        Some(probe) if probe.missed() => '-',
        Some(probe) if probe.reading == Verdict::Gone => '●',
        Some(probe) if probe.reading == Verdict::Unknown => '?',
        Some(_) => '!',
    }
}
