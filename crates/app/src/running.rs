//! Applying a plan, and steering it while it runs.

use std::collections::BTreeMap;

use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::passkey::Proof;
use adjourn_domain::plan::StepOp;
use adjourn_domain::run::{GroupState, Phase, RunCommand, StepState};

use crate::App;
use crate::error::AppError;
use crate::planning::GroupDrift;
use crate::ports::Signer;
use crate::reactions::refuse_over_objections;

/// Attempts to begin, when others write to the case at the same time.
const MAX_CONFLICTS: usize = 5;

/// What `apply` began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The runs have begun, or go on.
    Running,
    /// The case had ended before.
    Over,
    /// The world differs from the plan; approvals are void.
    Stale(Vec<GroupDrift>),
}

impl App {
    /// Applies an approved plan: one run for each group. A case that is under way goes on, also when somebody else began
    /// it in the same moment.
    pub async fn apply(&self, id: &CaseId, signer: &dyn Signer) -> Result<Applied, AppError> {
        self.apply_with(id, None, signer).await
    }

    /// The same with a passkey's answer, where the policy asks whoever has a plan applied for one.
    pub async fn apply_with(
        &self,
        id: &CaseId,
        proof: Option<&Proof>,
        signer: &dyn Signer,
    ) -> Result<Applied, AppError> {
        for _ in 1..MAX_CONFLICTS {
            match self.begin_or_join(id, proof, signer).await {
                Err(error) if error.code() == "journal.conflict" => {}
                // The run that is in the way may be this case's own.
                Err(error)
                    if error.code() == "run.active"
                        && self.journal.known_case(id).await?.status == CaseStatus::Running => {}
                other => return other,
            }
        }
        self.begin_or_join(id, proof, signer).await
    }

    async fn begin_or_join(
        &self,
        id: &CaseId,
        proof: Option<&Proof>,
        signer: &dyn Signer,
    ) -> Result<Applied, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let case = self.journal.known_case(id).await?;
        match case.status {
            CaseStatus::Running | CaseStatus::Ended => return Ok(Applied::Running),
            CaseStatus::Closed => return Ok(Applied::Over),
            CaseStatus::Stale => return Ok(Applied::Stale(self.drift(&case).await?)),
            _ => {}
        }
        // Refuse before looking at the platform when the review is not complete.
        let proof = proof.cloned().map(Box::new);
        let begin = case.decide(CaseCommand::Apply(by, proof.clone()), self.clock.now())?;
        let used = match &proof {
            Some(proof) => self.check_proof(&org, &case, proof, signer).await?,
            None => None,
        };
        let drifts = self.drift(&case).await?;
        if !drifts.is_empty() {
            self.stale(case, &drifts, signer.principal().as_str()).await?;
            return Ok(Applied::Stale(drifts));
        }
        let plan = self.load_plan(&case).await?;
        let plan_hash = plan.hash()?;
        let now = self.clock.now();
        let mut tx = self.journal.begin(now, &signer.principal());
        if let Some(used) = used {
            tx.org(&org, &used)?;
        }
        let running = tx.case(case, &begin)?;
        for part in &plan.groups {
            let state = self.journal.group(&part.group).await?;
            let events =
                state.decide(&running, RunCommand::Start { case: running.id.clone(), plan_hash }, now)?;
            let state = tx.group(state, &events)?;
            self.put_card(&mut tx, &state)?;
            tx.wake(&state.id, Some(now));
        }
        self.put_case_card(&mut tx, &running)?;
        tx.commit().await?;
        Ok(Applied::Running)
    }

    /// Marks the plan of a case as stale.
    async fn stale(&self, case: CaseState, drifts: &[GroupDrift], actor: &str) -> Result<(), AppError> {
        let mut codes: Vec<String> =
            drifts.iter().flat_map(|drift| &drift.differences).map(|note| note.code.clone()).collect();
        codes.sort();
        codes.dedup();
        let events = case.decide(CaseCommand::Stale(codes), self.clock.now())?;
        // Whoever opens the case sees what differs: the groups are kept as they were found just now.
        for drift in drifts {
            let state = self.journal.group(&drift.group).await?;
            // That the plan is stale is known; a platform that does not answer a second time changes nothing about it.
            if let Ok(found) = self.inspect(&state).await {
                let org = self.journal.org().await?;
                self.see(org.connection(&found.snapshot.connection)?, state, found.snapshot).await?;
            }
        }
        let mut tx = self.journal.begin(self.clock.now(), &actor);
        let case = tx.case(case, &events)?;
        self.put_case_card(&mut tx, &case)?;
        tx.commit().await
    }

    /// The groups of a case, as they stand.
    pub async fn groups_of(&self, case: &CaseState) -> Result<Vec<GroupState>, AppError> {
        let mut states = Vec::new();
        for id in case.head.iter().flat_map(|head| &head.groups) {
            states.push(self.journal.group(id).await?);
        }
        Ok(states)
    }

    /// Pauses all runs of a case.
    pub async fn pause(&self, case: &CaseId, signer: &dyn Signer) -> Result<usize, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        self.steer(case, signer, |_, run| (run == Phase::Active).then(|| RunCommand::Pause(by.clone()))).await
    }

    /// Lets all paused runs of a case go on.
    pub async fn resume(&self, case: &CaseId, signer: &dyn Signer) -> Result<usize, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let known = self.journal.known_case(case).await?;
        refuse_over_objections(case, &self.groups_of(&known).await?)?;
        self.steer(case, signer, |_, run| (run == Phase::Paused).then(|| RunCommand::Resume(by.clone())))
            .await
    }

    /// Takes back all runs of a case. Past the point of no return that means: brings the group back where the platform
    /// does that and the time is not over, or, with `rebuild`, has a person make a new group. Refused as a whole when
    /// one of the runs can't be taken back.
    pub async fn undo(&self, case: &CaseId, rebuild: bool, signer: &dyn Signer) -> Result<usize, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let groups = self.groups_of(&self.journal.known_case(case).await?).await?;
        let spent = self.spent(&groups).await?;
        self.steer(case, signer, |group, run| {
            let spent = spent.iter().find(|(of, _)| of == group);
            matches!(run, Phase::Active | Phase::Paused).then(|| match spent {
                Some((_, quota)) => RunCommand::UndoSpent { by: by.clone(), rebuild, quota: *quota },
                None => RunCommand::Undo { by: by.clone(), rebuild },
            })
        })
        .await
    }

    async fn steer(
        &self,
        case: &CaseId,
        signer: &dyn Signer,
        wish: impl Fn(&GroupId, Phase) -> Option<RunCommand>,
    ) -> Result<usize, AppError> {
        let case = self.journal.known_case(case).await?;
        let now = self.clock.now();
        let mut tx = self.journal.begin(now, &signer.principal());
        let mut count = 0;
        for state in self.groups_of(&case).await? {
            let Some(command) = state
                .run
                .as_ref()
                .filter(|run| run.case == case.id)
                .and_then(|run| wish(&state.id, run.phase))
            else {
                continue;
            };
            let events = state.decide(&case, command, now)?;
            let state = tx.group(state, &events)?;
            self.put_card(&mut tx, &state)?;
            tx.wake(&state.id, Some(now));
            count += 1;
        }
        if count == 0 {
            return Err(AppError::new("case.state").with("case", &case.id).with("state", case.status.slug()));
        }
        tx.commit().await?;
        Ok(count)
    }

    /// A person says that a human step is done, gives the platform's second confirmation, and hands in what shows it.
    pub async fn person_done(
        &self,
        case: &CaseId,
        group: &GroupId,
        step: &str,
        files: &[(String, Vec<u8>)],
        factors: BTreeMap<String, String>,
        signer: &dyn Signer,
    ) -> Result<(), AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let class = self.journal.group(group).await?.class;
        let evidence = self.hand_in(case, group, &class, files).await?;
        let step = step.to_owned();
        self.change_group(group, RunCommand::PersonDone { step, by, evidence, factors }, signer).await?;
        Ok(())
    }

    /// A person says that a human step can't be done. Unless it turns out that it was, the run ends and planning is open
    /// again.
    pub async fn person_cant(
        &self,
        group: &GroupId,
        step: &str,
        reason: &str,
        signer: &dyn Signer,
    ) -> Result<(), AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let command = RunCommand::PersonCant { step: step.to_owned(), by, reason: reason.to_owned() };
        self.change_group(group, command, signer).await?;
        Ok(())
    }

    /// The group of a case in which a human step waits: by `GROUP/STEP`, or by the step where only one group waits with it.
    ///
    /// # Errors
    /// `step.unknown` when none waits with it, `step.ambiguous` when several do.
    pub async fn find_person_step(&self, case: &CaseId, step: &str) -> Result<(GroupId, String), AppError> {
        let case = self.journal.known_case(case).await?;
        let groups = self.groups_of(&case).await?;
        let named = |state: &GroupState, id: &str| id == step || format!("{}/{id}", state.id) == step;
        let mut waiting = Vec::new();
        let mut next = None;
        for state in &groups {
            let Some(run) = &state.run else { continue };
            for (at, (spec, of)) in run.part.steps.iter().zip(&run.steps).enumerate() {
                // An incomplete export waits to be accepted under its own name.
                let open = run.receipt_open() && spec.op == StepOp::Export;
                if !named(state, &spec.id) {
                    continue;
                }
                if open || of.state == StepState::Person {
                    waiting.push((state.id.clone(), spec.id.clone()));
                } else if run.current() == Some(at) {
                    next = Some((state.id.clone(), spec.id.clone()));
                }
            }
        }
        match (waiting.len(), waiting.pop().or(next)) {
            (0 | 1, Some(found)) => Ok(found),
            (_, Some((group, _))) => {
                Err(AppError::new("step.ambiguous").with("step", step).with("group", group))
            }
            (_, None) => Err(AppError::new("step.unknown").with("step", step)),
        }
    }
}
