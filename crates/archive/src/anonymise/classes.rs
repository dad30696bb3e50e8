//! Classes of people whom a copy's attributes don't tell apart.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Level, coarser};
use super::{MAX_PEOPLE, MAX_VALUES, MESSAGES, Person, Table};
use crate::anonymise::line::About;
use crate::anonymise::token;

/// Small classes that are listed one by one.
const LISTED: usize = 50;
/// Upper ends of the sizes that are counted together.
const SIZES: [usize; 6] = [1, 4, 9, 19, 99, usize::MAX];

/// What came out of counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// How many people a class has to have.
    pub k: u32,
    /// People of the copy.
    pub people: usize,
    /// Attributes that were looked at.
    pub attributes: Vec<String>,
    /// Classes.
    pub classes: usize,
    /// People of the smallest class.
    pub smallest: usize,
    /// Classes by size: the largest size counted, classes, people.
    pub sizes: Vec<(Option<usize>, usize, usize)>,
    /// Classes with fewer than k people.
    pub small: usize,
    /// People in these.
    pub people_in_small: usize,
    /// The first of these, without their values.
    pub listed: Vec<SmallClass>,
}

/// A class that is too small, with its values masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SmallClass {
    /// People.
    pub people: usize,
    /// Attributes with the first sign of each value.
    pub masked: BTreeMap<String, String>,
}

impl Assessment {
    /// Whether nobody is in a class of fewer than k.
    pub fn holds(&self) -> bool {
        self.small == 0 && self.people >= self.k as usize
    }
}

impl Table {
    /// Adds what a line says of somebody; `false` where there are too many people.
    pub(super) fn note(&mut self, about: About, attributes: Vec<(String, String)>) -> bool {
        // Those who were merged are nobody any more.
        if token::is_merged(&about.who) {
            return true;
        }
        if self.people.len() >= MAX_PEOPLE && !self.people.contains_key(&about.who) {
            return false;
        }
        let person = self.people.entry(about.who).or_default();
        person.messages += u64::from(about.message);
        for name in about.names {
            if person.names.len() < MAX_VALUES {
                person.names.insert(name);
            }
        }
        for (key, value) in attributes {
            let values = person.attributes.entry(key).or_default();
            if values.len() < MAX_VALUES {
                values.insert(value);
            }
        }
        true
    }

    /// Counts the classes, as they are when attributes were made coarser and some people merged.
    pub fn assess(&self, k: u32, levels: &BTreeMap<String, Level>, merged: &BTreeSet<String>) -> Assessment {
        let attributes = self.looked_at();
        let mut by_values: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (_, person) in self.people.iter().filter(|(who, _)| !merged.contains(*who)) {
            *by_values.entry(values(person, &attributes, levels)).or_default() += 1;
        }
        let merged_class = (!merged.is_empty()).then_some(merged.len());
        let sizes: Vec<usize> = by_values.values().copied().chain(merged_class).collect();
        let small: Vec<(&Vec<String>, usize)> = by_values
            .iter()
            .map(|(values, size)| (values, *size))
            .filter(|(_, size)| *size < k as usize)
            .collect();
        let short = merged_class.filter(|size| *size < k as usize);
        Assessment {
            k,
            people: self.people.len(),
            classes: sizes.len(),
            smallest: sizes.iter().copied().min().unwrap_or(0),
            sizes: histogram(&sizes),
            small: small.len() + usize::from(short.is_some()),
            people_in_small: small.iter().map(|(_, size)| size).sum::<usize>() + short.unwrap_or(0),
            listed: small
                .iter()
                .take(LISTED)
                .map(|(values, size)| masked(&attributes, values, *size))
                .collect(),
            attributes,
        }
    }

    /// Who has to be merged so that no class has fewer than k people. Where these would be fewer than k themselves, the smallest other classes join them.
    pub fn to_merge(&self, k: u32, levels: &BTreeMap<String, Level>) -> BTreeSet<String> {
        let attributes = self.looked_at();
        let mut by_values: BTreeMap<Vec<String>, Vec<&String>> = BTreeMap::new();
        for (who, person) in &self.people {
            by_values.entry(values(person, &attributes, levels)).or_default().push(who);
        }
        let mut classes: Vec<Vec<&String>> = by_values.into_values().collect();
        classes.sort_by_key(Vec::len);
        let mut merged = BTreeSet::new();
        for class in classes {
            let enough = merged.is_empty() || merged.len() >= k as usize;
            if class.len() >= k as usize && enough {
                break;
            }
            merged.extend(class.into_iter().cloned());
        }
        merged
    }

    /// All pseudonyms of some people, without those under which others write.
    pub fn pseudonyms_of(&self, merged: &BTreeSet<String>) -> BTreeSet<String> {
        let names = merged.iter().filter_map(|who| self.people.get(who)).flat_map(|person| &person.names);
        let kept = |token: &&String| merged.contains(*token) || !self.people.contains_key(*token);
        merged.iter().chain(names).filter(kept).cloned().collect()
    }

    fn looked_at(&self) -> Vec<String> {
        let mut all: Vec<String> = self.attributes().into_iter().map(str::to_owned).collect();
        all.push(MESSAGES.to_owned());
        all
    }
}

/// What tells somebody from others: each attribute's values, and how much they wrote.
fn values(person: &Person, attributes: &[String], levels: &BTreeMap<String, Level>) -> Vec<String> {
    let shown = |name: &String| {
        if name == MESSAGES && !person.attributes.contains_key(MESSAGES) {
            return person
                .messages
                .checked_ilog10()
                .map_or_else(|| "0".to_owned(), |tens| format!("1e{tens}"));
        }
        let values = person.attributes.get(name).into_iter().flatten();
        let coarse: BTreeSet<String> = match levels.get(name) {
            Some(level) => values.filter_map(|value| coarser(value, *level)).collect(),
            None => values.cloned().collect(),
        };
        coarse.into_iter().collect::<Vec<_>>().join("|")
    };
    attributes.iter().map(shown).collect()
}

fn masked(attributes: &[String], values: &[String], people: usize) -> SmallClass {
    let mask = |value: &String| match value.trim_matches('"').chars().next() {
        Some(first) => format!("{first}\u{2026}"),
        None => "\u{2013}".to_owned(),
    };
    let shown = |name: &String, value: &String| if name == MESSAGES { value.clone() } else { mask(value) };
    let masked = attributes.iter().zip(values).map(|(name, value)| (name.clone(), shown(name, value)));
    SmallClass { people, masked: masked.collect() }
}

fn histogram(sizes: &[usize]) -> Vec<(Option<usize>, usize, usize)> {
    let mut from = 0;
    let row = |upper: usize| {
        let within: Vec<usize> =
            sizes.iter().copied().filter(|size| (from + 1..=upper).contains(size)).collect();
        from = upper;
        ((upper != usize::MAX).then_some(upper), within.len(), within.iter().sum())
    };
    SIZES.into_iter().map(row).filter(|(_, classes, _): &(_, usize, usize)| *classes > 0).collect()
}
