//! How groups end: rightly, and by mistake.

use adjourn_domain::plan::Note;
use adjourn_domain::run::StepState;
use adjourn_world::ClientAct;

use super::super::states;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_11_a_group_without_an_interface_is_ended_by_a_person_on_a_phone() {
    let mut office = Office::own().await;
    office.connect("wechat").await;
    office.applied().await;
    office.works_until(true, StepOp::Dissolve).await;
    assert!(asks_somebody(&office.play.work(false, asks_somebody).await));
    let (path, name) = (office.case_path(), office.play.state().await.snapshot.unwrap().label().to_owned());
    let mut walk = Walk::begin("11-by-hand", office).await;
    walk.sits("requester", PHONE, "/").await;
    walk.sees("today", &[&word("state", "needs_person")]);
    walk.sits("requester", PHONE, "/").await;
    walk.press(msg::console_to_step);
    walk.sees("card", &[&msg::task_files, &msg::task_typed_name, &msg::task_cant]);
    // The person does it in the app, and hands in a picture; a member's export is what shows that it is so.
    let dissolve = ClientAct::Dissolve {
        typed_name: name.clone(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: None,
    };
    walk.office.does("u-owner", dissolve).await;
    walk.office.members_hand_in().await;
    walk.sits("requester", PHONE, &path).await;
    walk.fill(msg::task_typed_name, &name);
    walk.hands_in();
    walk.office.play.work(true, |_| false).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("closed", &[&word("state", "verified_gone"), &msg::console_bundle]);
    assert!(walk.office.play.report().await.ok);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_12_the_wrong_group_is_taken_back_in_time_restored_or_rebuilt() {
    // Noticed while it cools off: two taps on a phone, and nothing has ended.
    let office = states::office("waiting").await;
    let path = office.case_path();
    let mut walk = Walk::begin("12-oops", office).await;
    walk.sits("requester", PHONE, &path).await;
    walk.sees("cooling-off", &[&word("state", "cooling_off"), &msg::console_undo]);
    walk.sits("requester", PHONE, &path).await;
    walk.press(msg::console_undo);
    walk.office.play.work(true, |_| false).await;
    walk.sits("requester", PHONE, &path).await;
    // Members had read that it ends: whoever took it back gets the words for the group, and the notice's own page says so to them.
    walk.sees("taken-back", &[&word("state", "undone"), &msg::case_stays, &msg::case_stays_text]);
    assert_eq!(walk.office.ended().await, 0, "nothing was dissolved");
    let (app, requester) = (walk.office.app(), walk.office.key("requester"));
    let links = app.notice_links(&walk.office.play.case, 24 * HOUR, requester).await.unwrap();
    assert!(app.notice_page(&links[0].everybody, None).await.unwrap().stays);

    // After the call, where the platform brings groups back.
    let mut office = Office::new("qq").await;
    office.applied().await;
    office.works_until(true, StepOp::Observe).await;
    let path = office.case_path();
    walk = walk.over(office).await;
    walk.sits("requester", PHONE, &path).await;
    walk.press(msg::console_undo);
    assert!(undoing(&walk.office.play.work(false, undoing).await));
    walk.sits("requester", PHONE, &path).await;
    walk.sees("restore", &[&|lang| wording::Say::new(lang).note(&Note::new("person-restore"))]);
    walk.office.comes_back().await;
    walk.sits("requester", PHONE, &path).await;
    walk.hands_in();
    let back = |state: &GroupState| {
        let run = state.run.as_ref().unwrap();
        run.part
            .steps
            .iter()
            .zip(&run.steps)
            .any(|(step, at)| step.op == StepOp::Dissolve && at.state == StepState::Undone)
    };
    assert!(back(&walk.office.play.work(false, back).await));
    walk.sits("requester", PHONE, &path).await;
    walk.sees("restored", &[&word("state", "undoing"), &msg::console_step_undone]);

    // After the call, where nothing brings a group back: another one takes its place, and is called that.
    let office = states::office("observing").await;
    let path = office.case_path();
    walk = walk.over(office).await;
    walk.sits("requester", PHONE, &path).await;
    walk.press(msg::case_rebuild);
    walk.press(msg::console_undo);
    assert!(undoing(&walk.office.play.work(false, undoing).await));
    walk.sits("requester", PHONE, &path).await;
    walk.sees("rebuild", &[&|lang| wording::Say::new(lang).note(&Note::new("person-rebuild"))]);
    walk.sits("requester", PHONE, &path).await;
    walk.hands_in();
    walk.office.play.work(false, |_| false).await;
    walk.sits("requester", PHONE, &path).await;
    walk.sees("rebuilt", &[&word("state", "rebuilt")]);
}

/// Somebody is asked to take a step back.
fn undoing(state: &GroupState) -> bool {
    let run = state.run.as_ref().unwrap();
    run.steps.iter().any(|step| step.undoing && step.state == StepState::Person)
}
