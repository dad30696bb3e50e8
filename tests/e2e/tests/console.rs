//! The console in a real Chromium: people get their accounts by one-time links, sign in, draw a plan, review it, apply it, and see the group gone;
//! and what other sites, other people and wrong passwords get.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::time::Duration;

use adjourn_e2e::{Browser, PLAIN, RefDesk, Running, http};

const LIMIT: Duration = Duration::from_mins(3);
/// A platform on which a person ends a group, who types its name.
const BY_HAND: &str = r#"{"dissolve.api":"none","dissolve.confirm":"type_name"}"#;
/// Where a form of our own page comes from.
const HERE: &str = "same-origin";
const PASSWORD: &str = "four small words";

/// A running `serve` over the office of a desk.
struct Served {
    desk: RefDesk,
    address: String,
    _running: Running,
}

impl Served {
    fn new() -> Self {
        Self::over(RefDesk::new(&[]))
    }

    fn over(desk: RefDesk) -> Self {
        let mut running = desk.office.adjourn().spawn(&["serve", "--listen", "127.0.0.1:0", "--json"]);
        let line = running.wait_for_text("\"address\"", Duration::from_secs(30));
        let address = format!("http://{}", line.split('"').nth(3).unwrap());
        Self { desk, address, _running: running }
    }

    /// The link with which somebody who holds a key chooses a password.
    fn link(&self, who: &str) -> String {
        let said = self.desk.office.json(who, 0, &["principal", "account"]);
        format!("{}{}", self.address, said["path"].as_str().unwrap())
    }

    /// Opens somebody's account over HTTP.
    fn account(&self, who: &str) {
        let body = format!("name=&password={PASSWORD}&again={PASSWORD}");
        let reply = Self::post(HERE, &self.link(who), &body, None);
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, Some("/sign-in?fresh=1")),
            "{}",
            reply.text()
        );
    }

    /// Signs in over HTTP; gives the session's cookie.
    fn session(&self, who: &str) -> String {
        let reply = self.sign_in(who, PASSWORD);
        assert_eq!(reply.status, 303, "{}", reply.text());
        let cookie = reply.header("set-cookie").unwrap();
        assert!(
            cookie.contains("; Secure; HttpOnly; SameSite=Lax") && cookie.starts_with("__Host-"),
            "{cookie}"
        );
        cookie.split(';').next().unwrap().to_owned()
    }

    fn sign_in(&self, who: &str, password: &str) -> http::Response {
        Self::post(
            HERE,
            &format!("{}/sign-in", self.address),
            &format!("name={who}&password={password}"),
            None,
        )
    }

    fn post(site: &str, url: &str, body: &str, cookie: Option<&str>) -> http::Response {
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", site),
            ("accept-language", "en"),
        ];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        http::request("POST", url, &headers, Some(body.as_bytes())).unwrap()
    }

    fn get(&self, path: &str, cookie: Option<&str>) -> http::Response {
        let mut headers = vec![("accept-language", "en")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        http::request("GET", &format!("{}{path}", self.address), &headers, None).unwrap()
    }

    /// Signs somebody in in the browser.
    fn enters(&self, browser: &mut Browser, who: &str) {
        browser.open(&format!("{}/sign-in", self.address));
        browser.fill("Name", who);
        browser.fill("Password", PASSWORD);
        browser.click("Sign in");
        browser.waits("To review");
    }
}

#[test]
fn two_people_review_in_the_browser_and_the_group_is_gone() {
    let served = Served::new();
    let mut browser = Browser::start();
    // Each opens an account by a one-time link.
    for who in ["requester", "business", "compliance"] {
        let link = served.link(who);
        browser.open(&link);
        browser.shows(who);
        browser.fill("Password", PASSWORD);
        browser.fill("The password once more", PASSWORD);
        browser.click("Open the account");
        browser.waits("The account is open");
        assert_eq!(browser.open(&link), 404, "a link opens once");
    }
    // One draws a plan and hands it over.
    served.enters(&mut browser, "requester");
    browser.shot("console-today");
    browser.click("Groups");
    browser.waits("Propose to dissolve");
    browser.shot("console-groups");
    let ls = served.desk.office.json("requester", 0, &["ls"]);
    let group = ls["groups"].as_array().unwrap().iter().find(|one| one["native"] == PLAIN).unwrap();
    let id = group["group"].as_str().unwrap();
    browser.open(&format!("{}/group/{id}", served.address));
    browser.fill("Reason, in words", "project ended");
    browser.click("Draw the plan");
    browser.waits("Point of no return");
    let case = browser.url().rsplit('/').next().unwrap().to_owned();
    browser.shot("console-plan");
    browser.click("Hand to the reviewers");
    browser.waits("nobody reviews their own");
    browser.click("Sign out");
    // Two others review: one on a telephone.
    for (who, width) in [("business", 1440), ("compliance", 360)] {
        browser.resize(width, 900);
        served.enters(&mut browser, who);
        browser.click("Review");
        browser.waits("Approve this plan");
        browser.shot(&format!("console-review-{width}"));
        browser.fill("Your password once more, to sign this", PASSWORD);
        browser.click("Approve this plan");
        browser.waits(&format!("{who} ({who})"));
        browser.click("Sign out");
    }
    // The first applies it, and the page follows by itself until the case is closed.
    browser.resize(1440, 900);
    served.enters(&mut browser, "requester");
    browser.open(&format!("{}/case/{case}", served.address));
    browser.waits("Point of no return");
    browser.click("Apply the plan");
    browser.waits("Pause");
    let watched = served.desk.office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(0), "{watched}");
    browser.waits("The bundle is written and verified");
    browser.shows("verified gone");
    browser.shot("console-run");
    let bundle = served.desk.office.bundles().join(&case).display().to_string();
    served.desk.office.adjourn().json(0, &["verify", &bundle]);
}

#[test]
fn a_persons_step_is_done_or_refused_on_the_page() {
    let served = Served::over(RefDesk::with_rules(BY_HAND, &[]));
    let office = &served.desk.office;
    let ls = office.json("requester", 0, &["ls"]);
    let group = ls["groups"].as_array().unwrap().iter().find(|one| one["native"] == PLAIN).unwrap();
    let id = group["group"].as_str().unwrap();
    let (case, _) = office.approved(id);
    served.account("requester");
    office.run("requester", &["apply", &case, "--detach"]);
    let watched = office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(6), "a human step is open: {watched}");
    let mut browser = Browser::start();
    served.enters(&mut browser, "requester");
    browser.waits("To the step");
    browser.shot("console-hands");
    browser.click("To the step");
    browser.waits("Screenshot or export");
    browser.resize(360, 900);
    browser.shot("console-step-360");
    // Somebody says that it is done, and shows something; the read-back does not agree, and the step is back.
    let file = office.dir().join("shot.txt");
    std::fs::write(&file, "simulated").unwrap();
    browser.upload("Screenshot or export", &file);
    browser.fill("The group's name, as you typed it in the app", group["name"].as_str().unwrap());
    browser.click("Done");
    let history = || office.json("requester", 0, &["show", id])["history"].to_string();
    browser.waits("Screenshot or export");
    assert!(history().contains("person_done"), "{}", history());
    // Somebody says that it can't be done, without a reason first.
    let step = office.json("requester", 0, &["why", &case])["groups"][0]["step"].clone();
    let cant = |reason: &str| {
        let fields =
            [("answer", "cant"), ("group", id), ("step", step.as_str().unwrap()), ("reason", reason)];
        let part = |(name, value): (&str, &str)| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body: String = fields.into_iter().map(part).chain(["--x--\r\n".to_owned()]).collect();
        let cookie = served.session("requester");
        let headers = [
            ("content-type", "multipart/form-data; boundary=x"),
            ("sec-fetch-site", HERE),
            ("cookie", &cookie),
        ];
        let url = format!("{}/case/{case}/step", served.address);
        http::request("POST", &url, &headers, Some(body.as_bytes())).unwrap()
    };
    assert!(cant("").text().contains("step.reason"));
    let reply = cant("the button is missing");
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert!(history().contains("the button is missing"), "{}", history());
    browser.open(&format!("{}/case/{case}", served.address));
    browser.shows_no("Screenshot or export");
}

#[test]
fn nobody_approves_their_own_and_the_journal_keeps_that_they_tried() {
    let served = Served::new();
    let case = served.desk.planned(PLAIN);
    let office = &served.desk.office;
    let plan = office.json("requester", 0, &["show", &case])["hash"].as_str().unwrap().to_owned();
    office.json("requester", 3, &["submit", &case]);
    for who in ["requester", "admin", "business"] {
        served.account(who);
    }
    let url = format!("{}/case/{case}/approve", served.address);
    let body = format!("plan={plan}&password={PASSWORD}");
    let tries = |who: &str, status: u16, code: &str| {
        let cookie = served.session(who);
        let reply = Served::post(HERE, &url, &body, Some(&cookie));
        assert_eq!(reply.status, status, "{}", reply.text());
        assert!(reply.text().contains(code), "{}", reply.text());
    };
    tries("requester", 403, "approval.self");
    // The administrator's role is not asked for.
    tries("admin", 403, "approval.role");
    // Nor does a wrong password sign, nor another plan than was seen.
    let cookie = served.session("business");
    let wrong = Served::post(HERE, &url, &format!("plan={plan}&password=wrong"), Some(&cookie));
    assert_eq!((wrong.status, wrong.text().contains("sign_in.refused")), (401, true));
    let other =
        Served::post(HERE, &url, &format!("plan={}&password={PASSWORD}", "0".repeat(64)), Some(&cookie));
    assert!(other.text().contains("plan.edited"), "{}", other.text());
    let shown = office.run("requester", &["show", &case, "--lang", "en"]);
    let refused = shown.stdout.lines().filter(|line| line.contains("refused: may not review"));
    let lines: Vec<&str> = refused.collect();
    assert_eq!(lines.len(), 2, "{}", shown.stdout);
    assert!(
        lines[0].contains("requester (approval.self)") && lines[1].contains("admin (approval.role)"),
        "{lines:?}"
    );
    assert_eq!(office.json("requester", 0, &["show", &case])["status"], "in_review");
}

#[test]
fn other_sites_wrong_passwords_and_old_sessions_are_kept_out() {
    let served = Served::new();
    for who in ["business", "admin"] {
        served.account(who);
    }
    // Nobody reads without a session.
    for path in ["/", "/groups", "/cases", "/people", "/case/c-1", "/group/g-1", "/live"] {
        let reply = served.get(path, None);
        assert_eq!(reply.status, 303, "{path}");
        assert_eq!(reply.header("location"), Some(format!("/sign-in?next={path}").as_str()));
    }
    let cookie = served.session("business");
    let page = served.get("/", Some(&cookie));
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.text().contains("<style") && !page.text().contains("onclick"), "nothing inline");
    // What can't be read, and what there is not, is told with a code and what to do.
    for (path, body, status, code) in [
        ("/sign-in", "nothing", 422, "page.form"),
        ("/people", "name=x", 422, "page.form"),
        ("/nowhere", "", 404, "page.unknown"),
    ] {
        let reply = Served::post(HERE, &format!("{}{path}", served.address), body, Some(&cookie));
        assert_eq!((reply.status, reply.text().contains(code)), (status, true), "{path}: {}", reply.text());
    }
    assert_eq!(served.get("/groups?page=x", Some(&cookie)).text().matches("page.form").count(), 1);
    // Another site's form, with the session that a browser would send along.
    let url = format!("{}/sign-out", served.address);
    for site in ["cross-site", "same-site"] {
        let reply = Served::post(site, &url, "", Some(&cookie));
        assert_eq!((reply.status, reply.text().contains("request.cross_site")), (403, true), "{site}");
    }
    assert_eq!(served.get("/", Some(&cookie)).status, 200, "still signed in");
    // Signed out, the old cookie is worth nothing.
    assert_eq!(Served::post(HERE, &url, "", Some(&cookie)).status, 303);
    assert_eq!(served.get("/", Some(&cookie)).status, 303);
    assert_eq!(served.get("/", Some("__Host-adjourn=00")).status, 303);
    // A name that nobody has and a wrong password look the same; the sixth wrong one locks.
    let body = |reply: &http::Response| reply.text().replace("nobody", "business");
    assert_eq!(body(&served.sign_in("nobody", "wrong")), body(&served.sign_in("business", "wrong")));
    for _ in 0..5 {
        served.sign_in("business", "wrong");
    }
    let locked = served.sign_in("business", PASSWORD);
    assert!(locked.text().contains("the account is locked until"), "{}", locked.text());
    assert_eq!(served.session("admin").len(), "__Host-adjourn=".len() + 64, "others are not locked");
}

#[test]
fn whoever_comes_first_becomes_the_administrator_and_invites_the_others() {
    let dir = adjourn_e2e::tempdir();
    let adjourn = adjourn_e2e::Adjourn::new(dir.path().join("data"));
    let mut running = adjourn.spawn(&["serve", "--listen", "127.0.0.1:0", "--lang", "en"]);
    let line = running.wait_for_text("/welcome/", Duration::from_secs(30));
    let link = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    let mut browser = Browser::start();
    browser.open(&link);
    browser.fill("Name", "Lin");
    browser.fill("Password", PASSWORD);
    browser.fill("The password once more", "four small birds");
    browser.click("Open the account");
    browser.waits("The two passwords are not the same");
    browser.fill("Password", PASSWORD);
    browser.fill("The password once more", PASSWORD);
    browser.click("Open the account");
    browser.waits("The account is open");
    assert_eq!(browser.open(&link), 404);
    let address = link.split("/welcome/").next().unwrap().to_owned();
    browser.open(&format!("{address}/people"));
    browser.fill("Name", "Lin");
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
    browser.waits("Invite somebody");
    browser.fill("Name", "Wang <b>Wei</b>");
    browser.choose("Role", "compliance");
    browser.click("Invite somebody");
    browser.waits("It opens once, within seven days");
    browser.shows("Wang <b>Wei</b>");
    browser.shot("console-people");
    browser.click("Platforms");
    browser.waits("Question");
    for platform in ["WeChat", "WeCom", "QQ", "DingTalk", "Matrix"] {
        browser.shows(platform);
    }
    browser.shot("console-platforms");
    browser.click("\u{4e2d}\u{6587}");
    browser.waits("\u{5e73}\u{53f0}\u{5bf9}\u{7167}");
    browser.shot("console-platforms-zh");
    running.terminate();
    let output = running.wait(LIMIT);
    assert_eq!(output.code, Some(0), "{output}");
}
