//! The keeper of evidence in whole cases: receipts in the bundle, and what happens when the keeper lies or does not answer.

use adjourn_adapters::deposits::KeeperDeposits;
use adjourn_app::ports::{Deposit, Deposits};
use adjourn_evidence::deposit::{KeeperKey, carried, verify};
use adjourn_sim::{FaultPlan, Manner};

use super::*;
use crate::demo::keeper;

/// A keeper that behaves so, with a key of its own.
fn behaving(play: &Play, manner: Manner, deposit: Deposit) -> Arc<dyn Deposits> {
    let (wire, key) = keeper::wire([9; 32], manner, FaultPlan::none(), &play.stage.clock.0);
    Arc::new(KeeperDeposits::new(wire, key, deposit))
}

fn sealed(events: &[GroupEvent]) -> bool {
    events.iter().any(|event| matches!(event, GroupEvent::SealReadBack { .. }))
}

#[tokio::test]
async fn req_g8_a_drills_bundle_carries_receipts_by_the_key_of_its_seed_and_stays_a_drill() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |_| false).await;
    let report = play.report().await;
    assert!(proves(&report, StatementCode::Deposit), "{report:?}");
    let said = |code| report.rests_on.iter().filter(|one| one.code == code).count();
    assert_eq!((said(StatementCode::NoDeposit), said(StatementCode::SimulatedKeeper)), (0, 1));
    // Nor is a drill's time stamp taken for a stranger's.
    assert_eq!((said(StatementCode::SimulatedAuthority), said(StatementCode::Unvouched)), (2, 0));
    let bundle = play.app().vault.bundle_path(&play.case).await.unwrap().unwrap();
    let bundle = Path::new(&bundle);
    let key = KeeperKey::from_seed(&keeper::seed(7));
    let receipts = carried(bundle).unwrap();
    let mut numbers = Vec::new();
    for one in &receipts {
        let receipt = verify(&one.bytes, &one.digest.unwrap(), Some(&key)).unwrap().receipt;
        assert_eq!(play.app().deposits.check(&receipt.number).await, Ok(Some(receipt.clone())));
        numbers.push(receipt.number);
    }
    // The reply to the first deposit was lost, and there is one receipt all the same.
    assert_eq!(numbers, ["SIM-000002", "SIM-000001"], "{receipts:?}");
    // Both kinds lie side by side; that the time stamps are a drill's, nobody counts as an authority's word.
    for one in &receipts {
        assert!(bundle.join(one.file.replace("deposit.json", "tsr")).is_file(), "{}", one.file);
    }
    let stamped = |event: &GroupEvent| matches!(event, GroupEvent::Sealed { stamped: true, .. });
    assert!(!play.events().await.iter().any(stamped));
    let info = std::fs::read_to_string(bundle.join("bag-info.txt")).unwrap();
    assert!(info.contains("drill"), "{info}");
}

#[tokio::test]
async fn req_g8_nothing_is_sealed_on_the_word_of_a_lying_keeper() {
    for (manner, code) in [(Manner::Lies, "deposit.receipt"), (Manner::Refuses, "deposit.failed")] {
        let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
        play.stage.app.deposits = behaving(&play, manner, Deposit::Required);
        play.plan(KindWish::default(), "bye").await.unwrap();
        let stuck = |state: &GroupState| {
            state.run.as_ref().is_some_and(|run| {
                run.current()
                    .is_some_and(|at| run.part.steps[at].op == StepOp::Seal && run.steps[at].attempts >= 3)
            })
        };
        let state = play.work(true, stuck).await;
        assert!(stuck(&state), "{manner:?}");
        let events = play.events().await;
        assert!(!sealed(&events), "{manner:?}");
        let errors = serde_json::to_string(&events).unwrap();
        assert!(errors.contains(code), "{manner:?}: {errors}");
        let called = |event: &GroupEvent| matches!(event, GroupEvent::Intent { irreversible: true, .. });
        assert!(!events.iter().any(called), "nothing irreversible is called");
    }
}

#[tokio::test]
async fn req_g8_a_wanted_keeper_that_refuses_blocks_nothing_and_the_bundle_says_so() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.stage.app.deposits = behaving(&play, Manner::Refuses, Deposit::Wanted);
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |_| false).await;
    let report = play.report().await;
    assert!(report.ok, "{:?}", report.findings);
    // The archive was not deposited; the checkpoint was, by the vault's own keeper.
    let without: Vec<_> = report.rests_on.iter().filter(|one| one.code == StatementCode::NoDeposit).collect();
    let [without] = without.as_slice() else { panic!("{without:?}") };
    assert!(without.args["file"].ends_with("archive/tagmanifest-sha256.txt"), "{without:?}");
}
