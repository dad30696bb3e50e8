//! Today: what waits for whoever looks, in four lanes; a sentence and a way on for each.

use adjourn_app::AppError;
use adjourn_app::register::View;
use adjourn_domain::case::CaseStatus;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::desk::{Desk, Reader};
use crate::drill::{Guide, guide};
use crate::frame::{Frame, Place};

/// Cards of a lane that are shown; what is beyond is counted.
const MAX_CARDS: usize = 20;

struct Card {
    says: String,
    act: String,
    to: String,
}

struct Lane {
    cards: Vec<Card>,
    more: u64,
}

impl Lane {
    fn add(&mut self, says: String, act: String, to: String) {
        if self.cards.len() < MAX_CARDS {
            self.cards.push(Card { says, act, to });
        } else {
            self.more += 1;
        }
    }
}

#[derive(Template)]
#[template(path = "today/today.html")]
struct Today {
    frame: Frame,
    lanes: [(String, Lane); 4],
    /// Whether there is no connection yet.
    bare: bool,
    /// What to do first, in a drill.
    guide: Option<Guide>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Today, today(&desk, &reader).await)
}

async fn today(desk: &Desk, reader: &Reader) -> Result<Today, AppError> {
    let (app, lang) = (&desk.app, reader.lang);
    let [mut review, mut hands, mut trouble, mut soon] = [const { Lane { cards: Vec::new(), more: 0 } }; 4];
    let me = &reader.session.principal;
    let look = || msg::console_look(lang);
    for card in app.case_cards().await? {
        let to = format!("/case/{}", card.case);
        if card.questioned.as_ref() == Some(&me.id) {
            hands.add(msg::case_asked_you(lang, &card.case), msg::case_answer_send(lang), to.clone());
        }
        match card.status {
            CaseStatus::InReview => {
                let case = app.journal.known_case(&card.case).await?;
                let mine = case.head.as_ref().is_some_and(|head| head.requester != me.id)
                    && case
                        .open_ways(Some(app.clock.now()))
                        .iter()
                        .flatten()
                        .any(|(role, _)| *role == me.role);
                let says = msg::console_case_of(lang, &card.case, card.groups.len() as u64);
                if mine {
                    review.add(says, msg::console_to_review(lang), to.clone());
                }
                if let Some(until) = card.review_by {
                    soon.add(msg::console_review_by(lang, &card.case, reader.time(until)), look(), to);
                }
            }
            CaseStatus::Stale => {
                let state = reader.say.word("state", card.status.slug());
                trouble.add(msg::console_case_state(lang, &card.case, state), look(), to);
            }
            _ => {}
        }
    }
    let cards = app.cards().await?;
    let now = app.clock.now();
    for card in &cards {
        let to = card
            .case
            .as_ref()
            .map_or_else(|| format!("/group/{}", card.group), |case| format!("/case/{case}"));
        let state = reader.say.word("state", &card.state);
        let says = msg::console_group_state(lang, card.label(), state);
        match card.state.as_str() {
            "needs_person" => hands.add(says, msg::console_to_step(lang), to),
            "blocked_by_hold" | "plan_stale" | "partly_done" | "paused" => trouble.add(says, look(), to),
            _ => {}
        }
        if let Some(day) = card.register.as_ref().and_then(|entry| entry.expires)
            && View::Expiring.takes(card, &desk.rules, now)
        {
            soon.add(msg::console_expires(lang, card.label(), day), look(), format!("/group/{}", card.group));
        }
    }
    let bare = app.journal.org().await?.connections.is_empty();
    let lanes = [
        (msg::console_lane_review(lang), review),
        (msg::console_lane_hands(lang), hands),
        (msg::console_lane_trouble(lang), trouble),
        (msg::console_lane_soon(lang), soon),
    ];
    Ok(Today { frame: reader.frame(Place::Today), lanes, bare, guide: guide(desk, reader).await? })
}
