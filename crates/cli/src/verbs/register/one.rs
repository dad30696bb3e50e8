//! `register GROUP`: one group, by flags.

use adjourn_app::AppError;
use adjourn_app::register::{AssetRow, OneWish};
use adjourn_archive::ledger;
use adjourn_domain::asset::Said;
use adjourn_domain::plan::Note;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::SaysArgs;
use crate::out::Exit;

/// Runs `register GROUP`.
pub(super) async fn run(
    ctx: &Ctx<'_>,
    group: &str,
    connection: Vec<String>,
    says: SaysArgs,
    dry: bool,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let connection = match connection.as_slice() {
        [] => None,
        [one] => Some(one.as_str().into()),
        several => {
            return Err(AppError::new("register.flag")
                .with("flag", "--connection")
                .with("why", several.join(", ")));
        }
    };
    let wish = wish(ctx, says)?;
    let done = ctx.app.register_one(group, connection.as_ref(), wish, dry, &signer).await?;
    let id = done.new.iter().chain(&done.changed).next();
    out.line(match id {
        Some(id) if done.new.is_empty() => msg::register_one_changed(out.lang, id),
        Some(id) => msg::register_one_new(out.lang, id),
        None => msg::register_one_same(out.lang),
    });
    if done.no_contact > 0 {
        out.line(msg::register_no_contact(out.lang, done.no_contact as u64));
    }
    if dry {
        out.line(msg::register_dry(out.lang));
    }
    out.document(&json!({
        "dry_run": dry,
        "new": done.new,
        "changed": done.changed,
        "same": done.same,
        "no_contact": done.no_contact,
    }));
    out.next(format!("adjourn show {}", id.map_or(group, |id| id.as_str())));
    Ok(Exit::Done)
}

fn wish(ctx: &Ctx<'_>, says: SaysArgs) -> Result<OneWish, AppError> {
    let wrong = |flag: &str, note: &Note| {
        AppError::new("register.flag").with("flag", flag).with("why", ctx.out.note(note))
    };
    let kind = match said(says.kind) {
        Said::Is(text) => Said::Is(ledger::kind(&text).map_err(|note| wrong("--kind", &note))?),
        Said::Blank => Said::Blank,
        Said::Unmentioned => Said::Unmentioned,
    };
    let holds = match said(says.holds) {
        Said::Is(text) => Said::Is(ledger::holds(&text).map_err(|note| wrong("--holds", &note))?),
        Said::Blank => Said::Blank,
        Said::Unmentioned => Said::Unmentioned,
    };
    let expires = match said(says.expires) {
        Said::Is(text) => Said::Is(ledger::day(&text).map_err(|note| wrong("--expires", &note))?),
        Said::Blank => Said::Blank,
        Said::Unmentioned => Said::Unmentioned,
    };
    let owner = says.owner.map(|name| name.trim().to_owned());
    if owner.as_ref().is_some_and(String::is_empty) {
        return Err(wrong("--owner", &Note::new("ledger-empty").with("column", "owner")));
    }
    Ok(OneWish {
        owner,
        contact: says.contact.map(|contact| contact.trim().to_owned()),
        class: says.class.map(|class| ledger::class(class.trim())),
        kind,
        asset: AssetRow {
            purpose: said(says.purpose),
            deputy: said(says.deputy),
            deputy_contact: said(says.deputy_contact),
            unit: said(says.unit),
            holds,
            expires,
            exit_plan: said(says.exit_plan),
        },
    })
}

/// A flag that is not there says nothing; one with an empty text takes out what is known.
fn said(flag: Option<String>) -> Said<String> {
    match flag.map(|text| text.trim().to_owned()) {
        None => Said::Unmentioned,
        Some(text) if text.is_empty() => Said::Blank,
        Some(text) => Said::Is(text),
    }
}
