//! The people who are asked: each does it on the phone's page of the platform, by a browser, and says so.

use serde_json::Value;

use crate::platforms::{Joint, SCENE, WECHAT_OWNER, w};

/// Owns both groups of DingTalk.
const DINGTALK_OWNER: &str = "u-owner";

/// Most times that the case is gone on with.
const ROUNDS: usize = 40;

/// One thing that a person is asked for.
struct Asked {
    platform: String,
    /// The group's id here, and what the platform calls it.
    group: String,
    op: String,
    step: String,
}

impl Joint {
    /// Goes on with the case, and does what people are asked for, until nobody is asked any more.
    pub(crate) fn goes_on(&mut self) -> (Option<i32>, Value) {
        for _ in 0..ROUNDS {
            let output = self.office.run("requester", &["apply", &self.case, "--json"]);
            let said = output.json();
            let mut busy = false;
            for group in said["groups"].as_array().unwrap() {
                let of = |key: &str| group[key].as_str().unwrap_or_default().to_owned();
                let (platform, group_id) = (of("platform"), of("group"));
                if group["blocked"]["code"] == "export.incomplete" {
                    self.accept(&platform, &group_id);
                } else if group["state"] == "needs_person" {
                    let asked = Asked { platform, group: group_id, op: of("step_op"), step: of("step") };
                    self.asked.push(format!("{} {}", asked.platform, asked.op));
                    self.person(&asked);
                } else {
                    continue;
                }
                busy = true;
            }
            if !busy {
                return (output.code, said);
            }
        }
        panic!("no end after {ROUNDS} rounds: {:?}", self.asked);
    }

    /// Somebody else answers for a history that is not whole.
    fn accept(&mut self, platform: &str, group: &str) {
        self.asked.push(format!("{platform} accept"));
        let step = self.step(group, "export")["id"].as_str().unwrap().to_owned();
        self.office.json("business", 0, &["step", "done", &self.case, &format!("{group}/{step}")]);
    }

    /// What the person does who is asked, and says of it.
    fn person(&mut self, asked: &Asked) {
        let factors: Vec<String> = match (asked.platform.as_str(), asked.op.as_str()) {
            ("wechat", "announce") => self.wechat_announces(&asked.group),
            ("wechat", "dissolve") => self.wechat_dissolves(),
            ("qq", "dissolve") => self.qq_dissolves(),
            ("dingtalk", "export") => self.dingtalk_exports(&asked.group),
            ("dingtalk", "unlink") => self.dingtalk_unlinks(asked),
            ("dingtalk", "dissolve") => self.dingtalk_dissolves(),
            ("wecom", "handover") => self.wecom_hands_over(),
            ("wecom", "dissolve") => self.wecom_dissolves(),
            (platform, op) => panic!("nobody should be asked for {op} on {platform}"),
        };
        let step = format!("{}/{}", asked.group, asked.step);
        let mut says = vec!["step", "done", &self.case, &step];
        says.extend(factors.iter().map(String::as_str));
        self.office.json("requester", 0, &says);
    }

    fn wechat_announces(&mut self, group: &str) -> Vec<String> {
        let words = self.step(group, "announce")["params"]["text"].as_str().unwrap().to_owned();
        self.browser.open(&self.wechat.phone(WECHAT_OWNER));
        self.browser.click(w("wechat.group"));
        self.browser.fill(w("say"), &words);
        self.browser.click(w("send"));
        self.hand_in("second");
        Vec::new()
    }

    /// The dialog wants the name, exactly.
    fn wechat_dissolves(&mut self) -> Vec<String> {
        self.browser.open(&self.wechat.phone(WECHAT_OWNER));
        let path = ["wechat.group", "wechat.menu", "wechat.manage", "wechat.dissolve"].map(w);
        self.browser.walk(&path);
        self.browser.fill(w("wechat.type_name"), w("wechat.other"));
        self.browser.click(w("wechat.confirm"));
        self.browser.shows(w("wechat.wrong_name"));
        self.browser.fill(w("wechat.type_name"), w("wechat.group"));
        self.browser.click(w("wechat.confirm"));
        self.hand_in("main");
        self.hand_in("second");
        factor("typed_name", w("wechat.group"))
    }

    /// The app wants a code scanned and the phone confirmed.
    fn qq_dissolves(&mut self) -> Vec<String> {
        self.browser.open(&self.qq.phone("800100001"));
        self.browser.walk(&[w("qq.guild"), w("qq.settings"), w("qq.dissolve"), w("next")]);
        let code = digits(&self.browser.text(), w("qq.guild"));
        self.browser.click(w("qq.scan"));
        self.browser.fill(w("qq.scan_code"), &code);
        self.browser.click(w("qq.scan"));
        let sms = digits(&self.browser.text(), w("qq.sms").get(6..).unwrap());
        self.browser.fill(w("qq.sms"), &sms);
        self.browser.click(w("verify"));
        self.browser.click_last(w("qq.confirm"));
        [factor("qr_scanned", "yes"), factor("phone_confirmed", "yes")].concat()
    }

    /// No interface returns DingTalk's history: what the person sees in the app is handed in.
    fn dingtalk_exports(&mut self, group: &str) -> Vec<String> {
        let name = self.dingtalk_name(group);
        // Both groups wait with a step of this name: which one is meant has to be said.
        if self.asked.iter().filter(|what| *what == "dingtalk export").count() == 1 {
            let step = self.step(group, "export")["id"].as_str().unwrap();
            let vague = self.office.run("requester", &["step", "done", &self.case, step, "--json"]);
            assert_eq!(vague.error_code().as_deref(), Some("step.ambiguous"), "{vague}");
        }
        self.browser.open(&self.dingtalk.phone(DINGTALK_OWNER));
        self.browser.click(name);
        let path = self.office.dir().join(format!("history-{group}.txt"));
        std::fs::write(&path, self.browser.text()).unwrap();
        vec!["--evidence".to_owned(), path.display().to_string()]
    }

    /// What no app may take off: the plan names it.
    fn dingtalk_unlinks(&mut self, asked: &Asked) -> Vec<String> {
        let link = self.named_step(&asked.group, &asked.step)["params"]["link_name"].as_str().unwrap();
        let remove = format!("{} {link}", w("dingtalk.unlink"));
        let name = self.dingtalk_name(&asked.group);
        self.browser.open(&self.dingtalk.phone(DINGTALK_OWNER));
        self.browser.walk(&[name, w("dingtalk.settings"), &remove]);
        assert!(!self.browser.has(&remove));
        Vec::new()
    }

    fn dingtalk_name(&self, group: &str) -> &'static str {
        if self.native(group) == SCENE { w("dingtalk.group") } else { w("dingtalk.ordinary") }
    }

    /// The super administrator has to agree first.
    fn dingtalk_dissolves(&mut self) -> Vec<String> {
        let way = ["dingtalk.ordinary", "dingtalk.settings", "dingtalk.dissolve"].map(w);
        self.browser.open(&self.dingtalk.phone(DINGTALK_OWNER));
        self.browser.walk(&way);
        self.browser.click(w("dingtalk.apply"));
        self.browser.shows(w("dingtalk.waiting"));
        self.browser.open(&self.dingtalk.phone("u-super"));
        self.browser.walk(&[w("dingtalk.inbox"), w("agree")]);
        self.browser.open(&self.dingtalk.phone(DINGTALK_OWNER));
        self.browser.walk(&way);
        self.browser.click_last(w("dingtalk.dissolve"));
        factor("approved_by", "u-super")
    }

    /// The first who is asked says that it is approved, and it is not.
    fn wecom_hands_over(&mut self) -> Vec<String> {
        let pretends = self.asked.iter().filter(|what| *what == "wecom handover").count() == 1;
        if !pretends {
            self.in_the_console();
            self.browser.choose(w("wecom.to"), w("witness"));
            self.browser.click(w("wecom.apply"));
            self.browser.open(&self.wecom.phone("u-witness"));
            self.browser.walk(&[w("wecom.inbox"), w("accept")]);
            self.browser.open(&self.wecom.phone("u-super"));
            self.browser.walk(&[w("wecom.inbox"), w("approve")]);
        }
        factor("approved_by", "u-super")
    }

    fn wecom_dissolves(&mut self) -> Vec<String> {
        self.in_the_console();
        self.browser.click_last(w("wecom.dissolve"));
        factor("approved_by", "u-super")
    }

    /// Only administrators have the console.
    fn in_the_console(&mut self) {
        self.browser.open(&self.wecom.phone("u-deputy"));
        self.browser.walk(&[w("wecom.console"), w("wecom.app")]);
    }
}

fn factor(name: &str, value: &str) -> Vec<String> {
    vec!["--factor".to_owned(), format!("{name}={value}")]
}

/// The digits after `label` on a page.
fn digits(text: &str, label: &str) -> String {
    let at = text.find(label).unwrap_or_else(|| panic!("no {label} in {text}")) + label.len();
    text[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}
