//! The drill in the browser, as a newcomer walks it: from the choice of a group to the bundle that anybody verifies, on a clock that goes on at a click.

use std::time::Duration;

use adjourn_e2e::{Adjourn, Browser};
use serde_json::Value;

use crate::served::code_of;

/// The first group of the simulated QQ: a call lies there, and a scripted person does what it did not.
const GROUP: &str = "\u{540c}\u{57ce}\u{4e8c}\u{624b}\u{4ea4}\u{6613}";
/// What the case's page says at its end.
const BUNDLE: &str = "The bundle is written and verified";
/// Days that a dissolve and its observation take at most.
const DAYS: usize = 8;

#[test]
fn a_newcomer_walks_from_a_group_to_a_verified_bundle() {
    let dir = adjourn_e2e::tempdir();
    let adjourn = Adjourn::new(dir.path().join("data"));
    let out = dir.path().join("drill").display().to_string();
    let mut running = adjourn.spawn(&["demo", "--serve", "--out", &out, "--json", "--lang", "en"]);
    running.wait_for_text("\"simulated\": true", Duration::from_secs(30));
    let said: Value = serde_json::from_str(&running.stdout()).unwrap();
    let (address, password) = (said["address"].as_str().unwrap(), said["password"].as_str().unwrap());
    let mut browser = Browser::start();
    let becomes = |browser: &mut Browser, who: &str| {
        browser.click("Be somebody else");
        browser.waits("The people of the drill");
        browser.click(who);
    };
    browser.open(&format!("{address}/sign-in"));
    browser.shows("DRILL");
    browser.shows_no("+ 1 hour");
    browser.shot("drill-door");
    browser.click("Lin (requester) · requester");
    browser.waits("The end of a group, in six steps");
    browser.shot("drill-today");
    browser.click("Choose a group, as the requester.");
    browser.waits("Propose to dissolve");
    browser.click(GROUP);
    browser.waits("History");
    browser.click("Propose to dissolve");
    browser.fill("Reason, in words", "the season is over");
    browser.click("Draw the plan");
    browser.waits("Point of no return");
    browser.click("Hand to the reviewers");
    browser.waits("nobody reviews their own");
    for who in ["Zhao (business) · business", "Qian (compliance) · compliance"] {
        becomes(&mut browser, who);
        browser.waits("Approve this plan");
        browser.fill("Your password once more, to sign this", password);
        browser.click("Approve this plan");
        browser.waits("approve");
    }
    becomes(&mut browser, "Lin (requester) · requester");
    browser.waits("Apply the plan");
    let code = code_of(&browser.text());
    browser.fill("Type the code", &code);
    browser.click("Apply the plan");
    browser.waits("Pause");
    browser.shot("drill-run");
    // An hour proves nothing, days do; and whoever steers stays signed in though sessions end after two hours.
    browser.shows("2026-11-02 09:");
    browser.click("+ 1 hour");
    browser.waits("2026-11-02 10:");
    browser.shows_no(BUNDLE);
    for day in 3..3 + DAYS {
        if browser.text().contains(BUNDLE) {
            break;
        }
        browser.click("+ 24 hours");
        browser.waits(&format!("2026-11-{day:02} "));
    }
    browser.waits(BUNDLE);
    browser.shows("verified gone");
    browser.click("Today");
    browser.waits("in a terminal, without this console");
    browser.shot("drill-done");
    let shown = browser.text();
    let line = shown.lines().find(|line| line.starts_with("adjourn verify ")).unwrap();
    adjourn.json(0, &["verify", line.trim_start_matches("adjourn verify ")]);
    running.terminate();
    let output = running.wait(Duration::from_secs(30));
    assert_eq!(output.code, Some(0), "{output}");
}
