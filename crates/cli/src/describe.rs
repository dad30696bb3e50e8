//! Groups and plans on the terminal, in the words of [`adjourn_web::wording`].

use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::GroupId;
use adjourn_domain::kinds::Way;
use adjourn_domain::plan::{GroupPlan, Note};
use adjourn_i18n::msg;
use adjourn_web::wording::{self, members, platform, step};

use crate::out::Out;
use adjourn_web::clocks;

/// A group as it was seen.
pub(crate) fn snapshot(out: Out, id: &GroupId, snapshot: &Snapshot, class: &str) {
    let platform = out.word("platform", snapshot.platform.as_str());
    out.line(format!("{}  ({id})", snapshot.label()));
    out.line(format!("  {platform} · {} · {}", snapshot.native, out.word("class", class)));
    let owners: Vec<_> = snapshot.owners.iter().map(ToString::to_string).collect();
    let owners = match owners.is_empty() {
        // Nobody told is not nobody.
        true if snapshot.owner_unknown() => out.word("verdict", "unknown"),
        true => msg::owner_none(out.lang),
        false => owners.join(", "),
    };
    out.line(format!("  {}: {owners}", out.word("term", "owner")));
    out.line(format!("  {}", members(out.say(), snapshot.members_unknown(), snapshot.members.len())));
    for link in &snapshot.links {
        out.line(format!("  {}: {} ({})", out.word("link", link.kind.slug()), link.name, link.id));
    }
    if snapshot.encrypted {
        out.line(format!("  {}", msg::group_encrypted(out.lang)));
    }
    out.line(format!("  {}", msg::seen_by(out.lang, snapshot.seen_at, &snapshot.seen_by)));
}

/// A group's part of a plan.
pub(crate) fn part(out: Out, part: &GroupPlan, drill: bool) {
    out.line("");
    let platform = platform(out.say(), part.platform.as_str(), drill);
    out.line(format!("{platform} · {} · {} ({})", part.name, out.word("class", &part.class), part.group));
    let turning = part.point_of_no_return();
    for (at, spec) in part.steps.iter().enumerate() {
        if at == turning {
            out.line(format!("  ──────── {} ────────", out.word("term", "point_of_no_return")));
        }
        out.line(format!("  {}", step(out.say(), spec)));
    }
    let block = |title: String, notes: &[Note]| {
        if !notes.is_empty() {
            out.line(format!("  {title}"));
            for note in notes {
                out.line(format!("    · {}", out.note(note)));
            }
        }
    };
    block(msg::plan_will_not(out.lang), &part.will_not);
    block(msg::plan_unknown(out.lang), &part.unknown);
    block(msg::plan_residue(out.lang), &part.residue);
    let lines = |title: String, lines: Vec<String>| {
        if !lines.is_empty() {
            out.line(format!("  {title}"));
            for line in lines {
                out.line(format!("    · {line}"));
            }
        }
    };
    lines(msg::plan_clocks(out.lang), clocks::of_plan(out.say(), part));
    lines(msg::plan_facts_differ(out.lang), clocks::differing(out.say(), part));
    block(msg::plan_blockers(out.lang), &part.blockers);
}

/// What the kind of a group adds to its plan.
pub(crate) fn way(out: Out, way: &Way) {
    if let Some(matter) = &way.judicial {
        out.line(format!("  {}", msg::plan_judicial(out.lang, matter)));
    }
    if !way.links.is_empty() {
        out.line(format!("  {}", msg::plan_links(out.lang)));
    }
    for link in &way.links {
        let fate = out.word("fate", link.fate.slug());
        let kind = out.word("link", link.kind.slug());
        let breaks = out.note(&link.breaks);
        out.line(format!("    · {}", msg::plan_link(out.lang, breaks, fate, kind, &link.name)));
    }
    for kept in &way.retention {
        out.line(format!("  {}", wording::kept(out.say(), kept)));
    }
    if let Some(notice) = &way.member_notice {
        let (says, missing) = wording::told(out.say(), notice);
        out.line(format!("  {says}"));
        for line in missing {
            out.line(format!("    ⚠ {line}"));
        }
    }
    if !way.contingency.is_empty() {
        out.line(format!("  {}", msg::plan_contingency(out.lang)));
    }
    for line in wording::contingency(out.say(), &way.contingency) {
        out.line(format!("    · {line}"));
    }
}
