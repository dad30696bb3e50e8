//! Every page in both languages and in every state, held against what was committed; and what hostile names become on them.
//!
//! The pages are those of the router's own table: whoever adds a route gets its page rendered, and this test fails until it is committed
//! (`ADJOURN_BLESS=1` writes the files anew) or until it is said what its parameter means.

use std::fmt::Write as _;
use std::path::PathBuf;

use adjourn_world::WorldSpec;
use axum::http::StatusCode;

use super::super::*;
use super::office::{Office, Page};
use super::sound::faults;
use super::states::{self, STATES};

/// Who reads which states' pages; everybody else's pages are the same but for the buttons.
const READERS: [(&str, &[&str]); 2] = [("requester", &STATES), ("business", &["in_review"])];
/// Lines of a difference that are shown.
const MAX_LINES: usize = 12;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/tests/fixtures/pages")
}

/// The address of a page in an office, if the state has what it shows.
pub(super) async fn address(office: &Office, path: &'static str) -> Option<String> {
    let known = office.play.case != CaseId::from("c-none");
    let mut at = path.to_owned();
    if path.contains("{token}") {
        let token = office.app().account_link(&office.key("admin").open_key()).await.unwrap();
        at = at.replace("{token}", &token.text());
    }
    if path.contains("{case}") || path.contains("{group}") {
        if !known {
            return None;
        }
        at = at.replace("{case}", office.play.case.as_str()).replace("{group}", office.play.group.as_str());
    }
    if path.contains("/bag/") {
        // There is one when the case is over.
        office.app().vault.bundle_path(&office.play.case).await.unwrap()?;
        at = at.replace("{kind}", "case").replace("{name}", office.play.case.as_str());
    }
    if path.starts_with("/settings/connection/") {
        let org = office.app().journal.org().await.unwrap();
        at = at.replace("{name}", org.connections.keys().next()?.as_str());
    }
    if path.starts_with("/platforms/guide/") {
        at = format!("{at}?platform=qq");
    }
    if path == "/groups/plan" {
        // A selection is a part of the address.
        at = format!("{at}?group={}", office.play.group);
    }
    at = at.replace("{tag}", "en").replace("{act}", "approve").replace("{platform}", "matrix");
    assert!(
        !at.contains('{'),
        "what is the parameter of {path}? Say it here, so that its page is looked at."
    );
    Some(at)
}

/// Whether a page is looked at in every state, and not only where everything is.
pub(super) fn follows_the_case(path: &str) -> bool {
    path.contains("{case}")
        || path.contains("{group}")
        || path.contains("/bag/")
        || ["/", "/cases", "/groups"].contains(&path)
}

#[tokio::test]
async fn every_page_is_as_it_was_in_both_languages_and_every_state() {
    let mut wrong = String::new();
    for state in STATES {
        let mut office = states::office(state).await;
        for (who, _) in READERS.iter().filter(|(_, states)| states.contains(&state)) {
            for lang in [Lang::ZhCn, Lang::En] {
                let pages = rendered(&mut office, state, who, lang, &mut wrong).await;
                compare(&format!("{state}-{who}.{}.html", lang.tag()), &pages, &mut wrong);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nADJOURN_BLESS=1 writes the files anew; look at the difference before you commit it."
    );
}

async fn rendered(
    office: &mut Office,
    state: &str,
    who: &'static str,
    lang: Lang,
    wrong: &mut String,
) -> String {
    let mut text = String::new();
    for path in adjourn_console::desk::paths() {
        // A stream never ends.
        if path == "/live" || (state != "planned" && !follows_the_case(path)) {
            continue;
        }
        let Some(at) = address(office, path).await else { continue };
        let Page { status, text: page } = office.page(who, lang, &at).await;
        // What only takes forms is no page; nor is what sends one on, or a file.
        if !page.starts_with("<!doctype html>") || page.contains(">page.unknown<") {
            continue;
        }
        if status != StatusCode::OK {
            let _ = writeln!(wrong, "{state} {at} ({}): {status}", lang.tag());
        }
        // Papers are documents with a heading in each language, and guides name interfaces.
        let paper = |fault: &String| path.ends_with("/paper") && fault.contains("<h1> comes after <h1>");
        let guide = |fault: &String| path.starts_with("/platforms/guide/") && fault.ends_with("has no text");
        for fault in faults(&page).into_iter().filter(|fault| !paper(fault) && !guide(fault)) {
            let _ = writeln!(wrong, "{state} {at} ({}): {fault}", lang.tag());
        }
        if lang == Lang::ZhCn {
            for pill in page.split("class=\"pill ").skip(1).filter_map(|pill| pill.split("</span> ").nth(1)) {
                let word = pill.split('<').next().unwrap_or_default();
                if word.is_ascii() {
                    let _ = writeln!(wrong, "{state} {at}: {word} is no Chinese");
                }
            }
        }
        // The frame is the same on all of them.
        let from = if state == "planned" && path == "/" { 0 } else { page.find("<main").unwrap_or(0) };
        let _ = writeln!(text, "<!-- {path} -->\n{}", normal(&page[from..]));
    }
    text
}

fn compare(name: &str, pages: &str, wrong: &mut String) {
    let path = fixtures().join(name);
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        std::fs::create_dir_all(fixtures()).unwrap();
        std::fs::write(&path, pages).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if committed == pages {
        return;
    }
    let _ = writeln!(wrong, "{name} differs:");
    let (old, new): (Vec<&str>, Vec<&str>) = (committed.lines().collect(), pages.lines().collect());
    let begin = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    for line in old.iter().skip(begin).take(MAX_LINES) {
        let _ = writeln!(wrong, "  - {line}");
    }
    for line in new.iter().skip(begin).take(MAX_LINES) {
        let _ = writeln!(wrong, "  + {line}");
    }
}

/// One element a line; what is drawn by chance or told by the clock, in order of its first appearance.
fn normal(page: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut rest = page;
    while let Some(first) = rest.chars().next() {
        let token = id(rest).or_else(|| time(rest));
        let (length, shown) = token.unwrap_or_else(|| (first.len_utf8(), first.to_string()));
        let drawn = shown.starts_with('#');
        if drawn {
            let what = rest[..length].to_owned();
            let n = seen.iter().position(|one| *one == what).unwrap_or_else(|| {
                seen.push(what);
                seen.len() - 1
            });
            let _ = write!(text, "{}{n}", &shown[1..]);
        } else {
            text.push_str(&shown);
        }
        // A word is read as a whole: no id begins in the middle of one.
        rest = &rest[length..];
        if first.is_ascii_alphanumeric() && !drawn {
            let word = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            text.push_str(&rest[..word]);
            rest = &rest[word..];
        }
    }
    text.replace("><", ">\n<")
}

/// An id (`c-137ea0ac`) or a hash at the beginning of a text.
fn id(text: &str) -> Option<(usize, String)> {
    let hex =
        |text: &str| text.bytes().take_while(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()).count();
    let ends = |length: usize| !text[length..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let prefix =
        text.get(..2).filter(|prefix| prefix.ends_with('-') && prefix.as_bytes()[0].is_ascii_lowercase());
    if let Some(prefix) = prefix {
        let length = 2 + hex(&text[2..]);
        if length >= 10 && ends(length) {
            return Some((length, format!("#{prefix}")));
        }
    }
    let length = hex(text);
    (length >= 8 && ends(length) && text[..length].contains(|c: char| c.is_ascii_digit()))
        .then(|| (length, "#hash-".to_owned()))
}

/// A time at the beginning of a text.
fn time(text: &str) -> Option<(usize, String)> {
    let fits = |shape: &str| {
        let bytes = text.as_bytes();
        bytes.len() >= shape.len()
            && shape
                .bytes()
                .zip(bytes)
                .all(|(want, is)| if want == b'0' { is.is_ascii_digit() } else { want == *is })
    };
    let shapes = ["0000-00-00T00:00:00.000Z", "0000-00-00 00:00"];
    shapes.into_iter().find(|shape| fits(shape)).map(|shape| (shape.len(), "TIME".to_owned()))
}

#[test]
fn what_is_drawn_by_chance_is_numbered_and_what_is_not_stays() {
    let shown = normal(
        "<p>c-137ea0ac</p><p>g-ee2874dd4fbb5f21 c-137ea0ac 2026-11-03T03:16:30.000Z</p> 2026-11-22 abcdef01 well-feedbacked",
    );
    assert_eq!(shown, "<p>c-0</p>\n<p>g-1 c-0 TIME</p> 2026-11-22 hash-2 well-feedbacked");
}

#[tokio::test]
async fn a_name_is_never_markup_nor_turns_its_neighbours_and_a_long_one_breaks_no_page() {
    let names =
        ["<script>alert(1)</script><b>", "\u{202e}evil\u{2066}\" onload=\"x", "&amp;&lt;' onfocus='x"];
    let long = "\u{7fa4}".repeat(340);
    for name in names.into_iter().chain([long.as_str()]) {
        let mut office = named(name).await;
        office.connect("dingtalk").await;
        office.draw().await;
        for path in ["/", "/groups", "/cases", &office.case_path(), &office.group_path()] {
            let Page { status, text } = office.page("requester", Lang::En, path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(faults(&text), [""; 0], "{path}");
            assert!(
                !text.contains("<script>alert") && !text.contains("\" onload") && !text.contains("' onfocus")
            );
            assert!(!text.contains(['\u{202e}', '\u{2066}']), "{path}");
        }
    }
    // What is longer than any platform's names is not taken in the first place.
    let office = named(&"\u{7fa4}".repeat(100_000)).await;
    let connection = office.play.stage.connections().remove(0);
    let secrets = office.play.stage.secrets(&connection.id);
    office.app().add_connection(connection.clone(), &secrets, Some(office.key("admin"))).await.unwrap();
    assert_eq!(
        office.app().scan(&connection.id).await.err().map(|error| error.code()),
        Some("connection.protocol")
    );
}

/// An office whose group has a name of somebody's choice.
async fn named(name: &str) -> Office {
    let mut spec = WorldSpec::of("dingtalk").unwrap();
    spec.groups[0].name = Some(name.to_owned());
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::in_world(dir.path(), "dingtalk", &spec, OUT).unwrap();
    Office::of(Play::on(stage, &[], dir).await).await
}
