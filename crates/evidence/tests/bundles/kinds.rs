//! What the kinds of groups ask for, in bundles that keep to it and in bundles that don't.

use adjourn_domain::announcement;
use adjourn_domain::canonical::{Hash, canonical_json, hex};
use adjourn_evidence::verify::{FindingCode, Report, StatementCode, VerifyOptions, verify_bundle};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

use super::common::bundle::told;
use super::common::case::{LOG_SEED, Scenario, event, key, log_key};
use super::verify::with_plan;

/// A good case whose `g-1` has these steps before its dissolve.
fn planned(steps: &Value, more: &[(&str, Value)]) -> Scenario {
    with_plan(|plan| {
        let mut all = steps.as_array().unwrap().clone();
        all.push(json!({"id": "02", "op": "dissolve", "params": {}}));
        plan["groups"][0]["steps"] = Value::Array(all);
        for (name, value) in more {
            plan["groups"][0][*name] = value.clone();
        }
    })
}

/// Where the dissolve is.
fn end(scenario: &Scenario) -> usize {
    scenario.find("intent", 1)
}

fn party(id: &str, party: &str, errand: &str) -> Value {
    json!({"id": id, "op": "party", "params": {"party": party, "errand": errand}})
}

fn answer(party: &str, accepted: bool, sent: Hash) -> Value {
    json!({
        "party": party, "accepted": accepted, "reference": "no. 7", "says": "", "at": "2026-11-23T02:15:00.000Z",
        "sent": sent, "received": Hash::of(b"answer"), "by_hand": false, "simulated": false,
    })
}

fn report(scenario: &Scenario) -> Report {
    let dir = tempfile::tempdir().unwrap();
    scenario.write(&dir.path().join("b"), None);
    verify_bundle(&dir.path().join("b"), &VerifyOptions::default())
}

fn proves(report: &Report, code: StatementCode) -> bool {
    report.proved.iter().any(|said| said.code == code)
}

#[test]
fn req_l2_nothing_irreversible_before_every_party_has_agreed() {
    let steps = json!([party("01p", "finance", "feed")]);
    let silent = planned(&steps, &[]);
    assert_eq!(told(&silent), [FindingCode::OrderParty]);

    let mut agreed = planned(&steps, &[]);
    let at = end(&agreed);
    let said = json!({"step": "01p", "answer": answer("finance", true, Hash::of(b"m"))});
    agreed.events.insert(at, event("g-1", "answered", said));
    let good = report(&agreed);
    assert!(good.ok, "{:?}", good.findings);
    assert!(proves(&good, StatementCode::Parties));

    let mut late = agreed;
    late.move_event(at, at + 1);
    assert_eq!(told(&late), [FindingCode::OrderParty]);

    let mut refused = planned(&steps, &[]);
    let said = json!({"step": "01p", "answer": answer("finance", false, Hash::of(b"m"))});
    refused.events.insert(at, event("g-1", "answered", said));
    assert_eq!(told(&refused), [FindingCode::OrderParty]);

    // A person who was asked to end the group may have done so from then on.
    let mut asked = planned(&steps, &[]);
    let said = json!({"step": "01p", "answer": answer("finance", true, Hash::of(b"m"))});
    asked.events.insert(at, event("g-1", "answered", said));
    asked.events.insert(at, event("g-1", "person_asked", json!({"step": "02"})));
    assert_eq!(told(&asked), [FindingCode::OrderParty]);
}

#[test]
fn what_an_answer_rests_on_is_said() {
    let steps = json!([party("01p", "finance", "feed")]);
    let mut scenario = planned(&steps, &[]);
    let mut said = answer("finance", true, Hash::of(b"m"));
    said["by_hand"] = json!(true);
    said["simulated"] = json!(true);
    let at = end(&scenario);
    scenario.events.insert(at, event("g-1", "answered", json!({"step": "01p", "answer": said})));
    let report = report(&scenario);
    assert!(report.ok);
    for code in [StatementCode::ByHand, StatementCode::Simulated] {
        assert!(report.rests_on.iter().any(|said| said.code == code));
    }
}

#[test]
fn req_n4_the_notice_is_posted_and_its_time_over_before_the_end() {
    let steps = |seconds: u64, announced: &str| {
        json!([
            {"id": "01n", "op": "notice", "params": {"text": "on Monday"}},
            {"id": "01w", "op": "notice_period", "params": {"seconds": seconds, "announced": announced}},
        ])
    };
    let told_of = |seconds, announced: &str, posted: bool, ended: bool| {
        let mut scenario = planned(&steps(seconds, announced), &[]);
        let at = end(&scenario);
        let mut events = vec![event("g-1", "wait_started", json!({"step": "01w"}))];
        if posted {
            events.insert(0, event("g-1", "read_back", json!({"step": "01n", "effect": "applied"})));
        }
        if ended {
            events.push(event("g-1", "wait_ended", json!({"step": "01w"})));
        }
        for one in events.into_iter().rev() {
            scenario.events.insert(at, one);
        }
        scenario
    };
    // All events of the scenario have one time.
    let good = report(&told_of(0, "2026-11-23T02:15:00.000Z", true, true));
    assert!(good.ok, "{:?}", good.findings);
    assert!(proves(&good, StatementCode::Notice));
    for (seconds, announced, posted, ended) in [
        (60, "2026-11-23T02:15:00.000Z", true, true),
        (0, "2026-11-23T02:15:01.000Z", true, true),
        (0, "2026-11-23T02:15:00.000Z", false, true),
        (0, "2026-11-23T02:15:00.000Z", true, false),
    ] {
        assert_eq!(told(&told_of(seconds, announced, posted, ended)), [FindingCode::OrderNotice]);
    }
}

#[test]
fn req_s1_the_nominee_signed_before_the_end() {
    let steps = json!([]);
    let accepted = |subject: &str, signer: &str, who: &str| {
        let mut scenario = planned(&steps, &[("nominee", json!("p-boss"))]);
        let statement = json!({
            "adjourn": "dual-act/v1", "act": "handover.accept", "subject": subject, "principal": who,
            "at": "2026-11-23T02:15:00.000Z",
        });
        let signature = hex(&key(signer).sign(&canonical_json(&statement).unwrap()).to_bytes());
        let at = end(&scenario);
        let payload = json!({"statement": statement, "signature": signature});
        scenario.events.insert(at, event("g-1", "handover_accepted", payload));
        scenario
    };
    assert_eq!(told(&accepted("g-1", "p-boss", "p-boss")), []);
    for bad in [
        planned(&steps, &[("nominee", json!("p-boss"))]),
        accepted("g-2", "p-boss", "p-boss"),
        accepted("g-1", "p-law", "p-boss"),
        accepted("g-1", "p-law", "p-law"),
    ] {
        assert_eq!(told(&bad), [FindingCode::OrderHandover]);
    }
}

#[test]
fn req_s2_the_minutes_are_carried_signed_and_were_answered_before_the_end() {
    let steps = json!([party("01p", "notary", "minutes")]);
    let judicial = [("judicial", json!("matter 7"))];
    let minutes = json!({"group": "g-1", "matter": "matter 7", "steps": []});
    let signed = |minutes: &Value, seed: &[u8; 32]| {
        let bytes = [b"adjourn minutes/v1\n".as_slice(), &canonical_json(minutes).unwrap()].concat();
        let signature = hex(&SigningKey::from_bytes(seed).sign(&bytes).to_bytes());
        let message = json!({
            "minutes": {"minutes": minutes, "public_key": log_key().public_hex(), "signature": signature},
        });
        canonical_json(&message).unwrap()
    };
    let scenario = |message: &[u8], carried: &[u8]| {
        let mut scenario = planned(&steps, &judicial);
        let at = end(&scenario);
        let said = json!({"step": "01p", "answer": answer("notary", true, Hash::of(message))});
        scenario.events.insert(at, event("g-1", "answered", said));
        scenario.handed_in = vec![carried.to_vec()];
        scenario
    };
    let good = signed(&minutes, &LOG_SEED);
    let proof = report(&scenario(&good, &good));
    assert!(proof.ok, "{:?}", proof.findings);
    assert!(proves(&proof, StatementCode::Preserved));

    let forged = signed(&minutes, &[9; 32]);
    assert_eq!(told(&scenario(&forged, &forged)), [FindingCode::MinutesForm]);
    let other = signed(&json!({"group": "g-2", "matter": "matter 7"}), &LOG_SEED);
    assert_eq!(told(&scenario(&other, &other)), [FindingCode::MinutesForm]);
    assert_eq!(told(&scenario(&good, &other)), [FindingCode::FileMissing], "not the one that was sent");
    assert_eq!(told(&planned(&steps, &judicial)), [FindingCode::OrderParty]);
    assert_eq!(told(&planned(&json!([]), &judicial)), [FindingCode::MinutesForm], "no notary in the plan");
}

#[test]
fn req_x3_what_was_posted_is_what_the_plan_names() {
    let announce = |text: &str, said: &str| {
        let text = text.to_owned();
        with_plan(move |plan| {
            plan["announcement_sha256"] = json!(announcement::hash(said));
            plan["groups"][0]["steps"] = json!([{"id": "01a", "op": "announce", "params": {"text": text}}]);
        })
    };
    assert_eq!(told(&announce("bye", "bye")), []);
    assert_eq!(told(&announce("bye  \r\n", "bye")), [], "the same text in other bytes");
    assert_eq!(told(&announce("good night", "bye")), [FindingCode::AnnouncementHash]);
}
