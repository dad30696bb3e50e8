//! The checks themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{CaseFile, Check, Checked, Coverage, Evidence, Finding, GroupFile, Limits, Period, Subject};
use crate::approval::Principal;
use crate::event::{CaseEvent, GroupEvent, OrgEvent};
use crate::ids::{GroupId, PrincipalId};
use crate::law::HeldIn;
use crate::plan::{Act, Note};
use crate::policy::{PERSONAL, Policy};
use crate::reading::How;
use crate::register::LEDGER;
use crate::retention::{Disposition, Standing};
use crate::review::{Review, Way};
use crate::run::{GroupState, Run};
use crate::stored::ArchiveFetched;
use crate::time::Time;
use crate::verdict::Verdict;

/// Seconds of a day.
const DAY: u64 = 24 * 3600;

/// What the checks found: coverage, what each check looked at, and the findings by check and subject.
pub fn find(evidence: &Evidence) -> (Coverage, Vec<Checked>, Vec<Finding>) {
    let mut sheet = Sheet::default();
    let mut coverage = Coverage { destroyed: evidence.destroyed, ..Coverage::default() };
    for file in &evidence.groups {
        cover(&mut coverage, &file.state);
        registered(&mut sheet, file, evidence.period);
        succession(&mut sheet, &file.state, evidence.period);
        holds(&mut sheet, &file.state, evidence.limits, evidence.period);
        runs(&mut sheet, file, evidence.period);
        disposition(&mut sheet, &file.state, evidence);
        readings(&mut sheet, file);
    }
    let known = Known {
        roles: roles(&evidence.org),
        groups: evidence.groups.iter().map(|file| (&file.state.id, &file.state)).collect(),
    };
    for file in &evidence.cases {
        reviews(&mut sheet, file, evidence.limits, evidence.period);
        fetched_of_case(&mut sheet, file);
        approvals(&mut sheet, file, evidence, &known);
    }
    instructions(&mut sheet, evidence);
    sheet.finish(coverage)
}

/// Who and what cases refer to.
struct Known<'a> {
    roles: BTreeMap<PrincipalId, String>,
    groups: BTreeMap<&'a GroupId, &'a GroupState>,
}

/// Findings as they come, and what was looked at.
#[derive(Default)]
struct Sheet {
    findings: Vec<Finding>,
    looked_at: BTreeMap<Check, u64>,
}

impl Sheet {
    fn look(&mut self, check: Check) {
        *self.looked_at.entry(check).or_default() += 1;
    }

    fn group(&mut self, check: Check, group: &GroupState, mark: &str, since: Option<Time>, says: Note) {
        self.findings.push(Finding {
            check,
            subject: Subject::Group(group.id.clone()),
            mark: mark.to_owned(),
            name: name(group),
            since,
            says,
        });
    }

    fn finish(mut self, coverage: Coverage) -> (Coverage, Vec<Checked>, Vec<Finding>) {
        self.findings.sort_by(|a, b| a.key().cmp(&b.key()));
        let checked = Check::ALL
            .into_iter()
            .map(|check| Checked {
                check,
                looked_at: self.looked_at.get(&check).copied().unwrap_or_default(),
                found: self.findings.iter().filter(|finding| finding.check == check).count() as u64,
                grade: check.grade(),
                iso_27001: check.iso_27001().iter().map(|&control| control.to_owned()).collect(),
                pipl: check.pipl().iter().map(|&article| article.to_owned()).collect(),
            })
            .collect();
        (coverage, checked, self.findings)
    }
}

/// The name for people.
fn name(group: &GroupState) -> String {
    let snapshot = group.snapshot.as_ref();
    snapshot
        .and_then(|snapshot| snapshot.name.clone().or_else(|| snapshot.alias.clone()))
        .or_else(|| snapshot.map(|snapshot| snapshot.native.to_string()))
        .unwrap_or_default()
}

fn cover(coverage: &mut Coverage, group: &GroupState) {
    if group.over() {
        coverage.gone += 1;
        return;
    }
    coverage.groups += 1;
    if let Some(registration) = &group.registration {
        coverage.registered += 1;
        coverage.reachable += u64::from(!registration.contact.is_empty());
        coverage.purpose += u64::from(registration.purpose.is_some());
        coverage.deputy += u64::from(registration.asset.deputy.is_some());
        coverage.expires += u64::from(registration.asset.expires.is_some());
        coverage.holds += u64::from(registration.asset.holds.is_some());
        coverage.exit_plan += u64::from(registration.asset.exit_plan.is_some());
    }
    coverage.owned += u64::from(group.snapshot.as_ref().is_some_and(|seen| !seen.owners.is_empty()));
}

/// The register: who owns it, and whether anybody can be reached.
fn registered(sheet: &mut Sheet, file: &GroupFile, period: Period) {
    let group = &file.state;
    let Some(snapshot) = group.snapshot.as_ref().filter(|_| !group.over()) else { return };
    let seen = Some(snapshot.seen_at);
    sheet.look(Check::Unregistered);
    let Some(registration) = &group.registration else {
        let says = Note::new("audit-unregistered").with("by", &snapshot.seen_by);
        sheet.group(Check::Unregistered, group, "", seen, says);
        owners(sheet, group);
        return;
    };
    owners(sheet, group);
    sheet.look(Check::Unreachable);
    if registration.contact.is_empty() {
        sheet.group(Check::Unreachable, group, "", seen, Note::new("audit-unreachable"));
    }
    if let Some(expiry) = group.expiry() {
        sheet.look(Check::RenewalOverdue);
        let end = expiry.day().end(period.utc_offset_minutes);
        if end <= period.until {
            let says = Note::new("audit-renewal").with("day", expiry.day());
            sheet.group(Check::RenewalOverdue, group, "", Some(end), says);
        }
    }
}

/// Who was owed a successor, and has none although the day has come.
fn succession(sheet: &mut Sheet, group: &GroupState, period: Period) {
    if group.over() {
        return;
    }
    for debt in group.upkeep.debts.open() {
        sheet.look(Check::SuccessorOverdue);
        if debt.owed.due <= period.until {
            let role = debt.owed.role.slug();
            let says = Note::new("audit-successor").with("role", role);
            let mark = format!("{role}:{}", debt.owed.person);
            sheet.group(Check::SuccessorOverdue, group, &mark, Some(debt.owed.due), says);
        }
    }
}

fn owners(sheet: &mut Sheet, group: &GroupState) {
    let Some(snapshot) = group.snapshot.as_ref() else { return };
    // Nobody has told who owns it, or no platform has shown it yet: that is no knowledge about its owners.
    if snapshot.owner_unknown() || snapshot.seen_by.as_str() == LEDGER {
        return;
    }
    sheet.look(Check::Orphan);
    sheet.look(Check::OneOwner);
    match snapshot.owners.len() {
        0 => sheet.group(
            Check::Orphan,
            group,
            "",
            Some(snapshot.seen_at),
            Note::new("audit-orphan").with("by", &snapshot.seen_by),
        ),
        1 if !has_deputy(group) => {
            sheet.group(Check::OneOwner, group, "", Some(snapshot.seen_at), Note::new("audit-one-owner"));
        }
        _ => {}
    }
}

fn has_deputy(group: &GroupState) -> bool {
    group.registration.as_ref().is_some_and(|known| known.asset.deputy.is_some())
}

fn holds(sheet: &mut Sheet, group: &GroupState, limits: Limits, period: Period) {
    for (id, hold) in &group.holds {
        sheet.look(Check::HoldLasting);
        let days = period.until.secs_since(hold.at) / DAY;
        if days >= u64::from(limits.hold_days) {
            let says = Note::new("audit-hold").with("days", days).with("matter", &hold.matter);
            sheet.group(Check::HoldLasting, group, id.as_str(), Some(hold.at), says);
        }
    }
}

/// Runs that ended in the period, and what people said in it.
fn runs(sheet: &mut Sheet, file: &GroupFile, period: Period) {
    let group = &file.state;
    for (at, event) in file.events.iter().filter(|(at, _)| period.has(*at)) {
        match event {
            GroupEvent::Judged { verdict } => {
                sheet.look(Check::ObservationFailed);
                if *verdict != Verdict::Gone {
                    let says = Note::new("audit-not-gone").with("verdict", verdict.slug());
                    sheet.group(Check::ObservationFailed, group, &at.to_string(), Some(*at), says);
                }
                if let Some(run) = &group.run {
                    residue(sheet, group, run, *at);
                }
            }
            GroupEvent::PersonDone { .. } => sheet.look(Check::ToldOnly),
            GroupEvent::Told { step, by, shown } => {
                let people: BTreeSet<_> = by.iter().collect();
                let says = Note::new(if *shown { "audit-told-shown" } else { "audit-told" })
                    .with("step", step)
                    .with("people", people.len());
                sheet.group(Check::ToldOnly, group, step, Some(*at), says);
            }
            _ => {}
        }
    }
}

fn residue(sheet: &mut Sheet, group: &GroupState, run: &Run, at: Time) {
    sheet.look(Check::Residue);
    if !run.part.residue.is_empty() {
        let says = Note::new("audit-residue").with("count", run.part.residue.len());
        sheet.group(Check::Residue, group, "", Some(at), says);
    }
}

/// Who looked at a group's originals, a finding for each person: how often, and how often all of it was taken out.
fn readings(sheet: &mut Sheet, file: &GroupFile) {
    let mut people: BTreeMap<&PrincipalId, (Time, u64, u64)> = BTreeMap::new();
    for (at, event) in &file.events {
        let GroupEvent::OriginalRead(read) = event else { continue };
        sheet.look(Check::OriginalRead);
        let (_, times, opened) = people.entry(&read.by).or_insert((*at, 0, 0));
        *times += 1;
        *opened += u64::from(read.how == How::Open);
    }
    for (by, (first, times, opened)) in people {
        let says =
            Note::new("audit-original-read").with("by", by).with("times", times).with("opened", opened);
        sheet.group(Check::OriginalRead, &file.state, by.as_str(), Some(first), says);
    }
    let fetched = file.events.iter().filter_map(|(at, event)| match event {
        GroupEvent::ArchiveFetched(fetched) => Some((*at, &**fetched)),
        _ => None,
    });
    for (by, (first, says)) in fetched_by(sheet, fetched) {
        sheet.group(Check::OriginalRead, &file.state, &by, Some(first), says);
    }
}

fn fetched_of_case(sheet: &mut Sheet, file: &CaseFile) {
    let fetched = file.events.iter().filter_map(|(at, event)| match event {
        CaseEvent::ArchiveFetched(fetched) => Some((*at, &**fetched)),
        _ => None,
    });
    for (mark, (first, says)) in fetched_by(sheet, fetched) {
        let case = file.state.id.to_string();
        sheet.findings.push(Finding {
            check: Check::OriginalRead,
            subject: Subject::Case(case.clone()),
            mark,
            name: case,
            since: Some(first),
            says,
        });
    }
}

/// Who brought stored originals back, by a mark for each person: since when, and how often. Sealed ones are originals, copies are none.
fn fetched_by<'a>(
    sheet: &mut Sheet,
    fetched: impl Iterator<Item = (Time, &'a ArchiveFetched)>,
) -> BTreeMap<String, (Time, Note)> {
    let mut people: BTreeMap<&PrincipalId, (Time, u64)> = BTreeMap::new();
    for (at, fetched) in fetched.filter(|(_, fetched)| !fetched.copy) {
        sheet.look(Check::OriginalRead);
        people.entry(&fetched.by).or_insert((at, 0)).1 += 1;
    }
    let says = |by, times: u64| Note::new("audit-original-fetched").with("by", by).with("times", times);
    people
        .into_iter()
        .map(|(by, (first, times))| (format!("stored/{by}"), (first, says(by, times))))
        .collect()
}

/// Records that nobody has to keep any more, and of which nobody has decided.
fn disposition(sheet: &mut Sheet, group: &GroupState, evidence: &Evidence) {
    let Period { until, utc_offset_minutes: offset, .. } = evidence.period;
    let standing = Standing::of(group, &evidence.packs, until, offset);
    let Some(completed) = standing.completed else { return };
    sheet.look(Check::DispositionOverdue);
    let kept = standing.review.as_ref().and_then(|review| match review.disposition {
        Disposition::KeepUntil { until } => Some(until),
        Disposition::Release => None,
    });
    let ends = standing.periods.iter().filter(|period| period.held_in == HeldIn::Archive);
    let since = ends.map(|period| period.until).chain(kept).map(|day| day.end(offset)).max();
    let since = since.unwrap_or(completed).max(completed);
    let days = until.secs_since(since) / DAY;
    if standing.due() && days >= u64::from(evidence.limits.disposition_days) {
        let says = Note::new("audit-disposition").with("days", days);
        sheet.group(Check::DispositionOverdue, group, "", Some(since), says);
    }
}

fn reviews(sheet: &mut Sheet, file: &CaseFile, limits: Limits, period: Period) {
    if file.state.status != crate::case::CaseStatus::InReview {
        return;
    }
    sheet.look(Check::ReviewOverdue);
    let submitted = file
        .events
        .iter()
        .rev()
        .find_map(|(at, event)| matches!(event, CaseEvent::Submitted { .. }).then_some(*at));
    let Some(submitted) = submitted else { return };
    let days = period.until.secs_since(submitted) / DAY;
    if days >= u64::from(limits.review_days) {
        sheet.findings.push(Finding {
            check: Check::ReviewOverdue,
            subject: Subject::Case(file.state.id.to_string()),
            mark: String::new(),
            name: file.state.id.to_string(),
            since: Some(submitted),
            says: Note::new("audit-review").with("days", days),
        });
    }
}

/// Plans applied in the period, against the policy that is in force now: a plan carries the policy of the day on which
/// it was drawn, and a weaker one is what an auditor wants to see.
fn approvals(sheet: &mut Sheet, file: &CaseFile, evidence: &Evidence, known: &Known<'_>) {
    let applied = file
        .events
        .iter()
        .rev()
        .find_map(|(at, event)| matches!(event, CaseEvent::Applied { .. }).then_some(*at));
    let Some(at) = applied.filter(|at| evidence.period.has(*at)) else { return };
    let Some(head) = file.state.head.as_ref().filter(|head| head.act == Act::Dissolve) else { return };
    sheet.look(Check::ApprovalOutsidePolicy);
    let wanted = head
        .groups
        .iter()
        .filter_map(|id| known.groups.get(id))
        .filter_map(|group| wanted(&evidence.policy, group))
        .fold(Review::default(), |all, review| all.and(review));
    let mut signed: BTreeSet<&PrincipalId> = BTreeSet::new();
    let mut have = Way::new();
    for (approval, role) in &file.state.approvals {
        let by = &approval.statement.principal;
        let genuine = *by != head.requester
            && known.roles.contains_key(by)
            && approval.statement.plan_hash == head.plan_hash;
        if genuine && signed.insert(by) {
            *have.entry(role.clone()).or_default() += 1;
        }
    }
    let missing: Vec<String> = wanted
        .shortfall(&have)
        .iter()
        .map(|short| format!("{} × {}", short.role, short.need.saturating_sub(short.have)))
        .collect();
    if !missing.is_empty() {
        sheet.findings.push(Finding {
            check: Check::ApprovalOutsidePolicy,
            subject: Subject::Case(file.state.id.to_string()),
            mark: String::new(),
            name: file.state.id.to_string(),
            since: Some(at),
            says: Note::new("audit-approvals").with("missing", missing.join(", ")),
        });
    }
}

/// What outposts near platforms did not obey, and what of their replies was not believed.
fn instructions(sheet: &mut Sheet, evidence: &Evidence) {
    for (at, event) in evidence.org.iter().filter(|(at, _)| evidence.period.has(*at)) {
        let (outpost, note, why, instruction) = match event {
            OrgEvent::InstructionRefused { outpost, why, instruction, .. } => {
                (outpost, "audit-instruction", why.slug(), instruction)
            }
            OrgEvent::ReplyRefused { outpost, why, instruction, .. } => {
                (outpost, "audit-reply", why.slug(), instruction)
            }
            _ => continue,
        };
        sheet.look(Check::InstructionRefused);
        sheet.findings.push(Finding {
            check: Check::InstructionRefused,
            subject: Subject::Other(outpost.clone()),
            mark: instruction.to_hex(),
            name: outpost.clone(),
            since: Some(*at),
            says: Note::new(note).with("why", why),
        });
    }
}

/// The review that the policy in force asks for a group's class.
fn wanted<'a>(policy: &'a Policy, group: &GroupState) -> Option<&'a Review> {
    (group.class != PERSONAL).then(|| policy.of(&group.class).ok()).flatten().map(|class| &class.review)
}

fn roles(org: &[(Time, OrgEvent)]) -> BTreeMap<PrincipalId, String> {
    org.iter()
        .filter_map(|(_, event)| match event {
            OrgEvent::PrincipalAdded(Principal { id, role, .. }) => Some((id.clone(), role.clone())),
            _ => None,
        })
        .collect()
}
