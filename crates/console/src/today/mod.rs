//! Today: what waits for whoever looks, in four lanes; a sentence and a way on for each.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card as Line, Page, Wanted};
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

    /// Adds groups that were looked for; those beyond the first ones are counted.
    fn add_all(&mut self, found: &Page, card: impl Fn(&Line) -> (String, String, String)) {
        for (says, act, to) in found.cards.iter().map(card) {
            self.add(says, act, to);
        }
        self.more += found.all.saturating_sub(found.cards.len()) as u64;
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
    let on_its_way = |card: &Line| {
        let to = card.case.as_ref().map(|case| format!("/case/{case}"));
        let says = msg::console_group_state(lang, card.label(), reader.say.word("state", &card.state));
        (says, to.unwrap_or_else(|| format!("/group/{}", card.group)))
    };
    let find =
        async |wanted: Wanted| app.looked_up(&Wanted { limit: MAX_CARDS, ..wanted }, &desk.rules).await;
    let at = |states: &[&str]| Wanted {
        states: states.iter().map(|state| (*state).to_owned()).collect(),
        ..Wanted::default()
    };
    let found = find(at(&["needs_person"])).await?;
    hands.add_all(&found, |card| {
        let (says, to) = on_its_way(card);
        (says, msg::console_to_step(lang), to)
    });
    let found = find(Wanted { nominee: Some(me.id.clone()), ..Wanted::default() }).await?;
    hands.add_all(&found, |card| {
        let (_, to) = on_its_way(card);
        (msg::console_take_over(lang, card.label()), msg::case_take_over(lang), to)
    });
    let found = find(at(&["blocked_by_hold", "plan_stale", "partly_done", "paused"])).await?;
    trouble.add_all(&found, |card| {
        let (says, to) = on_its_way(card);
        (says, look(), to)
    });
    let found = find(Wanted { view: Some(View::Expiring), ..Wanted::default() }).await?;
    soon.add_all(&found, |card| {
        let day = card.register.as_ref().and_then(|entry| entry.expires);
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        (msg::console_expires(lang, card.label(), day), look(), format!("/group/{}", card.group))
    });
    let bare = app.journal.org().await?.connections.is_empty();
    let lanes = [
        (msg::console_lane_review(lang), review),
        (msg::console_lane_hands(lang), hands),
        (msg::console_lane_trouble(lang), trouble),
        (msg::console_lane_soon(lang), soon),
    ];
    Ok(Today { frame: reader.frame(Place::Today), lanes, bare, guide: guide(desk, reader).await? })
}
