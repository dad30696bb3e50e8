//! Bundles: good ones, damaged ones, forged ones, and ones that tell of a rule broken.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_evidence::note::Checkpoint;
use adjourn_evidence::verify::{FindingCode, Report, StatementCode, VerifyOptions, verify_bundle};
use common::authority::{Authority, KEYS};
use common::case::{CASE, LOG_SEED, Scenario, approval, event, files, log_key, principal, reseal};
use serde_json::{Value, json};

fn verify(dir: &Path) -> Report {
    verify_bundle(dir, &VerifyOptions::default())
}

fn codes(report: &Report) -> Vec<FindingCode> {
    let mut codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    assert_eq!(report.ok, codes.is_empty());
    assert!(report.ok || report.proved.is_empty(), "an invalid bundle proves nothing");
    codes
}

/// The codes of a scenario's bundle.
fn told(scenario: &Scenario) -> Vec<FindingCode> {
    let dir = tempfile::tempdir().unwrap();
    scenario.write(&dir.path().join("case"), None);
    codes(&verify(&dir.path().join("case")))
}

fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| Authority::with_key(KEYS[0].0, "sha256"))
}

/// A stamped bundle, made once; copies of it are changed.
fn stamped() -> &'static Path {
    static BUNDLE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = BUNDLE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        Scenario::good().write(&dir.path().join("case"), Some(&|data| authority().stamp(data)));
        dir
    });
    Box::leak(dir.path().join("case").into_boxed_path())
}

/// A copy of the stamped bundle.
fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for path in files(stamped()) {
        let to = dir.path().join(&path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(stamped().join(&path), to).unwrap();
    }
    dir
}

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
fn a_good_bundle_proves_what_it_should_and_says_on_what_that_rests() {
    let options =
        VerifyOptions { tsa_ca: Some(authority().pem("ca.pem")), log_key: Some(log_key().to_vkey()) };
    let report = verify_bundle(stamped(), &options);
    assert_eq!(report.findings, []);
    assert!(report.ok);
    let codes = |statements: &[adjourn_evidence::verify::Statement]| {
        statements.iter().map(|statement| statement.code.slug()).collect::<Vec<_>>()
    };
    assert_eq!(
        codes(&report.proved),
        [
            "proved.intact",
            "proved.content",
            "proved.journal",
            "proved.plan",
            "proved.approved",
            "proved.time",
            "proved.archive",
            "proved.order",
            "proved.verdict",
            "proved.verdict",
            "proved.time",
        ]
    );
    assert_eq!(
        codes(&report.rests_on),
        [
            "rests.platform",
            "rests.key_given",
            "rests.principals",
            "rests.authority",
            "rests.late_timestamp",
            "rests.authority",
        ]
        .into_iter()
        .filter(|code| *code != "rests.late_timestamp" || late(&report))
        .collect::<Vec<_>>()
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["ok"], &json["findings"]), (&json!(true), &json!([])));
    assert_eq!(json["proved"][4]["args"]["principals"], "p-boss, p-law");

    let trusting = verify(stamped());
    assert!(trusting.ok);
    let rests = codes(&trusting.rests_on);
    assert!(rests.contains(&"rests.key_from_bundle") && rests.contains(&"rests.unvouched_authority"));
    assert!(!codes(&trusting.proved).contains(&"proved.time"));
}

fn late(report: &Report) -> bool {
    report.rests_on.iter().any(|statement| statement.code == StatementCode::LateTimestamp)
}

#[test]
fn another_log_key_or_authority_than_the_one_given_is_refused() {
    let other = adjourn_evidence::note::LogKey::from_seed("adjourn.test/log", &[9; 32]).unwrap().to_vkey();
    let report = verify_bundle(stamped(), &VerifyOptions { log_key: Some(other), tsa_ca: None });
    assert_eq!(codes(&report), [FindingCode::LogKey]);
    let stranger = Some(authority().pem("stranger.pem"));
    let report = verify_bundle(stamped(), &VerifyOptions { log_key: None, tsa_ca: stranger });
    assert_eq!(codes(&report), [FindingCode::TimestampChain]);
}

#[test]
fn any_changed_byte_of_any_file_is_found() {
    let dir = copy();
    let mut changes = 0;
    for path in files(dir.path()) {
        let place = dir.path().join(&path);
        let good = fs::read(&place).unwrap();
        let step = if good.len() <= 300 { 1 } else { good.len() / 40 };
        for at in (0..good.len()).step_by(step).chain([good.len() - 1]) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(&place, &bad).unwrap();
            // The bag alone must find it; the costlier look at everything is taken now and then.
            assert_ne!(adjourn_evidence::bag::validate(dir.path()), [], "{} byte {at}", path.display());
            if changes % 16 == 0 {
                assert!(!verify(dir.path()).ok, "{} byte {at}", path.display());
            }
            changes += 1;
        }
        fs::write(&place, &good).unwrap();
    }
    assert!(changes > 1500, "{changes}");
    assert!(verify(dir.path()).ok, "everything was put back");
}

#[test]
fn any_added_or_removed_file_is_found() {
    let dir = copy();
    for path in files(dir.path()) {
        let place = dir.path().join(&path);
        let good = fs::read(&place).unwrap();
        fs::remove_file(&place).unwrap();
        assert!(codes(&verify(dir.path())).contains(&FindingCode::BagMissing), "{}", path.display());
        fs::write(&place, good).unwrap();
        let beside = place.with_file_name("more");
        fs::write(&beside, b"").unwrap();
        assert!(codes(&verify(dir.path())).contains(&FindingCode::BagExtra), "beside {}", path.display());
        fs::remove_file(beside).unwrap();
    }
    assert!(verify(dir.path()).ok, "everything was put back");
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
fn nothing_irreversible_may_come_before_approvals_seal_or_under_a_hold() {
    let mut early = Scenario::good();
    let (second, dissolve) = (early.find("approved", 1), early.find("intent", 1));
    early.move_event(second, dissolve);
    assert_eq!(told(&early), [FindingCode::OrderApproval]);

    let mut unsealed = Scenario::good();
    let (read_back, dissolve) = (unsealed.find("seal_read_back", 0), unsealed.find("intent", 1));
    unsealed.move_event(read_back, dissolve);
    assert_eq!(told(&unsealed), [FindingCode::OrderSeal]);

    let mut other_bag = Scenario::good();
    let read_back = other_bag.find("seal_read_back", 0);
    other_bag.events[read_back].payload = json!({"bag_hash": Hash::of(b"another bag")});
    assert_eq!(told(&other_bag), [FindingCode::OrderSeal]);

    let mut held = Scenario::good();
    let dissolve = held.find("intent", 1);
    held.events.insert(dissolve, event("g-1", "hold_added", json!({"hold": "h-1"})));
    assert_eq!(told(&held), [FindingCode::OrderHold]);
    held.events.insert(dissolve + 1, event("g-1", "hold_lifted", json!({"hold": "h-1"})));
    assert_eq!(told(&held), []);

    let mut stale = Scenario::good();
    let payload = json!({"plan_hash": stale.plan_hash()});
    stale.events.insert(dissolve, event(CASE, "staled", payload));
    assert_eq!(told(&stale), [FindingCode::OrderApproval]);

    let mut rejected = Scenario::good();
    rejected.events.insert(dissolve, event(CASE, "rejected", json!({"reason": "no"})));
    assert_eq!(told(&rejected), [FindingCode::OrderApproval]);

    let mut redrawn = Scenario::good();
    redrawn
        .events
        .insert(dissolve, event(CASE, "plan_drawn", json!({"plan_hash": Hash::of(b"another plan")})));
    assert_eq!(told(&redrawn), [FindingCode::OrderApproval]);

    let mut elsewhere = Scenario::good();
    elsewhere.events.insert(dissolve, event("g-9", "intent", json!({"irreversible": true})));
    assert_eq!(told(&elsewhere), [FindingCode::PlanGroups]);

    // What can't be read any more is taken for irreversible.
    let mut hidden = Scenario::good();
    let (freeze, plan_drawn) = (hidden.find("intent", 0), hidden.find("plan_drawn", 0));
    hidden.move_event(freeze, plan_drawn);
    assert_eq!(told(&hidden), []);
    hidden.destroyed = vec![plan_drawn as u64 + 1];
    assert_eq!(told(&hidden), [FindingCode::OrderSeal, FindingCode::OrderApproval]);
}

#[test]
fn approvals_must_be_by_the_right_people_with_their_own_keys() {
    type Edit = fn(&mut Scenario);
    let cases: [(&str, Edit, &[FindingCode]); 9] = [
        (
            "one is missing",
            |s| s.approvals.truncate(1),
            &[FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "one approves for both",
            |s| s.approvals[1] = s.approvals[0].clone(),
            &[FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "signed by somebody else",
            |s| s.approvals[1] = approval("p-law", s.plan_hash(), "p-boss"),
            &[FindingCode::ApprovalSignature, FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "for another plan",
            |s| s.approvals[1] = approval("p-law", Hash::of(b"other"), "p-law"),
            &[FindingCode::ApprovalPlan, FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "by nobody we know",
            |s| s.approvals[1] = approval("p-new", s.plan_hash(), "p-new"),
            &[FindingCode::Principals, FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "not in the journal",
            |s| s.events.remove(s.find("approved", 1)).kind.clear(),
            &[FindingCode::ApprovalJournal, FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "one key under two names",
            |s| s.principals[2].public_key = s.principals[1].public_key.clone(),
            &[FindingCode::Principals, FindingCode::ApprovalQuorum, FindingCode::OrderApproval],
        ),
        (
            "the requester approves",
            |s| s.plan["requester"] = json!("p-law"),
            &[FindingCode::PlanHash, FindingCode::ApprovalPlan, FindingCode::ApprovalQuorum],
        ),
        (
            "nobody is asked",
            |s| s.plan["review"]["rules"] = json!([]),
            &[FindingCode::PlanHash, FindingCode::ApprovalQuorum],
        ),
    ];
    for (name, edit, expected) in cases {
        let mut scenario = Scenario::good();
        edit(&mut scenario);
        let found = told(&scenario);
        assert!(expected.iter().all(|code| found.contains(code)), "{name}: {found:?}");
    }
}

/// A scenario whose plan is changed, with everything that follows from its hash.
fn with_plan(edit: impl Fn(&mut Value)) -> Scenario {
    let mut scenario = Scenario::good();
    edit(&mut scenario.plan);
    let hash = scenario.plan_hash();
    let drawn = scenario.find("plan_drawn", 0);
    scenario.events[drawn].payload = json!({"plan_hash": hash});
    for (nth, who) in ["p-boss", "p-law"].into_iter().enumerate() {
        scenario.approvals[nth] = approval(who, hash, who);
        let at = scenario.find("approved", nth);
        scenario.events[at].payload = serde_json::to_value(&scenario.approvals[nth]).unwrap();
    }
    if let Some(certificate) = &mut scenario.certificate {
        certificate.plan_hash = hash;
    }
    scenario
}

#[test]
fn the_requester_never_counts_as_a_reviewer() {
    assert_eq!(told(&with_plan(|_| {})), []);
    let found = told(&with_plan(|plan| plan["requester"] = json!("p-law")));
    assert_eq!(found, [FindingCode::ApprovalQuorum, FindingCode::OrderApproval]);
    let found = told(&with_plan(|plan| plan["review"]["rules"][0]["count"] = json!(2)));
    assert_eq!(found, [FindingCode::ApprovalQuorum, FindingCode::OrderApproval]);
}

#[test]
fn a_typed_confirmation_takes_the_place_of_reviewers_only_when_the_plan_says_so() {
    let personal = |confirm: bool| {
        let mut scenario =
            with_plan(|plan| plan["review"] = json!({"rules": [], "typed_confirmation": true}));
        scenario.approvals.clear();
        if confirm {
            let payload = json!({"by": "p-asker", "plan_hash": scenario.plan_hash()});
            let at = scenario.find("intent", 0);
            scenario.events.insert(at, event(CASE, "confirmed", payload));
        }
        scenario
    };
    assert_eq!(told(&personal(false)), [FindingCode::ApprovalQuorum, FindingCode::OrderApproval]);
    let dir = tempfile::tempdir().unwrap();
    personal(true).write(&dir.path().join("case"), None);
    let report = verify(&dir.path().join("case"));
    assert_eq!(report.findings, []);
    assert!(report.rests_on.iter().any(|statement| statement.code == StatementCode::TypedConfirmation));
}

#[test]
fn there_is_a_certificate_if_and_only_if_the_verdict_is_gone() {
    let mut none = Scenario::good();
    none.certificate = None;
    assert_eq!(told(&none), [FindingCode::CertificateVerdict]);

    let mut hidden = Scenario::good();
    let at = hidden.find("verdict", 0);
    hidden.events[at].payload = json!({"verdict": "hidden"});
    hidden.verdict = "hidden".into();
    assert_eq!(told(&hidden), [FindingCode::CertificateVerdict]);
    hidden.certificate = None;
    assert_eq!(told(&hidden), []);

    let mut reappeared = Scenario::good();
    reappeared.events.push(event("g-1", "verdict", json!({"verdict": "reappeared"})));
    assert_eq!(told(&reappeared), [FindingCode::CertificateVerdict]);

    let mut unread = Scenario::good();
    unread.destroyed = vec![unread.find("verdict", 0) as u64 + 1];
    assert_eq!(told(&unread), [FindingCode::CertificateVerdict]);

    for (proved_by, ok) in [("witness", true), ("human_attestation", true), ("return_code", false)] {
        let mut scenario = Scenario::good();
        scenario.certificate.as_mut().unwrap().proved_by = proved_by.into();
        assert_eq!(told(&scenario).is_empty(), ok, "{proved_by}");
    }
}

#[test]
fn destroyed_payloads_that_no_rule_needs_are_allowed_and_told() {
    let mut scenario = Scenario::good();
    scenario.destroyed = vec![scenario.find("seen", 0) as u64 + 1, scenario.find("outcome", 0) as u64 + 1];
    let dir = tempfile::tempdir().unwrap();
    scenario.write(&dir.path().join("case"), None);
    let report = verify(&dir.path().join("case"));
    assert_eq!(report.findings, []);
    let told = report.rests_on.iter().find(|statement| statement.code == StatementCode::Destroyed).unwrap();
    assert_eq!(told.args["events"], "2");
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
        assert_eq!(codes(&report), [FindingCode::BundleContent, FindingCode::TimestampImprint]);
    }
    let mut extra = Scenario::good();
    extra.principals.push(principal("p-more", "business"));
    assert_eq!(told(&extra), [], "more principals than needed do no harm");
}

#[test]
fn what_another_case_did_to_a_group_is_not_this_ones_to_prove() {
    let mut scenario = Scenario::good();
    let at = scenario.find("plan_drawn", 0);
    let earlier = [
        event("g-2", "run_started", json!({"case": "c-0"})),
        event("g-2", "intent", json!({"op": "dissolve", "irreversible": true})),
        event("g-2", "verdict", json!({"verdict": "left_only"})),
        event("g-2", "run_started", json!({"case": CASE})),
    ];
    scenario.events.splice(at..at, earlier);
    assert_eq!(told(&scenario), []);
    scenario.events[at].payload = json!({"case": CASE});
    assert_eq!(told(&scenario), [FindingCode::OrderSeal, FindingCode::OrderApproval]);
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
