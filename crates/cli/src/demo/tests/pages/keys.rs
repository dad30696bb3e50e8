//! With the keyboard alone: a review, and a person's step. What has the focus is seen to have it, in the order of the page, and news do not take it.

use adjourn_e2e::{Browser, Focus};
use adjourn_world::ClientAct;

use super::super::*;
use super::office::PASSWORD;
use super::states;

/// Presses of the tab key until something is reached.
const MAX_TABS: usize = 60;

/// Goes on with the tab key until the focus is where it is wanted; on its way it is always seen.
#[track_caller]
fn tab_to(browser: &mut Browser, wanted: impl Fn(&Focus) -> bool) -> Focus {
    for _ in 0..MAX_TABS {
        browser.press("Tab");
        let focus = browser.focused();
        assert!(focus.seen, "one does not see what has the focus: {focus:?}");
        if wanted(&focus) {
            return focus;
        }
    }
    panic!("not reached with {MAX_TABS} tabs; the last was {:?}", browser.focused());
}

/// Over the places to the content.
#[track_caller]
fn skips(browser: &mut Browser) {
    browser.press("Tab");
    let first = browser.focused();
    assert_eq!((first.text.as_str(), first.seen), ("To the content", true), "{first:?}");
    browser.press("Enter");
    browser.press("Tab");
    assert!(browser.focused().in_main, "{:?}", browser.focused());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_review_is_done_with_the_keyboard_alone() {
    let mut browser = Browser::start();
    let mut office = states::office("in_review").await;
    let site = office.serve().await;
    browser.language("en");
    browser.resize(1440, 900);
    office.enters(&mut browser, &site, "business").await;
    browser.open(&format!("{site}{}", office.case_path()));
    skips(&mut browser);
    // News come while somebody types: what they typed stays, and so does the focus.
    if browser.focused().name != "password" {
        tab_to(&mut browser, |focus| focus.name == "password");
    }
    browser.types("four small");
    office
        .app()
        .review(&office.play.case, Decision::Approve, "", plan(&office).await, office.key("compliance"))
        .await
        .unwrap();
    office.tells();
    browser.waits("compliance)");
    assert_eq!(browser.focused().name, "password");
    browser.types(PASSWORD.trim_start_matches("four small"));
    let button = tab_to(&mut browser, |focus| focus.tag == "button");
    assert_eq!(button.text, "Approve this plan");
    browser.press("Enter");
    browser.waits("Apply the plan");
    let case = office.app().journal.known_case(&office.play.case).await.unwrap();
    assert_eq!(case.status, CaseStatus::Approved);
}

async fn plan(office: &super::office::Office) -> Option<Hash> {
    office.app().journal.known_case(&office.play.case).await.unwrap().plan_hash()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persons_step_is_done_with_the_keyboard_alone_on_a_phone() {
    let mut browser = Browser::start();
    let mut office = states::office("person").await;
    let site = office.serve().await;
    browser.language("en");
    browser.resize(360, 900);
    office.enters(&mut browser, &site, "requester").await;
    browser.open(&format!("{site}{}", office.case_path()));
    skips(&mut browser);
    tab_to(&mut browser, |focus| focus.name == "file");
    // The system's own dialog is not the page's.
    let file = office.play.dir.path().join("shot.txt");
    std::fs::write(&file, "simulated").unwrap();
    browser.upload("Screenshot or export", &file);
    let name = office.play.state().await.snapshot.unwrap().label().to_owned();
    tab_to(&mut browser, |focus| focus.name == "typed_name");
    browser.types(&name);
    let done = tab_to(&mut browser, |focus| focus.tag == "button");
    assert_eq!(done.text, "Done");
    // What can't be done is one key further.
    let cant = tab_to(&mut browser, |focus| focus.tag == "summary");
    assert_eq!(cant.text, "I can't do this");
    browser.press("Enter");
    tab_to(&mut browser, |focus| focus.name == "reason");
    for _ in 0..2 {
        browser.press("Shift+Tab");
    }
    assert_eq!(browser.focused().text, "Done");
    office
        .does(
            "u-owner",
            ClientAct::Dissolve {
                typed_name: name,
                qr_scanned: false,
                phone_confirmed: false,
                super_admin: None,
            },
        )
        .await;
    browser.press("Enter");
    browser.waits("not yet");
    office.works_until(true, StepOp::Observe).await;
}
