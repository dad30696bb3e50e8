//! Instructions in a live session: what an outpost does not obey is refused, reported, and in the journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::ports::{Call, Clock as _, PlatformError, Platforms as _};
use adjourn_channel::{InstructionKey, Sealed, Trusted, fingerprint};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_domain::instruction::{Authority, Instruction};
use adjourn_domain::time::Time;

use crate::scene::{Scene, Skewed, call, connection, outpost, outpost_by, until};

/// An error of a live call that says that nothing was done.
fn refused(error: &PlatformError, code: &str) {
    assert_eq!((error.code, error.effect), (code, Effect::NotApplied), "{error}");
}

/// An instruction for this call, changed before it is signed with this key.
fn signed(scene: &Scene, call: &Call, key: &InstructionKey, change: impl FnOnce(&mut Instruction)) -> Sealed {
    let mut sealed = scene.centre.instruction("north", &connection(), call).unwrap();
    let (under, body, now) = (call.authority.clone(), sealed.body.as_bytes(), SystemClock.now());
    let mut made = Instruction::new("north", under, call.op, body, now, 120, &[7; 16]);
    change(&mut made);
    sealed.envelope = made.seal(&key.public().id(), |bytes| key.sign(bytes)).unwrap();
    sealed.nonce = made.nonce;
    sealed
}

#[tokio::test]
async fn req_g6_replayed_expired_misdirected_stale_altered_and_forged_are_refused_live_and_in_the_journal() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let mut running = scene.begin(outpost(&north, 0)).await;
    let key = scene.office.signing().unwrap();
    let first = scene.centre.instruction("north", &connection(), &call(9)).unwrap();
    // Obeyed: what comes back is what its connectors say, and there is none for this platform.
    assert_eq!(scene.centre.deliver("north", &first).await.unwrap_err().code, "platform.unknown");
    assert!(scene.told(&["instruction_refused"]).await.is_empty());

    let ago = Time::from_millis(SystemClock.now().as_millis() - 600_000);
    let mut altered = signed(&scene, &call(9), &key, |_| {});
    altered.envelope[40] ^= 1;
    let mut other_body = signed(&scene, &call(9), &key, |_| {});
    other_body.body = scene.centre.instruction("north", &connection(), &call(10)).unwrap().body;
    let plan = Authority { plan_hash: Hash::of(b"another plan"), ..call(9).authority };
    let behind = Authority { place: 1, step: "freeze".to_owned(), fence: 11, ..call(9).authority };
    let other_plan = Call { authority: plan, ..call(9) };
    let step_behind = Call { authority: behind, ..call(9) };
    let attempts = [
        ("replayed", first),
        (
            "expired",
            signed(&scene, &call(9), &key, |made| {
                made.issued_at = ago;
                made.expires_at = ago.plus_secs(120);
            }),
        ),
        ("not_for_me", signed(&scene, &call(9), &key, |made| made.to = "south".to_owned())),
        ("stale", signed(&scene, &call(8), &key, |_| {})),
        ("altered", altered),
        ("altered", other_body),
        ("forged", signed(&scene, &call(9), &InstructionKey::from_seed(&[5; 32]), |_| {})),
        ("wrong_plan", signed(&scene, &other_plan, &key, |_| {})),
        ("behind", signed(&scene, &step_behind, &key, |_| {})),
    ];
    // Before and after the outpost was killed: what it may not forget is on its disk.
    for round in 0..2 {
        for (n, (slug, what)) in attempts.iter().enumerate() {
            let error = scene.centre.deliver("north", what).await.unwrap_err();
            refused(&error, &format!("instruction.{slug}"));
            let told = scene.told(&["instruction_refused"]).await;
            assert_eq!(told.len(), round * attempts.len() + n + 1);
            let last = &told[told.len() - 1];
            assert_eq!((&last["outpost"], &last["why"]["reason"]), (&"north".into(), &(*slug).into()));
            assert_eq!(last["instruction"], Hash::of(&what.envelope).to_hex());
            assert_eq!((&last["under"]["case"], &last["under"]["group"]), (&"c-1".into(), &"g-1".into()));
        }
        scene.end(running).await;
        running = scene.begin(outpost(&north, 0)).await;
    }
    // What is right is obeyed still.
    let error = scene.platforms().act(&connection(), &call(9)).await.unwrap_err();
    assert_eq!(error.code, "platform.unknown");
    scene.end(running).await;

    // An outpost that trusts another key obeys nothing of ours, and answers no question.
    let stranger = InstructionKey::from_seed(&[5; 32]).public();
    let trusted = serde_json::to_vec(&Trusted::one(&stranger)).unwrap();
    std::fs::write(north.join("trusted.json"), trusted).unwrap();
    let _last = scene.begin(outpost(&north, 0)).await;
    refused(&scene.platforms().act(&connection(), &call(9)).await.unwrap_err(), "instruction.forged");
    refused(&scene.platforms().list(&connection()).await.unwrap_err(), "instruction.forged");
    let told = scene.told(&["instruction_refused"]).await;
    assert_eq!(told.len(), 2 * attempts.len() + 2);
    assert!(told[told.len() - 1]["under"].is_null(), "a question is under nothing");
}

#[tokio::test]
async fn req_g6_a_clock_that_jumps_ten_minutes_in_a_session_is_named_and_fifty_seconds_do_no_harm() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let clock = Arc::new(Skewed(AtomicI64::new(0)));
    let _running = scene.begin(outpost_by(&north, clock.clone())).await;
    let act = || async { scene.platforms().act(&connection(), &call(9)).await.unwrap_err() };
    for tolerated in [50, -50] {
        clock.0.store(tolerated, Ordering::SeqCst);
        assert_eq!(act().await.code, "platform.unknown", "{tolerated}");
    }
    for (skew, code, reason) in
        [(600, "instruction.expired", "expired"), (-600, "instruction.early", "early")]
    {
        clock.0.store(skew, Ordering::SeqCst);
        let error = act().await;
        refused(&error, code);
        refused(&scene.platforms().list(&connection()).await.unwrap_err(), code);
        let told = scene.told(&["instruction_refused"]).await;
        let why = &told[told.len() - 1]["why"];
        assert_eq!(why["reason"], reason);
        // Both clocks are named, in the journal and to whoever asked.
        for side in ["there", "here"] {
            let at = Time::parse(why[side].as_str().unwrap()).unwrap();
            let off =
                at.as_millis() - SystemClock.now().as_millis() - if side == "here" { skew * 1000 } else { 0 };
            assert!(off.abs() < 60_000, "{side} {why}");
        }
        assert!(error.says.contains("made at 20") && error.says.contains("here it is 20"), "{error}");
    }
    assert_eq!(scene.told(&["instruction_refused"]).await.len(), 4);
}

#[tokio::test]
async fn req_g6_an_outpost_that_is_revoked_in_the_middle_of_a_call_is_cut_off_and_asked_nothing_more() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let running = scene.begin(outpost(&north, 0)).await;
    assert_eq!(scene.platforms().act(&connection(), &call(9)).await.unwrap_err().code, "platform.unknown");
    scene.revoke("north", fingerprint(&north.join("outpost.pem")).unwrap()).await;
    // Asked before the centre has looked by itself: the journal is read before every call.
    refused(&scene.platforms().act(&connection(), &call(9)).await.unwrap_err(), "outpost.revoked");
    until("its session is over", || scene.centre.there().is_empty()).await;
    let ended = tokio::time::timeout(Duration::from_mins(1), running).await.unwrap().unwrap();
    assert_eq!(ended.unwrap_err().code(), "channel.certificate_revoked");
    let told = scene.told(&["outpost_revoked"]).await;
    assert_eq!((told.len(), &told[0]["outpost"]), (1, &"north".into()));
}
