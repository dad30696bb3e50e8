//! Steps that another party does: what it is sent, and what its answer is.
//!
//! A message is canonical JSON told from the plan and the journal, so that it is the same whenever it is made; message and
//! answer go into the case bag.

use adjourn_domain::call::ReadBack;
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::capability::Effect;
use adjourn_domain::event::GroupEvent;
use adjourn_domain::party::{Answer, Errand, party_of};
use adjourn_domain::plan::Step;
use adjourn_domain::run::{GroupState, Run, StepRun, StepState};
use serde_json::{Map, Value, json};

use crate::App;
use crate::error::AppError;
use crate::ports::{PartyError, PartyLook};

/// Shortest and longest pause between two looks for an answer, in seconds.
const PAUSES_S: (u64, u64) = (5, 3600);

impl App {
    /// Sends what the step says; the key makes a second time count once.
    pub(crate) async fn send_party(
        &self,
        group: &GroupState,
        run: &Run,
        step: &Step,
    ) -> Result<Value, PartyError> {
        let ours = |error: AppError| PartyError {
            code: error.code(),
            effect: Effect::NotApplied,
            retry_s: None,
            says: error.to_string(),
        };
        let party = party_of(step).ok_or_else(|| ours(AppError::new("party.unknown")))?;
        let message = self.message(group, run, step).await.map_err(ours)?;
        self.vault
            .keep_evidence(&run.case, &group.id, &format!("message-{}.json", step.id), &message)
            .await
            .map_err(ours)?;
        let receipt = self.around.parties.send(party, &key(group, run, step), &message).await?;
        Ok(json!({"sent": Hash::of(&message), "receipt": receipt}))
    }

    /// Looks for the answer; a person who was asked may have brought it.
    pub(crate) async fn look_party(
        &self,
        group: &GroupState,
        run: &Run,
        step: &Step,
        state: &StepRun,
    ) -> Result<ReadBack, AppError> {
        let party = party_of(step).ok_or_else(|| AppError::new("party.unknown"))?;
        let message = self.message(group, run, step).await?;
        let waited = match state.state {
            StepState::Checking { since, .. } => self.clock.now().secs_since(since),
            _ => 0,
        };
        let later = ReadBack::later((waited / 4).clamp(PAUSES_S.0, PAUSES_S.1));
        let answer = |accepted, reference: String, says: String, received, by_hand, simulated| Answer {
            party,
            accepted,
            reference,
            says,
            at: self.clock.now(),
            sent: Hash::of(&message),
            received,
            by_hand,
            simulated,
        };
        let found = match self.around.parties.look(party, &key(group, run, step), &message).await {
            Ok(PartyLook::Answered { answer: came, bytes }) => {
                let name = format!("answer-{}.json", step.id);
                self.vault.keep_evidence(&run.case, &group.id, &name, &bytes).await?;
                answer(came.accepted, came.reference, came.says, Hash::of(&bytes), false, came.simulated)
            }
            // A channel that fails is no reason not to take what a person brought.
            other => match (self.brought(group, run, step).await?, other) {
                (Some(received), _) => answer(true, String::new(), String::new(), received, true, false),
                (None, Ok(PartyLook::Lost)) => return Ok(ReadBack::is(false)),
                (None, Err(error)) => {
                    tracing::warn!(code = error.code, "no answer could be read");
                    return Ok(later);
                }
                (None, Ok(_)) => return Ok(later),
            },
        };
        let memo = json!({"answer": found});
        Ok(ReadBack { effect: Effect::Applied, retry_s: None, memo })
    }

    /// The hash of what a person brought for this step of this run.
    async fn brought(&self, group: &GroupState, run: &Run, step: &Step) -> Result<Option<Hash>, AppError> {
        let events = self.journal.group_events(&group.id).await?;
        let mut brought = None;
        for (_, event) in events {
            match event {
                GroupEvent::RunStarted { plan_hash, .. } if plan_hash == run.plan_hash => brought = None,
                GroupEvent::PersonDone { step: done, evidence, .. } if done == step.id => {
                    brought = evidence.first().map(|file| file.sha256);
                }
                _ => {}
            }
        }
        Ok(brought)
    }

    /// What a party is sent, canonical.
    async fn message(&self, group: &GroupState, run: &Run, step: &Step) -> Result<Vec<u8>, AppError> {
        let errand = step.text("errand").unwrap_or_default();
        let mut message = Map::from_iter([
            ("adjourn".to_owned(), json!("party-message/v1")),
            ("key".to_owned(), json!(key(group, run, step))),
            ("party".to_owned(), json!(step.text("party"))),
            ("errand".to_owned(), json!(errand)),
            ("awaits".to_owned(), json!(step.text("awaits"))),
            ("case".to_owned(), json!(run.case)),
            ("group".to_owned(), json!(group.id)),
            ("name".to_owned(), json!(run.part.name)),
            ("platform".to_owned(), json!(run.part.platform)),
            ("plan_hash".to_owned(), json!(run.plan_hash)),
        ]);
        if let Some(matter) = step.text("matter") {
            message.insert("matter".to_owned(), json!(matter));
        }
        if let Some(text) = step.text("text") {
            message.insert("text".to_owned(), json!(text));
        }
        let archive = || {
            json!({
                "archive_sha256": run.seal_read_back,
                "records": run.receipt.as_ref().map(|receipt| receipt.total),
                "counts": run.receipt.as_ref().map(|receipt| &receipt.counts),
                "complete": run.receipt.as_ref().map(|receipt| receipt.complete),
                "retention": run.part.way.retention,
            })
        };
        if errand == Errand::Minutes.slug() {
            let signed = self.minutes(group).await?;
            let texts: Map<String, Value> = self
                .around
                .words
                .minutes(&signed.minutes)
                .into_iter()
                .map(|(language, text)| (language, json!(text)))
                .collect();
            message.insert("minutes".to_owned(), json!(signed));
            message.insert("printable".to_owned(), Value::Object(texts));
        } else if [Errand::Deposit, Errand::Record].map(Errand::slug).contains(&errand) {
            message.insert("archive".to_owned(), archive());
        } else if errand == Errand::Feed.slug() {
            message.insert("archive".to_owned(), archive());
            let money: Vec<_> = run
                .part
                .way
                .links
                .iter()
                .filter(|link| link.kind == adjourn_domain::group::LinkKind::Payment)
                .collect();
            message.insert("payments_open".to_owned(), json!(money));
        }
        Ok(canonical_json(&message)?)
    }
}

/// The key of a step's message: never the attempt.
fn key(group: &GroupState, run: &Run, step: &Step) -> String {
    format!("{}:{}:{}", run.case, group.id, step.id)
}
