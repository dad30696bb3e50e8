//! Forged bundles: whoever edits a file can write all manifests anew, and is found all the same.

use std::fs;
use std::io::Read as _;

use crate::common::bundle::{codes, copy, stamped, told, verify};
use crate::common::case::{LOG_SEED, Scenario, log_key, principal, reseal};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_evidence::note::Checkpoint;
use adjourn_evidence::verify::{FindingCode, Report};
use serde_json::{Value, json};

/// Edits a file of a copy, writes the manifests anew as a forger would, and verifies.
fn forged(path: &str, edit: impl Fn(Vec<u8>) -> Vec<u8>) -> Report {
    let dir = copy();
    let place = dir.path().join(path);
    let before = fs::read(&place).unwrap();
    let after = edit(before.clone());
    assert_ne!(before, after, "the edit does something");
    fs::write(&place, after).unwrap();
    if let Some((archive, _)) = path.split_once("/archive/") {
        reseal(&dir.path().join(archive).join("archive"));
    }
    reseal(dir.path());
    let report = verify(dir.path());
    assert!(!report.ok, "{path}");
    let bag_only = report.findings.iter().all(|finding| finding.code.slug().starts_with("bag."));
    assert!(!bag_only, "the manifests were written anew: {:?}", report.findings);
    report
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(Vec<u8>) -> Vec<u8> {
    move |bytes| String::from_utf8(bytes).unwrap().replacen(from, to, 1).into_bytes()
}

fn edit_json(edit: impl Fn(&mut Value)) -> impl Fn(Vec<u8>) -> Vec<u8> {
    move |bytes| {
        let mut value = serde_json::from_slice(&bytes).unwrap();
        edit(&mut value);
        canonical_json(&value).unwrap()
    }
}

#[test]
fn manifests_written_anew_without_any_edit_are_as_good_as_the_first() {
    // So what the next tests find is the edit, not a clumsy forger.
    let dir = copy();
    reseal(dir.path());
    assert_eq!(verify(dir.path()).findings, []);
}

#[test]
fn a_forger_who_writes_the_manifests_anew_is_found() {
    let plan = forged("data/plan.json", replace("the project ended", "no reason at all"));
    assert!(codes(&plan).contains(&FindingCode::PlanHash));
    let rewritten = forged("data/approvals.json", replace("02:15:00", "02:16:00"));
    assert!(codes(&rewritten).contains(&FindingCode::ApprovalSignature));
    let renamed = forged("data/principals.json", replace("\"role\":\"admin\"", "\"role\":\"business\""));
    assert!(codes(&renamed).contains(&FindingCode::Principals));
    let verdict = forged("data/groups/g-2/verdict.json", replace("hidden", "gone"));
    assert!(codes(&verdict).contains(&FindingCode::CertificateVerdict));
    let certificate = forged("data/groups/g-1/certificate.json", replace("g-1", "g-2"));
    assert!(codes(&certificate).contains(&FindingCode::CertificateVerdict));
    for name in ["announcements", "probes", "residue", "certificate"] {
        let path = format!("data/groups/g-1/{name}.json");
        let report = forged(&path, |bytes| [bytes.as_slice(), b" "].concat());
        assert!(codes(&report).contains(&FindingCode::BundleContent), "{name}");
    }
    let tail = forged("data/groups/g-1/tail.jsonl.zst", |bytes| bytes[..4].to_vec());
    assert!(codes(&tail).contains(&FindingCode::BundleContent));
    let stamp =
        forged("data/checkpoint.tsr", |_| fs::read(stamped().join("data/groups/g-1/archive.tsr")).unwrap());
    assert_eq!(codes(&stamp), [FindingCode::TimestampImprint]);
    let checkpoint = forged("data/checkpoint", replace("adjourn.test/log\n", "adjourn.test/lag\n"));
    assert!(codes(&checkpoint).contains(&FindingCode::CheckpointSignature));
}

#[test]
fn a_forger_of_the_journal_is_found() {
    let journal = "data/journal.jsonl";
    let payload = forged(journal, replace("\"verdict\":\"gone\"", "\"verdict\":\"hidden\""));
    assert!(codes(&payload).contains(&FindingCode::JournalCommitment));
    let header = forged(journal, replace("\"actor\":\"worker\"", "\"actor\":\"nobody\""));
    assert!(codes(&header).contains(&FindingCode::JournalInclusion));
    let line = |skip: usize| {
        move |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            let lines = text.split_inclusive('\n').enumerate();
            lines.filter(|(n, _)| *n != skip).map(|(_, line)| line).collect::<String>().into_bytes()
        }
    };
    let count = fs::read_to_string(stamped().join(journal)).unwrap().lines().count();
    for skip in 0..count {
        assert!(codes(&forged(journal, line(skip))).contains(&FindingCode::BundleContent), "line {skip}");
    }
    for skip in [5, 6, 8, 9, 14] {
        assert!(codes(&forged(journal, line(skip))).contains(&FindingCode::JournalOrder), "line {skip}");
    }
    let swapped = forged(journal, |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let mut lines: Vec<_> = text.lines().collect();
        lines.swap(6, 7);
        format!("{}\n", lines.join("\n")).into_bytes()
    });
    assert!(codes(&swapped).contains(&FindingCode::JournalOrder));
    // "Destroying" the payload of an intent doesn't hide what it was.
    let early = forged(journal, |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let hide = |line: &str| {
            let mut value: Value = serde_json::from_str(line).unwrap();
            if value["header"]["kind"] == "seal_read_back" {
                value["payload"] = Value::Null;
                value["salt"] = Value::Null;
            }
            String::from_utf8(canonical_json(&value).unwrap()).unwrap() + "\n"
        };
        text.lines().map(hide).collect::<String>().into_bytes()
    });
    assert_eq!(codes(&early), [FindingCode::BundleContent, FindingCode::OrderSeal]);
}

#[test]
fn a_forger_of_the_archive_is_found() {
    let media = format!("data/groups/g-1/archive/data/media/{}", Hash::of(b"a cat"));
    let report = forged(&media, |_| b"a cow".to_vec());
    let found = codes(&report);
    for code in [
        FindingCode::ReceiptMedia,
        FindingCode::OrderSeal,
        FindingCode::BundleContent,
        FindingCode::TimestampImprint,
    ] {
        assert!(found.contains(&code), "{code:?} is not in {found:?}");
    }
    let fewer = forged("data/groups/g-1/archive/data/messages.jsonl.zst", |bytes| {
        let text = zstd::decode_all(bytes.as_slice()).unwrap();
        let cut = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        zstd::encode_all(&text[cut..], 1).unwrap()
    });
    assert!(codes(&fewer).contains(&FindingCode::ReceiptCounts));
    let receipt = forged(
        "data/groups/g-1/archive/data/receipt.json",
        edit_json(|value| value["counts"]["text"] = json!(269)),
    );
    assert!(codes(&receipt).contains(&FindingCode::ReceiptCounts));
    let torn =
        forged("data/groups/g-1/archive/data/messages.jsonl.zst", |bytes| bytes[..bytes.len() - 9].to_vec());
    assert!(codes(&torn).contains(&FindingCode::FileForm));
}

#[test]
fn a_checkpoint_that_does_not_name_the_content_is_refused() {
    for extensions in [vec![], vec![format!("bundle {}", Hash::of(b"other"))]] {
        let report = forged("data/checkpoint", |bytes| {
            let note = String::from_utf8(bytes).unwrap();
            let mut checkpoint = Checkpoint::open(&note, &log_key()).unwrap();
            checkpoint.extensions.clone_from(&extensions);
            checkpoint.sign(&LOG_SEED).unwrap().into_bytes()
        });
        assert_eq!(
            codes(&report),
            [FindingCode::BundleContent, FindingCode::TimestampImprint, FindingCode::DepositDigest]
        );
    }
    let mut extra = Scenario::good();
    extra.principals.push(principal("p-more", "business"));
    assert_eq!(told(&extra), [], "more principals than needed do no harm");
}

#[test]
fn a_message_that_swells_without_end_is_refused() {
    let report = forged("data/groups/g-1/archive/data/messages.jsonl.zst", |_| {
        zstd::encode_all(std::io::repeat(b' ').take(80 << 20), 1).unwrap()
    });
    assert!(codes(&report).contains(&FindingCode::FileForm));
}

#[test]
fn strange_folders_give_findings_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    assert!(!verify(dir.path()).ok, "an empty folder");
    assert!(!verify(&dir.path().join("nothing")).ok, "no folder");
    let report = forged("data/plan.json", |_| b"[]".to_vec());
    assert!(codes(&report).contains(&FindingCode::FileForm));
    let report = forged("data/journal.jsonl", |_| vec![b'{'; 70_000]);
    assert!(codes(&report).contains(&FindingCode::FileForm));
    let nested = "[".repeat(100_000);
    let report = forged("data/plan.json", |_| nested.clone().into_bytes());
    assert!(codes(&report).contains(&FindingCode::FileForm));
}
