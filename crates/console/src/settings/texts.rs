//! What members read, as it would read now: the announcement of an ordinary group and the notice before it, in both languages, from the organisation and the
//! laws that are configured. What is missing in it is said.

use std::collections::BTreeSet;

use adjourn_app::AppError;
use adjourn_app::ports::{AnnouncementFacts, Offer, Organisation};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::Op;
use adjourn_domain::group::Kind;
use adjourn_domain::law::About;
use adjourn_domain::member_notice::{MemberNotice, Retention};
use adjourn_domain::plan::ReasonKind;
use adjourn_domain::policy::PERSONAL;
use adjourn_i18n::{Lang, msg};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::views;
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};

#[derive(Template)]
#[template(path = "settings/texts.html")]
struct Page {
    frame: Frame,
    views: Vec<Choice>,
    /// Language tag, announcement, notice.
    texts: Vec<(&'static str, String, String)>,
    missing: Vec<String>,
    laws: Vec<String>,
    /// Platform, and how much of its room each language takes.
    rooms: Vec<(String, Vec<Fit>)>,
}

/// Whether a text fits.
struct Fit {
    holds: bool,
    says: String,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Settings, texts(&desk, &reader))
}

fn texts(desk: &Desk, reader: &Reader) -> Result<Page, AppError> {
    let (app, around) = (&desk.app, &desk.app.around);
    let laws = app.profiles.laws()?;
    // Whichever class it is, members are told the same, but for a person's own matter.
    let mut classes = app.policy.0.iter().filter(|(class, _)| class.as_str() != PERSONAL);
    let (class, notice_s) =
        classes.next().map_or(("", 0), |(class, policy)| (class.as_str(), policy.notice_s));
    let about = About { kind: Kind::Ordinary, class, holdings: None };
    let kept = Retention::all(&laws, about);
    let us = around.organisation.as_ref();
    let notice = MemberNotice::of(&laws, about, us.map(Organisation::processor).as_ref(), &kept, &[]);
    let end = app.clock.now().plus_secs(notice_s);
    let text = |lang: Lang| {
        let languages = vec![lang.tag().to_owned()];
        let facts = AnnouncementFacts {
            text: msg::announcement_standard(lang),
            languages: languages.clone(),
            notice: notice.clone(),
            reason_kind: ReasonKind::default(),
            kinds: BTreeSet::from([Kind::Ordinary]),
            retention: kept.clone(),
            platforms: BTreeSet::new(),
        };
        (lang.tag(), around.words.announcement(&facts), around.words.notice(end, us, &languages))
    };
    let texts = [Lang::ZhCn, Lang::En].map(text).to_vec();
    let fit = |room: Room, text: &str| Fit {
        holds: room.holds(text),
        says: msg::settings_texts_fit(
            reader.lang,
            room.length(text) as u64,
            room.limit() as u64,
            room.unit(),
        ),
    };
    let row = |offer: Offer| {
        let fits = texts.iter().map(|(_, announcement, _)| fit(offer.room, announcement));
        (reader.say.word("platform", offer.platform.as_str()), fits.collect())
    };
    let announces = |offer: &Offer| offer.declared.has(Op::Announce);
    Ok(Page {
        frame: reader.frame(Place::Settings),
        views: views(reader, "/settings/texts"),
        rooms: desk.tools.catalogue.offers().into_iter().filter(announces).map(row).collect(),
        texts,
        missing: notice.missing.iter().map(|missing| reader.say.note(&missing.note())).collect(),
        laws: laws
            .iter()
            .map(|pack| adjourn_web::wording::in_language(reader.lang, &pack.name).to_owned())
            .collect(),
    })
}
