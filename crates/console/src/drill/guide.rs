//! What somebody does first who has never seen a group end: six steps, from the choice of a group to the bundle that is verified.

use adjourn_app::AppError;
use adjourn_domain::case::CaseStatus;
use adjourn_i18n::msg;

use crate::desk::{Desk, Reader};

/// A step of the list.
pub(crate) struct Stop {
    pub(crate) text: String,
    pub(crate) done: bool,
    /// Where to go, of the step that is next.
    pub(crate) to: Option<String>,
}

/// The list.
pub(crate) struct Guide {
    pub(crate) stops: Vec<Stop>,
    /// What to type at the end.
    pub(crate) command: Option<String>,
}

/// The list as it stands; `None` outside of a drill.
pub(crate) async fn guide(desk: &Desk, reader: &Reader) -> Result<Option<Guide>, AppError> {
    if super::here().is_none() {
        return Ok(None);
    }
    let lang = reader.lang;
    let cards = desk.app.case_cards().await?;
    let lost = |status| matches!(status, CaseStatus::Rejected | CaseStatus::Stale | CaseStatus::Withdrawn);
    let case = cards.iter().find(|card| !lost(card.status));
    // How many of the steps lie behind.
    let behind = match case.map(|card| card.status) {
        None | Some(CaseStatus::Rejected | CaseStatus::Stale | CaseStatus::Withdrawn) => 0,
        Some(CaseStatus::Planned | CaseStatus::InReview) => 2,
        Some(CaseStatus::Approved) => 3,
        Some(CaseStatus::Running | CaseStatus::Ended) => 4,
        Some(CaseStatus::Closed) => 5,
    };
    let command = match case.filter(|_| behind == 5) {
        Some(card) => {
            desk.app.vault.bundle_path(&card.case).await?.map(|path| format!("adjourn verify {path}"))
        }
        None => None,
    };
    let page = case.map_or_else(|| "/groups".to_owned(), |card| format!("/case/{}", card.case));
    let texts = [
        msg::drill_choose(lang),
        msg::drill_draw(lang),
        msg::drill_review(lang),
        msg::drill_apply(lang),
        msg::drill_steer(lang),
        msg::drill_verify(lang),
    ];
    let stops = texts.into_iter().enumerate().map(|(at, text)| Stop {
        text,
        done: at < behind,
        to: (at == behind).then(|| page.clone()),
    });
    Ok(Some(Guide { stops: stops.collect(), command }))
}
