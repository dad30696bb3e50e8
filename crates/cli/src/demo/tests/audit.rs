//! The audit of a seeded installation: a whole case that went well, and beside it everything that an auditor should find.

use std::collections::BTreeSet;

use adjourn_app::audit::Audited;
use adjourn_app::register::{AssetRow, LedgerRow, OneWish, Rules as RegisterRules};
use adjourn_domain::asset::{Day, Said};
use adjourn_domain::audit::{Check, Limits, Period};
use adjourn_domain::canonical::Hash;
use adjourn_domain::group::Kind;
use adjourn_domain::policy::RoleRule;
use adjourn_domain::succession::Leaver;
use adjourn_domain::time::Time;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};

use super::*;

const DAY: u64 = 24 * HOUR;
/// Long enough for every clock of the seed to run out.
const LONG: u64 = 200 * DAY;

/// A check and what it was about: a group's name, or a case.
type Found = (Check, String);

/// An installation on which everything of the drill has ended, and groups that are only in a ledger.
struct Seeded {
    stage: Stage,
    cast: Cast,
    drill: CaseId,
    _dir: tempfile::TempDir,
}

impl Seeded {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::new(dir.path(), 7, Rules::Declared, OUT).unwrap();
        let cast = Cast::new(&stage.app, OUT).await.unwrap();
        for connection in stage.connections() {
            let secrets = stage.secrets(&connection.id);
            stage.app.add_connection(connection.clone(), &secrets, Some(&cast.admin)).await.unwrap();
            stage.app.scan(&connection.id).await.unwrap();
        }
        let drill = Box::pin(plan_and_review(&stage, &cast, OUT)).await.unwrap();
        Box::pin(act(&stage, &cast, &drill, OUT)).await.unwrap();
        Self { stage, cast, drill, _dir: dir }
    }

    fn app(&self) -> &App {
        &self.stage.app
    }

    async fn register(&self, rows: &[LedgerRow]) {
        let done = self.app().register(rows, Hash::of(b"l"), &[], false, &self.cast.requester).await.unwrap();
        assert!(done.problems.is_empty(), "{:?}", done.problems);
    }

    async fn group(&self, name: &str) -> GroupId {
        self.app().resolve(name).await.unwrap()
    }

    async fn later(&self, seconds: u64) {
        let clock = &self.app().clock;
        clock.sleep_until(clock.now().plus_secs(seconds)).await;
    }

    fn since(&self, from: Time) -> Period {
        Period { from, until: self.app().clock.now(), utc_offset_minutes: 480 }
    }

    async fn audit(&self, period: Period) -> Audited {
        self.app().audit(period, Limits::default(), &self.cast.requester).await.unwrap()
    }

    /// The names of groups that are still there, as the platforms show them.
    async fn left(&self) -> Vec<(GroupId, String)> {
        let cards = self.app().cards().await.unwrap();
        let left = cards.into_iter().filter(|card| card.verdict.is_none());
        left.map(|card| (card.group.clone(), card.label().to_owned())).collect()
    }
}

fn row(name: &str, owner: &str) -> LedgerRow {
    LedgerRow {
        line: 2,
        name: Some(name.to_owned()),
        platform: "wechat".to_owned(),
        owner: owner.to_owned(),
        contact: format!("{owner}@example.org"),
        asset: AssetRow {
            purpose: Said::Is("sales".to_owned()),
            deputy: Said::Is("Deputy".to_owned()),
            deputy_contact: Said::Is("deputy@example.org".to_owned()),
            expires: Said::Is(Day::read("2099-12-31").unwrap()),
            ..AssetRow::default()
        },
        ..LedgerRow::default()
    }
}

fn found(audited: &Audited) -> BTreeSet<Found> {
    let findings = &audited.report.findings;
    let found: BTreeSet<Found> =
        findings.iter().map(|finding| (finding.check, finding.name.clone())).collect();
    let keys: BTreeSet<_> = findings.iter().map(adjourn_domain::audit::Finding::key).collect();
    assert_eq!(keys.len(), findings.len(), "no finding twice");
    found
}

/// Nothing of the platform can be read from now on.
fn blind() -> FaultPlan {
    FaultPlan(vec![Fault {
        when: Matcher { method: None, path_contains: String::new(), nth: None },
        what: FaultKind::ServerError { status: 503, after_effect: false },
    }])
}

impl Seeded {
    /// A plan of one group, handed to the reviewers.
    async fn submitted(&self, group: &GroupId) -> (CaseId, Hash) {
        let wish = PlanWish {
            groups: vec![group.clone()],
            reason: "over".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: "bye".to_owned(),
            languages: vec!["zh-CN".to_owned()],
            kinds: KindWish::default(),
            case: None,
        };
        let (plan, hash) = self.app().plan(wish, &self.cast.requester).await.unwrap();
        self.app().submit(&plan.case, &self.cast.requester).await.unwrap();
        (plan.case, hash)
    }
}

#[tokio::test]
async fn req_g5_g11_the_audit_finds_what_was_seeded_and_nothing_else() {
    let mut seeded = Seeded::new().await;
    let begin = Time::parse("2026-11-01T00:00:00Z").unwrap();
    seeded.later(1).await;
    let drill = seeded.app().journal.known_case(&seeded.drill).await.unwrap();
    let ended = seeded.app().groups_of(&drill).await.unwrap();
    let [(wechat, wechat_name), (_, qq_name)] = seeded.left().await.try_into().unwrap();

    // What the drill leaves: things that survive on platforms.
    let mut expected: BTreeSet<Found> = BTreeSet::new();
    for group in &ended {
        let part = &group.run.as_ref().unwrap().part;
        assert!(!part.residue.is_empty());
        expected.insert((Check::Residue, part.name.clone()));
    }
    // Two groups that platforms show, that nobody registered, with one owner each.
    for name in [&wechat_name, &qq_name] {
        expected.insert((Check::Unregistered, name.clone()));
        expected.insert((Check::OneOwner, name.clone()));
    }
    let first = seeded.audit(seeded.since(begin)).await;
    assert_eq!(found(&first), expected);
    assert_eq!(first.report.compared.last, None);
    let cover = &first.report.coverage;
    assert_eq!((cover.groups, cover.registered, cover.gone), (2, 0, ended.len() as u64));
    seeded.app().close_audit(&first, Vec::new()).await.unwrap();

    // Groups of which only a ledger knows, each with one thing that is wrong, and one with none.
    let quiet = row("All is well", "ann");
    let unreachable = LedgerRow { contact: String::new(), ..row("No way to reach", "bob") };
    let mut expiring = row("Long over", "cai");
    expiring.asset.expires = Said::Is(Day::read("2026-12-31").unwrap());
    let rows = [
        quiet,
        unreachable,
        expiring,
        row("Owner left", "dan"),
        row("On hold", "eve"),
        row("On hold too", "fay"),
    ];
    seeded.register(&rows).await;
    expected.insert((Check::Unreachable, "No way to reach".to_owned()));
    expected.insert((Check::RenewalOverdue, "Long over".to_owned()));
    let leaver = Leaver {
        line: 2,
        names: vec!["dan".to_owned()],
        contacts: vec!["dan@example.org".to_owned()],
        ..Leaver::default()
    };
    let rules = RegisterRules::default();
    let left = seeded
        .app()
        .leavers(&[leaver], Hash::of(b"leavers"), &rules, false, &seeded.cast.requester)
        .await
        .unwrap();
    assert_eq!(left.owed.len(), 1);
    expected.insert((Check::SuccessorOverdue, "Owner left".to_owned()));
    let held = seeded.group("On hold").await;
    seeded.app().add_hold(&held, "matter 7", &seeded.cast.requester).await.unwrap();
    expected.insert((Check::HoldLasting, "On hold".to_owned()));
    // Records that nobody has to keep: what is known to hold nothing, but for the shop, whose trades have a law of their own.
    for group in &ended {
        let wish = OneWish {
            owner: Some("ann".to_owned()),
            contact: Some("ann@example.org".to_owned()),
            asset: AssetRow { holds: Said::Is(BTreeSet::new()), ..AssetRow::default() },
            ..OneWish::default()
        };
        let id = group.id.to_string();
        seeded.app().register_one(&id, None, wish, false, &seeded.cast.requester).await.unwrap();
        let part = &group.run.as_ref().unwrap().part;
        if part.way.kind != Kind::Trading {
            expected.insert((Check::DispositionOverdue, part.name.clone()));
        }
    }
    // A plan that nobody reviews.
    let (waiting, _) = seeded.submitted(&wechat).await;
    expected.insert((Check::ReviewOverdue, waiting.to_string()));
    seeded.later(LONG).await;
    // A hold that is young enough to be left alone.
    let young = seeded.group("On hold too").await;
    seeded.app().add_hold(&young, "matter 8", &seeded.cast.requester).await.unwrap();
    seeded.later(1).await;
    // From now on the policy asks for two from the business: what was applied before lacks one.
    let important = seeded.stage.app.policy.0.get_mut("important").unwrap();
    important.review.rules = vec![
        RoleRule { role: "business".to_owned(), count: 2 },
        RoleRule { role: "compliance".to_owned(), count: 1 },
    ];
    expected.insert((Check::ApprovalOutsidePolicy, seeded.drill.to_string()));
    let second = seeded.audit(seeded.since(begin)).await;
    assert_eq!(found(&second), expected);
    let compared = &second.report.compared;
    assert_eq!(compared.last, Some(first.sha256));
    assert_eq!(compared.same as usize, first.report.findings.len());
    assert_eq!(compared.new as usize, second.report.findings.len() - first.report.findings.len());
    assert!(compared.settled.is_empty());

    // Frozen: the same period says the same later, whatever has happened since.
    let period = second.report.period;
    seeded
        .register(&[LedgerRow { contact: "bob@example.org".to_owned(), ..row("No way to reach", "bob") }])
        .await;
    seeded.later(DAY).await;
    let again = seeded.audit(period).await;
    assert_eq!(again.report.findings, second.report.findings);
    assert_eq!(again.report.events, second.report.events);

    // Settled is settled, and said so.
    let info = adjourn_console::audit::hand_over(seeded.app(), Lang::En, &second).await.unwrap();
    assert!(proves(&verify_bundle(Path::new(&info.path), &VerifyOptions::default()), StatementCode::Report));
    for (name, says) in
        [("report.en.html", "Owner left"), ("report.zh-CN.html", "Owner left"), ("findings.csv", "5.9")]
    {
        let text = std::fs::read_to_string(Path::new(&info.path).join("data").join(name)).unwrap();
        assert!(text.contains(says), "{name}");
    }
    let third = seeded.audit(seeded.since(begin)).await;
    expected.remove(&(Check::Unreachable, "No way to reach".to_owned()));
    assert_eq!(found(&third), expected);
    let settled: Vec<&str> =
        third.report.compared.settled.iter().map(|finding| finding.name.as_str()).collect();
    assert_eq!(settled, ["No way to reach"]);
}

#[tokio::test]
async fn req_g5_a_report_is_sealed_and_what_was_done_to_it_afterwards_is_found() {
    let seeded = Seeded::new().await;
    seeded.later(1).await;
    let begin = Time::parse("2026-11-01T00:00:00Z").unwrap();
    let audited = seeded.audit(seeded.since(begin)).await;
    let page = vec![("report.en.html".to_owned(), b"<p>looked at</p>".to_vec())];
    let info = seeded.app().close_audit(&audited, page).await.unwrap();
    let verify = || verify_bundle(Path::new(&info.path), &VerifyOptions::default());
    assert!(proves(&verify(), StatementCode::Report));
    let org = seeded.app().journal.org().await.unwrap();
    assert_eq!(org.audits.last().map(|audit| audit.report), Some(audited.sha256));
    for name in ["report.json", "report.en.html"] {
        let path = Path::new(&info.path).join("data").join(name);
        let bytes = std::fs::read(&path).unwrap();
        let mut other = bytes.clone();
        other[3] ^= 1;
        std::fs::write(&path, other).unwrap();
        assert!(!verify().ok, "{name}");
        std::fs::write(&path, bytes).unwrap();
    }
    // Whoever writes the manifests anew can't write the signature anew.
    let path = Path::new(&info.path).join("data/checkpoint");
    let note = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, note.replace("bundle ", "bundle 0")).unwrap();
    assert!(!verify().ok);
    let too_early =
        Period { from: begin, until: Time::parse("2099-01-01T00:00:00Z").unwrap(), utc_offset_minutes: 0 };
    let error = seeded.app().audit(too_early, Limits::default(), &seeded.cast.requester).await.unwrap_err();
    assert_eq!(error.code(), "audit.period");
}

#[tokio::test]
async fn req_g5_g7_a_group_that_nobody_could_see_any_more_is_a_failed_observation() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    let begin = play.app().clock.now();
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |state| current(state) == Some(StepOp::Observe)).await;
    play.stage.platforms[&ConnectionId::from("qq")].transport.set_faults(blind());
    let state = play.work(true, |_| false).await;
    assert_eq!(
        state.run.as_ref().and_then(|run| run.verdict),
        Some(adjourn_domain::verdict::Verdict::Unknown)
    );
    let clock = &play.app().clock;
    clock.sleep_until(clock.now().plus_secs(1)).await;
    let period = Period { from: begin, until: clock.now(), utc_offset_minutes: 480 };
    let audited = play.app().audit(period, Limits::default(), &play.cast.requester).await.unwrap();
    let of = |check: Check| audited.report.findings.iter().filter(|finding| finding.check == check).count();
    assert_eq!(of(Check::ObservationFailed), 1);
    let row = audited.report.checked.iter().find(|row| row.check == Check::ObservationFailed).unwrap();
    assert_eq!((row.looked_at, row.found), (1, 1));
}
