//! Plays wishes on a world and lets the law see every event.

use std::collections::BTreeMap;

use adjourn_domain::approval::{Decision, DualAct, Principal};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect as Known;
use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus};
use adjourn_domain::event::{CaseEvent, EvidenceRef, GroupEvent, Receipt};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{GroupId, HoldId, PrincipalId, ReactionId};
use adjourn_domain::kinds::{KindWish, Ways};
use adjourn_domain::member_notice::Processor;
use adjourn_domain::party::{Answer, Party, party_of};
use adjourn_domain::plan::{Note, StepOp};
use adjourn_domain::policy::{ClassPolicy, Policy, Review, RoleRule};
use adjourn_domain::reaction::What;
use adjourn_domain::refusal::Refusal;
use adjourn_domain::run::{Action, GroupState, Phase, React, RunCommand, StepState, due};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Signal};
use adjourn_worker::step::{Effect, Step, step};
use serde_json::{Value, json};

use super::drive::{Row, World, case_row, group_rows, principal, signal};
use super::law::Law;
use super::support::{input, request, snapshot};
use super::wish::{Spec, Wish};

/// Steps of the worker in which an honest world brings any run to its end.
const BOUND: usize = 400;
const GROUPS: [&str; 2] = ["g-1", "g-2"];

/// A world with the law beside it.
pub(crate) struct Player {
    world: World,
    law: Law,
    seen: usize,
}

fn people() -> [Principal; 5] {
    [
        principal("p-0", "business"),
        principal("p-1", "business"),
        principal("p-2", "compliance"),
        principal("p-3", "compliance"),
        principal("p-4", "admin"),
    ]
}

/// A group's events.
pub(crate) fn events_of(rows: &[(Time, Row)], group: &GroupId) -> Vec<(Time, GroupEvent)> {
    let of = |(at, row): &(Time, Row)| match row {
        Row::Group(id, event) if id == group => Some((*at, (**event).clone())),
        _ => None,
    };
    rows.iter().filter_map(of).collect()
}

/// The case's events.
pub(crate) fn case_events_of(rows: &[(Time, Row)]) -> Vec<CaseEvent> {
    let of = |(_, row): &(Time, Row)| match row {
        Row::Case(event) => Some((**event).clone()),
        Row::Group(..) => None,
    };
    rows.iter().filter_map(of).collect()
}

/// The world as it is after the first `rows` rows: what a process finds when it starts again.
pub(crate) fn replay(world: &World, rows: usize) -> World {
    let mut again = World::new(&GROUPS);
    for (at, row) in world.rows.iter().take(rows) {
        again.now = *at;
        again.commit(vec![row.clone()]);
    }
    again
}

impl Player {
    /// A new world.
    pub(crate) fn new() -> Self {
        Self::resume(World::new(&GROUPS))
    }

    /// A world in which something has happened.
    pub(crate) fn resume(world: World) -> Self {
        let roles = people().into_iter().map(|who| (who.id, who.role)).collect();
        let mut law = Law::new(roles);
        let seen = world.rows.len();
        for (at, row) in &world.rows {
            let _ = law.see(*at, row);
        }
        Self { world, law, seen }
    }

    /// The world, when everything was played.
    pub(crate) fn into_world(self) -> World {
        self.world
    }

    fn check(&mut self) -> Result<(), String> {
        while let Some((at, row)) = self.world.rows.get(self.seen) {
            self.law.see(*at, row)?;
            self.seen += 1;
        }
        Ok(())
    }

    /// Plays one wish; refusals are fine, broken laws are not.
    pub(crate) fn play(&mut self, wish: &Wish) -> Result<(), String> {
        let people = people();
        let id = |group: usize| GroupId::from(GROUPS[group]);
        let who = |who: usize| people[who].id.clone();
        let world = &mut self.world;
        let _refused = match wish {
            Wish::See(group, n) => {
                let seen = Snapshot { events: Some(u64::from(*n)), ..snapshot(GROUPS[*group]) };
                let see = RunCommand::See { snapshot: Box::new(seen), class: "important".to_owned() };
                world.on_group(&id(*group), see)
            }
            Wish::Hold(group, hold, by) => {
                let command =
                    RunCommand::AddHold { hold: hold_id(*hold), matter: "m".to_owned(), by: who(*by) };
                world.on_group(&id(*group), command)
            }
            Wish::Lift(group, hold, by) => {
                world.on_group(&id(*group), lift(&hold_id(*hold), &who(*by), world.now))
            }
            Wish::Draw(spec) => draw(world, spec, &people),
            Wish::Submit(by) => world.on_case(CaseCommand::Submit(who(*by))),
            Wish::Review { who: by, reject, wrong_hash, signed_by } => {
                let hash = if *wrong_hash { None } else { world.case.plan_hash() };
                let decision = if *reject { Decision::Reject } else { Decision::Approve };
                let mut speaker = people[*by].clone();
                if let Some(other) = signed_by {
                    // A statement of one person, handed in as another's.
                    speaker.id = who(*other);
                    speaker.role.clone_from(&people[*other].role);
                }
                world.review(&speaker, decision, hash.unwrap_or_else(|| Hash::of(b"another plan")))
            }
            Wish::Confirm(by) => world.on_case(CaseCommand::Confirm(who(*by), None)),
            Wish::Agree => {
                let _ = world.on_case(CaseCommand::Submit(who(0)));
                let requester = world.case.head.as_ref().map(|head| head.requester.clone());
                if let Some(by) = requester {
                    let _ = world.on_case(CaseCommand::Confirm(by, None));
                }
                let hash = world.case.plan_hash().unwrap_or(Hash::of(b""));
                for who in &people {
                    let _ = world.review(who, Decision::Approve, hash);
                }
                Ok(())
            }
            Wish::Stale => world.on_case(CaseCommand::Stale(vec!["drift-owner".to_owned()])),
            Wish::Apply(by) => world.apply(PrincipalId::as_str(&who(*by))),
            Wish::Start(group) => {
                let plan_hash = world.case.plan_hash().unwrap_or(Hash::of(b""));
                let command = RunCommand::Start { case: world.case.id.clone(), plan_hash };
                world.on_group(&id(*group), command)
            }
            Wish::Work { group, answers, lost } => {
                let mut answers = answers.iter();
                self.work(&id(*group), *lost, |group, effect| {
                    answers.next().and_then(|n| lie(group, effect, *n))
                })?;
                Ok(())
            }
            Wish::Honest(group, effects) => {
                let mut left = *effects;
                self.work(&id(*group), false, |group, effect| {
                    left = left.checked_sub(1)?;
                    honest(group, effect)
                })?;
                Ok(())
            }
            Wish::Stray(group, kind, at, n) => stray(world, &id(*group), *kind, *at, *n),
            Wish::Person(group, by) => person(world.group(&id(*group)), who(*by))
                .map_or(Ok(()), |done| world.on_group(&id(*group), done)),
            Wish::Accept(group, by) => {
                world.on_group(&id(*group), accept(GROUPS[*group], &who(*by), world.now))
            }
            Wish::React(group, n) => world.on_group(&id(*group), RunCommand::React(react(*n, who(1)))),
            Wish::Cant(group, by) => match person(world.group(&id(*group)), who(*by)) {
                Some(RunCommand::PersonDone { step, by, .. }) => {
                    let reason = "no".to_owned();
                    world.on_group(&id(*group), RunCommand::PersonCant { step, by, reason })
                }
                _ => Ok(()),
            },
            Wish::Pause(group) => world.on_group(&id(*group), RunCommand::Pause(who(4))),
            Wish::Resume(group) => world.on_group(&id(*group), RunCommand::Resume(who(4))),
            Wish::Undo(group, rebuild) => {
                world.on_group(&id(*group), RunCommand::Undo { by: who(4), rebuild: *rebuild })
            }
            Wish::Jump(seconds) => {
                world.now = Time::from_millis(world.now.as_millis().saturating_add(seconds * 1000));
                Ok(())
            }
            Wish::Wake(group) => {
                match due(world.group(&id(*group)), &world.case, world.now) {
                    Action::Sleep { until } | Action::Person { until: Some(until), .. } => world.now = until,
                    _ => {}
                }
                Ok(())
            }
        };
        self.check()
    }

    /// What the worker's shell does: commit, call, commit, until there is nothing to do. When `answer` has none, the process
    /// died in the call; when the last commit is `lost`, it died before.
    fn work(
        &mut self,
        id: &GroupId,
        lost: bool,
        mut answer: impl FnMut(&GroupState, Effect) -> Option<RunCommand>,
    ) -> Result<Option<Step>, String> {
        let mut came: Option<RunCommand> = None;
        for _ in 0..BOUND {
            let world = &mut self.world;
            let group = world.group(id).clone();
            let next = match step(world.now, &world.case, group, came.clone()) {
                Ok(next) => next,
                Err(_) if came.take().is_some() => continue,
                Err(refusal) => return Err(format!("the worker is stuck: {refusal}")),
            };
            if lost && next.effect.is_none() {
                return Ok(None);
            }
            let mut rows = group_rows(id, next.events.clone());
            let mut case = world.case.clone();
            let joint = case.head.as_ref().is_some_and(|head| head.groups.len() > 1);
            let reach = next.reached.filter(|_| joint);
            let reach = reach.map(|stage| CaseCommand::Reach { group: id.clone(), stage });
            let end =
                next.ended.map(|(ending, verdict)| CaseCommand::End { group: id.clone(), ending, verdict });
            for command in reach.into_iter().chain(end) {
                let events =
                    case.decide(command, world.now).map_err(|says| format!("the case refused: {says}"))?;
                case = events.iter().fold(case, CaseState::evolve);
                rows.extend(events.into_iter().map(case_row));
            }
            world.commit(rows);
            if world.group(id) != &next.group {
                return Err("the step's state is not what its events fold to".to_owned());
            }
            self.check()?;
            let group = self.world.group(id);
            let Some(effect) = next.effect else {
                let idle = !group.running() || waits(group) || next.wake.is_some() || next.blocked.is_some();
                return if idle {
                    Ok(Some(next))
                } else {
                    Err("nothing would ever wake this run".to_owned())
                };
            };
            let Some(command) = answer(group, effect) else { return Ok(None) };
            came = Some(command);
        }
        Err("the worker never rests".to_owned())
    }

    /// Brings every run to its end in an honest world: calls work, people answer, holds are lifted, time goes on.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        for id in GROUPS.map(GroupId::from) {
            let mut left = BOUND;
            while self.world.group(&id).running() {
                left = left.checked_sub(1).ok_or_else(|| format!("{id} never ends"))?;
                let world = &mut self.world;
                let holds: Vec<HoldId> = world.group(&id).holds.keys().cloned().collect();
                for hold in holds {
                    for who in ["p-0", "p-1", "p-2"] {
                        let _ = world.on_group(&id, lift(&hold, &who.into(), world.now));
                    }
                }
                if world.group(&id).run.as_ref().is_some_and(|run| run.phase == Phase::Paused) {
                    let _ = world.on_group(&id, RunCommand::Resume("p-4".into()));
                }
                for who in ["p-4", "p-3"] {
                    let refused = |says| format!("the person was refused: {says}");
                    match person(world.group(&id), who.into()).map(|done| world.on_group(&id, done)) {
                        // Whoever has spoken before does not count again.
                        Some(Err(says)) if says.code == "step.same_person" => {}
                        // Whoever has nothing to show is asked for it where the step is a history; the other one brings it.
                        Some(Err(says)) if says.code == "step.evidence" && who == "p-3" => {}
                        Some(answer) => answer.map_err(refused)?,
                        None => break,
                    }
                }
                let nominee = world.group(&id).run.as_ref().filter(|run| run.accepted_at.is_none());
                if let Some(nominee) = nominee.and_then(|run| run.part.way.nominee.clone()) {
                    world
                        .on_group(&id, accept(id.as_str(), &nominee, world.now))
                        .map_err(|says| format!("the nominee was refused: {says}"))?;
                }
                self.check()?;
                let Some(rest) = self.work(&id, false, honest)? else { continue };
                if let Some(refusal) = rest.blocked {
                    return Err(format!("{id} is blocked for ever: {refusal}"));
                }
                if let Some(wake) = rest.wake {
                    if wake <= self.world.now {
                        return Err(format!("{id} sleeps until a time that has passed"));
                    }
                    self.world.now = wake;
                }
            }
            if !self.law.at_rest(&id) {
                return Err(format!("{id} has ended, and no event says so"));
            }
        }
        let case = &self.world.case;
        let over = case.head.as_ref().is_some_and(|head| head.groups.len() == case.ended.len());
        if over == matches!(case.status, CaseStatus::Ended | CaseStatus::Closed)
            && case.status != CaseStatus::Running
        {
            Ok(())
        } else {
            Err(format!("all runs have ended, the case is {:?}", case.status))
        }
    }
}

/// Whether a run waits for somebody: for a person, or for a word to go on.
fn waits(group: &GroupState) -> bool {
    group.run.as_ref().is_some_and(|run| {
        run.phase == Phase::Paused || run.steps.iter().any(|step| step.state == StepState::Person)
    })
}

fn hold_id(n: u8) -> HoldId {
    HoldId(format!("h-{n}"))
}

fn accept(group: &str, who: &PrincipalId, now: Time) -> RunCommand {
    RunCommand::AcceptHandover {
        statement: DualAct::new("handover.accept", group, who, now),
        signature: "00".repeat(64),
    }
}

fn react(n: u8, by: PrincipalId) -> React {
    let reaction = ReactionId(format!("r-{}", n / 4));
    let text = "why".to_owned();
    match n % 4 {
        0 => React::Answer { reaction, text, by },
        1 => React::Escalate { reaction, to: text, by },
        _ => React::Add {
            reaction: ReactionId(format!("r-{}", n / 4)),
            what: What::Objection,
            text,
            from: String::new(),
            by,
        },
    }
}

fn lift(hold: &HoldId, who: &PrincipalId, now: Time) -> RunCommand {
    RunCommand::LiftHold {
        hold: hold.clone(),
        statement: DualAct::lift(hold, who, now),
        signature: "00".repeat(64),
    }
}

fn draw(world: &mut World, spec: &Spec, people: &[Principal]) -> Result<(), Refusal> {
    // A class that two people of one role review, beside the default ones.
    let mut policy = Policy::default();
    let rules = vec![RoleRule { role: "compliance".to_owned(), count: 2 }];
    let review = Review::of(rules);
    // What a person ends, two people confirm; one reviewer's role does not change that.
    let strict = ClassPolicy { review, human_people: 2, ..ClassPolicy::important() };
    policy.0.insert("strict".to_owned(), strict);
    let mut inputs = vec![input(GROUPS[0], spec.class, spec.rows.clone())];
    if spec.both {
        inputs.push(input(GROUPS[1], "important", spec.rows.clone()));
    }
    for input in &mut inputs {
        input.snapshot.kind = spec.kind;
    }
    let mut wanted = request("c-1", people[spec.requester].id.as_str(), world.now, &policy, inputs);
    let wish = KindWish {
        judicial: spec.judicial.then(|| "m-1".to_owned()),
        nominee: spec.nominee.then(|| "p-1".into()),
        not_before: spec.announced.then(|| world.now.plus_secs(1_000_000)),
        ..KindWish::default()
    };
    let parties = Party::ALL.into_iter().map(|party| (party, Some(3600))).collect();
    wanted.ways = Ways {
        wish,
        parties,
        processor: Some(Processor::default()),
        notice: "On Monday.".to_owned(),
        ..Ways::default()
    };
    world.draw(adjourn_domain::planner::draw(wanted).map_err(|_| Refusal::new("usage"))?)
}

fn person(group: &GroupState, by: PrincipalId) -> Option<RunCommand> {
    let run = group.run.as_ref()?;
    let at = run.steps.iter().position(|step| step.state == StepState::Person)?;
    let shown = EvidenceRef::new("shown.png", Hash::of(b"shown"), 5);
    Some(RunCommand::PersonDone {
        step: run.part.steps[at].id.clone(),
        // Some have nothing to show.
        evidence: if by.as_str() == "p-3" { Vec::new() } else { vec![shown] },
        by,
        factors: BTreeMap::new(),
    })
}

/// What a call returned.
pub(crate) fn returned(
    group: &GroupState,
    at: usize,
    effect: Known,
    retry_s: Option<u64>,
) -> Option<RunCommand> {
    let step = group.run.as_ref()?.part.steps.get(at)?.id.clone();
    let error = (effect != Known::Applied).then(|| "platform.busy".to_owned());
    Some(RunCommand::Returned { step, effect, error, retry_s, memo: Value::Null })
}

/// What a read-back found.
pub(crate) fn found(
    group: &GroupState,
    at: usize,
    effect: Known,
    retry_s: Option<u64>,
) -> Option<RunCommand> {
    let step = group.run.as_ref()?.part.steps.get(at)?;
    let receipt = matches!(step.op, StepOp::Export | StepOp::TailExport)
        .then(|| Receipt { complete: true, ..Receipt::default() });
    let seal = (step.op == StepOp::Seal).then(|| (Hash::of(b"bag"), 10, 2, true));
    let memo = party_of(step).map_or(Value::Null, |party| answer(party, true));
    Some(RunCommand::Found {
        step: step.id.clone(),
        effect,
        retry_s,
        memo,
        receipt: receipt.map(Box::new),
        seal,
    })
}

/// A party's answer, as a read-back remembers it.
fn answer(party: Party, accepted: bool) -> Value {
    let answer = Answer {
        party,
        accepted,
        reference: "n-1".to_owned(),
        says: String::new(),
        at: Time::default(),
        sent: Hash::of(b"message"),
        received: Hash::of(b"answer"),
        by_hand: false,
        simulated: true,
    };
    json!({"answer": answer})
}

/// What an honest world answers.
pub(crate) fn honest(group: &GroupState, effect: Effect) -> Option<RunCommand> {
    match effect {
        Effect::Perform(at) => returned(group, at, Known::Applied, None),
        Effect::ReadBack(at) => found(group, at, Known::Applied, None),
        Effect::Recheck => Some(RunCommand::Rechecked(Vec::new())),
        Effect::Probe => {
            Some(RunCommand::Probed(vec![signal(false, Says::Gone, true), signal(true, Says::Gone, true)]))
        }
    }
}

/// What any world may answer.
fn lie(group: &GroupState, effect: Effect, n: u8) -> Option<RunCommand> {
    let known = [Known::Applied, Known::NotApplied, Known::Unknown, Known::Applied][usize::from(n % 4)];
    let retry = [None, Some(0), Some(30), Some(4000)][usize::from(n / 4 % 4)];
    match effect {
        Effect::Perform(at) => returned(group, at, known, retry),
        Effect::ReadBack(at) => found(group, at, known, retry).map(|found| says_no(found, n)),
        Effect::Recheck if n % 8 == 1 => Some(RunCommand::Rechecked(vec![Note::new("drift-owner")])),
        Effect::Recheck => Some(RunCommand::Rechecked(Vec::new())),
        Effect::Probe => Some(RunCommand::Probed(signals(n))),
    }
}

/// Now and then a party refuses, or what came is no answer.
fn says_no(found: RunCommand, n: u8) -> RunCommand {
    let RunCommand::Found { step, effect, retry_s, memo, receipt, seal } = found else { return found };
    let party = memo.get("answer").and_then(|answer| answer.get("party")).and_then(Value::as_str);
    let memo = match (party.and_then(Party::from_slug), n / 16 % 8) {
        (Some(party), 0) => answer(party, false),
        (Some(_), 1) => Value::Null,
        _ => memo,
    };
    RunCommand::Found { step, effect, retry_s, memo, receipt, seal }
}

fn signals(n: u8) -> Vec<Signal> {
    let all = [
        Says::Gone,
        Says::Nothing,
        Says::Present,
        Says::Gone,
        Says::NotIn,
        Says::Gone,
        Says::Kept,
        Says::Gone,
    ];
    let says = |bits: u8| all[usize::from(bits % 8)];
    vec![signal(false, says(n), n & 64 == 0), signal(true, says(n >> 3), n & 128 == 0)]
}

/// Something that nobody waits for.
fn stray(world: &mut World, id: &GroupId, kind: u8, at: u8, n: u8) -> Result<(), Refusal> {
    let group = world.group(id);
    let steps = group.run.as_ref().map_or(1, |run| run.steps.len().max(1));
    let at = usize::from(at) % steps;
    let current = group.run.as_ref().and_then(adjourn_domain::run::Run::current).unwrap_or(at);
    let at = if n & 1 == 0 { current } else { at };
    let known = [Known::Applied, Known::NotApplied, Known::Unknown][usize::from(n % 3)];
    let command = match kind % 7 {
        0 => returned(group, at, known, None),
        1 => found(group, at, known, Some(1)),
        2 => Some(RunCommand::Rechecked(Vec::new())),
        3 => Some(RunCommand::Probed(signals(n))),
        4 => Some(RunCommand::Intend),
        5 => Some(RunCommand::Advance),
        _ => group.run.as_ref().map(|run| RunCommand::PersonDone {
            step: run.part.steps[at].id.clone(),
            by: "p-1".into(),
            evidence: Vec::new(),
            factors: BTreeMap::new(),
        }),
    };
    // What ends a run outside the worker would be told to the case by the worker; keep to what a shell can send.
    match command {
        Some(RunCommand::Advance) if group.running() && ends(world, id) => Ok(()),
        Some(command) => world.on_group(id, command),
        None => Ok(()),
    }
}

fn ends(world: &World, id: &GroupId) -> bool {
    let action = due(world.group(id), &world.case, world.now);
    matches!(action, Action::StopStale | Action::StopCant | Action::EndUndo | Action::Conclude)
}
