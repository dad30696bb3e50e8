//! Who may say yes: alternatives, expiry, delegation, escalation, passkeys. Counted in one place, for every entry.
#![expect(clippy::unwrap_used, reason = "test code")]

use adjourn_domain::approval::{Approval, Decision, Principal, Statement};
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus, MAX_QUESTION, MAX_QUESTIONS};
use adjourn_domain::delegation::OnBehalf;
use adjourn_domain::event::{CaseEvent, PlanHead};
use adjourn_domain::passkey::{Assertion, Proof};
use adjourn_domain::plan::{Act, ReasonKind};
use adjourn_domain::refusal::Refusal;
use adjourn_domain::review::{Review, RoleRule};
use adjourn_domain::time::Time;

const HOUR: u64 = 3600;

struct Desk {
    case: CaseState,
    now: Time,
    said: u32,
}

fn rule(role: &str, count: u32) -> RoleRule {
    RoleRule { role: role.to_owned(), count }
}

fn two() -> Review {
    Review::of(vec![rule("business", 1), rule("compliance", 1)])
}

fn assertion() -> Assertion {
    let part = "00".to_owned();
    Assertion {
        credential: part.clone(),
        authenticator_data: part.clone(),
        client_data: part.clone(),
        signature: part,
    }
}

impl Desk {
    fn new(review: Review) -> Self {
        let mut desk = Self { case: CaseState::new("c-1".into()), now: Time::from_millis(0), said: 0 };
        desk.on(CaseCommand::Draw(PlanHead {
            plan_hash: Hash::of(b"plan"),
            requester: "p-0".into(),
            reason_kind: ReasonKind::ProjectEnded,
            drawn_at: desk.now,
            act: Act::Dissolve,
            review,
            drill: true,
            announcement_sha256: None,
            groups: vec!["g-1".into()],
            blockers: 0,
        }))
        .unwrap();
        desk.on(CaseCommand::Submit("p-0".into())).unwrap();
        desk
    }

    fn on(&mut self, command: CaseCommand) -> Result<Vec<CaseEvent>, Refusal> {
        let events = self.case.decide(command, self.now)?;
        self.case = events.iter().fold(self.case.clone(), CaseState::evolve);
        Ok(events)
    }

    fn later(&mut self, seconds: u64) {
        self.now = self.now.plus_secs(seconds);
    }

    fn say(
        &mut self,
        who: &str,
        role: &str,
        of: Option<&str>,
        passkey: Option<Assertion>,
    ) -> Result<CaseStatus, &'static str> {
        self.said += 1;
        let on_behalf = of
            .map(|of| Box::new(OnBehalf { delegation: "d-1".into(), of: of.into(), role: role.to_owned() }));
        let statement = Statement {
            adjourn: "approval/v1".to_owned(),
            case: "c-1".into(),
            plan_hash: Hash::of(b"plan"),
            principal: who.into(),
            decision: Decision::Approve,
            at: self.now,
            nonce: format!("{:032x}", self.said),
            on_behalf,
        };
        let principal = Principal {
            id: who.into(),
            name: who.to_owned(),
            role: role.to_owned(),
            public_key: String::new(),
            added_by: None,
        };
        let approval =
            Box::new(Approval { statement, signature: String::new(), passkey: passkey.map(Box::new) });
        self.on(CaseCommand::Review { approval, principal, reason: String::new() })
            .map_err(|refusal| refusal.code)?;
        Ok(self.case.status)
    }

    fn approve(&mut self, who: &str, role: &str) -> Result<CaseStatus, &'static str> {
        self.say(who, role, None, None)
    }

    fn apply(&mut self) -> Result<CaseStatus, &'static str> {
        self.on(CaseCommand::Apply("p-0".into(), None)).map_err(|refusal| refusal.code)?;
        Ok(self.case.status)
    }
}

#[test]
fn req_g4_one_of_the_alternatives_is_enough_and_all_rules_are_needed() {
    let review = Review {
        any_of: vec![vec![rule("compliance", 1)], vec![rule("legal", 2)]],
        ..Review::of(vec![rule("business", 1)])
    };
    let mut desk = Desk::new(review.clone());
    assert_eq!(desk.case.missing(), [("business".to_owned(), 1), ("compliance".to_owned(), 1)]);
    assert_eq!(desk.case.open_ways(None).len(), 2);
    assert_eq!(desk.approve("p-4", "admin"), Err("approval.role"));
    assert_eq!(desk.approve("p-1", "legal"), Ok(CaseStatus::InReview));
    assert_eq!(desk.approve("p-2", "legal"), Ok(CaseStatus::InReview));
    assert_eq!(desk.apply(), Err("approval.needed"), "the alternative alone is not enough");
    assert_eq!(desk.approve("p-3", "business"), Ok(CaseStatus::Approved));
    let mut desk = Desk::new(review);
    assert_eq!(desk.approve("p-3", "business"), Ok(CaseStatus::InReview));
    assert_eq!(desk.approve("p-2", "compliance"), Ok(CaseStatus::Approved));
}

#[test]
fn req_g4_an_approval_that_has_expired_clears_nothing_until_it_is_given_again() {
    let mut desk = Desk::new(Review { approval_ttl_s: Some(HOUR), ..two() });
    desk.approve("p-1", "business").unwrap();
    desk.later(HOUR);
    assert_eq!(desk.approve("p-2", "compliance"), Ok(CaseStatus::InReview), "the first one is over");
    assert_eq!(desk.approve("p-1", "business"), Ok(CaseStatus::Approved));
    assert_eq!(desk.approve("p-1", "business"), Err("case.state"), "it counts, and counts once");
    desk.later(HOUR - 1);
    let mut in_time = Desk { case: desk.case.clone(), ..desk };
    assert_eq!(in_time.apply(), Ok(CaseStatus::Running));
    desk.later(1);
    assert_eq!(desk.apply(), Err("approval.expired"));
    assert_eq!(desk.case.missing_at(Some(desk.now)).len(), 2);
    desk.approve("p-2", "compliance").unwrap();
    assert_eq!(desk.apply(), Err("approval.expired"));
    desk.approve("p-1", "business").unwrap();
    assert_eq!(desk.apply(), Ok(CaseStatus::Running));
    // Under a run as well: it waits, and goes on when they have approved again.
    desk.later(HOUR);
    assert_eq!(desk.case.still_counts(desk.now).unwrap_err().code, "approval.expired");
    desk.approve("p-1", "business").unwrap();
    desk.approve("p-2", "compliance").unwrap();
    assert_eq!((desk.case.still_counts(desk.now), desk.case.status), (Ok(()), CaseStatus::Running));
}

#[test]
fn req_g4_who_signs_counts_and_a_voice_that_was_lent_counts_once() {
    let mut desk = Desk::new(Review::of(vec![rule("business", 2)]));
    assert_eq!(
        desk.say("p-0", "business", Some("p-1"), None),
        Err("approval.self"),
        "the requester speaks for nobody"
    );
    assert_eq!(
        desk.say("p-5", "business", Some("p-0"), None),
        Err("approval.self"),
        "nor anybody for the requester"
    );
    desk.approve("p-1", "business").unwrap();
    assert_eq!(
        desk.say("p-5", "business", Some("p-1"), None),
        Err("approval.duplicate"),
        "that voice has spoken"
    );
    assert_eq!(
        desk.say("p-1", "business", Some("p-2"), None),
        Err("approval.duplicate"),
        "that person has spoken"
    );
    desk.say("p-5", "business", Some("p-2"), None).unwrap();
    assert_eq!(desk.case.status, CaseStatus::Approved);
    let mut desk = Desk::new(Review::of(vec![rule("business", 2)]));
    desk.say("p-5", "business", Some("p-1"), None).unwrap();
    assert_eq!(desk.say("p-6", "business", Some("p-1"), None), Err("approval.duplicate"));
    assert_eq!(desk.approve("p-1", "business"), Err("approval.duplicate"));
    // Who holds the role by themself counts by themself, whoever else lent them a voice.
    assert_eq!(desk.approve("p-2", "business"), Ok(CaseStatus::Approved));
}

#[test]
fn req_g4_silence_is_told_once_and_approves_nothing() {
    let told = vec!["admin".to_owned()];
    let mut desk = Desk::new(Review { review_s: Some(HOUR), escalate_to: told.clone(), ..two() });
    assert_eq!(desk.case.escalation_due(), Some(Time::from_millis(0).plus_secs(HOUR)));
    desk.later(HOUR - 1);
    assert_eq!(desk.on(CaseCommand::Escalate).unwrap_err().code, "case.state");
    desk.later(1);
    let events = desk.on(CaseCommand::Escalate).unwrap();
    assert_eq!(events, [CaseEvent::ReviewEscalated { plan_hash: Hash::of(b"plan"), to: told }]);
    assert_eq!(desk.on(CaseCommand::Escalate).unwrap_err().code, "case.state");
    desk.later(1000 * HOUR);
    assert_eq!((desk.case.status, desk.case.missing().len()), (CaseStatus::InReview, 2));
    assert_eq!(desk.apply(), Err("approval.needed"));
    desk.approve("p-1", "business").unwrap();
    assert_eq!(desk.approve("p-2", "compliance"), Ok(CaseStatus::Approved));
}

#[test]
fn req_g9_a_class_that_asks_for_a_passkey_takes_no_approval_without_one() {
    let mut desk = Desk::new(Review { passkey: true, passkey_confirm: true, ..two() });
    assert_eq!(desk.approve("p-1", "business"), Err("approval.passkey"));
    desk.say("p-1", "business", None, Some(assertion())).unwrap();
    desk.say("p-2", "compliance", None, Some(assertion())).unwrap();
    assert_eq!(desk.apply(), Err("approval.passkey"), "who has it applied shows one as well");
    let proof = Proof { nonce: "00".to_owned(), assertion: assertion() };
    desk.on(CaseCommand::Apply("p-0".into(), Some(Box::new(proof)))).unwrap();
    assert_eq!(desk.case.status, CaseStatus::Running);
}

#[test]
fn req_g9_one_answer_is_used_once() {
    let mut desk = Desk::new(Review { approval_ttl_s: Some(HOUR), ..two() });
    desk.say("p-1", "business", None, Some(assertion())).unwrap();
    desk.later(HOUR);
    desk.said -= 1;
    assert_eq!(
        desk.say("p-1", "business", None, Some(assertion())),
        Err("approval.duplicate"),
        "the nonce is spent"
    );
    assert_eq!(desk.say("p-1", "business", None, Some(assertion())), Ok(CaseStatus::InReview));
}

#[test]
fn an_approval_from_before_there_were_delegations_reads_as_it_was() {
    let old = r#"{"kind":"approved","adjourn":"approval/v1","case":"c-1","plan_hash":"0000000000000000000000000000000000000000000000000000000000000000","principal":"p-1","decision":"approve","at":"2026-01-01T00:00:00.000Z","nonce":"00","signature":"00","role":"business"}"#;
    let event: CaseEvent = serde_json::from_str(old).unwrap();
    let again: serde_json::Value = serde_json::to_value(&event).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(old).unwrap());
    let old = r#"{"kind":"submitted","by":"p-0","plan_hash":"0000000000000000000000000000000000000000000000000000000000000000"}"#;
    let event: CaseEvent = serde_json::from_str(old).unwrap();
    assert_eq!(
        serde_json::to_value(&event).unwrap(),
        serde_json::from_str::<serde_json::Value>(old).unwrap()
    );
}

#[test]
fn a_question_decides_nothing_is_answered_once_and_stays_when_the_plan_is_drawn_again() {
    let mut desk = Desk::new(two());
    let ask = |by: &str, text: &str| CaseCommand::Ask { by: by.into(), text: text.to_owned() };
    let answer = |by: &str, question| CaseCommand::Answer { by: by.into(), question, text: "yes".to_owned() };
    let code = |desk: &mut Desk, command| desk.on(command).err().map_or("done", |refusal| refusal.code);
    assert_eq!(code(&mut desk, ask("p-0", "why?")), "approval.self");
    assert_eq!(code(&mut desk, ask("p-1", " ")), "question.text");
    assert_eq!(code(&mut desk, ask("p-1", &"x".repeat(MAX_QUESTION + 1))), "question.text");
    assert_eq!(code(&mut desk, ask("p-1", " Is it in use? ")), "done");
    assert_eq!((desk.case.status, desk.case.open_questions()), (CaseStatus::InReview, 1));
    assert_eq!(code(&mut desk, answer("p-1", 0)), "approval.role", "only whoever asked for the case answers");
    assert_eq!(code(&mut desk, answer("p-0", 1)), "question.unknown");
    assert_eq!(code(&mut desk, answer("p-0", 0)), "done");
    assert_eq!(code(&mut desk, answer("p-0", 0)), "question.answered");
    for n in 1..MAX_QUESTIONS {
        assert_eq!(code(&mut desk, ask("p-1", &n.to_string())), "done");
    }
    assert_eq!(code(&mut desk, ask("p-1", "one more")), "question.many");
    let head = *desk.case.head.clone().unwrap();
    desk.on(CaseCommand::Draw(head)).unwrap();
    assert_eq!(desk.case.questions.len(), MAX_QUESTIONS);
    assert_eq!(desk.case.questions[0].text, "Is it in use?");
    assert_eq!(code(&mut desk, ask("p-1", "why?")), "case.state", "out of review nobody is asked");
}

#[test]
fn whoever_asked_for_a_case_withdraws_it_until_it_begins() {
    let withdraw =
        |by: &str, reason: &str| CaseCommand::Withdraw { by: by.into(), reason: reason.to_owned() };
    let code = |desk: &mut Desk, command| desk.on(command).err().map_or("done", |refusal| refusal.code);
    let mut desk = Desk::new(two());
    desk.approve("p-1", "business").unwrap();
    assert_eq!(code(&mut desk, withdraw("p-1", "no")), "approval.role");
    assert_eq!(code(&mut desk, withdraw("p-0", "")), "question.text");
    assert_eq!(code(&mut desk, withdraw("p-0", "still needed")), "done");
    assert_eq!((desk.case.status, desk.case.approvals.len()), (CaseStatus::Withdrawn, 0));
    assert_eq!(desk.approve("p-2", "compliance"), Err("case.state"));
    assert_eq!(desk.apply(), Err("case.state"));
    assert_eq!(code(&mut desk, withdraw("p-0", "again")), "case.state");
    // What has begun is taken back, not withdrawn.
    let mut desk = Desk::new(two());
    desk.approve("p-1", "business").unwrap();
    desk.approve("p-2", "compliance").unwrap();
    desk.apply().unwrap();
    assert_eq!(code(&mut desk, withdraw("p-0", "no")), "case.state");
}
