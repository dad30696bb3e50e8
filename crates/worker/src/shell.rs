//! The shell around the step function: lease, loads, commits, calls. It decides nothing.

use std::collections::BTreeMap;

use adjourn_app::inventory::CardKey;
use adjourn_app::journal::Tx;
use adjourn_app::ports::StoreError;
use adjourn_app::{App, AppError};
use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus};
use adjourn_domain::event::{Ending, GroupEvent};
use adjourn_domain::ids::{CaseId, GroupId, StreamId};
use adjourn_domain::joint::Stage;
use adjourn_domain::refusal::Refusal;
use adjourn_domain::run::{GroupState, Run, RunCommand};
use adjourn_domain::time::Time;

use crate::step::{Effect, Step, step};

/// Length of a lease, in seconds.
const LEASE_S: u64 = 30;
/// Streams that are taken from the due index at once.
const BATCH: usize = 256;
/// Attempts at a commit that others got in the way of.
const MAX_CONFLICTS: usize = 50;

/// A worker that holds the lease.
pub struct Worker {
    app: App,
    fence: u64,
    lease_until: Time,
    concurrency: usize,
}

/// What one pass did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pass {
    /// Streams that were worked on.
    pub worked: usize,
    /// Groups that wait because something forbids the next step.
    pub blocked: BTreeMap<GroupId, Refusal>,
    /// When the next stream is due.
    pub next: Option<Time>,
}

impl Worker {
    /// Takes the lease. `None` when another worker has it.
    pub async fn take(app: App, owner: &str, concurrency: usize) -> Result<Option<Self>, AppError> {
        let now = app.clock.now();
        let fence = app.journal.store.take_lease(owner, now, LEASE_S).await?;
        Ok(fence.map(|fence| Self { app, fence, lease_until: now.plus_secs(LEASE_S), concurrency }))
    }

    /// Gives the lease back.
    pub async fn release(self) -> Result<(), AppError> {
        Ok(self.app.journal.store.drop_lease(self.fence).await?)
    }

    /// Keeps the lease while nothing else happens.
    pub async fn keep(&mut self) -> Result<(), AppError> {
        let now = self.app.clock.now();
        // Prolonged when a third of it is used up.
        if now.plus_secs(LEASE_S * 2 / 3) < self.lease_until {
            return Ok(());
        }
        if !self.app.journal.store.keep_lease(self.fence, now, LEASE_S).await? {
            return Err(StoreError::Fenced { current: 0 }.into());
        }
        self.lease_until = now.plus_secs(LEASE_S);
        Ok(())
    }

    /// Works on everything that is due now. One group's failure stops no other; the first one is returned at the end.
    pub async fn pass(&mut self) -> Result<Pass, AppError> {
        self.keep().await?;
        let now = self.app.clock.now();
        let due = self.app.journal.store.due(now, BATCH).await?;
        let mut pass = Pass { worked: due.len(), ..Pass::default() };
        let mut failed = Ok(());
        if self.concurrency <= 1 {
            for (_, stream) in due {
                match work(&self.app, self.fence, stream).await {
                    Ok(blocked) => pass.blocked.extend(blocked),
                    Err(error) => failed = failed.and(Err(error)),
                }
                self.keep().await?;
            }
        } else {
            failed = self.pass_together(due.into_iter().map(|(_, stream)| stream), &mut pass).await;
        }
        failed?;
        pass.next = self.app.journal.store.next_due().await?;
        Ok(pass)
    }

    /// Works on several streams at a time, and keeps the lease meanwhile.
    async fn pass_together(
        &mut self,
        mut due: impl Iterator<Item = StreamId>,
        pass: &mut Pass,
    ) -> Result<(), AppError> {
        let mut tasks = tokio::task::JoinSet::new();
        let mut failed = Ok(());
        loop {
            while tasks.len() < self.concurrency
                && let Some(stream) = due.next()
            {
                let (app, fence) = (self.app.clone(), self.fence);
                tasks.spawn(async move { work(&app, fence, stream).await });
            }
            let beat = self.app.clock.now().plus_secs(LEASE_S / 3);
            let clock = self.app.clock.clone();
            let done = tokio::select! {
                done = tasks.join_next() => done,
                () = clock.sleep_until(beat) => {
                    self.keep().await?;
                    continue;
                }
            };
            let Some(done) = done else { return failed };
            match done.map_err(|error| AppError::new("internal").with("says", error)).flatten() {
                Ok(blocked) => pass.blocked.extend(blocked),
                Err(error) => failed = failed.and(Err(error)),
            }
        }
    }
}

/// Works on one stream until it has to wait.
async fn work(app: &App, fence: u64, stream: StreamId) -> Result<Option<(GroupId, Refusal)>, AppError> {
    if let Some(group) = stream.group() {
        return work_group(app, fence, group).await;
    }
    if let Some(case) = stream.case() {
        let case = app.journal.case(&case).await?;
        let observed = case.ended.values().any(|(ending, _)| *ending == Ending::Observed);
        if case.status == CaseStatus::Ended && observed {
            if let Err(error) = Box::pin(app.close_case(case.clone(), fence)).await {
                tracing::warn!(code = error.code(), "the bundle was not written");
                let mut tx = app.journal.begin(app.clock.now(), "worker");
                tx.wake(&case.id, Some(app.clock.now().plus_secs(60)));
                tx.commit_fenced(fence).await?;
                return Err(error);
            }
            return Ok(None);
        }
        if case.escalation_due().is_some() {
            Box::pin(app.escalate_review(case, fence)).await?;
            return Ok(None);
        }
    }
    let mut tx = app.journal.begin(app.clock.now(), "worker");
    tx.wake(stream, None);
    tx.commit_fenced(fence).await?;
    Ok(None)
}

async fn work_group(app: &App, fence: u64, id: GroupId) -> Result<Option<(GroupId, Refusal)>, AppError> {
    let mut input: Option<RunCommand> = None;
    let mut conflicts = 0;
    let (mut group, mut case) = load(app, &id).await?;
    loop {
        let now = app.clock.now();
        let (version, card) = (group.version, CardKey::of(&group));
        let next = match step(now, &case, group, input.clone()) {
            Ok(next) => next,
            // What came back was answered by somebody else in the meantime: go on from the state.
            Err(_) if input.is_some() => {
                input = None;
                (group, case) = load(app, &id).await?;
                continue;
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let point = if input.is_some() { "outcome" } else { "begin" };
        let intent = matches!(next.effect, Some(Effect::Perform(_)));
        let (tx, then) = transaction(app, now, &case, version, &card, &next)?;
        app.points.hit(&format!("{point}.commit.before"));
        if intent {
            app.points.hit("intent.before");
        }
        match tx.commit_fenced(fence).await {
            Ok(()) => {
                conflicts = 0;
                for event in &next.events {
                    tracing::info!(group = %id, event = event.kind(), "recorded");
                }
            }
            Err(error) if error.code() == "journal.conflict" && conflicts < MAX_CONFLICTS => {
                if error.to_string().contains("fenced") {
                    return Err(error);
                }
                conflicts += 1;
                tracing::debug!(group = %id, "somebody else wrote first");
                (group, case) = load(app, &id).await?;
                continue;
            }
            Err(error) => return Err(error),
        }
        if intent {
            app.points.hit("intent.after");
        }
        app.points.hit(&format!("{point}.commit.after"));
        (group, case) = (next.group, then);
        input = match next.effect {
            Some(Effect::Perform(step)) => app.perform(&group, step, fence).await,
            Some(Effect::ReadBack(step)) => app.read_back(&group, step, fence).await,
            Some(Effect::Recheck) => match app.recheck(&group).await {
                Ok(differences) => Some(RunCommand::Rechecked(differences)),
                Err(error) => return retry_later(app, fence, &id, &error).await,
            },
            Some(Effect::Probe) => {
                app.points.hit("probe.before");
                let signals = app.probe(&group).await?;
                app.points.hit("probe.after");
                Some(RunCommand::Probed(signals))
            }
            None => return Ok(next.blocked.map(|refusal| (id, refusal))),
        };
    }
}

/// A group and the case that it runs for.
async fn load(app: &App, id: &GroupId) -> Result<(GroupState, CaseState), AppError> {
    let group = app.journal.group(id).await?;
    let case = match &group.run {
        Some(run) => app.journal.case(&run.case).await?,
        None => CaseState::new(CaseId::from("c-none")),
    };
    Ok((group, case))
}

/// The commit of one step: events, the inventory's line if it changed, the next wake-up, and the case's part.
fn transaction<'a>(
    app: &'a App,
    now: Time,
    case: &CaseState,
    version: u64,
    card: &CardKey,
    next: &Step,
) -> Result<(Tx<'a>, CaseState), AppError> {
    let id = &next.group.id;
    let mut tx = app.journal.begin(now, "worker");
    tx.group_rows(id, version, &next.events)?;
    if *card != CardKey::of(&next.group) {
        app.put_card(&mut tx, &next.group)?;
    }
    // What can't be taken back rests on the case as it was read: a rejection in the same moment wins.
    if next.events.iter().any(|event| matches!(event, GroupEvent::Intent { irreversible: true, .. })) {
        tx.rests_on(case);
    }
    tx.wake(id, if next.effect.is_some() { Some(now) } else { next.wake });
    let mut after = case.clone();
    let joint = case.head.as_ref().is_some_and(|head| head.groups.len() > 1);
    if joint && next.group.run.as_ref().is_some_and(Run::waits_for_others) {
        // Whoever waits for the others rests on what was read of them; the last one to come wakes it.
        tx.rests_on(case);
    }
    if let Some(stage) = next.reached.filter(|_| joint) {
        let events = after.decide(CaseCommand::Reach { group: id.clone(), stage }, now)?;
        after = tx.case(after, &events)?;
    }
    if let Some((ending, verdict)) = next.ended {
        let events = after.decide(CaseCommand::End { group: id.clone(), ending, verdict }, now)?;
        after = tx.case(after, &events)?;
        app.put_case_card(&mut tx, &after)?;
        tx.wake(&after.id, (after.status == CaseStatus::Ended).then_some(now));
    }
    let waits = |case: &CaseState, stage| case.awaited(stage).next().is_some();
    if joint && Stage::ALL.into_iter().any(|stage| waits(case, stage) && !waits(&after, stage)) {
        for other in after.head.iter().flat_map(|head| &head.groups) {
            if other != id && !after.ended.contains_key(other) {
                tx.wake(other, Some(now));
            }
        }
    }
    Ok((tx, after))
}

/// The second look could not be taken: nothing irreversible happens, and it is taken again.
async fn retry_later(
    app: &App,
    fence: u64,
    id: &GroupId,
    error: &AppError,
) -> Result<Option<(GroupId, Refusal)>, AppError> {
    tracing::warn!(code = error.code(), "the group could not be looked at again");
    let mut tx = app.journal.begin(app.clock.now(), "worker");
    tx.wake(id, Some(app.clock.now().plus_secs(10)));
    tx.commit_fenced(fence).await?;
    Ok(Some((id.clone(), error.0.clone())))
}
