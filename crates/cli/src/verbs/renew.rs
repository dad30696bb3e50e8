//! `renew`: a group is needed for longer.

use adjourn_app::AppError;
use adjourn_app::register::{OwnerAsked, Until};
use adjourn_archive::ledger;
use adjourn_console::local::{BEIJING, time};
use adjourn_domain::asset::Length;
use adjourn_domain::run::Expiry;
use adjourn_i18n::{Lang, msg};
use serde_json::json;

use super::Ctx;
use super::task::{DAY_S, base_url, keep};
use crate::args::RenewArgs;
use crate::out::Exit;
use adjourn_web::cells::inert;

/// Runs `renew`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: RenewArgs) -> Result<Exit, AppError> {
    if args.ask {
        return ask(ctx, &args).await;
    }
    let out = ctx.out;
    let signer = ctx.signer()?;
    let until = match (&args.until, &args.length) {
        (Some(text), _) => Until::Day(ledger::day(text).map_err(|note| {
            AppError::new("register.flag").with("flag", "--until").with("why", out.note(&note))
        })?),
        (None, length) => {
            let text = length.as_deref().unwrap_or_default();
            let length =
                Length::read(text).ok_or_else(|| AppError::new("renew.length").with("given", text))?;
            Until::For(length)
        }
    };
    let group = ctx.app.resolve(args.group.as_deref().unwrap_or_default()).await?;
    let rules = ctx.config.register_rules();
    let state = ctx.app.renew(&group, until, args.answer, &rules, &signer).await?;
    let until = state.expiry().map(Expiry::day);
    if let Some(day) = until {
        out.line(msg::renew_done(out.lang, &group, day));
    }
    out.document(&json!({"group": group, "until": until}));
    out.next("adjourn ls --view expiring");
    Ok(Exit::Done)
}

/// Runs `renew --ask`: the list of links is written for whoever sends them.
async fn ask(ctx: &Ctx<'_>, args: &RenewArgs) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let base = base_url(&args.base_url)?;
    let rules = ctx.config.register_rules();
    let asks = ctx.app.ask_renewals(args.days * DAY_S, &rules, &signer).await?;
    let links: Vec<(&OwnerAsked, String)> =
        asks.owners.iter().map(|asked| (asked, format!("{base}/renew/{}", asked.token))).collect();
    let list = match links.first() {
        None => None,
        Some((first, _)) => {
            let until = time(out.lang, first.until, BEIJING);
            let list = keep(&args.out, "renewals.csv", &csv(out.lang, &links)?)?;
            out.line(msg::renew_asked(out.lang, links.len() as u64, until));
            out.line(msg::task_file_written(out.lang, list.display()));
            Some(list)
        }
    };
    if !asks.nobody.is_empty() {
        out.line(msg::renew_asked_nobody(out.lang, asks.nobody.len() as u64));
    }
    if !asks.answered.is_empty() {
        out.line(msg::renew_asked_answered(out.lang, asks.answered.len() as u64));
    }
    out.document(&json!({
        "links": links.iter().map(|(asked, link)| json!({
            "owner": asked.owner,
            "groups": asked.groups,
            "until": asked.until,
            "link": link,
        })).collect::<Vec<_>>(),
        "nobody": asks.nobody,
        "answered": asks.answered,
        "list": list,
    }));
    out.next("adjourn ls --view expiring");
    Ok(Exit::Done)
}

/// The table. Its first bytes tell spreadsheets that it is UTF-8.
fn csv(lang: Lang, links: &[(&OwnerAsked, String)]) -> Result<Vec<u8>, AppError> {
    let failed = |error: csv::Error| AppError::new("internal").with("says", error);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header = [
        msg::task_csv_owner(lang),
        msg::task_csv_contact(lang),
        msg::task_csv_groups(lang),
        msg::task_csv_link(lang),
        msg::task_csv_until(lang),
    ];
    writer.write_record(header).map_err(failed)?;
    for (asked, link) in links {
        let row = [
            inert(&asked.owner.name),
            inert(&asked.owner.contact),
            asked.groups.len().to_string(),
            link.clone(),
            time(lang, asked.until, BEIJING),
        ];
        writer.write_record(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| AppError::new("internal").with("says", error))
}
