//! What the kinds of groups add to a run: other parties' answers, the notice's length, the nominee's word, reactions.

use std::collections::BTreeMap;

use super::{GroupState, Run, StepState};
use crate::approval::DualAct;
use crate::event::GroupEvent;
use crate::ids::{PrincipalId, ReactionId};
use crate::notice::MAX_READERS;
use crate::party::Answer;
use crate::plan::{Note, Step, StepOp};
use crate::reaction::{self, MAX_REACTIONS, Reaction, Standing, What};
use crate::refusal::Refusal;
use crate::time::Time;

/// A wish about the ledger of reactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum React {
    /// Note one down.
    Add {
        /// Its id.
        reaction: ReactionId,
        /// What it is.
        what: What,
        /// In the member's words.
        text: String,
        /// Who reacted, as far as it is known.
        from: String,
        /// Who notes it down.
        by: PrincipalId,
    },
    /// Note down that a reader has read the notice.
    Read {
        /// The reader.
        reader: String,
        /// The name that they gave.
        name: Option<String>,
    },
    /// Take back the links that a reader of the notice was given so far.
    Revoke {
        /// The reader; none for the link that is everybody's.
        reader: Option<String>,
        /// By whom.
        by: PrincipalId,
    },
    /// Answer one.
    Answer {
        /// Its id.
        reaction: ReactionId,
        /// The answer.
        text: String,
        /// By whom.
        by: PrincipalId,
    },
    /// Hand one to somebody who decides.
    Escalate {
        /// Its id.
        reaction: ReactionId,
        /// To whom, in words.
        to: String,
        /// By whom.
        by: PrincipalId,
    },
}

/// The end of a notice period that begins now: the whole lead time, and not before the time that was announced.
pub(super) fn notice_end(step: &Step, now: Time) -> Time {
    let lead = now.plus_secs(step.number("seconds").unwrap_or(0));
    step.text("until").and_then(Time::parse).map_or(lead, |announced| announced.max(lead))
}

/// How long a group waits for the others of its case: the policy's patience, on top of what a notice or another party may
/// take with one of them.
pub(super) fn patience_s(run: &Run, step: &Step) -> u64 {
    run.part.policy.joint_patience_s.saturating_add(step.number("longest_s").unwrap_or(0))
}

/// The statement that stops a run after a refusal.
pub(super) fn refused(step: &str, answer: &Answer) -> Note {
    Note::new("drift-refused").with("party", answer.party.slug()).with("step", step)
}

/// Refuses what is irreversible while a party before it has not agreed, or the nominee has not accepted.
pub(super) fn guard(run: &Run) -> Result<(), Refusal> {
    for (step, state) in run.part.steps.iter().zip(&run.steps) {
        if step.op != StepOp::Party {
            continue;
        }
        let agreed = run.answers.get(&step.id).is_some_and(|answer| answer.accepted);
        if !agreed || state.state != StepState::Done {
            let party = step.text("party").unwrap_or_default();
            return Err(Refusal::new("party.open").with("case", &run.case).with("party", party));
        }
    }
    if let Some(nominee) = run.part.way.nominee.as_ref().filter(|_| run.accepted_at.is_none()) {
        return Err(Refusal::new("handover.open").with("case", &run.case).with("nominee", nominee));
    }
    Ok(())
}

pub(super) fn accept_handover(
    group: &GroupState,
    run: &Run,
    statement: DualAct,
    signature: String,
) -> Result<Vec<GroupEvent>, Refusal> {
    let nominated = run.part.way.nominee.as_ref() == Some(&statement.principal);
    if statement.act != "handover.accept" || statement.subject != group.id.0 || !nominated {
        return Err(Refusal::new("handover.nominee").with("principal", &statement.principal));
    }
    if run.accepted_at.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![GroupEvent::HandoverAccepted { statement, signature }])
}

pub(super) fn react(group: &GroupState, wish: React) -> Result<Vec<GroupEvent>, Refusal> {
    Ok(vec![match wish {
        // Whoever has read it has read it.
        React::Read { reader, .. } if group.readers.contains_key(&reader) => return Ok(Vec::new()),
        React::Read { .. } if group.readers.len() >= MAX_READERS => return Err(Refusal::new("notice.full")),
        React::Read { reader, name } => GroupEvent::NoticeRead { reader, name },
        React::Revoke { reader, by } => GroupEvent::NoticeRevoked { reader, by },
        // The same note twice is no news.
        React::Add { reaction, .. } if group.reactions.contains_key(&reaction) => return Ok(Vec::new()),
        React::Add { reaction, what, text, from, by } => {
            reaction::check_text(&text)?;
            if group.reactions.len() >= MAX_REACTIONS || from.chars().count() > reaction::MAX_TEXT {
                return Err(Refusal::new("reaction.text").with("count", group.reactions.len()));
            }
            GroupEvent::ReactionAdded { reaction, what, text, from, by }
        }
        React::Answer { reaction, text, by } => {
            reaction::check_text(&text)?;
            reaction::open(group, &reaction)?;
            GroupEvent::ReactionAnswered { reaction, text, by }
        }
        React::Escalate { reaction, to, by } => {
            reaction::check_text(&to)?;
            reaction::open(group, &reaction)?;
            GroupEvent::ReactionEscalated { reaction, to, by }
        }
    }])
}

pub(super) fn note_reaction(all: &mut BTreeMap<ReactionId, Reaction>, at: Time, event: &GroupEvent) {
    match event.clone() {
        GroupEvent::ReactionAdded { reaction, what, text, from, by } => {
            all.insert(reaction, Reaction { what, text, from, by, at, standing: Standing::Open });
        }
        GroupEvent::ReactionAnswered { reaction, text, by } => {
            if let Some(entry) = all.get_mut(&reaction) {
                entry.standing = Standing::Answered { text, by, at };
            }
        }
        GroupEvent::ReactionEscalated { reaction, to, by } => {
            if let Some(entry) = all.get_mut(&reaction) {
                entry.standing = Standing::Escalated { to, by, at };
            }
        }
        _ => {}
    }
}
