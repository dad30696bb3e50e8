//! Owners are asked by a link whether their groups are still needed.

use adjourn_domain::asset::{Day, Length};
use serde_json::{Value, json};

use crate::office::Office;
use crate::support::now;
use crate::support::serve::Serve;
use crate::view;

fn later(days: u16) -> String {
    Day::of(now(), 480).later(Length::Days(days)).unwrap().to_string()
}

fn links(office: &Office, base: &str, days: &str) -> Value {
    let (code, said) = office.run(&["renew", "--ask", "--base-url", base, "--days", days, "--out", "links"]);
    assert_eq!(code, 0, "{said}");
    said
}

fn path_of(said: &Value) -> String {
    let link = said["links"][0]["link"].as_str().unwrap();
    link[link.find("/renew/").unwrap()..].to_owned()
}

#[test]
fn req_g1_owners_answer_by_a_link_and_no_answer_ends_a_group() {
    let office = Office::new(&[]);
    let (soon, far) = (later(10), later(300));
    let ledger = format!(
        "name,platform,owner,contact,class,id,expires\nAlpha,qq,Li,1,important,a,{soon}\n\
         Beta,qq,Li,1,important,b,2020-01-31\nGamma,qq,Han,,important,c,{soon}\nDelta,qq,Li,1,important,d,{far}\n"
    );
    office.write("groups.csv", ledger);
    assert_eq!(office.run(&["register", "--ledger", "groups.csv", "--connection", "q"]).0, 0);
    let cards = office.run(&["ls"]).1;
    let id = |native: &str| {
        let all = cards["groups"].as_array().unwrap();
        all.iter().find(|card| card["native"] == native).unwrap()["group"].as_str().unwrap().to_owned()
    };

    let server = Serve::start(&office);
    let base = format!("http://{}", server.address);
    let old = path_of(&links(&office, &base, "14"));
    assert_eq!(server.get(&old).status, 200);
    let said = links(&office, &base, "13");
    assert_eq!((said["links"].as_array().unwrap().len(), &said["nobody"]), (1, &json!([id("c")])));
    let path = path_of(&said);
    let list = std::fs::read_to_string(office.path(said["list"].as_str().unwrap())).unwrap();
    assert_eq!((list.lines().count(), list.contains(&path)), (2, true));

    // The page: this owner's groups that expire, in the reader's language, and nothing for anybody else.
    assert_eq!(server.get(&old).status, 410, "links made anew close the old ones");
    let page = server.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.head.contains("default-src 'none'") && page.head.contains("no-store"));
    let shows = |name: &str| page.body.contains(&format!("<bdi>{name}</bdi>"));
    assert_eq!(["Alpha", "Beta", "Gamma", "Delta"].map(shows), [true, true, false, false]);
    assert!(!page.body.contains("<script"));
    let chinese = server.get_in(&path, "zh-CN").body;
    assert!(chinese.contains("lang=\"zh-CN\"") && chinese.contains("\u{7fa4}"));
    let forged = format!("{}0", path.trim_end_matches(|c: char| c.is_ascii_hexdigit() && c != '0'));
    assert_eq!(server.get(&forged).status, 404);
    assert_eq!(server.get(&path.replace("/renew/", "/task/")).status, 404, "it opens nothing else");

    let (a, b, d) = (id("a"), id("b"), id("d"));
    let post = |fields: &[(&str, &str)]| server.post(&format!("{path}/answer"), fields, None).status;
    let until = later(200);
    assert_eq!(
        post(&[("group", &a), ("answer", "needed"), ("until", "2020-02-01")]),
        400,
        "a day that is over"
    );
    assert_eq!(post(&[("group", &a), ("answer", "needed"), ("until", "soon")]), 400);
    assert_eq!(post(&[("group", &a)]), 400, "no answer");
    assert_eq!(post(&[("group", &d), ("answer", "not_mine")]), 404, "nobody asked about it");
    assert_eq!(post(&[("group", &a), ("answer", "needed"), ("until", &until)]), 303);
    assert_eq!(post(&[("group", &b), ("answer", "not_needed"), ("text", "the fair is over")]), 303);
    assert_eq!(post(&[("group", &b), ("answer", "not_mine")]), 409, "one answer to one question");
    let page = server.get(&path).body;
    assert!(page.contains(&format!("needed until {until}")) && !page.contains("<form"));

    // One is renewed, the other one is for a person to decide: no plan, no case.
    let expiring = view(&office, "expiring");
    assert_eq!(expiring.iter().map(String::as_str).collect::<Vec<_>>(), ["b", "c"]);
    let said = office.run(&["ls", "--view", "expiring"]).1;
    let beta = said["groups"].as_array().unwrap().iter().find(|card| card["native"] == "b").unwrap();
    let answered = &beta["register"]["answered"];
    assert_eq!((&answered["says"], &answered["text"]), (&json!("not_needed"), &json!("the fair is over")));
    assert_eq!(office.run(&["ls", "--cases"]).1["cases"], json!([]));
    assert!(
        office.says("en", &["ls", "--view", "expiring"]).contains("not needed any more (the fair is over)")
    );
    let history = office.run(&["show", "b"]).1["history"].clone();
    let kept = &history.as_array().unwrap().last().unwrap()["event"];
    assert_eq!((&kept["shown"]["name"], &kept["shown"]["expires"]), (&json!("Beta"), &json!("2020-01-31")));

    // Who has answered is not asked again.
    let again = links(&office, &base, "14");
    assert_eq!(
        (&again["links"], &again["answered"], &again["list"]),
        (&json!([]), &json!([b]), &json!(null))
    );
}
