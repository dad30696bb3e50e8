//! Phones on the socket: `/phone` is a page for each person of the simulated platform, plain HTML with forms and no script.
//! What is on a page comes from the simulator's `/client/phone` door as data; here it is only drawn, with every text
//! escaped. No fault strikes on this way: it stands for what the person does with their own hands.

mod html;

use std::collections::BTreeMap;

use adjourn_connector_kit::simulator::{Input, Output};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_world::phone::{Page, Shown};
use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::server::Door;

/// Where the platform's clock is put forward.
const CLOCK: &str = "/phone/clock";
/// Most seconds by which it is put forward at once: a year.
const MAX_SKIP_S: u64 = 366 * 86_400;

/// The answer to a request under `/phone`.
pub(crate) fn answer(door: &Door, request: &Request) -> Reply {
    let path = request.uri().path();
    match *request.method() {
        Method::GET => show(door, path, request.uri().query(), None),
        Method::POST if path == CLOCK => {
            let form = form(request);
            let seconds = form.get("seconds").and_then(|seconds| seconds.parse::<u64>().ok());
            door.clock.skip(seconds.unwrap_or(0).min(MAX_SKIP_S));
            see("/phone")
        }
        Method::POST => press(door, path, request),
        _ => page(StatusCode::METHOD_NOT_ALLOWED, String::new()),
    }
}

fn press(door: &Door, path: &str, request: &Request) -> Reply {
    let body = serde_json::to_vec(&form(request)).unwrap_or_default();
    let answer = knock(door, Method::POST, path, "", body);
    let text = |name: &str| {
        let found = answer.as_ref().and_then(|(_, body)| body.get(name)).and_then(Value::as_str);
        found.map(str::to_owned)
    };
    match (text("next"), text("message")) {
        // Only ways that begin here: whoever answers can't send a browser elsewhere.
        (Some(next), _) if next.starts_with("/phone") => see(&next),
        (_, says) => show(door, path, None, Some(says.unwrap_or_default())),
    }
}

fn show(door: &Door, path: &str, query: Option<&str>, refused: Option<String>) -> Reply {
    let query = format!("lang={}&{}", door.lang, query.unwrap_or_default());
    let (status, body) = knock(door, Method::GET, path, &query, Vec::new()).unwrap_or_default();
    let shown =
        (status == StatusCode::OK).then(|| serde_json::from_value::<Shown>(body.clone()).ok()).flatten();
    match shown {
        Some(Shown::Page(shown)) => {
            let status = if refused.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
            page(status, html::page(&shown, refused.as_deref()))
        }
        Some(Shown::File { name, media_type, content }) => file(&name, &media_type, content),
        None => {
            // The page itself is refused, or this simulator has no phones.
            let says = body.get("message").and_then(Value::as_str).unwrap_or("404").to_owned();
            let start = path != "/phone";
            let fallback = start.then(|| knock(door, Method::GET, "/phone", &query, Vec::new())).flatten();
            let people = fallback.and_then(|(_, body)| serde_json::from_value::<Shown>(body).ok());
            let shown = match people {
                Some(Shown::Page(people)) => Page {
                    title: people.app.clone(),
                    back: Some("/phone".to_owned()),
                    sections: Vec::new(),
                    ..*people
                },
                _ => Page { lang: door.lang.to_owned(), ..Page::default() },
            };
            let says = refused.filter(|says| !says.is_empty()).unwrap_or(says);
            page(StatusCode::NOT_FOUND, html::page(&shown, Some(&says)))
        }
    }
}

/// Asks the simulator's own door.
fn knock(door: &Door, method: Method, path: &str, query: &str, body: Vec<u8>) -> Option<(StatusCode, Value)> {
    let uri = format!("http://client.simulated.invalid/client{path}?{query}");
    let request = http::Request::builder().method(method).uri(uri).body(Bytes::from(body)).ok()?;
    let reply =
        door.input(Input::Request { exchange: 0, request }).into_iter().find_map(|output| match output {
            Output::Reply { exchange: 0, reply } => Some(reply),
            _ => None,
        })?;
    Some((reply.status(), serde_json::from_slice(reply.body()).unwrap_or_default()))
}

fn form(request: &Request) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(request.body())
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

fn see(path: &str) -> Reply {
    let mut reply = Reply::default();
    *reply.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(path) = http::HeaderValue::from_str(path) {
        reply.headers_mut().insert(header::LOCATION, path);
    }
    reply
}

fn page(status: StatusCode, html: String) -> Reply {
    let mut reply = Reply::new(Bytes::from(html));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, http::HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, http::HeaderValue::from_static("nosniff"));
    reply
}

fn file(name: &str, media_type: &str, content: String) -> Reply {
    let mut reply = Reply::new(Bytes::from(content));
    let headers = reply.headers_mut();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let kept = format!("attachment; filename=\"{plain}\"");
    for (key, value) in [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, kept.as_str())] {
        if let Ok(value) = http::HeaderValue::from_str(value) {
            headers.insert(key, value);
        }
    }
    reply
}
