//! What members of a drill are told about their data: out of the pack, and another text under another pack.

use adjourn_adapters::law;
use adjourn_adapters::profiles::BuiltIn;
use adjourn_app::register::{AssetRow, OneWish};
use adjourn_domain::asset::{Holding, Said};
use adjourn_domain::law::{Pack, RecordClass};
use adjourn_domain::run::StepState;

use super::*;

/// The standard pack with another term for trade records.
fn laws(trade_months: u16) -> Vec<Pack> {
    let mut packs = law::packs(&law::STANDARD).unwrap();
    for rule in packs.iter_mut().flat_map(|pack| &mut pack.keep) {
        if rule.class == RecordClass::TradeRecords {
            rule.months = trade_months;
        }
    }
    packs
}

impl Play {
    async fn shop() -> Self {
        Self::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await
    }

    fn under(&mut self, laws: Vec<Pack>) {
        self.stage.app.profiles = Arc::new(BuiltIn::new(laws));
    }

    async fn drawn(&mut self) -> Plan {
        self.plan(KindWish::default(), "bye").await.unwrap()
    }

    /// What was posted in the group, read back.
    async fn posted(mut self) -> (Plan, String) {
        let plan = self.drawn().await;
        let state = self.work(true, |_| false).await;
        assert!(state.over(), "{:?}", state.run.map(|run| run.verdict));
        let run = state.run.unwrap();
        let done = |op| run.part.steps.iter().zip(&run.steps).find(|(step, _)| step.op == op).unwrap().1;
        assert_eq!(done(StepOp::Announce).state, StepState::Done);
        let text = announced(&plan);
        (plan, text)
    }
}

fn announced(plan: &Plan) -> String {
    let steps = plan.groups.iter().flat_map(|group| &group.steps);
    let mut texts = steps.filter(|step| step.op == StepOp::Announce).filter_map(|step| step.text("text"));
    texts.next().unwrap().to_owned()
}

#[tokio::test]
async fn req_c1_c2_c3_c4_the_announced_text_has_the_packs_periods_and_changes_with_the_pack() {
    let (plan, text) = Box::pin(Box::pin(Play::shop()).await.posted()).await;
    for pack in laws(36) {
        for rule in &pack.keep {
            let (zh, en) = (&rule.basis.short.zh, &rule.basis.short.en);
            assert!(text.contains(zh.as_str()) && text.contains(en.as_str()), "{en} is not in:\n{text}");
        }
    }
    assert!(text.contains("logs 6 months (") && text.contains("information 3 years ("), "{text}");
    assert!(text.contains("How long: the archive 3 years from the end."), "{text}");
    let mut other = Box::pin(Play::shop()).await;
    other.under(laws(61));
    let changed = other.drawn().await;
    let text = announced(&changed);
    assert!(
        text.contains("information 61 months (") && text.contains("the archive 61 months from"),
        "{text}"
    );
    assert_ne!(plan.announcement_sha256, changed.announcement_sha256);
    // Nobody signed for that one.
    assert_ne!(plan.hash().unwrap(), changed.hash().unwrap());
}

#[tokio::test]
async fn req_c3_a_plan_is_stale_when_the_pack_or_the_register_says_something_else_than_members_are_told() {
    let mut play = Box::pin(Play::shop()).await;
    play.drawn().await;
    let drift = async |play: &Play| {
        let case = play.app().journal.known_case(&play.case).await.unwrap();
        let found = play.app().drift(&case).await.unwrap();
        let notes: Vec<String> =
            found.into_iter().flat_map(|group| group.differences).map(|note| note.code).collect();
        notes
    };
    assert_eq!(drift(&play).await, Vec::<String>::new());
    play.under(laws(61));
    assert_eq!(drift(&play).await, ["drift-retention"]);
    play.under(laws(36));
    assert_eq!(drift(&play).await, Vec::<String>::new());
    let holds = Said::Is([Holding::Vouchers].into());
    let wish = OneWish {
        owner: Some("Li".to_owned()),
        asset: AssetRow { holds, ..AssetRow::default() },
        ..OneWish::default()
    };
    play.app().register_one(play.group.as_str(), None, wish, false, &play.cast.admin).await.unwrap();
    assert_eq!(drift(&play).await, ["drift-retention"]);
}

#[tokio::test]
async fn req_c3_without_a_law_or_a_contact_the_plan_says_so_and_the_text_makes_nothing_up() {
    let mut play = Box::pin(Play::shop()).await;
    play.under(Vec::new());
    if let Some(us) = play.stage.app.around.organisation.as_mut() {
        us.contact.clear();
    }
    let plan = play.drawn().await;
    let way = &plan.groups.first().unwrap().way;
    assert!(way.retention.is_empty());
    let missing = &way.member_notice.as_ref().unwrap().missing;
    let notes: Vec<String> = missing.iter().map(|missing| OUT.note(&missing.note())).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes.iter().any(|says| says.contains("no contact")), "{notes:?}");
    assert!(notes.iter().any(|says| says.contains("no law")), "{notes:?}");
    let text = announced(&plan);
    assert!(!text.contains("Kept by law") && !text.contains("office@example.org"), "{text}");
}
