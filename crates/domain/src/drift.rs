//! Drift: what in the world differs from the one that the plan was drawn for.

use std::collections::BTreeSet;

use crate::canonical::Hash;
use crate::group::Snapshot;
use crate::ids::NativeId;
use crate::plan::{Basis, Note};

/// What our own steps have changed since the plan was drawn, and which is therefore no drift.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnChanges {
    /// Links that we took off.
    pub unlinked: BTreeSet<NativeId>,
}

/// The differences that make a plan stale; empty when it still holds.
///
/// Members may change by up to `percent` of the planned membership (joined and left added up).
pub fn differences(
    basis: &Basis,
    now: &Snapshot,
    capabilities: Hash,
    percent: u32,
    own: &OwnChanges,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let owners: BTreeSet<_> = now.owners.iter().collect();
    let planned_owners: BTreeSet<_> = basis.owners.iter().collect();
    if owners != planned_owners {
        notes.push(Note::new("drift-owner").with("was", list(&basis.owners)).with("is", list(&now.owners)));
    }
    let links: BTreeSet<_> = now.links.iter().map(|link| link.id.clone()).collect();
    let planned: BTreeSet<_> = basis.links.iter().cloned().collect();
    for new in links.difference(&planned) {
        notes.push(Note::new("drift-link-new").with("link", new));
    }
    for lost in planned.difference(&links).filter(|link| !own.unlinked.contains(*link)) {
        notes.push(Note::new("drift-link-lost").with("link", lost));
    }
    let people = now.members.iter().filter(|member| !member.bot);
    let members: BTreeSet<_> = people.map(|member| member.id.clone()).collect();
    let was: BTreeSet<_> = basis.members.iter().cloned().collect();
    // Some platforms list what we took off (a bridge, a webhook) as a plain member.
    let changed = members.symmetric_difference(&was).filter(|id| !own.unlinked.contains(*id)).count();
    if changed * 100 > was.len() * percent as usize {
        notes.push(
            Note::new("drift-members")
                .with("changed", changed)
                .with("of", was.len())
                .with("percent", percent),
        );
    }
    if capabilities != basis.capabilities {
        notes.push(Note::new("drift-capability"));
    }
    notes
}

fn list(ids: &[NativeId]) -> String {
    if ids.is_empty() {
        return "–".to_owned();
    }
    ids.iter().map(NativeId::as_str).collect::<Vec<_>>().join(", ")
}
