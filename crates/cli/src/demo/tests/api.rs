//! The API over a virtual clock: what takes years elsewhere. A record is destroyed by two people, a passkey's policy is not got around, and what was done is
//! in the journal.

use adjourn_api::House as _;
use adjourn_app::accounts::TokenWish;
use adjourn_app::register::Rules as Upkeep;
use adjourn_domain::token::Scope;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;

use super::*;
use crate::compose::Places;
use crate::config::Config;
use crate::verbs::house::Served;

const YEARS_4: u64 = 4 * 366 * 24 * HOUR;
/// Largest reply, in bytes.
const MAX_REPLY: usize = 1024 * 1024;

impl Play {
    /// A token of somebody with every scope.
    async fn token(&self, who: &KeySigner) -> String {
        let wish = TokenWish { name: "test".to_owned(), scopes: Scope::ALL.into(), ends: None };
        self.app().create_token(wish, &who.open_key(), None).await.unwrap().1.text()
    }

    /// Status and body of a reply; a body is sent where there is one.
    async fn asks(&self, token: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let config: Config = toml::from_str(WEBHOOK).unwrap();
        let house = Served::new(self.app().clone(), Places::drill(self.dir.path()), config);
        assert_eq!(house.webhooks().len(), 1);
        let router = adjourn_api::router(Arc::new(self.app().clone()), Upkeep::default(), Arc::new(house));
        let request = Request::builder()
            .method(if body.is_some() { "POST" } else { "GET" })
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let reply = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let status = reply.status().as_u16();
        let bytes = to_bytes(reply.into_body(), MAX_REPLY).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }
}

const WEBHOOK: &str =
    "[webhook.tickets]\nurl = 'https://tickets.example.org/'\nsecret_file = 'none'\nevents = ['bundled']\n";

#[tokio::test]
async fn req_g1_two_people_destroy_a_record_by_the_api_and_nobody_alone_or_without_its_code() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    assert!(play.work(true, |_| false).await.over());
    let cast = &play.cast;
    let (business, compliance) = (play.token(&cast.business).await, play.token(&cast.compliance).await);
    let (record, decide) =
        (format!("/groups/{}/destruction", play.group), format!("/groups/{}/retention", play.group));
    let code = |(_, problem): (u16, Value)| problem["code"].as_str().unwrap_or_default().to_owned();
    let sign = |typed: Option<&str>| Some(json!({"typed": typed}));
    assert_eq!(code(play.asks(&business, &record, sign(None)).await), "retention.running");
    play.stage.clock.0.advance_to(play.app().clock.now().plus_secs(YEARS_4));
    assert_eq!(code(play.asks(&business, &record, sign(None)).await), "retention.undecided");
    assert_eq!(code(play.asks(&compliance, &decide, Some(json!({"reason": " "}))).await), "retention.reason");
    let (status, decided) = play.asks(&compliance, &decide, Some(json!({"reason": "looked at"}))).await;
    assert_eq!((status, &decided["standing"]["due"]), (200, &json!(false)), "{decided}");
    assert_eq!(code(play.asks(&business, &record, sign(Some("x"))).await), "confirm.mismatch");
    // The first asks; nobody is two; the second types the code of exactly this record.
    let (_, asked) = play.asks(&business, &record, sign(None)).await;
    assert_eq!((&asked["destroyed"], &asked["asked_by"]), (&json!(false), &json!(cast.business.principal())));
    let typed = asked["code"].as_str().unwrap();
    assert_eq!(code(play.asks(&business, &record, sign(Some(typed))).await), "approval.self");
    assert_eq!(code(play.asks(&compliance, &record, sign(None)).await), "confirm.needed");
    assert_eq!(code(play.asks(&compliance, &record, sign(Some("wrong"))).await), "confirm.mismatch");
    assert_eq!(play.asks(&compliance, &record, None).await, (200, asked.clone()));
    let (status, done) = play.asks(&compliance, &record, sign(Some(typed))).await;
    assert_eq!((status, &done["destroyed"]), (200, &json!(true)), "{done}");
    assert_eq!(done["certificate"]["statements"].as_array().unwrap().len(), 2);
    assert_eq!(play.asks(&business, &record, None).await, (200, done));
}

#[tokio::test]
async fn req_g9_an_approval_that_needs_a_passkey_is_refused_by_the_api_and_kept_as_refused() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    for class in play.stage.app.policy.0.values_mut() {
        class.review.passkey = true;
    }
    let (requester, business) =
        (play.token(&play.cast.requester).await, play.token(&play.cast.business).await);
    let wish = json!({"groups": [play.group], "reason": "over"});
    let (status, plan) = play.asks(&requester, "/plans", Some(wish)).await;
    assert_eq!(status, 201, "{plan}");
    let case = plan["case"].as_str().unwrap();
    let (status, now) = play.asks(&requester, &format!("/cases/{case}/submit"), Some(json!({}))).await;
    assert_eq!(status, 200, "{now}");
    // A refusal of the plan needs no passkey: nothing irreversible rests on it.
    let wish = json!({"plan_hash": plan["hash"]});
    let (status, refused) = play.asks(&business, &format!("/cases/{case}/approve"), Some(wish)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("approval.passkey")), "{refused}");
    let (_, events) = play.asks(&business, &format!("/cases/{case}/events"), None).await;
    let refused = events["items"].as_array().unwrap().iter().map(|row| &row["event"]);
    let refused = refused.filter(|event| event["kind"] == "review_refused");
    assert!(refused.clone().count() > 0 && refused.clone().all(|event| event["why"] == "approval.passkey"));
    // Whoever asked takes it back; nobody else does.
    let (withdraw, wish) = (format!("/cases/{case}/withdraw"), Some(json!({"reason": "another way"})));
    assert_eq!(play.asks(&business, &withdraw, wish.clone()).await.1["code"], "approval.role");
    assert_eq!(play.asks(&requester, &withdraw, wish).await.0, 200);
    // What hangs on the configuration, and on the accounts.
    let admin = play.token(&play.cast.admin).await;
    let (_, webhooks) = play.asks(&business, "/webhooks", None).await;
    assert_eq!(
        (&webhooks["webhooks"][0]["name"], &webhooks["webhooks"][0]["events"]),
        (&json!("tickets"), &json!(["bundled"]))
    );
    assert!(!webhooks.to_string().contains("example.org"), "{webhooks}");
    let (status, replay) = play.asks(&admin, "/webhooks/tickets/replay", Some(json!({}))).await;
    assert_eq!((status, replay), (202, json!({"name": "tickets", "from": 1})));
    let out = format!("/principals/{}/sign-out", play.cast.requester.principal());
    assert_eq!(play.asks(&business, &out, Some(json!({}))).await.1["code"], "approval.role");
    assert_eq!(play.asks(&admin, &out, Some(json!({}))).await.1["sessions"], 0);
}
