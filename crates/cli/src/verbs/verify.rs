//! `verify`: checks a bundle offline.

use std::collections::BTreeMap;
use std::path::Path;

use adjourn_app::AppError;
use adjourn_evidence::verify::{Statement, VerifyOptions, verify_bundle};
use adjourn_i18n::msg;
use adjourn_web::records;

use super::deposit::key_file;
use crate::out::{Exit, Out};

/// What the verifier has from elsewhere, and how much is asked.
#[derive(Default)]
pub(crate) struct Known<'a> {
    /// PEM certificates that vouch for time stamps.
    pub(crate) tsa_ca: Option<&'a Path>,
    /// The log's verifier key.
    pub(crate) log_key: Option<&'a str>,
    /// A file with the key of the keeper of evidence.
    pub(crate) deposit_key: Option<&'a Path>,
    /// Whether the messages are left unread.
    pub(crate) quick: bool,
}

/// Runs `verify`.
pub(crate) fn run(out: Out, bundle: &Path, known: &Known<'_>) -> Result<Exit, AppError> {
    if !bundle.is_dir() {
        return Err(AppError::new("bundle.missing").with("bundle", bundle.display()));
    }
    let tsa_ca = match known.tsa_ca {
        Some(path) => Some(std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?),
        None => None,
    };
    let deposit_key = known.deposit_key.map(key_file).transpose()?;
    let log_key = known.log_key.map(str::to_owned);
    let options = VerifyOptions { tsa_ca, log_key, deposit_key, quick: known.quick };
    let report = verify_bundle(bundle, &options);
    let value = serde_json::to_value(&report)?;
    out.document(&value);
    if report.ok {
        out.line(msg::verify_ok(out.lang));
        for statement in &report.proved {
            out.line(format!("  ✓ {}", self::statement(out, statement)));
        }
        out.line(msg::verify_rests_on(out.lang));
        for statement in &report.rests_on {
            out.line(format!("  · {}", self::statement(out, statement)));
        }
        return Ok(Exit::Done);
    }
    out.line(msg::verify_bad(out.lang, report.findings.len() as u64));
    for finding in &report.findings {
        let says = records::verified(out.say(), finding.code.slug(), &BTreeMap::new(), "");
        out.line(format!("  ✗ {}  {}  {says}\n      {}", finding.code.slug(), finding.file, finding.says));
    }
    Ok(out.error(&AppError::new("verify.failed").with("count", report.findings.len())))
}

/// A statement of a report in the person's language.
pub(crate) fn statement(out: Out, statement: &Statement) -> String {
    records::verified(out.say(), statement.code.slug(), &statement.args, &statement.says)
}
