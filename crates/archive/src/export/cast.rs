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
    chosen: Option<NativeId>,
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
                    self.people.insert(key, participant);
                }
            }
            Line::Record(record) => {
                let at = self.place(record.conversation.as_ref());
                let Some(talk) = self.conversations.get_mut(at) else { return };
                talk.records += 1;
                talk.first = Some(talk.first.map_or(record.at, |first| first.min(record.at)));
                talk.last = Some(talk.last.map_or(record.at, |last| last.max(record.at)));
                if !record.sender.as_str().is_empty() && talk.senders.len() < MAX_PEOPLE {
                    let Record { sender, sender_name, .. } = *record;
                    let name = talk.senders.entry(sender).or_default();
                    *name = sender_name.or(name.take());
                }
            }
        }
    }

    /// Where a conversation is; a record that names none belongs to the only one, else to the one without an id.
    fn place(&mut self, id: Option<&NativeId>) -> usize {
        let nameless = NativeId(String::new());
        let id = match id {
            Some(id) => id,
            None if self.conversations.len() == 1 => return 0,
            None => &nameless,
        };
        if let Some(at) = self.places.get(id) {
            return *at;
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
        if !self.places.contains_key(id) {
            return Err(ExportError::Conversation { id: id.clone(), first: self.named() });
        }
        self.chosen = Some(id.clone());
        Ok(())
    }

    /// Records that name no conversation belong to the only one that there is, even where it was told of after them.
    fn join(&mut self) {
        let nameless = NativeId(String::new());
        let (Some(at), 2) = (self.places.get(&nameless).copied(), self.conversations.len()) else { return };
        if self.conversations.get(1 - at).is_none_or(|other| other.records > 0) {
            return;
        }
        let other = self.conversations.remove(1 - at);
        self.places.clear();
        self.places.insert(other.about.id.clone(), 0);
        self.places.insert(nameless, 0);
        if let Some(talk) = self.conversations.first_mut() {
            talk.about = other.about;
        }
    }

    /// Whether a record is to be written.
    pub(super) fn wanted(&self, record: &Record) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        self.of(record).is_some_and(|talk| talk.about.id == *chosen)
    }

    /// Whether a line is about what is to be written.
    pub(super) fn about(&self, line: &Line) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        match line {
            Line::Archive(_) => true,
            Line::Conversation(conversation) => conversation.id == *chosen,
            Line::Participant(person) => person.conversation.as_ref().is_none_or(|of| of == chosen),
            Line::Record(record) => self.wanted(record),
        }
    }

    /// The file's own words about itself.
    pub(super) fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// The platform as the source names it, else `unknown`.
    pub(super) fn platform(&self) -> &str {
        self.head.as_ref().map(|head| head.platform.as_str()).filter(|name| !name.is_empty()).unwrap_or("unknown")
    }

    /// The conversations that are to be written.
    pub(super) fn talks(&self) -> impl Iterator<Item = &Talk> {
        self.conversations.iter().filter(|talk| match &self.chosen {
            Some(chosen) => talk.about.id == *chosen,
            None => talk.records > 0,
        })
    }

    /// The number of a record's conversation.
    pub(super) fn number(&self, record: &Record) -> usize {
        match &record.conversation {
            Some(id) => self.places.get(id).copied(),
            None if self.conversations.len() == 1 => Some(0),
            None => self.places.get(&NativeId(String::new())).copied(),
        }
        .unwrap_or(self.conversations.len().saturating_sub(1))
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
            None => told().unwrap_or(id.as_str()).to_owned(),
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
        let one = self.conversations.len() == 1;
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
    /// Its name, else its id.
    pub(super) fn name(&self) -> &str {
        self.about.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.about.id.as_str())
    }
}
