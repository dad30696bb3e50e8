//! The drill through the binary, under both rules: each ends rightly for its own, and says fact by fact where they differ.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::path::{Path, PathBuf};

use adjourn_e2e::{Adjourn, Output, tempdir};
use serde_json::{Value, json};

const PLATFORMS: [&str; 4] = ["wechat", "qq", "dingtalk", "wecom"];

fn demo(dir: &Path, rules: &str, more: &[&str]) -> Output {
    let out = dir.join(rules).display().to_string();
    let mut all = vec!["demo", "--seed", "5", "--rules", rules, "--out", &out];
    all.extend(more);
    let output = Adjourn::new(dir.join("data")).run(&all);
    assert_eq!(output.code, Some(0), "{output}");
    output
}

/// The one bundle of a drill, which is valid.
fn bundle(dir: &Path, rules: &str) -> PathBuf {
    let bundles = std::fs::read_dir(dir.join(rules).join("bundles")).unwrap();
    let mut cases =
        bundles.map(|entry| entry.unwrap().path()).filter(|path| path.join("data/plan.json").is_file());
    let bundle = cases.next().unwrap();
    assert_eq!(cases.next(), None);
    let checked = Adjourn::new(dir.join("data")).json(0, &["verify", bundle.to_str().unwrap()]);
    assert_eq!(checked["ok"], true, "{checked}");
    bundle
}

/// Until when QQ would bring its group back, as the sealed plan has it.
fn window(bundle: &Path) -> Value {
    let plan = std::fs::read(bundle.join("data/plan.json")).unwrap();
    let plan: Value = serde_json::from_slice(&plan).unwrap();
    let groups = plan["groups"].as_array().unwrap();
    let qq = groups.iter().find(|group| group["platform"] == "qq").unwrap();
    let steps = qq["steps"].as_array().unwrap();
    steps.iter().find(|step| step["op"] == "dissolve").unwrap()["reversible"].clone()
}

#[test]
fn req_x1_the_joint_case_ends_rightly_under_both_rules_and_the_difference_is_told_fact_by_fact() {
    let dir = tempdir();
    let ended = demo(dir.path(), "declared", &["--json"]).json();
    let known = (&ended["ok"], &ended["verified"], &ended["rules"]);
    assert_eq!(known, (&json!(true), &json!(true), &json!("declared")));
    let groups = ended["cases"][0]["groups"].as_array().unwrap();
    assert!(groups.iter().all(|group| group["verdict"] == "gone"), "{ended:#}");
    let mut platforms: Vec<&str> = groups.iter().map(|group| group["platform"].as_str().unwrap()).collect();
    platforms.dedup();
    assert_eq!(platforms, PLATFORMS);
    // What is published can be taken back for a day; what is confirmed can't.
    let published = window(&bundle(dir.path(), "declared"));
    assert_eq!(published, json!({ "until": "seconds", "seconds": 86_400 }));
    let differences = ended["differences"].as_array().unwrap();
    let of = |platform: &str| differences.iter().filter(|row| row["platform"] == platform).count();
    assert!(PLATFORMS.iter().all(|platform| of(platform) > 0));

    // The other rules, and each fact in words: both values, and the one that acted.
    let words = demo(dir.path(), "confirmed", &["--lang", "en"]).stdout;
    assert_eq!(window(&bundle(dir.path(), "confirmed")), json!({ "until": "never" }));
    let gone = words.lines().filter(|line| line.contains("(drill)") && line.ends_with(": verified gone"));
    assert_eq!(gone.count(), groups.len(), "{words}");
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for row in differences {
        let (key, declared) = (row["key"].as_str().unwrap(), shown(&row["declared"]));
        let confirmed = shown(&row["confirmed"]);
        let says = format!(" {key}: published {declared}, confirmed {confirmed}; acted here: {confirmed}");
        assert!(words.lines().any(|line| line.ends_with(&says)), "{says} in\n{words}");
    }
    // The record that is evidence has its minutes, to be printed in both languages.
    for language in ["zh-CN", "en"] {
        let minutes = std::fs::read_to_string(dir.path().join(format!("confirmed/minutes.{language}.txt")));
        assert!(minutes.unwrap().lines().count() > 15);
    }
}
