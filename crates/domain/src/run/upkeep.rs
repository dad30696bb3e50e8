//! What the register owes to a group while it goes on: a successor for who leaves, and a renewal before it expires.

use super::{GroupState, Phase};
use crate::asset::{Day, Length};
use crate::event::{Ending, GroupEvent};
use crate::group::Snapshot;
use crate::ids::{OwnerId, PrincipalId};
use crate::refusal::Refusal;
use crate::register::Registration;
use crate::renewal::{Asked, MAX_ANSWER, MAX_YEARS, OwnerAnswer, Renewal, Word};
use crate::succession::{Debts, Owed};
use crate::time::Time;
use crate::verdict::Verdict;

/// A wish about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpkeepCommand {
    /// A successor is owed.
    Owe(Box<Owed>),
    /// It is needed for longer.
    Renew {
        /// Until when, and who says so.
        renewal: Box<Renewal>,
        /// The present day, where the organisation is.
        today: Day,
    },
    /// The owner is asked.
    Ask(Box<Asked>),
    /// The owner answers.
    Answer {
        /// What.
        answer: Box<OwnerAnswer>,
        /// The present day, where the organisation is.
        today: Day,
    },
}

/// Debts and renewal of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upkeep {
    /// Successors that are owed.
    pub debts: Debts,
    /// The newest renewal, with the time of it. Gone when the register names another last day afterwards.
    pub renewed: Option<(Renewal, Time)>,
    /// The question that its owner has not answered.
    pub asked: Option<Asked>,
    /// The owner's newest answer, with the time of it, until the group is renewed by somebody else or has another owner.
    pub answered: Option<(OwnerAnswer, Time)>,
}

/// Until when a group is needed, and on whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry<'a> {
    /// The register's.
    Register(Day),
    /// A renewal's, with the time of it.
    Renewal(&'a Renewal, Time),
}

impl Expiry<'_> {
    /// The last day.
    pub fn day(self) -> Day {
        match self {
            Self::Register(day) => day,
            Self::Renewal(renewal, _) => renewal.until,
        }
    }
}

impl Upkeep {
    pub(super) fn seen(
        &mut self,
        before: Option<&Snapshot>,
        after: &Snapshot,
        registration: Option<&Registration>,
    ) {
        self.debts.seen(before, after, registration);
    }

    pub(super) fn registered(&mut self, before: Option<&Registration>, after: &Registration) {
        let expires = |known: &Registration| known.asset.expires;
        if before.and_then(expires) != expires(after) {
            self.renewed = None;
        }
        if before.is_some_and(|before| before.owner != after.owner) {
            self.asked = None;
            self.answered = None;
        }
        self.debts.registered(after);
    }

    pub(super) fn note(&mut self, at: Time, event: &GroupEvent) {
        match event {
            GroupEvent::SuccessorOwed(owed) => self.debts.owe(at, (**owed).clone()),
            GroupEvent::Renewed(renewal) => {
                self.renewed = Some(((**renewal).clone(), at));
                self.asked = None;
                self.answered = None;
            }
            GroupEvent::RenewalAsked(asked) => {
                self.asked = Some((**asked).clone());
                self.answered = None;
            }
            GroupEvent::RenewalAnswered(answer) => {
                self.asked = None;
                self.answered = Some(((**answer).clone(), at));
            }
            _ => {}
        }
    }
}

impl GroupState {
    /// Until when it is needed, if anybody said so.
    pub fn expiry(&self) -> Option<Expiry<'_>> {
        if let Some((renewal, at)) = &self.upkeep.renewed {
            return Some(Expiry::Renewal(renewal, *at));
        }
        self.registration.as_ref()?.asset.expires.map(Expiry::Register)
    }

    /// Whether it is known to be over, so that nobody has to look after it any more.
    pub fn over(&self) -> bool {
        self.run.as_ref().is_some_and(|run| {
            let ended = matches!(run.phase, Phase::Ended(Ending::Observed | Ending::Rebuilt));
            ended && run.verdict == Some(Verdict::Gone)
        })
    }

    pub(super) fn decide_upkeep(&self, command: UpkeepCommand) -> Result<Vec<GroupEvent>, Refusal> {
        if self.over() {
            return Err(Refusal::new("register.over").with("group", &self.id));
        }
        match command {
            UpkeepCommand::Owe(owed) if self.upkeep.debts.knows(&owed) => Ok(Vec::new()),
            UpkeepCommand::Owe(owed) => Ok(vec![GroupEvent::SuccessorOwed(owed)]),
            UpkeepCommand::Renew { renewal, today } => self.decide_renew(renewal, today),
            UpkeepCommand::Ask(asked) if self.owner() != Some(&asked.owner) => {
                Err(Refusal::new("renew.unregistered").with("group", &self.id))
            }
            UpkeepCommand::Ask(asked) if self.upkeep.asked.as_ref() == Some(&*asked) => Ok(Vec::new()),
            UpkeepCommand::Ask(asked) => Ok(vec![GroupEvent::RenewalAsked(asked)]),
            UpkeepCommand::Answer { answer, today } => self.decide_answer(answer, today),
        }
    }

    fn owner(&self) -> Option<&OwnerId> {
        self.registration.as_ref().map(|known| &known.owner)
    }

    /// One answer to one question; the owner of then has to be the owner still.
    fn decide_answer(&self, answer: Box<OwnerAnswer>, today: Day) -> Result<Vec<GroupEvent>, Refusal> {
        let asked = self.upkeep.asked.as_ref();
        let open = asked.is_some_and(|asked| {
            asked.owner == answer.owner
                && asked.link_until == answer.link_until
                && self.owner() == Some(&answer.owner)
        });
        if !open {
            return Err(Refusal::new("renew.answered").with("group", &self.id));
        }
        if answer.text.as_ref().is_some_and(|text| text.chars().count() > MAX_ANSWER) {
            return Err(Refusal::new("renew.answer").with("limit", MAX_ANSWER));
        }
        let mut events = match answer.word {
            Word::Needed { until } => {
                let by = PrincipalId(answer.owner.0.clone());
                self.decide_renew(Box::new(Renewal { by, until, answer: answer.text.clone() }), today)?
            }
            Word::NotNeeded | Word::NotMine => Vec::new(),
        };
        events.push(GroupEvent::RenewalAnswered(answer));
        Ok(events)
    }

    fn decide_renew(&self, renewal: Box<Renewal>, today: Day) -> Result<Vec<GroupEvent>, Refusal> {
        if self.registration.is_none() {
            return Err(Refusal::new("renew.unregistered").with("group", &self.id));
        }
        let latest = today.later(Length::Years(MAX_YEARS)).unwrap_or(today);
        if renewal.until < today || renewal.until > latest {
            return Err(Refusal::new("renew.until")
                .with("until", renewal.until)
                .with("earliest", today)
                .with("latest", latest));
        }
        if renewal.answer.as_ref().is_some_and(|answer| answer.chars().count() > MAX_ANSWER) {
            return Err(Refusal::new("renew.answer").with("limit", MAX_ANSWER));
        }
        let known = self.upkeep.renewed.as_ref().is_some_and(|(known, _)| *known == *renewal);
        Ok(if known { Vec::new() } else { vec![GroupEvent::Renewed(renewal)] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;
    use crate::case::CaseState;
    use crate::run::RunCommand;

    fn day(text: &str) -> Day {
        Day::read(text).unwrap()
    }

    fn registered(expires: &str, unit: Option<&str>) -> GroupEvent {
        GroupEvent::Registered {
            registration: Box::new(Registration {
                owner: "o-1".into(),
                owner_name: "Li".to_owned(),
                contact: "1".to_owned(),
                purpose: None,
                kind: None,
                ledger: None,
                row: 0,
                asset: Asset {
                    expires: Some(day(expires)),
                    unit: unit.map(str::to_owned),
                    ..Asset::default()
                },
            }),
        }
    }

    fn renew(group: &GroupState, until: &str) -> Result<Vec<GroupEvent>, Refusal> {
        let renewal = Renewal { by: "p-1".into(), until: day(until), answer: None };
        let command = UpkeepCommand::Renew { renewal: Box::new(renewal), today: day("2026-11-28") };
        group.decide(&CaseState::new("c-none".into()), RunCommand::Upkeep(command), Time::from_millis(1))
    }

    #[test]
    fn req_g1_a_renewal_counts_until_the_register_names_another_day() {
        let at = Time::from_millis(7);
        let group = GroupState::new("g-1".into());
        assert_eq!(renew(&group, "2027-01-01").unwrap_err().code, "renew.unregistered");
        let group = group.evolve(at, &registered("2026-12-01", None));
        assert_eq!(group.expiry().unwrap().day(), day("2026-12-01"));
        for wrong in ["2026-11-27", "2036-11-29"] {
            assert_eq!(renew(&group, wrong).unwrap_err().code, "renew.until");
        }
        let events = renew(&group, "2027-12-01").unwrap();
        let group = GroupState::fold("g-1".into(), [(at, &registered("2026-12-01", None)), (at, &events[0])]);
        assert_eq!(group.expiry().unwrap().day(), day("2027-12-01"));
        assert_eq!(renew(&group, "2027-12-01").unwrap(), [], "the same word again is no news");
        let same = group.clone().evolve(at, &registered("2026-12-01", Some("Sales")));
        assert_eq!(same.expiry().unwrap().day(), day("2027-12-01"), "an old date in a ledger is no new word");
        let later = group.evolve(at, &registered("2027-03-01", None));
        assert_eq!(later.expiry(), Some(Expiry::Register(day("2027-03-01"))));
    }

    #[test]
    fn req_g1_an_owner_answers_one_question_once_and_not_needed_ends_nothing() {
        let at = Time::from_millis(7);
        let case = CaseState::new("c-none".into());
        let today = day("2026-11-28");
        let link_until = Time::from_millis(9_000);
        let asked = Asked { owner: "o-1".into(), link_until, by: "p-1".into() };
        let answer = |word: Word| {
            let shown = crate::renewal::Shown {
                name: "A".to_owned(),
                platform: "qq".to_owned(),
                expires: None,
                purpose: None,
            };
            let answer = OwnerAnswer { owner: "o-1".into(), link_until, word, text: None, shown };
            RunCommand::Upkeep(UpkeepCommand::Answer { answer: Box::new(answer), today })
        };
        let group = GroupState::new("g-1".into()).evolve(at, &registered("2026-12-01", None));
        let refused = group.decide(&case, answer(Word::NotNeeded), at).unwrap_err();
        assert_eq!(refused.code, "renew.answered", "nobody has asked");
        let ask = RunCommand::Upkeep(UpkeepCommand::Ask(Box::new(asked)));
        let events = group.decide(&case, ask, at).unwrap();
        let group = group.evolve(at, &events[0]);

        let events = group.decide(&case, answer(Word::NotNeeded), at).unwrap();
        assert_eq!(events.len(), 1);
        let over = events.iter().fold(group.clone(), |group, event| group.evolve(at, event));
        assert_eq!(over.expiry().unwrap().day(), day("2026-12-01"));
        assert!(over.part.is_none() && over.run.is_none());
        let again = over.decide(&case, answer(Word::NotMine), at).unwrap_err();
        assert_eq!(again.code, "renew.answered");

        let events = group.decide(&case, answer(Word::Needed { until: day("2027-06-30") }), at).unwrap();
        let needed = events.iter().fold(group.clone(), |group, event| group.evolve(at, event));
        assert_eq!(needed.expiry().unwrap().day(), day("2027-06-30"));
        assert_eq!(needed.upkeep.answered.unwrap().0.word.slug(), "needed");
        let late = group.decide(&case, answer(Word::Needed { until: day("2020-01-01") }), at).unwrap_err();
        assert_eq!(late.code, "renew.until");
    }

    #[test]
    fn rows_from_before_assets_read_and_are_written_as_they_were() {
        let old = format!(
            r#"{{"kind":"registered","registration":{{"owner":"o-1","owner_name":"Li","contact":"1","ledger":"{}","row":3}}}}"#,
            "0".repeat(64)
        );
        let event: GroupEvent = serde_json::from_str(&old).unwrap();
        let GroupEvent::Registered { registration } = &event else { panic!("{event:?}") };
        assert!(registration.asset.is_empty());
        assert_eq!(serde_json::to_string(&event).unwrap(), old);
    }
}
