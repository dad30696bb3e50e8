//! The report of a compliance audit as one page: it needs nothing else, prints, and reads without script.

use std::collections::BTreeMap;

use adjourn_domain::audit::{Check, Finding, Grade, Report, Subject};
use adjourn_domain::canonical::Hash;
use adjourn_i18n::{Lang, msg, note, word};

use crate::html::Html;
use crate::local::time;

mod hand_over;

pub use hand_over::hand_over;

const STYLE: &str = include_str!("audit.css");

/// What a page shows besides the report.
pub struct Shown<'a> {
    /// SHA-256 of the report's canonical bytes.
    pub sha256: Hash,
    /// The last report, to mark what is new.
    pub last: Option<&'a Report>,
    /// Names of principals by id.
    pub names: &'a BTreeMap<String, String>,
    /// Distance of the reader's clock from UTC, in minutes.
    pub offset: i32,
}

/// The page.
pub fn page(lang: Lang, report: &Report, shown: &Shown<'_>) -> String {
    let at = |moment| time(lang, moment, shown.offset);
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(lang.tag())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n").el("title", msg::audit_title(lang));
    html.raw("\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n<main>\n");
    html.el("h1", msg::audit_title(lang)).raw("\n");
    html.el("p", msg::audit_period(lang, at(report.period.from), at(report.period.until))).raw("\n");
    html.el("p", summary(lang, report)).raw("\n");
    let by = shown.names.get(&report.made_by).unwrap_or(&report.made_by);
    html.el_class("p", "soft", msg::audit_made(lang, at(report.made_at), by, report.events)).raw("\n");
    coverage(&mut html, lang, report);
    checks(&mut html, lang, report);
    findings(&mut html, lang, report, shown);
    compared(&mut html, lang, report, shown);
    html.el_class("p", "soft", msg::audit_note(lang)).raw("\n<p class=\"soft\"><code>");
    html.text(msg::audit_drawn(lang, shown.sha256)).raw("</code></p>\n</main>\n</body>\n</html>\n");
    html.finish()
}

/// How many of each grade, in a sentence.
pub fn summary(lang: Lang, report: &Report) -> String {
    let of = |grade| report.findings.iter().filter(|finding| finding.check.grade() == grade).count() as u64;
    msg::audit_summary(lang, of(Grade::Nonconformity), of(Grade::Observation))
}

/// What was found, as a sentence.
pub fn says(lang: Lang, finding: &Finding) -> String {
    let word_of = |name: &str, value: &str| match name {
        "why" => word(lang, &format!("refused.{value}")).unwrap_or(value).to_owned(),
        "verdict" => word(lang, &format!("verdict.{value}")).unwrap_or(value).to_owned(),
        "role" => word(lang, &format!("register-role.{value}")).unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    };
    let args: Vec<(&str, String)> =
        finding.says.args.iter().map(|(name, value)| (name.as_str(), word_of(name, value))).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    note(lang, &finding.says.code, &args).unwrap_or_else(|| finding.says.code.clone())
}

/// The name of a check.
pub fn check(lang: Lang, check: Check) -> &'static str {
    word(lang, &format!("check.{}", check.slug())).unwrap_or(check.slug())
}

/// The name of a grade.
pub fn grade(lang: Lang, grade: Grade) -> &'static str {
    word(lang, &format!("grade.{}", grade.slug())).unwrap_or(grade.slug())
}

fn coverage(html: &mut Html, lang: Lang, report: &Report) {
    let cover = &report.coverage;
    html.el("h2", msg::audit_coverage(lang)).raw("\n<table class=\"figures\">\n");
    let mut row = |name: String, count: u64, of: Option<u64>| {
        html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td>").text(count).raw("</td><td>");
        if let Some(share) = of.filter(|of| *of > 0).map(|of| count * 100 / of) {
            html.text(share).raw(" %");
        }
        html.raw("</td></tr>\n");
    };
    let all = Some(cover.groups);
    row(msg::audit_cover_groups(lang), cover.groups, None);
    row(msg::audit_cover_registered(lang), cover.registered, all);
    row(msg::audit_cover_reachable(lang), cover.reachable, all);
    row(msg::audit_cover_purpose(lang), cover.purpose, all);
    row(msg::audit_cover_deputy(lang), cover.deputy, all);
    row(msg::audit_cover_expires(lang), cover.expires, all);
    row(msg::audit_cover_holds(lang), cover.holds, all);
    row(msg::audit_cover_exit(lang), cover.exit_plan, all);
    row(msg::audit_cover_owned(lang), cover.owned, all);
    row(msg::audit_cover_gone(lang), cover.gone, None);
    row(msg::audit_cover_destroyed(lang), cover.destroyed, None);
    html.raw("</table>\n");
}

fn checks(html: &mut Html, lang: Lang, report: &Report) {
    html.el("h2", msg::audit_checks(lang)).raw("\n<table>\n");
    head(
        html,
        &[
            msg::audit_col_check(lang),
            msg::audit_col_looked(lang),
            msg::audit_col_found(lang),
            msg::audit_col_grade(lang),
            msg::audit_col_iso(lang),
            msg::audit_col_pipl(lang),
        ],
    );
    for row in &report.checked {
        html.raw("<tr><th scope=\"row\">").text(check(lang, row.check)).raw("</th><td class=\"n\">");
        html.text(row.looked_at).raw("</td><td class=\"n\">").text(row.found).raw("</td><td>");
        html.text(grade(lang, row.grade)).raw("</td><td>").text(row.iso_27001.join(", ")).raw("</td><td>");
        html.text(row.pipl.join(", ")).raw("</td></tr>\n");
    }
    html.raw("</tbody></table>\n");
}

fn findings(html: &mut Html, lang: Lang, report: &Report, shown: &Shown<'_>) {
    if report.findings.is_empty() {
        return;
    }
    html.el("h2", msg::audit_findings(lang)).raw("\n");
    let before = shown.last.map(Report::keys);
    for row in report.checked.iter().filter(|row| row.found > 0) {
        html.raw("<section class=\"").raw(row.grade.slug()).raw("\">\n<h3>").text(check(lang, row.check));
        html.raw(" <span class=\"grade\">").text(grade(lang, row.grade)).raw("</span></h3>\n<table>\n");
        columns(html, lang);
        for finding in report.findings.iter().filter(|finding| finding.check == row.check) {
            let new = before.as_ref().is_some_and(|before| !before.contains(&finding.key()));
            line(html, lang, finding, new, shown.offset);
        }
        html.raw("</tbody></table>\n</section>\n");
    }
}

fn compared(html: &mut Html, lang: Lang, report: &Report, shown: &Shown<'_>) {
    let compared = &report.compared;
    html.el("h2", msg::audit_compared(lang)).raw("\n");
    if compared.last.is_none() {
        html.el("p", msg::audit_compared_none(lang)).raw("\n");
        return;
    }
    let settled = compared.settled.len() as u64;
    html.el("p", msg::audit_compared_row(lang, compared.new, compared.same, settled)).raw("\n");
    if settled == 0 {
        return;
    }
    html.el("h3", msg::audit_settled(lang)).raw("\n<table>\n");
    columns(html, lang);
    for finding in &compared.settled {
        line(html, lang, finding, false, shown.offset);
    }
    html.raw("</tbody></table>\n");
}

fn columns(html: &mut Html, lang: Lang) {
    head(
        html,
        &[
            msg::audit_col_subject(lang),
            msg::audit_col_name(lang),
            msg::audit_col_since(lang),
            msg::audit_col_says(lang),
        ],
    );
}

fn head(html: &mut Html, names: &[String]) {
    html.raw("<thead><tr>");
    for name in names {
        html.raw("<th scope=\"col\">").text(name).raw("</th>");
    }
    html.raw("</tr></thead>\n<tbody>\n");
}

fn line(html: &mut Html, lang: Lang, finding: &Finding, new: bool, offset: i32) {
    html.raw("<tr><td><code>").text(finding.subject.id()).raw("</code></td><td><bdi>");
    // A case has no name but its id.
    if matches!(finding.subject, Subject::Group(_)) {
        html.text(&finding.name);
    }
    html.raw("</bdi></td><td>");
    if let Some(since) = finding.since {
        html.text(time(lang, since, offset));
    }
    html.raw("</td><td>").text(says(lang, finding));
    if new {
        html.raw(" <span class=\"new\">").text(msg::audit_new(lang)).raw("</span>");
    }
    html.raw("</td></tr>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_and_grade_has_a_name_in_both_languages() {
        for lang in [Lang::ZhCn, Lang::En] {
            for one in Check::ALL {
                assert_ne!(check(lang, one), one.slug());
                assert_ne!(grade(lang, one.grade()), "");
            }
        }
        assert_ne!(grade(Lang::ZhCn, Grade::Observation), grade(Lang::En, Grade::Observation));
    }
}
