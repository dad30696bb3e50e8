//! Bundles: good ones, damaged ones, and ones that tell of a rule broken.

use std::fs;

use crate::common::bundle::{authority, codes, copy, stamped, told, verify};
use crate::common::case::{CASE, KEEPER_SEED, Scenario, approval, event, files, log_key};
use adjourn_domain::approval::{Approval, Principal};
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::{CaseEvent, GroupEvent, OrgEvent};
use adjourn_domain::plan::StepOp;
use adjourn_domain::verdict::Verdict;
use adjourn_evidence::deposit::KeeperKey;
use adjourn_evidence::verify::{FindingCode, Report, Statement, StatementCode, VerifyOptions, verify_bundle};
use serde_json::{Value, json};

#[test]
fn a_good_bundle_proves_what_it_should_and_says_on_what_that_rests() {
    let options = VerifyOptions {
        tsa_ca: Some(authority().pem("ca.pem")),
        log_key: Some(log_key().to_vkey()),
        deposit_key: Some(KeeperKey::from_seed(&KEEPER_SEED)),
        quick: false,
    };
    let report = verify_bundle(stamped(), &options);
    assert_eq!(report.findings, []);
    assert!(report.ok);
    // A quick look proves the same but for the number of messages, and says so.
    let quick = verify_bundle(stamped(), &VerifyOptions { quick: true, ..options.clone() });
    let has = |statements: &[Statement], code: StatementCode| statements.iter().any(|said| said.code == code);
    assert!(quick.ok && has(&quick.rests_on, StatementCode::Uncounted));
    assert!(has(&report.proved, StatementCode::Archive) && !has(&quick.proved, StatementCode::Archive));
    assert_eq!(quick.proved.len() + 1, report.proved.len());
    let codes = |statements: &[Statement]| {
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
            "proved.deposit",
            "proved.archive",
            "proved.order",
            "proved.verdict",
            "proved.verdict",
            "proved.time",
            "proved.deposit",
        ]
    );
    assert_eq!(
        codes(&report.rests_on),
        [
            "rests.platform",
            "rests.key_given",
            "rests.principals",
            "rests.authority",
            "rests.keeper_given",
            "rests.simulated_keeper",
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
    let report =
        verify_bundle(stamped(), &VerifyOptions { log_key: Some(other), ..VerifyOptions::default() });
    assert_eq!(codes(&report), [FindingCode::LogKey]);
    let stranger = Some(authority().pem("stranger.pem"));
    let report = verify_bundle(stamped(), &VerifyOptions { tsa_ca: stranger, ..VerifyOptions::default() });
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
pub(crate) fn with_plan(edit: impl Fn(&mut Value)) -> Scenario {
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
fn the_domains_own_events_and_approvals_verify() {
    let mut scenario = Scenario::good();
    for nth in 0..2 {
        let mut record = serde_json::to_value(&scenario.approvals[nth]).unwrap();
        record["adjourn"] = json!("approval/v1");
        record["case"] = json!(CASE);
        let approval: Approval = serde_json::from_value(record).unwrap();
        let role = scenario.principals[nth + 1].role.clone();
        let at = scenario.find("approved", nth);
        scenario.events[at].payload = payload(CaseEvent::Approved { approval, role });
    }
    for (nth, record) in scenario.principals.clone().iter().enumerate() {
        let added: Principal = serde_json::from_value(serde_json::to_value(record).unwrap()).unwrap();
        let at = scenario.find("principal_added", nth);
        scenario.events[at].payload = payload(OrgEvent::PrincipalAdded(added));
    }
    let bag_hash = scenario.archive.bag_hash;
    let sealed = GroupEvent::Sealed { bag_hash, bytes: 1, files: 1, stamped: false };
    let dissolve = GroupEvent::Intent {
        step: "02".into(),
        op: StepOp::Dissolve,
        attempt: 1,
        irreversible: true,
        undo: false,
    };
    let judged = GroupEvent::Judged { verdict: Verdict::Gone };
    for (kind, nth, event) in [
        ("sealed", 0, sealed),
        ("seal_read_back", 0, GroupEvent::SealReadBack { bag_hash }),
        ("intent", 1, dissolve),
        ("verdict", 0, judged),
    ] {
        let at = scenario.find(kind, nth);
        scenario.events[at].kind = event.kind().to_owned();
        scenario.events[at].payload = payload(event);
    }
    let dir = tempfile::tempdir().unwrap();
    scenario.write(&dir.path().join("case"), None);
    let report = verify(&dir.path().join("case"));
    assert_eq!(report.findings, []);
    let proved: Vec<_> = report.proved.iter().map(|statement| statement.code).collect();
    for code in [StatementCode::Approved, StatementCode::Order, StatementCode::Verdict] {
        assert!(proved.contains(&code), "{code:?}");
    }
    // The same events in the wrong order are found, so they were understood.
    let (read_back, dissolve) = (scenario.find("seal_read_back", 0), scenario.find("intent", 1));
    scenario.move_event(read_back, dissolve);
    assert_eq!(told(&scenario), [FindingCode::OrderSeal]);
}

fn payload(event: impl serde::Serialize) -> Value {
    serde_json::to_value(event).unwrap()
}
