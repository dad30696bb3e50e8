//! People who leave the organisation: every group of theirs is owed a successor.
//!
//! A leaver is found on a group as the person whom the register names (owner or deputy: the same name with the same
//! contact), or, on a group that no register names, as an account among its owners. A name alone finds nobody: who may be
//! meant is said, and a person decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use adjourn_domain::asset::Person;
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::{GroupId, NativeId, OwnerId, PrincipalId};
use adjourn_domain::plan::Note;
use adjourn_domain::run::{RunCommand, UpkeepCommand};
use adjourn_domain::succession::{Leaver, Owed, Role};
use adjourn_domain::time::Time;
use serde::Serialize;

use super::{BATCH, RowProblem, Rules, plain};
use crate::App;
use crate::error::AppError;
use crate::inventory::Card;
use crate::ports::Signer;

/// Names and contacts of one leaver that are tried, each, at most.
const MAX_SPELLINGS: usize = 20;

/// What came of a list of leavers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Departures {
    /// People in the list.
    pub leavers: usize,
    /// What is owed now and was not before.
    pub owed: Vec<NewDebt>,
    /// What was known already.
    pub known: usize,
    /// Leavers who own nothing and stand in for nobody, as far as is known.
    pub nothing: Vec<LeaverLine>,
    /// Leavers of whose name there is an owner or deputy with another contact: nothing is owed, a person has to look.
    pub doubtful: Vec<LeaverLine>,
    /// Groups whose register names somebody else, and whose platform still shows the leaver as owner.
    pub still_owner: Vec<StillOwner>,
    /// Lines that were not taken.
    pub problems: Vec<RowProblem>,
}

/// A successor that is owed from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewDebt {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// The leaver's name.
    pub leaver: String,
    /// The leaver's line.
    pub line: u64,
    /// Whether the platform's account was what told, and no register.
    pub by_account: bool,
    /// Until when.
    pub due: Time,
    /// Who is proposed.
    pub proposed: Option<Person>,
}

/// A leaver.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LeaverLine {
    /// The line.
    pub line: u64,
    /// The name.
    pub name: String,
    /// Groups that may be meant.
    pub groups: Vec<GroupId>,
}

/// A group whose platform still shows a leaver as owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StillOwner {
    /// The group.
    pub group: GroupId,
    /// The account.
    pub account: NativeId,
    /// The leaver's line.
    pub line: u64,
}

/// A person as name and contact, without what only spelling makes different.
type Key = (String, String);

/// Who leaves, to be found by person and by account.
struct Leaving<'a> {
    persons: HashMap<Key, &'a Leaver>,
    accounts: HashMap<&'a str, Vec<&'a Leaver>>,
}

impl<'a> Leaving<'a> {
    /// The leaver whom a register names.
    fn person(&self, person: &Person) -> Option<&'a Leaver> {
        self.persons.get(&(plain(&person.name), squeezed(&person.contact))).copied()
    }

    /// The leaver behind an account of a platform.
    fn account(&self, platform: &str, account: &str) -> Option<&'a Leaver> {
        let all = self.accounts.get(account)?;
        all.iter().find(|leaver| leaver.platform.as_deref().is_none_or(|only| only == platform)).copied()
    }

    /// The leaver among a group's owners on its platform.
    fn among(&self, card: &'a Card) -> Option<(&'a Leaver, &'a NativeId)> {
        card.owners
            .iter()
            .find_map(|account| Some((self.account(&card.platform, account.as_str())?, account)))
    }
}

/// What a list of leavers was read from, and for whom.
struct Reading<'a> {
    source: Hash,
    rules: &'a Rules,
    by: &'a PrincipalId,
    now: Time,
}

impl App {
    /// Owes every group of a leaver a successor, once, however often the list is read. With `dry`, nothing is written.
    pub async fn leavers(
        &self,
        leavers: &[Leaver],
        source: Hash,
        rules: &Rules,
        dry: bool,
        signer: &dyn Signer,
    ) -> Result<Departures, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let now = self.clock.now();
        let mut done = Departures { leavers: leavers.len(), ..Departures::default() };
        let leaving = index(leavers, &mut done);
        let cards = self.cards().await?;
        let reading = Reading { source, rules, by: &by, now };
        let mut found: BTreeSet<u64> = BTreeSet::new();
        let mut wanted: Vec<(&Card, Vec<(Owed, u64)>)> = Vec::new();
        for card in cards.iter().filter(|card| !card.over) {
            let owed = self.owed_by(card, &leaving, &reading, &mut done)?;
            found.extend(owed.iter().map(|(_, line)| *line));
            if !owed.is_empty() {
                wanted.push((card, owed));
            }
        }
        found.extend(done.still_owner.iter().map(|still| still.line));
        for batch in wanted.chunks(BATCH) {
            self.owe(batch, now, &by, dry, &mut done).await?;
        }
        rest(leavers, &found, &cards, &mut done);
        Ok(done)
    }

    /// What a group is owed because of those who leave, each with the leaver's line.
    fn owed_by<'a>(
        &self,
        card: &'a Card,
        leaving: &Leaving<'a>,
        reading: &Reading<'_>,
        done: &mut Departures,
    ) -> Result<Vec<(Owed, u64)>, AppError> {
        let owed = |role: Role, leaver: &Leaver, person: OwnerId, account: Option<&NativeId>| Owed {
            role,
            person,
            name: leaver.name().to_owned(),
            account: account.cloned(),
            left_on: leaver.left_on,
            due: reading.rules.successor_due(leaver.left_on, reading.now),
            proposed: None,
            by: reading.by.clone(),
            source: reading.source,
        };
        let shown = leaving.among(card);
        let Some(entry) = &card.register else {
            let Some((leaver, account)) = shown else { return Ok(Vec::new()) };
            let contact = leaver.contacts.first().map_or("", String::as_str);
            let person = self.person(leaver.name(), contact)?.id;
            return Ok(vec![(owed(Role::Owner, leaver, person, Some(account)), leaver.line)]);
        };
        let mut all = Vec::new();
        let deputy = entry.deputy.as_ref().map(|deputy| (deputy, leaving.person(deputy)));
        if let Some(leaver) = leaving.person(&entry.owner) {
            let account = shown.filter(|(who, _)| who.line == leaver.line).map(|(_, account)| account);
            let mut owed = owed(Role::Owner, leaver, entry.owner.id.clone(), account);
            // Who leaves too, or has left, or is the same person, takes nothing over.
            let stays = |deputy: &Person| {
                deputy.id != entry.owner.id && !card.owed.iter().any(|owed| owed.leaver.id == deputy.id)
            };
            owed.proposed = deputy
                .filter(|(deputy, leaves)| leaves.is_none() && stays(deputy))
                .map(|(deputy, _)| deputy.clone());
            all.push((owed, leaver.line));
        } else if let Some((leaver, account)) = shown {
            let account = account.clone();
            done.still_owner.push(StillOwner { group: card.group.clone(), account, line: leaver.line });
        }
        if let Some((deputy, Some(leaver))) = deputy {
            all.push((owed(Role::Deputy, leaver, deputy.id.clone(), None), leaver.line));
        }
        Ok(all)
    }

    /// Writes what some groups are owed, in one transaction.
    async fn owe(
        &self,
        batch: &[(&Card, Vec<(Owed, u64)>)],
        now: Time,
        by: &PrincipalId,
        dry: bool,
        done: &mut Departures,
    ) -> Result<(), AppError> {
        let none = CaseState::new("c-none".into());
        let mut tx = self.journal.begin(now, by);
        for (card, all) in batch {
            let mut group = self.journal.group(&card.group).await?;
            let version = group.version;
            for (owed, line) in all {
                let command = RunCommand::Upkeep(UpkeepCommand::Owe(Box::new(owed.clone())));
                let events = group.decide(&none, command, now)?;
                if events.is_empty() {
                    done.known += 1;
                    continue;
                }
                done.owed.push(NewDebt {
                    group: card.group.clone(),
                    name: card.label().to_owned(),
                    role: owed.role,
                    leaver: owed.name.clone(),
                    line: *line,
                    by_account: card.register.is_none(),
                    due: owed.due,
                    proposed: owed.proposed.clone(),
                });
                group = tx.group(group, &events)?;
            }
            if group.version != version {
                self.put_card(&mut tx, &group)?;
            }
        }
        if dry { Ok(()) } else { tx.commit().await }
    }
}

/// The index of those who leave. Somebody who is in the list twice is a problem that names the first line.
fn index<'a>(leavers: &'a [Leaver], done: &mut Departures) -> Leaving<'a> {
    let mut leaving = Leaving { persons: HashMap::new(), accounts: HashMap::new() };
    for leaver in leavers {
        let keys = keys(leaver);
        if let Some(first) = keys.iter().find_map(|key| leaving.persons.get(key)) {
            let note = Note::new("leavers-duplicate").with("first", first.line);
            done.problems.push(RowProblem { line: leaver.line, note });
            continue;
        }
        leaving.persons.extend(keys.into_iter().map(|key| (key, leaver)));
        for account in &leaver.accounts {
            leaving.accounts.entry(account).or_default().push(leaver);
        }
    }
    leaving
}

/// The ways in which a register may name a person.
fn keys(leaver: &Leaver) -> BTreeSet<Key> {
    let none = [String::new()];
    let contacts = if leaver.contacts.is_empty() { &none } else { leaver.contacts.as_slice() };
    let names = leaver.names.iter().take(MAX_SPELLINGS);
    names
        .flat_map(|name| contacts.iter().take(MAX_SPELLINGS).map(|contact| (plain(name), squeezed(contact))))
        .collect()
}

/// A contact without what only spelling makes different: signs within a telephone number, and China's country code.
fn squeezed(contact: &str) -> String {
    let plain = plain(contact);
    let digits: String = plain.chars().filter(|c| !" -()+.".contains(*c)).collect();
    if digits.len() < 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return plain;
    }
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    national.filter(|number| number.len() == 11).map_or(digits.clone(), str::to_owned)
}

/// Those of whom no group was found: they own nothing, or somebody of their name does.
fn rest(leavers: &[Leaver], found: &BTreeSet<u64>, cards: &[Card], done: &mut Departures) {
    let mut named: BTreeMap<String, Vec<&GroupId>> = BTreeMap::new();
    for card in cards.iter().filter(|card| !card.over) {
        let Some(entry) = &card.register else { continue };
        for person in std::iter::once(&entry.owner).chain(&entry.deputy) {
            named.entry(plain(&person.name)).or_default().push(&card.group);
        }
    }
    let twice: BTreeSet<u64> = done.problems.iter().map(|problem| problem.line).collect();
    for leaver in leavers.iter().filter(|one| !found.contains(&one.line) && !twice.contains(&one.line)) {
        let groups: BTreeSet<&GroupId> =
            leaver.names.iter().filter_map(|name| named.get(&plain(name))).flatten().copied().collect();
        let groups: Vec<GroupId> = groups.into_iter().cloned().collect();
        let kind = if groups.is_empty() { &mut done.nothing } else { &mut done.doubtful };
        kind.push(LeaverLine { line: leaver.line, name: leaver.name().to_owned(), groups });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_counts_however_it_is_written() {
        for written in ["139-0000-0001", "+86 139 0000 0001", "008613900000001", "13900000001"] {
            assert_eq!(squeezed(written), "13900000001");
        }
        assert_eq!(squeezed(" Li@Example.org "), "li@example.org");
        assert_ne!(squeezed("139-0000-0001"), squeezed("139-0000-0002"));
        assert_eq!(squeezed("8612-34"), "8612-34", "too short for one: it stays as it is written");
    }
}
