//! From a selection to a plan: what was selected is looked at once more, what surprises first, and then a reason and a text for the members are
//! given. Drawing a plan changes nothing on a platform.

use adjourn_app::AppError;
use adjourn_app::inventory::Card;
use adjourn_app::org::Org;
use adjourn_app::planning::PlanWish;
use adjourn_app::register::{Rules, View};
use adjourn_domain::approval::Principal;
use adjourn_domain::group::{Activity, Link};
use adjourn_domain::ids::{GroupId, PrincipalId};
use adjourn_domain::kinds::KindWish;
use adjourn_domain::left_out::{LeftOut, of_a_kind_that_may_stay};
use adjourn_domain::plan::ReasonKind;
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::refusal::status;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{REASONS, Sought, owners};
use crate::desk::{Desk, Reader, encoded, html};
use crate::frame::{Frame, Place};
use crate::kept::{self, Fields};

/// Groups that one plan takes from the table, at most: reviewers read them all.
pub(crate) const MOST: usize = 200;
/// Groups whose links can be left on in the form.
const MOST_LINKED: usize = 20;
/// From so many members on a group is a large one.
const LARGE: usize = 200;
/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// What somebody should know before they put a group into a plan. The first of them weighs most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Surprise {
    Gone,
    Hold,
    InCase,
    NoOwner,
    OwnerUnknown,
    Used(Time),
    Linked(usize),
    Large(usize),
    Unregistered,
    ActivityUnknown,
}

/// What surprises about a group, the weightiest first.
fn surprises(card: &Card, rules: &Rules, now: Time) -> Vec<Surprise> {
    let mut all = Vec::new();
    let mut add = |surprise, is: bool| all.extend(is.then_some(surprise));
    add(Surprise::Gone, card.over);
    add(Surprise::Hold, card.holds > 0);
    add(Surprise::InCase, !card.over && card.case.is_some() && card.verdict.is_none());
    add(Surprise::NoOwner, card.owners.is_empty() && !card.owner_unknown);
    add(Surprise::OwnerUnknown, card.owner_unknown);
    match card.activity {
        Activity::At(at) => {
            add(Surprise::Used(at), now.secs_since(at) < rules.idle_days.saturating_mul(DAY_S));
        }
        Activity::Unknown => add(Surprise::ActivityUnknown, true),
    }
    add(Surprise::Linked(card.links), card.links > 0);
    add(Surprise::Large(card.members), card.members >= LARGE);
    add(Surprise::Unregistered, View::Unregistered.takes(card, rules, now));
    all.sort();
    all
}

fn says(reader: &Reader, card: &Card, surprise: Surprise) -> String {
    let lang = reader.lang;
    match surprise {
        Surprise::Gone => msg::pick_gone(lang),
        Surprise::Hold => msg::pick_hold(lang),
        Surprise::InCase => msg::pick_in_case(lang, card.case.as_deref().unwrap_or_default()),
        Surprise::NoOwner => msg::pick_no_owner(lang),
        Surprise::OwnerUnknown => msg::pick_owner_unknown(lang),
        Surprise::Used(at) => msg::pick_used(lang, reader.when(at)),
        Surprise::Linked(count) => msg::pick_linked(lang, count as u64),
        Surprise::Large(count) => msg::pick_large(lang, count as u64),
        Surprise::Unregistered => msg::pick_unregistered(lang),
        Surprise::ActivityUnknown => msg::pick_activity_unknown(lang),
    }
}

struct Picked {
    group: String,
    label: String,
    about: String,
    surprises: Vec<String>,
}

#[derive(Template)]
#[template(path = "groups/pick.html")]
struct Pick {
    frame: Frame,
    rows: Vec<Picked>,
    surprising: u64,
    count: u64,
    /// The case whose plan is drawn again.
    case: String,
    reason: String,
    /// The page's own address, so that a form finds back to it.
    from: String,
    reasons: Vec<(&'static str, String)>,
    nominees: Vec<Nominee>,
    leave: Vec<Leave>,
    why: String,
    announcement: String,
}

/// A link that the plan may leave on.
pub(super) struct Leave {
    /// The group and the link.
    pub(super) value: String,
    pub(super) says: String,
    pub(super) chosen: bool,
}

/// Links of a group that a plan may leave on; `chosen` are those that were ticked before.
pub(super) fn links(reader: &Reader, state: &GroupState, chosen: &[&str]) -> Vec<Leave> {
    let seen = state.snapshot.iter().flat_map(|seen| &seen.links);
    let one = |link: &Link| {
        let value = format!("{} {}", state.id, link.id);
        let kind = reader.say.word("link", link.kind.slug());
        let chosen = chosen.contains(&value.as_str());
        Leave { value, says: msg::pick_without_one(reader.lang, kind, &link.name), chosen }
    };
    seen.filter(|link| !link.own && of_a_kind_that_may_stay(link.kind)).map(one).collect()
}

/// What was ticked.
fn left_out(fields: &Fields) -> LeftOut {
    let why = texts(fields, "why").next().unwrap_or_default();
    let mut left = LeftOut::new();
    for (group, link) in texts(fields, "without").filter_map(|value| value.split_once(' ')) {
        left.entry(group.into()).or_default().insert(link.into(), why.to_owned());
    }
    left
}

/// Somebody who may take the work of an organisation's group over.
pub(super) struct Nominee {
    pub(super) id: String,
    pub(super) says: String,
    pub(super) chosen: bool,
}

/// Everybody who may; `chosen` is the one who was named before.
pub(super) fn nominees(reader: &Reader, org: &Org, chosen: &str) -> Vec<Nominee> {
    let one = |person: &Principal| Nominee {
        id: person.id.to_string(),
        says: format!("{} · {}", person.name, reader.say.word("role", &person.role)),
        chosen: person.id.as_str() == chosen,
    };
    org.principals.values().map(one).collect()
}

/// What of the address belongs to which name, as often as it stands there.
fn texts<'a>(fields: &'a Fields, name: &'a str) -> impl Iterator<Item = &'a str> {
    fields.iter().filter(move |(key, _)| key == name).map(|(_, text)| text.as_str())
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Query(fields): Query<Fields>) -> Response {
    reader.answer(Place::Groups, picked(&desk, &reader, &fields).await)
}

async fn picked(desk: &Desk, reader: &Reader, fields: &Fields) -> Result<Pick, AppError> {
    let text = |name: &str| texts(fields, name).next().unwrap_or_default().to_owned();
    let mut cards = Vec::new();
    if text("all") == "yes" {
        let sought =
            Sought { view: text("view"), q: text("q"), platform: text("platform"), ..Sought::default() };
        let found = desk.app.looked_up(&sought.wanted(0, MOST), &desk.rules).await?;
        if found.all > MOST {
            return Err(AppError::new("plan.many").with("count", found.all).with("limit", MOST));
        }
        cards = found.cards;
    } else {
        let mut ids: Vec<GroupId> = texts(fields, "group").map(GroupId::from).collect();
        ids.dedup();
        if ids.len() > MOST {
            return Err(AppError::new("plan.many").with("count", ids.len()).with("limit", MOST));
        }
        for id in ids {
            let unknown = || AppError::new("group.unknown").with("group", &id);
            cards.push(Card::of(&desk.app.journal.group(&id).await?).ok_or_else(unknown)?);
        }
    }
    if cards.is_empty() {
        return Err(AppError::new("plan.form"));
    }
    let mut rows: Vec<(Vec<Surprise>, Card)> =
        cards.into_iter().map(|card| (surprises(&card, &desk.rules, reader.now), card)).collect();
    // Whatever surprises stands first; of two surprises the weightier one.
    rows.sort_by(|(a, x), (b, y)| {
        (a.is_empty(), a, x.label(), &x.group).cmp(&(b.is_empty(), b, y.label(), &y.group))
    });
    let row = |(surprises, card): &(Vec<Surprise>, Card)| Picked {
        group: card.group.to_string(),
        label: card.label().to_owned(),
        about: format!("{} · {}", reader.say.word("platform", &card.platform), owners(reader, card)),
        surprises: surprises.iter().map(|surprise| says(reader, card, *surprise)).collect(),
    };
    let address: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let org = desk.app.journal.org().await?;
    let ticked: Vec<&str> = texts(fields, "without").collect();
    let mut linked = Vec::new();
    // Of many groups the links are not listed: whoever skips a step looks at its group.
    for (_, card) in rows.iter().take(MOST_LINKED).filter(|(_, card)| card.links > 0) {
        linked.extend(links(reader, &desk.app.journal.group(&card.group).await?, &ticked));
    }
    Ok(Pick {
        leave: linked,
        why: text("why"),
        frame: reader.frame(Place::Groups),
        nominees: nominees(reader, &org, &text("nominee")),
        surprising: rows.iter().filter(|(surprises, _)| !surprises.is_empty()).count() as u64,
        count: rows.len() as u64,
        rows: rows.iter().map(row).collect(),
        case: text("case"),
        reason: text("reason"),
        from: format!("/groups/plan?{}", address.join("&")),
        reasons: REASONS.map(|(_, slug)| (slug, reader.say.word("reason", slug))).to_vec(),
        announcement: msg::announcement_standard(reader.lang),
    })
}

/// The form of a plan: groups are sent as often as there are.
pub(crate) async fn draw(reader: Reader, State(desk): State<Desk>, Form(fields): Form<Fields>) -> Response {
    let error = match drawn(&desk, &reader, &fields).await {
        Ok(case) => return reader.onward(Place::Groups, Ok(format!("/case/{case}"))),
        Err(error) => error,
    };
    // What was typed is not lost: the page again, with why.
    let page = match picked(&desk, &reader, &fields).await {
        Ok(page) => page.render().map_err(|error| AppError::new("internal").with("says", error)),
        Err(error) => Err(error),
    };
    let Ok(page) = page else { return reader.refused(Place::Groups, &error) };
    let at = status(error.code());
    let from = texts(&fields, "from").next().unwrap_or("/groups").to_owned();
    let page = kept::again(reader.lang, &page, &from, "/groups/plan", fields, &error);
    html(if at == StatusCode::OK { StatusCode::CONFLICT } else { at }, page)
}

async fn drawn(desk: &Desk, reader: &Reader, fields: &Fields) -> Result<String, AppError> {
    let text = |name: &str| texts(fields, name).next().unwrap_or_default().to_owned();
    let (kind, case) = (text("kind"), text("case"));
    let nominee = Some(text("nominee")).filter(|who| !who.is_empty()).map(PrincipalId::from);
    let org = desk.app.journal.org().await?;
    if let Some(stranger) = nominee.as_ref().filter(|who| !org.principals.contains_key(*who)) {
        return Err(AppError::new("principal.unknown").with("principal", stranger));
    }
    let mut groups: Vec<GroupId> = texts(fields, "group").map(GroupId::from).collect();
    groups.dedup();
    let wish = PlanWish {
        groups,
        reason: text("reason").trim().to_owned(),
        reason_kind: REASONS
            .into_iter()
            .find(|(_, slug)| *slug == kind)
            .map_or_else(ReasonKind::default, |(kind, _)| kind),
        announcement: text("announcement"),
        languages: Vec::new(),
        kinds: KindWish { nominee, without: left_out(fields), ..KindWish::default() },
        case: (!case.is_empty()).then(|| case.into()),
    };
    if wish.groups.is_empty() || wish.reason.is_empty() {
        return Err(AppError::new("plan.form"));
    }
    if wish.groups.len() > MOST {
        return Err(AppError::new("plan.many").with("count", wish.groups.len()).with("limit", MOST));
    }
    let (plan, _) = desk.app.plan(wish, reader.session.signer.as_ref()).await?;
    Ok(plan.case.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 400 * 86_400_000;

    fn card(change: impl FnOnce(&mut Card)) -> Card {
        let text = r#"{"group":"g-1","platform":"matrix","connection":"hs","native":"!a:b","name":"n","alias":null,"owners":["u"],
            "members":3,"links":0,"encrypted":false,"activity":{"at":"1970-01-01T00:00:00.000Z"},"class":"important",
            "state":"registered","case":null,"verdict":null,"holds":0,"seen_at":"1970-01-01T00:00:00.000Z","seen_by":"main"}"#;
        let mut card: Card = serde_json::from_str(text).unwrap();
        change(&mut card);
        card
    }

    fn found(card: &Card) -> Vec<Surprise> {
        surprises(card, &Rules::default(), Time::from_millis(NOW))
    }

    #[test]
    fn what_nobody_expects_of_a_group_is_said_the_weightiest_first() {
        assert_eq!(found(&card(|_| ())), [Surprise::Unregistered], "idle, small, owned, free");
        let at = Time::from_millis(NOW - 86_400_000);
        let busy = card(|card| {
            card.activity = Activity::At(at);
            card.holds = 1;
            card.links = 2;
            card.owners.clear();
        });
        let all = [Surprise::Hold, Surprise::NoOwner, Surprise::Used(at), Surprise::Linked(2)];
        assert_eq!(found(&busy)[..4], all);
        // Unknown is neither idle nor ownerless, and is said as well.
        let unknown = card(|card| {
            card.activity = Activity::Unknown;
            card.owners.clear();
            card.owner_unknown = true;
        });
        let all = [Surprise::OwnerUnknown, Surprise::Unregistered, Surprise::ActivityUnknown];
        assert_eq!(found(&unknown), all);
    }
}
