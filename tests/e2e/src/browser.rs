//! A headless Chromium that a test looks at pages with, and presses buttons as a person would.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::peers::{Peers, workspace_root};

/// A browser with one page in it, as wide as a phone. Ends when dropped.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A file that a page gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The name that the page suggests.
    pub name: String,
    /// What is in it.
    pub content: String,
}

/// What has the focus on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    /// The element's tag.
    pub tag: String,
    /// Its id.
    pub id: String,
    /// Its name in a form.
    pub name: String,
    /// What it is called.
    pub text: String,
    /// Whether one sees that it has the focus.
    pub seen: bool,
    /// Whether it lies in the page's content.
    pub in_main: bool,
}

impl Browser {
    /// Starts it; about a second.
    ///
    /// # Panics
    /// When node, playwright-core or Chromium are not there.
    pub fn start() -> Self {
        let modules = Peers::locate().browser().join("node_modules");
        let (playwright, axe) = (modules.join("playwright-core"), modules.join("axe-core/axe.min.js"));
        let mut child = Command::new("node")
            .arg(workspace_root().join("tests/e2e/browser/drive.js"))
            .args([playwright.as_path(), Path::new("/usr/bin/chromium"), axe.as_path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("node does not start: {error}; run scripts/peers/install.sh"));
        let commands = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("its standard output is a pipe"));
        let mut browser = Self { child, commands, answers };
        browser.answer();
        browser
    }

    /// Goes to an address; gives the status.
    #[track_caller]
    pub fn open(&mut self, url: &str) -> u64 {
        self.ask(&json!({"verb": "open", "url": url})).as_u64().expect("a status")
    }

    /// Presses the link, the button or the box to tick that says `name`.
    #[track_caller]
    pub fn click(&mut self, name: &str) {
        self.ask(&json!({"verb": "click", "name": name}));
    }

    /// Presses the last one that says `name`.
    #[track_caller]
    pub fn click_last(&mut self, name: &str) {
        self.ask(&json!({"verb": "click", "name": name, "last": true}));
    }

    /// Presses one after the other.
    #[track_caller]
    pub fn walk(&mut self, names: &[&str]) {
        for name in names {
            self.click(name);
        }
    }

    /// Types into the field that is called `label`.
    #[track_caller]
    pub fn fill(&mut self, label: &str, value: &str) {
        self.ask(&json!({"verb": "fill", "label": label, "value": value}));
    }

    /// Types into the last field that is called `label`.
    #[track_caller]
    pub fn fill_last(&mut self, label: &str, value: &str) {
        self.ask(&json!({"verb": "fill", "label": label, "value": value, "last": true}));
    }

    /// Chooses what is shown as `value` in the list that is called `label`.
    #[track_caller]
    pub fn choose(&mut self, label: &str, value: &str) {
        self.ask(&json!({"verb": "choose", "label": label, "value": value}));
    }

    /// Gives a file to the field that is called `label`.
    #[track_caller]
    pub fn upload(&mut self, label: &str, path: &Path) {
        self.ask(&json!({"verb": "upload", "label": label, "path": path}));
    }

    /// Whether there is something to press that says `name`.
    #[track_caller]
    pub fn has(&mut self, name: &str) -> bool {
        self.ask(&json!({"verb": "has", "name": name})).as_bool().expect("yes or no")
    }

    /// What a person reads on the page.
    #[track_caller]
    pub fn text(&mut self) -> String {
        self.ask(&json!({"verb": "text"})).as_str().unwrap_or_default().to_owned()
    }

    /// Demands that the page shows `text`.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        let page = self.text();
        assert!(page.contains(text), "the page does not show {text:?}:\n{page}");
    }

    /// Demands that the page does not show `text`.
    #[track_caller]
    pub fn shows_no(&mut self, text: &str) {
        let page = self.text();
        assert!(!page.contains(text), "the page shows {text:?}:\n{page}");
    }

    /// The page's own text, tags and all.
    #[track_caller]
    pub fn html(&mut self) -> String {
        self.ask(&json!({"verb": "html"})).as_str().unwrap_or_default().to_owned()
    }

    /// Where the browser is.
    #[track_caller]
    pub fn url(&mut self) -> String {
        self.ask(&json!({"verb": "url"})).as_str().unwrap_or_default().to_owned()
    }

    /// Presses what says `name`, and takes the file that comes.
    #[track_caller]
    pub fn download(&mut self, name: &str) -> Download {
        let file = self.ask(&json!({"verb": "download", "name": name}));
        let part = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
        Download { name: part("name"), content: part("content") }
    }

    /// Puts an authenticator before it, in front of which there is always somebody who is verified.
    #[track_caller]
    pub fn authenticator(&mut self) {
        self.ask(&json!({"verb": "authenticator", "prf": false}));
    }

    /// The same with one that gives secrets (`prf`).
    #[track_caller]
    pub fn authenticator_with_secrets(&mut self) {
        self.ask(&json!({"verb": "authenticator", "prf": true}));
    }

    /// Whether whoever is in front of the authenticator is verified by it.
    #[track_caller]
    pub fn verified(&mut self, yes: bool) {
        self.ask(&json!({"verb": "verified", "yes": yes}));
    }

    /// Sets the authenticator's counters back, as a copy of it would have them; gives what they were.
    #[track_caller]
    pub fn rewind(&mut self) -> Value {
        self.ask(&json!({"verb": "rewind"}))
    }

    /// Presses what says `name` and takes what the page would have sent; it is never sent. An `unverified` page does not ask for
    /// the user's verification.
    #[track_caller]
    pub fn capture(&mut self, name: &str, unverified: bool) -> Value {
        self.ask(&json!({"verb": "capture", "name": name, "unverified": unverified}))
    }

    /// Waits until the page shows `text`.
    #[track_caller]
    pub fn waits(&mut self, text: &str) {
        self.ask(&json!({"verb": "waits", "text": text}));
    }

    /// Waits until the part of the page that this CSS selector names shows `text`; no other part is looked at.
    #[track_caller]
    pub fn waits_within(&mut self, selector: &str, text: &str) {
        self.ask(&json!({"verb": "waits", "within": selector, "text": text}));
    }

    /// A picture of the page from its top, if `ADJOURN_SHOTS` names a folder for it: of the repository, unless its path is whole.
    #[track_caller]
    pub fn shot(&mut self, name: &str) {
        self.shot_of(name, "");
    }

    /// The same of that part of a long page in which this text stands.
    #[track_caller]
    pub fn shot_of(&mut self, name: &str, about: &str) {
        if let Some(folder) = std::env::var_os("ADJOURN_SHOTS") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            let path = root.join(&folder).join(format!("{name}.png"));
            self.ask(&json!({"verb": "shot", "path": path, "about": about}));
        }
    }

    /// Makes the page another size.
    #[track_caller]
    pub fn resize(&mut self, width: u32, height: u32) {
        self.ask(&json!({"verb": "size", "width": width, "height": height}));
    }

    /// What the browser prefers: `light` or `dark`.
    #[track_caller]
    pub fn scheme(&mut self, scheme: &str) {
        self.ask(&json!({"verb": "scheme", "scheme": scheme}));
    }

    /// The language that the browser asks for from now on.
    #[track_caller]
    pub fn language(&mut self, tag: &str) {
        self.ask(&json!({"verb": "language", "tag": tag}));
    }

    /// Gives the browser a cookie of a site, as the site would.
    #[track_caller]
    pub fn cookie(&mut self, url: &str, name: &str, value: &str) {
        self.ask(&json!({"verb": "cookie", "url": url, "name": name, "value": value}));
    }

    /// What axe-core finds serious on the page, and what does not fit it, a line each.
    #[track_caller]
    pub fn faults(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        for verb in ["axe", "fits"] {
            let found = self.ask(&json!({"verb": verb}));
            let lines = found.as_array().into_iter().flatten().filter_map(Value::as_str);
            all.extend(lines.map(str::to_owned));
        }
        all
    }

    /// Demands that nothing is wider than the page, and no text is cut.
    #[track_caller]
    pub fn fits(&mut self) {
        let found = self.ask(&json!({"verb": "fits"}));
        let url = self.url();
        assert_eq!(found.as_array().map(Vec::len), Some(0), "on {url}:\n{found:#}");
    }

    /// Presses a key (`Tab`, `Enter`, `Space`).
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        self.ask(&json!({"verb": "press", "key": key, "times": 1}));
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn types(&mut self, text: &str) {
        self.ask(&json!({"verb": "types", "text": text}));
    }

    /// What has the focus.
    #[track_caller]
    pub fn focused(&mut self) -> Focus {
        let found = self.ask(&json!({"verb": "focused"}));
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        let is = |key: &str| found[key] == true;
        Focus {
            tag: text("tag"),
            id: text("id"),
            name: text("name"),
            text: text("text"),
            seen: is("seen"),
            in_main: is("main"),
        }
    }

    #[track_caller]
    fn ask(&mut self, command: &Value) -> Value {
        let commands = self.commands.as_mut().expect("it has not ended");
        writeln!(commands, "{command}").expect("the browser's driver listens");
        self.answer()
    }

    #[track_caller]
    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the browser's driver answers");
        let answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("the driver says {line:?}"));
        assert_eq!(answer["ok"], true, "{}", answer["value"].as_str().unwrap_or(&line));
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The end of its input is its end; whoever does not hear that is killed.
        drop(self.commands.take());
        let ended = crate::peers::wait_for(std::time::Duration::from_secs(5), || {
            self.child.try_wait().ok().flatten()
        });
        if ended.is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
