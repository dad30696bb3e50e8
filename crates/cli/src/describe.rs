//! Groups, steps and events in words.

use adjourn_app::org::Org;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, Reversible};
use adjourn_domain::event::{CaseEvent, GroupEvent, Header};
use adjourn_domain::group::{Activity, Snapshot};
use adjourn_domain::ids::GroupId;
use adjourn_domain::kinds::Way;
use adjourn_domain::member_notice::{MemberNotice, Scope};
use adjourn_domain::plan::{GroupPlan, Note, Step, StepOp};
use adjourn_domain::run::{GroupState, Run};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;
use adjourn_i18n::msg;

use crate::out::Out;
use crate::words::{in_language, length};

/// When somebody last did something.
pub(crate) fn activity(out: Out, activity: &Activity) -> String {
    match activity {
        Activity::At(time) => time.to_string(),
        Activity::Unknown => msg::activity_unknown(out.lang),
    }
}

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
    out.line(format!("  {}", members(out, snapshot.members_unknown(), snapshot.members.len())));
    for link in &snapshot.links {
        out.line(format!("  {}: {} ({})", out.word("link", link.kind.slug()), link.name, link.id));
    }
    if snapshot.encrypted {
        out.line(format!("  {}", msg::group_encrypted(out.lang)));
    }
    out.line(format!("  {}", msg::seen_by(out.lang, snapshot.seen_at, &snapshot.seen_by)));
}

/// How many members there are, if somebody told.
pub(crate) fn members(out: Out, unknown: bool, count: usize) -> String {
    if unknown { msg::members_unknown(out.lang) } else { msg::ls_members(out.lang, count as u64) }
}

/// The platform's name; behind that of a simulated one stands that it is a drill.
pub(crate) fn platform(out: Out, platform: &str, drill: bool) -> String {
    let suffix = if drill { out.word("platform", "drill_suffix") } else { String::new() };
    format!("{}{suffix}", out.word("platform", platform))
}

/// One line of a plan, with what proves the step and what is to be known about it.
pub(crate) fn step(out: Out, step: &Step) -> String {
    let proof = out.note(&Note::new(&format!("proof-{}", step.proof)));
    let mut line = format!("{} · {}", headline(out, step), msg::proved_by(out.lang, proof));
    if !step.note.is_empty() {
        line.push_str("\n                     ");
        line.push_str(&out.note(&Note::new(&step.note)));
    }
    line
}

/// What a step is, and until when it can be taken back.
pub(crate) fn headline(out: Out, step: &Step) -> String {
    format!(
        "{} {:<16} {} · {} · {}",
        step.symbol,
        step.id,
        named(out, step),
        out.word("support", step.support.slug()),
        reversible(out, &step.reversible),
    )
}

/// A step in words, with what it is about.
fn named(out: Out, step: &Step) -> String {
    let op = out.word("step", step.op.slug());
    if let Some(link) = step.text("link_name") {
        return format!("{op} {link}");
    }
    let about = errand(out, step)
        .or_else(|| step.text("stage").map(|stage| out.word("stage", stage)))
        .map(|about| msg::step_about(out.lang, &op, about));
    match (about, step.number("seconds")) {
        (Some(about), _) => about,
        (None, Some(seconds)) => format!("{op} {}", duration(out, seconds)),
        (None, None) => op,
    }
}

/// Which party a step is for, and what it gets.
fn errand(out: Out, step: &Step) -> Option<String> {
    let (party, errand) = step.text("party").zip(step.text("errand"))?;
    Some(format!("{} · {}", out.word("party", party), out.word("errand", errand)))
}

/// What a person has to do for a step.
pub(crate) fn person_note(out: Out, step: &Step) -> String {
    match step.text("fallback").unwrap_or(&step.note) {
        "" => out.note(&Note::new("person-step").with("op", step.op.slug())),
        note => out.note(&Note::new(note)),
    }
}

/// What a platform made of an announcement, as its read-back noted it.
pub(crate) fn copy(out: Out, memo: &serde_json::Value) -> Option<String> {
    let found = memo.get("copy")?;
    let number = |name: &str| found.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let note = match found.get("is")?.as_str()? {
        "truncated" => Note::new("copy-truncated").with("kept", number("kept")).with("of", number("of")),
        "edited" => Note::new("copy-edited").with("at", number("at") + 1),
        "rewritten" => Note::new("copy-rewritten"),
        _ => return None,
    };
    Some(out.note(&note))
}

/// What a group's ending is not, where one may be taken for another: dissolved, left, emptied, hidden.
pub(crate) fn apart(out: Out, group: &GroupState) -> Option<String> {
    let run = group.run.as_ref()?;
    let leaves = run.part.steps.iter().any(|step| step.op == StepOp::Leave);
    let near = matches!(run.verdict, Some(Verdict::LeftOnly | Verdict::Emptied | Verdict::Hidden));
    (leaves || near).then(|| out.note(&Note::new("acts-apart")))
}

/// Until when something can be taken back.
pub(crate) fn reversible(out: Out, reversible: &Reversible) -> String {
    match reversible {
        Reversible::Harmless => out.word("reversible", "harmless"),
        Reversible::Always => out.word("reversible", "always"),
        Reversible::Never => out.word("reversible", "never"),
        Reversible::Seconds { seconds } => msg::reversible_for(out.lang, duration(out, *seconds)),
    }
}

/// A length of time in the largest whole unit.
pub(crate) fn duration(out: Out, seconds: u64) -> String {
    match seconds {
        s if s >= 3600 && s % 3600 == 0 => msg::hours(out.lang, s / 3600),
        s if s >= 60 && s % 60 == 0 => msg::minutes(out.lang, s / 60),
        s => msg::seconds(out.lang, s),
    }
}

/// A group's part of a plan.
pub(crate) fn part(out: Out, part: &GroupPlan, drill: bool) {
    out.line("");
    let platform = platform(out, part.platform.as_str(), drill);
    out.line(format!("{platform} · {} · {} ({})", part.name, out.word("class", &part.class), part.group));
    let turning = part.point_of_no_return();
    for (at, spec) in part.steps.iter().enumerate() {
        if at == turning {
            out.line(format!("  ──────── {} ────────", out.word("term", "point_of_no_return")));
        }
        out.line(format!("  {}", step(out, spec)));
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
    lines(msg::plan_clocks(out.lang), crate::clocks::of_plan(out, part));
    lines(msg::plan_facts_differ(out.lang), crate::clocks::differing(out, part));
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
        let what = out.word("retention", &kept.rule);
        let from = out.word("since", &kept.from);
        let article = kept.basis.as_ref().map(|basis| in_language(out.lang, &basis.article));
        let length = length(out.lang, kept.months);
        out.line(format!(
            "  {}",
            msg::plan_retention(out.lang, article.unwrap_or("none"), from, length, what)
        ));
    }
    if let Some(notice) = &way.member_notice {
        told(out, notice);
    }
    if !way.contingency.is_empty() {
        out.line(format!("  {}", msg::plan_contingency(out.lang)));
    }
    for note in &way.contingency {
        out.line(format!("    · {}", out.note(note)));
    }
}

/// What members are told about their data, and what is missing in it.
fn told(out: Out, notice: &MemberNotice) {
    let cited: Vec<&str> = notice.bases.iter().map(|basis| in_language(out.lang, &basis.article)).collect();
    let cited = if cited.is_empty() { "–".to_owned() } else { cited.join("; ") };
    out.line(format!(
        "  {}",
        match notice.scope {
            Scope::Household => msg::plan_notice_household(out.lang, cited),
            Scope::NoPersonalData => msg::plan_notice_no_personal_data(out.lang),
            Scope::PersonalData => msg::plan_notice(out.lang, cited),
        }
    ));
    for missing in &notice.missing {
        out.line(format!("    ⚠ {}", out.note(&missing.note())));
    }
}

/// Whether an event is news to somebody who waits: what was found, not what was tried.
pub(crate) fn is_news(event: &GroupEvent) -> bool {
    match event {
        GroupEvent::Outcome { effect, .. } => *effect != Effect::Applied,
        GroupEvent::Intent { attempt, .. } => *attempt > 1,
        GroupEvent::Seen { .. }
        | GroupEvent::PlanPart { .. }
        | GroupEvent::SealReadBack { .. }
        | GroupEvent::OutpostSaid(_) => false,
        _ => true,
    }
}

/// An event as a line of history.
pub(crate) fn event(out: Out, at: Time, event: &GroupEvent, run: Option<&Run>) -> String {
    let what = out.word("event", event.kind());
    let step = |id: &str| {
        let spec = run.and_then(|run| run.find(id)).map(|(_, spec, _)| spec);
        spec.map_or_else(|| id.to_owned(), |spec| named(out, spec))
    };
    let effect = |effect: &Effect| {
        out.word(
            "effect",
            match effect {
                Effect::Applied => "applied",
                Effect::NotApplied => "not_applied",
                Effect::Unknown => "unknown",
            },
        )
    };
    let detail = match event {
        GroupEvent::Intent { step: id, attempt, .. } if *attempt > 1 => format!("{} #{attempt}", step(id)),
        GroupEvent::Intent { step: id, .. }
        | GroupEvent::WaitEnded { step: id }
        | GroupEvent::PersonOverdue { step: id }
        | GroupEvent::StepUndone { step: id } => step(id),
        GroupEvent::WaitStarted { step: id, until } => format!("{} → {until}", step(id)),
        GroupEvent::Outcome { step: id, effect: e, error, .. } => {
            let error = error.as_deref().map(|error| format!(" ({error})")).unwrap_or_default();
            format!("{}: {}{error}", step(id), effect(e))
        }
        GroupEvent::ReadBack { step: id, effect: e, memo, .. } => {
            let party = run.and_then(|run| run.find(id)).is_some_and(|(_, spec, _)| spec.op == StepOp::Party);
            let silent = party && *e == Effect::Unknown;
            let found = if silent { out.word("effect", "no_answer") } else { effect(e) };
            let made = copy(out, memo).map(|line| format!(" · {line}")).unwrap_or_default();
            format!("{}: {found}{made}", step(id))
        }
        GroupEvent::StepFailed { step: id, error } => format!("{} ({error})", step(id)),
        GroupEvent::Exported { receipt, .. } => msg::exported_records(out.lang, receipt.media, receipt.total),
        GroupEvent::Sealed { bag_hash, .. } => short(*bag_hash),
        GroupEvent::PersonAsked { step: id, note, .. } => {
            let asked = run.and_then(|run| run.find(id)).map(|(_, spec, _)| person_note(out, spec));
            format!("{}: {}", step(id), asked.unwrap_or_else(|| out.note(note)))
        }
        GroupEvent::Answered { answer, .. } => {
            let effect = out.word("effect", if answer.accepted { "applied" } else { "not_applied" });
            format!("{} {} {effect}", out.word("party", answer.party.slug()), answer.reference)
        }
        GroupEvent::ReactionAdded { reaction, what, .. } => {
            format!("{reaction} · {}", out.word("reaction", what.slug()))
        }
        GroupEvent::ReactionAnswered { reaction, .. } | GroupEvent::ReactionEscalated { reaction, .. } => {
            reaction.to_string()
        }
        GroupEvent::HandoverAccepted { statement, .. } => statement.principal.to_string(),
        GroupEvent::PersonDone { step: id, by, .. } => format!("{} · {by}", step(id)),
        GroupEvent::Told { step: id, by, .. } => {
            format!("{} · {}", step(id), by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        GroupEvent::PersonCant { step: id, by, reason } => format!("{} · {by}: {reason}", step(id)),
        GroupEvent::Rechecked { differences, .. } => {
            differences.iter().map(|note| out.note(note)).collect::<Vec<_>>().join("; ")
        }
        GroupEvent::Probed(probe) => {
            format!("{} · {}", out.word("verdict", probe.reading.slug()), signals(out, probe.signals.len()))
        }
        GroupEvent::UploadReceived(upload) => {
            let format = out.word("format", &upload.format);
            format!("{}: {format} · {} · {}", upload.identity, upload.records, short(upload.sha256))
        }
        GroupEvent::Heard { identity, heard } => format!("{identity}: {}", heard.upstream),
        GroupEvent::OutpostSaid(said) => {
            let about = said.under.as_ref().map(|under| step(&under.step)).unwrap_or_default();
            let code = said.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!("{}: {} {about}{code}", said.outpost, out.word("asked", &said.about))
        }
        GroupEvent::Judged { verdict } => out.word("verdict", verdict.slug()),
        GroupEvent::RunStarted { case, .. } => case.to_string(),
        GroupEvent::HoldAdded { matter, .. } => matter.clone(),
        GroupEvent::SuccessorOwed(owed) => {
            let role = out.word("register-role", owed.role.slug());
            msg::ls_owed(out.lang, owed.due, &owed.name, role)
        }
        GroupEvent::RenewalAsked(asked) => asked.link_until.to_string(),
        GroupEvent::RenewalAnswered(answer) => {
            let text = answer.text.as_ref().map(|text| format!(" · {text}")).unwrap_or_default();
            format!("{}{text}", out.word("renewal", answer.word.slug()))
        }
        GroupEvent::Renewed(renewal) => {
            let answer = renewal.answer.as_ref().map(|answer| format!(" · {answer}")).unwrap_or_default();
            format!("{} · {}{answer}", renewal.until, renewal.by)
        }
        _ => String::new(),
    };
    format!("{at}  {what}  {detail}").trim_end().to_owned()
}

/// What the journal's header alone says of an event, as a line of history.
pub(crate) fn header(out: Out, org: &Org, header: &Header) -> String {
    let who = org.name(&header.actor.as_str().into());
    format!("{}  {}  {who}", header.at, out.word("event", &header.kind)).trim_end().to_owned()
}

/// An event of a case as a line of history.
pub(crate) fn case_event(out: Out, org: &Org, at: Time, event: &CaseEvent) -> String {
    let what = out.word("event", event.kind());
    let detail = match event {
        CaseEvent::PlanDrawn(head) => format!("{} · {}", short(head.plan_hash), org.name(&head.requester)),
        CaseEvent::Submitted { by, .. } | CaseEvent::Confirmed { by, .. } | CaseEvent::Applied { by, .. } => {
            org.name(by)
        }
        CaseEvent::Approved { approval, role } => {
            format!("{} ({})", org.name(&approval.statement.principal), out.word("role", role))
        }
        CaseEvent::Rejected { approval, reason } => {
            format!("{}: {reason}", org.name(&approval.statement.principal))
        }
        CaseEvent::ReviewEscalated { to, .. } => {
            to.iter().map(|role| out.word("role", role)).collect::<Vec<_>>().join(", ")
        }
        CaseEvent::Staled { differences, .. } => {
            let notes: Vec<_> = differences.iter().map(|code| out.note(&Note::new(code))).collect();
            notes.join("; ")
        }
        CaseEvent::GroupReached { group, stage } => {
            format!("{group} {}", out.word("stage", stage.slug()))
        }
        CaseEvent::GroupEnded { group, verdict, .. } => {
            let verdict = verdict.map(|verdict| out.word("verdict", verdict.slug())).unwrap_or_default();
            format!("{group} {verdict}")
        }
        CaseEvent::TasksIssued { by, owners, .. } => format!("{} × {}", org.name(by), owners.len()),
        CaseEvent::Reminded { by, owners, .. } => format!("{} × {}", org.name(by), owners.len()),
        CaseEvent::Bundled { bag_hash, .. } => short(*bag_hash),
    };
    format!("{at}  {what}  {detail}").trim_end().to_owned()
}

fn short(hash: Hash) -> String {
    hash.to_hex().chars().take(16).collect()
}

fn signals(out: Out, count: usize) -> String {
    msg::signals_count(out.lang, count as u64)
}
