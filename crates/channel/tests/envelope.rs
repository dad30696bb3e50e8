//! Instructions under attack: every byte, every field, every order.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adjourn_channel::{InstructionKey, Trusted};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Op;
use adjourn_domain::instruction::{
    Authority, Instruction, MAX_ENVELOPE_BYTES, Refused, SKEW_S, Signed, Standing, check,
};
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
    check(
        envelope,
        body,
        &Standing { name: "north", now: at, last_fence: fence, seen: &|_| seen, signed: &signed },
    )
}

/// A hash in the place of the signature, quick enough for a quarter of a million envelopes.
fn quick(bytes: &[u8]) -> Vec<u8> {
    let digest = Hash::of(bytes).0;
    [digest, digest].concat()
}

fn read_quick(envelope: &[u8]) -> Result<Instruction, Refused> {
    let signed = |id: &str, bytes: &[u8], sig: &[u8]| match (id == "quick", quick(bytes) == sig) {
        (false, _) => Signed::UnknownKey,
        (true, false) => Signed::Bad,
        (true, true) => Signed::Good,
    };
    check(
        envelope,
        BODY,
        &Standing { name: "north", now: now(), last_fence: 5, seen: &|_| false, signed: &signed },
    )
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
