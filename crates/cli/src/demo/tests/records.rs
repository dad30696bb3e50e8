//! The end of records: periods, a person's release, two people, the certificate; and a hold that races the dissolve.

use std::fs;
use std::sync::Barrier;

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SeededRng;
use adjourn_app::destroy::Destroyed;
use adjourn_app::ports::ReportInput;
use adjourn_app::register::OneWish;
use adjourn_app::review::Held;
use adjourn_app::{Journal, register::AssetRow};
use adjourn_domain::asset::{Day, Said};
use adjourn_domain::case::CaseState;
use adjourn_domain::retention::Disposition;
use adjourn_domain::run::{Action, RunCommand, due};
use adjourn_domain::time::Time;
use adjourn_store::SqliteStore;
use adjourn_worker::step::{Effect, step};

use super::*;

/// Races of a hold with the dissolve.
const RACES: usize = 1000;
const YEAR: u64 = 366 * 24 * HOUR;

impl Play {
    /// A group that ended.
    async fn over() -> Self {
        let mut play = Self::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
        play.plan(KindWish::default(), "bye").await.unwrap();
        let state = play.work(true, |_| false).await;
        assert!(state.over(), "{:?}", state.run.map(|run| run.verdict));
        play
    }

    pub(super) async fn destroy(&self, who: &KeySigner) -> Result<Destroyed, AppError> {
        self.app().destroy_key(&self.group, who).await
    }

    pub(super) async fn refused(&self, code: &str) -> AppError {
        let error = self.destroy(&self.cast.business).await.unwrap_err();
        assert_eq!(error.code(), code);
        error
    }

    pub(super) async fn decide(&self, disposition: Disposition) -> Result<(), AppError> {
        let (app, by) = (self.app(), &self.cast.compliance);
        app.review_retention(&self.group, disposition, "looked at", by).await.map(|_| ())
    }

    pub(super) fn later(&self, seconds: u64) {
        let app = self.app();
        self.stage.clock.0.advance_to(app.clock.now().plus_secs(seconds));
    }

    pub(super) async fn due(&self) -> Vec<GroupId> {
        let all = self.app().retention().await.unwrap();
        all.into_iter().filter(|kept| kept.standing.due()).map(|kept| kept.card.group).collect()
    }

    /// Released and destroyed by two people.
    pub(super) async fn certified(&self) -> String {
        self.decide(Disposition::Release).await.unwrap();
        assert_eq!(self.destroy(&self.cast.business).await.unwrap(), Destroyed::Asked);
        let Destroyed::Done(Some(info)) = self.destroy(&self.cast.admin).await.unwrap() else {
            panic!("no certificate")
        };
        info.path
    }
}

fn check(path: &str) -> Report {
    verify_bundle(Path::new(path), &VerifyOptions::default())
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code.slug()).collect()
}

#[tokio::test]
async fn req_c1_c2_nothing_is_destroyed_while_a_period_runs_nor_by_time_alone() {
    let play = Box::pin(Play::over()).await;
    let ended = play.state().await.records.completed.unwrap();
    let today = Day::of(ended, 480);
    let last = today.later(adjourn_domain::asset::Length::Years(3)).unwrap();
    // The refusal names the day and the article, and a release does not get around it.
    let error = play.refused("retention.running").await;
    assert_eq!(error.0.args["until"], last.to_string());
    assert!(error.0.args["article"].contains("article"), "{:?}", error.0.args);
    assert_eq!(play.decide(Disposition::Release).await.unwrap_err().code(), "retention.running");
    assert!(play.due().await.is_empty());

    play.stage.clock.0.advance_to(Time::from_millis(last.end(480).as_millis() - 1));
    play.refused("retention.running").await;
    play.later(1);
    // The time is over: the worker destroys nothing, and two people alone do not either.
    play.work(true, |_| false).await;
    play.refused("retention.undecided").await;
    assert_eq!(play.due().await, std::slice::from_ref(&play.group));
    assert!(play.state().await.snapshot.is_some());

    // A person keeps it for longer; when that is over it is due again, and not released.
    let until = Day::of(play.app().clock.now(), 480).later(adjourn_domain::asset::Length::Days(30)).unwrap();
    play.decide(Disposition::KeepUntil { until }).await.unwrap();
    play.refused("retention.kept").await;
    assert!(play.due().await.is_empty());
    play.stage.clock.0.advance_to(until.end(480));
    play.refused("retention.undecided").await;
    assert_eq!(play.due().await, std::slice::from_ref(&play.group));
    let yesterday = Disposition::KeepUntil { until };
    assert_eq!(play.decide(yesterday).await.unwrap_err().code(), "retention.until");

    // A hold forbids the release, and each signature.
    let (app, cast) = (play.app(), &play.cast);
    let held = app.add_hold(&play.group, "matter 9", &cast.compliance).await.unwrap();
    assert_eq!(held.in_flight, None);
    assert_eq!(play.decide(Disposition::Release).await.unwrap_err().code(), "hold.active");
    app.lift_hold(&held.hold, &cast.compliance).await.unwrap();
    assert!(app.lift_hold(&held.hold, &cast.business).await.unwrap());
    play.decide(Disposition::Release).await.unwrap();
    let held = app.add_hold(&play.group, "matter 10", &cast.compliance).await.unwrap();
    play.refused("hold.active").await;
    app.lift_hold(&held.hold, &cast.compliance).await.unwrap();
    app.lift_hold(&held.hold, &cast.business).await.unwrap();

    // A hold between the two signatures: it is lifted again, and both sign again all the same.
    assert_eq!(play.destroy(&cast.business).await.unwrap(), Destroyed::Asked);
    let held = app.add_hold(&play.group, "matter 11", &cast.compliance).await.unwrap();
    assert_eq!(play.destroy(&cast.admin).await.unwrap_err().code(), "hold.active");
    app.lift_hold(&held.hold, &cast.compliance).await.unwrap();
    app.lift_hold(&held.hold, &cast.business).await.unwrap();
    assert_eq!(play.state().await.key_destroy_asked_by, None, "the first signature has lapsed");
    assert_eq!(play.destroy(&cast.admin).await.unwrap(), Destroyed::Asked, "it is a first one now");
    // Another decision about the record makes it void as well.
    play.decide(Disposition::KeepUntil { until: Day::of(app.clock.now(), 480) }).await.unwrap();
    assert_eq!(play.state().await.key_destroy_asked_by, None);
    play.decide(Disposition::Release).await.unwrap();

    // One person is not two.
    assert_eq!(play.destroy(&cast.business).await.unwrap(), Destroyed::Asked);
    play.refused("approval.self").await;
    let Destroyed::Done(Some(info)) = play.destroy(&cast.admin).await.unwrap() else { panic!("not done") };
    let report = check(&info.path);
    assert!(proves(&report, StatementCode::Destruction));
    assert!(report.rests_on.iter().any(|said| said.code == StatementCode::CopiesElsewhere));
    let text = fs::read_to_string(Path::new(&info.path).join("data/report.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["method"]["name"], "cryptographic erase");
    let classes: Vec<&str> =
        value["ran_out"].as_array().unwrap().iter().filter_map(|row| row["class"].as_str()).collect();
    assert!(classes.contains(&"trade_records") && classes.contains(&"provision_records"), "{classes:?}");
    // The same for people, from the same data.
    let page = fs::read_to_string(Path::new(&info.path).join("data/certificate.html")).unwrap();
    for row in value["ran_out"].as_array().unwrap() {
        let (zh, en) = row["article"].as_str().unwrap().split_once(" / ").unwrap();
        assert!(page.contains(zh) && page.contains(en) && page.contains(row["until"].as_str().unwrap()));
    }
    for signed in value["statements"].as_array().unwrap() {
        assert!(page.contains(signed["signature"].as_str().unwrap()));
    }
    // No name of the group and of nobody.
    for word in [msg::demo_person_business(Lang::En), msg::demo_person_admin(Lang::En)] {
        assert!(!text.contains(&word) && !page.contains(&word), "{text}");
    }
    // Asked again after a crash, the same certificate stands.
    assert_eq!(play.destroy(&cast.admin).await.unwrap(), Destroyed::Done(Some(info)));
}

#[tokio::test]
async fn req_c4_logs_of_our_acts_outlive_the_key_in_the_journals_headers() {
    let play = Box::pin(Play::over()).await;
    let asset = AssetRow { holds: Said::Is(std::collections::BTreeSet::new()), ..AssetRow::default() };
    let wish = OneWish { owner: Some("Li".to_owned()), asset, ..OneWish::default() };
    let (app, group) = (play.app(), &play.group);
    app.register_one(group.as_str(), None, wish.clone(), false, &play.cast.admin).await.unwrap();
    // The shop's kind still keeps vouchers.
    play.refused("retention.running").await;
    let kept = app.retention().await.unwrap().into_iter().find(|kept| kept.card.group == *group).unwrap();
    let logs = kept.standing.periods.iter().find(|period| period.class.slug() == "logs").unwrap();
    assert!(logs.runs(kept.standing.today) && !logs.blocks(kept.standing.today));
    play.later(3 * YEAR);
    let rows = app.journal.store.rows(1, 10_000).await.unwrap();
    let acts = |rows: &[adjourn_app::ports::StoredRow]| {
        let of_group = rows.iter().filter(|row| row.header.stream.group().as_ref() == Some(group));
        of_group
            .map(|row| (row.header.at, row.header.actor.clone(), row.header.kind.clone()))
            .collect::<Vec<_>>()
    };
    let before = acts(&rows);
    assert!(before.iter().any(|(_, _, kind)| kind == "intent"), "what was done is named in the headers");
    play.certified().await;
    assert!(play.app().journal.group(group).await.is_err(), "the payloads are gone");
    let after = acts(&app.journal.store.rows(1, 10_000).await.unwrap());
    assert_eq!(after.get(..before.len()).unwrap(), before.as_slice());
}

#[tokio::test]
async fn req_c1_a_certificate_that_was_tampered_with_or_is_one_persons_is_no_certificate() {
    let play = Box::pin(Play::over()).await;
    play.later(4 * YEAR);
    let path = play.certified().await;
    let file = Path::new(&path).join("data/report.json");
    let good = fs::read(&file).unwrap();
    let verify = || verbs::verify::run(OUT, Path::new(&path), &verbs::verify::Known::default()).unwrap();
    assert_eq!(verify(), Exit::Done);
    for at in [0, good.len() / 3, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&file, &bad).unwrap();
        assert_eq!(verify(), Exit::Evidence, "byte {at}");
        assert!(codes(&check(&path)).contains(&"bag.altered"));
    }
    fs::write(&file, &good).unwrap();
    assert_eq!(verify(), Exit::Done);

    // Whoever holds the log's key can seal anything; both people's keys are needed all the same.
    let certificate: Value = serde_json::from_slice(&good).unwrap();
    let forge = |name: &'static str, change: &dyn Fn(&mut Value)| {
        let mut value = certificate.clone();
        change(&mut value);
        let report = adjourn_domain::canonical::canonical_json(&value).unwrap();
        let app = play.app().clone();
        async move {
            let leaves = app.journal.store.leaves().await.unwrap();
            let now = app.clock.now();
            let input = ReportInput {
                kind: "destroyed",
                name: name.to_owned(),
                now,
                report,
                files: Vec::new(),
                leaves,
            };
            app.vault.write_report(input).await.map_err(|error| error.to_string())
        }
    };
    let twice = |value: &mut Value| value["statements"][1] = value["statements"][0].clone();
    let one = |value: &mut Value| {
        value["statements"].as_array_mut().unwrap().pop();
    };
    let other_group = |value: &mut Value| value["group"] = json!("g-0000");
    let other_key = |value: &mut Value| {
        value["statements"][1]["public_key"] = value["statements"][0]["public_key"].clone();
    };
    let later =
        |value: &mut Value| value["statements"][1]["statement"]["at"] = json!("2026-01-01T00:00:00.000Z");
    let early = |value: &mut Value| value["at"] = json!("2020-01-01T00:00:00.000Z");
    let more = |value: &mut Value| value["note"] = json!("x");
    assert!(forge("same", &|_| {}).await.is_ok(), "the forger's way of writing is right");
    for (name, change, says) in [
        ("twice", &twice as &dyn Fn(&mut Value), "one person"),
        ("one", &one, "not two"),
        ("group", &other_group, "something else"),
        ("key", &other_key, "is not the one of"),
        ("time", &later, "does not hold"),
        ("early", &early, "after it was done"),
        ("more", &more, "unknown field"),
    ] {
        let error = forge(name, change).await.unwrap_err();
        assert!(error.contains(says), "{name}: {error}");
    }
}

/// One process on a copy of the journal.
fn process(play: &Play, db: &Path, keys: &Path, seed: u64) -> App {
    let rng = Arc::new(SeededRng::new(seed));
    let keys = Arc::new(FileKeys::open(keys, rng.clone()).unwrap());
    let store = Arc::new(SqliteStore::open(db).unwrap());
    App { journal: Journal::new(store, keys, rng), ..play.app().clone() }
}

/// Commits the intent of the dissolve as the worker does, or tells what forbids it. Who wrote in the same moment is read
/// anew.
async fn intend(app: &App, group: &GroupId, case: &CaseState) -> Result<(), String> {
    loop {
        let state = app.journal.group(group).await.unwrap();
        let now = app.clock.now();
        let took = step(now, case, state.clone(), None).unwrap();
        match took.effect {
            None => return Err(took.blocked.unwrap().code.to_owned()),
            Some(effect) => assert!(matches!(effect, Effect::Perform(_)), "{effect:?}"),
        }
        let mut tx = app.journal.begin(now, &"worker");
        tx.group(state, &took.events).unwrap();
        match tx.commit().await {
            Ok(()) => return Ok(()),
            Err(error) => assert_eq!(error.code(), "journal.conflict"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn req_c1_a_hold_and_the_dissolve_in_the_same_moment_never_both_win() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |state| current(state) == Some(StepOp::CoolingOff)).await;
    // A first hold stops the run right before the dissolve; when it is lifted, the world is looked at again.
    let who = &play.cast.compliance;
    let Held { hold: first, .. } = play.app().add_hold(&play.group, "matter 8", who).await.unwrap();
    let state = play.work(true, |_| false).await;
    assert_eq!(current(&state), Some(StepOp::Dissolve));
    play.app().lift_hold(&first, who).await.unwrap();
    assert!(play.app().lift_hold(&first, &play.cast.business).await.unwrap());
    let case = play.app().journal.known_case(&play.case).await.unwrap();
    // The second look right before has found no difference.
    let state = play.state().await;
    let now = play.app().clock.now();
    if matches!(due(&state, &case, now), Action::Recheck { .. }) {
        let looked = state.decide(&case, RunCommand::Rechecked(Vec::new()), now).unwrap();
        let mut tx = play.app().journal.begin(now, &"worker");
        tx.group(state, &looked).unwrap();
        tx.commit().await.unwrap();
    }
    let next = due(&play.state().await, &case, now);
    assert!(matches!(next, Action::Perform { .. }), "{next:?}");

    // Two processes on one file; every race has a group of its own with the history of the one that was played.
    let dir = play.dir.path();
    let one = process(&play, &dir.join("adjourn.db"), &dir.join("keys"), 1);
    let two = process(&play, &dir.join("adjourn.db"), &dir.join("keys"), 2);
    let history = play.events().await;
    let (who, case) = (&play.cast.compliance, &case);
    let groups: Vec<GroupId> = (0..RACES).map(|n| GroupId(format!("g-{n:016x}"))).collect();
    for batch in groups.chunks(100) {
        let mut tx = one.journal.begin(now, &"worker");
        for group in batch {
            tx.group(GroupState::new(group.clone()), &history).unwrap();
        }
        tx.commit().await.unwrap();
    }
    let (mut held_first, mut intended_first) = (0, 0);
    for (n, group) in groups.iter().enumerate() {
        let start = Barrier::new(2);
        let handle = tokio::runtime::Handle::current();
        // Every tenth time one is let through first, so that both orders are there for certain.
        let order = n % 10;
        let hold = || {
            start.wait();
            if order == 1 {
                start.wait();
            }
            let held = handle.block_on(one.add_hold(group, "matter 11", who));
            if order == 0 {
                start.wait();
            }
            held
        };
        let dissolve = || {
            start.wait();
            if order == 0 {
                start.wait();
            }
            let done = handle.block_on(intend(&two, group, case));
            if order == 1 {
                start.wait();
            }
            done
        };
        let (held, done): (Result<Held, AppError>, Result<(), String>) = tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let (hold, dissolve) = (scope.spawn(hold), scope.spawn(dissolve));
                (hold.join().unwrap(), dissolve.join().unwrap())
            })
        });
        let held = held.unwrap();
        let events = one.journal.group_events(group).await.unwrap();
        let at = |is: &dyn Fn(&GroupEvent) -> bool| events.iter().position(|(_, event)| is(event));
        let hold_at =
            at(&|event| matches!(event, GroupEvent::HoldAdded { hold, .. } if *hold == held.hold)).unwrap();
        let intent_at = at(&|event| matches!(event, GroupEvent::Intent { irreversible: true, .. }));
        match (done, intent_at) {
            (Err(code), None) => {
                assert_eq!((code.as_str(), held.in_flight), ("hold.active", None), "race {n}");
                held_first += 1;
            }
            (Ok(()), Some(intent_at)) => {
                assert!(intent_at < hold_at, "race {n}: an intent under a hold");
                assert_eq!(held.in_flight, Some(StepOp::Dissolve), "race {n}");
                intended_first += 1;
            }
            other => panic!("race {n}: {other:?}"),
        }
    }
    assert_eq!(held_first + intended_first, RACES);
    assert!(held_first >= RACES / 10 && intended_first >= RACES / 10, "{held_first} {intended_first}");
}
