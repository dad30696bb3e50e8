//! Who gets in: sessions, other sites, wrong passwords, the first administrator.

use std::time::Duration;

use adjourn_e2e::{Browser, http};

use crate::served::{HERE, PASSWORD, Served};

const LIMIT: Duration = Duration::from_mins(3);

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
