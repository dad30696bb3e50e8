//! The printable page: one file, no script, nothing from outside, light and dark, A4.

use adjourn_domain::fact::Fact;
use adjourn_domain::guide::{Clock, Guide, Line, Source};
use adjourn_domain::plan::Note;
use adjourn_i18n::msg;

use super::View;
use crate::html::Html;

const STYLE: &str = include_str!("style.css");
const ACTS: [&str; 4] = ["ends", "others", "you", "back"];

/// Renders the page.
pub fn render(guide: &Guide, view: View) -> String {
    let mut page = Page { html: Html::new(), guide, view };
    page.head();
    page.answers();
    page.steps();
    page.acts();
    page.lines(msg::guide_final(view.lang), &guide.final_things);
    page.lines(msg::guide_checks(view.lang), &guide.checks);
    page.clocks();
    page.sources();
    page.foot();
    page.html.finish()
}

struct Page<'a> {
    html: Html,
    guide: &'a Guide,
    view: View,
}

impl Page<'_> {
    fn head(&mut self) {
        let lang = self.view.lang;
        let title = msg::guide_title(lang, self.view.text(&self.guide.name));
        self.html
            .raw("<!doctype html>\n<html lang=\"")
            .text(lang.tag())
            .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        self.html.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        );
        self.html
            .el("title", &title)
            .raw("\n<style>\n")
            .raw(STYLE)
            .raw("</style>\n</head>\n<body>\n<main>\n");
        self.html.el("h1", &title).raw("\n").el("p", msg::guide_intro(lang)).raw("\n");
    }

    fn answers(&mut self) {
        let (lang, view) = (self.view.lang, self.view);
        let answers = &self.guide.answers;
        let list = |family: &str, slugs: Vec<&str>| {
            let words: Vec<String> = slugs.into_iter().map(|slug| view.word(family, slug)).collect();
            if words.is_empty() { msg::guide_nothing(lang) } else { words.join(" · ") }
        };
        let rows = [
            (msg::guide_answer_owner(lang), view.word("guide-owner", answers.owner.slug())),
            (
                msg::guide_answer_holds(lang),
                list("guide-holds", answers.holds.iter().map(|a| a.slug()).collect()),
            ),
            (
                msg::guide_answer_links(lang),
                list("guide-links", answers.links.iter().map(|a| a.slug()).collect()),
            ),
            (
                msg::guide_answer_keep(lang),
                list("guide-keep", answers.keep.iter().map(|a| a.slug()).collect()),
            ),
            (msg::guide_answer_button(lang), view.word("guide-button", answers.button.slug())),
            (msg::guide_when(lang), view.time(self.guide.at)),
            (
                msg::guide_rules(lang),
                view.word(
                    "guide-rules",
                    match self.guide.rules {
                        adjourn_domain::fact::Rules::Declared => "declared",
                        adjourn_domain::fact::Rules::Confirmed => "confirmed",
                    },
                ),
            ),
        ];
        self.html
            .raw("<section>\n")
            .el("h2", msg::guide_your_answers(lang))
            .raw("\n<table class=\"answers\">\n");
        for (name, value) in rows {
            self.html.raw("<tr><th scope=\"row\">").text(name).raw("</th>").el("td", value).raw("</tr>\n");
        }
        self.html.raw("</table>\n<div class=\"outcome\">").el("strong", msg::guide_outcome(lang)).raw("<br>");
        self.html.text(view.word("guide-outcome", &self.guide.outcome.slug().replace('_', "-")));
        self.html.raw("</div>\n</section>\n");
    }

    fn steps(&mut self) {
        let (lang, guide) = (self.view.lang, self.guide);
        self.html.raw("<section>\n").el("h2", msg::guide_steps(lang)).raw("\n<ol class=\"steps\">\n");
        for line in &guide.steps {
            self.item(line);
        }
        self.html.raw("</ol>\n");
        let in_route = guide.branch.iter().all(|line| guide.steps.contains(line));
        if !guide.branch.is_empty() && !in_route {
            self.html
                .raw("<div class=\"branch\">\n")
                .el("h3", msg::guide_branch(lang))
                .raw("\n<ol class=\"steps\">\n");
            for line in &guide.branch {
                self.item(line);
            }
            self.html.raw("</ol>\n</div>\n");
        }
        self.html.raw("</section>\n");
    }

    fn lines(&mut self, title: String, lines: &[Line]) {
        self.html.raw("<section>\n").el("h2", title).raw("\n<ul>\n");
        for line in lines {
            self.item(line);
        }
        self.html.raw("</ul>\n</section>\n");
    }

    fn item(&mut self, line: &Line) {
        self.html.raw("<li>").el("p", self.view.note(&line.note));
        let guide = self.guide;
        for (n, source) in
            guide.sources.iter().enumerate().filter(|(_, source)| line.keys.contains(&source.key))
        {
            for (at, fact) in source.facts.iter().enumerate() {
                if line.every || at == source.acting {
                    self.fact(n, source, fact, line.every);
                }
            }
        }
        if line.last {
            self.html.el_class("p", "no-return", msg::guide_no_return(self.view.lang));
        }
        self.html.raw("</li>\n");
    }

    /// A fact beside the statement that rests on it.
    fn fact(&mut self, n: usize, source: &Source, fact: &Fact, every: bool) {
        self.html.raw("<p class=\"fact\">");
        self.badge(fact);
        self.html.raw(" ").text(self.view.says(fact)).raw(" <a href=\"#f").text(n + 1).raw("\">[");
        self.html.text(n + 1).raw("]</a>");
        if !every && source.facts.iter().any(|other| other.value != fact.value) {
            self.html.raw(" · ").text(msg::guide_disagree(self.view.lang));
        }
        self.html.raw("</p>");
    }

    fn badge(&mut self, fact: &Fact) {
        self.html.raw("<span class=\"sure ").raw(fact.confidence.slug()).raw("\">");
        self.html.text(self.view.sure(fact)).raw("</span>");
    }

    fn acts(&mut self) {
        let (lang, guide) = (self.view.lang, self.guide);
        self.html
            .raw("<section>\n")
            .el("h2", msg::guide_acts(lang))
            .raw("\n<table class=\"acts\">\n<thead><tr>");
        for title in [
            msg::guide_act(lang),
            msg::guide_act_ends(lang),
            msg::guide_act_others(lang),
            msg::guide_act_you(lang),
            msg::guide_act_back(lang),
        ] {
            self.html.raw("<th scope=\"col\">").text(title).raw("</th>");
        }
        self.html.raw("</tr></thead>\n<tbody>\n");
        for act in &guide.acts {
            self.html.raw("<tr><th scope=\"row\">").text(self.view.word("guide-act", act.act));
            for (n, _) in
                guide.sources.iter().enumerate().filter(|(_, source)| act.keys.contains(&source.key))
            {
                self.html.raw(" <a href=\"#f").text(n + 1).raw("\">[").text(n + 1).raw("]</a>");
            }
            self.html.raw("</th>");
            for column in ACTS {
                let note = Note::new(&format!("guide-act-{}-{column}", act.act));
                self.html.el("td", self.view.note(&note));
            }
            self.html.raw("</tr>\n");
        }
        self.html.raw("</tbody>\n</table>\n").el("p", msg::guide_acts_note(lang));
        if guide.acts.iter().any(|act| act.keys.is_empty()) {
            let bare: Vec<String> = guide
                .acts
                .iter()
                .filter(|act| act.keys.is_empty())
                .map(|act| self.view.word("guide-act", act.act))
                .collect();
            let says = msg::places_pair(lang, bare.join(" · "), msg::guide_no_source(lang));
            self.html.raw("\n").el_class("p", "fact", says);
        }
        self.html.raw("\n</section>\n");
    }

    fn clocks(&mut self) {
        let (lang, guide) = (self.view.lang, self.guide);
        self.html.raw("<section>\n").el("h2", msg::guide_clocks(lang)).raw("\n<table>\n<thead><tr>");
        for title in [
            msg::guide_clock_what(lang),
            msg::guide_clock_long(lang),
            msg::guide_clock_ends(lang),
            msg::guide_clock_sure(lang),
        ] {
            self.html.raw("<th scope=\"col\">").text(title).raw("</th>");
        }
        self.html.raw("</tr></thead>\n<tbody>\n");
        for clock in &guide.clocks.running {
            self.clock(clock);
        }
        self.html.raw("</tbody>\n</table>\n<ul class=\"plain\">\n");
        for fact in &guide.clocks.none {
            let name = self.clock_name(&fact.key);
            self.html.raw("<li>").el("strong", name).raw(": ");
            self.html.text(msg::guide_clock_none(lang)).raw(" ").text(self.view.says(fact)).raw(" ");
            self.badge(fact);
            self.html.raw("</li>\n");
        }
        for key in &guide.clocks.unknown {
            let name = self.clock_name(key);
            self.html.raw("<li>").text(msg::guide_clock_unknown(lang)).raw(" ").el("strong", name);
            self.html.raw("</li>\n");
        }
        self.html.raw("</ul>\n</section>\n");
    }

    fn clock(&mut self, clock: &Clock) {
        let view = self.view;
        let name = self.clock_name(&clock.key);
        self.html.raw("<tr><th scope=\"row\">").text(name).raw("</th>");
        self.html.el("td", view.long(clock.seconds)).el("td", view.time(clock.ends_at)).raw("<td>");
        self.badge(&clock.fact);
        if !clock.acting {
            self.html.raw(" ").text(msg::guide_clock_other_value(view.lang));
        }
        self.html.raw("</td></tr>\n");
    }

    fn clock_name(&self, key: &str) -> String {
        self.view.note(&Note::new(&format!("guide-clock-{key}")))
    }

    fn sources(&mut self) {
        let (lang, guide) = (self.view.lang, self.guide);
        self.html.raw("<section class=\"sources\">\n").el("h2", msg::guide_sources(lang)).raw("\n");
        self.html.el("p", msg::guide_sources_note(lang)).raw("\n<ol>\n");
        for (n, source) in guide.sources.iter().enumerate() {
            self.html.raw("<li id=\"f").text(n + 1).raw("\">");
            for (at, fact) in source.facts.iter().enumerate() {
                self.html.raw("<p>").el("code", format!("{} {}", fact.id, fact.key)).raw(" ");
                self.badge(fact);
                if at == source.acting && source.facts.len() > 1 {
                    self.html.raw(" ").el("strong", msg::guide_source_acting(lang));
                }
                self.html.raw(" ").text(self.view.says(fact)).raw("<br><span class=\"fact\">");
                self.html.text(&fact.source).raw(" · ").text(msg::guide_source_checked(lang, &fact.checked));
                self.html.raw("</span></p>");
            }
            self.html.raw("</li>\n");
        }
        self.html.raw("</ol>\n</section>\n");
    }

    fn foot(&mut self) {
        let view = self.view;
        let says = msg::guide_footer(view.lang, view.time(view.now), env!("CARGO_PKG_VERSION"));
        self.html.raw("<footer>").text(says).raw("</footer>\n</main>\n</body>\n</html>\n");
    }
}
