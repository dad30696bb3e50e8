//! Deposit receipts in bundles: altered ones, exchanged ones, those of strangers; and openssl's word about good ones.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::bundle::{codes, copy, stamped, verify};
use crate::common::case::{AT, KEEPER_SEED, Scenario, files, receipt, reseal};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_evidence::deposit::{KeeperKey, carried};
use adjourn_evidence::verify::{FindingCode, Report, StatementCode, VerifyOptions, verify_bundle};
use serde_json::{Value, json};

const ARCHIVE: &str = "data/groups/g-1/archive.deposit.json";
const CHECKPOINT: &str = "data/checkpoint.deposit.json";

/// A copy of the good bundle with this in the place of a receipt, all manifests written anew.
fn with(path: &str, bytes: &[u8]) -> tempfile::TempDir {
    let dir = copy();
    fs::write(dir.path().join(path), bytes).unwrap();
    reseal(dir.path());
    dir
}

fn by_key(dir: &Path, seed: &[u8; 32]) -> Report {
    let deposit_key = Some(KeeperKey::from_seed(seed));
    verify_bundle(dir, &VerifyOptions { deposit_key, ..VerifyOptions::default() })
}

/// The findings about deposits; the log's signature over an exchanged archive receipt is found besides.
fn found(dir: &Path) -> Vec<FindingCode> {
    codes(&verify(dir)).into_iter().filter(|code| *code != FindingCode::BundleContent).collect()
}

fn good(path: &str) -> Value {
    serde_json::from_slice(&fs::read(stamped().join(path)).unwrap()).unwrap()
}

#[test]
fn req_g8_both_kinds_are_in_the_bundle_and_what_they_rest_on_is_said() {
    for path in [ARCHIVE, CHECKPOINT, "data/checkpoint.tsr", "data/groups/g-1/archive.tsr"] {
        assert!(stamped().join(path).is_file(), "{path}");
    }
    let said = |report: &Report, code: StatementCode| {
        report.proved.iter().chain(&report.rests_on).filter(|one| one.code == code).count()
    };
    let trusting = verify(stamped());
    assert!(trusting.ok, "{:?}", trusting.findings);
    assert_eq!(said(&trusting, StatementCode::Deposit), 2);
    assert_eq!(said(&trusting, StatementCode::KeeperFromBundle), 1, "one keeper is named once");
    assert_eq!(said(&trusting, StatementCode::SimulatedKeeper), 1);
    assert_eq!(said(&trusting, StatementCode::NoDeposit), 0);
    let deposit = trusting.proved.iter().find(|one| one.code == StatementCode::Deposit).unwrap();
    assert_eq!((deposit.args["number"].as_str(), deposit.args["at"].as_str()), ("N-1", AT));
    let knowing = by_key(stamped(), &KEEPER_SEED);
    assert!(knowing.ok);
    assert_eq!(
        (said(&knowing, StatementCode::KeeperGiven), said(&knowing, StatementCode::KeeperFromBundle)),
        (1, 0)
    );
    assert_eq!(codes(&by_key(stamped(), &[8; 32])), [FindingCode::DepositKey]);

    let dir = tempfile::tempdir().unwrap();
    Scenario::good().write(&dir.path().join("case"), None);
    let without = verify(&dir.path().join("case"));
    assert!(without.ok);
    assert_eq!((said(&without, StatementCode::NoDeposit), said(&without, StatementCode::Deposit)), (2, 0));
    assert_eq!(carried(&dir.path().join("case")).unwrap(), []);
}

#[test]
fn req_g8_altered_and_exchanged_receipts_are_found() {
    for path in [ARCHIVE, CHECKPOINT] {
        for field in ["digest", "number", "at", "name", "issuer"] {
            let mut value = good(path);
            value["receipt"][field] = match field {
                "digest" => json!(Hash([1; 32])),
                "at" => json!("2020-01-01T00:00:00.000Z"),
                _ => json!("other"),
            };
            let dir = with(path, &canonical_json(&value).unwrap());
            assert_eq!(found(dir.path()), [FindingCode::DepositSignature], "{path} {field}");
        }
        let mut renamed = good(path);
        renamed["key"] = json!(KeeperKey::from_seed(&[8; 32]).to_base64());
        let dir = with(path, &canonical_json(&renamed).unwrap());
        assert_eq!(found(dir.path()), [FindingCode::DepositSignature], "{path}");
        let other = if path == ARCHIVE { CHECKPOINT } else { ARCHIVE };
        let dir = with(path, &fs::read(stamped().join(other)).unwrap());
        assert_eq!(found(dir.path()), [FindingCode::DepositDigest], "{path}");
        for form in ["", "{}", "null", "[1]"] {
            assert_eq!(
                found(with(path, form.as_bytes()).path()),
                [FindingCode::DepositForm],
                "{path} {form}"
            );
        }
    }
    // A receipt of a keeper that the forger invented is a receipt, and not of the keeper that the auditor knows.
    let digest = Hash::of(&fs::read(stamped().join("data/checkpoint")).unwrap());
    let dir = with(CHECKPOINT, &receipt(&digest, "N-9", &[8; 32]));
    assert!(verify(dir.path()).ok);
    assert_eq!(codes(&by_key(dir.path(), &KEEPER_SEED)), [FindingCode::DepositKey]);
}

#[test]
fn req_g8_an_archive_receipt_taken_away_or_dated_later_does_not_go_unnoticed() {
    let dir = copy();
    fs::remove_file(dir.path().join(ARCHIVE)).unwrap();
    reseal(dir.path());
    assert_eq!(codes(&verify(dir.path())), [FindingCode::BundleContent], "the log's signature names it");
    // A receipt about something that is not there.
    let dir = copy();
    fs::create_dir_all(dir.path().join("data/groups/g-2")).unwrap();
    fs::copy(stamped().join(ARCHIVE), dir.path().join("data/groups/g-2/archive.deposit.json")).unwrap();
    reseal(dir.path());
    assert!(!verify(dir.path()).ok);
    assert_eq!(carried(dir.path()).unwrap().iter().filter(|one| one.digest.is_none()).count(), 1);
}

/// The commands of docs/reference/deposit.md, as they stand there.
fn documented(dir: &Path, key: &str) -> (bool, String) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/deposit.md");
    let text = fs::read_to_string(page).unwrap();
    let after = text.split_once("## Checking a receipt yourself").unwrap().1;
    let commands = after.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    let scratch = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .args(["-e", "-c", commands])
        .current_dir(dir)
        .env("KEY", key)
        .env("SCRATCH", scratch.path())
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn req_g8_openssl_checks_what_we_check_by_the_documented_commands() {
    let key = KeeperKey::from_seed(&KEEPER_SEED).to_base64();
    let (ok, says) = documented(stamped(), &key);
    assert!(ok, "{says}");
    assert_eq!(says.matches("Signature Verified Successfully").count(), 2, "{says}");
    assert_eq!(says.matches("\"number\":\"N-").count(), 2, "{says}");
    // The reference bites: another key, an altered number, a receipt over something else.
    let (ok, says) = documented(stamped(), &KeeperKey::from_seed(&[8; 32]).to_base64());
    assert!(!ok, "{says}");
    let mut value = good(CHECKPOINT);
    value["receipt"]["number"] = json!("N-3");
    assert!(!documented(with(CHECKPOINT, &canonical_json(&value).unwrap()).path(), &key).0);
    let archive = fs::read(stamped().join(ARCHIVE)).unwrap();
    assert!(!documented(with(CHECKPOINT, &archive).path(), &key).0);
    assert!(files(stamped()).iter().any(|path| path.ends_with("archive.deposit.json")));
}
