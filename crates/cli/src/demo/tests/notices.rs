//! Members at their notice, over a virtual clock: what they were told as it was told, each counted once, nobody at another's words, and until when.

use adjourn_domain::announcement;
use adjourn_domain::reaction::Standing;

use super::*;

async fn code<T>(asked: impl Future<Output = Result<T, AppError>>) -> &'static str {
    asked.await.err().map_or("done", |error| error.code())
}

#[tokio::test]
async fn req_n5_members_read_and_object_once_each_and_see_their_own_answer_alone() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    let day = 24 * HOUR;
    let links = play.app().notice_links(&play.case, 30 * day, &play.cast.requester).await.unwrap();
    assert!(links[0].members.len() > 2, "{links:?}");
    let (all, mine) = (links[0].everybody.clone(), links[0].members[0].2.clone());
    assert_eq!(code(play.app().notice_page(&all, None)).await, "notice.early", "nothing was told yet");
    play.work(true, |state| current(state) == Some(StepOp::CoolingOff)).await;
    let app = play.app();
    let page = app.notice_page(&mine, None).await.unwrap();
    assert!(page.text.starts_with("bye\n\n") && page.sha256 == announcement::hash(&page.text), "{page:?}");
    assert!(!page.over && !page.everybody && page.read.is_none());
    // Forged, altered, another's id, another kind of link.
    let parts: Vec<&str> = mine.split('.').collect();
    let other: Vec<&str> = links[0].members[1].2.split('.').collect();
    for (at, with) in
        [(1, "c-00000000"), (2, "g-0000"), (3, other[3]), (3, "all"), (4, "9999999999"), (5, "00")]
    {
        let mut forged = parts.clone();
        forged[at] = with;
        assert_eq!(code(app.notice_page(&forged.join("."), None)).await, "notice.link", "{at} {with}");
    }
    assert_eq!(code(app.task_page(&mine)).await, "task.link", "it opens nothing else");
    // Each counts once: a person by their link, a browser by its number.
    for _ in 0..2 {
        app.notice_read(&mine, None, "").await.unwrap();
        for browser in ["one", "two"] {
            app.notice_read(&all, Some(browser), "Li").await.unwrap();
        }
    }
    assert_eq!(code(app.notice_read(&all, None, "")).await, "notice.browser");
    assert_eq!(code(app.notice_read(&mine, None, &"x".repeat(101))).await, "notice.name");
    for _ in 0..2 {
        app.notice_object(&mine, None, "", "my files are in it").await.unwrap();
    }
    assert_eq!(code(app.notice_object(&mine, None, "", "and my photos")).await, "notice.objected");
    assert_eq!(code(app.notice_object(&all, Some("one"), "", " ")).await, "reaction.text");
    let counts = app.notice_counts(&play.case).await.unwrap();
    assert_eq!((counts[0].read, counts[0].objections), (3, 1));
    // Answered, and shown to whoever objected, and to nobody else.
    let ledger = app.reactions(&play.case).await.unwrap();
    app.answer_reaction(&play.case, &ledger[0].id, "They are exported.", &play.cast.requester).await.unwrap();
    let objection = app.notice_page(&mine, None).await.unwrap().objection.unwrap();
    assert!(matches!(objection.standing, Standing::Answered { text, .. } if text == "They are exported."));
    for (token, browser) in [(&links[0].members[1].2, None), (&all, Some("one"))] {
        assert_eq!(app.notice_page(token, browser).await.unwrap().objection, None);
    }
    // Links are taken back one by one: that of one member, by their account or by a link of theirs; everybody's stays.
    let (app, case, group) = (play.app(), &play.case, &play.group);
    let (account, theirs) = (links[0].members[1].0.clone(), links[0].members[1].2.clone());
    let by = &play.cast.requester;
    assert_eq!(code(app.revoke_notice(case, group, Some("nobody"), by)).await, "notice.member");
    assert_eq!(code(app.revoke_notice(case, group, Some(&all), by)).await, "notice.member", "nobody's own");
    app.revoke_notice(case, group, Some(&account), by).await.unwrap();
    assert_eq!(code(app.notice_page(&theirs, None)).await, "notice.revoked");
    assert_eq!(code(app.notice_read(&theirs, None, "")).await, "notice.revoked");
    assert_eq!(code(app.notice_page(&mine, None)).await, "done");
    assert_eq!(code(app.notice_page(&all, Some("one"))).await, "done");
    let anew = || app.notice_links(case, 30 * day, by);
    let fresh = anew().await.unwrap()[0].members[1].2.clone();
    assert_eq!(code(app.notice_page(&fresh, None)).await, "done", "a new link opens again");
    let altered = theirs.rsplit_once('.').map(|(said, mac)| format!("{said}.1.{mac}")).unwrap();
    assert_eq!(code(app.notice_page(&altered, None)).await, "notice.link");
    app.revoke_notice(case, group, Some(&format!("https://x.example/notice/{fresh}")), by).await.unwrap();
    assert_eq!(code(app.notice_page(&fresh, None)).await, "notice.revoked");
    app.revoke_notice(case, group, None, by).await.unwrap();
    assert_eq!(code(app.notice_page(&all, Some("one"))).await, "notice.revoked");
    assert_eq!(code(app.notice_page(&mine, None)).await, "done");
    let all = anew().await.unwrap()[0].everybody.clone();
    // What they said lies on the group's stream alone.
    for (_, event) in app.journal.case_events(&play.case).await.unwrap() {
        assert!(!serde_json::to_string(&event).unwrap().contains("my files"));
    }
    let state = play.work(true, |_| false).await;
    assert_eq!(state.run.unwrap().phase, Phase::Ended(Ending::Observed));
    let app = play.app();
    assert!(app.notice_page(&mine, None).await.unwrap().over);
    assert_eq!(code(app.notice_object(&all, Some("three"), "", "too late")).await, "notice.over");
    app.clock.sleep_until(app.clock.now().plus_secs(31 * day)).await;
    assert_eq!(code(app.notice_page(&mine, None)).await, "notice.expired");
}
