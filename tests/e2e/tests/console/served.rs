//! A running `serve` over the office of a desk, and its people over HTTP and in the browser.

use std::time::Duration;

use adjourn_e2e::{Browser, RefDesk, Running, http};

/// Where a form of our own page comes from.
pub(crate) const HERE: &str = "same-origin";
pub(crate) const PASSWORD: &str = "four small words";

/// A running `serve` over the office of a desk.
pub(crate) struct Served {
    pub(crate) desk: RefDesk,
    pub(crate) address: String,
    pub(crate) running: Running,
}

impl Served {
    pub(crate) fn new() -> Self {
        Self::over(RefDesk::new(&[]))
    }

    pub(crate) fn over(desk: RefDesk) -> Self {
        Self::with(desk, &[])
    }

    /// The same with more arguments.
    pub(crate) fn with(desk: RefDesk, more: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0", "--json"], more].concat();
        let mut running = desk.office.adjourn().spawn(&args);
        let line = running.wait_for_text("\"address\"", Duration::from_secs(30));
        let address = format!("http://{}", line.split('"').nth(3).unwrap());
        Self { desk, address, running }
    }

    /// Ends it as a machine that goes down does, and starts it again.
    pub(crate) fn restarted(self) -> Self {
        self.running.kill9();
        Self::over(self.desk)
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The link with which somebody who holds a key chooses a password.
    pub(crate) fn link(&self, who: &str) -> String {
        let said = self.desk.office.json(who, 0, &["principal", "account"]);
        format!("{}{}", self.address, said["path"].as_str().unwrap())
    }

    /// Opens somebody's account over HTTP.
    pub(crate) fn account(&self, who: &str) {
        let body = format!("name=&password={PASSWORD}&again={PASSWORD}");
        let reply = Self::post(HERE, &self.link(who), &body, None);
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, Some("/sign-in?fresh=1")),
            "{}",
            reply.text()
        );
    }

    /// Signs in over HTTP; gives the session's cookie.
    pub(crate) fn session(&self, who: &str) -> String {
        let reply = self.sign_in(who, PASSWORD);
        assert_eq!(reply.status, 303, "{}", reply.text());
        let cookie = reply.header("set-cookie").unwrap();
        assert!(
            cookie.contains("; Secure; HttpOnly; SameSite=Lax") && cookie.starts_with("__Host-"),
            "{cookie}"
        );
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn sign_in(&self, who: &str, password: &str) -> http::Response {
        Self::post(
            HERE,
            &format!("{}/sign-in", self.address),
            &format!("name={who}&password={password}"),
            None,
        )
    }

    pub(crate) fn post(site: &str, url: &str, body: &str, cookie: Option<&str>) -> http::Response {
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", site),
            ("accept-language", "en"),
        ];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        http::request("POST", url, &headers, Some(body.as_bytes())).unwrap()
    }

    pub(crate) fn get(&self, path: &str, cookie: Option<&str>) -> http::Response {
        let mut headers = vec![("accept-language", "en")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        http::request("GET", &format!("{}{path}", self.address), &headers, None).unwrap()
    }

    /// The address under which browsers let passkeys be used.
    pub(crate) fn localhost(&self) -> String {
        self.address.replace("127.0.0.1", "localhost")
    }

    /// Signs somebody in in the browser.
    pub(crate) fn enters(&self, browser: &mut Browser, who: &str) {
        browser.open(&format!("{}/sign-in", self.address));
        browser.fill("Name", who);
        browser.fill("Password", PASSWORD);
        browser.click("Sign in");
        browser.waits("To review");
    }
}

/// The code that a page asks to be typed, from its HTML or from what one sees.
pub(crate) fn code_of(page: &str) -> String {
    let from = page.split("The code for exactly this:").nth(1).unwrap_or_default();
    let mut inside = false;
    let shown = from.chars().filter(|c| {
        let part = !inside && *c != '<';
        inside = *c == '<' || (inside && *c != '>');
        part
    });
    let code: String = shown.filter(char::is_ascii_alphanumeric).take(5).collect();
    assert_eq!(code.len(), 5, "{page}");
    code
}
