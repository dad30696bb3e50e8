//! The keeper's client against the simulated keeper, over a real socket: what holds, what is lost, refused, lied about and
//! forgotten.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::{Arc, Mutex};

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::deposits::{HttpWire, KeeperDeposits, NoDeposits};
use adjourn_app::ports::{Clock as _, Deposit, DepositError, Deposits};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_evidence::deposit::{KeeperKey, verify};
use adjourn_sim::{Fault, FaultKind, FaultPlan, Manner, Matcher, PacedClock, Server, SimKeeper, share};

const SEED: [u8; 32] = [5; 32];
const NAME: &str = "c-1/g-1/archive";

/// A simulated keeper on a socket.
struct Desk {
    url: String,
    manner: Arc<Mutex<Manner>>,
}

impl Desk {
    async fn new(faults: FaultPlan) -> Self {
        let manner = Arc::new(Mutex::new(Manner::Honest));
        let keeper = SimKeeper::new(SEED, manner.clone());
        let clock = PacedClock::new(Arc::new(|| SystemClock.now()), None, 1);
        let server = Server::new(share(Box::new(keeper)), clock).faults(faults);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/", listener.local_addr().unwrap());
        tokio::spawn(server.run(listener, std::future::pending()));
        Self { url, manner }
    }

    async fn honest() -> Self {
        Self::new(FaultPlan::none()).await
    }

    fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn client(&self, deposit: Deposit) -> Arc<dyn Deposits> {
        client(&self.url, KeeperKey::from_seed(&SEED), deposit)
    }
}

fn client(url: &str, key: KeeperKey, deposit: Deposit) -> Arc<dyn Deposits> {
    Arc::new(KeeperDeposits::new(HttpWire::new(url).unwrap(), key, deposit))
}

/// The number in a receipt that holds for these bytes.
fn number(receipt: &[u8], of: &[u8]) -> String {
    verify(receipt, &Hash::of(of), Some(&KeeperKey::from_seed(&SEED))).unwrap().receipt.number
}

fn put(what: FaultKind) -> FaultPlan {
    let when =
        Matcher { method: Some("PUT".to_owned()), path_contains: "/deposits/".to_owned(), nth: Some(1) };
    FaultPlan(vec![Fault { when, what }])
}

fn wrong<T: std::fmt::Debug>(result: Result<T, DepositError>) -> (&'static str, Effect) {
    let error = result.unwrap_err();
    (error.code, error.effect)
}

#[tokio::test]
async fn req_g8_a_digest_is_kept_its_receipt_is_signed_and_the_keeper_still_knows_it() {
    let desk = Desk::honest().await;
    let keeper = desk.client(Deposit::Required);
    let receipt = keeper.submit(&Hash::of(b"seal"), NAME).await.unwrap();
    assert_eq!(number(&receipt, b"seal"), "SIM-000001");
    let known = keeper.check("SIM-000001").await.unwrap().unwrap();
    assert_eq!((known.digest, known.name.as_str(), known.simulated), (Hash::of(b"seal"), NAME, true));
    assert_eq!(keeper.check("SIM-000002").await, Ok(None));
    let about = keeper.keeper().await.unwrap();
    assert!(about.simulated && about.issuer.contains("SIMULATED"), "{about:?}");
    assert_eq!(wrong(keeper.check("../keeper").await), ("deposit.receipt", Effect::Unknown));
    assert_eq!(wrong(keeper.submit(&Hash::of(b"x"), "a\nb").await), ("deposit.failed", Effect::NotApplied));
}

#[tokio::test]
async fn req_g8_a_lost_reply_never_makes_two_receipts() {
    for fault in [FaultKind::ReplyLost, FaultKind::ServerError { status: 502, after_effect: true }] {
        let desk = Desk::new(put(fault.clone())).await;
        let keeper = desk.client(Deposit::Required);
        let lost = wrong(keeper.submit(&Hash::of(b"seal"), NAME).await);
        assert_eq!(lost, ("deposit.failed", Effect::Unknown), "{fault:?}");
        let receipt = keeper.submit(&Hash::of(b"seal"), NAME).await.unwrap();
        assert_eq!(number(&receipt, b"seal"), "SIM-000001");
        // The next digest gets the next number: the first one was kept once.
        let next = keeper.submit(&Hash::of(b"other"), NAME).await.unwrap();
        assert_eq!(number(&next, b"other"), "SIM-000002");
    }
    let desk = Desk::new(put(FaultKind::ReplyLost)).await;
    let receipt = desk.client(Deposit::Required).receipt(b"seal", NAME).await.unwrap().unwrap();
    assert_eq!(number(&receipt, b"seal"), "SIM-000001");
}

#[tokio::test]
async fn req_g8_a_keeper_that_refuses_blocks_only_where_it_is_required() {
    let desk = Desk::honest().await;
    desk.behaves(Manner::Refuses);
    let refused = wrong(desk.client(Deposit::Wanted).submit(&Hash::of(b"seal"), NAME).await);
    assert_eq!(refused, ("deposit.failed", Effect::NotApplied));
    assert_eq!(desk.client(Deposit::Wanted).receipt(b"seal", NAME).await, Ok(None));
    let error = desk.client(Deposit::Required).receipt(b"seal", NAME).await.unwrap_err();
    assert_eq!(error.code(), "deposit.failed");
    let none: Arc<dyn Deposits> = Arc::new(NoDeposits);
    assert_eq!(none.receipt(b"seal", NAME).await, Ok(None));
    assert_eq!(wrong(none.keeper().await), ("deposit.unconfigured", Effect::NotApplied));
}

#[tokio::test]
async fn req_g8_a_keeper_that_signs_another_digest_is_not_believed() {
    let desk = Desk::honest().await;
    let keeper = desk.client(Deposit::Required);
    let receipt = keeper.submit(&Hash::of(b"seal"), NAME).await.unwrap();
    desk.behaves(Manner::Lies);
    assert_eq!(wrong(keeper.submit(&Hash::of(b"next"), NAME).await), ("deposit.receipt", Effect::Unknown));
    assert_eq!(keeper.receipt(b"next", NAME).await.unwrap_err().code(), "deposit.receipt");
    assert_eq!(desk.client(Deposit::Wanted).receipt(b"next", NAME).await, Ok(None));
    // What it says about a receipt later is signed, and something else.
    let known = keeper.check(&number(&receipt, b"seal")).await.unwrap().unwrap();
    assert_ne!(known.digest, Hash::of(b"seal"));
}

#[tokio::test]
async fn req_g8_a_keeper_that_forgot_says_so() {
    let desk = Desk::honest().await;
    let keeper = desk.client(Deposit::Required);
    let receipt = keeper.submit(&Hash::of(b"seal"), NAME).await.unwrap();
    desk.behaves(Manner::Forgets);
    assert_eq!(keeper.check(&number(&receipt, b"seal")).await, Ok(None));
}

#[tokio::test]
async fn another_key_than_the_configured_one_is_refused() {
    let desk = Desk::honest().await;
    let stranger = client(&desk.url, KeeperKey::from_seed(&[6; 32]), Deposit::Required);
    for error in [
        wrong(stranger.submit(&Hash::of(b"seal"), NAME).await),
        wrong(stranger.check("SIM-000001").await),
        wrong(stranger.keeper().await),
    ] {
        assert_eq!(error, ("deposit.receipt", Effect::Unknown));
    }
}

#[tokio::test]
async fn answers_that_are_none_are_told_with_what_is_known_of_the_effect() {
    for (fault, code, effect) in [
        (FaultKind::HalfBody, "deposit.receipt", Effect::Unknown),
        (FaultKind::WrongContentType, "deposit.receipt", Effect::Unknown),
        (FaultKind::InvalidUtf8, "deposit.receipt", Effect::Unknown),
        (FaultKind::DeepJson { depth: 2000 }, "deposit.receipt", Effect::Unknown),
        (FaultKind::HugeField { bytes: 1_000_000 }, "deposit.failed", Effect::Unknown),
        (FaultKind::RequestLost, "deposit.failed", Effect::Unknown),
        (FaultKind::TooMany { retry_after_s: Some(1) }, "deposit.failed", Effect::NotApplied),
        (FaultKind::ServerError { status: 503, after_effect: false }, "deposit.failed", Effect::Unknown),
    ] {
        let desk = Desk::new(put(fault.clone())).await;
        let keeper = desk.client(Deposit::Required);
        assert_eq!(wrong(keeper.submit(&Hash::of(b"seal"), NAME).await), (code, effect), "{fault:?}");
        let receipt = keeper.submit(&Hash::of(b"seal"), NAME).await.unwrap();
        assert_eq!(number(&receipt, b"seal"), "SIM-000001", "{fault:?}");
    }
    // Nobody listens where nobody ever did.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let nobody = client(&url, KeeperKey::from_seed(&SEED), Deposit::Wanted);
    assert_eq!(wrong(nobody.keeper().await), ("deposit.failed", Effect::NotApplied));
}

#[test]
fn an_address_in_clear_over_a_network_is_refused() {
    assert!(HttpWire::new("https://keeper.example.org/v1").is_ok());
    for bad in ["http://keeper.example.org", "ftp://127.0.0.1", "keeper.example.org", ""] {
        assert!(HttpWire::new(bad).is_err(), "{bad}");
    }
}
