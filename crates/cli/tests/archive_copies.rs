//! A de-identified copy on its way to an anonymised one, and the archives in a bag, as people and scripts use them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use adjourn_domain::canonical::{Hash, canonical_json};
use serde_json::{Value, json};

fn adjourn(dir: &Path, args: &[&str]) -> Output {
    let mut all = vec!["--lang", "en", "--data", "d", "--key", "li.key", "--json"];
    all.extend(args);
    Command::new(env!("CARGO_BIN_EXE_adjourn")).args(all).current_dir(dir).output().expect("the binary runs")
}

/// What a command that is to work says.
fn done(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exit code and error of a command that is refused.
fn refused(output: &Output) -> (i32, String, Value) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let error: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap();
    let error = error["error"].clone();
    (output.status.code().unwrap(), error["code"].as_str().unwrap().to_owned(), error)
}

/// Twelve people of two departments, one of them the owner, and somebody's key.
fn office() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let mut lines = String::new();
    for number in 0..12 {
        let department = if number % 2 == 0 { "sales" } else { "it" };
        let role = if number == 0 { "owner" } else { "member" };
        let line = json!({
            "id": number, "sender": format!("wxid_{number}abcdef"), "text": format!("ask wxid_{}abcdef", (number + 1) % 12),
            "department": department, "role": role, "joined": format!("2026-03-{:02}", number + 10),
        });
        lines.extend([format!("{line}\n")]);
    }
    fs::write(dir.join("in.jsonl"), lines).unwrap();
    fs::write(dir.join("li.key"), format!("adjourn-principal-key v1\n{}\n", "07".repeat(32))).unwrap();
    fs::set_permissions(dir.join("li.key"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::create_dir_all(dir.join("d-bundles/copies")).unwrap();
    home
}

const COPY: &str = "d-bundles/copies/copy.jsonl";
const NEW: &str = "d-bundles/copies/new.jsonl";
const REPORT: &str = "d-bundles/copies/copy.jsonl.report.json";

/// What `archive ls` says of each copy.
fn states(dir: &Path) -> Vec<(String, String)> {
    let listed = done(&adjourn(dir, &["archive", "ls"]));
    let rows = listed["archives"].as_array().unwrap().iter();
    let name = |row: &Value| row["archive"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    rows.map(|row| (name(row), row["state"].as_str().unwrap().to_owned())).collect()
}

fn said(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn req_c1_a_copy_is_called_anonymised_only_when_nobody_is_told_apart_and_its_key_is_gone() {
    let home = office();
    let dir = home.path();
    done(&adjourn(dir, &["redact", "in.jsonl", "--out", COPY, "--report", REPORT, "--scope", "sales"]));
    let before = fs::read(dir.join(COPY)).unwrap();
    assert_eq!(states(dir), said(&[("copy.jsonl", "deidentified")]));

    // The owner and everybody's day are shown, masked; nothing is destroyed.
    let small = adjourn(dir, &["archive", "anonymise", COPY]);
    let (exit, code, error) = refused(&small);
    assert_eq!((exit, code.as_str()), (4, "anonymise.small"), "{error}");
    let counted: Value = serde_json::from_slice(&small.stdout).unwrap();
    assert_eq!((&counted["counted"]["people"], &counted["counted"]["smallest"]), (&json!(12), &json!(1)));
    assert!(!counted.to_string().contains("sales") && !counted.to_string().contains("2026-03"));
    let key = dir.join("d-keys/p/sales.key");
    let backup = fs::read(&key).unwrap();

    let mut wish =
        vec!["archive", "anonymise", COPY, "--generalise", "joined=month", "--suppress", "--out", NEW];
    let dry = done(&adjourn(dir, &[&wish[..], &["--dry-run"]].concat()));
    assert_eq!((&dry["state"], &dry["suppressed"]), (&json!("de-identified"), &json!(6)));
    let (exit, code, error) = refused(&adjourn(dir, &wish));
    assert_eq!((exit, code.as_str()), (3, "anonymise.confirm"), "{error}");
    assert!(!dir.join(NEW).exists() && key.exists());
    let typed = error["args"]["code"].as_str().unwrap().to_owned();
    assert_eq!(
        refused(&adjourn(dir, &[&wish[..], &["--generalise", "colour"]].concat())).1,
        "anonymise.attribute"
    );

    wish.extend(["--confirm", &typed]);
    let made = done(&adjourn(dir, &wish));
    assert_eq!(made["state"], "anonymised");
    assert_eq!(made["method"], "under_root");
    assert!(!key.exists() && fs::read(dir.join(COPY)).unwrap() == before, "the old copy stays");
    let text = fs::read_to_string(dir.join(NEW)).unwrap();
    assert!(!text.contains("owner") && !text.contains("2026-03-1") && text.contains("2026-03"), "{text}");
    assert_eq!(states(dir), said(&[("copy.jsonl", "unchecked"), ("new.jsonl", "anonymised")]));
    let proof: Value =
        serde_json::from_slice(&fs::read(dir.join("d-bundles/copies/new.jsonl.anonymised.json")).unwrap())
            .unwrap();
    let statement = &proof["statement"];
    assert_eq!(statement["copy"]["sha256"], json!(Hash::of(text.as_bytes())));
    assert_eq!(statement["copy"]["made_of"], json!(Hash::of(&before)));
    assert_eq!(
        (&statement["k"], &statement["people"], &statement["suppressed"]),
        (&json!(5), &json!(12), &json!(6))
    );
    assert!(statement["key"]["id"].as_str().unwrap().starts_with(&typed));
    assert!(statement["not_covered"].to_string().contains("backups"), "the residual risk is said");
    let signed = &proof["signatures"][0];
    let (by, signature) = (signed["public_key"].as_str().unwrap(), signed["signature"].as_str().unwrap());
    assert!(adjourn_adapters::signer::check(by, &canonical_json(statement).unwrap(), signature));
    let report: Value =
        serde_json::from_slice(&fs::read(dir.join("d-bundles/copies/new.jsonl.report.json")).unwrap())
            .unwrap();
    assert_eq!((&report["state"], &report["key"]), (&json!("anonymised"), &json!("destroyed")));
    // Said twice, it is known; the scope's key is never made again.
    assert_eq!(done(&adjourn(dir, &["archive", "anonymise", NEW]))["state"], "anonymised");
    let again = adjourn(dir, &["redact", "in.jsonl", "--out", "again.jsonl", "--scope", "sales"]);
    assert_eq!(refused(&again).1, "key.destroyed");

    // A key that came back, or another content, and nothing is anonymised.
    fs::write(&key, backup).unwrap();
    assert_eq!(states(dir), said(&[("copy.jsonl", "deidentified"), ("new.jsonl", "deidentified")]));
    fs::remove_file(&key).unwrap();
    assert_eq!(states(dir)[1].1, "anonymised");
    fs::write(dir.join(NEW), text + "{}\n").unwrap();
    assert_eq!(states(dir)[1].1, "unknown");
}

#[test]
fn req_c1_a_key_in_a_file_is_the_copys_own_and_a_stop_in_between_is_made_good() {
    let home = office();
    let dir = home.path();
    let line = |number| format!("{}\n", json!({"sender": format!("wxid_{number}abcdef"), "text": "a"}));
    let people: Vec<String> = (0..6).map(line).collect();
    fs::write(dir.join("in.jsonl"), people.concat()).unwrap();
    done(&adjourn(dir, &["redact", "in.jsonl", "--out", COPY, "--report", REPORT, "--key-file", "one.key"]));
    fs::write(dir.join("other.key"), format!("{}\n", "08".repeat(32))).unwrap();
    let report: Value = serde_json::from_slice(&fs::read(dir.join(REPORT)).unwrap()).unwrap();
    let typed = &report["key_id"].as_str().unwrap()[..8];
    let wish = ["archive", "anonymise", COPY, "--confirm", typed];
    assert_eq!(refused(&adjourn(dir, &wish)).1, "anonymise.key_missing");
    assert_eq!(
        refused(&adjourn(dir, &[&wish[..], &["--key-file", "other.key"]].concat())).1,
        "anonymise.key"
    );
    // The configuration says how many have to be alike, and whoever asks counts first.
    fs::create_dir_all(dir.join("d")).unwrap();
    fs::write(dir.join("d/config.toml"), "[archive]\nk = 7\n").unwrap();
    assert_eq!(refused(&adjourn(dir, &wish)).1, "anonymise.few");
    assert_eq!(refused(&adjourn(dir, &[&wish[..], &["--k", "6"]].concat())).1, "anonymise.key_missing");
    assert_eq!(refused(&adjourn(dir, &[&wish[..], &["--k", "1"]].concat())).1, "usage");
    fs::write(dir.join("d/config.toml"), "[archive]\nk = 1\n").unwrap();
    assert_eq!(refused(&adjourn(dir, &wish)).1, "config.invalid");
    fs::remove_file(dir.join("d/config.toml")).unwrap();
    assert_eq!(refused(&adjourn(dir, &[&wish[..], &["--k", "7"]].concat())).1, "anonymise.few");
    assert!(dir.join("one.key").exists() && dir.join("other.key").exists());
    done(&adjourn(dir, &[&wish[..], &["--key-file", "one.key"]].concat()));
    assert!(!dir.join("one.key").exists());
    assert_eq!(states(dir), said(&[("copy.jsonl", "anonymised")]));
    // As if it had been stopped between the key's end and the statement's name.
    let proof = dir.join("d-bundles/copies/copy.jsonl.anonymised.json");
    let first = fs::read(&proof).unwrap();
    fs::rename(&proof, proof.with_extension("json.pending")).unwrap();
    assert_eq!(states(dir), said(&[("copy.jsonl", "deidentified")]));
    done(&adjourn(dir, &wish));
    assert_eq!(fs::read(&proof).unwrap(), first, "the same time, the same words");
    assert_eq!(states(dir), said(&[("copy.jsonl", "anonymised")]));
}

#[test]
fn req_g11_an_archive_is_found_in_a_bag_and_nothing_of_an_altered_one_is_used() {
    let home = office();
    let dir = home.path();
    let line = |id: u32, text: &str| json!({"at": "2026-03-01T00:00:00.000Z", "id": id.to_string(), "kind": "message", "raw": null, "sender": "a", "text": text});
    let mut manifest = String::new();
    for (group, text) in [("g-1", "first invoice"), ("g-2", "second invoice 13800138000")] {
        let name = format!("data/groups/{group}/archive/data/messages.jsonl.zst");
        let bytes = zstd::encode_all(format!("{}\n", line(1, text)).as_bytes(), 3).unwrap();
        fs::create_dir_all(dir.join("bag").join(&name).parent().unwrap()).unwrap();
        fs::write(dir.join("bag").join(&name), &bytes).unwrap();
        manifest.extend([format!("{}  {name}\n", Hash::of(&bytes))]);
    }
    fs::write(dir.join("bag/bagit.txt"), "BagIt-Version: 1.0\n").unwrap();
    fs::write(dir.join("bag/manifest-sha256.txt"), manifest).unwrap();
    adjourn_archive::pack::pack(&dir.join("bag"), "bag", fs::File::create(dir.join("bag.zip")).unwrap())
        .unwrap();
    for bag in ["bag", "bag.zip"] {
        let listed = done(&adjourn(dir, &["archive", "ls", bag]));
        let of = |at: usize, key: &str| listed["archives"][at][key].clone();
        assert_eq!(
            (of(1, "archive"), of(1, "state")),
            (json!(format!("{bag}/g-2")), json!("original_plain"))
        );
        let size =
            fs::metadata(dir.join("bag/data/groups/g-2/archive/data/messages.jsonl.zst")).unwrap().len();
        assert_eq!((of(1, "bytes"), listed["archives"].as_array().unwrap().len()), (json!(size), 2));
        let taken = format!("{bag}-taken.zst");
        done(&adjourn(dir, &["archive", "open", &format!("{bag}/g-2"), "--out", &taken]));
        assert_eq!(
            done(&adjourn(dir, &["archive", "show", &taken]))["rows"][0]["text"],
            "second invoice 13800138000"
        );
        let found = done(&adjourn(dir, &["archive", "search", "invoice", bag]));
        assert_eq!(found["hits"].as_array().unwrap().len(), 2, "{found}");
        let second = format!("{bag}/g-2");
        let shown = done(&adjourn(dir, &["archive", "show", &second]));
        assert_eq!(shown["rows"][0]["text"], "second invoice 13800138000");
        assert_eq!(refused(&adjourn(dir, &["archive", "show", bag])).1, "archive.parts");
        let copy = done(&adjourn(dir, &["redact", &second, "--out", "copy.zst", "--force"]));
        assert_eq!((&copy["lines"], &copy["compressed"]), (&json!(1), &json!(true)));
        assert!(
            !String::from_utf8(zstd::decode_all(&fs::read(dir.join("copy.zst")).unwrap()[..]).unwrap())
                .unwrap()
                .contains("138")
        );
    }
    let to = done(&adjourn(dir, &["archive", "convert", "bag.zip", "--to", "csv", "--out", "all.csv"]));
    assert_eq!((&to["export"]["records"], &to["export"]["conversations"]), (&json!(2), &json!(2)));
    // Nothing is written into a bag, and one byte is enough.
    assert_eq!(fs::read_dir(dir.join("bag/data/groups/g-1/archive/data")).unwrap().count(), 1);
    let part = dir.join("bag/data/groups/g-2/archive/data/messages.jsonl.zst");
    let mut bytes = fs::read(&part).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&part, bytes).unwrap();
    for args in [
        &["archive", "show", "bag/g-2"][..],
        &["redact", "bag/g-2", "--out", "x"],
        &["archive", "search", "a", "bag"],
        &["archive", "ls", "bag"],
        &["archive", "open", "bag/g-2", "--out", "x"],
    ] {
        let (exit, code, error) = refused(&adjourn(dir, args));
        assert_eq!((exit, code.as_str()), (8, "archive.altered"), "{error}");
    }
    assert!(!dir.join("x").exists());

    // What is sealed in a bag is listed, and opened by an identity.
    let home = office();
    let dir = home.path();
    let identity = adjourn_archive::sealed::Identity::generate();
    let text = format!("{}\n", line(1, "third invoice"));
    let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let index = json!([{"id": "m", "name": "a.png", "sha256": Hash::of(b"picture"), "bytes": 7}]).to_string();
    fs::create_dir_all(dir.join("bag/data/media")).unwrap();
    let mut manifest = String::new();
    let inside: [(&str, &[u8]); 3] =
        [("messages.jsonl.zst", &packed), ("media.json", index.as_bytes()), ("media/000001", b"picture")];
    for (name, plain) in inside {
        let (path, mut bytes) = (format!("data/{name}.age"), Vec::new());
        adjourn_archive::sealed::seal(plain, &[identity.recipient()], &mut bytes).unwrap();
        fs::write(dir.join("bag").join(&path), &bytes).unwrap();
        manifest.extend([format!("{}  {path}\n", Hash::of(&bytes))]);
    }
    fs::write(dir.join("bag/bagit.txt"), "BagIt-Version: 1.0\n").unwrap();
    fs::write(dir.join("bag/manifest-sha256.txt"), manifest).unwrap();
    fs::write(dir.join("identity.txt"), identity.secret()).unwrap();
    let listed = done(&adjourn(dir, &["archive", "ls", "bag"]));
    assert_eq!(listed["archives"][0]["state"], "original_sealed", "{listed}");
    let open = ["archive", "open", "bag", "--out", "taken.zst"];
    assert_eq!(refused(&adjourn(dir, &open)).1, "archive.identity");
    done(&adjourn(dir, &[&open[..], &["--identity", "identity.txt"]].concat()));
    assert!(fs::read(dir.join("taken.zst")).unwrap() == packed);
    let media = ["archive", "open", "bag", "--what", "media", "--out", "media", "--identity", "identity.txt"];
    assert_eq!(done(&adjourn(dir, &media))["files"], 1);
    let picture = fs::read_dir(dir.join("media")).unwrap().next().unwrap().unwrap();
    assert!(
        fs::read(picture.path()).unwrap() == b"picture"
            && picture.file_name().into_string().unwrap().ends_with("-a.png")
    );
}
