//! The facts check of a text that somebody pasted: every claim about a platform with its mark, its source and its place. The text is kept nowhere.

use adjourn_domain::claims::{Checked, Mark};
use adjourn_domain::clocks::shown;
use adjourn_i18n::msg;
use adjourn_web::records::mark_sign;
use adjourn_web::wording::{in_language, sign};
use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;

use super::parts;
use crate::desk::{Desk, Reader, apart};
use crate::frame::{Choice, Frame, Place};

/// Claims that are shown.
const MAX_SHOWN: usize = 300;

struct Claim {
    place: String,
    text: String,
    marks: String,
    class: &'static str,
    about: String,
    conflict: Option<String>,
    /// What is known: the fact, and where it comes from.
    known: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "platforms/check.html")]
struct Page {
    frame: Frame,
    parts: Vec<Choice>,
    text: String,
    /// What came of it, in a line.
    result: Option<String>,
    claims: Vec<Claim>,
    more: u64,
}

/// The form.
#[derive(Deserialize)]
pub(crate) struct Pasted {
    text: String,
}

pub(crate) async fn ask(reader: Reader, State(_): State<Desk>) -> Response {
    reader.answer(Place::Platforms, Ok(page(&reader, String::new(), None)))
}

pub(crate) async fn check(reader: Reader, State(desk): State<Desk>, Form(form): Form<Pasted>) -> Response {
    let (look, text) = (desk.tools.check.clone(), form.text.clone());
    let checked = apart(move || look(&text)).await;
    reader.answer(Place::Platforms, checked.map(|checked| page(&reader, form.text, Some(checked))))
}

fn page(reader: &Reader, text: String, checked: Option<Vec<Checked>>) -> Page {
    let lang = reader.lang;
    let result = checked.as_ref().map(|checked| {
        if checked.is_empty() {
            return msg::check_none(lang);
        }
        let mut counts = std::collections::BTreeMap::<Mark, u64>::new();
        for claim in checked {
            *counts.entry(claim.mark).or_default() += 1;
        }
        let marks: Vec<String> = counts
            .into_iter()
            .map(|(mark, count)| format!("{} {count}", reader.say.word("mark", mark.slug())))
            .collect();
        msg::check_title(lang, checked.len() as u64, marks.join(" · "))
    });
    let checked = checked.unwrap_or_default();
    Page {
        frame: reader.frame(Place::Platforms),
        parts: parts(reader, "/platforms/check"),
        text,
        result,
        more: checked.len().saturating_sub(MAX_SHOWN) as u64,
        claims: checked.iter().take(MAX_SHOWN).map(|claim| claimed(reader, claim)).collect(),
    }
}

fn claimed(reader: &Reader, checked: &Checked) -> Claim {
    let (say, lang) = (reader.say, reader.lang);
    let claim = &checked.claim;
    let mark = |mark: Mark| format!("{} {}", mark_sign(mark), say.word("mark", mark.slug()));
    let mut marks = mark(checked.mark);
    if checked.by_facts != checked.mark {
        marks = format!("{marks} · {}", mark(checked.by_facts));
    }
    let platform = say.word("platform", claim.platform.as_deref().unwrap_or("any"));
    let conflicts: Vec<String> = checked.conflicts.iter().map(ToString::to_string).collect();
    let known = checked.known.iter().map(|known| {
        let fact = &known.fact;
        let from = msg::check_known(
            lang,
            say.word("confidence", fact.confidence.slug()),
            &fact.checked,
            sign(fact.confidence),
            &fact.source,
            shown(&fact.value),
        );
        let platform = say.word("platform", &known.platform);
        (in_language(lang, &fact.says).to_owned(), format!("{platform} · {from}"))
    });
    Claim {
        place: format!("{}:{}", claim.line, claim.column),
        text: claim.text.clone(),
        marks,
        class: match checked.mark {
            Mark::Confirmed => "good",
            Mark::Declared => "",
            Mark::Disputed | Mark::Outdated => "warn",
            Mark::Contradicted | Mark::SelfContradictory => "bad",
        },
        about: format!(
            "{platform} · {} {} · {}",
            checked.id,
            claim.key,
            msg::check_says(lang, shown(&claim.value))
        ),
        conflict: (!conflicts.is_empty()).then(|| msg::check_conflict(lang, conflicts.join(", "))),
        known: known.collect(),
    }
}
