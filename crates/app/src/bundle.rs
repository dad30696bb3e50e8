//! The bundle at the end of a case: put together from the journal, written, verified, and only then noted as closed.

use adjourn_domain::announcement;
use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::certificate::{Certificate, FORMAT, Observation};
use adjourn_domain::event::GroupEvent;
use adjourn_domain::ids::StreamId;
use adjourn_domain::member_notice::Retention;
use adjourn_domain::plan::StepOp;
use adjourn_domain::run::{GroupState, StepState};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Verdict};
use serde_json::{Value, json};

use crate::App;
use crate::error::AppError;
use crate::ports::{BundleGroup, BundleInfo, BundleInput};

/// Rows that are read at once.
const BATCH: usize = 10_000;

impl App {
    /// Writes the bundle of a case whose groups have all ended, and closes the case.
    pub async fn close_case(&self, case: CaseState, fence: u64) -> Result<BundleInfo, AppError> {
        let now = self.clock.now();
        let plan = self.load_plan(&case).await?;
        let org = self.journal.org().await?;
        let mut streams = vec![StreamId::org(), StreamId::from(&case.id)];
        let mut groups = Vec::with_capacity(plan.groups.len());
        let mut certified = Vec::new();
        for state in self.groups_of(&case).await? {
            streams.push(StreamId::from(&state.id));
            let events = self.journal.group_events(&state.id).await?;
            let part = bundle_group(&case, &state, &events, now);
            if part.certificate.is_some() {
                certified.push(state.id.clone());
            }
            groups.push(part);
        }
        let leaves = self.journal.store.leaves().await?;
        let mut rows = Vec::new();
        let mut from = 1;
        loop {
            let batch = self.journal.store.rows(from, BATCH).await?;
            let Some(last) = batch.last().map(|row| row.header.seq) else { break };
            for row in &batch {
                if row.header.seq <= leaves.len() as u64 && streams.contains(&row.header.stream) {
                    rows.push(self.journal.open(row)?);
                }
            }
            from = last + 1;
        }
        let approvals: Vec<Value> = case
            .approvals
            .iter()
            .map(|(approval, _)| serde_json::to_value(approval))
            .collect::<Result<_, _>>()?;
        let who = Box::pin(self.who_spoke(&case, &org)).await?;
        self.points.hit("bundle.before");
        let info = self
            .vault
            .write_bundle(BundleInput {
                case: case.id.clone(),
                now,
                plan: plan.bytes()?,
                principals: serde_json::to_value(org.principals.values().collect::<Vec<_>>())?,
                approvals: Value::Array(approvals),
                who,
                rows,
                leaves,
                groups,
                drill: plan.drill,
            })
            .await?;
        self.points.hit("bundle.after");
        let events = case.decide(CaseCommand::Bundle { bag_hash: info.bag_hash, certified }, now)?;
        let mut tx = self.journal.begin(now, "worker");
        let case = tx.case(case, &events)?;
        self.put_case_card(&mut tx, &case)?;
        tx.wake(&case.id, None);
        tx.commit_fenced(fence).await?;
        Ok(info)
    }
}

fn bundle_group(
    case: &CaseState,
    state: &GroupState,
    events: &[(Time, GroupEvent)],
    now: Time,
) -> BundleGroup {
    let run = state.run.as_ref().filter(|run| run.case == case.id);
    let verdict = run.and_then(|run| run.verdict);
    let announcements: Vec<Value> = run
        .into_iter()
        .flat_map(|run| run.part.steps.iter().zip(&run.steps))
        .filter(|(step, _)| matches!(step.op, StepOp::Announce | StepOp::Notice))
        .map(|(step, done)| {
            json!({
                "step": step.id,
                "text": step.text("text"),
                "sha256": announcement::hash(step.text("text").unwrap_or_default()),
                "state": match done.state {
                    // Nobody but people says so.
                    StepState::Done if done.human.told => "told_by_person",
                    StepState::Done => "read_back",
                    _ => "not_done",
                },
                "memo": done.memo,
            })
        })
        .collect();
    let attested = events.iter().any(|(_, event)| matches!(event, GroupEvent::PersonDone { .. }));
    let certificate = run.filter(|_| verdict == Some(Verdict::Gone)).map(|run| {
        let witnesses = run
            .probes
            .iter()
            .flat_map(|probe| &probe.signals)
            .filter(|signal| signal.witness && signal.proof && signal.says == Says::Gone)
            .map(|signal| signal.identity.clone())
            .collect();
        json!(Certificate {
            adjourn: FORMAT.to_owned(),
            case: case.id.clone(),
            group: state.id.clone(),
            name: run.part.name.clone(),
            platform: run.part.platform.clone(),
            plan_hash: run.plan_hash,
            verdict: Verdict::Gone,
            proved_by: "witness".to_owned(),
            witnesses,
            human_steps: attested,
            class: run.part.class.clone(),
            reviewed: !run.part.policy.review.rules.is_empty(),
            drill: case.head.as_ref().is_some_and(|head| head.drill),
            observation: Observation {
                from: run.observed_from,
                to: run.probes.last().map_or(now, |probe| probe.at),
                length_s: run.part.policy.observation_s,
                probes: run.probes.len(),
            },
            issued_at: now,
        })
    });
    BundleGroup {
        group: state.id.clone(),
        announcements: Value::Array(announcements),
        probes: run.map_or(json!([]), |run| json!(run.probes)),
        verdict: verdict.map(|verdict| {
            json!({
                "verdict": verdict,
                "ending": case.ended.get(&state.id).map(|(ending, _)| ending),
                "retention": run.map_or(json!([]), |run| retention(&run.part.way.retention, now)),
            })
        }),
        residue: run.map_or(json!([]), |run| json!(run.part.residue)),
        certificate,
    }
}

/// What has to be kept, and until when: counted from the completion of the case.
fn retention(rules: &[Retention], completion: Time) -> Value {
    let row = |rule: &Retention| json!({"rule": rule.rule, "months": rule.months, "from": rule.from, "until": rule.until(completion)});
    rules.iter().map(row).collect()
}
