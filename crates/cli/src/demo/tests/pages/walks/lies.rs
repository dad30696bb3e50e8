//! Platforms that lie, and processes that die in the middle.

use adjourn_domain::announcement::Room;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_9_a_platform_says_ok_and_only_left_the_group() {
    let mut office = Office::new("qq").await;
    // The call says OK; all that happens is that the owner leaves.
    office.applied().await;
    office.works_until(true, StepOp::Dissolve).await;
    assert!(asks_somebody(&office.play.work(false, asks_somebody).await));
    let path = office.case_path();
    let mut walk = Walk::begin("09-lying-platform", office).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("left-only", &[&word("verdict", "left_only"), &word("state", "needs_person")]);
    let refused = walk.office.app().vault.bundle_path(&walk.office.play.case).await.unwrap();
    assert_eq!(refused, None, "no bundle, and so no certificate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_10_the_power_goes_after_the_call_and_before_the_answer_is_kept() {
    let mut office = Office::new("qq").await;
    office.applied().await;
    office.works_until(true, StepOp::CoolingOff).await;
    let mut dying = office.app().clone();
    dying.points = Arc::new(At("act.after.dissolve", || panic!("the power is gone")));
    let died = tokio::spawn(async move {
        let mut worker = Worker::take(dying.clone(), "test", 1).await.unwrap().unwrap();
        while let Some(next) = worker.pass().await.unwrap().next {
            dying.clock.sleep_until(next).await;
        }
    });
    assert!(died.await.unwrap_err().is_panic());
    let path = office.case_path();
    let mut walk = Walk::begin("10-power-cut", office).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("in-flight", &[&word("state", "dissolving"), &msg::console_step_in_flight]);
    // Whoever works next reads the platform, and calls nothing again.
    walk.office.works_until(true, StepOp::Observe).await;
    walk.office.play.work(true, |_| false).await;
    let path = walk.office.group_path();
    walk.sits("requester", PHONE, &path).await;
    walk.sees(
        "read-back",
        &[&word("state", "verified_gone"), &word("event", "intent"), &word("event", "read_back")],
    );
    assert_eq!(walk.office.ended().await, 1, "no double effect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_6_one_announcement_on_four_platforms_and_what_became_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::reference(dir.path(), 7, Rules::Declared, OUT).unwrap();
    let mut office = Office::of(Play::on(stage, &super::super::office::parties(), dir).await).await;
    for platform in platforms::PLATFORMS {
        office.connect(platform).await;
    }
    let groups = office.play.stage.groups().unwrap();
    let nominee = office.play.cast.business.principal();
    let kinds = office.play.stage.kinds(nominee, OUT).unwrap();
    let text = "This group ends on Friday. See https://example.org/why, ask @Chen. \u{1f44b}";
    let hash = office.draw_for(groups, kinds, text).await;
    let plan = plan_of(&office).await;
    // Before anybody reviews it, each platform's own room for the text stands beside the text.
    let announce = plan.groups[0].steps.iter().find(|step| step.op == StepOp::Announce).unwrap();
    let sent = announce.text("text").unwrap().to_owned();
    let path = office.case_path();
    let mut walk = Walk::begin("06-joint", office).await;
    walk.sits("requester", DESK, &path).await;
    let rooms = [Room::Characters(2000), Room::Characters(1500), Room::Characters(4000), Room::Bytes(2048)];
    let rooms = platforms::PLATFORMS.into_iter().zip(rooms).map(|(platform, room)| {
        let sent = sent.clone();
        move |lang: Lang| {
            let name = wording::platform(wording::Say::new(lang), platform, true);
            msg::case_post_room(lang, room.length(&sent) as u64, room.limit() as u64, name, room.unit())
        }
    });
    let rooms: Vec<_> = rooms.collect();
    let says: Vec<&dyn Fn(Lang) -> String> = rooms.iter().map(|room| room as _).collect();
    walk.sees("preview", &says);
    let office = &walk.office;
    office.submit().await;
    office.approve(hash).await;
    office.app().apply(&office.play.case, office.key("requester")).await.unwrap();
    office.app().accept_handover(&office.play.case, &office.play.cast.business).await.unwrap();
    // One platform rewrites the text, one cuts it, and on one somebody has edited it when it is read.
    let cut: String = sent.chars().take(sent.chars().count() / 2).collect();
    for (platform, made) in [
        ("dingtalk", sent.replace('\n', "<br/>")),
        ("qq", cut.clone()),
        ("wecom", sent.replace("Friday", "Monday")),
    ] {
        office.shows_instead(platform, &made);
    }
    // What is rewritten holds; what is cut or edited waits for a person.
    let announced = |state: &GroupState| {
        let run = state.run.as_ref().unwrap();
        let at = run.part.steps.iter().position(|step| step.op == StepOp::Announce).unwrap();
        !run.steps[at].memo.is_null() && matches!(run.steps[at].state, StepState::Done | StepState::Person)
    };
    let groups = office.works_jointly(announced).await;
    for (platform, is) in [("dingtalk", "rewritten"), ("qq", "truncated"), ("wecom", "edited")] {
        let of = |group: &&GroupState| group.run.as_ref().unwrap().part.platform.as_str() == platform;
        let group = groups.iter().find(of).unwrap();
        let run = group.run.as_ref().unwrap();
        let at = run.part.steps.iter().position(|step| step.op == StepOp::Announce).unwrap();
        let memo = run.steps[at].memo.clone();
        assert_eq!(memo["copy"]["is"], is, "{platform}: {memo}");
        walk.sits("requester", PHONE, &format!("/group/{}", group.id)).await;
        walk.sees(is, &[&|lang| wording::copy(wording::Say::new(lang), &memo).unwrap()]);
    }

    // Who wants other words once the plan is approved gets another plan, and its reviewers see which words are new.
    let mut office = Office::new("dingtalk").await;
    office.approved().await;
    let (path, old) = (office.case_path(), plan_of(&office).await.hash().unwrap());
    walk = walk.over(office).await;
    walk.sits("requester", DESK, &path).await;
    walk.fill(msg::console_reason, "the time is missing");
    walk.press(msg::case_withdraw);
    walk.press(msg::case_redraw);
    walk.fill(msg::console_announcement, "This group ends on Friday at 18:00.");
    walk.press(msg::console_draw);
    walk.press(msg::console_submit);
    assert_ne!(plan_of(&walk.office).await.hash().unwrap(), old);
    walk.sits("business", PHONE, &path).await;
    walk.sees(
        "edited-later",
        &[&word("state", "in_review"), &|_| "Friday at 18:00".to_owned(), &msg::console_approve],
    );
    walk.sits("requester", DESK, &path).await;
    assert!(!walk.browser.has(&msg::console_apply(walk.lang)), "the approvals were for the other words");
}

/// The plan of an office's case.
async fn plan_of(office: &Office) -> Plan {
    let case = office.app().journal.known_case(&office.play.case).await.unwrap();
    office.app().load_plan(&case).await.unwrap()
}
