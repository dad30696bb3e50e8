//! How the page looks.

use adjourn_app::register::{RenewalGroup, RenewalPage};
use adjourn_domain::renewal::Word;
use adjourn_i18n::{Lang, msg, word};

use crate::html::Html;
use crate::local::{BEIJING, time};
use crate::task::page::begin;

/// The owner's groups, each with its question.
pub(super) fn renewals(lang: Lang, token: &str, page: &RenewalPage) -> String {
    let mut html = begin(lang, &msg::renewal_title(lang));
    html.el("h1", msg::renewal_title(lang)).raw("\n");
    html.el("p", msg::renewal_hello(lang, &page.name)).raw("\n");
    html.el_class("p", "soft", msg::task_until(lang, time(lang, page.until, BEIJING))).raw("\n");
    // What waits for an answer comes first.
    let mut groups: Vec<&RenewalGroup> = page.groups.iter().collect();
    groups.sort_by_key(|group| (group.answered.is_some(), &group.shown.name));
    for group in groups {
        card(&mut html, lang, token, group);
    }
    html.el_class("p", "soft", msg::renewal_ends_nothing(lang)).raw("\n");
    html.el_class("p", "soft", msg::task_private(lang)).raw("\n</main>\n</body>\n</html>\n");
    html.finish()
}

fn card(html: &mut Html, lang: Lang, token: &str, group: &RenewalGroup) {
    let shown = &group.shown;
    html.raw("<section class=\"card\" id=\"").text(&group.group).raw("\">\n<h2><bdi>");
    html.text(&shown.name).raw("</bdi></h2>\n");
    html.el_class(
        "p",
        "soft",
        word(lang, &format!("platform.{}", shown.platform)).unwrap_or(&shown.platform),
    );
    html.raw("\n");
    if let Some(purpose) = &shown.purpose {
        html.el("p", msg::renewal_purpose(lang, purpose)).raw("\n");
    }
    html.el(
        "p",
        match shown.expires {
            Some(day) => msg::ls_expires(lang, day),
            None => msg::renewal_no_day(lang),
        },
    );
    html.raw("\n");
    match group.answered {
        Some(word) => {
            html.el("p", answer(lang, word)).raw("\n");
        }
        None => form(html, lang, token, group),
    }
    html.raw("</section>\n");
}

fn answer(lang: Lang, word: Word) -> String {
    match word {
        Word::Needed { until } => msg::renewal_answered_needed(lang, until),
        Word::NotNeeded => msg::renewal_answered_not_needed(lang),
        Word::NotMine => msg::renewal_answered_not_mine(lang),
    }
}

fn form(html: &mut Html, lang: Lang, token: &str, group: &RenewalGroup) {
    html.raw("<form method=\"post\" enctype=\"multipart/form-data\" action=\"/renew/").text(token);
    html.raw("/answer\">\n<input type=\"hidden\" name=\"group\" value=\"").text(&group.group).raw("\">\n");
    html.raw("<fieldset><legend>").text(msg::renewal_question(lang)).raw("</legend>\n");
    let choice = |html: &mut Html, value: &'static str, label: String| {
        html.raw("<label class=\"tick\"><input type=\"radio\" name=\"answer\" required value=\"").raw(value);
        html.raw("\"> ").text(label).raw("</label>\n");
    };
    choice(html, "needed", msg::renewal_needed(lang));
    html.raw("<label>").text(msg::renewal_until(lang));
    html.raw("<input type=\"date\" name=\"until\" value=\"").text(group.suggested).raw("\"></label>\n");
    choice(html, "not_needed", msg::renewal_not_needed(lang));
    choice(html, "not_mine", msg::renewal_not_mine(lang));
    html.raw("</fieldset>\n<label>").text(msg::renewal_text(lang));
    html.raw("<textarea name=\"text\" rows=\"2\" maxlength=\"500\"></textarea></label>\n");
    html.raw("<button type=\"submit\">").text(msg::renewal_send(lang)).raw("</button>\n</form>\n");
}
