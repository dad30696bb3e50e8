//! Listings: the inventory of the organisation, templates, and the groups that the settings name.

use adjourn_connector_kit::{GroupRef, Kind};
use adjourn_domain::group::Activity;

use super::*;

fn all(bench: &Bench) -> Result<Vec<GroupRef>, ConnectorError> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..20 {
        let page = now(bench.connector.list(&bench.cx(false), cursor.as_deref()))?;
        items.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(items),
        }
    }
    panic!("a listing without end");
}

#[test]
fn a_dissolved_group_is_not_listed_and_is_not_found() {
    let bench = Bench::new();
    let before = all(&bench).unwrap().len();
    bench.act(&order(Op::Dissolve, BUSY, json!({}))).unwrap();
    let after = all(&bench).unwrap();
    assert_eq!(after.len(), before - 1);
    assert!(after.iter().all(|item| item.native.as_str() != BUSY));
    assert_eq!(bench.get(BUSY).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn without_an_inventory_templates_and_named_groups_are_listed() {
    let mut bench = Bench::new();
    bench.sim(|sim| sim.exclusive = false);
    let named = all(&bench).unwrap();
    assert_eq!(named.len(), 1, "only the group of the setting: {named:?}");
    assert!(named[0].name.is_some());
    bench.set("templates", "sim-template");
    let scenes = bench.sim(|sim| sim.scenes.len());
    assert_eq!(all(&bench).unwrap().len(), scenes + 1);
    bench.set("templates", "another");
    assert_eq!(all(&bench).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn a_page_of_another_length_than_it_says_is_refused() {
    let bench = Bench::new();
    bench.instead("orgGroupInfos", 200, r#"{"items":[],"itemCount":0,"totalCount":7}"#);
    assert_eq!(all(&bench).unwrap_err().kind, Kind::Protocol);
}

#[test]
fn req_h3_what_is_synced_to_the_organisations_drive_is_told_with_the_group() {
    let bench = Bench::new();
    let group = bench.get(BUSY).unwrap();
    assert_eq!(group.details["sync_to_dingpan"], "true");
    assert!(group.details["used_quota"].parse::<u64>().unwrap() > 0);
    assert!(matches!(group.activity, Activity::At(_)));
    // What stays there, and what nobody can remove, is said before the end.
    let says = bench.connector.descriptor();
    assert!(says.residue.iter().any(|note| note.code == "residue-dingtalk-drive"));
    let purge = says.capabilities.iter().find(|row| row.op == Op::Purge).unwrap();
    assert_eq!(purge.note, "dingtalk-no-purge");
}

#[test]
fn an_ordinary_group_that_only_the_inventory_knows_is_shown_with_less() {
    let mut bench = Bench::new();
    bench.set("groups", "");
    let group = bench.get(ORDINARY).unwrap();
    assert_eq!(group.details["group"], "ordinary");
    assert!(!group.details.contains_key("chatid"));
    assert_eq!(group.owners, [NativeId::from("staff03")]);
    assert_eq!(bench.verdict(ORDINARY), Verdict::StillThere);
    let to = order(Op::Transfer, ORDINARY, json!({ "to": "staff05" }));
    assert!(bench.act(&to).is_err(), "a group was transferred whose members are not known");
}

#[test]
fn req_x1_the_history_is_exported_by_a_person_and_that_is_said() {
    let bench = Bench::new();
    let row = bench.connector.descriptor().capabilities.iter().find(|row| row.op == Op::Export).unwrap();
    assert_eq!(row.note, "person-dingtalk-export");
    let exporter = bench.connector.exporter().unwrap();
    let refused = now(exporter.page(&bench.cx(false), &BUSY.into(), None)).unwrap_err();
    assert_eq!(refused.kind, Kind::Unsupported);
    assert!(bench.sent().is_empty());
}
