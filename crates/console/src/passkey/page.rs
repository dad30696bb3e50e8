//! How the page looks.

use adjourn_domain::canonical::hex;
use adjourn_domain::passkey::Purpose;
use adjourn_i18n::{Lang, msg};

use super::Ask;
use crate::html::Html;

pub(super) const STYLE: &str = include_str!("style.css");

/// What is to be signed, and the button.
pub(super) fn ceremony(lang: Lang, ask: &Ask) -> String {
    let (title, hello, button) = match ask {
        Ask::New(new) => (
            msg::passkey_title_add(lang),
            msg::passkey_hello_add(lang, &new.name),
            msg::passkey_button_add(lang),
        ),
        Ask::Sign(sign, _) => match sign.purpose {
            Purpose::Approval => (
                msg::passkey_title_approve(lang),
                msg::passkey_hello_approve(lang, &sign.name),
                msg::passkey_button_approve(lang),
            ),
            Purpose::Confirmation => (
                msg::passkey_title_confirm(lang),
                msg::passkey_hello_confirm(lang, &sign.name),
                msg::passkey_button_confirm(lang),
            ),
        },
    };
    let mut html = begin(lang, &title);
    let (kind, challenge, rp, have) = match ask {
        Ask::New(new) => ("add", new.challenge, &new.relying.rp_id, &new.have),
        Ask::Sign(sign, _) => ("sign", sign.challenge, &sign.relying.rp_id, &sign.have),
    };
    html.raw("<main data-kind=\"").text(kind).raw("\" data-challenge=\"").text(challenge);
    html.raw("\" data-rp=\"").text(rp).raw("\" data-have=\"").text(have.join(","));
    if let Ask::New(new) = ask {
        html.raw("\" data-name=\"").text(&new.name);
        html.raw("\" data-user=\"").text(hex(new.principal.as_str().as_bytes()));
    }
    // The script puts what the browser says in the place of this mark.
    html.raw("\" data-no=\"").text(msg::passkey_page_no(lang, "%")).raw("\">\n");
    html.el("h1", &title).raw("\n").el("p", hello).raw("\n");
    if let Ask::Sign(sign, groups) = ask {
        html.raw("<section>\n").el("p", msg::passkey_case(lang, &sign.case)).raw("\n<ul>\n");
        for group in groups {
            html.el("li", group).raw("\n");
        }
        html.raw("</ul>\n").el_class("p", "hash", msg::passkey_plan(lang, sign.plan_hash)).raw("\n");
        html.el_class("p", "soft", msg::passkey_compare(lang)).raw("\n</section>\n");
    }
    html.raw("<button type=\"button\" hidden>").text(button).raw("</button>\n");
    html.raw("<p id=\"says\" role=\"status\" aria-live=\"polite\"></p>\n<noscript>");
    html.el("p", msg::passkey_page_no_script(lang));
    html.raw("</noscript>\n</main>\n<script src=\"/assets/passkey-ceremony.js\"></script>\n<script src=\"/assets/passkey.js\"></script>\n</body>\n</html>\n");
    html.finish()
}

/// A page whose time is over.
pub(super) fn over(lang: Lang) -> String {
    let mut html = begin(lang, &msg::passkey_page_refused(lang));
    html.raw("<main>\n").el("h1", msg::passkey_page_refused(lang)).raw("\n").el("p", over_text(lang));
    html.raw("\n</main>\n</body>\n</html>\n");
    html.finish()
}

pub(super) fn over_text(lang: Lang) -> String {
    msg::passkey_page_over(lang)
}

pub(super) fn done_text(lang: Lang) -> String {
    msg::passkey_page_done(lang)
}

pub(super) fn refused_text(lang: Lang) -> String {
    msg::passkey_page_refused(lang)
}

fn begin(lang: Lang, title: &str) -> Html {
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(lang.tag())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<link rel=\"stylesheet\" href=\"/assets/passkey.css\">\n");
    html.el("title", title).raw("\n</head>\n<body>\n");
    html
}
