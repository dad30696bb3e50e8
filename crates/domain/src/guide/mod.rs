//! The personal way (requirement G10): from a few answers and a platform's facts to the route for exactly this case.
//!
//! The result is a document as data: notes by code, each with the keys of the facts that it rests on. Whoever renders
//! it chooses the language; nothing here knows one. Same answers, same facts, same time: same document.
//!
//! Invariants: a step rests on facts that the profile has; a clock has a value that the profile has; somebody who does
//! not own the group is never told to dissolve it; removing everybody is never called a dissolve.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::fact::{Fact, Profile, Rules, Text};
use crate::ids::PlatformId;
use crate::plan::Note;
use crate::time::Time;

mod answers;
mod clocks;
mod route;
#[cfg(test)]
mod tests;

pub use answers::{Answers, Button, Hanging, Holds, Keep, Owner};
pub use clocks::{Clock, Clocks, Look};

/// What the route ends with, at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The group ends for everyone.
    Dissolved,
    /// Nobody is left in it; weaker than dissolved.
    Emptied,
    /// The person is out, the group goes on.
    LeftOnly,
    /// Neither can be reached by the person alone.
    NotByYou,
}

impl Outcome {
    /// The outcome's slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Dissolved => "dissolved",
            Self::Emptied => "emptied",
            Self::LeftOnly => "left_only",
            Self::NotByYou => "not_by_you",
        }
    }
}

/// A statement, with the keys of the facts that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The statement.
    pub note: Note,
    /// Keys of facts; each is in the sources.
    pub keys: Vec<String>,
    /// Whether every value of the facts is shown beside it, not only the one that acts.
    pub every: bool,
    /// Whether nothing can be undone after it.
    pub last: bool,
}

/// One of the four acts that are confused with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// `dissolve`, `leave`, `delete`, `hide`.
    pub act: &'static str,
    /// Keys of facts.
    pub keys: Vec<String>,
}

/// All facts about one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The key.
    pub key: String,
    /// Every value, in the profile's order.
    pub facts: Vec<Fact>,
    /// Which of them acts.
    pub acting: usize,
}

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guide {
    /// The platform.
    pub platform: PlatformId,
    /// Its name.
    pub name: Text,
    /// The answers.
    pub answers: Answers,
    /// Whose rules act.
    pub rules: Rules,
    /// When the group will be dissolved; every clock counts from here.
    pub at: Time,
    /// What the route ends with.
    pub outcome: Outcome,
    /// The route.
    pub steps: Vec<Line>,
    /// What to do when there is no button.
    pub branch: Vec<Line>,
    /// Dissolve, leave, delete the chat, hide.
    pub acts: Vec<Act>,
    /// What can't be undone.
    pub final_things: Vec<Line>,
    /// How to see that it is really gone.
    pub checks: Vec<Line>,
    /// The clocks.
    pub clocks: Clocks,
    /// Every fact that is used.
    pub sources: Vec<Source>,
}

/// The guide for these answers, counted from `at`.
pub fn guide(profile: &Profile, answers: &Answers, rules: Rules, at: Time) -> Guide {
    let route = route::Route::new(profile, answers, rules, at);
    let mut clocks = clocks::clocks(profile, answers, rules, at);
    if !matches!(route.outcome(), Outcome::Dissolved | Outcome::Emptied) {
        // Nothing ends, so there is nothing to look for.
        clocks.looks.clear();
    }
    let mut guide = Guide {
        platform: profile.platform.clone(),
        name: profile.name.clone(),
        answers: answers.clone(),
        rules,
        at,
        outcome: route.outcome(),
        steps: route.steps(),
        branch: route.branch(),
        acts: route.acts(),
        final_things: route.final_things(),
        checks: route.checks(),
        clocks,
        sources: Vec::new(),
    };
    guide.sources = sources(profile, rules, &guide);
    guide
}

fn sources(profile: &Profile, rules: Rules, guide: &Guide) -> Vec<Source> {
    let lines = [&guide.steps, &guide.branch, &guide.final_things, &guide.checks];
    let used: BTreeSet<&str> = lines
        .into_iter()
        .flatten()
        .flat_map(|line| &line.keys)
        .chain(guide.acts.iter().flat_map(|act| &act.keys))
        .chain(guide.clocks.running.iter().map(|clock| &clock.key))
        .chain(guide.clocks.none.iter().map(|fact| &fact.key))
        .map(String::as_str)
        .collect();
    let mut sources: Vec<Source> = Vec::new();
    for fact in profile.facts.iter().filter(|fact| used.contains(fact.key.as_str())) {
        match sources.iter_mut().find(|source| source.key == fact.key) {
            Some(source) => source.facts.push(fact.clone()),
            None => {
                sources.push(Source { key: fact.key.clone(), facts: vec![fact.clone()], acting: 0 });
            }
        }
    }
    for source in &mut sources {
        let acting = profile.acting(&source.key, rules);
        source.acting = source.facts.iter().position(|fact| acting == Some(fact)).unwrap_or(0);
    }
    sources
}
