//! The list of links: as a table for whoever sends them, and as a printed page with a code to scan for each owner.

use adjourn_app::AppError;
use adjourn_console::html::Html;
use adjourn_console::local::{BEIJING, time};
use adjourn_domain::ids::CaseId;
use adjourn_domain::task::TaskState;
use adjourn_i18n::{Lang, msg};
use qrcode::{Color, EcLevel, QrCode};

use super::{Linked, groups};
use adjourn_web::cells::inert;

const STYLE: &str = include_str!("sheet.css");
/// Empty modules around a code, as scanners want them.
const QUIET: usize = 4;

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
    let title = msg::task_sheet_title(lang, case);
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(lang.tag())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n").el("title", &title);
    html.raw("\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    html.el("h1", &title).raw("\n").el("p", msg::task_sheet_cut(lang)).raw("\n");
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

/// The link as a QR code, drawn as one path.
fn code(html: &mut Html, link: &str) -> Result<(), AppError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|error| AppError::new("task.url").with("url", link).with("says", error))?;
    let width = code.width();
    let side = width + 2 * QUIET;
    html.raw("<svg role=\"img\" viewBox=\"0 0 ")
        .text(side)
        .raw(" ")
        .text(side)
        .raw("\" shape-rendering=\"crispEdges\">");
    html.raw("<path fill=\"#fff\" d=\"M0 0h")
        .text(side)
        .raw("v")
        .text(side)
        .raw("H0z\"/><path fill=\"#000\" d=\"");
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            html.raw("M").text(x).raw(" ").text(y).raw("h1v1h-1z");
        }
    }
    html.raw("\"/></svg>\n");
    Ok(())
}
