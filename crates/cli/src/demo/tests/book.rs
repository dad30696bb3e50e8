//! The inventory as pages read it: kept up with the journal, and never otherwise than what is read afresh.

use adjourn_app::inventory::{Card, Wanted};
use adjourn_app::register::{Rules as Upkeep, View};

use super::*;

const MANY: usize = 1000;

/// Demands that what the book tells is what is read afresh, view by view.
async fn is_kept_up(app: &App) {
    let rules = Upkeep::default();
    let views = View::ALL.into_iter().map(Some).chain([None]);
    for view in views {
        let wanted = Wanted { view, limit: MANY, ..Wanted::default() };
        let found = app.looked_up(&wanted, &rules).await.unwrap();
        let fresh = app.view(view, &rules).await.unwrap();
        assert_eq!(found.all, fresh.len());
        assert_eq!(found.cards, fresh, "{view:?}");
    }
    let all = app.cards().await.unwrap();
    let held: Vec<Card> = all.iter().filter(|card| card.holds > 0).cloned().collect();
    assert_eq!(app.held().await.unwrap(), held);
    let kept: Vec<Card> = app.retention().await.unwrap().into_iter().map(|kept| kept.card).collect();
    assert_eq!(kept, all.iter().filter(|card| card.recorded).cloned().collect::<Vec<_>>());
    for card in &all {
        assert_eq!(app.resolve(card.native.as_str()).await.unwrap(), card.group);
        let named = all.iter().filter(|other| other.name == card.name).count();
        let found = app.resolve(card.label()).await;
        assert_eq!(found.ok(), (named == 1).then(|| card.group.clone()), "{}", card.label());
    }
    assert_eq!(app.resolve("no such group").await.unwrap_err().code(), "group.unknown");
}

#[tokio::test]
async fn the_book_of_groups_is_kept_up_with_the_journal() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    is_kept_up(play.app()).await;
    let known = play.app().cards().await.unwrap().len();
    // More groups, a hold, a plan, a run.
    for connection in play.stage.connections() {
        play.app().scan(&connection.id).await.unwrap();
    }
    is_kept_up(play.app()).await;
    assert!(play.app().cards().await.unwrap().len() > known);
    let group = play.group.clone();
    let held = play.app().add_hold(&group, "matter", &play.cast.compliance).await.unwrap();
    is_kept_up(play.app()).await;
    // The code of one act is none for another, and a second person is needed as ever.
    let lifting = play.app().confirmation_of_lifting(&held.hold).await.unwrap();
    let destroying = play.app().confirmation_of_destruction(&group).await.unwrap();
    let wrong = play.app().lift_confirmed(&held.hold, destroying.code.as_str(), &play.cast.admin).await;
    assert_eq!(wrong.unwrap_err().code(), "confirm.mismatch");
    for (who, lifted) in [(&play.cast.admin, false), (&play.cast.compliance, true)] {
        let done = play.app().lift_confirmed(&held.hold, lifting.code.as_str(), who).await.unwrap();
        assert_eq!(done, lifted);
    }
    play.plan(KindWish::default(), "over").await.unwrap();
    is_kept_up(play.app()).await;
    play.work(true, |state| current(state) == Some(StepOp::CoolingOff)).await;
    is_kept_up(play.app()).await;
    // Pages, words and platforms.
    let rules = Upkeep::default();
    let app = play.app();
    let cards: Vec<Card> = app.cards().await.unwrap();
    let page = |from, limit| Wanted { from, limit, ..Wanted::default() };
    let second = app.looked_up(&page(1, 2), &rules).await.unwrap();
    assert_eq!((second.cards.as_slice(), second.all), (&cards[1..3], cards.len()));
    let beyond = app.looked_up(&page(usize::MAX, 2), &rules).await.unwrap();
    assert!(beyond.cards.is_empty() && beyond.all == cards.len());
    let words = Wanted { words: group.as_str().to_uppercase(), limit: MANY, ..Wanted::default() };
    let found = app.looked_up(&words, &rules).await.unwrap();
    assert_eq!(found.cards.iter().map(|card| &card.group).collect::<Vec<_>>(), [&group]);
    let platform = found.cards[0].platform.clone();
    let one = Wanted { platform: Some(platform.clone()), limit: MANY, ..Wanted::default() };
    let found = app.looked_up(&one, &rules).await.unwrap();
    assert!(found.cards.iter().all(|card| card.platform == platform));
    assert_eq!(
        found.platforms.len(),
        cards.iter().map(|card| &card.platform).collect::<std::collections::BTreeSet<_>>().len()
    );
}
