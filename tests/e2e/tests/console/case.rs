//! The pages of a case: questions, forms that were lost, sent twice, or lay open too long; an export that is not complete.

use std::time::Duration;

use adjourn_e2e::{Browser, Office, PLAIN, RefDesk, Simulator, http};

use crate::served::{HERE, PASSWORD, Served};

/// How long a person waits for an export, at most.
const PATIENCE: Duration = Duration::from_mins(2);

/// A case in review over HTTP.
struct Review {
    served: Served,
    case: String,
    plan: String,
}

impl Review {
    fn new() -> Self {
        let served = Served::new();
        for who in ["requester", "business", "compliance"] {
            served.account(who);
        }
        let case = served.desk.planned(PLAIN);
        served.desk.office.json("requester", 3, &["submit", &case]);
        let plan = Self::hash(&served, &case);
        Self { served, case, plan }
    }

    fn hash(served: &Served, case: &str) -> String {
        served.desk.office.json("requester", 0, &["show", case])["hash"].as_str().unwrap().to_owned()
    }

    fn sends(&self, cookie: Option<&str>, act: &str, body: &str) -> http::Response {
        let url = format!("{}/case/{}/{act}", self.served.address, self.case);
        Served::post(HERE, &url, &format!("plan={}&{body}", self.plan), cookie)
    }

    fn page(&self, cookie: &str) -> String {
        self.served.get(&format!("/case/{}", self.case), Some(cookie)).text().clone()
    }

    fn status(&self) -> String {
        let shown = self.served.desk.office.json("requester", 0, &["show", &self.case]);
        shown["status"].as_str().unwrap().to_owned()
    }
}

/// Demands a status, and texts on the page.
#[track_caller]
fn is(reply: &http::Response, status: u16, texts: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text());
    for text in texts {
        assert!(reply.text().contains(text), "{text}: {}", reply.text());
    }
}

#[test]
fn nothing_that_was_typed_is_lost_and_nothing_is_done_twice() {
    let mut review = Review::new();
    let business = review.served.session("business");
    let requester = review.served.session("requester");

    // The session ended while somebody wrote down why they refuse: it is carried along, and nothing is sent by itself.
    let body = format!("password={PASSWORD}&reason=still+%3Cneeded%3E+by+us");
    let over = review.sends(Some("__Host-adjourn=00"), "reject", &body);
    is(&over, 401, &["name=\"kept.reason\" value=\"still &lt;needed&gt; by us\"", "Your session had ended"]);
    assert!(!over.text().contains(PASSWORD), "a password is not carried");
    let (case, address) = (&review.case, &review.served.address);
    let kept = format!(
        "name=business&next=%2Fcase%2F{case}&kept-action=%2Fcase%2F{case}%2Freject&kept.plan={}&kept.reason=still+%3Cneeded%3E+by+us",
        review.plan
    );
    let url = format!("{address}/sign-in");
    let wrong = Served::post(HERE, &url, &format!("{kept}&password=wrong"), None);
    is(&wrong, 200, &["kept.reason", "still &lt;needed&gt; by us"]);
    let back = Served::post(HERE, &url, &format!("{kept}&password=four+small+words"), None);
    is(
        &back,
        200,
        &["nothing was sent yet", "required maxlength=\"2000\">still &lt;needed&gt; by us</textarea>"],
    );
    assert!(back.header("set-cookie").is_some_and(|cookie| cookie.starts_with("__Host-adjourn=")));
    assert_eq!(review.status(), "in_review");

    // A wrong password costs nobody what they wrote, either.
    let wrong = review.sends(Some(&business), "reject", "password=wrong&reason=because+of+this");
    is(&wrong, 401, &["sign_in.refused", ">because of this</textarea>"]);

    // A reviewer asks, whoever asked for the case answers, and nobody else does; all of it is in the case.
    is(&review.sends(Some(&requester), "ask", "text=x"), 403, &["approval.self"]);
    is(&review.sends(Some(&business), "ask", "text=Who+uses+it%3F"), 303, &[]);
    let again = review.sends(Some(&business), "ask", "text=Who+uses+it%3F");
    assert!(again.header("location").unwrap().ends_with("?said=already"));
    is(&review.sends(Some(&business), "answer", "question=0&text=x"), 403, &["approval.role"]);
    assert!(
        review.page(&requester).contains("Who uses it?") && review.page(&requester).contains("Your answer")
    );
    is(&review.sends(Some(&requester), "answer", "question=0&text=Nobody"), 303, &[]);
    let page = review.page(&business);
    assert!(page.contains("Nobody") && !page.contains("Your answer"), "{page}");
    // The command line knows the same.
    let listed = review.served.desk.office.json("business", 0, &["question", "ls", &review.case]);
    assert_eq!(listed["questions"][0]["answer"]["text"], "Nobody", "{listed:#}");
    // The requester sees what reviewers do, locked.
    let page = review.page(&requester);
    let locked = page.split("action=\"/case/").filter(|form| form.contains(" disabled>")).count();
    assert_eq!(locked, 3, "approve, reject, ask: {page}");

    // Twice the same click is one approval, and no trace of a second try.
    let approve = format!("password={PASSWORD}");
    is(&review.sends(Some(&business), "approve", &approve), 303, &[]);
    let twice = review.sends(Some(&business), "approve", &approve);
    assert_eq!(twice.header("location"), Some(format!("/case/{}?said=already", review.case).as_str()));
    is(&review.served.get(twice.header("location").unwrap(), Some(&business)), 200, &["done already"]);
    let history = review.served.desk.office.run("requester", &["show", &review.case, "--lang", "en"]).stdout;
    assert!(!history.contains("may not review"), "{history}");

    // The plan is drawn again while a form lies open: nothing happens but that the new plan is shown, and what changed.
    let office = &review.served.desk.office;
    office.json(
        "requester",
        2,
        &["plan", PLAIN, "--reason", "again", "--case", &review.case, "--announce", "Over."],
    );
    office.json("requester", 3, &["submit", &review.case]);
    let compliance = review.served.session("compliance");
    let fresh = Review::hash(&review.served, &review.case);
    let stale = review.sends(Some(&compliance), "approve", &approve);
    is(
        &stale,
        409,
        &[
            "plan.edited",
            "was drawn again since you opened",
            &format!("value=\"{fresh}\""),
            "only now: ",
            "“Over.",
        ],
    );
    assert_eq!(review.status(), "in_review");
    review.plan = fresh;

    // Only whoever asked for it takes it back.
    is(&review.sends(Some(&compliance), "withdraw", "reason=x"), 403, &["approval.role"]);
    is(&review.sends(Some(&requester), "withdraw", "reason=we+need+it"), 303, &[]);
    assert_eq!(review.status(), "withdrawn");
    assert!(review.page(&requester).contains("/groups/plan?case="), "and may have it drawn again");
}

#[test]
fn somebody_accepts_on_the_page_that_an_export_is_not_complete() {
    let sim = Simulator::start("dingtalk", &["--world", "dingtalk", "--strict"]);
    let office = Office::new(None);
    let url = sim.url("");
    let settings = [
        format!("url={url}"),
        format!("old_url={url}"),
        "operator=u-owner".to_owned(),
        "groups=dt-2=chatdt2".to_owned(),
    ];
    let mut add: Vec<String> =
        ["connect", "add", "dt", "dingtalk", "--witness", "second"].map(Into::into).into();
    add.extend(settings.into_iter().flat_map(|setting| ["--set".to_owned(), setting]));
    for (secret, value) in [
        ("main.app_key", "dingtalk-owner"),
        ("main.app_secret", "dingtalk-owner-secret"),
        ("second.app_key", "dingtalk-witness"),
        ("second.app_secret", "dingtalk-witness-secret"),
    ] {
        let path = office.dir().join(secret);
        std::fs::write(&path, value).unwrap();
        add.extend(["--secret".to_owned(), format!("{secret}=@{}", path.display())]);
    }
    office.json("admin", 0, &add.iter().map(String::as_str).collect::<Vec<_>>());
    office.json("admin", 0, &["scan", "dt"]);
    let served = Served::over(RefDesk { sim, office });
    let office = &served.desk.office;
    let (case, _) = office.approved("dt-1");
    for who in ["requester", "business"] {
        served.account(who);
    }
    office.run("requester", &["apply", &case, "--detach"]);
    let mut browser = Browser::start();
    served.enters(&mut browser, "requester");
    browser.open(&format!("{}/case/{case}", served.address));
    browser.waits("Screenshot or export");
    browser.shows("You can close this page");
    let file = office.dir().join("history.txt");
    std::fs::write(&file, "simulated").unwrap();
    browser.upload("Screenshot or export", &file);
    browser.click("Done");
    // The figures of the receipt are there before anybody accepts anything. A busy machine takes its time.
    let (path, cookie) = (format!("/case/{case}"), served.session("requester"));
    let open =
        || served.get(&path, Some(&cookie)).text().contains("The export is not complete").then_some(());
    adjourn_e2e::wait_for(PATIENCE, open).unwrap();
    browser.open(&format!("{}{path}", served.address));
    browser.shows("Records taken");
    browser.shows("Missing, and why:");
    browser.shot("console-receipt");
    // Whoever took it out does not say as well that it is enough.
    browser.shows("Somebody else says whether it is enough");
    browser.click("Sign out");
    served.enters(&mut browser, "business");
    browser.open(&format!("{}/case/{case}", served.address));
    browser.click("Accept what is missing");
    browser.shows_no("The export is not complete");
    let group =
        office.json("requester", 0, &["why", &case])["groups"][0]["group"].as_str().unwrap().to_owned();
    let cookie = served.session("business");
    let url = format!("{}/case/{case}/accept", served.address);
    let twice = Served::post(HERE, &url, &format!("group={group}"), Some(&cookie));
    assert!(twice.header("location").unwrap().ends_with("?said=already"), "{}", twice.text());
}
