//! Holds claims against the facts.

use serde::Serialize;
use serde_json::Value;

use super::Claim;
use crate::fact::{Confidence, Fact, Profile};
use crate::knowledge::rank;

/// What a claim is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Official documentation or a probe says the same.
    Confirmed,
    /// Published, and confirmed by nobody.
    Declared,
    /// Other sources disagree, none of them official.
    Disputed,
    /// It was so once, and official documentation says since when it is not.
    Outdated,
    /// Official documentation disagrees.
    Contradicted,
    /// The text itself says something else at another place.
    SelfContradictory,
}

impl Mark {
    /// The mark's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Declared => "declared",
            Self::Disputed => "disputed",
            Self::Outdated => "outdated",
            Self::Contradicted => "contradicted",
            Self::SelfContradictory => "self_contradictory",
        }
    }
}

/// What is known about what a claim is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The platform whose fact it is.
    pub platform: String,
    /// The fact.
    #[serde(flatten)]
    pub fact: Fact,
    /// Whether the claim says the same.
    pub agrees: bool,
}

/// A claim with its mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The claim.
    #[serde(flatten)]
    pub claim: Claim,
    /// Row of the requirements.
    pub id: String,
    /// What it is worth.
    pub mark: Mark,
    /// What the facts alone make of it; differs from `mark` where the text contradicts itself.
    pub by_facts: Mark,
    /// Lines of the same text that say something else.
    pub conflicts: Vec<usize>,
    /// Every finding about it, the best known first.
    pub known: Vec<Known>,
}

/// Marks claims by what is known. A claim about something that no profile has is left out.
pub fn check(claims: Vec<Claim>, profiles: &[Profile]) -> Vec<Checked> {
    let conflicts: Vec<Vec<usize>> = claims.iter().map(|claim| conflicts_of(claim, &claims)).collect();
    let checked = claims.into_iter().zip(conflicts).filter_map(|(claim, conflicts)| {
        let known = known(&claim, profiles);
        let by_facts = by_facts(&claim, &known)?;
        let id = known.first()?.fact.id.clone();
        let mark = if conflicts.is_empty() { by_facts } else { Mark::SelfContradictory };
        Some(Checked { claim, id, mark, by_facts, conflicts, known })
    });
    checked.collect()
}

fn known(claim: &Claim, profiles: &[Profile]) -> Vec<Known> {
    let has = |profile: &&Profile| profile.facts.iter().any(|fact| fact.key == claim.key);
    // A law is the same in every profile.
    let lawyer = profiles.iter().find(has).map(|profile| &profile.platform);
    let of_claim = |profile: &&Profile| match claim.platform.as_deref() {
        None => true,
        Some("law") => Some(&profile.platform) == lawyer,
        Some(platform) => profile.platform.as_str() == platform,
    };
    let mut known: Vec<Known> = profiles
        .iter()
        .filter(of_claim)
        .flat_map(|profile| {
            let facts = profile.facts.iter().filter(|fact| fact.key == claim.key);
            facts.map(|fact| Known {
                platform: profile.platform.to_string(),
                fact: fact.clone(),
                agrees: same(&fact.value, &claim.value),
            })
        })
        .collect();
    known.sort_by_key(|known| (!known.agrees, rank(known.fact.confidence)));
    known
}

/// Two values are the same also where one is a path in other words: with or without the dots of a menu.
fn same(fact: &Value, claim: &Value) -> bool {
    match (fact.as_str(), claim.as_str()) {
        (Some(fact), Some(claim)) => plain(fact) == plain(claim),
        _ => fact == claim,
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{b7}').collect()
}

/// The mark by the facts: platform by platform, and the worst one where the text names none.
fn by_facts(claim: &Claim, known: &[Known]) -> Option<Mark> {
    if claim.platform.is_some() {
        return of_platform(&known.iter().collect::<Vec<_>>());
    }
    // What names no platform is about those that know the value; about all of them where none does.
    let agreed = known.iter().any(|known| known.agrees);
    let about = known.iter().filter(|known| known.agrees || !agreed);
    let mut platforms: Vec<&str> = about.map(|known| known.platform.as_str()).collect();
    platforms.sort_unstable();
    platforms.dedup();
    let marks: Vec<Mark> = platforms
        .into_iter()
        .filter_map(|platform| {
            of_platform(&known.iter().filter(|of| of.platform == platform).collect::<Vec<_>>())
        })
        .collect();
    let (best, worst) = (marks.iter().min()?, marks.iter().max()?);
    // Said of all platforms, true of one and not of another.
    Some(if *best <= Mark::Declared && *worst >= Mark::Outdated { Mark::Disputed } else { *worst })
}

fn of_platform(known: &[&Known]) -> Option<Mark> {
    let officially_otherwise =
        known.iter().any(|known| !known.agrees && known.fact.confidence == Confidence::Confirmed);
    let best = known.iter().filter(|known| known.agrees).min_by_key(|known| rank(known.fact.confidence));
    // Something else ended at a date and official documentation says what holds: still claiming it is out of date.
    let ended = known.iter().any(|known| known.fact.ended.is_some());
    let Some(best) = best else {
        return Some(match known.first() {
            None => return None,
            Some(_) if officially_otherwise && ended => Mark::Outdated,
            Some(_) if officially_otherwise => Mark::Contradicted,
            Some(_) => Mark::Disputed,
        });
    };
    Some(match best.fact.confidence {
        Confidence::Confirmed => Mark::Confirmed,
        Confidence::Contradicted if best.fact.ended.is_some() => Mark::Outdated,
        Confidence::Contradicted => Mark::Contradicted,
        Confidence::Disputed => Mark::Disputed,
        Confidence::Declared if officially_otherwise => Mark::Contradicted,
        Confidence::Declared => Mark::Declared,
    })
}

/// Whether a value says that there is no such way.
fn denies(value: &Value) -> bool {
    match value {
        Value::Bool(says) => !says,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text == "none",
        _ => false,
    }
}

/// Lines that say something else about the same: another value of one key, or the opposite in one topic.
fn conflicts_of(claim: &Claim, claims: &[Claim]) -> Vec<usize> {
    let other = |other: &&Claim| {
        other.platform == claim.platform
            && if other.key == claim.key {
                !claim.many && !same(&other.value, &claim.value)
            } else {
                !claim.topic.is_empty()
                    && other.topic == claim.topic
                    && denies(&other.value) != denies(&claim.value)
            }
    };
    let mut lines: Vec<usize> = claims.iter().filter(other).map(|claim| claim.line).collect();
    lines.dedup();
    lines
}
