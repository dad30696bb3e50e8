//! Who took part in what, gathered in one pass before anything is written.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;
use adjourn_domain::time::Time;

use super::ExportError;
use crate::model::{Conversation, ConversationKind, Head, Line, Participant};

/// Most participants whose names are known. Of later ones a record's own name is shown, else their account.
const MAX_PEOPLE: usize = 1_000_000;
/// Most conversations; records of later ones count to the last.
const MAX_CONVERSATIONS: usize = 200_000;
/// Conversations that a refusal names.
const NAMED: usize = 12;

/// Who took part in what.
#[derive(Debug, Default)]
pub(super) struct Cast {
    head: Option<Head>,
    /// In the order in which they are first named.
    conversations: Vec<Talk>,
    places: HashMap<NativeId, usize>,
    people: HashMap<(NativeId, Option<NativeId>), Participant>,
    /// Names of accounts, wherever they were told.
    accounts: HashMap<NativeId, String>,
    chosen: Option<usize>,
}

/// A conversation, with what its records say of it.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) about: Conversation,
    pub(super) records: u64,
    pub(super) first: Option<Time>,
    pub(super) last: Option<Time>,
    /// Who sent, and under which name last; nobody twice.
    senders: BTreeMap<NativeId, Option<String>>,
}

impl Cast {
    /// Takes a line in.
    pub(super) fn take(&mut self, line: Line) {
        match line {
            Line::Archive(head) => self.head = self.head.take().or(Some(head)),
            Line::Conversation(conversation) => {
                let at = self.place(Some(&conversation.id));
                if let Some(talk) = self.conversations.get_mut(at) {
                    talk.about = conversation;
                }
            }
            Line::Participant(participant) => {
                let key = (participant.id.clone(), participant.conversation.clone());
                if self.people.len() < MAX_PEOPLE || self.people.contains_key(&key) {
                    if let Some(name) = participant.name.clone().filter(|name| !name.is_empty()) {
                        self.accounts.insert(participant.id.clone(), name);
                    }
                    self.people.insert(key, participant);
                }
            }
            Line::Record(record) => {
                self.record(&record);
            }
        }
    }

    /// Takes a record in, and gives the number of its conversation.
    pub(super) fn record(&mut self, record: &Record) -> usize {
        let at = self.place(record.conversation.as_ref());
        if let Some(talk) = self.conversations.get_mut(at) {
            talk.take(record);
        }
        at
    }

    /// Where a conversation is. A record that names none belongs to the first one that there is.
    fn place(&mut self, id: Option<&NativeId>) -> usize {
        let nameless = NativeId(String::new());
        let id = id.unwrap_or(&nameless);
        if let Some(at) = self.places.get(id) {
            return *at;
        }
        if id.as_str().is_empty() && !self.conversations.is_empty() {
            self.places.insert(nameless, 0);
            return 0;
        }
        let at = self.conversations.len();
        if at >= MAX_CONVERSATIONS {
            return at - 1;
        }
        self.places.insert(id.clone(), at);
        self.conversations.push(Talk {
            about: Conversation::new(id.clone(), ConversationKind::Group, None),
            records: 0,
            first: None,
            last: None,
            senders: BTreeMap::new(),
        });
        at
    }

    /// Everything was taken in; limits what is written to one conversation.
    pub(super) fn settle(&mut self, id: Option<&NativeId>) -> Result<(), ExportError> {
        self.join();
        let Some(id) = id else { return Ok(()) };
        self.chosen = self.places.get(id).copied();
        match self.chosen {
            Some(_) => Ok(()),
            None => Err(ExportError::Conversation { id: id.clone(), first: self.named() }),
        }
    }

    /// Records that name no conversation belong to the only one that there is, even where it was told of after them.
    fn join(&mut self) {
        let [nameless, other] = self.conversations.as_mut_slice() else { return };
        if nameless.about.id.as_str().is_empty() && other.records == 0 {
            self.places.insert(other.about.id.clone(), 0);
            std::mem::swap(&mut nameless.about, &mut other.about);
        }
    }

    /// Whether a record is to be written.
    pub(super) fn wanted(&self, record: &Record) -> bool {
        self.chosen.is_none_or(|chosen| self.number(record) == chosen)
    }

    /// The number of the one conversation that is to be written, where it is one.
    pub(super) fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// Records that are not to be written.
    pub(super) fn left_out(&self) -> u64 {
        let all: u64 = self.conversations.iter().map(|talk| talk.records).sum();
        all - self.talks().map(|talk| talk.records).sum::<u64>()
    }

    /// Whether a line is about what is to be written.
    pub(super) fn about(&self, line: &Line) -> bool {
        let Some(chosen) = self.chosen else { return true };
        let is_chosen = |id: &NativeId| self.places.get(id) == Some(&chosen);
        match line {
            Line::Archive(_) => true,
            Line::Conversation(conversation) => is_chosen(&conversation.id),
            Line::Participant(person) => person.conversation.as_ref().is_none_or(is_chosen),
            Line::Record(record) => self.wanted(record),
        }
    }

    /// The platform as the source names it, else `unknown`.
    pub(super) fn platform(&self) -> &str {
        self.head.as_ref().map(|head| head.platform.as_str()).filter(|name| !name.is_empty()).unwrap_or("unknown")
    }

    /// The conversations that are to be written.
    pub(super) fn talks(&self) -> impl Iterator<Item = &Talk> {
        self.numbered().map(|(_, talk)| talk)
    }

    /// The same, with their numbers.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &Talk)> {
        let wanted =
            |(at, talk): &(usize, &Talk)| self.chosen.map_or(talk.records > 0, |chosen| *at == chosen);
        self.conversations.iter().enumerate().filter(wanted)
    }

    /// The number of a record's conversation.
    pub(super) fn number(&self, record: &Record) -> usize {
        let nameless = NativeId(String::new());
        let id = record.conversation.as_ref().unwrap_or(&nameless);
        self.places.get(id).copied().unwrap_or(self.conversations.len().saturating_sub(1))
    }

    /// A record's conversation.
    pub(super) fn of(&self, record: &Record) -> Option<&Talk> {
        self.talk(self.number(record))
    }

    /// A conversation by its number.
    pub(super) fn talk(&self, number: usize) -> Option<&Talk> {
        self.conversations.get(number)
    }

    /// The one conversation of formats that hold no more.
    pub(super) fn only(&self) -> Result<&Talk, ExportError> {
        let mut talks = self.talks();
        let first = talks.next().or(self.conversations.first());
        match (first, talks.count()) {
            (Some(talk), 0) => Ok(talk),
            (None, _) => Err(ExportError::Several { of: 0, first: String::new() }),
            (Some(_), more) => Err(ExportError::Several { of: more + 1, first: self.named() }),
        }
    }

    /// What is known of an account in a conversation, else everywhere.
    pub(super) fn person(&self, id: &NativeId, talk: &NativeId) -> Option<&Participant> {
        self.people.get(&(id.clone(), Some(talk.clone()))).or_else(|| self.people.get(&(id.clone(), None)))
    }

    /// The name under which an account is shown in a conversation.
    pub(super) fn name(&self, id: &NativeId, talk: &Talk) -> String {
        let told = || talk.senders.get(id).and_then(Option::as_deref).filter(|name| !name.is_empty());
        match self.person(id, &talk.about.id).map(Participant::shown).filter(|name| *name != id.as_str()) {
            Some(name) => name.to_owned(),
            None => {
                let known = || self.accounts.get(id).map(String::as_str);
                told().or_else(known).unwrap_or(id.as_str()).to_owned()
            }
        }
    }

    /// The name of a record's sender as it was shown then.
    pub(super) fn sender(&self, record: &Record) -> String {
        match (record.sender_name.as_deref().filter(|name| !name.is_empty()), self.of(record)) {
            (Some(name), _) => name.to_owned(),
            (None, Some(talk)) => self.name(&record.sender, talk),
            (None, None) => record.sender.to_string(),
        }
    }

    /// Everybody in a conversation, by account: those that are listed for it, and those that sent something. Where the archive has one conversation, people
    /// that are listed for none are in it.
    pub(super) fn people(&self, talk: &Talk) -> BTreeMap<NativeId, Participant> {
        let one = self.conversations.iter().filter(|talk| talk.records > 0).count() < 2;
        let mut people = BTreeMap::new();
        for sender in talk.senders.keys() {
            let known = self.person(sender, &talk.about.id);
            let known = known.cloned().unwrap_or_else(|| Participant {
                nickname: talk.senders.get(sender).cloned().flatten(),
                ..Participant::new(sender.clone())
            });
            people.insert(sender.clone(), known);
        }
        for ((id, of), person) in &self.people {
            let here = of.as_ref().map_or(one, |of| *of == talk.about.id);
            if here && (of.is_some() || !people.contains_key(id)) {
                people.insert(id.clone(), person.clone());
            }
        }
        people
    }

    fn named(&self) -> String {
        let mut text = String::new();
        let talks: Vec<&Talk> = self.conversations.iter().filter(|talk| talk.records > 0).collect();
        for talk in talks.iter().take(NAMED) {
            let between = if text.is_empty() { "" } else { ", " };
            let name = talk.about.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            // Writing to a String can't fail.
            let _ = write!(text, "{between}{}{name}", talk.about.id);
        }
        if talks.len() > NAMED {
            text.push_str(" …");
        }
        text
    }
}

impl Talk {
    fn take(&mut self, record: &Record) {
        self.records += 1;
        self.first = Some(self.first.map_or(record.at, |first| first.min(record.at)));
        self.last = Some(self.last.map_or(record.at, |last| last.max(record.at)));
        let told = record.sender_name.as_ref().filter(|name| !name.is_empty());
        if let Some(name) = self.senders.get_mut(&record.sender) {
            if told.is_some() && *name != told.cloned() {
                *name = told.cloned();
            }
        } else if !record.sender.as_str().is_empty() && self.senders.len() < MAX_PEOPLE {
            self.senders.insert(record.sender.clone(), told.cloned());
        }
    }

    /// Its name, else its id.
    pub(super) fn name(&self) -> &str {
        self.about.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.about.id.as_str())
    }
}
