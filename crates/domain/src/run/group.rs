//! A group as its stream tells it.

use std::collections::BTreeMap;

use super::{Hold, Phase, Run, Upkeep, kinds, start};
use crate::call::Heard;
use crate::canonical::Hash;
use crate::event::GroupEvent;
use crate::group::{Kind, Snapshot};
use crate::ids::{CaseId, GroupId, HoldId, IdentityId, PrincipalId, ReactionId};
use crate::notice::Read;
use crate::plan::GroupPlan;
use crate::pseudonyms::PseudonymsKey;
use crate::reaction::Reaction;
use crate::register::Registration;
use crate::retention::Records;
use crate::time::Time;

/// The state of a group: its events folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupState {
    /// The group.
    pub id: GroupId,
    /// Events folded so far; the stream's version.
    pub version: u64,
    /// How it was last seen.
    pub snapshot: Option<Snapshot>,
    /// Its class.
    pub class: String,
    /// What the ledger says about it.
    pub registration: Option<Box<Registration>>,
    /// What is owed to it, and until when it was renewed.
    pub upkeep: Box<Upkeep>,
    /// Holds on it.
    pub holds: BTreeMap<HoldId, Hold>,
    /// The newest part of a plan, with the hash of the plan and the reason.
    pub part: Option<(CaseId, Hash, String, GroupPlan)>,
    /// The newest run.
    pub run: Option<Run>,
    /// Reactions to its end.
    pub reactions: BTreeMap<ReactionId, Reaction>,
    /// Who has read the members' notice, by reader.
    pub readers: BTreeMap<String, Read>,
    /// How often the links of a reader of that notice were taken back.
    pub notice_series: BTreeMap<Option<String>, u32>,
    /// What the platform told identities by itself, in the order in which it came.
    pub heard: Vec<(IdentityId, Heard)>,
    /// What was decided about its record.
    pub records: Records,
    /// Who asked to destroy its key, as long as that counts: a hold or another decision since then, and both sign again.
    pub key_destroy_asked_by: Option<PrincipalId>,
    /// What became of the key of its pseudonyms.
    pub pseudonyms: Box<PseudonymsKey>,
}

impl GroupState {
    /// A group of which nothing is known yet.
    pub fn new(id: GroupId) -> Self {
        Self {
            id,
            version: 0,
            snapshot: None,
            class: String::new(),
            registration: None,
            upkeep: Box::default(),
            holds: BTreeMap::new(),
            part: None,
            run: None,
            reactions: BTreeMap::new(),
            readers: BTreeMap::new(),
            notice_series: BTreeMap::new(),
            heard: Vec::new(),
            records: Records::default(),
            key_destroy_asked_by: None,
            pseudonyms: Box::default(),
        }
    }

    /// Folds events with the time of each.
    pub fn fold<'a>(id: GroupId, events: impl IntoIterator<Item = (Time, &'a GroupEvent)>) -> Self {
        events.into_iter().fold(Self::new(id), |state, (at, event)| state.evolve(at, event))
    }

    /// Whether a run is under way.
    pub fn running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !matches!(run.phase, Phase::Ended(_)))
    }

    /// The kind that the register says, where it counts: what a platform shows counts more, unless that is an ordinary group.
    pub fn registered_kind(&self) -> Option<Kind> {
        let shown = self.snapshot.as_ref().map(|snapshot| snapshot.kind).unwrap_or_default();
        let said = self.registration.as_ref().and_then(|known| known.kind);
        said.filter(|_| shown == Kind::Ordinary)
    }

    /// The state after one event that was recorded at `at`.
    #[must_use]
    pub fn evolve(mut self, at: Time, event: &GroupEvent) -> Self {
        self.apply(at, event);
        self
    }

    /// Applies one event that was recorded at `at`.
    pub fn apply(&mut self, at: Time, event: &GroupEvent) {
        self.version += 1;
        self.records.note(at, event);
        self.pseudonyms.note(at, event);
        if !self.records.released() || matches!(event, GroupEvent::HoldAdded { .. }) {
            self.key_destroy_asked_by = None;
        }
        match event {
            GroupEvent::Seen { snapshot, class } => {
                self.upkeep.seen(self.snapshot.as_ref(), snapshot, self.registration.as_deref());
                self.snapshot = Some((**snapshot).clone());
                self.class.clone_from(class);
            }
            GroupEvent::Registered { registration } => {
                self.upkeep.registered(self.registration.as_deref(), registration);
                self.registration = Some(registration.clone());
            }
            GroupEvent::SuccessorOwed(_)
            | GroupEvent::Renewed(_)
            | GroupEvent::RenewalAsked(_)
            | GroupEvent::RenewalAnswered(_) => self.upkeep.note(at, event),
            GroupEvent::HoldAdded { hold, matter, by } => {
                let entry = Hold { matter: matter.clone(), by: by.clone(), at, lift_asked_by: None };
                self.holds.insert(hold.clone(), entry);
            }
            GroupEvent::HoldLiftAsked { hold, statement, .. } => {
                if let Some(entry) = self.holds.get_mut(hold) {
                    entry.lift_asked_by = Some(statement.principal.clone());
                }
            }
            GroupEvent::HoldLifted { hold, .. } => {
                self.holds.remove(hold);
                if let Some(run) = self.run.as_mut() {
                    run.look_again();
                }
            }
            GroupEvent::PlanPart { case, plan_hash, reason, part } => {
                self.part = Some((case.clone(), *plan_hash, reason.clone(), (**part).clone()));
            }
            GroupEvent::RunStarted { case, plan_hash } => {
                if let Some((_, _, _, part)) = self.part.as_ref().filter(|(_, hash, _, _)| hash == plan_hash)
                {
                    self.run = Some(start(case.clone(), *plan_hash, part.clone(), at));
                }
            }
            GroupEvent::Heard { identity, heard } => {
                self.heard.push((identity.clone(), (**heard).clone()));
            }
            // Said for those who look later; what it says came beside it.
            GroupEvent::OutpostSaid(_)
            | GroupEvent::OriginalRead(_)
            | GroupEvent::ArchiveStored(_)
            | GroupEvent::ArchiveFetched(_)
            | GroupEvent::PseudonymsAsked(_)
            | GroupEvent::PseudonymsDestroyed(_) => {}
            GroupEvent::KeyDestroyAsked { statement, .. } => {
                self.key_destroy_asked_by = Some(statement.principal.clone());
            }
            GroupEvent::NoticeRead { reader, name } => {
                self.readers.entry(reader.clone()).or_insert_with(|| Read { at, name: name.clone() });
            }
            GroupEvent::NoticeRevoked { reader, .. } => {
                let series = self.notice_series.entry(reader.clone()).or_default();
                *series = series.saturating_add(1);
            }
            GroupEvent::ReactionAdded { .. }
            | GroupEvent::ReactionAnswered { .. }
            | GroupEvent::ReactionEscalated { .. } => kinds::note_reaction(&mut self.reactions, at, event),
            other => {
                if let Some(run) = self.run.as_mut() {
                    run.evolve(at, other);
                }
            }
        }
    }
}
