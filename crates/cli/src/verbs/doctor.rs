//! `doctor`: whether everything is as it has to be.

use adjourn_app::AppError;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::out::Exit;
use adjourn_web::wording::in_language;

/// Runs `doctor`.
pub(crate) async fn run(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let mut checks: Vec<(&str, Result<String, AppError>)> = vec![
        ("data", Ok(ctx.places.data.display().to_string())),
        ("keys", Ok(ctx.places.keys.display().to_string())),
        ("bundles", writable(&ctx.places.bundles)),
        ("clock", Ok(ctx.app.clock.now().to_string())),
    ];
    let leaves = ctx.app.journal.store.leaves().await;
    checks.push(("journal", leaves.map(|leaves| leaves.len().to_string()).map_err(Into::into)));
    let org = ctx.app.journal.org().await?;
    checks.push(("principals", Ok(org.principals.len().to_string())));
    let stamp = if ctx.app.stamps.configured() {
        ctx.app
            .stamps
            .stamp(b"adjourn doctor")
            .await
            .map(|_| ctx.config.timestamp.url.clone().unwrap_or_default())
    } else {
        Err(AppError::new("timestamp.unconfigured"))
    };
    checks.push(("timestamp", stamp));
    checks.push(("deposit", keeper(ctx).await));
    let names: Vec<String> = org.connections.keys().map(|id| format!("connection {id}")).collect();
    for (name, connection) in names.iter().zip(org.connections.values()) {
        let tested = ctx.app.test_connection(connection).await.map(|reports| {
            let accounts: Vec<_> = reports.iter().map(|report| report.info.account.to_string()).collect();
            accounts.join(", ")
        });
        checks.push((name, tested));
    }
    let unmeetable = ctx.app.unmeetable().await?;
    let policies: Vec<String> = unmeetable.iter().map(|(class, _)| format!("policy {class}")).collect();
    for (name, (class, lack)) in policies.iter().zip(unmeetable) {
        if org.connections.values().any(|connection| connection.class == class) {
            checks.push((name, Err(lack)));
        } else {
            // A class that nothing uses blocks nobody yet.
            let arg = |name: &str| lack.0.args.get(name).cloned().unwrap_or_default();
            let role = out.word("role", &arg("role"));
            checks.push((name, Ok(msg::doctor_unmeetable(out.lang, arg("have"), arg("need"), role))));
        }
    }
    let laws = ctx.app.profiles.laws()?;
    let law = match laws.as_slice() {
        [] => msg::doctor_no_law(out.lang),
        laws => {
            let names =
                laws.iter().map(|pack| format!("{} ({})", in_language(out.lang, &pack.name), pack.law));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    checks.push(("law", Ok(law)));
    let mut bad = 0;
    let mut rows = Vec::new();
    for (name, check) in &checks {
        match check {
            Ok(says) if *name == "law" && laws.is_empty() => out.line(format!("? {name}: {says}")),
            Ok(says) => out.line(format!("✓ {name}: {says}")),
            Err(error) if error.code() == "timestamp.unconfigured" => {
                out.line(format!("? {name}: {}", msg::doctor_no_timestamp(out.lang)));
            }
            Err(error) if error.code() == "deposit.unconfigured" => {
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
            "ok": check.is_ok(),
            "says": check.as_ref().map_or_else(ToString::to_string, Clone::clone),
            "code": check.as_ref().err().map(AppError::code),
        }));
    }
    out.document(&json!({"ok": bad == 0, "checks": rows}));
    Ok(if bad == 0 { Exit::Done } else { Exit::Error })
}

/// Who keeps digests for us. Nothing is deposited for that.
async fn keeper(ctx: &Ctx<'_>) -> Result<String, AppError> {
    let keeper = ctx.app.deposits.keeper().await?;
    let url = ctx.config.deposit.url.as_deref().unwrap_or_default();
    Ok(format!("{} ({url})", keeper.issuer))
}

fn writable(dir: &std::path::Path) -> Result<String, AppError> {
    let io = |error: std::io::Error| AppError::io(&error, dir.display());
    std::fs::create_dir_all(dir).map_err(io)?;
    let probe = dir.join(".adjourn-doctor");
    std::fs::write(&probe, b"x").map_err(io)?;
    std::fs::remove_file(&probe).map_err(io)?;
    Ok(dir.display().to_string())
}
