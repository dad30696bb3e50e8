//! `[archive]`: how originals are kept.

use adjourn_adapters::vault::FileVault;
use adjourn_app::AppError;
use adjourn_archive::anonymise::DEFAULT_K;
use adjourn_archive::sealed::{MAX_RECIPIENTS, Recipient};
use serde::Deserialize;

/// The smallest k that hides anybody.
const MIN_K: u32 = 2;
const MAX_K: u32 = 10_000;

/// `[archive]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Archive {
    /// Whether originals are sealed under their groups' keys.
    seal: bool,
    /// Recipients of the organisation (age1…) that get a way back to each group's key.
    recipients: Vec<String>,
    /// How many members of an anonymised copy have to have the same attributes.
    k: Option<u32>,
}

impl Archive {
    /// The recipients of the organisation.
    ///
    /// # Errors
    /// `config.invalid` for what is no recipient, for too many, and for some without `seal`.
    pub(crate) fn recipients(&self) -> Result<Vec<Recipient>, AppError> {
        let bad = |says: String| {
            AppError::new("config.invalid").with("says", format!("archive.recipients: {says}"))
        };
        if !self.seal && !self.recipients.is_empty() {
            return Err(bad("nothing is sealed without archive.seal = true".to_owned()));
        }
        if self.recipients.len() > MAX_RECIPIENTS {
            return Err(bad(format!("at most {MAX_RECIPIENTS}")));
        }
        self.recipients
            .iter()
            .map(|text| Recipient::parse(text).map_err(|error| bad(error.to_string())))
            .collect()
    }

    /// How many members of an anonymised copy have to have the same attributes; `wanted` by whoever asks counts first.
    ///
    /// # Errors
    /// `config.invalid` for a number out of range, `usage` where it was typed.
    pub(crate) fn k(&self, wanted: Option<u32>) -> Result<u32, AppError> {
        let (code, name, k) = match (wanted, self.k) {
            (Some(k), _) => ("usage", "--k", k),
            (None, k) => ("config.invalid", "archive.k", k.unwrap_or(DEFAULT_K)),
        };
        if (MIN_K..=MAX_K).contains(&k) {
            return Ok(k);
        }
        Err(AppError::new(code).with("says", format!("{name}: {MIN_K} to {MAX_K}")))
    }

    /// The vault that keeps originals as it is configured.
    ///
    /// # Errors
    /// As [`Archive::recipients`].
    pub(crate) fn vault(&self, vault: FileVault) -> Result<FileVault, AppError> {
        let recipients = self.recipients()?;
        Ok(if self.seal { vault.sealing_originals(recipients) } else { vault })
    }
}
