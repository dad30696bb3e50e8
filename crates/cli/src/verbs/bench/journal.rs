//! `bench journal`: durable steps of the whole engine. Figures are ratios against the bare loop of the same run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::inventory::CardKey;
use adjourn_app::ports::{Append, KeyId};
use adjourn_app::{App, AppError};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, EffectClass, Reversible, Support};
use adjourn_domain::case::{CaseCommand, CaseState};
use adjourn_domain::event::PlanHead;
use adjourn_domain::group::{Member, Snapshot, Standing};
use adjourn_domain::ids::GroupId;
use adjourn_domain::kinds::Way;
use adjourn_domain::plan::{Basis, GroupPlan, ReasonKind, Step, StepOp};
use adjourn_domain::policy::{ClassPolicy, Review};
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;
use adjourn_store::bench::{BenchOptions, BenchStep, journal};
use adjourn_worker::step::step;
use serde_json::Value;

use crate::args::JournalArgs;
use crate::out::Exit;
use crate::verbs::Ctx;

/// Runs `bench journal`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: &JournalArgs) -> Result<Exit, AppError> {
    let JournalArgs { runs, steps, concurrency } = *args;
    let dir = ctx.places.data.join("bench");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
    let keys = Arc::new(FileKeys::open(&dir.join("keys"), Arc::new(SystemRng))?);
    let mut app = ctx.app.clone();
    app.journal.keys = keys;
    let options = BenchOptions { runs, steps_per_run: steps, concurrency, ..BenchOptions::default() };
    let engine: Arc<dyn BenchStep> = Arc::new(Engine::new(app, runs + options.lone_runs, steps)?);
    let figures = {
        let dir = dir.clone();
        tokio::task::spawn_blocking(move || journal(&dir, &options, &engine))
            .await
            .map_err(|error| AppError::new("internal").with("says", error))?
    };
    let _ = std::fs::remove_dir_all(&dir);
    let value = serde_json::to_value(figures.map_err(AppError::from)?)?;
    ctx.out.document(&value);
    ctx.out.line(serde_json::to_string_pretty(&value)?);
    Ok(Exit::Done)
}

/// The whole engine on synthetic runs: decide, evolve, due, canonical JSON, commitment, encryption, inventory line.
struct Engine {
    app: App,
    case: CaseState,
    groups: Vec<Mutex<GroupState>>,
}

impl Engine {
    fn new(app: App, runs: usize, steps: usize) -> Result<Self, AppError> {
        let now = Time::from_millis(1_800_000_000_000);
        let plan_hash = Hash::of(b"bench");
        let ids: Vec<GroupId> = (0..runs).map(id_of).collect();
        let head = PlanHead {
            plan_hash,
            requester: "p-requester".into(),
            reason_kind: ReasonKind::ProjectEnded,
            drawn_at: now,
            act: adjourn_domain::plan::Act::Dissolve,
            review: Review::default(),
            drill: true,
            announcement_sha256: None,
            groups: Vec::new(),
            blockers: 0,
        };
        let mut case = CaseState::new("c-bench".into());
        for command in [
            CaseCommand::Draw(head),
            CaseCommand::Submit("p-requester".into()),
            CaseCommand::Apply("p-requester".into(), None),
        ] {
            for event in case.decide(command, now)? {
                case = case.evolve(&event);
            }
        }
        let mut groups = Vec::with_capacity(runs);
        for id in ids {
            let mut group = GroupState::new(id);
            let commands = [
                RunCommand::See { snapshot: Box::new(snapshot(&group.id)), class: "bench".to_owned() },
                RunCommand::KeepPart {
                    case: case.id.clone(),
                    plan_hash,
                    reason: "bench".to_owned(),
                    part: Box::new(part(&group.id, steps)),
                },
                RunCommand::Start { case: case.id.clone(), plan_hash },
                RunCommand::Intend,
            ];
            for command in commands {
                for event in group.decide(&case, command, now)? {
                    group = group.evolve(now, &event);
                }
            }
            // The rows before are not in the benchmark's journal; a group has its key since it was first seen.
            group.version = 0;
            app.journal.keys.ensure(&KeyId::Group(group.id.clone()))?;
            groups.push(Mutex::new(group));
        }
        Ok(Self { app, case, groups })
    }

    /// One durable step: what came back, and the intent of what is next.
    fn next(&self, run: usize, n: usize) -> Result<Append, AppError> {
        let group = self.groups.get(run).ok_or_else(|| AppError::new("internal").with("says", "run"))?;
        let mut group = group.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Time::from_millis(1_800_000_000_000 + i64::try_from(n).unwrap_or(0));
        let running = group.run.as_ref().and_then(|run| run.current().and_then(|at| run.part.steps.get(at)));
        let id = running.map(|step| step.id.clone()).unwrap_or_default();
        let input = if n.is_multiple_of(2) {
            RunCommand::Returned {
                step: id,
                effect: Effect::Applied,
                error: None,
                retry_s: None,
                memo: Value::from("$event"),
            }
        } else {
            RunCommand::Found {
                step: id,
                effect: Effect::Applied,
                retry_s: None,
                memo: Value::Null,
                receipt: None,
                seal: None,
            }
        };
        let (version, card) = (group.version, CardKey::of(&group));
        let before = std::mem::replace(&mut *group, GroupState::new(id_of(run)));
        let taken = step(now, &self.case, before, Some(input))?;
        let mut tx = self.app.journal.begin(now, "worker");
        tx.group_rows(&taken.group.id, version, &taken.events)?;
        if card != CardKey::of(&taken.group) {
            self.app.put_card(&mut tx, &taken.group)?;
        }
        *group = taken.group;
        Ok(tx.into_append())
    }
}

impl BenchStep for Engine {
    fn step(&self, run: usize, n: usize) -> Append {
        self.next(run, n).unwrap_or_default()
    }
}

fn id_of(run: usize) -> GroupId {
    GroupId(format!("g-{run:016x}"))
}

fn snapshot(id: &GroupId) -> Snapshot {
    Snapshot {
        platform: "reference".into(),
        connection: "bench".into(),
        native: id.as_str().into(),
        name: Some("bench".to_owned()),
        alias: None,
        kind: adjourn_domain::group::Kind::Ordinary,
        owners: vec!["owner".into()],
        members: vec![Member {
            id: "owner".into(),
            name: "owner".to_owned(),
            standing: Standing::Owner,
            bot: false,
        }],
        links: Vec::new(),
        encrypted: false,
        activity: adjourn_domain::group::Activity::Unknown,
        events: None,
        details: BTreeMap::new(),
        seen_by: "main".into(),
        seen_at: Time::default(),
    }
}

fn part(id: &GroupId, steps: usize) -> GroupPlan {
    let step = |n: usize| Step {
        id: format!("{n:02}-unlink"),
        op: StepOp::Unlink,
        symbol: '~',
        support: Support::Native,
        note: String::new(),
        reversible: Reversible::Always,
        proof: "link-gone".to_owned(),
        class: EffectClass::P,
        params: BTreeMap::from([("link".to_owned(), Value::from(format!("link-{n}")))]),
    };
    GroupPlan {
        group: id.clone(),
        platform: "reference".into(),
        connection: "bench".into(),
        native: id.as_str().into(),
        name: "bench".to_owned(),
        class: "bench".to_owned(),
        policy: ClassPolicy::important(),
        basis: Basis {
            owners: Vec::new(),
            members: Vec::new(),
            links: Vec::new(),
            capabilities: Hash::of(b""),
            seen_at: Time::default(),
        },
        // Two durable steps belong to each step of the plan: what the call returned, and what was read back.
        steps: (0..steps / 2 + 2).map(step).collect(),
        will_not: Vec::new(),
        unknown: Vec::new(),
        residue: Vec::new(),
        blockers: Vec::new(),
        facts: Vec::new(),
        clocks: Vec::new(),
        way: Way::default(),
    }
}
