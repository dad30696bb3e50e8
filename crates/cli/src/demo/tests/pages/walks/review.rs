//! Before anything ends: what a plan says, who may review it, and what becomes of it when the world changes.

use adjourn_domain::group::LinkKind;
use adjourn_domain::plan::Note;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};
use adjourn_world::{AccountSpec, ClientAct, LinkSpec, WorldSpec};

use super::*;

/// How long the second reviewer is silent, in seconds.
const WAIT_S: u64 = 8 * 24 * HOUR;
/// Members who join after the approval: more than the tenth that a plan puts up with.
const JOINING: u64 = 40;

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
    // One of two is not enough, and time alone approves nothing, however long it is.
    walk.approves("business", PHONE).await;
    walk.office.app().clock.sleep_until(walk.office.app().clock.now().plus_secs(WAIT_S)).await;
    walk.office.play.work(false, |_| false).await;
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
    let mut spec = WorldSpec::of("dingtalk").unwrap();
    let account =
        |n| AccountSpec { id: format!("u-new-{n}"), name: format!("New {n}"), ..AccountSpec::default() };
    spec.accounts.extend((0..JOINING).map(account));
    let mut office = in_world(&spec).await;
    office.approved().await;
    office.does("u-owner", ClientAct::Transfer { to: "u-a".to_owned() }).await;
    for n in 0..JOINING {
        office.does(&format!("u-new-{n}"), ClientAct::Join).await;
    }
    let path = office.case_path();
    let mut walk = Walk::begin("05-world-changes", office).await;
    walk.sits("requester", PHONE, &path).await;
    walk.types_the_code();
    walk.press(msg::console_apply);
    let owner = Note::new("drift-owner").with("was", "u-owner").with("is", "u-a");
    let owner = |lang: Lang| wording::Say::new(lang).note(&owner);
    let joined = |lang: Lang| msg::case_members(lang, JOINING, 0);
    walk.sees(
        "stale",
        &[
            &word("state", "stale"),
            &word("event", "staled"),
            &owner,
            &joined,
            &word("differences", "drift-members"),
        ],
    );
    assert!(!walk.browser.has(&msg::console_apply(walk.lang)), "nobody forces it");
    // Who has approved it reads the same, and can't approve it once more.
    walk.sits("business", DESK, &path).await;
    walk.sees("reviewer", &[&word("state", "stale"), &owner, &joined]);
    assert!(!walk.browser.has(&msg::console_approve(walk.lang)));
    // Nor by a form that no page offers: a new plan has to be reviewed.
    walk.office.act("requester", "apply").await;
    let case = walk.office.app().journal.known_case(&walk.office.play.case).await.unwrap();
    assert_eq!(case.status, CaseStatus::Stale);
    assert!(walk.office.play.state().await.run.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_3_a_plan_tells_the_truth() {
    let mut spec = WorldSpec::of("dingtalk").unwrap();
    let link = |kind: LinkKind, name: &str| LinkSpec { kind, name: name.to_owned(), own: false };
    let names = ["Duty bot", "Poll bot", "Build", "Monitor", "Tickets", "Bridge to Matrix", "Red packets"];
    let kinds = [
        LinkKind::Bot,
        LinkKind::Bot,
        LinkKind::Webhook,
        LinkKind::Webhook,
        LinkKind::Webhook,
        LinkKind::Bridge,
        LinkKind::Payment,
    ];
    spec.groups[0].links = kinds.into_iter().zip(names).map(|(kind, name)| link(kind, name)).collect();
    let mut office = in_world(&spec).await;
    let group = office.play.group.clone();
    office.app().add_hold(&group, "matter 12", office.key("compliance")).await.unwrap();
    office.draw().await;
    let path = office.case_path();
    let mut walk = Walk::begin("03-plan", office).await;
    walk.sits("requester", DESK, &path).await;
    let says = |text: &'static str| move |_: Lang| text.to_owned();
    walk.sees(
        "blocked",
        &[
            &msg::console_locked_blocked,
            &msg::plan_will_not,
            &msg::plan_unknown,
            &msg::plan_residue,
            &msg::plan_clocks,
            &says("2026-11-22"),
            &says("matter 12"),
            &says("Red packets"),
        ],
    );
    for name in names {
        walk.browser.shows(name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_skipped_by_another_plan_that_is_reviewed() {
    let mut office = Office::new("dingtalk").await;
    office.applied().await;
    // The platform takes no link off, however often it is asked: a person has to.
    let fails = FaultKind::ServerError { status: 503, after_effect: false };
    let when = Matcher { method: Some("DELETE".to_owned()), path_contains: "/links/".to_owned(), nth: None };
    let platform = &office.play.stage.platforms[&ConnectionId::from("dingtalk")];
    platform.transport.set_faults(FaultPlan(vec![Fault { when, what: fails }]));
    let stuck = |state: &GroupState| current(state) == Some(StepOp::Unlink) && asks_somebody(state);
    assert!(stuck(&office.play.work(false, stuck).await), "somebody is asked to take a link off");
    let mut walk = Walk::begin("skip", office).await;
    let path = walk.office.case_path();
    walk.sits("requester", DESK, &path).await;
    walk.press(msg::case_skip);
    walk.browser.fill_last(&msg::pick_without_why(walk.lang), "its owner is abroad");
    walk.sees("card", &[&msg::case_skip]);
    walk.sits("requester", DESK, &path).await;
    walk.press(msg::case_skip);
    walk.browser.fill_last(&msg::pick_without_why(walk.lang), "its owner is abroad");
    walk.press(msg::case_skip_send);
    // The run ends before the point of no return, and the next plan says what it leaves and why.
    walk.office.play.work(false, |_| false).await;
    walk.sits("requester", DESK, &path).await;
    walk.press(msg::case_skip_draw);
    walk.fill(msg::console_reason, "project ended");
    walk.press(msg::console_draw);
    let left = |lang: Lang| {
        let text = wording::Say::new(lang)
            .note(&Note::new("willnot-left-out").with("link", "").with("reason", "its owner is abroad"));
        text.split('\u{201d}').next_back().unwrap_or_default().trim().to_owned()
    };
    walk.sees("plan", &[&left, &msg::console_submit]);
    assert_ne!(
        walk.browser.url().rsplit('/').next(),
        Some(walk.office.play.case.as_str()),
        "another case, from the start"
    );
}

/// An office in a world of its own.
async fn in_world(spec: &WorldSpec) -> Office {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::in_world(dir.path(), "dingtalk", spec, OUT).unwrap();
    let mut office = Office::of(Play::on(stage, &super::super::office::parties(), dir).await).await;
    office.connect("dingtalk").await;
    office
}
