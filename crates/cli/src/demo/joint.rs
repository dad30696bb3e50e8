//! The joint case over the connectors of the product and their simulators, under both rules: every group ends rightly, nothing
//! happens twice, and the same seed writes the same journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use adjourn_domain::capability::Op;
use adjourn_domain::event::GroupEvent;
use adjourn_domain::plan::StepOp;
use adjourn_domain::run::{GroupState, Run};
use adjourn_domain::verdict::Verdict;
use adjourn_evidence::verify::StatementCode;
use adjourn_i18n::Lang;

use super::*;

const OUT: Out = Out { json: true, lang: Lang::ZhCn };

/// A case that was played, and where.
struct Played {
    stage: Stage,
    case: CaseId,
    groups: Vec<GroupState>,
    _dir: tempfile::TempDir,
}

impl Played {
    async fn new(rules: Rules) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (stage, case) = play(dir.path(), 7, rules, OUT).await.unwrap();
        let known = stage.app.journal.known_case(&case).await.unwrap();
        let groups = stage.app.groups_of(&known).await.unwrap();
        Self { stage, case, groups, _dir: dir }
    }

    fn runs(&self) -> impl Iterator<Item = &Run> {
        self.groups.iter().map(|group| group.run.as_ref().unwrap())
    }

    /// The dissolve's second confirmation by platform and kind of step.
    fn confirms(&self) -> BTreeMap<(String, &'static str), Option<String>> {
        let step = |run: &Run| {
            let step = run.part.steps.iter().find(|step| step.op == StepOp::Dissolve).unwrap();
            ((run.part.platform.to_string(), step.support.slug()), step.text("confirm").map(str::to_owned))
        };
        self.runs().map(step).collect()
    }

    /// How often each effect happened, as the simulators counted.
    fn effects(&self) -> BTreeMap<(String, String, Op), u32> {
        let mut all = BTreeMap::new();
        for (id, platform) in &self.stage.platforms {
            let mut simulator = platform.simulator.lock().unwrap_or_else(PoisonError::into_inner);
            assert_eq!(simulator.take_unexpected().unwrap_or_default(), Vec::<String>::new(), "{id}");
            let effects = simulator.effects().into_iter();
            all.extend(effects.map(|((op, group), n)| ((id.to_string(), group.to_string(), op), n)));
        }
        all
    }

    async fn ends_rightly(&self) {
        let path = self.stage.app.vault.bundle_path(&self.case).await.unwrap().unwrap();
        let report = verify_bundle(Path::new(&path), &VerifyOptions::default());
        assert!(report.ok, "{:?}", report.findings);
        let platforms: Vec<&str> = self.runs().map(|run| run.part.platform.as_str()).collect();
        assert_eq!(platforms, ["wechat", "qq", "dingtalk", "dingtalk", "wecom", "wecom"]);
        let kinds: Vec<&str> = self.runs().map(|run| run.part.way.kind.slug()).collect();
        assert_eq!(
            kinds,
            ["education", "trading", "enterprise", "enterprise", "external_customer", "enterprise"]
        );
        // The class was told beforehand, the shop's record was fixed as evidence and its feed answered, the work was taken over.
        let proves = |code: StatementCode, at: usize| {
            let mut all = report.proved.iter().filter(|said| said.code == code);
            all.any(|said| said.args.get("group").map(String::as_str) == Some(self.groups[at].id.as_str()))
        };
        assert!(proves(StatementCode::Notice, 0) && !proves(StatementCode::Notice, 1));
        assert!(proves(StatementCode::Preserved, 1) && !proves(StatementCode::Preserved, 0));
        let errands = |run: &Run| {
            let steps = run.part.steps.iter().filter_map(|step| step.text("errand").map(str::to_owned));
            steps.collect::<Vec<_>>()
        };
        let all: Vec<_> = self.runs().map(errands).collect();
        assert!(all[0].contains(&"notice".to_owned()) && all[1].contains(&"feed".to_owned()), "{all:?}");
        assert!(self.runs().skip(2).all(|run| run.part.way.nominee.is_some()));
        let effects = self.effects();
        let mut texts = BTreeSet::new();
        for (group, run) in self.groups.iter().zip(self.runs()) {
            assert_eq!(run.verdict, Some(Verdict::Gone), "{}", run.part.name);
            let count = |op: Op| {
                let key = (run.part.connection.to_string(), run.part.native.to_string(), op);
                effects.get(&key).copied().unwrap_or(0)
            };
            assert_eq!(count(Op::Dissolve), 1, "{}", run.part.name);
            let announce = run.part.steps.iter().find(|step| step.op == StepOp::Announce).unwrap();
            // What a person posts is no effect of an interface: it was posted as often as somebody said so.
            let events = self.stage.app.journal.group_events(&group.id).await.unwrap();
            let by_hand = events.iter().filter(
                |(_, event)| matches!(event, GroupEvent::PersonDone { step, .. } if *step == announce.id),
            );
            assert_eq!(count(Op::Announce) as usize + by_hand.count(), 1, "{}", run.part.name);
            assert_eq!(count(Op::Restore), 0);
            for op in [Op::Freeze, Op::Handover] {
                assert!(count(op) <= 1, "{} {op:?}", run.part.name);
            }
            let links = run.part.steps.iter().filter(|step| step.op == StepOp::Unlink).count();
            assert!(count(Op::Unlink) as usize <= links);
            texts.insert(announce.text("text").unwrap());
        }
        // One text for all, which the platform with the least room takes whole.
        assert_eq!(texts.len(), 1);
        assert!(texts.iter().all(|text| text.len() <= 2048), "in bytes, as WeCom counts");
        // Nothing beside the six groups was touched.
        let ours: BTreeSet<String> = self.runs().map(|run| run.part.native.to_string()).collect();
        assert!(effects.keys().all(|(_, group, _)| ours.contains(group)), "{effects:?}");
    }
}

fn calls(played: &Played, platform: &str, path: &str) -> usize {
    let platform = played.stage.platforms.get(&platform.into()).unwrap();
    platform.transport.calls().iter().filter(|(_, uri)| uri.contains(path)).count()
}

#[tokio::test]
async fn the_joint_case_ends_rightly_on_what_is_published_and_one_seed_writes_one_journal() {
    let played = Played::new(Rules::Declared).await;
    played.ends_rightly().await;
    let confirms = BTreeMap::from([
        (("wechat".to_owned(), "assisted"), Some("type_name".to_owned())),
        (("qq".to_owned(), "native"), Some("qr_phone".to_owned())),
        (("dingtalk".to_owned(), "native"), None),
        (("dingtalk".to_owned(), "assisted"), Some("super_admin".to_owned())),
        (("wecom".to_owned(), "assisted"), Some("handover".to_owned())),
    ]);
    assert_eq!(played.confirms(), confirms);
    // A lie, two lost replies: each call was made once, and what came of it was read.
    assert_eq!(calls(&played, "qq", "/set_group_leave"), 1);
    assert_eq!(calls(&played, "dingtalk", "/scenegroup/disband"), 1);
    assert_eq!(calls(&played, "dingtalk", "/blackboards/create"), 2, "one for each group");
    let asked = |run: &Run, op: StepOp| {
        let at = run.part.steps.iter().position(|step| step.op == op)?;
        run.steps.get(at).map(|state| state.human.done_by.len())
    };
    let runs: Vec<&Run> = played.runs().collect();
    assert_eq!(asked(runs[1], StepOp::Dissolve), Some(1), "a person did what the call did not");
    assert_eq!(asked(runs[2], StepOp::Dissolve), Some(0));
    // No interface returns DingTalk's history: the archive says so, and somebody answers for it.
    for run in &runs[2..4] {
        let receipt = run.receipt.as_ref().unwrap();
        assert!(!receipt.complete && receipt.gaps.iter().any(|gap| gap.code == "gap-by-hand"));
        assert!(run.receipt_accepted);
    }
    let again = Played::new(Rules::Declared).await;
    let (one, other) = (journal_bytes(&played.stage.app).await, journal_bytes(&again.stage.app).await);
    assert!(one.unwrap() == other.unwrap(), "two runs with one seed differ");
}

#[tokio::test]
async fn the_joint_case_ends_rightly_on_what_is_confirmed_where_other_people_may_and_less_is_asked() {
    let played = Played::new(Rules::Confirmed).await;
    played.ends_rightly().await;
    assert_eq!(played.confirms().get(&("dingtalk".to_owned(), "assisted")), Some(&None));
    let window = |run: &Run| run.part.facts.iter().find(|fact| fact.key == "recovery.seconds").cloned();
    let qq = played.runs().find(|run| run.part.platform.as_str() == "qq").and_then(window).unwrap();
    assert_eq!((qq.value, qq.declared), (json!(0), Some(json!(86_400))));
    let rows = rules::differences(OUT, Rules::Confirmed).unwrap();
    let row = rows.iter().find(|row| row["platform"] == "qq" && row["key"] == "recovery.seconds").unwrap();
    assert_eq!((&row["declared"], &row["confirmed"]), (&json!(86_400), &json!(0)));
}
