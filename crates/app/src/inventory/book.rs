//! The lines of the inventory, read once and kept up with the journal, so that whoever looks at a hundred thousand groups does not have them all
//! opened again for each page.
//!
//! Invariant: a line is at least as new as the journal was when the question was asked. The journal says which groups have changed; what is kept is
//! nothing but lines that can be read from the store at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock};

use adjourn_domain::ids::GroupId;
use adjourn_domain::time::Time;

use super::Card;
use crate::App;
use crate::error::AppError;
use crate::register::{Rules, View};

/// Rows of the journal that are read at a time.
const ROWS: usize = 1000;
/// With more rows behind than this, everything is read anew.
const MAX_BEHIND: u64 = 200_000;

/// The lines.
#[derive(Default)]
pub struct Book(RwLock<Lines>);

#[derive(Default)]
struct Lines {
    /// The first row of the journal that they do not know; 0 when nothing was read yet.
    next: u64,
    by_name: BTreeMap<(String, GroupId), Line>,
    names: BTreeMap<GroupId, String>,
}

struct Line {
    card: Card,
    /// Everything that it is found by, in small letters.
    words: String,
}

/// What somebody looks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The view; all groups without one.
    pub view: Option<View>,
    /// Words that are in a name, an alias, an owner or an id.
    pub words: String,
    /// The platform; all without one.
    pub platform: Option<String>,
    /// The first line, from 0.
    pub from: usize,
    /// Lines, at most.
    pub limit: usize,
}

/// Some lines of those that were looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The lines, by name.
    pub cards: Vec<Card>,
    /// How many there are in all.
    pub all: usize,
    /// The platforms of all groups, whatever was looked for.
    pub platforms: BTreeSet<String>,
}

impl Lines {
    fn put(&mut self, id: &GroupId, card: Option<Card>) {
        if let Some(name) = self.names.remove(id) {
            self.by_name.remove(&(name, id.clone()));
        }
        if let Some(card) = card {
            let name = card.label().to_owned();
            self.names.insert(id.clone(), name.clone());
            let words = words(&card);
            self.by_name.insert((name, id.clone()), Line { card, words });
        }
    }

    fn page(&self, wanted: &Wanted, rules: &Rules, now: Time) -> Page {
        let words = wanted.words.trim().to_lowercase();
        let mut page = Page::default();
        for line in self.by_name.values() {
            if !page.platforms.contains(&line.card.platform) {
                page.platforms.insert(line.card.platform.clone());
            }
            let fits = wanted.view.is_none_or(|view| view.takes(&line.card, rules, now))
                && wanted.platform.as_ref().is_none_or(|platform| *platform == line.card.platform)
                && (words.is_empty() || line.words.contains(&words));
            if fits {
                if page.all >= wanted.from && page.cards.len() < wanted.limit {
                    page.cards.push(line.card.clone());
                }
                page.all += 1;
            }
        }
        page
    }
}

fn words(card: &Card) -> String {
    let owner = card.register.as_ref().map(|entry| entry.owner.name.as_str());
    let known = [card.name.as_deref(), card.alias.as_deref(), owner];
    let mut words: Vec<&str> = known.into_iter().flatten().collect();
    words.extend([card.native.as_str(), card.group.as_str()]);
    words.extend(card.owners.iter().map(adjourn_domain::ids::NativeId::as_str));
    words.join("\n").to_lowercase()
}

impl App {
    /// The lines that somebody looks for.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn looked_up(&self, book: &Book, wanted: &Wanted, rules: &Rules) -> Result<Page, AppError> {
        self.catch_up(book).await?;
        let lines = book.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(lines.page(wanted, rules, self.clock.now()))
    }

    /// Reads what has changed since. Of two who do so at once each puts in what it read; both read what the store has now.
    async fn catch_up(&self, book: &Book) -> Result<(), AppError> {
        let known = book.0.read().unwrap_or_else(PoisonError::into_inner).next;
        let next = self.journal.end(known).await?;
        let mut anew = known == 0 || next.saturating_sub(known) > MAX_BEHIND;
        let mut changed = BTreeSet::new();
        let mut from = known;
        while !anew && from < next {
            let rows = self.journal.store.rows(from, ROWS).await?;
            let Some(last) = rows.last() else { break };
            from = last.header.seq + 1;
            for row in &rows {
                changed.extend(row.header.stream.group());
                // A key that is destroyed takes a line away, and no group tells of it.
                anew |= row.header.kind == "key_destroyed";
            }
        }
        if next == known {
            return Ok(());
        }
        if anew {
            let cards = self.cards().await?;
            let mut lines = Lines { next, ..Lines::default() };
            for card in cards {
                let id = card.group.clone();
                lines.put(&id, Some(card));
            }
            let mut kept = book.0.write().unwrap_or_else(PoisonError::into_inner);
            if kept.next < next {
                *kept = lines;
            }
            return Ok(());
        }
        let mut cards = Vec::with_capacity(changed.len());
        for id in changed {
            let card = self.card(&id).await?;
            cards.push((id, card));
        }
        let mut lines = book.0.write().unwrap_or_else(PoisonError::into_inner);
        for (id, card) in cards {
            lines.put(&id, card);
        }
        lines.next = lines.next.max(next);
        Ok(())
    }
}
