//! NapCat's own description of its actions against what we send and what the simulator answers.
//!
//! `fixtures/napcat_openapi.json` is a part of it (MIT, see the README there). It is used as far as it agrees with itself:
//! for parameters and for successes.

use std::sync::LazyLock;

use adjourn_connector_kit::Connector;
use adjourn_domain::capability::Op;
use serde_json::{Value, json};

use super::{Bench, busy, now, order, owner, witness};
use crate::qq::wire::implementation::Implementation;

static API: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/napcat_openapi.json")).unwrap());

/// What of `value` is not as `schema` says. The keywords are those that the description uses.
fn wrong(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => {
                let target = API.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(wrong(target, value, at));
            }
            "type" => {
                let right = match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("a type {other}"),
                };
                if !right {
                    found.push(format!("{at}: {value} is no {rule}"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap()) {
                    if value.get(name).is_none() {
                        found.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        found.extend(wrong(inner, value, &format!("{at}.{name}")));
                    }
                }
            }
            "items" => {
                for value in value.as_array().into_iter().flatten() {
                    found.extend(wrong(rule, value, &format!("{at}[]")));
                }
            }
            "allOf" => found.extend(rule.as_array().unwrap().iter().flat_map(|one| wrong(one, value, at))),
            "anyOf" => {
                let all: Vec<_> = rule.as_array().unwrap().iter().map(|one| wrong(one, value, at)).collect();
                if all.iter().all(|found| !found.is_empty()) {
                    found.push(format!("{at}: none of {all:?}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => {
                found.push(format!("{at}: {value} is none of {rule}"));
            }
            "enum" | "default" | "description" | "x-schema-id" | "title" => {}
            other => panic!("a keyword {other}"),
        }
    }
    found
}

/// Everything that the connector does, once.
fn everything(bench: &Bench) {
    let (by, other) = (owner(), witness());
    let connector = &bench.connector;
    now(connector.whoami(&bench.cx(&by, &[]))).unwrap();
    now(connector.list(&bench.cx(&by, &[]), None)).unwrap();
    now(connector.get(&bench.cx(&by, &[]), &busy())).unwrap();
    let exporter = connector.exporter().unwrap();
    let mut cursor = None;
    loop {
        let page = now(exporter.page(&bench.cx(&by, &[]), &busy(), cursor.as_deref())).unwrap();
        for file in page.records.iter().flat_map(|record| &record.attachments) {
            now(exporter.media(&bench.cx(&by, &[]), &busy(), &file.id)).unwrap();
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    for (op, params) in [
        (Op::Freeze, json!({})),
        (Op::Unlink, json!({ "link": "800100007" })),
        (Op::Announce, json!({ "text": "it ends" })),
        (Op::Dissolve, json!({})),
    ] {
        let verb = connector.verb(op).unwrap();
        let order = order(op, params);
        now(verb.act(&bench.cx(&by, &[]), &order)).unwrap();
        now(verb.read_back(&bench.cx(if op == Op::Dissolve { &other } else { &by }, &[]), &order)).unwrap();
    }
    let known = "1".into();
    now(connector.verifier().unwrap().signals(&bench.cx(&other, &[]), &busy(), Some(&known)));
}

#[test]
fn every_request_and_every_success_is_as_napcat_describes_it() {
    let bench = Bench::new(Implementation::NapCat);
    everything(&bench);
    let as_message = Bench::new(Implementation::NapCat).set("announce", "message");
    let announce = as_message.connector.verb(Op::Announce).unwrap();
    let mut said = order(Op::Announce, json!({ "text": "it ends" }));
    said.memo = now(announce.act(&as_message.cx(&owner(), &[]), &said)).unwrap();
    now(announce.read_back(&as_message.cx(&owner(), &[]), &said)).unwrap();

    let mut seen = bench.line.seen.into_inner().unwrap();
    seen.extend(as_message.line.seen.into_inner().unwrap());
    let mut actions = std::collections::BTreeSet::new();
    for exchange in seen.iter().filter(|exchange| !exchange.action.starts_with("download/")) {
        let action = &exchange.action;
        let described = &API["paths"][format!("/{action}")]["post"];
        assert!(described.is_object(), "NapCat does not describe {action}");
        let request = &described["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(wrong(request, &exchange.body, action), Vec::<String>::new());
        let reply = &described["responses"]["200"]["content"]["application/json"]["schema"];
        if exchange.reply["status"] == "ok" {
            let found = wrong(reply, &exchange.reply, action);
            // A message's content is described as an object, and is a list of segments everywhere else.
            let found: Vec<_> =
                found.into_iter().filter(|one| !one.starts_with("get_msg.data.message:")).collect();
            assert_eq!(found, Vec::<String>::new());
        }
        actions.insert(action.clone());
    }
    // All that the connector can call, but for what is asked of one file or member only.
    assert!(actions.len() >= 18, "{actions:?}");
}

#[test]
fn the_check_of_schemas_bites() {
    let leave =
        &API["paths"]["/set_group_leave"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(wrong(leave, &json!({ "group_id": "1", "is_dismiss": true }), "x"), Vec::<String>::new());
    assert_eq!(wrong(leave, &json!({ "is_dismiss": 7 }), "x").len(), 2);
    assert_eq!(wrong(leave, &json!({ "group_id": 1 }), "x").len(), 1);
}
