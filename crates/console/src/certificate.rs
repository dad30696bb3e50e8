//! Certificates as pages to be printed: one file, both languages, no script, nothing from outside. The page is for people;
//! what is signed and verified is the JSON beside it, whose hash it shows.

use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::certificate::Certificate as Gone;
use adjourn_domain::destruction::{Certificate as Destroyed, NotCovered, RanOut};
use adjourn_domain::ids::IdentityId;
use adjourn_i18n::{Lang, msg, word};

use crate::html::Html;
use crate::local::time;

const STYLE: &str = include_str!("certificate.css");

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// That a group is gone.
    Gone(Box<Gone>),
    /// That a group's key was destroyed.
    Destroyed(Box<Destroyed>),
}

impl Paper {
    /// Its title.
    pub fn title(&self, lang: Lang) -> String {
        match self {
            Self::Gone(_) => msg::certificate_gone_title(lang),
            Self::Destroyed(_) => msg::certificate_destroyed_title(lang),
        }
    }

    /// Hash of the canonical JSON that it is drawn from.
    ///
    /// # Errors
    /// When it has no canonical form; it always has one.
    pub fn sha256(&self) -> Result<Hash, CanonicalError> {
        Ok(Hash::of(&match self {
            Self::Gone(gone) => canonical_json(gone)?,
            Self::Destroyed(destroyed) => destroyed.bytes()?,
        }))
    }
}

/// The page: every certificate in both languages, each on a sheet of its own, on a clock that is `offset` minutes ahead of
/// UTC.
///
/// # Errors
/// When a certificate has no canonical form; it always has one.
pub fn page(papers: &[Paper], offset: i32) -> Result<String, CanonicalError> {
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    let titles: Vec<String> =
        papers.first().into_iter().flat_map(|paper| LANGUAGES.map(|lang| paper.title(lang))).collect();
    html.el("title", titles.join(" · "));
    html.raw("\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    for paper in papers {
        for lang in LANGUAGES {
            Sheet { html: &mut html, lang, offset }.draw(paper)?;
        }
    }
    html.raw("</body>\n</html>\n");
    Ok(html.finish())
}

/// The order of the sheets.
const LANGUAGES: [Lang; 2] = [Lang::ZhCn, Lang::En];

struct Sheet<'a> {
    html: &'a mut Html,
    lang: Lang,
    offset: i32,
}

impl Sheet<'_> {
    fn draw(&mut self, paper: &Paper) -> Result<(), CanonicalError> {
        let lang = self.lang;
        self.html.raw("<article lang=\"").text(lang.tag()).raw("\">\n");
        self.html.el("h1", paper.title(lang)).raw("\n");
        match paper {
            Paper::Gone(gone) => self.gone(gone),
            Paper::Destroyed(destroyed) => self.destroyed(destroyed),
        }
        self.html.raw("<footer>\n").el("p", msg::certificate_how_to_check(lang)).raw("\n<p><code>");
        self.html
            .text(msg::certificate_sha256(lang, paper.sha256()?))
            .raw("</code></p>\n</footer>\n</article>\n");
        Ok(())
    }

    fn gone(&mut self, gone: &Gone) {
        let lang = self.lang;
        let said = |family: &str, slug: &str| {
            word(lang, &format!("{family}.{slug}")).map_or_else(|| slug.to_owned(), str::to_owned)
        };
        if gone.drill {
            self.html.el_class("p", "drill", msg::certificate_drill(lang)).raw("\n");
        }
        let witnesses = gone.witnesses.len() as u64;
        self.html.el("p", msg::certificate_gone_says(lang, witnesses)).raw("\n<table>\n");
        self.row(msg::certificate_name(lang), &gone.name);
        self.row(msg::certificate_platform(lang), said("platform", gone.platform.as_str()));
        self.code(msg::certificate_group(lang), &gone.group);
        self.code(msg::certificate_case(lang), &gone.case);
        self.code(msg::certificate_plan(lang), gone.plan_hash);
        let review =
            if gone.reviewed { msg::certificate_reviewed(lang) } else { msg::certificate_typed(lang) };
        self.row(msg::certificate_class(lang), format!("{} · {review}", said("class", &gone.class)));
        self.row(msg::certificate_verdict(lang), said("verdict", gone.verdict.slug()));
        let names: Vec<&str> = gone.witnesses.iter().map(IdentityId::as_str).collect();
        self.row(msg::certificate_witnesses(lang), names.join(", "));
        let watched = &gone.observation;
        let from = watched.from.map_or_else(|| "–".to_owned(), |from| time(lang, from, self.offset));
        let until = time(lang, watched.to, self.offset);
        self.row(
            msg::certificate_watched(lang),
            msg::certificate_watched_from(lang, from, watched.probes as u64, until),
        );
        let hands = if gone.human_steps {
            msg::certificate_by_people(lang)
        } else {
            msg::certificate_by_nobody(lang)
        };
        self.row(msg::certificate_human(lang), hands);
        self.row(msg::certificate_issued(lang), time(lang, gone.issued_at, self.offset));
        self.html.raw("</table>\n").el("p", msg::certificate_gone_limits(lang)).raw("\n");
    }

    fn destroyed(&mut self, destroyed: &Destroyed) {
        let lang = self.lang;
        self.html.el("p", msg::certificate_destroyed_says(lang)).raw("\n<table>\n");
        self.code(msg::certificate_group(lang), &destroyed.group);
        self.code(msg::certificate_key(lang), &destroyed.key);
        self.row(msg::certificate_at(lang), time(lang, destroyed.at, self.offset));
        let method = &destroyed.method;
        self.row(msg::certificate_method(lang), format!("{} · {}", method.name, method.standard));
        self.code(msg::certificate_released_by(lang), &destroyed.released_by);
        self.html.raw("</table>\n").el("h2", msg::certificate_ran_out(lang)).raw("\n");
        self.periods(&destroyed.ran_out);
        self.html.el("h2", msg::certificate_signed(lang)).raw("\n");
        for (at, signed) in destroyed.statements.iter().enumerate() {
            let title = if at == 0 { msg::certificate_asked(lang) } else { msg::certificate_confirmed(lang) };
            self.html.raw("<section>\n").el("h3", title).raw("\n<table>\n");
            self.code(msg::certificate_person(lang), &signed.statement.principal);
            self.row(msg::certificate_at(lang), time(lang, signed.statement.at, self.offset));
            self.code(msg::certificate_public_key(lang), &signed.public_key);
            self.code(msg::certificate_signature(lang), &signed.signature);
            self.html.raw("</table>\n</section>\n");
        }
        self.html.el("h2", msg::certificate_not_covered(lang)).raw("\n<ul>\n");
        for text in &destroyed.not_covered {
            let says = match NotCovered::of(text) {
                Some(NotCovered::HandedOver) => msg::certificate_not_covered_handed_over(lang),
                Some(NotCovered::Elsewhere) => msg::certificate_not_covered_elsewhere(lang),
                Some(NotCovered::Backups) => msg::certificate_not_covered_backups(lang),
                Some(NotCovered::Flash) => msg::certificate_not_covered_flash(lang),
                // Whatever a later version writes is shown as it is.
                None => text.clone(),
            };
            self.html.el("li", says).raw("\n");
        }
        self.html.raw("</ul>\n");
    }

    fn periods(&mut self, ran_out: &[RanOut]) {
        let lang = self.lang;
        if ran_out.is_empty() {
            self.html.el("p", msg::certificate_ran_out_none(lang)).raw("\n");
            return;
        }
        self.html.raw("<table>\n<thead><tr>");
        for name in
            [msg::certificate_record(lang), msg::certificate_last_day(lang), msg::certificate_article(lang)]
        {
            self.html.raw("<th scope=\"col\">").text(name).raw("</th>");
        }
        self.html.raw("</tr></thead>\n<tbody>\n");
        for period in ran_out {
            let class = word(lang, &format!("retention.{}", period.class.slug()));
            self.html.raw("<tr>").el("td", class.unwrap_or(period.class.slug()));
            let article = period.articles();
            let article = if lang == Lang::En { article.en } else { article.zh };
            self.html.el("td", period.until).el("td", article).raw("</tr>\n");
        }
        self.html.raw("</tbody>\n</table>\n");
    }

    fn row(&mut self, name: String, value: impl std::fmt::Display) {
        self.html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td><bdi>").text(value);
        self.html.raw("</bdi></td></tr>\n");
    }

    fn code(&mut self, name: String, value: impl std::fmt::Display) {
        self.html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td><code>").text(value);
        self.html.raw("</code></td></tr>\n");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn destroyed() -> Destroyed {
        let signed = |who: &str, at: &str| {
            json!({
                "statement": {"adjourn": "dual/v1", "act": "key.destroy", "subject": "g-1", "principal": who, "at": at},
                "signature": "ab".repeat(64),
                "public_key": "cd".repeat(32),
            })
        };
        let sentences =
            [NotCovered::HandedOver, NotCovered::Elsewhere, NotCovered::Backups, NotCovered::Flash];
        let mut not_covered: Vec<&str> = sentences.map(NotCovered::says).to_vec();
        not_covered.push("a later <version>'s sentence");
        serde_json::from_value(json!({
            "adjourn": "destruction/v1",
            "group": "g-1",
            "key": "group/g-1",
            "method": {"name": "cryptographic erase", "standard": "NIST SP 800-88 Rev. 2"},
            "at": "2029-12-02T01:00:00.000Z",
            "statements": [
                signed("p-1", "2029-12-01T01:00:00.000Z"),
                signed("p-2", "2029-12-02T01:00:00.000Z"),
            ],
            "ran_out": [{
                "law": "prc",
                "class": "trade_records",
                "until": "2029-11-14",
                "article": "\u{7535} / E-Commerce Law, article 31",
                "source": "https://example.org/law",
            }],
            "released_by": "p-3",
            "not_covered": not_covered,
        }))
        .unwrap()
    }

    fn gone() -> Gone {
        serde_json::from_value(json!({
            "adjourn": "certificate/v1",
            "case": "c-1",
            "group": "g-1",
            "name": "<b>Team</b>\u{202e}",
            "platform": "qq",
            "plan_hash": "00".repeat(32),
            "verdict": "gone",
            "proved_by": "witness",
            "witnesses": ["witness"],
            "human_steps": false,
            "class": "personal",
            "reviewed": false,
            "drill": true,
            "observation": {
                "from": "2026-11-11T02:01:00.000Z",
                "to": "2026-11-14T02:01:00.000Z",
                "length_s": 259_200,
                "probes": 10,
            },
            "issued_at": "2026-11-14T02:01:00.000Z",
        }))
        .unwrap()
    }

    fn drawn(paper: Paper) -> String {
        page(&[paper], 480).unwrap()
    }

    /// Nothing runs, nothing is fetched, and both languages are on it.
    fn whole(page: &str) {
        for foreign in ["<script", "http://", "src=", "url(", "@import", "<link"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("<article lang=\"zh-CN\">") && page.contains("<article lang=\"en\">"));
    }

    #[test]
    fn req_c1_the_page_of_a_destruction_has_everything_that_the_certificate_has_in_both_languages() {
        let certificate = destroyed();
        let sha256 = Hash::of(&certificate.bytes().unwrap()).to_hex();
        let page = drawn(Paper::Destroyed(Box::new(certificate.clone())));
        whole(&page);
        let signature = certificate.statements[0].signature.clone();
        for both in ["p-1", "p-2", "p-3", "group/g-1", "2029-11-14", "NIST SP 800-88", &sha256, &signature] {
            assert!(page.matches(both).count() >= 2, "{both}");
        }
        // The article, and what is not covered, in the language of the sheet; a later sentence as it is.
        assert_eq!(page.matches("<td>E-Commerce Law, article 31</td>").count(), 1);
        assert_eq!(page.matches("<td>\u{7535}</td>").count(), 1);
        for says in [NotCovered::Backups, NotCovered::Flash].map(NotCovered::says) {
            let mut letters = says.chars();
            let sentence = letters.next().unwrap().to_uppercase().chain(letters).collect::<String>();
            assert_eq!(page.matches(&sentence).count(), 1, "{says}");
        }
        assert_eq!(page.matches("a later &lt;version&gt;&#39;s sentence").count(), 2);
    }

    #[test]
    fn a_certificate_of_a_drill_says_so_and_a_name_stays_a_name() {
        let page = drawn(Paper::Gone(Box::new(gone())));
        whole(&page);
        assert_eq!(page.matches("class=\"drill\"").count(), 2);
        assert!(page.contains("&lt;b&gt;Team&lt;/b&gt;\u{27e8}U+202E\u{27e9}") && !page.contains("<b>"));
        assert!(page.contains("its one owner typed the name"));
        assert!(page.contains("2026-11-11 10:01 (UTC+8) to 2026-11-14 10:01 (UTC+8)"), "{page}");
        let real = drawn(Paper::Gone(Box::new(Gone { drill: false, reviewed: true, ..gone() })));
        assert!(!real.contains("class=\"drill\"") && real.contains("reviewed by at least two people"));
    }
}
