//! In whose name and with what: bundles whose log and manifests are right, and whose people are not.

use adjourn_domain::canonical::{Hash, canonical_json, hex};
use adjourn_domain::delegation::{Delegation, OnBehalf};
use adjourn_domain::passkey::Purpose;
use adjourn_domain::time::Time;
use adjourn_evidence::verify::FindingCode::{self, *};
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};

use crate::common::bundle::told;
use crate::common::case::{AT, CASE, Scenario, event, key, principal};
use crate::common::who::{Authenticator, PRESENT, VERIFIED};
use crate::verify::with_plan;

/// Puts the approvals into the journal as they are now.
fn tell(scenario: &mut Scenario) {
    for nth in 0..scenario.approvals.len() {
        let at = scenario.find("approved", nth);
        scenario.events[at].payload = serde_json::to_value(&scenario.approvals[nth]).unwrap();
    }
}

/// Both approve with a passkey; `edit` sees the answer of the second one.
fn passkeys(
    plan: impl Fn(&mut Value),
    answer: impl Fn(&Authenticator, Hash, &str) -> adjourn_domain::passkey::Assertion,
) -> Scenario {
    let mut scenario = with_plan(|value| {
        value["review"]["passkey"] = true.into();
        plan(value);
    });
    let hash = scenario.plan_hash();
    for (nth, who) in ["p-boss", "p-law"].into_iter().enumerate() {
        let device = Authenticator::of(who);
        let nonce = scenario.approvals[nth].nonce.clone();
        let given =
            if nth == 0 { device.answer(hash, who, &nonce, VERIFIED) } else { answer(&device, hash, &nonce) };
        scenario.approvals[nth].passkey = Some(given.clone());
        let bound = device.bound(who);
        scenario.events.insert(3, event("org", "passkey_added", json!({"passkey": bound})));
        scenario.who.passkeys.push(bound);
        scenario.who.answers.push((Purpose::Approval, who.to_owned(), nonce, device.passkey, given));
    }
    tell(&mut scenario);
    scenario
}

fn right(device: &Authenticator, hash: Hash, nonce: &str) -> adjourn_domain::passkey::Assertion {
    device.answer(hash, "p-law", nonce, VERIFIED)
}

#[test]
fn req_g9_an_auditor_finds_an_answer_that_is_not_for_this_plan_person_or_time() {
    assert_eq!(told(&passkeys(|_| {}, right)), []);
    let wrong = |scenario: &Scenario| {
        let found = told(scenario);
        assert!(found.contains(&PasskeyInvalid) && found.contains(&OrderApproval), "{found:?}");
    };
    wrong(&passkeys(
        |_| {},
        |device, _, nonce| device.answer(Hash::of(b"another plan"), "p-law", nonce, VERIFIED),
    ));
    wrong(&passkeys(|_| {}, |device, hash, nonce| device.answer(hash, "p-boss", nonce, VERIFIED)));
    wrong(&passkeys(|_| {}, |device, hash, _| device.answer(hash, "p-law", "ff", VERIFIED)));
    wrong(&passkeys(|_| {}, |device, hash, nonce| device.answer(hash, "p-law", nonce, PRESENT)));
    wrong(&passkeys(
        |_| {},
        |_, hash, nonce| {
            // A right answer by a wrong key.
            Authenticator::of("p-law").answer(hash, "p-law", nonce, VERIFIED)
        },
    ));
    // Bound to its person by somebody else's key, added by nobody, or taken away before.
    let mut scenario = passkeys(|_| {}, right);
    let device = Authenticator::of("p-law");
    scenario.who.passkeys[1] = device.bound("p-boss");
    wrong(&scenario);
    let mut scenario = passkeys(|_| {}, right);
    let added = scenario.find("passkey_added", 0);
    scenario.events[added].kind = String::from("seen");
    wrong(&scenario);
    let mut scenario = passkeys(|_| {}, right);
    let gone = json!({"credential": scenario.who.answers[1].4.credential});
    scenario.events.insert(5, event("org", "passkey_revoked", gone));
    wrong(&scenario);
}

#[test]
fn req_g9_a_plan_that_asks_for_passkeys_is_not_met_without() {
    let found = told(&with_plan(|plan| plan["review"]["passkey"] = true.into()));
    assert_eq!(found, [ApprovalQuorum, PasskeyMissing, OrderApproval].sorted());
}

trait Sorted {
    fn sorted(self) -> Vec<FindingCode>;
}

impl<const N: usize> Sorted for [FindingCode; N] {
    fn sorted(self) -> Vec<FindingCode> {
        let mut list = self.to_vec();
        list.sort();
        list
    }
}

/// The second approval is a clerk's, in the place of the law.
fn lent(edit: impl Fn(&mut Delegation), signer: &str) -> Scenario {
    let mut scenario = with_plan(|_| {});
    let mut delegation = Delegation {
        adjourn: "delegation/v1".to_owned(),
        id: "d-1".into(),
        from: "p-law".into(),
        to: "p-clerk".into(),
        role: "compliance".to_owned(),
        at: Time::parse(AT).unwrap(),
        until: Time::parse(AT).unwrap().plus_secs(3600),
        reason: "on leave".to_owned(),
    };
    edit(&mut delegation);
    let clerk = principal("p-clerk", "service");
    scenario.events.insert(0, event("org", "principal_added", serde_json::to_value(&clerk).unwrap()));
    scenario.principals.push(clerk);
    let signature = hex(&key(signer).sign(&delegation.bytes().unwrap()).to_bytes());
    let mut bound = serde_json::to_value(&delegation).unwrap();
    bound["signature"] = signature.into();
    scenario.events.insert(4, event("org", "delegated", json!({"delegation": bound})));
    scenario.who.delegations.push(bound);
    let behalf = OnBehalf { delegation: "d-1".into(), of: "p-law".into(), role: "compliance".to_owned() };
    let said = &mut scenario.approvals[1];
    let statement = json!({
        "adjourn": "approval/v1", "case": CASE, "plan_hash": said.plan_hash, "principal": "p-clerk",
        "decision": "approve", "at": AT, "nonce": said.nonce, "on_behalf": behalf,
    });
    said.principal = String::from("p-clerk");
    said.on_behalf = Some(behalf);
    said.signature = hex(&key("p-clerk").sign(&canonical_json(&statement).unwrap()).to_bytes());
    tell(&mut scenario);
    scenario
}

#[test]
fn req_g4_an_auditor_finds_a_voice_that_was_not_lent() {
    assert_eq!(told(&lent(|_| {}, "p-law")), []);
    for (name, scenario) in [
        ("signed by the delegate", lent(|_| {}, "p-clerk")),
        ("to somebody else", lent(|one| one.to = "p-boss".into(), "p-law")),
        ("over by then", lent(|one| one.until = one.at, "p-law")),
        ("another role", lent(|one| one.role = "business".to_owned(), "p-law")),
    ] {
        let found = told(&scenario);
        assert!(found.contains(&ApprovalDelegation) && found.contains(&ApprovalQuorum), "{name}: {found:?}");
    }
    let mut scenario = lent(|_| {}, "p-law");
    scenario.events.insert(5, event("org", "delegation_revoked", json!({"delegation": "d-1"})));
    assert!(told(&scenario).contains(&ApprovalDelegation));
    // The voice that was lent and its owner's own are one.
    let mut scenario = lent(|_| {}, "p-law");
    let own = crate::common::case::approval("p-law", scenario.plan_hash(), "p-law");
    let at = scenario.find("approved", 1);
    scenario.events.insert(at, event(CASE, "approved", serde_json::to_value(&own).unwrap()));
    scenario.approvals.push(own);
    assert!(told(&scenario).contains(&ApprovalQuorum));
}

#[test]
fn req_g4_an_auditor_finds_alternatives_that_were_not_met_and_approvals_that_had_expired() {
    let either = |role: &str| {
        let any_of = json!([[{"role": role, "count": 1}], [{"role": "audit", "count": 2}]]);
        with_plan(move |plan| {
            plan["review"]["rules"] = json!([{"role": "business", "count": 1}]);
            plan["review"]["any_of"] = any_of.clone();
        })
    };
    assert_eq!(told(&either("compliance")), []);
    assert_eq!(told(&either("legal")), [ApprovalQuorum, OrderApproval]);
    // The test's clock stands still: nothing expires in an hour of no time, everything in none.
    assert_eq!(told(&with_plan(|plan| plan["review"]["approval_ttl_s"] = 3600.into())), []);
    let found = told(&with_plan(|plan| plan["review"]["approval_ttl_s"] = 0.into()));
    assert!(found.contains(&ApprovalQuorum), "{found:?}");
}
