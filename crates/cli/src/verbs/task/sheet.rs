//! The list of links: as a table for whoever sends them, and as a printed page with a code to scan for each owner.

use adjourn_app::AppError;
use adjourn_app::notices::NoticeLinks;
use adjourn_console::html::Html;
use adjourn_console::local::{BEIJING, time};
use adjourn_console::qr::code;
use adjourn_domain::ids::CaseId;
use adjourn_domain::task::TaskState;
use adjourn_i18n::{Lang, msg};

use super::{Linked, groups};
use adjourn_web::cells::inert;

const STYLE: &str = include_str!("sheet.css");

/// The table. Its first bytes tell spreadsheets that it is UTF-8.
pub(super) fn csv(lang: Lang, linked: &[Linked]) -> Result<Vec<u8>, AppError> {
    let failed = |error: csv::Error| AppError::new("internal").with("says", error);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record([
            msg::task_csv_owner(lang),
            msg::task_csv_contact(lang),
            msg::task_csv_groups(lang),
            msg::task_csv_open(lang),
            msg::task_csv_link(lang),
            msg::task_csv_until(lang),
        ])
        .map_err(failed)?;
    for Linked { owner, link } in linked {
        let open = owner.count(TaskState::Open) + owner.count(TaskState::Overdue);
        let until = owner.link_until.map_or_else(String::new, |until| time(lang, until, BEIJING));
        writer
            .write_record([
                &inert(&owner.name),
                &inert(&owner.contact),
                &groups(owner).to_string(),
                &open.to_string(),
                link,
                &until,
            ])
            .map_err(failed)?;
    }
    writer.into_inner().map_err(|error| AppError::new("internal").with("says", error))
}

/// The page.
pub(super) fn html(lang: Lang, case: &CaseId, linked: &[Linked]) -> Result<String, AppError> {
    let mut html = begin(lang, &msg::task_sheet_title(lang, case), &msg::task_sheet_cut(lang));
    for Linked { owner, link } in linked {
        html.raw("<section>\n<div>\n<h2><bdi>").text(&owner.name).raw("</bdi></h2>\n<p><bdi>");
        html.text(&owner.contact).raw("</bdi></p>\n");
        html.el("p", msg::task_sheet_groups(lang, groups(owner) as u64)).raw("\n");
        if let Some(until) = owner.link_until {
            html.el("p", msg::task_until(lang, time(lang, until, BEIJING))).raw("\n");
        }
        html.el("p", msg::task_sheet_scan(lang)).raw("\n").el_class("p", "link", link).raw("\n</div>\n");
        code(&mut html, link)?;
        html.raw("</section>\n");
    }
    html.raw("</body>\n</html>\n");
    Ok(html.finish())
}

/// The notices' page to hang up or to hand round: a code for everybody in each group.
pub(super) fn notices(
    lang: Lang,
    case: &CaseId,
    all: &[NoticeLinks],
    base: &str,
) -> Result<String, AppError> {
    let mut html = begin(lang, &msg::notice_sheet_title(lang, case), &msg::notice_sheet_hello(lang));
    for one in all {
        let link = notice_link(base, &one.everybody);
        html.raw("<section>\n<div>\n<h2><bdi>").text(&one.name).raw("</bdi></h2>\n");
        html.el("p", msg::task_until(lang, time(lang, one.until, BEIJING))).raw("\n");
        html.el("p", msg::task_sheet_scan(lang)).raw("\n").el_class("p", "link", &link).raw("\n</div>\n");
        code(&mut html, &link)?;
        html.raw("</section>\n");
    }
    html.raw("</body>\n</html>\n");
    Ok(html.finish())
}

/// The notices' links as a table: each group's own, and one for each member who is known.
pub(super) fn notices_csv(lang: Lang, all: &[NoticeLinks], base: &str) -> Result<Vec<u8>, AppError> {
    let failed = |error: csv::Error| AppError::new("internal").with("says", error);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let head = [msg::notice_csv_group(lang), msg::notice_csv_member(lang), msg::notice_csv_account(lang)];
    writer
        .write_record(head.iter().chain([&msg::task_csv_link(lang), &msg::task_csv_until(lang)]))
        .map_err(failed)?;
    for one in all {
        let (group, until) = (inert(&one.name), time(lang, one.until, BEIJING));
        let mut row = |name: &str, account: &str, token: &str| {
            writer.write_record([&*group, &inert(name), &inert(account), &notice_link(base, token), &until])
        };
        row(&msg::notice_everybody(lang), "", &one.everybody).map_err(failed)?;
        for (account, name, token) in &one.members {
            row(name, account, token).map_err(failed)?;
        }
    }
    writer.into_inner().map_err(|error| AppError::new("internal").with("says", error))
}

/// Where a notice opens.
pub(super) fn notice_link(base: &str, token: &str) -> String {
    format!("{base}/notice/{token}")
}

fn begin(lang: Lang, title: &str, hello: &str) -> Html {
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(lang.tag())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n").el("title", title);
    html.raw("\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    html.el("h1", title).raw("\n").el("p", hello).raw("\n");
    html
}
