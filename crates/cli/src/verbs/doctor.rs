//! `doctor`: whether everything is as it has to be.

use adjourn_app::health::{Check, Found};
use adjourn_app::{App, AppError};
use adjourn_i18n::{Lang, msg};
use adjourn_web::records;
use adjourn_web::wording::Say;
use serde_json::{Value, json};

use super::{Ctx, store, storing};
use crate::compose::Places;
use crate::config::Config;
use crate::out::Exit;

/// Runs `doctor`.
pub(crate) async fn run(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let checks = look(&ctx.app, &ctx.places, &ctx.config, out.lang).await?;
    for check in &checks {
        let name = &check.name;
        match &check.found {
            Ok(_) if check.unconfigured() => {
                out.line(format!("? {name}: {}", said(check, &ctx.config, out.say())));
            }
            Ok(_) => out.line(format!("✓ {name}: {}", said(check, &ctx.config, out.say()))),
            Err(_) if check.unconfigured() && name == "timestamp" => {
                out.line(format!("? {name}: {}", msg::doctor_no_timestamp(out.lang)));
            }
            Err(_) if check.unconfigured() => {
                out.line(format!("? {name}: {}", msg::doctor_no_deposit(out.lang)));
            }
            Err(error) => {
                out.line(format!("✗ {name}: {error}"));
                out.error(error);
            }
        }
    }
    out.document(&told(&checks, &ctx.config, out.say()));
    Ok(if checks.iter().any(bad) { Exit::Error } else { Exit::Done })
}

/// The same as JSON.
pub(crate) async fn document(
    app: &App,
    places: &Places,
    config: &Config,
    say: Say,
) -> Result<Value, AppError> {
    Ok(told(&look(app, places, config, say.lang).await?, config, say))
}

/// Looks at everything.
async fn look(app: &App, places: &Places, config: &Config, lang: Lang) -> Result<Vec<Check>, AppError> {
    let mut checks = vec![
        here("data", Ok(places.data.display().to_string())),
        here("keys", Ok(places.keys.display().to_string())),
        here("bundles", writable(&places.bundles)),
    ];
    checks.extend(outside(app, places, config, lang).await);
    checks.extend(app.health().await?);
    Ok(checks)
}

/// Looks at the storage, and how many exports wait for it.
pub(crate) async fn outside(app: &App, places: &Places, config: &Config, lang: Lang) -> Vec<Check> {
    let mut checks = vec![here("storage", store::look(config, places, lang).await)];
    checks.extend(storing::waiting(app, places, config, lang).await.map(|says| here("exports", says)));
    checks
}

fn here(name: &str, found: Result<String, AppError>) -> Check {
    Check { name: name.to_owned(), found: found.map(Found::Text) }
}

fn told(checks: &[Check], config: &Config, say: Say) -> Value {
    let row = |check: &Check| {
        json!({
            "check": check.name,
            "ok": check.found.is_ok(),
            "says": said(check, config, say),
            "code": check.found.as_ref().err().map(AppError::code),
        })
    };
    json!({"ok": !checks.iter().any(bad), "checks": checks.iter().map(row).collect::<Vec<_>>()})
}

/// Whether something is wrong. What was not set up is not.
fn bad(check: &Check) -> bool {
    check.found.is_err() && !check.unconfigured()
}

/// What was found, with the address where it was asked.
fn said(check: &Check, config: &Config, say: Say) -> String {
    let found = match &check.found {
        Ok(found) => records::found(say, found),
        Err(error) => return error.to_string(),
    };
    match check.name.as_str() {
        "timestamp" => config.timestamp.url.clone().unwrap_or_default(),
        "deposit" => format!("{found} ({})", config.deposit.url.as_deref().unwrap_or_default()),
        _ => found,
    }
}

fn writable(dir: &std::path::Path) -> Result<String, AppError> {
    let io = |error: std::io::Error| AppError::io(&error, dir.display());
    std::fs::create_dir_all(dir).map_err(io)?;
    let probe = dir.join(".adjourn-doctor");
    std::fs::write(&probe, b"x").map_err(io)?;
    std::fs::remove_file(&probe).map_err(io)?;
    Ok(dir.display().to_string())
}
