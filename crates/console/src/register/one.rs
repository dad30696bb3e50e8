//! One entry of the register: what it says, and a form that says something else, by the use case of `register GROUP`.

use adjourn_app::AppError;
use adjourn_app::register::{AssetRow, Entry, OneWish, OwedEntry};
use adjourn_domain::asset::{Holding, Said};
use adjourn_domain::group::Kind;
use adjourn_domain::ids::GroupId;
use adjourn_domain::plan::Note;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

/// Says that a group holds nothing of what is asked.
const NOTHING: &str = "nothing";

/// The kinds of groups.
const KINDS: [Kind; 5] =
    [Kind::Ordinary, Kind::Enterprise, Kind::Education, Kind::Trading, Kind::ExternalCustomer];

/// A choice of a form: value, text, whether it is chosen.
type Option3 = (String, String, bool);

#[derive(Template)]
#[template(path = "register/one.html")]
struct One {
    frame: Frame,
    id: String,
    label: String,
    owner: String,
    contact: String,
    deputy: String,
    deputy_contact: String,
    purpose: String,
    unit: String,
    expires: String,
    exit_plan: String,
    classes: Vec<Option3>,
    kinds: Vec<Option3>,
    holds: Vec<Option3>,
    /// What waits or was said besides.
    notes: Vec<String>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Register, one(&desk, &reader, &id).await)
}

async fn one(desk: &Desk, reader: &Reader, id: &str) -> Result<One, AppError> {
    let (app, say, lang) = (&desk.app, reader.say, reader.lang);
    let id = app.resolve(id).await?;
    let state = app.journal.group(&id).await?;
    let snapshot =
        state.snapshot.as_ref().ok_or_else(|| AppError::new("group.unknown").with("group", &id))?;
    let entry = Entry::of(&state);
    let entry = entry.as_ref();
    let deputy = entry.and_then(|entry| entry.deputy.clone());
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let mut classes: Vec<String> = app.policy.0.keys().cloned().collect();
    if !classes.contains(&state.class) {
        classes.push(state.class.clone());
    }
    let class = |class: String| {
        let (word, chosen) = (say.word("class", &class), class == state.class);
        (class, word, chosen)
    };
    // Without a word of ours, the kind is the one that the platform shows.
    let ours = state.registration.as_ref().and_then(|known| known.kind);
    let mut kinds = vec![(
        String::new(),
        msg::register_kind_shown(lang, say.word("kind", snapshot.kind.slug())),
        ours.is_none(),
    )];
    kinds.extend(
        KINDS.map(|kind| (kind.slug().to_owned(), say.word("kind", kind.slug()), ours == Some(kind))),
    );
    let held = entry.and_then(|entry| entry.holds.as_ref());
    let mut holds: Vec<Option3> = Holding::ALL
        .into_iter()
        .map(|one| {
            let chosen = held.is_some_and(|held| held.contains(&one));
            (one.slug().to_owned(), say.word("holding", one.slug()), chosen)
        })
        .collect();
    let nothing = held.is_some_and(std::collections::BTreeSet::is_empty);
    holds.push((NOTHING.to_owned(), say.word("holding", NOTHING), nothing));
    let mut notes = Vec::new();
    if entry.is_none() {
        notes.push(msg::ls_unregistered(lang));
    }
    for owed in OwedEntry::of(&state) {
        let role = say.word("register-role", owed.role.slug());
        let mut line = msg::ls_owed(lang, owed.due, &owed.leaver.name, role);
        if let Some(deputy) = &owed.proposed {
            line = format!("{line} · {}", msg::owed_proposed(lang, &deputy.name));
        }
        notes.push(line);
    }
    Ok(One {
        frame: reader.frame(Place::Register),
        id: id.to_string(),
        label: snapshot.label().to_owned(),
        owner: text(entry.map(|entry| &entry.owner.name)),
        contact: text(entry.map(|entry| &entry.owner.contact)),
        deputy: text(deputy.as_ref().map(|deputy| &deputy.name)),
        deputy_contact: text(deputy.as_ref().map(|deputy| &deputy.contact)),
        purpose: text(entry.and_then(|entry| entry.purpose.as_ref())),
        unit: text(entry.and_then(|entry| entry.unit.as_ref())),
        expires: entry.and_then(|entry| entry.expires).map(|day| day.to_string()).unwrap_or_default(),
        exit_plan: text(entry.and_then(|entry| entry.exit_plan.as_ref())),
        classes: classes.into_iter().map(class).collect(),
        kinds,
        holds,
        notes,
    })
}

pub(crate) async fn save(
    reader: Reader,
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    reader.onward(Place::Register, saved(&desk, &reader, &GroupId(id), &form).await)
}

async fn saved(
    desk: &Desk,
    reader: &Reader,
    id: &GroupId,
    form: &[(String, String)],
) -> Result<String, AppError> {
    let mut wish = wish(desk, reader, form)?;
    // The day that counts may come from a renewal: as long as nobody changes it, the register's own stays.
    let known = Entry::of(&desk.app.journal.group(id).await?).and_then(|entry| entry.expires);
    if matches!((&wish.asset.expires, known), (Said::Is(day), Some(known)) if *day == known) {
        wish.asset.expires = Said::Unmentioned;
    }
    desk.app.register_one(id.as_str(), None, wish, false, reader.session.signer.as_ref()).await?;
    Ok(format!("/register/group/{id}"))
}

/// What the form says. A field that is empty takes out what is known; one that is not there says nothing.
fn wish(desk: &Desk, reader: &Reader, form: &[(String, String)]) -> Result<OneWish, AppError> {
    let tables = &desk.tools.tables;
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, text)| text.trim().to_owned());
    let said = |name: &str| match field(name) {
        None => Said::Unmentioned,
        Some(text) if text.is_empty() => Said::Blank,
        Some(text) => Said::Is(text),
    };
    let wrong = |flag: String, note: &Note| {
        AppError::new("register.flag").with("flag", flag).with("why", reader.say.note(note))
    };
    let expires = match said("expires") {
        Said::Is(text) => {
            Said::Is(tables.day(&text).map_err(|note| wrong(msg::console_last_day(reader.lang), &note))?)
        }
        Said::Blank => Said::Blank,
        Said::Unmentioned => Said::Unmentioned,
    };
    let kind = KINDS.into_iter().find(|kind| field("kind").as_deref() == Some(kind.slug()));
    let ticked: Vec<&str> =
        form.iter().filter(|(key, _)| key == "holds").map(|(_, text)| text.as_str()).collect();
    // Nobody ticked anything: nobody said anything.
    let holds = match ticked.iter().any(|slug| *slug != NOTHING) {
        true => Said::Is(ticked.iter().filter_map(|slug| Holding::from_slug(slug)).collect()),
        false if ticked.is_empty() => Said::Unmentioned,
        false => Said::Is(std::collections::BTreeSet::new()),
    };
    let deputy = said("deputy");
    // Whoever takes the deputy out takes the contact out as well.
    let deputy_contact = if deputy == Said::Blank { Said::Unmentioned } else { said("deputy_contact") };
    Ok(OneWish {
        owner: field("owner").filter(|text| !text.is_empty()),
        contact: field("contact"),
        class: field("class").filter(|text| !text.is_empty()),
        kind: kind.map_or(Said::Unmentioned, Said::Is),
        asset: AssetRow {
            purpose: said("purpose"),
            deputy,
            deputy_contact,
            unit: said("unit"),
            holds,
            expires,
            exit_plan: said("exit_plan"),
        },
    })
}
