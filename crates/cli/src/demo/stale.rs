//! What an organisation says about a platform reaches plans: on the drill's own stage, without acting on anything.

use adjourn_app::planning::PlanWish;
use adjourn_domain::fact::Rules;
use adjourn_domain::plan::ReasonKind;
use adjourn_i18n::Lang;

use super::{Cast, Stage};
use crate::out::Out;

#[test]
fn an_override_makes_drawn_plans_stale_and_is_named_in_new_ones() {
    let dir = std::env::temp_dir().join(format!("adjourn-stale-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(play(&dir));
    std::fs::remove_dir_all(&dir).unwrap();
}

async fn play(dir: &std::path::Path) {
    let out = Out { json: true, lang: Lang::En };
    let stage = Stage::reference(dir, 1, Rules::Declared, out).unwrap();
    let app = &stage.app;
    let cast = Cast::new(app, out).await.unwrap();
    for connection in stage.connections() {
        let secrets = stage.secrets(&connection.id);
        app.add_connection(connection.clone(), &secrets, Some(&cast.admin)).await.unwrap();
        app.scan(&connection.id).await.unwrap();
    }
    let wish = PlanWish {
        groups: stage.groups().unwrap(),
        reason: "over".to_owned(),
        reason_kind: ReasonKind::ProjectEnded,
        announcement: "This group ends.".to_owned(),
        languages: Vec::new(),
        kinds: adjourn_domain::kinds::KindWish::default(),
        case: None,
    };
    let (plan, hash) = app.plan(wish.clone(), &cast.requester).await.unwrap();
    let case = app.journal.known_case(&plan.case).await.unwrap();
    assert_eq!(app.drift(&case).await.unwrap(), []);

    app.override_fact(&"qq".into(), "recovery.seconds", "60", "own probe", &cast.admin).await.unwrap();
    let drift = app.drift(&case).await.unwrap();
    let [group] = drift.as_slice() else { panic!("{drift:?}") };
    let [note] = group.differences.as_slice() else { panic!("{group:?}") };
    assert_eq!(
        (note.code.as_str(), note.args["key"].as_str(), note.args["is"].as_str()),
        ("drift-fact", "recovery.seconds", "60")
    );

    let (again, new_hash) =
        app.plan(PlanWish { case: Some(plan.case.clone()), ..wish }, &cast.requester).await.unwrap();
    assert_ne!(new_hash, hash);
    let qq = again.groups.iter().find(|group| group.platform.as_str() == "qq").unwrap();
    let fact = qq.facts.iter().find(|fact| fact.key == "recovery.seconds").unwrap();
    assert_eq!((fact.confidence.as_str(), fact.source.ends_with(": own probe")), ("override", true));
    assert_eq!(qq.clocks.iter().find(|clock| clock.object == "group").unwrap().seconds, 60);

    // Taken back, the first plan's facts hold again.
    app.retract_fact(&"qq".into(), "recovery.seconds", "wrong group", &cast.admin).await.unwrap();
    let case = app.journal.known_case(&plan.case).await.unwrap();
    let drift = app.drift(&case).await.unwrap();
    assert!(
        drift.iter().flat_map(|group| &group.differences).all(|note| note.args["is"] == "86400"),
        "{drift:?}"
    );
}
