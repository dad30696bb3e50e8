//! Groups, steps and events in words: what command line, pages and messages say about the same thing, they say with the same words.

use adjourn_app::org::Org;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, Reversible};
use adjourn_domain::event::{CaseEvent, GroupEvent, Header};
use adjourn_domain::fact::{Confidence, Text};
use adjourn_domain::group::Activity;
use adjourn_domain::member_notice::{MemberNotice, Retention, Scope};
use adjourn_domain::plan::{Note, Step, StepOp};
use adjourn_domain::run::{GroupState, Run};
use adjourn_domain::stored::{ArchiveFetched, ArchiveStored};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;
use adjourn_i18n::{Lang, msg};

/// How a point in time is written: pages have the reader's clock, a terminal that of the journal.
pub type Clock<'a> = &'a dyn Fn(Time) -> String;

/// The journal's own clock, as RFC 3339 in UTC.
pub fn utc(at: Time) -> String {
    at.to_string()
}

/// Says things in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say {
    /// The language.
    pub lang: Lang,
}

impl Say {
    /// Says things in `lang`.
    pub fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// A word of the vocabulary; the slug itself where there is none.
    pub fn word(self, family: &str, slug: &str) -> String {
        adjourn_i18n::word(self.lang, &format!("{family}.{slug}"))
            .map_or_else(|| slug.to_owned(), str::to_owned)
    }

    /// What is said of something, behind its name.
    pub fn pair(self, name: impl std::fmt::Display, value: impl std::fmt::Display) -> String {
        msg::places_pair(self.lang, name.to_string(), value.to_string())
    }

    /// A note as a sentence.
    pub fn note(self, note: &Note) -> String {
        let args: Vec<(&str, &str)> =
            note.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        adjourn_i18n::note(self.lang, &note.code, &args).unwrap_or_else(|| note.code.clone())
    }
}

/// When somebody last did something.
pub fn activity(say: Say, activity: &Activity) -> String {
    match activity {
        Activity::At(time) => time.to_string(),
        Activity::Unknown => msg::activity_unknown(say.lang),
    }
}

/// How many members there are, if somebody told.
pub fn members(say: Say, unknown: bool, count: usize) -> String {
    if unknown { msg::members_unknown(say.lang) } else { msg::ls_members(say.lang, count as u64) }
}

/// The platform's name; behind that of a simulated one stands that it is a drill.
pub fn platform(say: Say, platform: &str, drill: bool) -> String {
    let suffix = if drill { say.word("platform", "drill_suffix") } else { String::new() };
    format!("{}{suffix}", say.word("platform", platform))
}

/// One line of a plan, with what proves the step and what is to be known about it.
pub fn step(say: Say, step: &Step) -> String {
    let proof = say.note(&Note::new(&format!("proof-{}", step.proof)));
    let mut line = format!("{} · {}", headline(say, step), msg::proved_by(say.lang, proof));
    if !step.note.is_empty() {
        line.push_str("\n                     ");
        line.push_str(&say.note(&Note::new(&step.note)));
    }
    line
}

/// What a step is, and until when it can be taken back.
pub fn headline(say: Say, step: &Step) -> String {
    format!(
        "{} {:<16} {} · {} · {}",
        step.symbol,
        step.id,
        named(say, step),
        say.word("support", step.support.slug()),
        reversible(say, &step.reversible),
    )
}

/// A step in words, with what it is about.
pub fn named(say: Say, step: &Step) -> String {
    let op = say.word("step", step.op.slug());
    if let Some(link) = step.text("link_name") {
        return format!("{op} {link}");
    }
    let about = errand(say, step)
        .or_else(|| step.text("stage").map(|stage| say.word("stage", stage)))
        .map(|about| msg::step_about(say.lang, &op, about));
    match (about, step.number("seconds")) {
        (Some(about), _) => about,
        (None, Some(seconds)) => format!("{op} {}", duration(say, seconds)),
        (None, None) => op,
    }
}

/// Which party a step is for, and what it gets.
fn errand(say: Say, step: &Step) -> Option<String> {
    let (party, errand) = step.text("party").zip(step.text("errand"))?;
    Some(format!("{} · {}", say.word("party", party), say.word("errand", errand)))
}

/// What a person has to do for a step of a run.
pub fn person_note(say: Say, run: &Run, step: &Step) -> String {
    asked(say, run.asks(step), step)
}

fn asked(say: Say, note: &str, step: &Step) -> String {
    match note {
        "" => say.note(&Note::new("person-step").with("op", step.op.slug())),
        note => say.note(&Note::new(note)),
    }
}

/// What a platform made of an announcement, as its read-back noted it.
pub fn copy(say: Say, memo: &serde_json::Value) -> Option<String> {
    let found = memo.get("copy")?;
    let number = |name: &str| found.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let note = match found.get("is")?.as_str()? {
        "truncated" => Note::new("copy-truncated").with("kept", number("kept")).with("of", number("of")),
        "edited" => Note::new("copy-edited").with("at", number("at") + 1),
        "rewritten" => Note::new("copy-rewritten"),
        _ => return None,
    };
    Some(say.note(&note))
}

/// What became of a group as far as it is known, a slug: what the observation says, or before it what the dissolve was found to be.
pub fn verdict_so_far(run: &Run) -> Option<&str> {
    if run.observed_from.is_some() {
        return Some(run.verdict_so_far().slug());
    }
    let dissolve = run.part.steps.iter().position(|step| step.op == StepOp::Dissolve)?;
    Verdict::noted(&run.steps.get(dissolve)?.memo)
}

/// What a group's ending is not, where one may be taken for another: dissolved, left, emptied, hidden.
pub fn apart(say: Say, group: &GroupState) -> Option<String> {
    let run = group.run.as_ref()?;
    let leaves = run.part.steps.iter().any(|step| step.op == StepOp::Leave);
    let near = matches!(run.verdict, Some(Verdict::LeftOnly | Verdict::Emptied | Verdict::Hidden));
    (leaves || near).then(|| say.note(&Note::new("acts-apart")))
}

/// Until when something can be taken back.
pub fn reversible(say: Say, reversible: &Reversible) -> String {
    match reversible {
        Reversible::Harmless => say.word("reversible", "harmless"),
        Reversible::Always => say.word("reversible", "always"),
        Reversible::Never => say.word("reversible", "never"),
        Reversible::Seconds { seconds } => msg::reversible_for(say.lang, duration(say, *seconds)),
    }
}

/// A length of time in the largest whole unit.
pub fn duration(say: Say, seconds: u64) -> String {
    match seconds {
        s if s >= 3600 && s % 3600 == 0 => msg::hours(say.lang, s / 3600),
        s if s >= 60 && s % 60 == 0 => msg::minutes(say.lang, s / 60),
        s => msg::seconds(say.lang, s),
    }
}

/// Whether an event is news to somebody who waits: what was found, not what was tried.
pub fn is_news(event: &GroupEvent) -> bool {
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
pub fn event(say: Say, clock: Clock<'_>, at: Time, event: &GroupEvent, run: Option<&Run>) -> String {
    let what = say.word("event", event.kind());
    let step = |id: &str| {
        let spec = run.and_then(|run| run.find(id)).map(|(_, spec, _)| spec);
        spec.map_or_else(|| id.to_owned(), |spec| named(say, spec))
    };
    let effect = |effect: &Effect| {
        say.word(
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
        GroupEvent::WaitStarted { step: id, until } => format!("{} → {}", step(id), clock(*until)),
        GroupEvent::Outcome { step: id, effect: e, error, .. } => {
            let error = error.as_deref().map(|error| format!(" ({error})")).unwrap_or_default();
            say.pair(step(id), format!("{}{error}", effect(e)))
        }
        GroupEvent::ReadBack { step: id, effect: e, memo, .. } => {
            let party = run.and_then(|run| run.find(id)).is_some_and(|(_, spec, _)| spec.op == StepOp::Party);
            let silent = party && *e == Effect::Unknown;
            let found = if silent { say.word("effect", "no_answer") } else { effect(e) };
            let made = copy(say, memo).or_else(|| Verdict::noted(memo).map(|slug| say.word("verdict", slug)));
            let made = made.map(|line| format!(" · {line}")).unwrap_or_default();
            say.pair(step(id), format!("{found}{made}"))
        }
        GroupEvent::StepFailed { step: id, error } => format!("{} ({error})", step(id)),
        GroupEvent::Exported { receipt, .. } => msg::exported_records(say.lang, receipt.media, receipt.total),
        GroupEvent::Sealed { bag_hash, .. } => short(*bag_hash),
        GroupEvent::PersonAsked { step: id, note, .. } => {
            let spec = run.and_then(|run| run.find(id)).map(|(_, spec, _)| spec);
            format!(
                "{}: {}",
                step(id),
                spec.map_or_else(|| say.note(note), |spec| asked(say, &note.code, spec))
            )
        }
        GroupEvent::Answered { answer, .. } => {
            let effect = say.word("effect", if answer.accepted { "applied" } else { "not_applied" });
            format!("{} {} {effect}", say.word("party", answer.party.slug()), answer.reference)
        }
        GroupEvent::ReactionAdded { reaction, what, .. } => {
            format!("{reaction} · {}", say.word("reaction", what.slug()))
        }
        GroupEvent::NoticeRead { name, .. } => name.clone().unwrap_or_default(),
        GroupEvent::NoticeRevoked { reader, .. } => reader.clone().unwrap_or_default(),
        GroupEvent::ReactionAnswered { reaction, .. } | GroupEvent::ReactionEscalated { reaction, .. } => {
            reaction.to_string()
        }
        GroupEvent::HandoverAccepted { statement, .. } => statement.principal.to_string(),
        GroupEvent::PersonDone { step: id, by, evidence, .. } => {
            let files = evidence.iter().map(|file| format!(" · {} {}", file.name, short(file.sha256)));
            format!("{} · {by}{}", step(id), files.collect::<String>())
        }
        GroupEvent::Told { step: id, by, .. } => {
            format!("{} · {}", step(id), by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        GroupEvent::PersonCant { step: id, by, reason } => format!("{} · {}", step(id), say.pair(by, reason)),
        GroupEvent::Rechecked { differences, .. } => {
            differences.iter().map(|note| say.note(note)).collect::<Vec<_>>().join("; ")
        }
        GroupEvent::Probed(probe) => {
            format!("{} · {}", say.word("verdict", probe.reading.slug()), signals(say, probe.signals.len()))
        }
        GroupEvent::UploadReceived(upload) => {
            let format = say.word("format", &upload.format);
            say.pair(&upload.identity, format!("{format} · {} · {}", upload.records, short(upload.sha256)))
        }
        GroupEvent::OriginalRead(read) => {
            format!("{} · {} · {}", say.word("reading", read.how.slug()), read.original, read.by)
        }
        GroupEvent::PseudonymsAsked(act) | GroupEvent::PseudonymsDestroyed(act) => {
            format!("{} · {} · {}", act.key, short(act.copy), act.statement.principal)
        }
        GroupEvent::ArchiveStored(noted) => stored(noted),
        GroupEvent::ArchiveFetched(noted) => fetched(noted),
        GroupEvent::HistoryExported { by, receipt, in_clear, .. } => {
            let why = in_clear.as_ref().map(|why| format!(" · {why}")).unwrap_or_default();
            say.pair(by, msg::exported_records(say.lang, receipt.media, receipt.total) + &why)
        }
        GroupEvent::Heard { identity, heard } => say.pair(identity, &heard.upstream),
        GroupEvent::OutpostSaid(said) => {
            let about = said.under.as_ref().map(|under| step(&under.step)).unwrap_or_default();
            let code = said.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            say.pair(&said.outpost, format!("{} {about}{code}", say.word("asked", &said.about)))
        }
        GroupEvent::Judged { verdict } => say.word("verdict", verdict.slug()),
        GroupEvent::RunStarted { case, .. } => case.to_string(),
        GroupEvent::HoldAdded { matter, .. } => matter.clone(),
        GroupEvent::SuccessorOwed(owed) => {
            let role = say.word("register-role", owed.role.slug());
            msg::ls_owed(say.lang, clock(owed.due), &owed.name, role)
        }
        GroupEvent::RenewalAsked(asked) => clock(asked.link_until),
        GroupEvent::RenewalAnswered(answer) => {
            let text = answer.text.as_ref().map(|text| format!(" · {text}")).unwrap_or_default();
            format!("{}{text}", say.word("renewal", answer.word.slug()))
        }
        GroupEvent::Renewed(renewal) => {
            let answer = renewal.answer.as_ref().map(|answer| format!(" · {answer}")).unwrap_or_default();
            format!("{} · {}{answer}", renewal.until, renewal.by)
        }
        _ => String::new(),
    };
    format!("{}  {what}  {detail}", clock(at)).trim_end().to_owned()
}

/// What the journal's header alone says of an event, as a line of history.
pub fn header(say: Say, org: &Org, header: &Header) -> String {
    let who = org.name(&header.actor.as_str().into());
    format!("{}  {}  {who}", header.at, say.word("event", &header.kind)).trim_end().to_owned()
}

/// An event of a case as a line of history.
pub fn case_event(say: Say, org: &Org, clock: Clock<'_>, at: Time, event: &CaseEvent) -> String {
    let what = say.word("event", event.kind());
    let detail = match event {
        CaseEvent::PlanDrawn(head) => format!("{} · {}", short(head.plan_hash), org.name(&head.requester)),
        CaseEvent::Submitted { by, .. } | CaseEvent::Confirmed { by, .. } | CaseEvent::Applied { by, .. } => {
            org.name(by)
        }
        CaseEvent::Approved { approval, role } => {
            format!("{} ({})", org.name(&approval.statement.principal), say.word("role", role))
        }
        CaseEvent::Rejected { approval, reason } => say.pair(org.name(&approval.statement.principal), reason),
        CaseEvent::QuestionAsked { by, text, .. } | CaseEvent::QuestionAnswered { by, text, .. } => {
            say.pair(org.name(by), text)
        }
        CaseEvent::Withdrawn { by, reason, .. } => say.pair(org.name(by), reason),
        CaseEvent::ReviewRefused { by, why } => format!("{} ({why})", org.name(by)),
        CaseEvent::ReviewEscalated { to, .. } => {
            to.iter().map(|role| say.word("role", role)).collect::<Vec<_>>().join(", ")
        }
        CaseEvent::Staled { differences, .. } => {
            let words: Vec<_> = differences.iter().map(|code| say.word("differences", code)).collect();
            words.join(", ")
        }
        CaseEvent::GroupReached { group, stage } => {
            format!("{group} {}", say.word("stage", stage.slug()))
        }
        CaseEvent::GroupEnded { group, verdict, .. } => {
            let verdict = verdict.map(|verdict| say.word("verdict", verdict.slug())).unwrap_or_default();
            format!("{group} {verdict}")
        }
        CaseEvent::TasksIssued { by, owners, .. } => format!("{} × {}", org.name(by), owners.len()),
        CaseEvent::Reminded { by, owners, .. } => format!("{} × {}", org.name(by), owners.len()),
        CaseEvent::Bundled { bag_hash, .. } => short(*bag_hash),
        CaseEvent::ArchiveStored(noted) => stored(noted),
        CaseEvent::ArchiveFetched(noted) => fetched(noted),
    };
    format!("{}  {what}  {detail}", clock(at)).trim_end().to_owned()
}

fn stored(noted: &ArchiveStored) -> String {
    let ArchiveStored { by, stored, in_clear, .. } = noted;
    let why = in_clear.as_ref().map(|why| format!(" · {why}")).unwrap_or_default();
    format!("{}/{} · {} · {by}{why}", stored.bucket, stored.key, short(stored.sha256))
}

fn fetched(noted: &ArchiveFetched) -> String {
    let ArchiveFetched { by, bucket, key, sha256, .. } = noted;
    format!("{bucket}/{key} · {} · {by}", short(*sha256))
}

fn short(hash: Hash) -> String {
    hash.to_hex().chars().take(16).collect()
}

fn signals(say: Say, count: usize) -> String {
    msg::signals_count(say.lang, count as u64)
}

/// The text in a language.
pub fn in_language(lang: Lang, text: &Text) -> &str {
    match lang {
        Lang::ZhCn => &text.zh,
        Lang::En => &text.en,
    }
}

/// A length of the calendar, in years where they are whole.
pub fn length(lang: Lang, months: u32) -> String {
    match months {
        years if years > 0 && years % 12 == 0 => msg::length_years(lang, u64::from(years / 12)),
        months => msg::length_months(lang, u64::from(months)),
    }
}

/// How long a record of a group is kept, and by which article.
pub fn kept(say: Say, kept: &Retention) -> String {
    let what = say.word("retention", &kept.rule);
    let from = say.word("since", &kept.from);
    let article = kept.basis.as_ref().map(|basis| in_language(say.lang, &basis.article));
    msg::plan_retention(say.lang, article.unwrap_or("none"), from, length(say.lang, kept.months), what)
}

/// What members are told about their data, and what is missing in it.
pub fn told(say: Say, notice: &MemberNotice) -> (String, Vec<String>) {
    let cited: Vec<&str> = notice.bases.iter().map(|basis| in_language(say.lang, &basis.article)).collect();
    let cited = if cited.is_empty() { "–".to_owned() } else { cited.join("; ") };
    let says = match notice.scope {
        Scope::Household => msg::plan_notice_household(say.lang, cited),
        Scope::NoPersonalData => msg::plan_notice_no_personal_data(say.lang),
        Scope::PersonalData => msg::plan_notice(say.lang, cited),
    };
    (says, notice.missing.iter().map(|missing| say.note(&missing.note())).collect())
}

/// What to do when which step fails, and who is called: where nobody was named, the requester.
pub fn contingency(say: Say, notes: &[Note]) -> Vec<String> {
    let nobody = notes.iter().any(|note| !note.args.contains_key("call"));
    let line = |note: &Note| {
        let mut note = note.clone();
        if let Some(party) = note.args.get_mut("party") {
            *party = say.word("party", party);
        }
        note.args.entry("call".to_owned()).or_insert_with(|| msg::contingency_requester(say.lang));
        say.note(&note)
    };
    let said = nobody.then(|| msg::contingency_nobody(say.lang));
    said.into_iter().chain(notes.iter().map(line)).collect()
}

/// The sign of a confidence; the word stands beside it.
pub fn sign(confidence: Confidence) -> char {
    match confidence {
        Confidence::Confirmed => '✔',
        Confidence::Declared => '○',
        Confidence::Disputed => '≈',
        Confidence::Contradicted => '✘',
    }
}
