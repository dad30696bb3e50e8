//! A plan on the pages: drawn, reviewed, applied, gone; and who may not review it.

use adjourn_e2e::{Browser, PLAIN};

use crate::served::{HERE, PASSWORD, Served, code_of};

#[test]
fn req_g4_two_people_review_in_the_browser_and_the_group_is_gone() {
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
    // The first row is picked by keyboard alone; what surprises about it is said before anything is planned.
    for key in ["j", "x", "p", "Enter"] {
        browser.press(key);
    }
    browser.waits("may surprise you");
    browser.shows("The register does not name it");
    browser.shot("console-pick");
    let ls = served.desk.office.json("requester", 0, &["ls"]);
    let group = ls["groups"].as_array().unwrap().iter().find(|one| one["native"] == PLAIN).unwrap();
    let id = group["group"].as_str().unwrap();
    browser.open(&format!("{}/group/{id}", served.address));
    browser.shot("console-group");
    browser.click("Propose to dissolve");
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
    // What can't be taken back wants the code of exactly this plan. A wrong one does nothing.
    browser.fill("Type the code", "AAAAA");
    browser.click("Apply the plan");
    browser.waits("confirm.mismatch");
    let code = code_of(&browser.text()).to_lowercase();
    browser.fill("Type the code", &format!(" {code}"));
    browser.shot("console-apply");
    browser.click("Apply the plan");
    browser.waits("Pause");
    let watched = served.desk.office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(0), "{watched}");
    browser.waits("The bundle is written and verified");
    browser.shows("verified gone");
    browser.shows("100 % · 1 of 1 groups are over");
    browser.shows("by 2 identities: nothing of this group was seen any more");
    browser.shot("console-run");
    browser.click("Print view");
    browser.shows("What members read");
    browser.shot("console-print");
    browser.click("\u{4e2d}\u{6587}");
    browser.waits("\u{4e0d}\u{53ef}\u{64a4}\u{56de}\u{70b9}");
    browser.open(&format!("{}/case/{case}", served.address));
    browser.shot("console-run-zh");
    let bundle = served.desk.office.bundles().join(&case).display().to_string();
    served.desk.office.adjourn().json(0, &["verify", &bundle]);
}

#[test]
fn req_g4_nobody_approves_their_own_and_the_journal_keeps_that_they_tried() {
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
