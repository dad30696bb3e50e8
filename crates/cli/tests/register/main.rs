//! The asset register: ten thousand groups from one ledger, three hundred leavers, the views, and bad input; the built
//! binary over a simulated platform on a socket.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod ask;
mod bad_input;
mod fixture;
mod life;
mod office;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use adjourn_domain::asset::Day;
use serde_json::{Value, json};

use fixture::{Debt, GROUPS, LEAVERS};
use office::Office;
use support::now;

/// The platform's ids of the groups in a view.
pub(crate) fn view(office: &Office, view: &str) -> BTreeSet<String> {
    let (code, said) = office.run(&["ls", "--view", view]);
    assert_eq!(code, 0, "{said}");
    let groups = said["groups"].as_array().unwrap();
    let ids: BTreeSet<String> =
        groups.iter().map(|card| card["native"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), groups.len(), "a group once");
    ids
}

/// What the groups are owed, as `ls --view owed` has it.
pub(crate) fn owed(office: &Office) -> BTreeMap<Debt, Option<String>> {
    let (code, said) = office.run(&["ls", "--view", "owed"]);
    assert_eq!(code, 0, "{said}");
    let mut owed = BTreeMap::new();
    for card in said["groups"].as_array().unwrap() {
        for debt in card["owed"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let key = (text(&card["native"]), text(&debt["role"]), text(&debt["leaver"]["name"]));
            let proposed = debt["proposed"]["name"].as_str().map(str::to_owned);
            assert_eq!(owed.insert(key, proposed), None, "a successor is owed once");
        }
    }
    owed
}

fn count(said: &Value, of: &str) -> usize {
    said[of].as_array().unwrap().len()
}

#[test]
fn req_g11_ten_thousand_groups_and_three_hundred_leavers_owe_exactly_these_successors() {
    let office = Office::new(&[]);
    let (ledger, leavers) = (fixture::ledger(Day::of(now(), 480)), fixture::leavers());
    office.write("groups.csv", &ledger);
    office.write("leavers.csv", &leavers);
    let (code, said) = office.run(&["register", "--ledger", "groups.csv", "--connection", "q"]);
    assert_eq!((code, count(&said, "new"), count(&said, "problems")), (0, GROUPS, 0));

    // Views, against the ledger's own text.
    let lines = fixture::lines(&ledger);
    let ids = |takes: &dyn Fn(&fixture::Line<'_>) -> bool| -> BTreeSet<String> {
        lines.iter().filter(|line| takes(line)).map(|line| line.id.to_owned()).collect()
    };
    let soon = ids(&|line| !line.expires.is_empty() && line.expires != "2099-12-31");
    assert_eq!((soon.len(), view(&office, "expiring")), (GROUPS / 5, soon));
    assert_eq!(view(&office, "one-owner"), ids(&|line| line.deputy.is_empty()));
    assert_eq!(view(&office, "unknown").len(), GROUPS, "no platform has shown one");
    for empty in ["orphan", "idle"] {
        assert_eq!(view(&office, empty), BTreeSet::new(), "{empty}");
    }

    // Leavers: nothing by a dry run, then exactly what the files say, and nothing more by reading them again.
    let expected = fixture::owed(&ledger, &leavers);
    let (code, dry) = office.run(&["register", "--leavers", "leavers.csv", "--dry-run"]);
    assert_eq!((code, count(&dry, "owed")), (0, expected.len()));
    let (code, said) = office.run(&["register", "--leavers", "leavers.csv"]);
    assert_eq!((code, &said["leavers"], count(&said, "owed")), (0, &json!(LEAVERS), expected.len()));
    let nothing: Vec<&str> =
        said["nothing"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((nothing.len(), nothing[0]), (10, "Nobody 290"));
    assert_eq!(owed(&office), expected);
    let (code, again) = office.run(&["register", "--leavers", "leavers.csv"]);
    assert_eq!((code, count(&again, "owed"), &again["known"]), (0, 0, &json!(expected.len())));

    // A ledger that names another owner settles that one debt, and the list read once more owes nothing new.
    let (settled, _) = expected.iter().find(|((_, role, _), _)| role == "owner").unwrap();
    let row = format!("name,platform,owner,contact,class,id\nX,qq,Somebody,1,important,{}\n", settled.0);
    office.write("new.csv", row);
    let (code, said) = office.run(&["register", "--ledger", "new.csv", "--connection", "q"]);
    assert_eq!((code, count(&said, "changed")), (0, 1));
    office.run(&["register", "--leavers", "leavers.csv"]);
    let mut left = expected.clone();
    left.remove(settled);

    let begun = Instant::now();
    assert_eq!(owed(&office), left);
    println!("ls --view owed of {GROUPS} groups: {} ms", begun.elapsed().as_millis());
    let nobody: BTreeSet<String> = left
        .iter()
        .filter(|((_, role, _), proposed)| role == "owner" && proposed.is_none())
        .map(|((id, ..), _)| id.clone())
        .collect();
    assert_eq!(view(&office, "orphan"), nobody, "the owner leaves and nobody who stays stands in");
}
