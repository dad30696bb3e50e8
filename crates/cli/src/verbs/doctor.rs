//! `doctor`: whether everything is as it has to be.

use adjourn_app::AppError;
use adjourn_app::health::{Check, Found};
use adjourn_i18n::msg;
use adjourn_web::records;
use serde_json::json;

use super::Ctx;
use crate::out::Exit;

/// Runs `doctor`.
pub(crate) async fn run(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let here = |name: &str, found: Result<String, AppError>| Check {
        name: name.to_owned(),
        found: found.map(Found::Text),
    };
    let mut checks = vec![
        here("data", Ok(ctx.places.data.display().to_string())),
        here("keys", Ok(ctx.places.keys.display().to_string())),
        here("bundles", writable(&ctx.places.bundles)),
    ];
    checks.extend(ctx.app.health().await?);
    let mut bad = 0;
    let mut rows = Vec::new();
    for check in &checks {
        let name = &check.name;
        let says = match &check.found {
            Ok(found) => said(ctx, name, records::found(out.say(), found)),
            Err(error) => error.to_string(),
        };
        match &check.found {
            Ok(_) if check.unconfigured() => out.line(format!("? {name}: {says}")),
            Ok(_) => out.line(format!("✓ {name}: {says}")),
            Err(_) if check.unconfigured() && name == "timestamp" => {
                out.line(format!("? {name}: {}", msg::doctor_no_timestamp(out.lang)));
            }
            Err(_) if check.unconfigured() => {
                out.line(format!("? {name}: {}", msg::doctor_no_deposit(out.lang)));
            }
            Err(error) => {
                bad += 1;
                out.line(format!("✗ {name}: {error}"));
                out.error(error);
            }
        }
        rows.push(json!({
            "check": name,
            "ok": check.found.is_ok(),
            "says": says,
            "code": check.found.as_ref().err().map(AppError::code),
        }));
    }
    out.document(&json!({"ok": bad == 0, "checks": rows}));
    Ok(if bad == 0 { Exit::Done } else { Exit::Error })
}

/// What was found, with the address where it was asked.
fn said(ctx: &Ctx<'_>, name: &str, found: String) -> String {
    match name {
        "timestamp" => ctx.config.timestamp.url.clone().unwrap_or_default(),
        "deposit" => format!("{found} ({})", ctx.config.deposit.url.as_deref().unwrap_or_default()),
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
