//! Nobody approves what they asked for, whichever way they come. Each way is tried for real, and each leaves its trace in the journal.

use adjourn_e2e::http;
use serde_json::{Value, json};

use crate::desk::{Desk, SCOPES, problem};

const PASSWORD: &str = "four small words";

/// A plan in review; gives the case and the plan's hash.
fn in_review(desk: &Desk, who: &str, group: &str) -> (String, Value) {
    let wish = json!({"groups": [group], "reason": "project ended"});
    let plan = desk.post(who, "/v1/plans", &wish).expect(201);
    let case = plan["case"].as_str().unwrap().to_owned();
    desk.post(who, &format!("/v1/cases/{case}/submit"), &json!({})).expect(200);
    (case, plan["hash"].clone())
}

/// What the console answers to an approval by somebody who opens an account and signs in.
fn by_console(desk: &Desk, who: &str, case: &str, hash: &Value) -> (http::Response, String) {
    let form = |url: &str, body: &str, cookie: Option<&str>| {
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("accept-language", "en"),
        ];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        http::request("POST", url, &headers, Some(body.as_bytes())).unwrap()
    };
    let here = &desk.address;
    let link = desk.office.office.json(who, 0, &["principal", "account"]);
    let link = format!("{here}{}", link["path"].as_str().unwrap());
    assert_eq!(form(&link, &format!("name=&password={PASSWORD}&again={PASSWORD}"), None).status, 303);
    let session = form(&format!("{here}/sign-in"), &format!("name={who}&password={PASSWORD}"), None);
    let cookie = session.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let act = format!("plan={}&password={PASSWORD}", hash.as_str().unwrap());
    (form(&format!("{here}/case/{case}/approve"), &act, Some(&cookie)), cookie)
}

#[test]
fn req_g4_self_approval_is_refused_six_ways_and_each_is_in_the_journal() {
    let desk = Desk::new();
    let office = &desk.office.office;
    let group = desk.group();
    let (case, hash) = in_review(&desk, "requester", &group);
    let approve = format!("/v1/cases/{case}/approve");
    let wish = json!({"plan_hash": hash});
    let traces = |case: &str, so_far: usize| {
        let found = desk.happened(case, "review_refused");
        assert_eq!(found.len(), so_far, "{found:?}");
        let last = found.last().unwrap()["event"].clone();
        assert_eq!(last["why"], "approval.self", "{last}");
    };
    // 1. In the console.
    let (refused, cookie) = by_console(&desk, "requester", &case, &hash);
    assert_eq!(refused.status, 403);
    traces(&case, 1);
    // 2. By the API with their own token.
    assert_eq!(problem(&desk.post("requester", &approve, &wish)), (403, "approval.self".to_owned()));
    traces(&case, 2);
    // 3. On the command line.
    let refused = office.run("requester", &["approve", &case, "--json"]);
    assert_eq!(refused.error_code().as_deref(), Some("approval.self"));
    traces(&case, 3);
    // 4. Through a second role, which somebody lent them.
    let week = std::process::Command::new("date").args(["-u", "-d", "+7 days", "+%FT%TZ"]).output().unwrap();
    let until = String::from_utf8(week.stdout).unwrap().trim().to_owned();
    let lent = [
        "principal",
        "delegate",
        "--to",
        "requester",
        "--role",
        "business",
        "--until",
        &until,
        "--reason",
        "away",
    ];
    office.json("business", 0, &lent);
    assert_eq!(problem(&desk.post("requester", &approve, &wish)), (403, "approval.self".to_owned()));
    traces(&case, 4);
    // 5. By bringing the plan as a file.
    let file = office.dir().join("plan.json");
    let plan = desk.get("requester", &format!("/v1/cases/{case}/plan"))["plan"].clone();
    std::fs::write(&file, serde_json::to_vec(&plan).unwrap()).unwrap();
    let refused = office.run("requester", &["approve", &case, "--plan", file.to_str().unwrap(), "--json"]);
    assert_eq!(refused.error_code().as_deref(), Some("approval.self"));
    traces(&case, 5);
    // A session at the API is asked for the password once more, and refused all the same.
    let asked = |more: Value, site: &str| {
        let mut body = wish.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        problem(&desk.ask(
            None,
            "POST",
            &approve,
            Some(&body),
            &[("cookie", &cookie), ("sec-fetch-site", site)],
        ))
    };
    assert_eq!(asked(json!({}), "cross-site"), (403, "request.cross_site".to_owned()));
    assert_eq!(asked(json!({}), "same-origin"), (401, "sign_in.refused".to_owned()));
    assert_eq!(asked(json!({"password": PASSWORD}), "same-origin"), (403, "approval.self".to_owned()));
    traces(&case, 6);
    // 6. With an administrator's token, by the administrator who asked.
    let reject = json!({"plan_hash": hash, "reason": "start again"});
    desk.post("business", &format!("/v1/cases/{case}/reject"), &reject).expect(200);
    let (case, hash) = in_review(&desk, "admin", &group);
    let token = desk.token("admin", &SCOPES).1;
    let path = format!("/v1/cases/{case}/approve");
    let refused = desk.ask(Some(&token), "POST", &path, Some(&json!({"plan_hash": hash})), &[]);
    assert_eq!(problem(&refused), (403, "approval.self".to_owned()));
    traces(&case, 1);
}
