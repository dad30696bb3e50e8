//! The simulator is strict, and its doubts and limits are what they say. What tests need of it beyond its doors is here.

use adjourn_connector_kit::simulator::Simulator;
use adjourn_connector_kit::transport::Request;
use adjourn_domain::capability::Op;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{CORPID, Doubts, WecomSim, day, seed};

impl WecomSim {
    /// How often an effect happened to a group.
    pub(in crate::wecom) fn effects_of(&self, op: Op, chat: &str) -> u32 {
        self.effects().get(&(op, chat.into())).copied().unwrap_or(0)
    }

    /// An owner's groups were transferred so often on a day.
    pub(in crate::wecom) fn already_transferred(&mut self, owner: &str, at: Time, times: u32) {
        self.given.insert((owner.to_owned(), day(at)), times);
    }

    /// No token that was given out is good any more.
    pub(in crate::wecom) fn withdraw_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Archives are handed in, in place of the world's own.
    pub(in crate::wecom) fn hand_in(&mut self, files: &[&str]) {
        self.handed_in = Some(files.iter().map(|file| (*file).to_owned()).collect());
    }
}

struct Phone(WecomSim, Time);

impl Phone {
    fn new() -> Self {
        let sim = WecomSim::new(seed::rules(), &seed::spec(), Doubts::default());
        Self(sim, Time::parse("2026-11-25T02:00:00Z").unwrap())
    }

    fn ask(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let uri = format!("https://qyapi.simulated.invalid/cgi-bin/{path}");
        let request = if body.is_null() { http::Request::get(uri) } else { http::Request::post(uri) };
        let bytes = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request: Request = request.body(bytes).unwrap();
        let reply = self.0.answer(self.1, &request);
        (reply.status().as_u16(), serde_json::from_slice(reply.body()).unwrap_or_default())
    }

    fn token(&mut self, secret: &str) -> String {
        let (_, body) = self.ask(&format!("gettoken?corpid={CORPID}&corpsecret={secret}"), &Value::Null);
        body["access_token"].as_str().unwrap_or_default().to_owned()
    }

    fn code(&mut self, call: &str, body: &Value) -> i64 {
        let token = self.token("secret-of-the-app");
        let sign = if call.contains('?') { '&' } else { '?' };
        let (status, answer) = self.ask(&format!("{call}{sign}access_token={token}"), body);
        assert_eq!(status, 200);
        answer["errcode"].as_i64().unwrap()
    }
}

#[test]
fn tokens_are_given_kept_and_expire() {
    let mut phone = Phone::new();
    let wrong = |phone: &mut Phone, query: &str| {
        phone.ask(&format!("gettoken?{query}"), &Value::Null).1["errcode"].clone()
    };
    assert_eq!(wrong(&mut phone, "corpid=ww1&corpsecret=secret-of-the-app"), 40013);
    assert_eq!(wrong(&mut phone, &format!("corpid={CORPID}&corpsecret=x")), 40001);
    assert_eq!(wrong(&mut phone, &format!("corpid={CORPID}&corpsecret=secret-before-the-reset")), 40001);
    assert_eq!(wrong(&mut phone, &format!("corpid={CORPID}")), 41004);
    let token = phone.token("secret-of-the-app");
    phone.1 = phone.1.plus_secs(7100);
    assert_eq!(phone.token("secret-of-the-app"), token, "the same one for as long as it is good");
    let agents = |phone: &mut Phone, token: &str| {
        phone.ask(&format!("agent/list?access_token={token}"), &Value::Null).1["errcode"].clone()
    };
    assert_eq!(agents(&mut phone, &token), 0);
    phone.1 = phone.1.plus_secs(100);
    assert_eq!(agents(&mut phone, &token), 42001);
    assert_eq!(agents(&mut phone, "made-up"), 40014);
    assert_ne!(phone.token("secret-of-the-app"), token);
}

#[test]
fn what_no_document_has_is_refused() {
    let mut phone = Phone::new();
    for call in
        ["appchat/dissolve", "appchat/list", "wedrive/space_dismiss", "externalcontact/groupchat/dismiss"]
    {
        assert_eq!(phone.ask(call, &json!({})).0, 404, "{call}");
    }
    assert_eq!(phone.code("appchat/update", &json!({ "chatid": "opsroom2026", "dissolve": true })), 40058);
    assert_eq!(phone.code("appchat/get?chatid=opsroom2026", &json!({})), 40058, "the other method");
    assert_eq!(phone.code("externalcontact/groupchat/list", &json!({ "limit": 1001 })), 40058);
    assert_eq!(phone.code("appchat/send", &json!({ "chatid": "opsroom2026", "msgtype": "hologram" })), 40008);
    let noted = phone.0.take_unexpected().unwrap();
    assert_eq!(
        noted.len(),
        7,
        "what no client may send is counted, what a platform may refuse is not: {noted:?}"
    );
}

#[test]
fn a_group_of_an_app_keeps_two_members_so_it_can_not_be_emptied() {
    let mut phone = Phone::new();
    let chat = "projectAlpha";
    let put_out = |users: &[&str]| json!({ "chatid": chat, "del_user_list": users });
    assert_eq!(phone.code("appchat/update", &put_out(&["LiuYang", "SunLi"])), 86006);
    assert_eq!(phone.code("appchat/update", &put_out(&["LiuYang"])), 0);
    assert_eq!(phone.code("appchat/update", &put_out(&["SunLi"])), 86006);
    assert_eq!(phone.0.world().groups[chat].members.len(), 2);
}

#[test]
fn groups_are_made_within_the_limits() {
    let mut phone = Phone::new();
    let make = |id: &str, users: &[&str]| json!({ "chatid": id, "name": "n", "userlist": users });
    let two = ["LiuYang", "SunLi"];
    assert_eq!(phone.code("appchat/create", &make("fresh1", &two)), 0);
    assert_eq!(phone.code("appchat/create", &make("fresh1", &two)), 86215);
    assert_eq!(phone.code("appchat/create", &make("not-plain", &two)), 86001);
    assert_eq!(phone.code("appchat/create", &make(&"x".repeat(33), &two)), 86205);
    assert_eq!(phone.code("appchat/create", &make("fresh2", &two[..1])), 86006);
    assert_eq!(phone.code("appchat/create", &make("fresh3", &["LiuYang", "NobodyKnows"])), 86007);
    let today = day(phone.1);
    phone.0.made.insert(today, 1000);
    assert_eq!(phone.code("appchat/create", &make("fresh4", &two)), 45009);
    phone.1 = phone.1.plus_secs(86_400);
    assert_eq!(phone.code("appchat/create", &make("fresh4", &two)), 0);
}

#[test]
fn any_world_is_played_and_its_apps_are_told_by_what_they_may() {
    let spec = adjourn_world::WorldSpec::of("wecom").unwrap();
    let seeded = seed::played(seed::rules(), &spec);
    let secret = |secrets: &std::collections::BTreeMap<String, adjourn_connector_kit::Secret>| {
        secrets["secret"].expose().to_owned()
    };
    assert_eq!(
        (secret(&seeded.secrets), secret(&seeded.witness_secrets)),
        ("wecom-owner".to_owned(), "wecom-witness".to_owned())
    );
    assert_eq!(seeded.busy.as_str(), spec.groups[0].id);
    let customers =
        spec.groups.iter().filter(|group| group.kind == adjourn_domain::group::Kind::ExternalCustomer);
    let named = seeded.settings["appchats"].split(',').count();
    assert_eq!(named, spec.groups.len() - customers.count());
}

#[test]
fn every_documented_kind_of_message_is_taken_and_its_fields_are_checked() {
    let mut phone = Phone::new();
    let chat = "opsroom2026";
    let card = json!({ "chatid": chat, "msgtype": "textcard", "safe": 0, "textcard": { "title": "t", "description": "d", "url": "u" } });
    assert_eq!(phone.code("appchat/send", &card), 0);
    let image = json!({ "chatid": chat, "msgtype": "image", "image": { "media_id": "m" } });
    assert_eq!(phone.code("appchat/send", &image), 0);
    let other = json!({ "chatid": chat, "msgtype": "text", "text": { "content": "x" }, "markdown": {} });
    assert_eq!(phone.code("appchat/send", &other), 40058);
    let last = phone.0.world().groups[chat].messages.iter().rev().take(2).map(|it| it.text.clone().unwrap());
    assert_eq!(last.collect::<Vec<_>>(), ["[image]", "t"]);
}

#[test]
fn a_robot_posts_twenty_messages_a_minute_and_nothing_empty() {
    let mut phone = Phone::new();
    let link = phone.0.world().groups["opsroom2026"].links[0].clone();
    let call = format!("webhook/send?key={}", super::office::robot_key("opsroom2026", &link));
    let mut post = |text: &str| {
        phone.ask(&call, &json!({ "msgtype": "text", "text": { "content": text } })).1["errcode"].clone()
    };
    assert_eq!(post(""), 44004);
    for _ in 0..20 {
        assert_eq!(post("x"), 0);
    }
    assert_eq!(post("x"), 45009);
    assert_eq!(post(""), 44004, "an empty one is refused as such and counts for nothing");
}

#[test]
fn what_is_pressed_on_phones_is_known_to_the_calls_and_to_the_receiver() {
    let mut phone = Phone::new();
    let group = "wrOgQhDgAAcwMTB7YmDkbeBsgTAAAA";
    let press = |phone: &mut Phone, who: &str, page: &str, fields: Value| {
        let uri = format!("https://client.simulated.invalid/client/phone/{who}/{page}");
        let request = http::Request::post(uri).body(Bytes::from(fields.to_string())).unwrap();
        assert!(phone.0.answer(phone.1, &request).status().is_success(), "{who} {fields}");
    };
    let page = format!("chat/{group}/dissolve");
    press(&mut phone, "LiQiang", &page, json!({ "act": "nominate", "to": "LiuYang" }));
    press(&mut phone, "LiuYang", "inbox", json!({ "act": "accept", "group": group }));
    assert!(phone.0.approvals.is_empty(), "accepted is not approved");
    press(&mut phone, "ZhaoLei", "inbox", json!({ "act": "approve", "group": group }));
    let known: Vec<_> = phone.0.approvals.iter().map(|it| (&*it.chat, &*it.to)).collect();
    assert_eq!(known, [(group, "LiuYang")]);
    press(&mut phone, "LiQiang", &page, json!({ "act": "dissolve" }));
    assert_eq!(phone.0.callbacks().len(), 1);
    assert_eq!(phone.0.effects_of(Op::Dissolve, group), 1);
}
