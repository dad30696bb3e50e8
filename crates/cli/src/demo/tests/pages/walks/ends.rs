//! How groups end: rightly, and by mistake.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_1_one_group_from_the_scan_to_its_verified_bundle() {
    let office = Office::new("dingtalk").await;
    let group = office.group_path();
    let mut walk = Walk::begin("01-drill", office).await;
    walk.sits("requester", DESK, "/").await;
    walk.press(msg::console_groups);
    walk.sees("groups", &[&msg::groups_pick_note]);
    walk.sight(DESK);
    walk.goes(&group);
    walk.press(msg::console_propose);
    walk.fill(msg::console_reason, "project ended");
    walk.press(msg::console_draw);
    walk.sees("plan", &[&msg::console_turn, &msg::plan_will_not, &msg::plan_residue]);
    walk.sight(PHONE);
    let case = walk.browser.url().rsplit('/').next().unwrap().to_owned();
    walk.office.play.case = CaseId::from(case.as_str());
    let path = walk.office.case_path();
    walk.goes(&path);
    walk.press(msg::console_submit);
    for (who, sight) in [("business", DESK), ("compliance", PHONE)] {
        walk.approves(who, sight).await;
    }
    walk.sits("requester", DESK, &path).await;
    walk.types_the_code();
    walk.press(msg::console_apply);
    walk.office.works_until(true, StepOp::Observe).await;
    walk.office.looks(3).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("observing", &[&word("state", "observing"), &word("verdict", "gone")]);
    walk.office.play.work(true, |_| false).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("closed", &[&word("state", "verified_gone"), &msg::console_bundle]);
    let report = walk.office.play.report().await;
    assert!(report.ok, "{:?}", report.findings);
}
