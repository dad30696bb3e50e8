//! Laws as scripts use them: chosen by the configuration, none at all, an unknown one; and certificates as a page.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(data: &Path, lang: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.env_clear().args(["--data", data.to_str().unwrap(), "--lang", lang]).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A data folder with this configuration, in a folder of its own.
fn office(config: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("config.toml"), config).unwrap();
    (dir, data)
}

#[test]
fn req_c1_c2_c3_c4_facts_about_laws_are_those_of_the_chosen_packs_for_every_platform() {
    let ((_a, standard), (_b, lawless)) = (office(""), office("[law]\npacks = []\n"));
    for platform in ["wechat", "qq", "dingtalk", "wecom", "matrix"] {
        let rows = |data: &Path| {
            let output = run(data, "en", &["--json", "facts", platform, "--only", "C"]);
            let value: Value = serde_json::from_slice(&output.stdout).unwrap();
            value.pointer("/facts").and_then(Value::as_array).unwrap().len()
        };
        assert_eq!((rows(&standard), rows(&lawless)), (25, 0), "{platform}");
    }
}

#[test]
fn req_c4_without_a_law_doctor_and_retention_say_so_and_an_unknown_one_is_named() {
    let (_a, lawless) = office("[law]\npacks = []\n");
    for (lang, says) in [("en", "[law] packs is empty"), ("zh-CN", "[law] packs \u{4e3a}\u{7a7a}")] {
        for verb in [&["doctor"][..], &["retention", "ls"]] {
            let output = said(&run(&lawless, lang, verb));
            assert!(output.contains(says), "{output}");
        }
    }
    let (_b, standard) = office("");
    let output = said(&run(&standard, "en", &["doctor"]));
    assert!(output.contains("People's Republic of China (prc)"), "{output}");
    let (_c, unknown) = office("[law]\npacks = ['atlantis']\n");
    for lang in ["en", "zh-CN"] {
        for verb in [&["retention", "ls"][..], &["facts", "qq"], &["guide", "qq", "--owner", "me"]] {
            let output = run(&unknown, lang, verb);
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert!(error.contains("law.unknown") && error.contains("atlantis"), "{error}");
        }
    }
}

#[test]
fn a_case_has_its_certificates_as_a_page_and_a_bundle_that_was_touched_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("drill");
    let drill = run(dir.path(), "en", &["--json", "demo", "--out", out.to_str().unwrap()]);
    let drill: Value = serde_json::from_slice(&drill.stdout).unwrap();
    let case = drill.pointer("/cases/0/id").and_then(Value::as_str).unwrap();
    let page = dir.path().join("certificate.html");
    let (keys, bundles) = (out.join("keys"), out.join("bundles"));
    let cert = |what: &str| {
        let places = ["--keys", keys.to_str().unwrap(), "--bundles", bundles.to_str().unwrap()];
        let verb = ["--json", "cert", "show", what, "--html", page.to_str().unwrap()];
        run(&out, "en", &[&places[..], &verb[..]].concat())
    };
    let shown = cert(case);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let certificates = shown.pointer("/certificates").and_then(Value::as_array).unwrap();
    let text = std::fs::read_to_string(&page).unwrap();
    for certificate in certificates {
        let group = certificate.pointer("/group").and_then(Value::as_str).unwrap();
        assert_eq!(text.matches(group).count(), 2, "{group} once in each language");
    }
    assert!(certificates.len() > 1 && text.contains("DRILL"), "{shown}");
    std::fs::remove_file(&page).unwrap();
    let bundle = Path::new(shown.pointer("/bundle").and_then(Value::as_str).unwrap()).to_owned();
    std::fs::write(bundle.join("data/plan.json"), b"{}").unwrap();
    assert_eq!(cert(case).status.code(), Some(8));
    assert_eq!(cert("../../etc").status.code(), Some(1));
    assert!(!page.exists(), "nothing is printed out of it");
}
