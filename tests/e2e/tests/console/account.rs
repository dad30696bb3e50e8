//! Passkeys at the door and on the review page, sessions, passwords: a real Chromium with its virtual authenticator.

use adjourn_e2e::{Browser, PLAIN, RefDesk};

use crate::served::{HERE, PASSWORD, Served, code_of};

/// A class whose people all use passkeys.
const CRITICAL: (&str, &str) = ("rules = [", "passkey = true\npasskey_confirm = true\nrules = [");
const AGAIN: &str = "Your password once more";

/// Signs in by password where passkeys work.
fn enters(served: &Served, browser: &mut Browser, who: &str) {
    browser.open(&format!("{}/sign-in", served.localhost()));
    browser.fill("Name", who);
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
    browser.waits("To review");
}

/// Makes a passkey on one's own page.
fn adds(served: &Served, browser: &mut Browser) {
    browser.open(&format!("{}/account", served.localhost()));
    browser.fill_last(AGAIN, PASSWORD);
    browser.click("Make the passkey");
    browser.waits("Done.");
}

#[test]
fn req_g9_a_passkey_signs_in_and_approves_on_the_page() {
    let served = Served::over(RefDesk::new(&[CRITICAL]));
    let case = served.desk.planned(PLAIN);
    let office = &served.desk.office;
    office.json("requester", 3, &["submit", &case]);
    let mut browser = Browser::start();
    for who in ["business", "compliance", "requester"] {
        served.account(who);
    }
    // A device that gives secrets: it signs in without a password, and approves.
    browser.authenticator_with_secrets();
    enters(&served, &mut browser, "business");
    let page = format!("{}/case/{case}", served.localhost());
    browser.open(&page);
    browser.shows("This plan asks for a passkey");
    adds(&served, &mut browser);
    browser.shows("Signs you in, and approves plans.");
    browser.resize(360, 900);
    browser.shot("console-account-360");
    browser.resize(1440, 900);
    browser.shot("console-account");
    browser.click("Sign out");
    browser.shot("console-sign-in-passkey");
    browser.click("Sign in with a passkey");
    browser.waits("To review");
    browser.open(&page);
    browser.shot("console-review-passkey");
    browser.click("Approve with the passkey");
    browser.waits("business (business)");
    browser.click("Sign out");
    // One that gives none: it approves, and is asked for behind the password if its person wants that.
    browser.authenticator();
    enters(&served, &mut browser, "compliance");
    adds(&served, &mut browser);
    browser.shows("It can't sign you in by itself");
    browser.fill_last("Your password once more", PASSWORD);
    browser.click("Ask for a passkey as well");
    browser.waits("asks for a passkey as well");
    browser.click("Sign out");
    browser.fill("Name", "compliance");
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
    browser.waits("the password is right");
    browser.verified(false);
    browser.click("Go on with the passkey");
    browser.waits("It did not work");
    browser.verified(true);
    browser.click("Go on with the passkey");
    browser.waits("To review");
    // The session ends while a question is written: it is carried along through both pages.
    browser.open(&page);
    browser.fill("What you want to know before you decide", "Who <uses> it?");
    browser.cookie(&served.localhost(), "__Host-adjourn", "00");
    browser.click("Ask");
    browser.waits("Your session had ended");
    browser.fill("Name", "compliance");
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
    browser.waits("the password is right");
    browser.click("Go on with the passkey");
    browser.waits("nothing was sent yet");
    assert!(browser.html().contains(">Who &lt;uses&gt; it?</textarea>"), "back in its form");
    browser.open(&page);
    browser.click("Approve with the passkey");
    browser.waits("compliance (compliance)");
    browser.click("Sign out");
    // Whoever applies it uses one as well.
    enters(&served, &mut browser, "requester");
    adds(&served, &mut browser);
    browser.open(&page);
    let code = code_of(&browser.text());
    browser.fill("Type the code", &code);
    browser.click("Apply with the passkey");
    browser.waits("Pause");
    let watched = office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(0), "{watched}");
    let bundle = office.bundles().join(&case).display().to_string();
    let report = office.adjourn().json(0, &["verify", &bundle]);
    let proved = report["proved"].as_array().unwrap();
    assert_eq!(proved.iter().filter(|one| one["code"] == "proved.passkey").count(), 3, "{report:#}");
}

#[test]
fn a_session_survives_a_restart_and_its_person_ends_the_others() {
    let served = Served::new();
    for who in ["business", "compliance"] {
        served.account(who);
    }
    let (cookie, other) = (served.session("business"), served.session("business"));
    let foreign = served.session("compliance");
    let served = served.restarted();
    assert_eq!(
        served.get("/", Some(&cookie)).status,
        200,
        "the session is sealed on disk and opens for its browser"
    );
    let account = served.get("/account", Some(&cookie)).text();
    assert_eq!(account.matches("name=\"id\"").count(), 1, "one other session: {account}");
    // Somebody else's session is no session of mine.
    let theirs = served.get("/account", Some(&other)).text();
    let id = theirs.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let post = |path: &str, body: &str, cookie: &str| {
        Served::post(HERE, &format!("{}{path}", served.address), body, Some(cookie))
    };
    assert!(post("/account/session", &format!("id={id}"), &foreign).text().contains("session.over"));
    assert_eq!(served.get("/", Some(&cookie)).status, 200);
    // A new password: a wrong old one changes nothing, the right one ends the other session and gives this one another token.
    let change =
        |old: &str| format!("password={old}&new=five+other+small+words&again=five+other+small+words");
    assert!(post("/account/password", &change("wrong"), &cookie).text().contains("sign_in.refused"));
    let changed = post("/account/password", &change(PASSWORD), &cookie);
    assert_eq!(changed.status, 303, "{}", changed.text());
    let renewed = changed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(renewed, cookie);
    assert_eq!(served.get("/", Some(&renewed)).status, 200);
    assert_eq!(served.get("/", Some(&other)).status, 303, "ended");
    assert_eq!(served.get("/", Some(&foreign)).status, 200, "somebody else's goes on");
    assert!(
        served.sign_in("business", PASSWORD).header("set-cookie").is_none(),
        "the old password opens nothing"
    );
}
