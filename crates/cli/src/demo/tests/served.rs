//! `demo --serve`: each group of its platforms comes to its proper end while somebody lets the clock go on, and scripts find the API there.

use adjourn_app::accounts::TokenWish;
use adjourn_app::inventory::Wanted;
use adjourn_app::register::Rules as Upkeep;
use adjourn_console::drill::{Drill, Pace, Person};
use adjourn_domain::token::Scope;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use futures_util::future::BoxFuture;
use tower::ServiceExt as _;

use super::super::serve::{Show, router};
use super::*;

/// Days that the longest way takes, with a week's notice and the observation.
const MAX_DAYS: usize = 20;

/// A stage whose groups are all known.
async fn stage(dir: &Path) -> (Stage, Cast) {
    let stage = Stage::served(dir, 7, Rules::Declared, OUT).unwrap();
    let cast = Cast::new(&stage.app, OUT).await.unwrap();
    for connection in stage.connections() {
        let secrets = stage.secrets(&connection.id);
        stage.app.add_connection(connection.clone(), &secrets, Some(&cast.admin)).await.unwrap();
        stage.app.scan(&connection.id).await.unwrap();
    }
    (stage, cast)
}

/// The groups whose work somebody has to take over.
async fn waits_for(app: &App, who: &KeySigner) -> Vec<GroupId> {
    let wanted = Wanted { nominee: Some(who.principal()), limit: usize::MAX, ..Wanted::default() };
    let found = app.looked_up(&wanted, &Upkeep::default()).await.unwrap();
    found.cards.into_iter().map(|card| card.group).collect()
}

#[tokio::test]
async fn each_group_of_the_drill_comes_to_its_proper_end() {
    let dir = tempfile::tempdir().unwrap();
    let (stage, cast) = stage(dir.path()).await;
    let app = &stage.app;
    let mut cases = Vec::new();
    for card in app.cards().await.unwrap() {
        if card.label() == msg::demo_group_stays(OUT.lang) {
            continue;
        }
        // What the console's form asks for.
        let wish = PlanWish {
            groups: vec![card.group.clone()],
            reason: "over".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: "This group ends. Thank you all.".to_owned(),
            languages: Vec::new(),
            kinds: KindWish { nominee: Some(cast.business.principal()), ..KindWish::default() },
            case: None,
        };
        let (plan, hash) = app.plan(wish, &cast.requester).await.unwrap();
        app.submit(&plan.case, &cast.requester).await.unwrap();
        for who in [&cast.business, &cast.compliance] {
            app.review(&plan.case, Decision::Approve, "", Some(hash), who).await.unwrap();
        }
        app.apply(&plan.case, &cast.requester).await.unwrap();
        if plan.groups[0].way.nominee.is_some() {
            assert_eq!(waits_for(app, &cast.business).await, std::slice::from_ref(&card.group));
            app.accept_handover(&plan.case, &cast.business).await.unwrap();
        }
        assert!(waits_for(app, &cast.business).await.is_empty());
        cases.push((card.label().to_owned(), card.group, plan.case));
    }
    let worker = Worker::take(app.clone(), "test", 1).await.unwrap().unwrap();
    let mut show = Show { stage: &stage, cast: &cast, worker, out: OUT };
    for _ in 0..MAX_DAYS {
        show.go_on(Pace::Day).await.unwrap();
    }
    let mut wrong = Vec::new();
    for (name, group, case) in cases {
        let state = app.journal.group(&group).await.unwrap();
        let run = state.run.as_ref().unwrap();
        let status = app.journal.known_case(&case).await.unwrap().status;
        if status != CaseStatus::Closed || run.verdict != Some(adjourn_domain::verdict::Verdict::Gone) {
            wrong.push(format!("{name}: {status:?}, {:?}, {:?}", run.phase, run.verdict));
            let last = run.probes.last().map(|probe| probe.signals.clone());
            wrong.push(format!("  {last:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A drill whose clock nobody moves.
struct Still;

impl Drill for Still {
    fn now(&self) -> adjourn_domain::time::Time {
        adjourn_domain::time::Time::from_millis(0)
    }

    fn people(&self) -> &[Person] {
        &[]
    }

    fn password(&self) -> &'static str {
        ""
    }

    fn go_on(&self, _: Pace) -> BoxFuture<'_, Result<(), AppError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn scripts_find_the_api_in_a_served_drill_and_others_find_what_their_links_lead_to() {
    let dir = tempfile::tempdir().unwrap();
    let (stage, cast) = stage(dir.path()).await;
    let app = Arc::new(stage.app.clone());
    let wish = TokenWish { name: "demo".to_owned(), scopes: Scope::ALL.into(), ends: None };
    let (_, token) = app.create_token(wish, &cast.requester.open_key(), None).await.unwrap();
    let router = router(app, dir.path(), Arc::new(Still)).unwrap();
    let get = async |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {}", token.text()));
        let reply = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (reply.status(), to_bytes(reply.into_body(), 1 << 24).await.unwrap())
    };
    let (status, document) = get("/api/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert!(document["paths"].as_object().is_some_and(|paths| paths.len() > 20));
    let (status, groups) = get("/api/v1/groups").await;
    assert_eq!(status, StatusCode::OK, "{groups:?}");
    let groups: Value = serde_json::from_slice(&groups).unwrap();
    assert_eq!(
        groups["items"].as_array().map(Vec::len),
        Some(stage.app.cards().await.unwrap().len()),
        "{groups}"
    );
    // A link that nobody gave out is refused by the page that it would lead to, not by a page that is not there.
    for path in ["/task/nothing", "/notice/nothing", "/renew/nothing"] {
        let (_, page) = get(path).await;
        assert!(!String::from_utf8_lossy(&page).contains("page.unknown"), "{path}");
    }
}
