//! What differs between two plans for the same group: what the newer one does or says that the older one did not, and the other way round. A step
//! is the same one when it does the same thing, wherever it stands in the order.

use std::collections::BTreeSet;

use crate::ids::NativeId;
use crate::plan::{GroupPlan, Note, Step};

/// Something that a plan does or says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A step.
    Step(Step),
    /// What will not happen.
    WillNot(Note),
    /// What nobody can know.
    Unknown(Note),
    /// What survives.
    Residue(Note),
    /// What forbids it.
    Blocker(Note),
    /// An owner.
    Owner(NativeId),
    /// The group's class.
    Class(String),
    /// A fact about the platform: key and value.
    Fact(String, String),
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// What only the older plan has.
    pub gone: Vec<Line>,
    /// What only the newer plan has.
    pub new: Vec<Line>,
    /// Members that only the newer plan knows.
    pub joined: usize,
    /// Members that only the older plan knew.
    pub left: usize,
}

impl Changes {
    /// Compares two plans for one group.
    pub fn between(before: &GroupPlan, after: &GroupPlan) -> Self {
        let (mut gone, mut new) = (lines(before), Vec::new());
        for line in lines(after) {
            match gone.iter().position(|old| same(old, &line)) {
                Some(at) => drop(gone.remove(at)),
                None => new.push(line),
            }
        }
        let members = |plan: &GroupPlan| plan.basis.members.iter().cloned().collect::<BTreeSet<_>>();
        let (old, now) = (members(before), members(after));
        Self { gone, new, joined: now.difference(&old).count(), left: old.difference(&now).count() }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

fn lines(plan: &GroupPlan) -> Vec<Line> {
    let mut lines = vec![Line::Class(plan.class.clone())];
    lines.extend(plan.basis.owners.iter().cloned().map(Line::Owner));
    lines.extend(plan.steps.iter().cloned().map(Line::Step));
    lines.extend(plan.blockers.iter().cloned().map(Line::Blocker));
    lines.extend(plan.will_not.iter().cloned().map(Line::WillNot));
    lines.extend(plan.unknown.iter().cloned().map(Line::Unknown));
    lines.extend(plan.residue.iter().cloned().map(Line::Residue));
    let fact =
        |fact: &crate::clocks::UsedFact| Line::Fact(fact.key.clone(), crate::clocks::shown(&fact.value));
    lines.extend(plan.facts.iter().map(fact));
    lines
}

fn same(a: &Line, b: &Line) -> bool {
    match (a, b) {
        // The number in a step's id is its place, not what it does.
        (Line::Step(a), Line::Step(b)) => {
            a.op == b.op
                && a.support == b.support
                && a.symbol == b.symbol
                && a.reversible == b.reversible
                && a.note == b.note
                && a.params == b.params
        }
        (a, b) => a == b,
    }
}
