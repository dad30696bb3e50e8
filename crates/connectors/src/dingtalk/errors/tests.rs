//! Every known spelling of every refusal, from the documents.

use std::collections::BTreeMap;

use adjourn_connector_kit::{Reply, Retry};
use adjourn_domain::capability::Effect;
use bytes::Bytes;
use serde::Deserialize;

use super::*;
use crate::dingtalk::wire::{self, Door};

#[derive(Deserialize)]
struct Known {
    status: u16,
    content_type: String,
    body: String,
    kind: String,
    effect: Effect,
    gone: bool,
    #[serde(default)]
    retry: Value,
}

fn known() -> BTreeMap<String, Known> {
    serde_json::from_str(include_str!("../fixtures/errors.json")).unwrap()
}

fn reply(known: &Known) -> Reply {
    let reply = http::Response::builder().status(known.status).header("content-type", &known.content_type);
    reply.body(Bytes::from(known.body.clone())).unwrap()
}

fn error(known: &Known, asks: Asks) -> ConnectorError {
    wire::read::<Value>(&reply(known), Door::New, asks).unwrap_err()
}

#[test]
fn every_known_refusal_has_its_kind_and_says_what_became_of_the_effect() {
    let all = known();
    assert!(all.len() >= 30);
    for (name, known) in &all {
        let error = error(known, Asks::Change);
        assert_eq!(format!("{:?}", error.kind), known.kind, "{name}: {error}");
        assert_eq!(error.effect, known.effect, "{name}: {error}");
        assert_eq!(is_gone(&error), known.gone, "{name}: {error}");
        let wanted = match &known.retry {
            Value::Number(seconds) => Some(Retry::After(seconds.as_u64().unwrap())),
            Value::String(_) => Some(Retry::Backoff),
            _ => None,
        };
        assert!(wanted.is_none_or(|wanted| error.retry == wanted), "{name}: {:?}", error.retry);
        // Reading changes nothing, however it ends.
        let read = wire::read::<Value>(&reply(known), Door::New, Asks::Read).unwrap_err();
        assert_eq!(read.effect, Effect::NotApplied, "{name}");
    }
}

#[test]
fn the_platforms_sentences_are_never_copied() {
    let body = r#"{"code":"group.disbanded","message":"Chen Min","requestid":"r"}"#;
    let known = Known {
        status: 400,
        content_type: "application/json".to_owned(),
        body: body.to_owned(),
        kind: String::new(),
        effect: Effect::NotApplied,
        gone: true,
        retry: Value::Null,
    };
    assert!(!error(&known, Asks::Change).to_string().contains("Chen"));
}

#[test]
fn what_is_huge_or_deep_is_refused_and_not_copied() {
    let deep = format!("{{\"code\":{}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let huge = format!(r#"{{"code":"{}","requestid":"r"}}"#, "x".repeat(1_000_000));
    for body in [deep, huge] {
        let mut known = known().remove("bad parameter").unwrap();
        known.body = body;
        let error = error(&known, Asks::Change);
        assert!(error.to_string().len() < 300, "{}", error.to_string().len());
    }
}
