//! `doctor`: whether everything is as it has to be.

use adjourn_app::{App, AppError};
use adjourn_i18n::msg;
use adjourn_web::wording::{Say, in_language};
use serde_json::{Value, json};

use super::Ctx;
use crate::compose::Places;
use crate::config::Config;
use crate::out::Exit;

/// What was not set up, and need not be.
const UNCONFIGURED: [&str; 2] = ["timestamp.unconfigured", "deposit.unconfigured"];

/// Runs `doctor`.
pub(crate) async fn run(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let checks = look(&ctx.app, &ctx.places, &ctx.config, out.say()).await?;
    let no_law = ctx.app.profiles.laws()?.is_empty();
    for (name, check) in &checks {
        match check {
            Ok(says) if name == "law" && no_law => out.line(format!("? {name}: {says}")),
            Ok(says) => out.line(format!("✓ {name}: {says}")),
            Err(error) if error.code() == "timestamp.unconfigured" => {
                out.line(format!("? {name}: {}", msg::doctor_no_timestamp(out.lang)));
            }
            Err(error) if error.code() == "deposit.unconfigured" => {
                out.line(format!("? {name}: {}", msg::doctor_no_deposit(out.lang)));
            }
            Err(error) => {
                out.line(format!("✗ {name}: {error}"));
                out.error(error);
            }
        }
    }
    out.document(&told(&checks));
    Ok(if checks.iter().any(bad) { Exit::Error } else { Exit::Done })
}

/// What was looked at, and what was found.
type Check = (String, Result<String, AppError>);

/// Looks at everything that has to be as it has to be.
async fn look(app: &App, places: &Places, config: &Config, say: Say) -> Result<Vec<Check>, AppError> {
    let mut checks: Vec<(&str, Result<String, AppError>)> = vec![
        ("data", Ok(places.data.display().to_string())),
        ("keys", Ok(places.keys.display().to_string())),
        ("bundles", writable(&places.bundles)),
        ("clock", Ok(app.clock.now().to_string())),
    ];
    let leaves = app.journal.store.leaves().await;
    checks.push(("journal", leaves.map(|leaves| leaves.len().to_string()).map_err(Into::into)));
    let org = app.journal.org().await?;
    checks.push(("principals", Ok(org.principals.len().to_string())));
    let stamp = if app.stamps.configured() {
        app.stamps.stamp(b"adjourn doctor").await.map(|_| config.timestamp.url.clone().unwrap_or_default())
    } else {
        Err(AppError::new("timestamp.unconfigured"))
    };
    checks.push(("timestamp", stamp));
    checks.push(("deposit", keeper(app, config).await));
    let names: Vec<String> = org.connections.keys().map(|id| format!("connection {id}")).collect();
    for (name, connection) in names.iter().zip(org.connections.values()) {
        let tested = app.test_connection(connection).await.map(|reports| {
            let accounts: Vec<_> = reports.iter().map(|report| report.info.account.to_string()).collect();
            accounts.join(", ")
        });
        checks.push((name, tested));
    }
    let unmeetable = app.unmeetable().await?;
    let policies: Vec<String> = unmeetable.iter().map(|(class, _)| format!("policy {class}")).collect();
    for (name, (class, lack)) in policies.iter().zip(unmeetable) {
        if org.connections.values().any(|connection| connection.class == class) {
            checks.push((name, Err(lack)));
        } else {
            // A class that nothing uses blocks nobody yet.
            let arg = |name: &str| lack.0.args.get(name).cloned().unwrap_or_default();
            let role = say.word("role", &arg("role"));
            checks.push((name, Ok(msg::doctor_unmeetable(say.lang, arg("have"), arg("need"), role))));
        }
    }
    let laws = app.profiles.laws()?;
    let law = match laws.as_slice() {
        [] => msg::doctor_no_law(say.lang),
        laws => {
            let names =
                laws.iter().map(|pack| format!("{} ({})", in_language(say.lang, &pack.name), pack.law));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    checks.push(("law", Ok(law)));
    Ok(checks.into_iter().map(|(name, check)| (name.to_owned(), check)).collect())
}

/// The same as JSON.
pub(crate) async fn document(
    app: &App,
    places: &Places,
    config: &Config,
    say: Say,
) -> Result<Value, AppError> {
    Ok(told(&look(app, places, config, say).await?))
}

fn told(checks: &[Check]) -> Value {
    let rows: Vec<Value> = checks
        .iter()
        .map(|(name, check)| {
            json!({
                "check": name,
                "ok": check.is_ok(),
                "says": check.as_ref().map_or_else(ToString::to_string, Clone::clone),
                "code": check.as_ref().err().map(AppError::code),
            })
        })
        .collect();
    json!({"ok": !checks.iter().any(bad), "checks": rows})
}

/// Whether something is wrong. What was not set up is not.
fn bad((_, check): &Check) -> bool {
    check.as_ref().is_err_and(|error| !UNCONFIGURED.contains(&error.code()))
}
/// Who keeps digests for us. Nothing is deposited for that.
async fn keeper(app: &App, config: &Config) -> Result<String, AppError> {
    let keeper = app.deposits.keeper().await?;
    let url = config.deposit.url.as_deref().unwrap_or_default();
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
