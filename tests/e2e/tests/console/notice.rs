//! A member on a phone, with nothing but a link: reads what was told, says so, objects, and sees the answer.

use std::time::Duration;

use adjourn_e2e::{Browser, PLAIN, RefDesk, wait_for};

use crate::served::{HERE, Served};

const LIMIT: Duration = Duration::from_mins(2);

#[test]
fn req_n5_a_member_reads_and_objects_by_a_link_and_sees_the_answer() {
    let served =
        Served::over(RefDesk::new(&[("cooling_off_s = 1", "cooling_off_s = 3600\nnamed_receipts = true")]));
    let office = &served.desk.office;
    let (case, _) = office.approved(PLAIN);
    office.run("requester", &["apply", &case, "--detach"]);
    let out = office.dir().join("links");
    let links = ["task", "notice", &case, "--base-url", &served.address, "--out", out.to_str().unwrap()];
    let said = office.json("requester", 0, &links);
    let group = &said["groups"][0];
    let link = group["link"].as_str().unwrap();
    let path = link.strip_prefix(&served.address).unwrap().to_owned();
    let told = wait_for(LIMIT, || (served.get(&path, None).status == 200).then_some(()));
    assert!(told.is_some(), "the group is told");
    let printed = std::fs::read_to_string(said["page"].as_str().unwrap()).unwrap();
    assert!(printed.contains("<svg") && printed.contains(link));
    let list = std::fs::read_to_string(said["list"].as_str().unwrap()).unwrap();
    assert_eq!(list.lines().count(), 2 + usize::try_from(group["members"].as_u64().unwrap()).unwrap());
    let own =
        list.lines().last().unwrap().split(',').find(|cell| cell.contains("/notice/")).unwrap().to_owned();
    let mut browser = Browser::start();
    browser.resize(360, 800);
    browser.open(link);
    browser.shows("This group will be dissolved");
    browser.shot("notice-360");
    browser.fill("Your name", "Sun Li");
    browser.click("I have read this");
    browser.waits("You said that you read this");
    browser.click("I object");
    browser.fill("Your name", "Sun Li");
    browser.fill("Why?", "my files <b>are</b> in it");
    browser.click("Send the objection");
    browser.waits("Your objection");
    browser.shows("my files <b>are</b> in it");
    // Twice is once, without a name is nothing, and nobody else sees it.
    let post = |url: &str, verb: &str, body: &str| Served::post(HERE, &format!("{url}/{verb}"), body, None);
    for _ in 0..2 {
        assert_eq!(post(&own, "read", "name=Wang").status, 303);
    }
    assert!(post(&own, "read", "name=").text().contains("notice.name"));
    assert!(post(link, "read", "name=Wang").text().contains("notice.browser"), "a browser without a number");
    let theirs = served.get(own.strip_prefix(&served.address).unwrap(), None).text();
    assert!(!theirs.contains("my files") && theirs.contains("You said that you read this"), "{theirs}");
    let ledger = office.json("requester", 0, &["reaction", "ls", &case]);
    let reaction = ledger["reactions"][0]["id"].as_str().unwrap();
    assert_eq!(ledger["reactions"][0]["reaction"]["from"], "Sun Li");
    office.json("requester", 0, &["reaction", "answer", &case, reaction, "--text", "They are exported."]);
    browser.open(link);
    browser.shows("They are exported.");
    browser.shot("notice-answered-360");
    // Whoever asked for it sees the count, and prints the links.
    served.account("requester");
    browser.resize(1440, 900);
    served.enters(&mut browser, "requester");
    browser.open(&format!("{}/case/{case}", served.address));
    browser.shows("2 of");
    browser.click("Members' notice, to print");
    browser.waits("Scan, or type the address");
    browser.shows("/notice/n1.");
    browser.shot("console-links");
}
