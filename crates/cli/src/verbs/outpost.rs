//! `outpost`: works near a platform for a centre.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::Keys as _;
use adjourn_i18n::msg;
use serde_json::json;

use super::connect::{pairs, read_secret};
use super::serve::asked_to_stop;
use crate::args::{Global, OutpostArgs};
use crate::compose;
use crate::config::Config;
use crate::out::{Exit, Out};

/// Runs `outpost`, until it is asked to stop or the centre sends it away.
pub(crate) async fn run(global: &Global, out: Out, args: &OutpostArgs) -> Result<Exit, AppError> {
    let config = Config::read(global.config.as_deref(), &args.identity)?;
    let secrets = read_secrets(&args.secrets)?;
    let (outpost, keys) = compose::outpost(&args.identity, &config)?;
    for ((connection, identity), new) in secrets {
        let mut all = keys.secrets(&connection, &identity)?;
        all.extend(new);
        keys.keep_secrets(&connection, &identity, &all)?;
    }
    for connection in &args.forget {
        if !outpost.forget(&connection.as_str().into()).await? {
            return Err(AppError::new("connection.unknown").with("connection", connection));
        }
    }
    let outpost = Arc::new(outpost);
    out.line(msg::outpost_begins(out.lang, outpost.name(), &args.connect));
    let mut stopped = asked_to_stop();
    let told = || out.progress(msg::outpost_there(out.lang, &args.connect));
    tokio::select! {
        ended = outpost.run(&args.connect, told) => ended?,
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    out.document(&json!({"ok": true}));
    Ok(Exit::Done)
}

type Secrets = BTreeMap<(String, String), BTreeMap<String, String>>;

fn read_secrets(texts: &[String]) -> Result<Secrets, AppError> {
    let mut all = Secrets::new();
    for (name, source) in pairs(texts)? {
        let mut parts = name.splitn(3, '.');
        let (Some(connection), Some(identity), Some(field)) = (parts.next(), parts.next(), parts.next())
        else {
            let says = format!("{name}: CONNECTION.IDENTITY.NAME=SOURCE");
            return Err(AppError::new("usage").with("says", says));
        };
        let of = all.entry((connection.to_owned(), identity.to_owned())).or_default();
        of.insert(field.to_owned(), read_secret(&source)?);
    }
    Ok(all)
}
