//! `connect`: connections and identities.

use std::collections::BTreeMap;
use std::io::Read as _;

use adjourn_app::AppError;
use adjourn_app::connecting::{ConnectWish, Secrets};
use adjourn_app::ports::{Catalogue as _, IdentityReport};
use adjourn_domain::event::Connection;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::ConnectVerb;
use crate::compose::Connectors;
use crate::out::Exit;

/// Largest secret, in bytes.
const MAX_SECRET: u64 = 64 * 1024;

/// Runs `connect`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: ConnectVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    match verb {
        ConnectVerb::Add { name, platform, settings, identity, witness, secrets, class } => {
            let offer = Connectors
                .offer(&platform)
                .ok_or_else(|| AppError::new("platform.unknown").with("platform", &platform))?;
            let settings = pairs(&settings)?;
            let secrets = read_secrets(&secrets)?;
            if let Some(outpost) = settings.get(adjourn_channel::VIA)
                && !secrets.is_empty()
            {
                return Err(AppError::new("outpost.secrets").with("outpost", outpost));
            }
            let wish = ConnectWish {
                name: name.clone().into(),
                settings,
                identity: identity.into(),
                witnesses: witness.into_iter().map(Into::into).collect(),
                secrets,
                class,
            };
            let (connection, reports) = ctx.app.connect(&offer, wish, &ctx.signer()?).await?;
            show(ctx, &connection, &reports);
            if !connection.identities.iter().any(|identity| identity.witness) {
                out.line(msg::connect_no_witness(out.lang));
            }
            out.next(format!("adjourn scan {name}"));
        }
        ConnectVerb::Renew { name, secrets } => {
            let signer = ctx.signer()?;
            let (name, secrets) = (name.into(), read_secrets(&secrets)?);
            let reports = ctx.app.renew_connection(&name, &secrets, &signer).await?;
            let org = ctx.app.journal.org().await?;
            show(ctx, org.connection(&name)?, &reports);
            out.next("adjourn ls --cases");
        }
        ConnectVerb::Ls => {
            let org = ctx.app.journal.org().await?;
            for connection in org.connections.values() {
                let names: Vec<_> =
                    connection.identities.iter().map(|identity| identity.id.to_string()).collect();
                out.line(format!(
                    "{}  {}  {}  {}",
                    connection.id,
                    out.word("platform", connection.platform.as_str()),
                    names.join(", "),
                    connection.settings.get("url").map_or("", String::as_str)
                ));
            }
            if org.connections.is_empty() {
                out.line(msg::connect_none(out.lang));
                out.next("adjourn demo");
            }
            out.document(&json!({"connections": org.connections.values().collect::<Vec<_>>()}));
        }
        ConnectVerb::Test { name } => {
            let org = ctx.app.journal.org().await?;
            let connection = org.connection(&name.into())?.clone();
            let reports = ctx.app.test_connection(&connection).await?;
            show(ctx, &connection, &reports);
        }
    }
    Ok(Exit::Done)
}

fn show(ctx: &Ctx<'_>, connection: &Connection, reports: &[IdentityReport]) {
    let out = ctx.out;
    for report in reports {
        let role = if report.witness { out.word("term", "witness") } else { out.word("term", "identity") };
        let server = report.info.server.as_deref().unwrap_or("?");
        out.line(format!("{} ({role}): {}  {server}", report.identity, report.info.account));
        for row in &report.info.capabilities.0 {
            out.line(format!(
                "  {:<16} {}",
                out.word("op", row.op.slug()),
                out.word("support", row.support.slug())
            ));
        }
    }
    let identities: Vec<Value> = reports
        .iter()
        .map(|report| {
            json!({
                "identity": report.identity,
                "witness": report.witness,
                "account": report.info.account,
                "server": report.info.server,
                "capabilities": report.info.capabilities,
            })
        })
        .collect();
    out.document(&json!({"connection": connection, "identities": identities}));
}

pub(super) fn pairs(texts: &[String]) -> Result<BTreeMap<String, String>, AppError> {
    texts
        .iter()
        .map(|text| {
            text.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| AppError::new("usage").with("says", format!("{text}: NAME=VALUE")))
        })
        .collect()
}

fn read_secrets(texts: &[String]) -> Result<Secrets, AppError> {
    let mut all = Secrets::new();
    for (name, source) in pairs(texts)? {
        let (identity, field) = name
            .split_once('.')
            .ok_or_else(|| AppError::new("usage").with("says", format!("{name}: IDENTITY.NAME=SOURCE")))?;
        all.entry(identity.into()).or_default().insert(field.to_owned(), read_secret(&source)?);
    }
    Ok(all)
}

/// A secret from where it is: never from the command line, which others can read.
pub(super) fn read_secret(source: &str) -> Result<String, AppError> {
    let usage = |says: String| AppError::new("usage").with("says", says);
    let mut text = String::new();
    if let Some(path) = source.strip_prefix('@') {
        let file = std::fs::File::open(path).map_err(|error| AppError::io(&error, path))?;
        file.take(MAX_SECRET).read_to_string(&mut text).map_err(|error| AppError::io(&error, path))?;
    } else if let Some(name) = source.strip_prefix("env:") {
        text = std::env::var_os(name)
            .and_then(|value| value.into_string().ok())
            .ok_or_else(|| usage(format!("{name} is not set")))?;
    } else if source == "-" {
        std::io::stdin()
            .take(MAX_SECRET)
            .read_to_string(&mut text)
            .map_err(|error| AppError::io(&error, "standard input"))?;
    } else {
        return Err(usage("a secret comes from @FILE, env:NAME or -".to_owned()));
    }
    let text = text.trim();
    if text.is_empty() { Err(usage("the secret is empty".to_owned())) } else { Ok(text.to_owned()) }
}
