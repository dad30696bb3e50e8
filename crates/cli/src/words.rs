//! The texts that members, parties and courts read, from the catalogue.

use adjourn_app::minutes::Minutes;
use adjourn_app::ports::{AnnouncementFacts, Organisation, Words};
use adjourn_console::certificate::{Paper, page};
use adjourn_domain::announcement::clock_time;
use adjourn_domain::destruction;
use adjourn_domain::group::Kind;
use adjourn_domain::member_notice::{Retention, Scope};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg, word};

use crate::out::Out;
use adjourn_web::wording::{self, in_language, length};

/// The catalogue as the port of the use cases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CatalogWords {
    /// The language where none is asked for.
    pub(crate) lang: Lang,
}

impl CatalogWords {
    fn languages(self, wanted: &[String]) -> Vec<Lang> {
        let known: Vec<Lang> = wanted.iter().filter_map(|tag| Lang::parse(tag)).collect();
        if known.is_empty() { vec![self.lang] } else { known }
    }
}

fn said(lang: Lang, family: &str, slug: &str) -> String {
    word(lang, &format!("{family}.{slug}")).map_or_else(|| slug.to_owned(), str::to_owned)
}

/// A list as the language writes it.
fn list(lang: Lang, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    items.join(match lang {
        Lang::ZhCn => "\u{3001}",
        Lang::En => ", ",
    })
}

/// What of a text chooses a variant when there is nothing to say.
fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

/// The legal statement, from the plan's own notice: nothing is said that nobody configured or no pack has.
fn statement(lang: Lang, facts: &AnnouncementFacts) -> Vec<String> {
    let notice = &facts.notice;
    let cited = list(lang, notice.bases.iter().map(|basis| in_language(lang, &basis.short).to_owned()));
    let mut lines = vec![msg::announcement_legal(lang)];
    match notice.scope {
        Scope::Household => lines.push(msg::announcement_household(lang, or_none(cited.clone()))),
        Scope::NoPersonalData => lines.push(msg::announcement_no_personal_data(lang)),
        Scope::PersonalData => {}
    }
    if let Some(name) = &notice.organisation {
        let contact = notice.contact.clone().unwrap_or_default();
        lines.push(msg::announcement_who(lang, or_none(contact), name));
    }
    let reason = serde_json::to_value(facts.reason_kind)
        .ok()
        .and_then(|slug| slug.as_str().map(|slug| said(lang, "reason", slug)))
        .unwrap_or_default();
    if notice.scope == Scope::PersonalData {
        lines.push(msg::announcement_why(lang, reason));
        lines.push(msg::announcement_what(lang));
    }
    let others = list(lang, notice.recipients.iter().map(|party| said(lang, "party", party.slug())));
    match &notice.archive {
        Some(archive) => lines.push(msg::announcement_where(lang, archive, or_none(others))),
        None if !others.is_empty() => lines.push(msg::announcement_others(lang, others)),
        None => {}
    }
    if let Some(months) = notice.archive_months {
        lines.push(msg::announcement_kept(lang, length(lang, months)));
    }
    let by_law = facts.retention.iter().map(|kept| by_law(lang, kept));
    let by_law = by_law.collect::<Vec<_>>().join(match lang {
        Lang::ZhCn => "\u{ff1b}",
        Lang::En => "; ",
    });
    if !by_law.is_empty() {
        lines.push(msg::announcement_by_law(lang, by_law));
    }
    lines.push(msg::announcement_then(lang));
    if notice.scope == Scope::PersonalData {
        let contact = notice.contact.clone().unwrap_or_default();
        lines.push(msg::announcement_rights(lang, or_none(contact)));
        if !cited.is_empty() {
            lines.push(msg::announcement_told_under(lang, cited));
        }
    }
    if facts.kinds.contains(&Kind::ExternalCustomer) {
        lines.push(msg::announcement_customers(lang));
    }
    lines
}

/// A record that the law keeps: what, for how long, on which article.
fn by_law(lang: Lang, kept: &Retention) -> String {
    let class = said(lang, "retention", &kept.rule);
    let length = length(lang, kept.months);
    match &kept.basis {
        Some(basis) => msg::announcement_kept_item(lang, in_language(lang, &basis.short), class, length),
        None => format!("{class} {length}"),
    }
}

fn technical(lang: Lang, facts: &AnnouncementFacts) -> Vec<String> {
    let out = Out { json: false, lang };
    let mut lines = vec![msg::announcement_technical(lang)];
    let mut residue: Vec<&Note> = Vec::new();
    for platform in &facts.platforms {
        let recovery = platform
            .recovery_s
            .map_or_else(|| "none".to_owned(), |seconds| wording::duration(out.say(), seconds));
        let line = msg::announcement_platform(lang, said(lang, "platform", &platform.platform), recovery);
        if !lines.contains(&line) {
            lines.push(line);
        }
        for note in &platform.residue {
            if !residue.contains(&note) {
                residue.push(note);
            }
        }
    }
    if !residue.is_empty() {
        let said: Vec<String> = residue.into_iter().map(|note| out.note(note)).collect();
        lines.push(msg::announcement_stays(lang, said.join(" ")));
    }
    lines
}

impl Words for CatalogWords {
    fn announcement(&self, facts: &AnnouncementFacts) -> String {
        let mut parts = vec![facts.text.trim().to_owned()];
        for lang in self.languages(&facts.languages) {
            parts.push(statement(lang, facts).join("\n"));
            parts.push(technical(lang, facts).join("\n"));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }

    fn notice(&self, at: Time, organisation: Option<&Organisation>, languages: &[String]) -> String {
        let offset = organisation.map_or(0, |us| us.utc_offset_minutes);
        let mut lines = Vec::new();
        for lang in self.languages(languages) {
            lines.push(msg::notice_text(lang, clock_time(at, offset)));
            if let Some(us) = organisation.filter(|us| !us.contact.is_empty()) {
                lines.push(msg::notice_contact(lang, &us.contact, &us.name));
            }
        }
        lines.join("\n")
    }

    fn minutes(&self, minutes: &Minutes) -> Vec<(String, String)> {
        [(Lang::ZhCn, "zh-CN"), (Lang::En, "en")]
            .into_iter()
            .map(|(lang, tag)| (tag.to_owned(), printable(lang, minutes)))
            .collect()
    }

    fn destruction(&self, certificate: &destruction::Certificate, offset_minutes: i32) -> String {
        // A certificate that has no canonical form was never signed.
        page(&[Paper::Destroyed(Box::new(certificate.clone()))], offset_minutes).unwrap_or_default()
    }
}

/// The minutes as a page of text.
pub(crate) fn printable(lang: Lang, minutes: &Minutes) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let device = &minutes.device;
    let clock = &minutes.clock;
    let mut lines = vec![
        msg::minutes_title(lang),
        String::new(),
        msg::minutes_matter(lang, &minutes.matter),
        msg::minutes_case(lang, &minutes.case, minutes.plan_hash),
        msg::minutes_subject(lang, &minutes.name, &minutes.native, said(lang, "platform", &minutes.platform)),
        msg::minutes_people(lang),
    ];
    for person in &minutes.people {
        let part = said(lang, "part", &person.part);
        lines.push(format!("  {}", msg::minutes_person(lang, &person.name, &person.principal, part)));
    }
    lines.push(msg::minutes_device(
        lang,
        &device.connection,
        &device.identity,
        &device.installation,
        &device.software,
    ));
    lines.push(msg::minutes_clock(lang, clock.from, clock.to, &clock.source, yes(clock.stamped)));
    lines.push(msg::minutes_steps(lang));
    for (n, row) in minutes.steps.iter().enumerate() {
        let line = msg::minutes_step(
            lang,
            row.at,
            n as u64 + 1,
            &row.result,
            &row.step,
            said(lang, "event", &row.event),
        );
        lines.push(format!("  {}", line.trim_end()));
    }
    lines.push(msg::minutes_hashes(lang, minutes.read_back_sha256, minutes.archive_sha256));
    lines.push(msg::minutes_records(lang, yes(minutes.complete), minutes.records));
    lines.push(String::new());
    lines.push(msg::minutes_signatures(lang));
    lines.join("\n")
}

#[cfg(test)]
mod tests;
