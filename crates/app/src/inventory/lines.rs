//! What is kept of each line of the inventory, so that a hundred thousand of them are searched in milliseconds and take a few ten megabytes.
//!
//! Invariant: `by_name` and `by_id` name the same lines, each once.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;

use super::{Card, Wanted};
use crate::register::{Marks, Rules};

/// Name and id: the order of lines.
pub(super) type Key<'a> = (&'a str, &'a str);

/// The lines.
#[derive(Default)]
pub(super) struct Lines {
    /// The first row of the journal that they do not know; 0 when nothing was read yet.
    pub(super) next: u64,
    all: Vec<Line>,
    /// Places in `all` that are free.
    free: Vec<u32>,
    /// Places in `all`, in the order of names.
    by_name: Vec<u32>,
    /// Places in `all`, in the order of ids.
    by_id: Vec<u32>,
    platforms: Counted,
    states: Counted,
}

/// One line, in one piece of memory: the name, the id, what it is found by, and what the register says, the last two in small letters.
#[derive(Default)]
struct Line {
    text: Box<str>,
    /// Where the parts end, in bytes.
    name: u32,
    id: u32,
    found: u32,
    platform: u32,
    state: u32,
    held: bool,
    recorded: bool,
    /// Hardly any has one.
    nominee: Option<Box<str>>,
    marks: Marks,
}

impl Line {
    fn new(card: &Card, platform: u32, state: u32) -> Self {
        let entry = card.register.as_ref();
        let owner = entry.map(|entry| entry.owner.name.as_str());
        let own = [card.name.as_deref(), card.alias.as_deref(), owner, Some(card.native.as_str())];
        let found = own.into_iter().flatten().chain(card.owners.iter().map(NativeId::as_str));
        let said = entry.into_iter().flat_map(|entry| {
            let deputy = entry.deputy.as_ref().map(|deputy| deputy.name.as_str());
            [deputy, entry.unit.as_deref(), entry.purpose.as_deref()]
        });
        let mut text = card.label().to_owned();
        let name = short(text.len());
        text.push_str(card.group.as_str());
        let id = short(text.len());
        push_small(&mut text, found);
        let found = short(text.len());
        push_small(&mut text, said.flatten());
        Self {
            text: text.into_boxed_str(),
            name,
            id,
            found,
            platform,
            state,
            held: card.holds > 0,
            recorded: card.recorded,
            nominee: card.nominee.as_ref().map(|nominee| nominee.as_str().into()),
            marks: Marks::of(card),
        }
    }

    fn key(&self) -> Key<'_> {
        (self.part(0, self.name), self.part(self.name, self.id))
    }

    fn part(&self, from: u32, to: u32) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Whether it has these words, which are in small letters.
    fn speaks_of(&self, words: &str, register: bool) -> bool {
        let to = if register { short(self.text.len()) } else { self.found };
        words.is_empty() || self.part(self.name, to).contains(words)
    }
}

/// A length within a line: no name is as long as 4 GiB.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Puts texts behind each other, each on a line of its own, so that no word is found across two.
fn push_small<'a>(text: &mut String, parts: impl Iterator<Item = &'a str>) {
    for part in parts {
        text.push('\n');
        text.push_str(&part.to_lowercase());
    }
}

impl Lines {
    /// Adds a line that is not there yet; [`Self::sort`] comes after the last one.
    pub(super) fn add(&mut self, card: &Card) {
        let at = self.store(card);
        self.by_name.push(at);
        self.by_id.push(at);
    }

    /// Puts all into their order.
    pub(super) fn sort(&mut self) {
        let lines = &self.all;
        let key = |at: &u32| lines.get(*at as usize).map(Line::key).unwrap_or_default();
        self.by_name.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        self.by_id.sort_unstable_by(|a, b| key(a).1.cmp(key(b).1));
        self.all.shrink_to_fit();
    }

    /// Replaces a group's line, or takes it away.
    pub(super) fn put(&mut self, id: &str, card: Option<&Card>) {
        if let Ok(place) = self.place(id) {
            let at = self.by_id.remove(place);
            if let Ok(place) = self.by_name.binary_search_by(|other| self.key(*other).cmp(&self.key(at))) {
                self.by_name.remove(place);
            }
            if let Some(line) = self.all.get_mut(at as usize).map(std::mem::take) {
                self.platforms.less(line.platform);
                self.states.less(line.state);
            }
            self.free.push(at);
        }
        if let Some(card) = card {
            let at = self.store(card);
            let (Ok(place) | Err(place)) = self.place(card.group.as_str());
            self.by_id.insert(place, at);
            let (Ok(place) | Err(place)) =
                self.by_name.binary_search_by(|other| self.key(*other).cmp(&self.key(at)));
            self.by_name.insert(place, at);
        }
    }

    /// The ids of the lines that somebody looks for, and how many there are in all.
    pub(super) fn find(&self, wanted: &Wanted, rules: &Rules, now: Time) -> (Vec<String>, usize) {
        let words = wanted.words.trim().to_lowercase();
        let platform = wanted.platform.as_ref().map(|platform| self.platforms.number(platform));
        let states: Vec<_> = wanted.states.iter().map(|state| self.states.number(state)).collect();
        let begin = match wanted.after() {
            Some(after) => self.by_name.partition_point(|at| self.key(*at) <= after),
            None => 0,
        };
        let (mut ids, mut all) = (Vec::new(), 0);
        for line in self.by_name.iter().skip(begin).filter_map(|at| self.all.get(*at as usize)) {
            let fits = platform.is_none_or(|platform| platform == Some(line.platform))
                && (states.is_empty() || states.contains(&Some(line.state)))
                && (line.held || !wanted.held)
                && (line.recorded || !wanted.recorded)
                && wanted.nominee.as_ref().is_none_or(|who| line.nominee.as_deref() == Some(who.as_str()))
                && wanted.view.is_none_or(|view| line.marks.are_in(view, rules, now))
                && line.speaks_of(&words, wanted.register);
            if fits {
                if all >= wanted.from && ids.len() < wanted.limit {
                    ids.push(line.key().1.to_owned());
                }
                all += 1;
            }
        }
        (ids, all)
    }

    /// The ids of the lines of which a name, an alias, an owner or the platform's id is just this, big letters or small ones.
    pub(super) fn named(&self, text: &str) -> Vec<String> {
        // As `push_small` has written it; a name may have an end of a line in it.
        let (whole, within) = (format!("\n{}", text.to_lowercase()), format!("\n{}\n", text.to_lowercase()));
        let called = |line: &&Line| {
            let found = line.part(line.id, line.found);
            found.ends_with(&whole) || found.contains(&within)
        };
        let lines = self.by_name.iter().filter_map(|at| self.all.get(*at as usize));
        lines.filter(called).map(|line| line.key().1.to_owned()).collect()
    }

    /// The platforms of all lines.
    pub(super) fn platforms(&self) -> BTreeSet<String> {
        self.platforms.now().map(|(slug, _)| slug.clone()).collect()
    }

    /// How many lines are at which place on the way.
    pub(super) fn states(&self) -> BTreeMap<String, usize> {
        self.states.now().cloned().collect()
    }

    fn store(&mut self, card: &Card) -> u32 {
        let line = Line::new(card, self.platforms.more(&card.platform), self.states.more(&card.state));
        let free = self.free.pop().and_then(|at| Some((at, self.all.get_mut(at as usize)?)));
        if let Some((at, place)) = free {
            *place = line;
            return at;
        }
        self.all.push(line);
        short(self.all.len() - 1)
    }

    fn key(&self, at: u32) -> Key<'_> {
        self.all.get(at as usize).map(Line::key).unwrap_or_default()
    }

    /// Where in `by_id` a group is, or would be.
    fn place(&self, id: &str) -> Result<usize, usize> {
        self.by_id.binary_search_by(|at| self.key(*at).1.cmp(id))
    }
}

/// Slugs that are few, by number, with how many lines have each.
#[derive(Default)]
struct Counted(Vec<(String, usize)>);

impl Counted {
    fn number(&self, slug: &str) -> Option<u32> {
        self.0.iter().position(|(other, _)| other == slug).map(short)
    }

    fn more(&mut self, slug: &str) -> u32 {
        let number = self.number(slug).unwrap_or_else(|| {
            self.0.push((slug.to_owned(), 0));
            short(self.0.len() - 1)
        });
        if let Some((_, count)) = self.0.get_mut(number as usize) {
            *count += 1;
        }
        number
    }

    fn less(&mut self, number: u32) {
        if let Some((_, count)) = self.0.get_mut(number as usize) {
            *count -= 1;
        }
    }

    /// Those that some line has.
    fn now(&self) -> impl Iterator<Item = &(String, usize)> {
        self.0.iter().filter(|(_, count)| *count > 0)
    }
}
