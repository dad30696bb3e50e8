//! Five hundred groups from ledgers, a link for each owner, and the page behind it: the built binary over a simulated
//! platform on a socket.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod all_move;
mod creation;
mod ledgers;
mod office;
mod outposts;
mod platform;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use adjourn_domain::capability::Op;
use adjourn_world::client_obeys;
use serde_json::{Value, json};

use ledgers::{csv, owner, words, xlsx};
use office::Office;
use platform::platform;
use support::now;
use support::serve::{Answer, Serve};

/// Groups in the ledgers.
const ALL: usize = 500;
/// Of these, in a case of their own that is carried out.
const RUN: usize = 6;

/// SHA-256 of [`all_move::SHOT`], of which nothing is taken out.
const SHOT_SHA256: &str = "021d485f04eb6970df1b56be1752eb256497859ab10fb7a8bfa473c105e385c7";

/// The path of a link.
fn path_of(link: &Value) -> String {
    let link = link["link"].as_str().unwrap();
    link[link.find("/task/").unwrap()..].to_owned()
}

#[test]
fn every_owner_gets_one_link_to_just_the_own_groups() {
    let platform = platform();
    let office = Office::new();
    office.staffed(&platform);
    csv(&office.path("a.csv"), 0..ALL / 2);
    xlsx(&office.path("b.xlsx"), ALL / 2..ALL);

    let (code, dry) =
        office.run("asker", &["register", "--ledger", "a.csv", "--connection", "wx", "--dry-run"]);
    assert_eq!((code, dry["new"].as_array().unwrap().len(), &dry["form"]), (0, ALL / 2, &json!("gb18030")));
    assert!(
        office.run("asker", &["ls"]).1["groups"].as_array().unwrap().is_empty(),
        "a dry run writes nothing"
    );
    let mut groups = Vec::new();
    for ledger in ["a.csv", "b.xlsx"] {
        let (code, said) = office.run("asker", &["register", "--ledger", ledger, "--connection", "wx"]);
        assert_eq!((code, said["problems"].as_array().unwrap().len()), (0, 0), "{said}");
        groups.extend(said["new"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        let again = office.run("asker", &["register", "--ledger", ledger, "--connection", "wx"]).1;
        assert_eq!((&again["same"], again["changed"].as_array().unwrap().len()), (&json!(ALL / 2), 0));
    }
    assert_eq!(groups.iter().collect::<BTreeSet<_>>().len(), ALL);

    let case = office.approved(&groups);
    let server = Serve::start(&office);
    let base = format!("http://{}", server.address);
    let (code, made) = office.run("asker", &["task", "links", &case, "--base-url", &base, "--out", "links"]);
    assert_eq!(code, 0, "{made}");
    let links = made["links"].as_array().unwrap();
    assert_eq!(links.len(), 10);

    // Nobody forgotten: every group once, under one owner or with nobody.
    let board = office.run("", &["task", "ls", &case]).1;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let of_owners =
        board["owners"].as_array().unwrap().iter().flat_map(|owner| owner["tasks"].as_array().unwrap());
    let of_nobody = board["nobody"].as_array().unwrap().iter().map(|one| &one["task"]);
    for task in of_owners.chain(of_nobody) {
        *seen.entry(task["group"].as_str().unwrap()).or_default() += 1;
    }
    assert_eq!(seen.len(), ALL);
    assert!(seen.values().all(|count| *count == 1));
    assert_eq!(board["nobody"].as_array().unwrap().len(), 1);
    assert_eq!(board["nobody"][0]["why"], "no_contact");

    // A page has the owner's groups and no other.
    let name = words()["group"].as_str().unwrap().to_owned();
    for (at, link) in links.iter().enumerate() {
        let page = server.get(&path_of(link));
        assert_eq!(page.status, 200);
        let owner = (0..10).find(|n| owner(*n).0 == link["name"].as_str().unwrap()).unwrap();
        let shown: BTreeSet<usize> = page
            .body
            .split(&format!("<bdi>{name} "))
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().parse().unwrap())
            .collect();
        let own: BTreeSet<usize> = (0..ALL - 1).filter(|n| n % 10 == owner).collect();
        assert_eq!(shown, own, "owner {at}");
        assert!(page.body.contains(&format!("0 of {} steps done", own.len())));
    }

    // The list and the printed page: one line, one code each.
    let list = std::fs::read_to_string(office.path(made["list"].as_str().unwrap())).unwrap();
    assert_eq!(list.lines().count(), 11);
    let sheet = std::fs::read_to_string(office.path(made["page"].as_str().unwrap())).unwrap();
    assert_eq!(sheet.matches("<svg").count(), 10);
    assert!(!sheet.contains("<script"));

    refuses_what_is_forged(&server, links);

    // New links close the old ones.
    let args = ["task", "links", &case, "--base-url", &base, "--days", "13", "--out", "links"];
    let (code, fresh) = office.run("asker", &args);
    assert_eq!(code, 0, "{fresh}");
    let old = server.get(&path_of(&links[0]));
    assert_eq!(old.status, 410);
    assert!(old.body.contains("task.replaced"));

    // A ledger that names another owner: the group leaves one page and is on the other, under the links that are out.
    let page = |who: usize| {
        let fresh = fresh["links"].as_array().unwrap();
        let link = fresh.iter().find(|link| link["name"] == owner(who).0.as_str()).unwrap();
        server.get(&path_of(link)).body
    };
    let shown = format!("<bdi>{name} 0<");
    assert_eq!((page(0).contains(&shown), page(1).contains(&shown)), (true, false));
    let ((name, contact), words) = (owner(1), words());
    let group = words["group"].as_str().unwrap();
    let row =
        [format!("{group} 0"), "wechat".to_owned(), name, contact, "important".to_owned(), "r-0".to_owned()];
    ledgers::comma_separated(&office.path("c.csv"), &[row]);
    let (code, said) = office.run("asker", &["register", "--ledger", "c.csv", "--connection", "wx"]);
    assert_eq!((code, said["changed"].as_array().unwrap().len()), (0, 1), "{said}");
    assert_eq!((page(0).contains(&shown), page(1).contains(&shown)), (false, true));
}

fn refuses_what_is_forged(server: &Serve, links: &[Value]) {
    let good = path_of(&links[0]);
    let other = path_of(&links[1]);
    let parts: Vec<&str> = good.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    let changed = |at: usize, with: &str| {
        let mut parts = parts.clone();
        parts[at] = with;
        parts.join(".")
    };
    let later = (parts[3].parse::<i64>().unwrap() + 1).to_string();
    let mac = parts[4].replace(['0', '1'], "2");
    for forged in [
        changed(1, "c-00000000"),
        changed(2, others[2]),
        changed(3, &later),
        changed(4, &mac),
        changed(4, ""),
        "/task/t1".to_owned(),
        format!("/task/{}", "x".repeat(2000)),
    ] {
        let answer = server.get(&forged);
        assert_eq!(answer.status, 404, "{forged}");
        assert!(answer.body.contains("task.link") && !answer.body.contains("<form"), "{forged}");
    }
    let chinese = server.get_in(&changed(3, &later), "zh-CN,zh;q=0.9,en;q=0.5");
    assert!(chinese.body.contains("<html lang=\"zh-CN\">"));
    let page = server.get(&good);
    for header in [
        "content-security-policy: default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
        "referrer-policy: same-origin",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
    ] {
        assert!(page.head.contains(header), "{}", page.head);
    }
    assert!(
        !page.body.contains("<script") && !page.body.contains("http://") && !page.body.contains("style=\"")
    );
    // Nothing changes by GET.
    assert_eq!(server.get(&format!("{good}/done")).status, 405);
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn an_owner_hands_in_what_shows_it_and_the_step_moves() {
    let platform = platform();
    let office = Office::new();
    office.staffed(&platform);
    csv(&office.path("a.csv"), 0..RUN);
    let registered = office.run("asker", &["register", "--ledger", "a.csv", "--connection", "wx"]).1;
    let groups: Vec<String> =
        registered["new"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    let case = office.approved(&groups);
    let (code, said) = office.run("asker", &["apply", &case, "--detach"]);
    assert!(matches!(code, 0 | 6), "{said}");
    let server = Serve::start(&office);
    let base = format!("http://{}", server.address);
    let links = office.run("asker", &["task", "links", &case, "--base-url", &base, "--out", "links"]).1;
    let links = links["links"].as_array().unwrap();
    assert_eq!(links.len(), RUN);
    let board = |state: &str| -> usize {
        let (_, board) = office.run("", &["task", "ls", &case]);
        let owners = board["owners"].as_array().unwrap();
        owners.iter().map(|owner| usize::try_from(owner[state].as_u64().unwrap()).unwrap()).sum()
    };
    wait_until("every group waits for a person", || board("open") == RUN);

    let (first, second, third) = (path_of(&links[0]), path_of(&links[1]), path_of(&links[2]));
    let page = server.get(&first);
    let value = |page: &Answer, name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.body.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert!(page.body.contains("capture=\"environment\""), "straight from the camera: {}", page.body);
    let (group, step) = (value(&page, "group"), value(&page, "step"));
    let title = page.body.split("<bdi>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let native = format!("r-{}", title.rsplit(' ').next().unwrap());
    let shot = all_move::SHOT;
    let fields = [("group", group.as_str()), ("step", step.as_str()), ("typed_name", title.as_str())];

    // Somebody else's link does not answer for this group, and a wrong name does not confirm it.
    assert_eq!(server.post(&format!("{second}/done"), &fields, Some(shot)).status, 404);
    let wrong = [fields[0], fields[1], ("typed_name", "another group")];
    let refused = server.post(&format!("{first}/done"), &wrong, Some(shot));
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("step.confirm"));
    assert_eq!(server.post(&format!("{first}/done"), &fields, None).status, 400, "nothing shows it");
    let huge = vec![0; 21 * 1024 * 1024];
    assert_eq!(server.post(&format!("{first}/done"), &fields, Some(("a.png", &huge))).status, 413);
    assert_eq!(board("open"), RUN);

    // The person does it on the platform, hands it in, and the read-back ends the step.
    client_obeys(&mut **platform.simulator.lock().unwrap(), Op::Dissolve, &native.as_str().into(), now())
        .unwrap();
    let done = server.post(&format!("{first}/done"), &fields, Some(shot));
    assert_eq!(done.status, 303, "{}", done.body);
    wait_until("the step is done", || board("done") == 1);
    let again = server.post(&format!("{first}/done"), &fields, Some(shot));
    assert_eq!(again.status, 409, "{}", again.body);
    let page = server.get(&first).body;
    assert!(page.contains("1 of 1 steps done") && page.contains(SHOT_SHA256), "{page}");

    // Another one can't do it, and says why; planning is open again for that group.
    let page = server.get(&third);
    let (group, step) = (value(&page, "group"), value(&page, "step"));
    let cant = [("group", group.as_str()), ("step", step.as_str()), ("reason", "the phone is lost")];
    assert_eq!(server.post(&format!("{third}/cant"), &cant[..2], None).status, 400, "without a reason");
    assert_eq!(server.post(&format!("{third}/cant"), &cant, None).status, 303);
    wait_until("it is noted", || board("cant") == 1);

    // Reminders: none is due so soon after the links; the journal has each that was.
    let (code, none) = office.run("asker", &["task", "remind", &case, "--base-url", &base, "--out", "links"]);
    assert_eq!((code, none["reminded"].as_array().unwrap().len()), (0, 0), "{none}");
}

fn wait_until(what: &str, test: impl FnMut() -> bool) {
    wait_in_steps(Duration::from_millis(300), what, test);
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn wait_in_steps(step: Duration, what: &str, mut test: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !test() {
        assert!(begun.elapsed() < Duration::from_mins(12), "{what}");
        std::thread::sleep(step);
    }
}
