//! `deposit check`: asks the keeper of evidence whether it still knows what a bundle's receipts say.
//!
//! It goes over the network, so it is no part of `verify`. A receipt is held against the file that it is about first: an
//! altered one is not asked about.

use std::path::Path;

use adjourn_adapters::deposits::{HttpWire, KeeperDeposits};
use adjourn_app::AppError;
use adjourn_app::ports::{Deposit, Deposits};
use adjourn_evidence::deposit::{Carried, Deposited, KeeperKey, carried, verify};
use adjourn_i18n::msg;
use serde_json::json;

use crate::args::DepositVerb;
use crate::config::Config;
use crate::out::{Exit, Out};

/// What came of one receipt.
struct Row {
    file: String,
    number: String,
    /// The keeper knows it.
    known: bool,
    /// `known`, or what is wrong.
    code: &'static str,
    says: String,
}

/// Runs a `deposit` verb.
pub(crate) async fn run(out: Out, config: &Config, verb: DepositVerb) -> Result<Exit, AppError> {
    let DepositVerb::Check { bundle, url, deposit_key } = verb;
    if !bundle.is_dir() {
        return Err(AppError::new("bundle.missing").with("bundle", bundle.display()));
    }
    let receipts = carried(&bundle).map_err(|finding| {
        let says = format!("{}: {}", finding.file, finding.says);
        AppError::new("bundle.invalid").with("bundle", bundle.display()).with("says", says)
    })?;
    if receipts.is_empty() {
        return Err(AppError::new("deposit.none").with("bundle", bundle.display()));
    }
    let url = url.as_ref().or(config.deposit.url.as_ref());
    let url = url.ok_or_else(|| AppError::new("deposit.unconfigured"))?;
    let key = match (deposit_key, &config.deposit.key) {
        (Some(path), _) => Some(key_file(&path)?),
        (None, Some(key)) => Some(KeeperKey::parse(key).ok_or_else(|| {
            AppError::new("config.invalid")
                .with("says", "deposit.key: this is no Ed25519 public key in base64")
        })?),
        (None, None) => None,
    };
    let mut rows = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        rows.push(ask(url, key.as_ref(), receipt).await?);
    }
    Ok(tell(out, url, &rows))
}

/// Reads a keeper's key: base64, or PEM.
///
/// # Errors
/// `io`, `deposit.key`.
pub(crate) fn key_file(path: &Path) -> Result<KeeperKey, AppError> {
    let text = std::fs::read_to_string(path).map_err(|error| AppError::io(&error, path.display()))?;
    KeeperKey::parse(&text).ok_or_else(|| AppError::new("deposit.key").with("path", path.display()))
}

/// Asks about one receipt; without a key from elsewhere, the keeper must be the one that signed the receipt.
async fn ask(url: &str, key: Option<&KeeperKey>, carried: Carried) -> Result<Row, AppError> {
    let Carried { file, digest, bytes } = carried;
    let row = |number: &str, code: &'static str, says: String| Row {
        file: file.clone(),
        number: number.to_owned(),
        known: code == "known",
        code,
        says,
    };
    let Some(digest) = digest else {
        return Ok(row("", "deposit.receipt", "what it is about is not in the bundle".to_owned()));
    };
    let Deposited { receipt, key, .. } = match verify(&bytes, &digest, key) {
        Ok(deposited) => deposited,
        Err(error) => return Ok(row("", "deposit.receipt", error.to_string())),
    };
    let wire = HttpWire::new(url)
        .map_err(|says| AppError::new("config.invalid").with("says", format!("deposit.url: {says}")))?;
    let keeper = KeeperDeposits::new(wire, key, Deposit::Wanted);
    let number = receipt.number.as_str();
    Ok(match keeper.check(number).await {
        Ok(Some(known)) if known == receipt => row(number, "known", receipt.issuer.clone()),
        Ok(Some(known)) => {
            let says = format!("{} {} {}", known.number, known.digest, known.at);
            row(number, "deposit.denied", says)
        }
        Ok(None) => row(number, "deposit.forgotten", receipt.issuer.clone()),
        Err(error) => row(number, error.code, error.says),
    })
}

fn tell(out: Out, url: &str, rows: &[Row]) -> Exit {
    let known = rows.iter().filter(|row| row.known).count() as u64;
    // What can't be asked about is no lie; but one lie outweighs all that can't be asked.
    let denied = rows.iter().filter(|row| !row.known && row.code != "deposit.failed").count();
    let receipts: Vec<_> = rows
        .iter()
        .map(|row| json!({"file": row.file, "number": row.number, "known": row.known, "code": row.code, "says": row.says}))
        .collect();
    out.document(&json!({"ok": known == rows.len() as u64, "keeper": url, "receipts": receipts}));
    for row in rows {
        let line = match row.code {
            "known" => msg::deposit_known(out.lang, &row.file, &row.says, &row.number),
            "deposit.forgotten" => msg::deposit_forgotten(out.lang, &row.file, &row.says, &row.number),
            "deposit.denied" => msg::deposit_denied(out.lang, &row.file, &row.number, &row.says),
            "deposit.receipt" => msg::deposit_unusable(out.lang, &row.file, &row.says),
            _ => msg::deposit_unreachable(out.lang, &row.file, &row.says),
        };
        out.line(format!("{} {line}", if row.known { "✓" } else { "✗" }));
    }
    if denied > 0 {
        return out.error(&AppError::new("deposit.denied").with("count", denied));
    }
    match rows.iter().find(|row| !row.known) {
        Some(row) => out.error(&AppError::new("deposit.failed").with("says", &row.says)),
        None => Exit::Done,
    }
}
