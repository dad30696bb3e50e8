//! Every endpoint × everybody who may ask, from the served document: an endpoint without a row here fails.
//!
//! The requests are such that whoever may ask changes nothing: they are about what there is not, or have a body that is none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::{Desk, PEOPLE, SCOPES, problem};

/// What is put in for parameters of paths.
const PLACES: [(&str, &str); 10] = [
    ("{case}", "c-00000000"),
    ("{group}", "g-0000000000000000"),
    ("{hold}", "h-00000000"),
    ("{platform}", "qq"),
    ("{principal}", "p-00000000"),
    ("{refresh}", "r-00000000"),
    ("{report}", "00"),
    ("{step}", "s-1"),
    ("{token}", "t-0000000000000000"),
    ("{webhook}", "none"),
];

/// What each endpoint answers to whoever may ask: the body that is sent, the status, the code of a refusal.
fn expected() -> BTreeMap<&'static str, (Value, u16, &'static str)> {
    let none = || json!({});
    let plan = "0".repeat(64);
    BTreeMap::from([
        ("audits.create", (json!({"period": "yesterday"}), 422, "audit.form")),
        ("audits.list", (none(), 200, "")),
        ("audits.show", (none(), 404, "audit.unknown")),
        ("cases.apply", (json!({"plan_hash": plan}), 404, "case.unknown")),
        ("cases.approve", (json!({"plan_hash": plan}), 404, "case.unknown")),
        ("cases.confirm", (json!({"typed": "x"}), 404, "case.unknown")),
        ("cases.events", (none(), 404, "case.unknown")),
        ("cases.list", (none(), 200, "")),
        ("cases.pause", (none(), 404, "case.unknown")),
        ("cases.reject", (json!({"plan_hash": plan, "reason": "no"}), 404, "case.unknown")),
        ("cases.resume", (none(), 404, "case.unknown")),
        ("cases.show", (none(), 404, "case.unknown")),
        ("cases.submit", (none(), 404, "case.unknown")),
        ("cases.undo", (none(), 404, "case.unknown")),
        ("cases.withdraw", (json!({"reason": "x"}), 404, "case.unknown")),
        ("certificates.list", (none(), 404, "case.unknown")),
        ("connections.list", (none(), 200, "")),
        ("destructions.show", (none(), 404, "group.unknown")),
        ("destructions.sign", (none(), 404, "group.unknown")),
        ("doctor.show", (none(), 200, "")),
        ("groups.list", (none(), 200, "")),
        ("groups.refresh", (json!({"connection": "none"}), 404, "connection.unknown")),
        ("groups.show", (none(), 404, "group.unknown")),
        ("holds.create", (json!({"group": "none", "matter": "x"}), 404, "group.unknown")),
        ("holds.lift", (json!({}), 404, "hold.unknown")),
        ("holds.list", (none(), 200, "")),
        ("me.show", (none(), 200, "")),
        ("plans.create", (json!({"groups": ["none"], "reason": "x"}), 404, "group.unknown")),
        ("plans.show", (none(), 404, "case.unknown")),
        ("platforms.facts", (none(), 200, "")),
        ("platforms.list", (none(), 200, "")),
        ("principals.create", (json!({"name": "x", "role": "none"}), 422, "request.form")),
        ("principals.list", (none(), 200, "")),
        ("principals.sign_out", (none(), 404, "principal.unknown")),
        ("refreshes.show", (none(), 404, "refresh.unknown")),
        ("register.set", (json!({"owner": "x"}), 404, "group.unknown")),
        ("register.show", (none(), 404, "group.unknown")),
        ("retention.decide", (json!({"reason": "x"}), 404, "group.unknown")),
        ("retention.list", (none(), 200, "")),
        ("steps.cant", (json!({"reason": "x"}), 404, "case.unknown")),
        ("steps.done", (none(), 404, "case.unknown")),
        ("steps.list", (none(), 200, "")),
        ("tokens.create", (json!({"name": "x", "scopes": []}), 422, "token.form")),
        ("tokens.list", (none(), 200, "")),
        ("tokens.revoke", (none(), 404, "token.unknown")),
        ("webhooks.list", (none(), 200, "")),
        ("webhooks.replay", (none(), 404, "webhook.unknown")),
    ])
}

/// An operation of the document.
struct Operation {
    id: String,
    method: String,
    path: String,
    scope: String,
    role: Option<String>,
    statuses: Vec<String>,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut path = path.strip_prefix("/api").unwrap().to_owned();
            for (name, value) in PLACES {
                path = path.replace(name, value);
            }
            assert!(!path.contains('{'), "{path}: a parameter that PLACES lacks");
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path,
                scope: operation["x-adjourn-scope"].as_str().unwrap().to_owned(),
                role: operation["x-adjourn-role"].as_str().map(str::to_owned),
                statuses: operation["responses"].as_object().unwrap().keys().cloned().collect(),
            });
        }
    }
    all
}

#[test]
fn every_endpoint_answers_everybody_as_the_document_says() {
    let desk = Desk::new();
    let document = desk.ask(None, "GET", "/openapi.json", None, &[]).expect(200);
    let mut expected = expected();
    let (revoked_id, revoked) = desk.token("admin", &SCOPES);
    desk.ask(Some(&revoked), "DELETE", &format!("/v1/tokens/{revoked_id}"), None, &[]).expect(200);
    let lacking: BTreeMap<&str, String> = SCOPES
        .into_iter()
        .map(|lacks| {
            let others: Vec<&str> = SCOPES.into_iter().filter(|scope| *scope != lacks).collect();
            (lacks, desk.token("admin", &others).1)
        })
        .collect();
    let before = rows(&desk);
    for operation in operations(&document) {
        let id = operation.id.as_str();
        let (body, status, code) =
            expected.remove(id).unwrap_or_else(|| panic!("{id} is new: say what it answers to whom"));
        let body = matches!(operation.method.as_str(), "POST" | "PUT").then_some(&body);
        let ask = |token: Option<&str>| desk.ask(token, &operation.method, &operation.path, body, &[]);
        assert_eq!(problem(&ask(None)), (401, "session.missing".to_owned()), "{id}");
        let bad = "adj_".to_owned() + &"0".repeat(64);
        for token in [revoked.as_str(), bad.as_str(), "x"] {
            let reply = ask(Some(token));
            assert_eq!(problem(&reply), (401, "token.refused".to_owned()), "{id}");
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
        assert_eq!(
            problem(&ask(Some(&lacking[operation.scope.as_str()]))),
            (403, "token.scope".to_owned()),
            "{id}"
        );
        for who in PEOPLE {
            let reply = ask(Some(desk.of(who)));
            let may = operation.role.as_deref().is_none_or(|role| role == who);
            assert!(
                operation.statuses.contains(&reply.status.to_string()),
                "{id}: {} is not said",
                reply.status
            );
            if !may {
                assert_eq!(problem(&reply), (403, "approval.role".to_owned()), "{id} by {who}");
            } else if code.is_empty() {
                assert_eq!(reply.status, status, "{id} by {who}: {}", reply.text());
            } else {
                assert_eq!(problem(&reply), (status, code.to_owned()), "{id} by {who}");
            }
        }
    }
    assert!(expected.is_empty(), "no longer in the document: {:?}", expected.keys());
    let after = rows(&desk);
    assert_eq!(before, after, "the journal is as long as before");
}

/// How many rows the journal has, as `doctor` tells.
fn rows(desk: &Desk) -> String {
    let told = desk.office.office.json("admin", 0, &["doctor"]);
    let check = told["checks"].as_array().unwrap().iter().find(|check| check["check"] == "journal");
    check.unwrap()["says"].as_str().unwrap().to_owned()
}

#[test]
fn nobody_sees_or_takes_back_or_widens_what_is_not_theirs() {
    let desk = Desk::new();
    let (theirs, secret) = desk.token("business", &["read", "admin"]);
    let path = format!("/v1/tokens/{theirs}");
    let owners = |who: &str| -> Vec<Value> {
        let tokens = desk.get(who, "/v1/tokens?limit=500");
        tokens["items"].as_array().unwrap().iter().map(|token| token["principal"].clone()).collect()
    };
    let me = desk.get("requester", "/v1/me")["principal"]["id"].clone();
    assert!(owners("requester").iter().all(|owner| *owner == me));
    assert_eq!(owners("admin").len(), PEOPLE.len() + 1, "an administrator sees everybody's");
    // Somebody else's is as if it were not there, by its right id too.
    let refused = desk.ask(Some(desk.of("requester")), "DELETE", &path, None, &[]);
    assert_eq!(problem(&refused), (404, "token.unknown".to_owned()));
    // A token gives nothing that it has not, and not for longer.
    let wish = |scopes: &[&str]| json!({"name": "more", "scopes": scopes});
    let wider = desk.ask(Some(&secret), "POST", "/v1/tokens", Some(&wish(&["read", "review"])), &[]);
    assert_eq!(problem(&wider), (403, "token.wider".to_owned()));
    let mut ending = wish(&["read", "admin"]);
    ending["ends"] = json!("2100-01-01T00:00:00.000Z");
    let made = desk.ask(Some(&secret), "POST", "/v1/tokens", Some(&ending), &[]).expect(201);
    let longer = desk.ask(made["secret"].as_str(), "POST", "/v1/tokens", Some(&wish(&["read"])), &[]);
    assert_eq!(problem(&longer), (403, "token.wider".to_owned()));
    // A scope gives nothing that the role lacks.
    let invited =
        desk.ask(Some(&secret), "POST", "/v1/principals", Some(&json!({"name": "Li", "role": "admin"})), &[]);
    assert_eq!(problem(&invited), (403, "approval.role".to_owned()));
    // An administrator takes it back, and it opens nothing any more. Both are in the journal, what opens is nowhere on disk.
    desk.ask(Some(desk.of("admin")), "DELETE", &path, None, &[]).expect(200);
    assert_eq!(
        problem(&desk.ask(Some(&secret), "GET", "/v1/me", None, &[])),
        (401, "token.refused".to_owned())
    );
    let raw = secret.strip_prefix("adj_").unwrap();
    let grep =
        std::process::Command::new("grep").args(["-rl", raw]).arg(desk.office.office.dir()).output().unwrap();
    assert!(grep.stdout.is_empty(), "{}", String::from_utf8_lossy(&grep.stdout));
}
