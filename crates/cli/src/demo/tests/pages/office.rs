//! A drill whose people have accounts, and its pages: asked for in the process, or served on a socket for a browser.

use std::convert::Infallible;

use adjourn_app::accounts::{Seat, SignedIn};
use adjourn_app::ports::Token;
use adjourn_app::register::Rules as Upkeep;
use adjourn_domain::canonical::Hash;
use adjourn_e2e::Browser;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use axum::{Router, serve};
use futures_util::stream::unfold;
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::super::*;
use crate::compose::{Places, tools};
use crate::config::Config;

/// Everybody's.
pub(super) const PASSWORD: &str = "four small words";
/// The session's cookie; another name would be no session.
const COOKIE: &str = "__Host-adjourn";
/// Largest page, in bytes.
const MAX_PAGE: usize = 16 * 1024 * 1024;

/// The people of the drill, by role.
pub(super) const PEOPLE: [&str; 4] = ["admin", "requester", "business", "compliance"];

/// A drill whose people have accounts.
pub(super) struct Office {
    pub(super) play: Play,
    sessions: BTreeMap<&'static str, Token>,
    news: watch::Sender<u64>,
}

/// A page as it came.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl Office {
    /// Over the reference platform in the clothes of each platform; the groups of `platform` are known.
    pub(super) async fn new(platform: &str) -> Self {
        Self::of(Play::new(platform, &parties()).await).await
    }

    /// Over the product's own connectors; nothing is connected yet.
    pub(super) async fn own() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::new(dir.path(), 7, Rules::Declared, OUT).unwrap();
        Self::of(Play::on(stage, &parties(), dir).await).await
    }

    /// Over a stage.
    pub(super) async fn of(play: Play) -> Self {
        let office = Self { play, sessions: BTreeMap::new(), news: watch::Sender::new(0) };
        for who in PEOPLE {
            let link = office.app().account_link(&office.key(who).open_key()).await.unwrap();
            office.app().accept_invitation(&link, "", PASSWORD).await.unwrap();
        }
        office
    }

    pub(super) fn app(&self) -> &App {
        self.play.app()
    }

    pub(super) fn key(&self, who: &str) -> &KeySigner {
        let cast = &self.play.cast;
        match who {
            "admin" => &cast.admin,
            "requester" => &cast.requester,
            "business" => &cast.business,
            _ => &cast.compliance,
        }
    }

    /// Connects a platform and looks at its groups; the first of them is the one that is talked of.
    pub(super) async fn connect(&mut self, platform: &str) {
        let id = ConnectionId::from(platform);
        let connection = self.play.stage.platforms[&id].connection.clone();
        let secrets = self.play.stage.secrets(&id);
        self.app().add_connection(connection, &secrets, Some(&self.play.cast.admin)).await.unwrap();
        self.play.stage.hand_in();
        self.app().scan(&id).await.unwrap();
        let native = &self.play.stage.platforms[&id].groups[0];
        self.play.group = self.app().journal.keys.group_id(platform, native).unwrap();
    }

    /// Draws a plan for the group.
    pub(super) async fn draw(&mut self) -> Hash {
        let groups = vec![self.play.group.clone()];
        self.draw_for(groups, KindWish::default(), "This group ends. Thank you all.").await
    }

    /// Draws a plan for groups of certain kinds, with a text of its own.
    pub(super) async fn draw_for(&mut self, groups: Vec<GroupId>, kinds: KindWish, text: &str) -> Hash {
        let wish = PlanWish {
            groups,
            reason: "project ended".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: text.to_owned(),
            languages: vec!["zh-CN".to_owned()],
            kinds,
            case: None,
        };
        let (plan, hash) = self.app().plan(wish, self.key("requester")).await.unwrap();
        self.play.case = plan.case;
        hash
    }

    pub(super) async fn submit(&self) {
        self.app().submit(&self.play.case, self.key("requester")).await.unwrap();
    }

    pub(super) async fn approve(&self, hash: Hash) {
        for who in ["business", "compliance"] {
            self.app()
                .review(&self.play.case, Decision::Approve, "", Some(hash), self.key(who))
                .await
                .unwrap();
        }
    }

    /// A plan that is drawn, submitted and approved.
    pub(super) async fn approved(&mut self) {
        let hash = self.draw().await;
        self.submit().await;
        self.approve(hash).await;
    }

    /// The same, and applied.
    pub(super) async fn applied(&mut self) {
        self.approved().await;
        self.app().apply(&self.play.case, self.key("requester")).await.unwrap();
    }

    /// Works until a step of this kind is the current one; people at their phones do what they are asked where `people` do.
    pub(super) async fn works_until(&self, people: bool, op: StepOp) {
        let state = self.play.work(people, |state| current(state) == Some(op)).await;
        assert_eq!(current(&state), Some(op), "{:?}", state.run.map(|run| run.phase));
    }

    pub(super) fn router(&self) -> Router {
        // Pages name the folders, and the same on every machine.
        let drill = Places::drill(self.play.dir.path());
        let places = Places { data: "adjourn-data".into(), keys: "adjourn-keys".into(), ..drill };
        let tools = tools(&places, &Config::default()).unwrap();
        adjourn_console::desk::router(Arc::new(self.app().clone()), Upkeep::default(), tools)
    }

    /// Somebody's session; a new one when time has ended the old one.
    pub(super) async fn session(&mut self, who: &'static str) -> Token {
        if let Some(token) = self.sessions.get(who)
            && self.app().session(token).await.is_ok()
        {
            return token.clone();
        }
        let org = self.app().journal.org().await.unwrap();
        let name = org.name(&self.key(who).principal());
        let SignedIn::Session(token) = self.app().sign_in(&name, PASSWORD, &Seat::default()).await.unwrap()
        else {
            panic!("no passkey is asked for here");
        };
        self.sessions.insert(who, token.clone());
        token
    }

    /// A page as somebody reads it; as nobody where `who` is empty.
    pub(super) async fn page(&mut self, who: &'static str, lang: Lang, path: &str) -> Page {
        let mut request = Request::get(path).header("accept-language", lang.tag());
        if !who.is_empty() {
            request = request.header("cookie", format!("{COOKIE}={}", self.session(who).await.text()));
        }
        self.answered(request.body(Body::empty()).unwrap()).await
    }

    /// Sends an act's form, as a page of ours would, whatever the page shows.
    pub(super) async fn act(&mut self, who: &'static str, act: &str) -> Page {
        let case = self.app().journal.known_case(&self.play.case).await.unwrap();
        let plan = case.plan_hash().map(|hash| hash.to_hex()).unwrap_or_default();
        let request = Request::post(format!("{}/{act}", self.case_path()))
            .header("accept-language", "en")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", format!("{COOKIE}={}", self.session(who).await.text()));
        let form = Body::from(format!("plan={plan}&password={PASSWORD}"));
        self.answered(request.body(form).unwrap()).await
    }

    async fn answered(&self, request: Request<Body>) -> Page {
        let reply = self.router().oneshot(request).await.unwrap();
        let status = reply.status();
        let bytes = to_bytes(reply.into_body(), MAX_PAGE).await.unwrap();
        Page { status, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Serves the pages on a socket; gives the address. News come when the test says so: whoever waits for them on a clock that jumps makes it
    /// run.
    pub(super) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let news = self.news.subscribe();
        let live = get(move || {
            let heard = unfold(news.clone(), |mut news| async move {
                news.changed().await.ok()?;
                Some((Ok::<_, Infallible>(Event::default().event("journal").data("new")), news))
            });
            std::future::ready(Sse::new(heard))
        });
        let pages = Router::new().route("/live", live).fallback_service(self.router());
        tokio::spawn(async move { serve(listener, pages).await });
        address
    }

    /// Tells the pages that there is something new.
    pub(super) fn tells(&self) {
        self.news.send_modify(|n| *n += 1);
    }

    /// Signs somebody in in a browser.
    pub(super) async fn enters(&mut self, browser: &mut Browser, address: &str, who: &'static str) {
        let token = self.session(who).await;
        browser.cookie(address, COOKIE, token.text().as_str());
    }

    /// The case's page.
    pub(super) fn case_path(&self) -> String {
        format!("/case/{}", self.play.case)
    }

    /// The group's page.
    pub(super) fn group_path(&self) -> String {
        format!("/group/{}", self.play.group)
    }
}

/// The others who stand in the way: they agree.
pub(super) fn parties() -> [(Party, Behaviour); 5] {
    let agrees = Behaviour::Agrees(HOUR);
    [
        (Party::HomeSchool, agrees),
        (Party::Finance, agrees),
        (Party::EvidencePlatform, agrees),
        (Party::Audit, agrees),
        (Party::Notary, agrees),
    ]
}
