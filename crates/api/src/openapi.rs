//! The OpenAPI document, made from the endpoints' declarations. It is committed as `docs/reference/openapi.json` and served as it is made.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::token::Scope;
use adjourn_web::refusal::status;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams as _, ToSchema};

use crate::endpoint::{Declared, Endpoint, MAX_BODY, Verb};
use crate::problem::{PROBLEM, Problem};
use crate::serve::MAX_KEY;

/// Where the endpoints lie.
pub(crate) const BASE: &str = "/api/v1";

/// Errors that every endpoint can answer.
const EVERYWHERE: &[&str] = &[
    "session.missing",
    "session.over",
    "token.refused",
    "token.scope",
    "journal.conflict",
    "internal",
    "io",
    "disk.full",
    "journal.corrupt",
];
/// And those that change something.
const CHANGES: &[&str] = &["request.cross_site"];
/// And those that read a body.
const BODIES: &[&str] =
    &["request.json", "request.form", "request.large", "request.slow", "request.type", "request.key"];
/// And those that may be sent again.
const REPEATED: &[&str] = &["request.reused", "request.unfinished", "request.busy", "request.shown_once"];

/// An endpoint's part of the document.
pub(crate) struct Part {
    pub(crate) declared: Declared,
    operation: Value,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Part {
    pub(crate) fn of<E: Endpoint>() -> Self {
        let declared = E::DECLARED;
        let mut schemas = Vec::new();
        let path = E::Path::into_params(|| Some(ParameterIn::Path));
        let query = E::Query::into_params(|| Some(ParameterIn::Query));
        let has_query = !query.is_empty() || !path.is_empty();
        let mut parameters: Vec<Value> = path.iter().chain(&query).map(|one| json!(one)).collect();
        let post = declared.method == Verb::Post;
        let reads_body = declared.method.reads();
        if post {
            parameters.push(json!({
                "name": "Idempotency-Key",
                "in": "header",
                "required": false,
                "description": "A key of your choice, new for each thing that you want done. Sent again with the same body it gives the same \
                                reply and does nothing a second time; for 24 hours, for each principal.",
                "schema": {"type": "string", "pattern": format!("^[A-Za-z0-9_.:-]{{1,{MAX_KEY}}}$")},
            }));
        }
        let mut operation = Map::new();
        operation.insert("operationId".into(), json!(declared.id));
        operation.insert("tags".into(), json!([declared.id.split('.').next()]));
        operation.insert("summary".into(), json!(declared.summary));
        operation.insert("description".into(), json!(about(&declared)));
        operation.insert("security".into(), json!([{"token": []}, {"session": []}]));
        operation.insert("x-adjourn-scope".into(), json!(declared.scope.slug()));
        if let Some(role) = declared.role {
            operation.insert("x-adjourn-role".into(), json!(role));
        }
        if !parameters.is_empty() {
            operation.insert("parameters".into(), Value::Array(parameters));
        }
        if reads_body {
            let schema = referred::<E::Body>(&mut schemas);
            let required = serde_json::from_str::<E::Body>("{}").is_err();
            let content = json!({"application/json": {"schema": schema}});
            operation.insert("requestBody".into(), json!({"required": required, "content": content}));
        }
        let mut replies = Map::new();
        let mut good = json!({
            "description": declared.status.canonical_reason().unwrap_or_default(),
            "content": {"application/json": {"schema": referred::<E::Reply>(&mut schemas)}},
        });
        if matches!(declared.status, StatusCode::CREATED | StatusCode::ACCEPTED)
            && let Some(good) = good.as_object_mut()
        {
            let location = json!({
                "description": "Where what was made or goes on can be looked at.",
                "schema": {"type": "string"},
            });
            good.insert("headers".into(), json!({"Location": location}));
        }
        replies.insert(declared.status.as_u16().to_string(), good);
        for (status, codes) in refusals(&declared, has_query) {
            let codes: Vec<String> = codes.into_iter().map(|code| format!("`{code}`")).collect();
            let says = json!({
                "description": codes.join(", "),
                "content": {PROBLEM: {"schema": referred::<Problem>(&mut schemas)}},
            });
            replies.insert(status.to_string(), says);
        }
        operation.insert("responses".into(), Value::Object(replies));
        Self { declared, operation: Value::Object(operation), schemas }
    }
}

#[cfg(test)]
impl Part {
    /// Schemas by name.
    pub(crate) fn schemas(&self) -> Vec<(String, Value)> {
        self.schemas.iter().map(|(name, schema)| (name.clone(), json!(schema))).collect()
    }
}

/// Codes of refusals by their status.
fn refusals(declared: &Declared, has_parameters: bool) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut codes: BTreeSet<&'static str> = EVERYWHERE.iter().chain(declared.errors).copied().collect();
    if has_parameters {
        codes.insert("request.form");
    }
    if declared.role.is_some() {
        codes.insert("approval.role");
    }
    if declared.method != Verb::Get {
        codes.extend(CHANGES);
    }
    if declared.method.reads() {
        codes.extend(BODIES);
    }
    if declared.method == Verb::Post {
        codes.extend(REPEATED);
    }
    let mut by_status: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
    for code in codes {
        by_status.entry(status(code).as_u16()).or_default().insert(code);
    }
    by_status
}

fn about(declared: &Declared) -> String {
    let scope = format!("Scope: `{}`.", declared.scope.slug());
    let role = declared.role.map(|role| format!(" Role: `{role}`.")).unwrap_or_default();
    let about = if declared.about.is_empty() { String::new() } else { format!("{}\n\n", declared.about) };
    let more = declared.max_body;
    let more = if more == MAX_BODY { String::new() } else { format!(" Bodies of at most {more} bytes.") };
    format!("{about}{scope}{role}{more}")
}

fn referred<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> Value {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
    json!({"$ref": format!("#/components/schemas/{}", T::name())})
}

/// The whole document.
pub(crate) fn document(parts: &[Part]) -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for part in parts {
        let path = paths.entry(format!("{BASE}{}", part.declared.path)).or_default();
        path.insert(part.declared.method.slug().to_owned(), part.operation.clone());
        schemas.extend(part.schemas.iter().map(|(name, schema)| (name.clone(), json!(schema))));
    }
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.slug()).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Adjourn",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": format!(
                "Everything that the console and the command line do, by the same rules. Bodies are JSON of at most {MAX_BODY} bytes, but \
                 where an operation says more. A refusal is \
                 `application/problem+json` (RFC 9457) in the language of `Accept-Language` (zh-CN, en); decide by its `code`. Lists come in \
                 pages: `after` is what `next` of the page before said. Delayed work answers 202, with the address of its state in `Location`. \
                 Scopes of tokens: {}. Fields may be added; readers skip those that they do not know.",
                scopes.join(", ")
            ),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "adj_…",
                    "description": "A service token: `adjourn token create`, or `tokens.create`. It acts as whoever made it, within its scopes.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-adjourn",
                    "description": "The console's session. What changes something has to come from our own pages.",
                },
            },
        },
    })
}
