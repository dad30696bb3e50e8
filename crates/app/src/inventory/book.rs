//! The inventory's lines as this process last read them, kept up with the journal, so that whoever looks at a hundred thousand groups does not have
//! them all opened again for each page.
//!
//! Of each line only what it is looked for by is kept, in a few hundred bytes; the lines of a page are read from the store. Invariant: what is kept is
//! at least as new as the journal was when the question was asked, and can be read from the store at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use adjourn_domain::ids::{GroupId, PrincipalId};
use tokio::sync::Mutex;

use super::lines::{Key, Lines};
use super::{Card, FORM};
use crate::App;
use crate::error::AppError;
use crate::ports::KeyId;
use crate::register::{Rules, View};

/// Rows of the journal, and lines, that are read at a time.
const ROWS: usize = 1000;
/// With more rows behind than this, everything is read anew.
const MAX_BEHIND: u64 = 200_000;

/// The lines. Clones share them.
#[derive(Clone, Default)]
pub struct Book(Arc<Pages>);

#[derive(Default)]
struct Pages {
    lines: RwLock<Lines>,
    /// Whoever reads what is new; the others wait for it instead of reading the same.
    reading: Mutex<()>,
}

/// What somebody looks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The view; all groups without one.
    pub view: Option<View>,
    /// Words that are in a name, an alias, an owner or an id.
    pub words: String,
    /// Whether the words may also be in what the register says: deputy, unit, purpose.
    pub register: bool,
    /// The platform; all without one.
    pub platform: Option<String>,
    /// Places on the way, as slugs; all when none is named.
    pub states: Vec<String>,
    /// Only groups under a hold.
    pub held: bool,
    /// Only groups of which there is a record to keep.
    pub recorded: bool,
    /// Only groups whose work this person has to take over and has not.
    pub nominee: Option<PrincipalId>,
    /// Only lines behind this one: name and id.
    pub after: Option<(String, GroupId)>,
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
    /// How many there are in all, behind `Wanted::after`.
    pub all: usize,
    /// The platforms of all groups, whatever was looked for.
    pub platforms: BTreeSet<String>,
}

impl App {
    /// The lines that somebody looks for.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn looked_up(&self, wanted: &Wanted, rules: &Rules) -> Result<Page, AppError> {
        self.catch_up().await?;
        let (ids, all, platforms) = {
            let lines = self.book.0.lines.read().unwrap_or_else(PoisonError::into_inner);
            let (ids, all) = lines.find(wanted, rules, self.clock.now());
            (ids, all, lines.platforms())
        };
        Ok(Page { cards: self.cards_of(ids).await?, all, platforms })
    }

    /// How many groups are at which place on the way, by slug.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn counted(&self) -> Result<BTreeMap<String, usize>, AppError> {
        self.catch_up().await?;
        Ok(self.book.0.lines.read().unwrap_or_else(PoisonError::into_inner).states())
    }

    /// The lines of all groups under a hold.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn held(&self) -> Result<Vec<Card>, AppError> {
        self.all_of(&Wanted { held: true, ..Wanted::default() }).await
    }

    /// The lines of all groups of which there is a record to keep.
    pub(crate) async fn recorded(&self) -> Result<Vec<Card>, AppError> {
        self.all_of(&Wanted { recorded: true, ..Wanted::default() }).await
    }

    /// All lines that are wanted, of no view.
    async fn all_of(&self, wanted: &Wanted) -> Result<Vec<Card>, AppError> {
        let all = Wanted { limit: usize::MAX, ..wanted.clone() };
        Ok(self.looked_up(&all, &Rules::default()).await?.cards)
    }

    /// The lines that have this as a name, an alias, or the platform's id, or look so.
    pub(super) async fn named(&self, text: &str) -> Result<Vec<Card>, AppError> {
        self.catch_up().await?;
        let ids = self.book.0.lines.read().unwrap_or_else(PoisonError::into_inner).named(text);
        self.cards_of(ids).await
    }

    /// Reads what has changed since.
    async fn catch_up(&self) -> Result<(), AppError> {
        let book = &self.book.0;
        let _alone = book.reading.lock().await;
        let known = book.lines.read().unwrap_or_else(PoisonError::into_inner).next;
        let next = self.journal.end().await?;
        if next == known {
            return Ok(());
        }
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
        if anew {
            let lines = self.lines(next).await?;
            *book.lines.write().unwrap_or_else(PoisonError::into_inner) = lines;
            return Ok(());
        }
        let mut cards = Vec::with_capacity(changed.len());
        for id in changed {
            let card = self.card(&id).await?;
            cards.push((id, card));
        }
        let mut lines = book.lines.write().unwrap_or_else(PoisonError::into_inner);
        for (id, card) in cards {
            lines.put(id.as_str(), card.as_ref());
        }
        lines.next = next;
        Ok(())
    }

    /// All lines, of a journal that ends before `next`. Never more than some of them are open at a time.
    async fn lines(&self, next: u64) -> Result<Lines, AppError> {
        let mut lines = Lines::default();
        lines.next = next;
        let mut after = String::new();
        loop {
            let some = self.journal.store.views_after("group", &after, ROWS).await?;
            let Some((last, _)) = some.last() else { break };
            after.clone_from(last);
            for card in self.readable(some).await? {
                lines.add(&card);
            }
        }
        lines.sort();
        Ok(lines)
    }

    /// The lines of these groups, in this order. One that went away meanwhile is left out.
    async fn cards_of(&self, ids: Vec<String>) -> Result<Vec<Card>, AppError> {
        let sealed = self.journal.store.views_of("group", ids).await?;
        self.readable(sealed).await
    }

    /// Those that can be read.
    pub(super) async fn readable(&self, sealed: Vec<(String, Vec<u8>)>) -> Result<Vec<Card>, AppError> {
        let mut cards = Vec::with_capacity(sealed.len());
        for (key, sealed) in sealed {
            if let Some(card) = self.journal.open_view::<Card>(&KeyId::Group(key.into()), &sealed)? {
                cards.push(if card.form == FORM { card } else { self.card_anew(card).await? });
            }
        }
        Ok(cards)
    }
}

impl Wanted {
    /// What [`Self::after`] compares with.
    pub(super) fn after(&self) -> Option<Key<'_>> {
        self.after.as_ref().map(|(name, id)| (name.as_str(), id.as_str()))
    }
}
