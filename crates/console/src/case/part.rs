//! One group of a case: where it is on its way, what will and will not happen, what members will read, how far its run has come, what was observed.

use adjourn_domain::announcement::{self, Room};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::Ending;
use adjourn_domain::plan::{GroupPlan, Note, Step, StepOp};
use adjourn_domain::run::{GroupState, Phase, Run, StepState};
use adjourn_i18n::msg;
use adjourn_web::{clocks, wording};

use super::run::{Receipt, StepLine, Waits};
use super::step::{Hand, hand, handed, without};
use super::watch::Watch;
use super::{run, watch};
use crate::desk::{Desk, Reader};
use crate::frame::line::Line;
use crate::frame::parts::Pill;

/// What members will read.
pub(super) struct Post {
    pub(super) title: String,
    pub(super) text: String,
    /// How it gets there, how much room it has, and its hash.
    pub(super) about: Vec<String>,
}

/// A group's part of the page.
pub(super) struct Part {
    pub(super) group: String,
    pub(super) title: String,
    pub(super) line: Line,
    pub(super) hand: Option<Hand>,
    pub(super) handed: Vec<String>,
    /// Where the plan is drawn again without the step at which the run ended.
    pub(super) without: Option<String>,
    pub(super) waits: Option<Waits>,
    pub(super) receipt: Option<Receipt>,
    pub(super) blockers: Vec<String>,
    pub(super) steps: Vec<StepLine>,
    pub(super) posts: Vec<Post>,
    pub(super) blocks: Vec<(String, Vec<String>)>,
    /// What to tell members who have read that the group ends, when it stays.
    pub(super) stays: Option<String>,
    pub(super) verdict: Option<Pill>,
    pub(super) watch: Option<Watch>,
    pub(super) clocks: Vec<String>,
}

pub(super) fn part(
    desk: &Desk,
    reader: &Reader,
    case: &CaseState,
    plan: &GroupPlan,
    group: Option<&GroupState>,
    drill: bool,
) -> Part {
    let (say, lang) = (reader.say, reader.lang);
    let running = group.and_then(|group| group.run.as_ref()).filter(|run| run.case == case.id);
    let notes = |notes: &[Note]| notes.iter().map(|note| say.note(note)).collect::<Vec<_>>();
    let mut blocks = vec![
        (msg::plan_will_not(lang), notes(&plan.will_not)),
        (msg::plan_unknown(lang), notes(&plan.unknown)),
        (msg::plan_residue(lang), notes(&plan.residue)),
        (msg::plan_links(lang), links(reader, plan)),
        (msg::plan_clocks(lang), clocks::of_plan(say, plan)),
        (msg::plan_facts_differ(lang), clocks::differing(say, plan)),
        (msg::console_kept(lang), kept(reader, plan)),
        (msg::plan_contingency(lang), wording::contingency(say, &plan.way.contingency)),
    ];
    blocks.retain(|(_, lines)| !lines.is_empty());
    let platform = wording::platform(say, plan.platform.as_str(), drill);
    let work = desk.app.progress.stands(&plan.group);
    let room = desk.tools.catalogue.offer(plan.platform.as_str()).map(|offer| offer.room);
    Part {
        group: plan.group.to_string(),
        title: format!("{} · {platform} · {}", plan.name, say.word("class", &plan.class)),
        line: Line::in_case(say, case.status, group.filter(|_| running.is_some())),
        hand: running.and_then(|run| hand(reader, run)),
        handed: running.map(|run| handed(reader, run)).unwrap_or_default(),
        without: group.zip(running).and_then(|(group, run)| without(group, run)),
        waits: group.filter(|_| running.is_some()).and_then(|group| run::waits(reader, case, group)),
        receipt: running.and_then(|running| run::receipt(reader, running)),
        blockers: notes(&plan.blockers),
        steps: run::steps(reader, plan, running, work.as_ref()),
        posts: plan.steps.iter().filter_map(|step| post(reader, &platform, room, step)).collect(),
        blocks,
        stays: running.filter(|run| told_in_vain(run)).map(|_| msg::case_stays_text(lang)),
        verdict: running.and_then(wording::verdict_so_far).map(|slug| Pill::of(say, "verdict", slug)),
        watch: running.and_then(|run| watch::watch(reader, run)),
        clocks: running.map(|run| run::clocks(reader, run)).unwrap_or_default(),
    }
}

/// Whether members were told of an end that was taken back.
fn told_in_vain(run: &Run) -> bool {
    let mut steps = run.part.steps.iter().zip(&run.steps);
    run.phase == Phase::Ended(Ending::Undone)
        && steps.any(|(step, state)| {
            matches!(step.op, StepOp::Announce | StepOp::Notice) && state.state == StepState::Done
        })
}

/// A text that is posted, as members of this platform will read it.
fn post(reader: &Reader, platform: &str, room: Option<Room>, step: &Step) -> Option<Post> {
    let (say, lang) = (reader.say, reader.lang);
    let text = step.text("text").filter(|_| matches!(step.op, StepOp::Announce | StepOp::Notice))?;
    let mut about = vec![msg::case_post_plain(lang)];
    about.extend(room.map(|room| {
        msg::case_post_room(lang, room.length(text) as u64, room.limit() as u64, platform, room.unit())
    }));
    if !step.note.is_empty() {
        about.push(say.note(&Note::new(&step.note)));
    }
    let hash = announcement::hash(text).to_hex();
    about.push(msg::case_post_about(lang, hash, text.chars().count() as u64));
    Some(Post {
        title: format!("{platform} · {}", say.word("step", step.op.slug())),
        text: text.to_owned(),
        about,
    })
}

fn links(reader: &Reader, plan: &GroupPlan) -> Vec<String> {
    let say = reader.say;
    let line = |link: &adjourn_domain::kinds::LinkPlan| {
        let (fate, kind) = (say.word("fate", link.fate.slug()), say.word("link", link.kind.slug()));
        msg::plan_link(reader.lang, say.note(&link.breaks), fate, kind, &link.name)
    };
    plan.way.links.iter().map(line).collect()
}

/// What is kept for how long, and what members are told of it.
fn kept(reader: &Reader, plan: &GroupPlan) -> Vec<String> {
    let say = reader.say;
    let mut lines: Vec<String> = plan.way.retention.iter().map(|kept| wording::kept(say, kept)).collect();
    if let Some(notice) = &plan.way.member_notice {
        let (says, missing) = wording::told(say, notice);
        lines.push(says);
        lines.extend(missing.into_iter().map(|line| format!("⚠ {line}")));
    }
    lines
}
