//! Links that a plan leaves on its group on purpose.
//!
//! No step of a run is skipped: reviewers agreed to that plan. A plan without the step is another one, says in its lines what it leaves and why, and
//! is reviewed like any other. Only taking a link off can be left out, and not every link's: history, review, dissolve and observation never can, nor
//! what could bring the group back (a bridge), what pays, and the account that acts.

use std::collections::BTreeMap;

use crate::group::{Link, LinkKind};
use crate::ids::{GroupId, NativeId};
use crate::kinds::{Fate, Fates};
use crate::plan::Note;
use crate::planner::{GroupInput, PlanRequest};
use crate::refusal::Refusal;

/// Longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// Links that stay on, by group, with the reason.
pub type LeftOut = BTreeMap<GroupId, BTreeMap<NativeId, String>>;

/// Whether a plan may do without taking this link off.
pub fn may_stay(link: &Link, fates: &Fates) -> bool {
    !link.own && of_a_kind_that_may_stay(link.kind) && fates.get(&link.kind) != Some(&Fate::FinanceAudit)
}

/// Whether links of this kind may stay, unless it is the account that acts or the platform's facts say otherwise.
pub fn of_a_kind_that_may_stay(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::Bot | LinkKind::Webhook | LinkKind::App | LinkKind::MiniProgram)
}

/// Refuses a wish to leave out what no plan can leave out, or what is not there, or without a reason.
pub(crate) fn check(wish: &LeftOut, groups: &[GroupInput]) -> Result<(), Refusal> {
    for (group, links) in wish {
        let input = groups.iter().find(|input| input.group == *group);
        for (id, reason) in links {
            let link = input
                .and_then(|input| Some((input, input.snapshot.links.iter().find(|link| link.id == *id)?)));
            let Some((input, link)) = link else {
                return Err(Refusal::new("usage").with("says", format!("{id} is on no group of the plan")));
            };
            if !may_stay(link, &input.fates) {
                return Err(Refusal::new("plan.step_needed").with("link", &link.name));
            }
            if reason.trim().is_empty() || reason.chars().count() > MAX_REASON {
                return Err(Refusal::new("step.reason").with("limit", MAX_REASON));
            }
        }
    }
    Ok(())
}

/// Whether the plan leaves this link on.
pub(crate) fn stays(input: &GroupInput, request: &PlanRequest<'_>, link: &Link) -> bool {
    request.ways.wish.without.get(&input.group).is_some_and(|links| links.contains_key(&link.id))
}

/// What will not happen, and why.
pub(crate) fn will_not(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let left = left(input, request);
    left.map(|(link, why)| Note::new("willnot-left-out").with("link", &link.name).with("reason", why.trim()))
        .collect()
}

/// What stays.
pub(crate) fn residue(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    left(input, request).map(|(link, _)| Note::new("residue-link-left").with("link", &link.name)).collect()
}

fn left<'a>(
    input: &'a GroupInput,
    request: &'a PlanRequest<'_>,
) -> impl Iterator<Item = (&'a Link, &'a str)> {
    let wish = request.ways.wish.without.get(&input.group).into_iter().flatten();
    wish.filter_map(|(id, why)| {
        Some((input.snapshot.links.iter().find(|link| link.id == *id)?, why.as_str()))
    })
}
