//! The hands of the worker: what is done for one step, outside the journal. Every call was announced by an intent; none of
//! them is made again before a read-back has said that it came to nothing.

use adjourn_domain::call::{ExportPage, ReadBack};
use adjourn_domain::capability::{Effect, Op, Support};
use adjourn_domain::event::{Connection, Receipt};
use adjourn_domain::ids::NativeId;
use adjourn_domain::instruction::Authority;
use adjourn_domain::plan::{Note, Step, StepOp};
use adjourn_domain::run::{GroupState, Run, RunCommand, StepRun};
use adjourn_domain::verdict::{self, Signal, Verdict};
use serde_json::Value;

use crate::App;
use crate::error::AppError;
use crate::ports::{Call, Deposit, Part};
use crate::taking::Source;

/// Longest pause between two attempts, in seconds.
const MAX_PAUSE_S: u64 = 300;

/// A step of a run with everything around it.
struct Work<'a> {
    group: &'a GroupState,
    run: &'a Run,
    step: &'a Step,
    /// Its place in the plan, from 0.
    place: usize,
    state: &'a StepRun,
    connection: Connection,
    fence: u64,
}

impl Work<'_> {
    fn source(&self, part: Part) -> Source<'_> {
        Source {
            connection: &self.connection,
            native: &self.run.part.native,
            case: &self.run.case,
            group: &self.group.id,
            part,
            step: &self.step.id,
        }
    }
}

impl App {
    /// Does the step whose intent is written, under the fencing number of the worker, and says what is known of it. Never
    /// fails: a failure is an outcome.
    pub async fn perform(&self, group: &GroupState, step: usize, fence: u64) -> Option<RunCommand> {
        let id = group.run.as_ref()?.part.steps.get(step)?.id.clone();
        let returned = |effect, error: Option<&AppError>, retry_s, memo| RunCommand::Returned {
            step: id.clone(),
            effect,
            error: error.map(|error| error.code().to_owned()),
            retry_s,
            memo,
        };
        let work = match self.work(group, step, fence).await {
            Ok(work) => work,
            Err(error) => {
                return Some(returned(Effect::NotApplied, Some(&error), Some(MAX_PAUSE_S), Value::Null));
            }
        };
        let pause = Some(pause_s(work.state.attempts));
        let outcome = match work.step.op {
            StepOp::Export => self.take_out(&work.source(Part::Main)).await,
            StepOp::TailExport => self.take_out(&work.source(Part::Tail)).await,
            StepOp::Seal => self.seal(&work).await,
            StepOp::Party => {
                self.points.hit("act.before.party");
                let sent = self.send_party(work.group, work.run, work.step).await;
                self.points.hit("act.after.party");
                return Some(match sent {
                    Ok(memo) => returned(Effect::Applied, None, None, memo),
                    Err(error) => {
                        let (effect, retry_s) = (error.effect, error.retry_s.or(pause));
                        let error = AppError::from(error);
                        problem(&error);
                        returned(effect, Some(&error), retry_s, Value::Null)
                    }
                });
            }
            _ => return Some(self.act(&work, &returned).await),
        };
        Some(match outcome {
            Ok(()) => returned(Effect::Applied, None, None, Value::Null),
            Err(error) => {
                problem(&error);
                returned(Effect::NotApplied, Some(&error), pause, Value::Null)
            }
        })
    }

    /// Reads whether the step's effect is there.
    pub async fn read_back(&self, group: &GroupState, step: usize, fence: u64) -> Option<RunCommand> {
        let id = group.run.as_ref()?.part.steps.get(step)?.id.clone();
        let mut receipt = None;
        let mut seal = None;
        let found = match self.read_back_of(group, step, fence, &mut receipt, &mut seal).await {
            Ok(found) => found,
            Err(error) => {
                problem(&error);
                ReadBack::later(2)
            }
        };
        let ReadBack { effect, retry_s, memo } = found;
        Some(RunCommand::Found { step: id, effect, retry_s, memo, receipt: receipt.map(Box::new), seal })
    }

    async fn read_back_of(
        &self,
        group: &GroupState,
        step: usize,
        fence: u64,
        receipt: &mut Option<Receipt>,
        seal: &mut Option<(adjourn_domain::canonical::Hash, u64, u64, bool)>,
    ) -> Result<ReadBack, AppError> {
        let work = self.work(group, step, fence).await?;
        let case = &work.run.case;
        match work.step.op {
            StepOp::Export | StepOp::TailExport => {
                let part = if work.step.op == StepOp::Export { Part::Main } else { Part::Tail };
                let mut state = self.vault.export_state(case, &group.id, part).await?;
                // No interface returns this history: what a person exported and handed in is evidence of the step, and the
                // archive says that it has no records of its own.
                let by_hand = work.step.support == Support::Assisted;
                if by_hand && !state.at_end {
                    let nothing = ExportPage::new(Vec::new(), None);
                    state = self.vault.write_page(case, &group.id, part, &nothing).await?;
                }
                let checked = state.checked || by_hand || part == Part::Tail;
                let whole = state.at_end && state.media_open == 0 && checked;
                if whole {
                    let mut made = self.receipt_of(&work.source(part)).await?;
                    if by_hand {
                        made.complete = false;
                        made.gaps.push(Note::new("gap-by-hand"));
                    }
                    *receipt = Some(made);
                }
                Ok(ReadBack::is(whole))
            }
            StepOp::Seal => {
                let Some(info) = self.vault.read_back(case, &group.id).await? else {
                    return Ok(ReadBack::is(false));
                };
                let stamped = self.vault.stamped(case, &group.id).await?;
                if self.stamps.configured() && !stamped {
                    return Ok(ReadBack::is(false));
                }
                let required = self.deposits.deposit() == Deposit::Required;
                if required && !self.vault.deposited(case, &group.id).await? {
                    return Ok(ReadBack::is(false));
                }
                let independent = stamped && !self.stamps.simulated();
                *seal = Some((info.bag_hash, info.bytes, info.files, independent));
                Ok(ReadBack::is(true))
            }
            StepOp::Party => self.look_party(work.group, work.run, work.step, work.state).await,
            // That a new group stands in the place of the old one is a person's word: nobody else knows of it.
            StepOp::Dissolve if work.state.undoing && work.run.rebuild => Ok(ReadBack::is(true)),
            _ => {
                let call = self.call(&work).await?;
                self.points.hit(&format!("read_back.before.{}", work.step.op.slug()));
                let mut found = self.platforms.read_back(&work.connection, &call).await?;
                self.points.hit(&format!("read_back.after.{}", work.step.op.slug()));
                // From the account that acted "I left" and "it was dissolved" may look the same; the others tell.
                let dissolved = work.step.op == StepOp::Dissolve && !work.state.undoing;
                if dissolved && found.effect != Effect::Applied {
                    let reading = verdict::read(&self.probe(group).await?);
                    if reading == Verdict::Gone && found.effect == Effect::Unknown {
                        found = ReadBack::is(true);
                    } else if reading.is_near() && found.memo.is_null() {
                        found.memo = reading.noted_in(&work.state.memo);
                    }
                }
                if found.effect == Effect::NotApplied && found.retry_s.is_none() {
                    found.retry_s = Some(pause_s(work.state.attempts));
                }
                Ok(found)
            }
        }
    }

    /// Looks again right before the irreversible call.
    pub async fn recheck(&self, group: &GroupState) -> Result<Vec<Note>, AppError> {
        let Some(run) = &group.run else { return Ok(Vec::new()) };
        self.drift_of(group, &run.part, &run.own_changes()).await
    }

    /// Asks all identities whether the group is gone.
    pub async fn probe(&self, group: &GroupState) -> Result<Vec<Signal>, AppError> {
        let Some(run) = &group.run else { return Ok(Vec::new()) };
        let org = self.journal.org().await?;
        let connection = org.connection(&run.part.connection)?;
        let known = run.receipt.as_ref().and_then(|receipt| receipt.last.as_ref()).map(|mark| &mark.id);
        Ok(self.platforms.probe(connection, &run.part.native, known).await)
    }

    async fn work<'a>(&self, group: &'a GroupState, step: usize, fence: u64) -> Result<Work<'a>, AppError> {
        let missing = || AppError::new("step.unknown").with("step", step);
        let run = group.run.as_ref().ok_or_else(missing)?;
        let org = self.journal.org().await?;
        Ok(Work {
            group,
            run,
            step: run.part.steps.get(step).ok_or_else(missing)?,
            place: step,
            state: run.steps.get(step).ok_or_else(missing)?,
            connection: org.connection(&run.part.connection)?.clone(),
            fence,
        })
    }

    async fn call(&self, work: &Work<'_>) -> Result<Call, AppError> {
        let mut params: serde_json::Map<String, Value> =
            work.step.params.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        // A connector must not fall back to a weaker way than the one that was approved.
        params.insert("support".to_owned(), Value::from(work.step.support.slug()));
        // What is older than the run can't be its effect.
        params.insert("since".to_owned(), Value::from(work.run.started_at.to_string()));
        if matches!(work.step.op, StepOp::Rescue | StepOp::Leave) {
            // The account that acts is the one that may be banned, or is out: what it sees proves nothing.
            params.insert("through_witness".to_owned(), Value::from(true));
        }
        if work.step.op == StepOp::RemoveMedia {
            let media = self.vault.media_ids(&work.run.case, &work.group.id).await?;
            params.insert("media".to_owned(), media.iter().map(NativeId::as_str).collect());
        }
        Ok(Call {
            op: match work.step.op {
                StepOp::Dissolve if work.state.undoing => Op::Restore,
                other => other.op().unwrap_or(Op::Verify),
            },
            group: work.run.part.native.clone(),
            key: format!("{}:{}:{}", work.run.case, work.group.id, work.step.id),
            undo: work.state.undoing && work.step.op != StepOp::Dissolve,
            params,
            memo: work.state.memo.clone(),
            authority: Authority {
                case: work.run.case.clone(),
                plan_hash: work.run.plan_hash,
                group: work.group.id.clone(),
                step: work.step.id.clone(),
                place: u32::try_from(work.place).unwrap_or(u32::MAX),
                undo: work.state.undoing,
                attempt: work.state.attempts,
                fence: work.fence,
            },
        })
    }

    async fn act(
        &self,
        work: &Work<'_>,
        returned: &impl Fn(Effect, Option<&AppError>, Option<u64>, Value) -> RunCommand,
    ) -> RunCommand {
        let call = match self.call(work).await {
            Ok(call) => call,
            Err(error) => return returned(Effect::NotApplied, Some(&error), Some(1), Value::Null),
        };
        self.points.hit(&format!("act.before.{}", work.step.op.slug()));
        let result = self.platforms.act(&work.connection, &call).await;
        self.points.hit(&format!("act.after.{}", work.step.op.slug()));
        match result {
            Ok(memo) => returned(Effect::Applied, None, None, memo),
            Err(error) => {
                let retry = error.retry_s.unwrap_or_else(|| pause_s(work.state.attempts));
                let effect = error.effect;
                let error = AppError::from(error);
                problem(&error);
                returned(effect, Some(&error), Some(retry), Value::Null)
            }
        }
    }

    /// Closes the archive bag and has it time-stamped and deposited.
    async fn seal(&self, work: &Work<'_>) -> Result<(), AppError> {
        let (case, group) = (&work.run.case, &work.group.id);
        let receipt = work.run.receipt.as_ref().ok_or_else(|| AppError::new("export.incomplete"))?;
        let snapshot = work.group.snapshot.as_ref().ok_or_else(|| AppError::new("group.unknown"))?;
        self.points.hit("seal.before");
        if self.vault.read_back(case, group).await?.is_none() {
            self.vault.seal(case, group, snapshot, receipt, self.clock.now()).await?;
        }
        self.points.hit("seal.after");
        if self.stamps.configured() && !self.vault.stamped(case, group).await? {
            let bytes = self.vault.seal_bytes(case, group).await?;
            let reply = self.stamps.stamp(&bytes).await?;
            self.vault.keep_stamp(case, group, &reply).await?;
            self.points.hit("seal.stamped");
        }
        if self.deposits.deposit() != Deposit::None && !self.vault.deposited(case, group).await? {
            let bytes = self.vault.seal_bytes(case, group).await?;
            if let Some(receipt) = self.deposits.receipt(&bytes, &format!("{case}/{group}/archive")).await? {
                self.vault.keep_deposit(case, group, &receipt).await?;
                self.points.hit("seal.deposited");
            }
        }
        Ok(())
    }
}

fn problem(error: &AppError) {
    tracing::warn!(code = error.code(), "a step was not done");
}

/// Pause before the next attempt: doubled each time.
fn pause_s(attempts: u32) -> u64 {
    1u64.checked_shl(attempts.saturating_sub(1)).unwrap_or(MAX_PAUSE_S).min(MAX_PAUSE_S)
}
