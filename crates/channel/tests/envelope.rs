//! Instructions under attack: every byte, every field, every order.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adjourn_channel::{InstructionKey, Trusted};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Op;
use adjourn_domain::envelope::{CheckSignature, MAX_ENVELOPE_BYTES, Signed};
use adjourn_domain::instruction::{
    Authority, Instruction, Obeyed, Past, Question, Refused, SKEW_S, Standing, check, check_question,
};
use adjourn_domain::reply::{self, Awaited, Doubt, Said};
use adjourn_domain::time::Time;

const BODY: &[u8] = br#"{"op":"dissolve"}"#;

fn now() -> Time {
    Time::from_millis(1_790_000_000_000)
}

fn key() -> InstructionKey {
    InstructionKey::from_seed(&[7; 32])
}

fn instruction() -> Instruction {
    let under = Authority {
        case: "c-0a1b".into(),
        plan_hash: Hash::of(b"plan"),
        group: "g-0a1b".into(),
        step: "dissolve".to_owned(),
        place: 3,
        undo: false,
        attempt: 1,
        fence: 5,
    };
    Instruction::new("north", under, Op::Dissolve, BODY, now(), 120, &[9; 16])
}

fn sealed(what: &Instruction) -> Vec<u8> {
    what.seal(&key().public().id(), |bytes| key().sign(bytes)).unwrap()
}

fn read(envelope: &[u8], body: &[u8], at: Time, seen: bool, fence: u64) -> Result<Instruction, Refused> {
    let trusted = Trusted::one(&key().public());
    let signed = |id: &str, bytes: &[u8], sig: &[u8]| trusted.signed(at, id, bytes, sig);
    let past = Past { last_fence: fence, seen: &|_| seen, obeyed: &|_| None };
    check(envelope, body, &Standing { name: "north", now: at, signed: &signed }, &past)
}

/// A hash in the place of the signature, quick enough for a quarter of a million envelopes.
fn quick(bytes: &[u8]) -> Vec<u8> {
    let digest = Hash::of(bytes).0;
    [digest, digest].concat()
}

fn quickly(id: &str, bytes: &[u8], sig: &[u8]) -> Signed {
    match (id == "quick", quick(bytes) == sig) {
        (false, _) => Signed::UnknownKey,
        (true, false) => Signed::Bad,
        (true, true) => Signed::Good,
    }
}

fn read_quick(envelope: &[u8]) -> Result<Instruction, Refused> {
    let signed: &CheckSignature<'_> = &quickly;
    let past = Past { last_fence: 5, seen: &|_| false, obeyed: &|_| None };
    check(envelope, BODY, &Standing { name: "north", now: now(), signed }, &past)
}

#[test]
fn req_g6_every_altered_byte_of_an_instruction_is_refused() {
    let envelope = sealed(&instruction());
    assert_eq!(read(&envelope, BODY, now(), false, 5), Ok(instruction()));
    for at in 0..envelope.len() {
        let mut bent = envelope.clone();
        bent[at] ^= 1 << (at % 8);
        refused(&bent, &read(&bent, BODY, now(), false, 5));
    }
    for at in 0..BODY.len() {
        let mut bent = BODY.to_vec();
        bent[at] ^= 1;
        assert_eq!(read(&envelope, &bent, now(), false, 5), Err(Refused::Altered), "the call is bound too");
    }
}

#[test]
fn req_g6_every_value_of_every_byte_and_every_length_is_refused() {
    let envelope = instruction().seal("quick", quick).unwrap();
    assert_eq!(read_quick(&envelope), Ok(instruction()));
    let mut tried = 0;
    let mut refuse = |bytes: &[u8]| {
        refused(bytes, &read_quick(bytes));
        tried += 1;
    };
    for at in 0..envelope.len() {
        for change in 1..=255u8 {
            let mut bent = envelope.clone();
            bent[at] ^= change;
            refuse(&bent);
        }
        // One less, one more, and only the beginning.
        let mut less = envelope.clone();
        less.remove(at);
        refuse(&less);
        for more in [b' ', b'0', b'A', b'"'] {
            let mut longer = envelope.clone();
            longer.insert(at, more);
            refuse(&longer);
        }
        refuse(&envelope[..at]);
    }
    refuse(&[envelope.as_slice(), b" "].concat());
    refuse(&vec![b'['; MAX_ENVELOPE_BYTES + 1]);
    refuse(&vec![b'['; MAX_ENVELOPE_BYTES]);
    assert!(tried > 190_000, "{tried}");
}

fn refused(bytes: &[u8], found: &Result<Instruction, Refused>) {
    assert!(matches!(found, Err(Refused::Altered | Refused::Forged)), "{found:?}: {}", bytes.escape_ascii());
}

#[test]
fn req_g6_forged_expired_early_replayed_stale_and_misdirected_instructions_are_told_apart() {
    let envelope = sealed(&instruction());
    let stranger = InstructionKey::from_seed(&[8; 32]);
    let forged = instruction().seal(&stranger.public().id(), |bytes| stranger.sign(bytes)).unwrap();
    assert_eq!(read(&forged, BODY, now(), false, 5), Err(Refused::Forged));
    // Under the name of the right key.
    let forged = instruction().seal(&key().public().id(), |bytes| stranger.sign(bytes)).unwrap();
    assert_eq!(read(&forged, BODY, now(), false, 5), Err(Refused::Altered));
    assert_eq!(read(&envelope, BODY, now(), true, 5), Err(Refused::Replayed));
    assert_eq!(read(&envelope, BODY, now(), false, 6), Err(Refused::Stale { fence: 5, seen: 6 }));
    let elsewhere = sealed(&Instruction { to: "south".to_owned(), ..instruction() });
    assert_eq!(read(&elsewhere, BODY, now(), false, 5), Err(Refused::NotForMe));

    // A clock that is a minute off does no harm, one that is ten minutes off names both clocks.
    let ago = |seconds: u64| Time::from_millis(now().as_millis() - i64::try_from(seconds).unwrap() * 1000);
    assert!(read(&envelope, BODY, ago(SKEW_S), false, 5).is_ok());
    assert!(read(&envelope, BODY, now().plus_secs(120 + SKEW_S - 1), false, 5).is_ok());
    assert_eq!(
        read(&envelope, BODY, ago(600), false, 5),
        Err(Refused::Early { there: now(), here: ago(600) })
    );
    let late = now().plus_secs(600);
    assert_eq!(
        read(&envelope, BODY, late, false, 5),
        Err(Refused::Expired { there: now(), until: now().plus_secs(120), here: late })
    );
    // A life that is longer than nonces are remembered is cut.
    let long = sealed(&Instruction { expires_at: now().plus_secs(86_400), ..instruction() });
    assert!(matches!(read(&long, BODY, now().plus_secs(3600), false, 5), Err(Refused::Expired { .. })));
}

#[test]
fn req_g6_an_instruction_of_another_plan_or_for_a_step_behind_is_refused() {
    let trusted = Trusted::one(&key().public());
    let signed = |id: &str, bytes: &[u8], sig: &[u8]| trusted.signed(now(), id, bytes, sig);
    let standing = Standing { name: "north", now: now(), signed: &signed };
    let read = |what: &Instruction, obeyed: Obeyed| {
        let obeyed = |_: &Authority| Some(obeyed);
        let past = Past { last_fence: 5, seen: &|_| false, obeyed: &obeyed };
        check(&sealed(what), BODY, &standing, &past).map(|_| ())
    };
    let at = |place| Obeyed { plan_hash: Hash::of(b"plan"), place, undo: false };
    assert_eq!(read(&instruction(), at(3)), Ok(()));
    assert_eq!(read(&instruction(), at(4)), Err(Refused::Behind { place: 3, obeyed: 4 }));
    // A newer worker goes back no more than an older one.
    let newer = Instruction { under: Authority { fence: 9, ..instruction().under }, ..instruction() };
    assert_eq!(read(&newer, at(4)), Err(Refused::Behind { place: 3, obeyed: 4 }));
    let other = Obeyed { plan_hash: Hash::of(b"other"), ..at(1) };
    let why = Refused::WrongPlan { plan: Hash::of(b"plan"), obeyed: Hash::of(b"other") };
    assert_eq!(read(&instruction(), other), Err(why));
}

#[test]
fn a_group_is_created_on_a_persons_word_whatever_workers_came_before() {
    let under = Authority { fence: 0, ..instruction().under };
    let create = sealed(&Instruction { op: Op::Create, under: under.clone(), ..instruction() });
    assert!(read(&create, BODY, now(), false, 5).is_ok());
    let stale = sealed(&Instruction { under, ..instruction() });
    assert_eq!(read(&stale, BODY, now(), false, 5), Err(Refused::Stale { fence: 0, seen: 5 }));
}

#[test]
fn req_g6_a_question_is_signed_and_no_instruction_passes_for_one() {
    let trusted = Trusted::one(&key().public());
    let read = |envelope: &[u8], at: Time| {
        let signed = |id: &str, bytes: &[u8], sig: &[u8]| trusted.signed(at, id, bytes, sig);
        let standing = Standing { name: "north", now: at, signed: &signed };
        check_question(envelope, BODY, &standing).map(|_| ())
    };
    let question = Question::new("north", BODY, now(), 120, &[9; 16]);
    let seal = |question: &Question, key: &InstructionKey| {
        question.seal(&key.public().id(), |bytes| key.sign(bytes)).unwrap()
    };
    let envelope = seal(&question, &key());
    assert_eq!(read(&envelope, now()), Ok(()));
    let late = now().plus_secs(600);
    let why = Refused::Expired { there: now(), until: now().plus_secs(120), here: late };
    assert_eq!(read(&envelope, late), Err(why));
    let south = seal(&Question { to: "south".to_owned(), ..question.clone() }, &key());
    assert_eq!(read(&south, now()), Err(Refused::NotForMe));
    assert_eq!(read(&seal(&question, &InstructionKey::from_seed(&[8; 32])), now()), Err(Refused::Forged));
    assert_eq!(read(&sealed(&instruction()), now()), Err(Refused::Altered));
    assert_eq!(self::read(&envelope, BODY, now(), false, 5), Err(Refused::Altered));
}

#[test]
fn req_g6_every_altered_byte_of_a_reply_and_its_answer_is_refused() {
    let sent = Hash::of(b"envelope");
    let said = Said {
        adjourn: reply::VERSION.to_owned(),
        by: "north".to_owned(),
        envelope_sha256: sent,
        nonce: "09".repeat(16),
        code: None,
        answer_sha256: Hash::of(BODY),
        at: now(),
    };
    let nonce = said.nonce.clone();
    let awaited = Awaited { from: "north", envelope_sha256: sent, nonce: &nonce };
    let read = |reply: &[u8], answer: &[u8]| reply::check(reply, answer, &awaited, &quickly);
    let seal = |said: &Said| said.seal("quick", quick).unwrap();
    let envelope = seal(&said);
    assert_eq!(read(&envelope, BODY), Ok(said.clone()));
    for at in 0..envelope.len() {
        for change in 1..=255u8 {
            let mut bent = envelope.clone();
            bent[at] ^= change;
            let found = read(&bent, BODY);
            assert!(matches!(found, Err(Doubt::Altered | Doubt::Forged)), "{at} {change}: {found:?}");
        }
        assert!(read(&envelope[..at], BODY).is_err());
    }
    for at in 0..BODY.len() {
        let mut bent = BODY.to_vec();
        bent[at] ^= 1;
        assert_eq!(read(&envelope, &bent), Err(Doubt::Altered));
    }
    assert_eq!(read(b"", BODY), Err(Doubt::Unsigned));
    assert_eq!(reply::check(&envelope, BODY, &awaited, &|_, _, _| Signed::UnknownKey), Err(Doubt::Forged));
    let foreign = [
        Said { by: "south".to_owned(), ..said.clone() },
        Said { envelope_sha256: Hash::of(b"another"), ..said.clone() },
        Said { nonce: "08".repeat(16), ..said.clone() },
        // Without the nonce nothing can have been done.
        Said { nonce: String::new(), ..said.clone() },
    ];
    for said in foreign {
        assert_eq!(read(&seal(&said), BODY), Err(Doubt::Foreign), "{said:?}");
    }
    let unread = Said { nonce: String::new(), code: Some("instruction.forged".to_owned()), ..said };
    assert!(read(&seal(&unread), BODY).is_ok());
}
