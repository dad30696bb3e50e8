//! A running `serve` over the office of a desk, with a token for each of its people.

use std::collections::BTreeMap;
use std::time::Duration;

use adjourn_e2e::http::{self, Response};
use adjourn_e2e::{RefDesk, Running};
use serde_json::Value;

pub(crate) const SCOPES: [&str; 6] = ["read", "plan", "review", "run", "records", "admin"];
pub(crate) const PEOPLE: [&str; 4] = ["admin", "requester", "business", "compliance"];

/// The desk and its API.
pub(crate) struct Desk {
    pub(crate) office: RefDesk,
    pub(crate) address: String,
    tokens: BTreeMap<&'static str, String>,
    running: Option<Running>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let office = RefDesk::new(&[]);
        let mut desk = Self { office, address: String::new(), tokens: BTreeMap::new(), running: None };
        for who in PEOPLE {
            desk.tokens.insert(who, desk.token(who, &SCOPES).1);
        }
        desk.start();
        desk
    }

    /// Starts `serve`; what was running is killed.
    pub(crate) fn start(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill9();
        }
        let mut running = self.office.office.adjourn().spawn(&["serve", "--listen", "127.0.0.1:0", "--json"]);
        let line = running.wait_for_text("\"address\"", Duration::from_secs(30));
        self.address = format!("http://{}", line.split('"').nth(3).unwrap());
        self.running = Some(running);
    }

    /// Makes a token at the command line; gives its id and what opens.
    pub(crate) fn token(&self, who: &str, scopes: &[&str]) -> (String, String) {
        let mut args = vec!["token", "create", "--name", "test"];
        for scope in scopes {
            args.extend(["--scope", scope]);
        }
        let made = self.office.office.json(who, 0, &args);
        (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    }

    /// The token of somebody with every scope.
    pub(crate) fn of(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    /// A request with headers beside those that say who asks and that the body is JSON.
    pub(crate) fn ask(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Option<&Value>,
        more: &[(&str, &str)],
    ) -> Response {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("accept-language", "en")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        headers.extend(body.map(|_| ("content-type", "application/json")));
        headers.extend(more);
        let body = body.map(|body| body.to_string().into_bytes());
        let url = format!("{}/api{path}", self.address);
        http::request(method, &url, &headers, body.as_deref()).unwrap()
    }

    pub(crate) fn get(&self, who: &str, path: &str) -> Value {
        self.ask(Some(self.of(who)), "GET", path, None, &[]).expect(200)
    }

    pub(crate) fn post(&self, who: &str, path: &str, body: &Value) -> Response {
        self.ask(Some(self.of(who)), "POST", path, Some(body), &[])
    }

    /// The group without links.
    pub(crate) fn group(&self) -> String {
        // By the platform's id: a search would find it in our ids as well.
        let groups = self.get("admin", "/v1/groups");
        let mut groups = groups["items"].as_array().unwrap().iter();
        groups.find(|row| row["native"] == "g-6").unwrap()["group"].as_str().unwrap().to_owned()
    }

    /// Events of a case of one kind.
    pub(crate) fn happened(&self, case: &str, kind: &str) -> Vec<Value> {
        let events = self.get("admin", &format!("/v1/cases/{case}/events"));
        let events = events["items"].as_array().unwrap().iter();
        events.filter(|row| row["event"]["kind"] == kind).cloned().collect()
    }
}

/// Status and code of a refusal, which has to be problem details.
#[track_caller]
pub(crate) fn problem(reply: &Response) -> (u16, String) {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.text());
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status);
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("/api/errors/{code}"));
    for text in ["title", "hint"] {
        assert!(!problem[text].as_str().unwrap().is_empty(), "{problem}");
    }
    (reply.status, code.to_owned())
}
