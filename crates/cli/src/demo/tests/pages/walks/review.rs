//! Before anything ends: what a plan says, who may review it, and what becomes of it when the world changes.

use adjourn_world::ClientAct;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_4_two_people_and_no_side_door() {
    let mut office = Office::new("dingtalk").await;
    office.draw().await;
    let path = office.case_path();
    let mut walk = Walk::begin("04-two-people", office).await;
    walk.sits("requester", DESK, &path).await;
    walk.press(msg::console_submit);
    walk.sees(
        "own-case",
        &[&msg::console_locked_own, &word("state", "in_review"), &word("role", "compliance")],
    );
    // The locked button sends nothing; who sends it all the same is refused, and that is in the journal.
    for (who, code) in [("requester", "approval.self"), ("admin", "approval.role")] {
        let refused = walk.office.act(who, "approve").await;
        assert!(refused.text.contains(code), "{}", refused.text);
    }
    // One of two is not enough, and time alone approves nothing.
    walk.approves("business", PHONE).await;
    walk.office.app().clock.sleep_until(walk.office.app().clock.now().plus_secs(24 * HOUR)).await;
    walk.sits("business", DESK, &path).await;
    walk.sees(
        "one-of-two",
        &[&word("state", "in_review"), &word("event", "review_refused"), &|_| "approval.self".to_owned()],
    );
    walk.approves("compliance", PHONE).await;
    walk.sees("approved", &[&word("state", "approved"), &msg::console_apply]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_5_the_world_changes_after_the_approval() {
    let mut office = Office::new("dingtalk").await;
    office.approved().await;
    office.does("u-owner", ClientAct::Transfer { to: "u-a".to_owned() }).await;
    let path = office.case_path();
    let mut walk = Walk::begin("05-world-changes", office).await;
    walk.sits("requester", PHONE, &path).await;
    walk.types_the_code();
    walk.press(msg::console_apply);
    walk.sees("stale", &[&word("state", "stale"), &word("event", "staled")]);
    let page = walk.browser.text();
    println!("{page}");
    assert!(!walk.browser.has(&msg::console_apply(walk.lang)), "nobody forces it");
    let refused = walk.office.act("requester", "apply").await;
    println!("{}", refused.text);
}
