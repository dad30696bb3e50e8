//! Every page in a browser: nothing is cut or overlaps the edge, and axe-core finds nothing serious, in both languages, light and dark, wide and narrow.

use adjourn_e2e::Browser;
use adjourn_i18n::Lang;
use axum::http::StatusCode;

use super::office::Office;
use super::shown::{address, follows_the_case};
use super::states;

/// Language, width in pixels, colours.
const SIGHTS: [(&str, u32, &str); 2] = [("zh-CN", 1440, "light"), ("en", 360, "dark")];
/// The states whose pages differ in what is on them. Everything that there is, is in the second.
const LOOKED_AT: [(&str, &str); 9] = [
    ("empty", "admin"),
    ("planned", "admin"),
    ("blocked", "requester"),
    ("in_review", "business"),
    ("stale", "requester"),
    ("person", "requester"),
    ("on_hold", "requester"),
    ("reappeared", "requester"),
    ("gone", "requester"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_fits_its_window_and_axe_finds_nothing_serious() {
    let mut browser = Browser::start();
    let mut wrong = Vec::new();
    for (state, who) in LOOKED_AT {
        let mut office = states::office(state).await;
        let site = office.serve().await;
        let mut at = pages(&mut office, state, who).await;
        if state == "empty" {
            looks(&mut browser, &site, state, &["/sign-in".to_owned()], &mut wrong);
            at.push("/nowhere".to_owned());
        }
        office.enters(&mut browser, &site, who).await;
        looks(&mut browser, &site, state, &at, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn pages(office: &mut Office, state: &str, who: &'static str) -> Vec<String> {
    let mut all = Vec::new();
    for path in adjourn_console::desk::paths() {
        // Papers stand in a sandbox without script, and so without axe.
        let paper = path.ends_with("/paper") || path.ends_with("/guide/page");
        let page = !path.starts_with("/assets")
            && !paper
            && path != "/live"
            && !path.contains("{tag}")
            && !path.contains("{act}");
        if page
            && (state == "planned"
                || (state == "empty" || path.contains("{case}") || path.contains("/bag/"))
                    && follows_the_case(path))
        {
            let Some(at) = address(office, path).await else { continue };
            // Files are no pages, nor is what only takes forms.
            let shown = office.page(who, Lang::En, &at).await;
            if shown.status == StatusCode::OK && shown.text.starts_with("<!doctype html>") {
                all.push(at);
            }
        }
    }
    all
}

fn looks(browser: &mut Browser, site: &str, state: &str, pages: &[String], wrong: &mut Vec<String>) {
    for (lang, width, scheme) in SIGHTS {
        browser.language(lang);
        browser.scheme(scheme);
        browser.resize(width, 900);
        for page in pages {
            browser.open(&format!("{site}{page}"));
            let at = format!("{state} {page} {lang} {width}");
            wrong.extend(browser.faults().into_iter().map(|fault| format!("{at}: {fault}")));
            let name = page.split('/').nth(1).filter(|name| !name.is_empty()).unwrap_or("today");
            browser.shot(&format!("looks/{state}-{name}-{lang}-{width}"));
        }
    }
}
