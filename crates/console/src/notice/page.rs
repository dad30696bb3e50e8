//! How the page looks.

use adjourn_app::notices::NoticePage;
use adjourn_domain::reaction::{Reaction, Standing};
use adjourn_i18n::{Lang, msg, word};

use crate::html::Html;
use crate::local::{BEIJING, time};
use crate::task::page::begin;

/// What was told, and what its reader can say to it.
pub(super) fn notice(lang: Lang, token: &str, page: &NoticePage) -> String {
    let mut html = begin(lang, &msg::notice_title(lang));
    html.el("h1", msg::notice_title(lang)).raw("\n<h2><bdi>").text(&page.name).raw("</bdi></h2>\n");
    html.el_class("p", "soft", word(lang, &format!("platform.{}", page.platform)).unwrap_or(&page.platform));
    if page.stays {
        html.raw("\n").el_class("p", "good", msg::notice_stays(lang));
    }
    html.raw("\n<section class=\"card told\">").text(&page.text).raw("</section>\n");
    html.raw("<p class=\"soft\">")
        .text(msg::notice_hash(lang))
        .raw(" <code>")
        .text(page.sha256)
        .raw("</code></p>\n");
    if page.over && !page.stays {
        html.el_class("p", "warn", msg::notice_is_over(lang)).raw("\n");
    }
    match &page.read {
        Some(read) => {
            html.el_class("p", "good", msg::notice_was_read(lang, time(lang, read.at, BEIJING))).raw("\n");
        }
        None if !page.over => {
            form(&mut html, lang, token, page, "read");
        }
        None => {}
    }
    match &page.objection {
        Some(objection) => stands(&mut html, lang, objection),
        None if !page.over => {
            html.raw("<details><summary>").text(msg::notice_object(lang)).raw("</summary>\n");
            form(&mut html, lang, token, page, "object");
            html.raw("</details>\n");
        }
        None => {}
    }
    html.el_class("p", "soft", msg::task_until(lang, time(lang, page.until, BEIJING))).raw("\n");
    let whose = if page.everybody { msg::notice_for_everybody(lang) } else { msg::notice_for_you(lang) };
    html.el_class("p", "soft", whose).raw("\n</main>\n</body>\n</html>\n");
    html.finish()
}

fn form(html: &mut Html, lang: Lang, token: &str, page: &NoticePage, verb: &'static str) {
    html.raw("<form method=\"post\" action=\"/notice/").text(token).raw("/").raw(verb).raw("\">\n");
    if page.named {
        html.raw("<label>").text(msg::notice_name(lang));
        html.raw(
            "<input type=\"text\" name=\"name\" maxlength=\"100\" autocomplete=\"name\" required></label>\n",
        );
    }
    if verb == "object" {
        html.el_class("p", "soft", msg::notice_object_how(lang)).raw("\n<label>").text(msg::notice_why(lang));
        html.raw("<textarea name=\"text\" rows=\"4\" maxlength=\"4000\" required></textarea></label>\n");
        html.raw("<button type=\"submit\" class=\"second\">").text(msg::notice_object_send(lang));
    } else {
        html.raw("<button type=\"submit\">").text(msg::notice_read(lang));
    }
    html.raw("</button>\n</form>\n");
}

/// A reader's own objection, and what became of it.
fn stands(html: &mut Html, lang: Lang, objection: &Reaction) {
    let state =
        word(lang, &format!("reaction.{}", objection.standing.slug())).unwrap_or(objection.standing.slug());
    html.raw("<section class=\"card\">\n<h3>").text(msg::notice_mine(lang)).raw(" <span class=\"state\">");
    html.text(state).raw("</span></h3>\n").el("p", &objection.text).raw("\n");
    html.el_class("p", "soft", time(lang, objection.at, BEIJING)).raw("\n");
    match &objection.standing {
        Standing::Open => html.el_class("p", "soft", msg::notice_object_how(lang)),
        Standing::Answered { text, at, .. } => html
            .el("h3", msg::notice_answer(lang))
            .raw("\n")
            .el("p", text)
            .el_class("p", "soft", time(lang, *at, BEIJING)),
        Standing::Escalated { at, .. } => {
            html.el_class("p", "soft", msg::notice_escalated(lang, time(lang, *at, BEIJING)))
        }
    };
    html.raw("\n</section>\n");
}
