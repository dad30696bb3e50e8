//! The list of the configuration's keys, from which its reference and its JSON Schema are made, is the one that the program reads: no key is missing in it,
//! none is made up, and what the documents show is read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Config;

const KEYS: &str = include_str!("keys.json");
const PAGES: [&str; 2] = [
    include_str!("../../../../docs/reference/config.md"),
    include_str!("../../../../docs/reference/config.zh-CN.md"),
];

/// The keys of each table, as the list has them.
fn listed() -> BTreeMap<String, BTreeSet<String>> {
    let list: Value = serde_json::from_str(KEYS).unwrap();
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for key in list["keys"].as_array().unwrap() {
        let mut path = key["path"].as_str().unwrap();
        // A table is a key of the one around it, unless any name is.
        while let Some((table, name)) = path.rsplit_once('.') {
            if !name.chars().all(char::is_uppercase) {
                tables.entry(table.to_owned()).or_default().insert(name.to_owned());
            }
            path = table;
        }
        tables.entry(String::new()).or_default().insert(path.to_owned());
    }
    tables
}

/// The keys of a table, as the program names them when it finds one that it does not know.
fn read(table: &str) -> BTreeSet<String> {
    let header = if table.is_empty() { String::new() } else { format!("[{table}]\n") };
    let says = toml::from_str::<Config>(&format!("{header}zzz = 1\n")).unwrap_err().message().to_owned();
    let (_, expected) = says.split_once("expected ").unwrap_or_else(|| panic!("{table}: {says}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_key_is_in_the_list_and_none_is_made_up() {
    for (table, keys) in listed() {
        assert_eq!(keys, read(&table), "[{table}]");
    }
}

#[test]
fn what_the_documents_show_is_read() {
    for page in PAGES {
        let blocks: Vec<&str> =
            page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(!blocks.is_empty(), "the page has examples");
        for block in blocks {
            if let Err(error) = toml::from_str::<Config>(block) {
                panic!("{error}\n{block}");
            }
        }
    }
}

#[test]
fn the_page_about_webhooks_lists_every_kind_of_events() {
    let page = include_str!("../../../../docs/operations/webhooks.md");
    for kind in adjourn_domain::event::kinds() {
        assert!(page.contains(&format!("`{kind}`")), "{kind}");
    }
}
