//! A person's step on the page of its case.

use adjourn_e2e::{Browser, PLAIN, RefDesk, http};

use crate::served::{HERE, Served};

/// A platform on which a person ends a group, who types its name.
const BY_HAND: &str = r#"{"dissolve.api":"none","dissolve.confirm":"type_name"}"#;

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
